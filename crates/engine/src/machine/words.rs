//! Acts on this machine in words: whose a process is, what starts it again, why something cannot be done,
//! and the system's own command for it.

use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::workstation::Hindrance,
};
use strata_domain::workstation::{ContainerRuntime, ProcessGuard, ProcessOwner, Setting};

use crate::project::workstation::KnownPod;

/// Programs that draw the desktop: displays, compositors and shells.
const DESKTOPS: [&str; 12] = [
    "Xorg",
    "X",
    "Xwayland",
    "gnome-shell",
    "kwin_wayland",
    "kwin_x11",
    "plasmashell",
    "mutter",
    "sway",
    "Hyprland",
    "cosmic-comp",
    "weston",
];

/// The name of the program of a command line.
pub(crate) fn program(command: &str) -> &str {
    let first = command.split_whitespace().next().unwrap_or_default();
    first.rsplit('/').next().unwrap_or(first)
}

pub(crate) fn draws_the_desktop(command: &str) -> bool {
    DESKTOPS.contains(&program(command))
}

/// The command that sends a process its signal.
pub(crate) fn kill(pid: u32, is_forced: bool) -> String {
    let signal = if is_forced { "KILL" } else { "TERM" };
    format!("kill -{signal} {pid}")
}

/// What becomes free of a device.
pub(crate) fn frees(index: u32, memory: Option<f64>) -> Phrase {
    match memory {
        Some(bytes) => Phrase::new(PhraseCode::ProcessFrees)
            .with("memory", PhraseValue::Bytes(bytes))
            .with("index", index),
        None => Phrase::new(PhraseCode::ProcessFreesUntold).with("index", index),
    }
}

/// What starts a process again once it ended.
pub(crate) fn restarted_by(owner: &ProcessOwner, pod: Option<&KnownPod>) -> Phrase {
    let Some(container) = &owner.container else {
        // Scopes are made for what somebody started by hand.
        if !owner.unit.ends_with(".service") {
            return Phrase::new(PhraseCode::RestartedByNobody);
        }
        return Phrase::new(PhraseCode::RestartedByUnit)
            .with("unit", owner.unit.as_str())
            .with("command", format!("systemctl stop {}", owner.unit));
    };
    if let Some(told) = &container.pod {
        let name = match pod {
            Some(pod) => format!("{}/{}", pod.namespace, pod.name),
            None if told.name.is_empty() => told.uid.clone(),
            None => format!("{}/{}", told.namespace, told.name),
        };
        return Phrase::new(PhraseCode::RestartedByPod).with("pod", name);
    }
    let id = if container.name.is_empty() {
        container.id.get(..12).unwrap_or(&container.id)
    } else {
        container.name.as_str()
    };
    let stop = match container.runtime {
        ContainerRuntime::Slurm => {
            return Phrase::new(PhraseCode::RestartedBySlurm).with("job", container.id.as_str());
        }
        ContainerRuntime::Docker => "docker stop",
        ContainerRuntime::Podman => "podman stop",
        ContainerRuntime::Containerd => "nerdctl stop",
        ContainerRuntime::CriO | ContainerRuntime::Unnamed => "crictl stop",
        ContainerRuntime::Lxc => "lxc-stop -n",
        ContainerRuntime::Nspawn => "machinectl stop",
    };
    Phrase::new(PhraseCode::RestartedByRuntime)
        .with("container", id)
        .with("command", format!("{stop} {id}"))
}

/// Why a process cannot be ended from here; none where it can.
pub(crate) fn guard(pid: u32, owner: Option<&ProcessOwner>) -> Option<Hindrance> {
    use PhraseCode as Code;
    let Some(owner) = owner else {
        return Some(Hindrance {
            reason: Phrase::new(Code::ProcessForeign),
            remedy: Phrase::new(Code::ProcessForeignAct),
        });
    };
    let (reason, remedy) = match owner.guard? {
        ProcessGuard::First => (
            Phrase::new(Code::ProcessFirst),
            Phrase::new(Code::ProcessFirstAct),
        ),
        ProcessGuard::Strata => (
            Phrase::new(Code::ProcessStrata),
            Phrase::new(Code::ProcessStrataAct),
        ),
        ProcessGuard::OtherUser => (
            Phrase::new(Code::ProcessOfOther).with("user", owner.user.as_str()),
            Phrase::new(Code::ProcessOfOtherAct)
                .with("user", owner.user.as_str())
                .with("command", format!("sudo {}", kill(pid, false))),
        ),
    };
    Some(Hindrance { reason, remedy })
}

/// The command that sets a device.
pub(crate) fn nvidia_smi(index: u32, setting: Setting) -> String {
    let what = match setting {
        Setting::PowerLimit(watts) => format!("-pl {watts:.0}"),
        Setting::LockedClocks(Some((least, most))) => format!("-lgc {least},{most}"),
        Setting::LockedClocks(None) => "-rgc".to_owned(),
    };
    format!("sudo nvidia-smi -i {index} {what}")
}

/// Why a device cannot be set by this user, who could do it by `command`.
pub(crate) fn not_administrator(device: &str, command: &str) -> Hindrance {
    Hindrance {
        reason: Phrase::new(PhraseCode::SettingForbidden).with("device", device),
        remedy: Phrase::new(PhraseCode::SettingForbiddenAct).with("command", command),
    }
}

#[cfg(test)]
mod tests {
    use strata_domain::workstation::{Container, PodOf};

    use super::*;

    fn contained(runtime: ContainerRuntime, pod: Option<PodOf>) -> ProcessOwner {
        ProcessOwner {
            container: Some(Container {
                runtime,
                id: "4c01db0b339c7dd1f2bb48db".to_owned(),
                name: String::new(),
                pod,
            }),
            ..ProcessOwner::default()
        }
    }

    #[test]
    fn what_starts_a_process_again_is_named_with_how_to_end_it_for_good() {
        let of_unit = |unit: &str| ProcessOwner {
            unit: unit.to_owned(),
            ..ProcessOwner::default()
        };
        let pod = PodOf {
            uid: "0c5e".to_owned(),
            namespace: "llm".to_owned(),
            name: "vllm-0".to_owned(),
        };
        for (owner, expected) in [
            (of_unit("ollama.service"), "systemctl stop ollama.service"),
            (of_unit("session-2.scope"), "Nothing that Strata sees"),
            (
                contained(ContainerRuntime::Docker, None),
                "docker stop 4c01db0b339c",
            ),
            (
                contained(ContainerRuntime::Slurm, None),
                "scancel 4c01db0b339c7dd1f2bb48db",
            ),
            (
                contained(ContainerRuntime::Containerd, Some(pod)),
                "pod llm/vllm-0: the kubelet",
            ),
        ] {
            let said = restarted_by(&owner, None).english();
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn the_desktop_is_known_by_its_program() {
        assert!(draws_the_desktop("/usr/lib/xorg/Xorg vt2 -displayfd 3"));
        assert!(!draws_the_desktop("python Xorg.py"));
    }

    #[test]
    fn a_process_whose_owner_is_unknown_is_left_alone() {
        let guard = guard(42, None).unwrap();
        assert_eq!(guard.reason.code, PhraseCode::ProcessForeign);
    }
}
