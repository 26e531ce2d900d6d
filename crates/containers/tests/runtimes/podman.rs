//! Podman itself, where it is installed (`apt-get install podman busybox-static`).

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use strata_containers::{LocalContainers, Places};
use strata_ports::containers::{ContainerHost as _, RuntimeKind, Wanted};

use crate::pulled;

/// Podman's service over a socket of its own; ends with it.
struct Podman {
    service: std::process::Child,
    folder: tempfile::TempDir,
}

impl Podman {
    /// None where Podman is not installed.
    fn start() -> Option<Self> {
        Command::new("podman").arg("--version").output().ok()?;
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("podman.sock");
        // Limits that machines of all kinds grant, and the runtime that knows older control groups too.
        let has_runc = Command::new("runc").arg("--version").output().is_ok();
        let runtime = if has_runc { "runtime = \"runc\"\n" } else { "" };
        let settings = format!(
            "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n\
             [engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n{runtime}"
        );
        std::fs::write(folder.path().join("containers.conf"), settings).unwrap();
        let service = Command::new("podman")
            .env("CONTAINERS_CONF", folder.path().join("containers.conf"))
            .args(["system", "service", "--time=0"])
            .arg(format!("unix://{}", socket.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { service, folder })
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("podman.sock")
    }

    /// An image of one program, made here: nothing is fetched.
    fn make_image(&self, name: &str) {
        let root = self.folder.path().join("root");
        std::fs::create_dir_all(root.join("bin")).unwrap();
        let busybox = ["/bin/busybox", "/usr/bin/busybox"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .expect("the package busybox-static");
        std::fs::copy(busybox, root.join("bin/busybox")).unwrap();
        let archive = self.folder.path().join("root.tar");
        let made = Command::new("tar")
            .arg("-C")
            .arg(&root)
            .arg("-cf")
            .arg(&archive)
            .arg(".")
            .status();
        assert!(made.unwrap().success());
        let imported = Command::new("podman")
            .arg("import")
            .arg(&archive)
            .arg(name)
            .output()
            .unwrap();
        assert!(imported.status.success(), "{imported:?}");
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        self.service.kill().ok();
        self.service.wait().ok();
    }
}

#[tokio::test]
async fn podman_itself_runs_an_image_that_is_made_here() {
    let Some(podman) = Podman::start() else {
        return;
    };
    let image = "localhost/strata-test:1";
    podman.make_image(image);
    let host = LocalContainers::at(Places {
        sockets: vec![podman.socket()],
        ollama: String::new(),
    });
    let kind = RuntimeKind::Podman;
    let mut found = host.runtimes().await;
    while found.is_empty() {
        tokio::task::yield_now().await;
        found = host.runtimes().await;
    }
    assert_eq!(found[0].kind, kind, "{found:?}");
    let steps = pulled(&host, kind, image).await;
    assert!(steps.iter().all(Result::is_ok), "{steps:?}");
    let name = format!("strata-test-{}", std::process::id());
    let wanted = Wanted {
        name: name.clone(),
        image: image.to_owned(),
        command: vec!["/bin/busybox".to_owned()],
        arguments: ["sh", "-c", "echo ready; exec /bin/busybox sleep 3600"]
            .map(str::to_owned)
            .to_vec(),
        recipe: "image".to_owned(),
        ..Wanted::default()
    };
    host.start(kind, wanted).await.unwrap();
    let running = host.list(kind).await.unwrap();
    let ours = running.iter().find(|one| one.name == name).unwrap();
    assert!(ours.is_running, "{ours:?}");
    let mut log = String::new();
    while !log.contains("ready") {
        log = host.log(kind, name.clone(), 10).await.unwrap();
    }
    host.remove(kind, name.clone()).await.unwrap();
    let left = host.list(kind).await.unwrap();
    assert!(left.iter().all(|one| one.name != name), "{left:?}");
}
