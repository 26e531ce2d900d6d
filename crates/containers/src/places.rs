//! Where runtimes listen.

use std::path::{Path, PathBuf};

/// Where Ollama listens unless it is told otherwise.
const OLLAMA: &str = "http://127.0.0.1:11434";

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
    fn ollama_s_address_is_completed() {
        assert_eq!(ollama(""), "http://127.0.0.1:11434");
        assert_eq!(ollama("0.0.0.0"), "http://127.0.0.1:11434");
        assert_eq!(ollama("127.0.0.1:9000"), "http://127.0.0.1:9000");
        assert_eq!(ollama("http://localhost:9000/"), "http://localhost:9000");
    }
}
