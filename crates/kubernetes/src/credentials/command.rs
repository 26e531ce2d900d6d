//! A credential plugin's command as it would be run, and the digest that approves it.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use secrecy::ExposeSecret as _;
use sha2::{Digest, Sha256};

use crate::{kubeconfig::ExecPlugin, login_environment::Environment};

/// A command that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedCommand {
    /// The program's absolute path.
    pub(crate) program: PathBuf,
    /// The command line for people: variables by their names alone, since a value may be a secret.
    pub(crate) line: String,
    /// What is approved: SHA-256, in hexadecimal digits, over the program's path, its arguments and
    /// the names and values of its variables, each with its length before it.
    pub(crate) digest: String,
}

impl ResolvedCommand {
    /// Finds the program of `plugin`: a path is meant against the kubeconfig's folder, a bare name
    /// is looked up in the `PATH` of `environment`. None where it isn't there.
    pub(crate) fn find(plugin: &ExecPlugin, environment: &Environment) -> Option<Self> {
        let program = find_program(&plugin.command, &plugin.folder, environment)?;
        let mut line = String::new();
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        };
        add(program.as_os_str().as_encoded_bytes());
        add(&plugin.args.len().to_be_bytes());
        for arg in &plugin.args {
            add(arg.as_bytes());
        }
        for (name, value) in &plugin.env {
            add(name.as_bytes());
            add(value.expose_secret().as_bytes());
            line.push_str(name);
            line.push_str("=… ");
        }
        line.push_str(&quoted(&program.to_string_lossy()));
        for arg in &plugin.args {
            line.push(' ');
            line.push_str(&quoted(arg));
        }
        let digest = hash
            .finalize()
            .iter()
            .fold(String::with_capacity(64), |mut digits, byte| {
                // Writing to a String does not fail.
                write!(digits, "{byte:02x}").ok();
                digits
            });
        Some(Self {
            program,
            line,
            digest,
        })
    }
}

/// The absolute path of the program `command`.
fn find_program(command: &str, folder: &Path, environment: &Environment) -> Option<PathBuf> {
    let has_folder = command.contains('/') || (cfg!(windows) && command.contains('\\'));
    if has_folder {
        let path = folder.join(command);
        return candidates(&path).find(|path| is_program(path));
    }
    let path = environment.get(OsStr::new("PATH"))?;
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| candidates(&folder.join(command)).collect::<Vec<_>>())
        .find(|path| is_program(path))
}

/// The names that a program may have: on Windows, those with the usual endings too.
fn candidates(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let endings: &[&str] = if cfg!(windows) {
        &["", ".exe", ".cmd", ".bat"]
    } else {
        &[""]
    };
    let path = path.as_os_str().to_owned();
    endings.iter().map(move |ending| {
        let mut name = path.clone();
        name.push(ending);
        PathBuf::from(name)
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// A word as one would write it at a terminal.
fn quoted(word: &str) -> String {
    let is_plain = !word.is_empty()
        && word
            .chars()
            .all(|char| char.is_alphanumeric() || "-_./:=@%+,".contains(char));
    if is_plain {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn plugin(command: &str, folder: &Path) -> ExecPlugin {
        ExecPlugin {
            api_version: String::new(),
            command: command.to_owned(),
            args: vec!["get token".to_owned(), "--it's".to_owned()],
            env: vec![("PROFILE".to_owned(), "hidden".into())],
            install_hint: None,
            provide_cluster: false,
            interactive_mode: crate::kubeconfig::InteractiveMode::Never,
            folder: folder.to_owned(),
        }
    }

    fn write_program(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "#!/bin/sh\n").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn a_bare_name_is_looked_up_in_path_and_a_path_against_the_kubeconfigs_folder() {
        let folder = tempfile::tempdir().unwrap();
        let in_path = folder.path().join("bin/login");
        let beside = folder.path().join("config/tools/login");
        write_program(&in_path);
        write_program(&beside);
        fs::create_dir_all(folder.path().join("first/login")).unwrap();
        let path = std::env::join_paths([
            PathBuf::from("relative"),
            folder.path().join("first"),
            folder.path().join("bin"),
        ]);
        let environment = Environment::from([("PATH".into(), path.unwrap())]);
        let find = |command| {
            let plugin = plugin(command, &folder.path().join("config"));
            ResolvedCommand::find(&plugin, &environment).map(|found| found.program)
        };
        assert_eq!(find("login"), Some(in_path.clone()));
        assert_eq!(find("tools/login"), Some(beside));
        assert_eq!(find(in_path.to_str().unwrap()), Some(in_path.clone()));
        assert_eq!(find("logout"), None);
        assert_eq!(find("./login"), None);
    }

    #[test]
    fn the_line_shows_no_value_and_the_digest_covers_every_part() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("login");
        write_program(&program);
        let base = plugin("./login", folder.path());
        let find =
            |plugin: &ExecPlugin| ResolvedCommand::find(plugin, &Environment::new()).unwrap();

        let found = find(&base);
        assert!(found.line.starts_with("PROFILE=… "), "{}", found.line);
        assert!(
            found.line.ends_with(r"/login 'get token' '--it'\''s'"),
            "{}",
            found.line
        );
        assert!(!found.line.contains("hidden"));
        assert_eq!(found.digest.len(), 64);
        assert_eq!(found, find(&base));

        let changed = [
            ExecPlugin {
                args: vec!["get".to_owned(), "token --it's".to_owned()],
                ..base.clone()
            },
            ExecPlugin {
                env: vec![("PROFILE".to_owned(), "other".into())],
                ..base.clone()
            },
            ExecPlugin {
                env: vec![("PROFILES".to_owned(), "hidden".into())],
                ..base.clone()
            },
            ExecPlugin {
                env: Vec::new(),
                ..base.clone()
            },
            ExecPlugin {
                args: Vec::new(),
                ..base
            },
        ];
        for plugin in changed {
            assert_ne!(find(&plugin).digest, found.digest, "{plugin:?}");
        }
    }
}
