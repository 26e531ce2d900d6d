//! From a process's control groups to its container and pod.
//!
//! `/proc/PID/cgroup` has one line for each hierarchy of version 1 (`9:memory:/docker/ID`) and one
//! line for version 2 (`0::/system.slice/docker-ID.scope`). Every runtime and driver writes its own
//! shape; common to nearly all is that the container's id is 64 hexadecimal digits and that a pod's
//! uid follows `pod`. Where things are nested (kind, Docker in LXC), the last of each counts: it is
//! the innermost.

use strata_domain::workstation::ContainerRuntime;

/// Where a process lives, as far as its control groups say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What runs its container, and the container's id.
    pub container: Option<(ContainerRuntime, String)>,
    /// The uid of its pod, as the API writes it.
    pub pod: Option<String>,
    /// The systemd unit that it belongs to, where it is in no container; may be empty.
    pub unit: String,
}

/// Reads the text of `/proc/PID/cgroup`.
pub fn place(text: &str) -> Place {
    let mut unit = String::new();
    let mut best = Place::default();
    for path in text.lines().filter_map(path_of) {
        let found = place_of(path);
        if found.container.is_some() && found.pod.is_some() {
            return found;
        }
        if best.container.is_none() && (found.container.is_some() || found.pod.is_some()) {
            best = found;
        } else if unit.is_empty() {
            unit = unit_of(path);
        }
    }
    if best.container.is_none() {
        best.unit = unit;
    }
    best
}

/// The path of a line `number:controllers:path`. Colons may stand in the path itself.
fn path_of(line: &str) -> Option<&str> {
    line.splitn(3, ':').nth(2)
}

fn place_of(path: &str) -> Place {
    let mut place = Place::default();
    let mut parent = "";
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if let Some(uid) = pod_uid(segment) {
            // What came before is the node's own container, as with kind.
            place.pod = Some(uid);
            place.container = None;
        }
        if is_monitor(segment) {
            place.container = None;
        } else if let Some(container) = container(segment, parent) {
            place.container = Some(container);
        }
        parent = segment;
    }
    if place.container.is_none() {
        place.container = named_container(path);
    }
    place
}

/// Whether a group holds the runtime's own watcher of a container, not the container.
fn is_monitor(segment: &str) -> bool {
    segment.starts_with("crio-conmon-") || segment.starts_with("libpod-conmon-")
}

/// A container whose id is 64 hexadecimal digits. Its runtime stands before the id, or is the name of
/// the folder that it lies in.
fn container(segment: &str, parent: &str) -> Option<(ContainerRuntime, String)> {
    let bare = segment.strip_suffix(".scope").unwrap_or(segment);
    // containerd with systemd's group manager and a cgroupfs string: `slice:cri-containerd:ID`.
    let (before, id) = match bare.rsplit_once([':', '-']) {
        Some((before, id)) => (before, id),
        None => ("", bare),
    };
    if !is_hex(id, 64) {
        return None;
    }
    let named = before.rsplit(':').next().unwrap_or_default();
    let runtime = match if named.is_empty() { parent } else { named } {
        "docker" => ContainerRuntime::Docker,
        "cri-containerd" | "nerdctl" | "containerd" | "default" | "k8s.io" => {
            ContainerRuntime::Containerd
        }
        "crio" => ContainerRuntime::CriO,
        "libpod" | "libpod-payload" => ContainerRuntime::Podman,
        _ => ContainerRuntime::Unnamed,
    };
    Some((runtime, id.to_owned()))
}

/// A container that its runtime knows by name, or whose id stands in a folder of the runtime's.
fn named_container(path: &str) -> Option<(ContainerRuntime, String)> {
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let after = |name: &str| {
        let at = segments.iter().rposition(|segment| *segment == name)?;
        segments.get(at + 1).map(|next| (*next).to_owned())
    };
    if let Some(job) = segments.iter().find_map(|part| part.strip_prefix("job_"))
        && segments.iter().any(|part| part.starts_with("slurm"))
    {
        return Some((ContainerRuntime::Slurm, job.to_owned()));
    }
    let payload = segments
        .iter()
        .rev()
        .find_map(|part| part.strip_prefix("lxc.payload."))
        .map(str::to_owned);
    if let Some(name) = payload
        .or_else(|| after("lxc.payload"))
        .or_else(|| after("lxc"))
    {
        return Some((ContainerRuntime::Lxc, name));
    }
    segments.iter().rev().find_map(|part| {
        let name = part
            .strip_prefix("systemd-nspawn@")
            .and_then(|rest| rest.strip_suffix(".service"))
            .or_else(|| {
                part.strip_prefix("machine-")
                    .and_then(|rest| rest.strip_suffix(".scope"))
                    // libvirt's virtual machines are called alike.
                    .filter(|name| !name.starts_with("qemu"))
            })?;
        Some((ContainerRuntime::Nspawn, name.to_owned()))
    })
}

/// The pod's uid in a group's name: `pod0c5e…`, `kubepods-burstable-pod0c5e_….slice`. Mirror pods of
/// files on the node have a hash of 32 digits instead.
fn pod_uid(segment: &str) -> Option<String> {
    let bare = segment.strip_suffix(".slice").unwrap_or(segment);
    // Within `slice:cri-containerd:ID` the pod's slice comes first.
    let bare = bare.split(':').next().unwrap_or_default();
    let bare = bare.strip_suffix(".slice").unwrap_or(bare);
    let at = bare.rfind("pod")?;
    let uid = bare.get(at + 3..)?.replace('_', "-");
    let parts: Vec<&str> = uid.split('-').collect();
    let is_uuid = parts.len() == 5
        && parts
            .iter()
            .zip([8, 4, 4, 4, 12])
            .all(|(part, length)| is_hex(part, length));
    (is_uuid || is_hex(&uid, 32)).then_some(uid)
}

/// The innermost systemd unit of a path: `ollama.service`, `app-firefox-123.scope`.
fn unit_of(path: &str) -> String {
    path.split('/')
        .rev()
        .find(|segment| matches!(segment.rsplit_once('.'), Some((_, "service" | "scope"))))
        .unwrap_or_default()
        .to_owned()
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests;
