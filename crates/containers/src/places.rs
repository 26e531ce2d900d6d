//! Where runtimes listen.

use std::{
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use strata_ports::containers::{Place, PlaceState, RuntimeKind};
use tokio::{net::UnixStream, time::timeout};

/// Where Ollama listens unless it is told otherwise.
const OLLAMA: &str = "http://127.0.0.1:11434";

/// How long a socket may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(2);
/// The names of groups by their numbers.
const GROUPS: &str = "/etc/group";

/// Where runtimes listen on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Sockets of the Engine API, in the order in which they are tried.
    pub sockets: Vec<PathBuf>,
    /// Ollama's address; empty: it is not asked.
    pub ollama: String,
}

impl Places {
    /// The usual places, and those that environment variables name.
    pub fn usual(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut sockets = Vec::new();
        for name in ["DOCKER_HOST", "CONTAINER_HOST"] {
            let address = variable(name).unwrap_or_default();
            // Other machines are not this one.
            if let Some(path) = address.strip_prefix("unix://") {
                sockets.push(PathBuf::from(path));
            }
        }
        sockets.push(PathBuf::from("/var/run/docker.sock"));
        sockets.push(PathBuf::from("/run/podman/podman.sock"));
        if let Some(runtime) = variable("XDG_RUNTIME_DIR") {
            sockets.push(Path::new(&runtime).join("docker.sock"));
            sockets.push(Path::new(&runtime).join("podman/podman.sock"));
        }
        if let Some(home) = variable("HOME") {
            sockets.push(Path::new(&home).join(".docker/run/docker.sock"));
        }
        Self {
            sockets,
            ollama: ollama(variable("OLLAMA_HOST").unwrap_or_default().trim()),
        }
    }
}

/// What is at the socket `path` now.
pub(crate) async fn at_socket(path: &Path) -> Place {
    let text = path.display().to_string();
    let kind = if text.contains("podman") {
        RuntimeKind::Podman
    } else {
        RuntimeKind::Docker
    };
    let state = match timeout(PATIENCE, UnixStream::connect(path)).await {
        Ok(Ok(_)) => PlaceState::Answers,
        Ok(Err(error)) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => PlaceState::Absent,
            ErrorKind::PermissionDenied => PlaceState::Forbidden {
                group: group_of(path),
            },
            _ => PlaceState::Silent,
        },
        Err(_) => PlaceState::Silent,
    };
    Place {
        kind,
        place: text,
        state,
    }
}

/// The group that `path` belongs to; empty where that cannot be read either.
fn group_of(path: &Path) -> String {
    let Ok(metadata) = std::fs::metadata(path) else {
        return String::new();
    };
    let number = metadata.gid();
    let groups = std::fs::read_to_string(GROUPS).unwrap_or_default();
    group_named(&groups, number).unwrap_or_else(|| number.to_string())
}

/// The name of the group `number` in the text of `/etc/group`.
fn group_named(groups: &str, number: u32) -> Option<String> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let is_it = fields.nth(1)?.parse() == Ok(number);
        is_it.then(|| name.to_owned())
    })
}

/// `OLLAMA_HOST` as an address: it may lack its scheme and its port, and names where the server listens,
/// which may be every address.
fn ollama(host: &str) -> String {
    if host.is_empty() {
        return OLLAMA.to_owned();
    }
    let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
    let rest = rest
        .trim_end_matches('/')
        .replacen("0.0.0.0", "127.0.0.1", 1);
    if rest.contains(':') {
        format!("{scheme}://{rest}")
    } else {
        format!("{scheme}://{rest}:11434")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_names_is_tried_first_and_other_machines_never() {
        let places = Places::usual(|name| match name {
            "DOCKER_HOST" => Some("unix:///tmp/my.sock".to_owned()),
            "CONTAINER_HOST" => Some("ssh://core@other/run/podman.sock".to_owned()),
            "XDG_RUNTIME_DIR" => Some("/run/user/1000".to_owned()),
            _ => None,
        });
        assert_eq!(places.sockets[0], Path::new("/tmp/my.sock"));
        let rootless = Path::new("/run/user/1000/podman/podman.sock");
        assert!(places.sockets.iter().any(|socket| socket == rootless));
        assert!(
            !places
                .sockets
                .iter()
                .any(|socket| socket.to_string_lossy().contains("other"))
        );
    }

    #[test]
    fn a_group_is_named_by_its_number() {
        let groups = "root:x:0:\ndocker:x:998:ada\n";
        assert_eq!(group_named(groups, 998).as_deref(), Some("docker"));
        assert_eq!(group_named(groups, 7), None);
    }

    #[tokio::test]
    async fn a_socket_that_nobody_listens_at_is_told_from_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("podman.sock");
        assert_eq!(at_socket(&path).await.state, PlaceState::Absent);
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let found = at_socket(&path).await;
        assert_eq!(
            (found.kind, found.state),
            (RuntimeKind::Podman, PlaceState::Answers)
        );
        drop(listener);
        assert_eq!(at_socket(&path).await.state, PlaceState::Silent);
    }

    #[test]
    fn ollama_s_address_is_completed() {
        assert_eq!(ollama(""), "http://127.0.0.1:11434");
        assert_eq!(ollama("0.0.0.0"), "http://127.0.0.1:11434");
        assert_eq!(ollama("127.0.0.1:9000"), "http://127.0.0.1:9000");
        assert_eq!(ollama("http://localhost:9000/"), "http://localhost:9000");
    }
}
