//! Finding NVIDIA's library and opening it; what is wrong where that fails.

use std::{
    fs,
    path::{Path, PathBuf},
};

use nvml_wrapper::{Nvml, error::NvmlError};
use strata_domain::workstation::Trouble;

use super::calls::Caller;
use crate::{sampler::Places, sysfs::nvidia_on_bus};

/// The library's name, as the loader looks for it.
#[cfg(not(windows))]
const NAME: &str = "libnvidia-ml.so.1";
#[cfg(windows)]
const NAME: &str = "nvml.dll";

/// Where the library lies when the loader does not find it: WSL, distributions of several
/// architectures, Nix.
const FOLDERS: [&str; 6] = [
    "usr/lib/wsl/lib",
    "usr/lib",
    "usr/lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "usr/lib64",
    "run/opengl-driver/lib",
];

/// Opens the library. `None` where there is neither one nor a device of NVIDIA's: nothing is wrong
/// then.
pub(super) fn open(places: &Places, caller: &mut Caller<'_>) -> Option<Result<Nvml, Trouble>> {
    let mut init = |path: &Path| {
        caller.call("", "nvmlInit", || {
            Nvml::builder().lib_path(path.as_os_str()).init()
        })
    };
    if let Some(path) = &places.library {
        return Some(init(path).map_err(|error| match error {
            NvmlError::LibloadingError(error) => Trouble::LibraryUnusable {
                path: path.display().to_string(),
                message: error.to_string(),
            },
            other => trouble(places, &other),
        }));
    }
    let mut tried = vec![PathBuf::from(NAME)];
    tried.extend(FOLDERS.map(|folder| places.root.join(folder).join(NAME)));
    for path in &tried {
        // The bare name is looked for by the loader.
        if path.components().count() > 1 && !path.exists() {
            continue;
        }
        match init(path) {
            Ok(nvml) => return Some(Ok(nvml)),
            Err(NvmlError::LibloadingError(_)) => {}
            // The library came with some program; there is nothing for a driver to drive.
            Err(NvmlError::DriverNotLoaded) if has_none(&places.root) => return None,
            Err(other) => return Some(Err(trouble(places, &other))),
        }
    }
    missing(&places.root, &tried).map(Err)
}

/// Whether the machine shows its devices, and none of NVIDIA's among them.
fn has_none(root: &Path) -> bool {
    root.join("sys/bus/pci/devices").exists()
        && nvidia_on_bus(root).is_empty()
        && !root.join("proc/driver/nvidia").exists()
        // Those that are a part of a processor are on no bus.
        && !root.join("etc/nv_tegra_release").exists()
        && !is_wsl(root)
}

/// What is wrong where none of the libraries that were `tried` is there. Nothing, where the machine has
/// no device that one would be for.
fn missing(root: &Path, tried: &[PathBuf]) -> Option<Trouble> {
    if is_wsl(root) {
        // The kernel's way to the GPUs of Windows.
        let has_way = root.join("dev/dxg").exists();
        return has_way.then_some(Trouble::WslWithoutDriver);
    }
    let has_module = root.join("proc/driver/nvidia").exists();
    (has_module || !nvidia_on_bus(root).is_empty()).then(|| Trouble::LibraryMissing {
        tried: tried
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
    })
}

/// Whether the machine is WSL 2.
pub(super) fn is_wsl(root: &Path) -> bool {
    fs::read_to_string(root.join("proc/version"))
        .is_ok_and(|version| version.to_ascii_lowercase().contains("microsoft"))
}

/// What is wrong, by what the library says.
pub(super) fn trouble(places: &Places, error: &NvmlError) -> Trouble {
    match error {
        NvmlError::LibRmVersionMismatch => Trouble::VersionMismatch {
            library: library_version(places).unwrap_or_default(),
            module: module_version(&places.root).unwrap_or_default(),
        },
        NvmlError::DriverNotLoaded => Trouble::DriverNotLoaded,
        NvmlError::NoPermission | NvmlError::OperatingSystem => Trouble::NoPermission {
            path: "/dev/nvidiactl".to_owned(),
        },
        other => Trouble::Other {
            message: other.to_string(),
        },
    }
}

/// Whether another version of the library lies on disk than of the module that runs: what is open goes on,
/// but no program that starts from now on can use the GPUs.
pub(super) fn mismatch(places: &Places) -> Option<Trouble> {
    let (library, module) = (library_version(places)?, module_version(&places.root)?);
    (library != module).then_some(Trouble::VersionMismatch { library, module })
}

/// The version of the kernel's module, of `/proc/driver/nvidia/version`.
pub fn module_version(root: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join("proc/driver/nvidia/version")).ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("NVRM version:"))?;
    line.split_whitespace()
        .find(|word| is_version(word))
        .map(str::to_owned)
}

/// The library's version: its file is called by it, and the name that is loaded is a link to that.
fn library_version(places: &Places) -> Option<String> {
    let candidates = match &places.library {
        Some(path) => vec![path.clone()],
        None => FOLDERS
            .iter()
            .map(|folder| places.root.join(folder).join(NAME))
            .collect(),
    };
    let file = candidates
        .iter()
        .find_map(|path| fs::canonicalize(path).ok())?;
    let name = file.file_name()?.to_str()?;
    let version = name.strip_prefix("libnvidia-ml.so.")?;
    is_version(version).then(|| version.to_owned())
}

/// `580.95.05`, `575.57`.
fn is_version(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modules_version_is_read_of_both_flavours() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("proc/driver/nvidia/version");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(
            &file,
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version: gcc 12.2.0\n",
        )
        .unwrap();
        assert_eq!(module_version(root.path()).as_deref(), Some("550.54.15"));
        fs::write(
            &file,
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs)\n",
        )
        .unwrap();
        assert_eq!(module_version(root.path()).as_deref(), Some("580.95.05"));
        assert_eq!(module_version(Path::new("/nowhere")), None);
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_library_is_missed_only_where_there_is_a_gpu_for_it() {
        let root = tempfile::tempdir().unwrap();
        let tried = [PathBuf::from(NAME)];
        assert_eq!(missing(root.path(), &tried), None);
        write(
            root.path(),
            "sys/bus/pci/devices/0000:01:00.0/vendor",
            "0x10de",
        );
        write(
            root.path(),
            "sys/bus/pci/devices/0000:01:00.0/class",
            "0x030200",
        );
        assert_eq!(
            missing(root.path(), &tried),
            Some(Trouble::LibraryMissing {
                tried: vec![NAME.to_owned()]
            })
        );
    }

    #[test]
    fn a_machine_that_shows_its_devices_has_a_gpu_or_none() {
        let root = tempfile::tempdir().unwrap();
        // A container that hides its devices: nobody knows.
        assert!(!has_none(root.path()));
        write(
            root.path(),
            "sys/bus/pci/devices/0000:00:02.0/vendor",
            "0x8086",
        );
        assert!(has_none(root.path()));
        write(root.path(), "etc/nv_tegra_release", "# R36");
        assert!(!has_none(root.path()));
    }

    #[cfg(unix)]
    #[test]
    fn an_update_that_waits_for_a_restart_is_seen_before_anything_fails() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("usr/lib64");
        fs::create_dir_all(&folder).unwrap();
        let install = |version: &str| {
            let file = format!("libnvidia-ml.so.{version}");
            fs::write(folder.join(&file), "").unwrap();
            fs::remove_file(folder.join(NAME)).unwrap_or_default();
            std::os::unix::fs::symlink(file, folder.join(NAME)).unwrap();
        };
        let places = Places {
            root: root.path().to_owned(),
            library: None,
        };
        install("575.64.03");
        // Without a module there is nothing to compare it with.
        assert_eq!(mismatch(&places), None);
        write(
            root.path(),
            "proc/driver/nvidia/version",
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  575.64.03  Wed Jul  2 2025\n",
        );
        assert_eq!(mismatch(&places), None);
        install("580.95.05");
        assert_eq!(
            mismatch(&places),
            Some(Trouble::VersionMismatch {
                library: "580.95.05".to_owned(),
                module: "575.64.03".to_owned(),
            })
        );
    }

    #[test]
    fn under_wsl_the_driver_is_missed_in_windows() {
        let root = tempfile::tempdir().unwrap();
        write(
            root.path(),
            "proc/version",
            "Linux version 6.6.87.2-microsoft-standard-WSL2 (root@439a258ad544)\n",
        );
        assert!(is_wsl(root.path()));
        assert_eq!(missing(root.path(), &[]), None);
        write(root.path(), "dev/dxg", "");
        assert_eq!(missing(root.path(), &[]), Some(Trouble::WslWithoutDriver));
    }
}
