//! One path of every runtime and driver, as `/proc/PID/cgroup` has it.

use super::*;

const ID: &str = "4c01db0b339c7dd1f2bb48dbf5d2b1d7c1dbb1c8a7c0fcf1f8a3a6bd2f0e9a11";
const NODE: &str = "e0b3f0a5a4c1f2d3b4a5968778695a4b3c2d1e0f00112233445566778899aabb";
const UID: &str = "0c5e2d5f-5b0a-4a4e-9a57-0a4ddbb4f3a1";

/// The text with `ID`, `NODE` and the two spellings of the pod's uid filled in.
fn text(template: &str) -> String {
    template
        .replace("NODE", NODE)
        .replace("UID_", &UID.replace('-', "_"))
        .replace("UID", UID)
        .replace("ID", ID)
}

#[track_caller]
fn is_pod(template: &str, runtime: ContainerRuntime) {
    let found = place(&text(template));
    assert_eq!(
        found.container,
        Some((runtime, ID.to_owned())),
        "{template}"
    );
    assert_eq!(found.pod.as_deref(), Some(UID), "{template}");
}

#[track_caller]
fn is_container(template: &str, runtime: ContainerRuntime) {
    let found = place(&text(template));
    assert_eq!(
        found.container,
        Some((runtime, ID.to_owned())),
        "{template}"
    );
    assert_eq!(found.pod, None, "{template}");
}

#[test]
fn pods_of_containerd_under_systemd_are_found() {
    is_pod(
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/cri-containerd-ID.scope\n",
        ContainerRuntime::Containerd,
    );
    // Guaranteed pods have no segment for their class.
    is_pod(
        "0::/kubepods.slice/kubepods-podUID_.slice/cri-containerd-ID.scope\n",
        ContainerRuntime::Containerd,
    );
    // A cgroupfs string handed to systemd's manager.
    is_pod(
        "0::/system.slice/containerd.service/kubepods-besteffort-podUID_.slice:cri-containerd:ID\n",
        ContainerRuntime::Containerd,
    );
}

#[test]
fn pods_under_the_cgroupfs_driver_are_found() {
    // k3s, both versions of control groups.
    is_pod(
        "0::/kubepods/besteffort/podUID/ID\n",
        ContainerRuntime::Unnamed,
    );
    is_pod("0::/kubepods/podUID/ID\n", ContainerRuntime::Unnamed);
    is_pod(
        "11:memory:/kubepods/burstable/podUID/ID\n\
         4:devices:/kubepods/burstable/podUID/ID\n\
         1:name=systemd:/kubepods/burstable/podUID/ID\n\
         0::/system.slice/k3s.service\n",
        ContainerRuntime::Unnamed,
    );
}

#[test]
fn pods_of_cri_o_and_docker_are_found() {
    is_pod(
        "0::/kubepods.slice/kubepods-podUID_.slice/crio-ID.scope\n",
        ContainerRuntime::CriO,
    );
    is_pod(
        "0::/kubepods.slice/kubepods-podUID_.slice/crio-ID.scope/container\n",
        ContainerRuntime::CriO,
    );
    is_pod("0::/kubepods/podUID/crio-ID\n", ContainerRuntime::CriO);
    is_pod(
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/docker-ID.scope\n",
        ContainerRuntime::Docker,
    );
}

#[test]
fn the_watcher_of_a_container_is_not_the_container() {
    let found = place(&text(
        "0::/kubepods.slice/kubepods-podUID_.slice/crio-conmon-ID.scope\n",
    ));
    assert_eq!(found.container, None);
    assert_eq!(found.pod.as_deref(), Some(UID));
    let found = place(&text("0::/machine.slice/libpod-conmon-ID.scope\n"));
    assert_eq!(found.container, None);
}

#[test]
fn mirror_pods_have_a_hash_for_a_uid() {
    let hash = "a4f5e0c6b7d8091a2b3c4d5e6f708192";
    let found = place(&text(&format!(
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{hash}.slice/cri-containerd-ID.scope\n"
    )));
    assert_eq!(found.pod.as_deref(), Some(hash));
}

#[test]
fn in_a_node_that_is_a_container_the_innermost_counts() {
    // kind, on version 2 and on version 1.
    is_pod(
        "0::/system.slice/docker-NODE.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-podUID_.slice/cri-containerd-ID.scope\n",
        ContainerRuntime::Containerd,
    );
    is_pod(
        "10:memory:/docker/NODE/kubelet/kubepods/besteffort/podUID/ID\n",
        ContainerRuntime::Unnamed,
    );
    is_container(
        "0::/lxc.payload.box/system.slice/docker-ID.scope\n",
        ContainerRuntime::Docker,
    );
    // minikube, k3d.
    is_pod(
        "0::/system.slice/docker-NODE.scope/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/docker-ID.scope\n",
        ContainerRuntime::Docker,
    );
    is_pod(
        "0::/docker/NODE/kubepods/besteffort/podUID/ID\n",
        ContainerRuntime::Unnamed,
    );
    // Seen from a namespace of control groups.
    is_container("0::/../../docker-ID.scope\n", ContainerRuntime::Docker);
}

#[test]
fn containers_of_docker_are_found() {
    is_container(
        "0::/system.slice/docker-ID.scope\n",
        ContainerRuntime::Docker,
    );
    is_container(
        "12:pids:/docker/ID\n0::/docker/ID\n",
        ContainerRuntime::Docker,
    );
    // Rootless.
    is_container(
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-ID.scope\n",
        ContainerRuntime::Docker,
    );
}

#[test]
fn containers_of_podman_are_found() {
    is_container(
        "0::/machine.slice/libpod-ID.scope/container\n",
        ContainerRuntime::Podman,
    );
    is_container(
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container\n",
        ContainerRuntime::Podman,
    );
    // `--cgroups=split`, in a unit of the user's.
    is_container(
        "0::/system.slice/web.service/libpod-payload-ID\n",
        ContainerRuntime::Podman,
    );
    is_container(
        "9:memory:/libpod_parent/libpod-ID\n",
        ContainerRuntime::Podman,
    );
    // In a pod of Podman's own, which is none of Kubernetes.
    is_container(
        "0::/machine.slice/machine-libpod_pod_NODE.slice/libpod-ID.scope/container\n",
        ContainerRuntime::Podman,
    );
}

#[test]
fn containers_of_containerd_alone_are_found() {
    is_container(
        "0::/system.slice/nerdctl-ID.scope\n",
        ContainerRuntime::Containerd,
    );
    is_container("0::/default/ID\n", ContainerRuntime::Containerd);
    // Rootless.
    is_container(
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/nerdctl-ID.scope\n",
        ContainerRuntime::Containerd,
    );
}

#[test]
fn containers_that_are_known_by_name_are_found() {
    let named = |text: &str| place(text).container;
    assert_eq!(
        named("0::/lxc.payload.train/init.scope\n"),
        Some((ContainerRuntime::Lxc, "train".to_owned()))
    );
    assert_eq!(
        named("0::/lxc/101/ns/system.slice/ollama.service\n"),
        Some((ContainerRuntime::Lxc, "101".to_owned()))
    );
    assert_eq!(
        named("0::/machine.slice/systemd-nspawn@lab.service/payload\n"),
        Some((ContainerRuntime::Nspawn, "lab".to_owned()))
    );
    assert_eq!(
        named("0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope\n"),
        None
    );
    assert_eq!(
        named("0::/system.slice/slurmstepd.scope/job_4711/step_0/user/task_0\n"),
        Some((ContainerRuntime::Slurm, "4711".to_owned()))
    );
    assert_eq!(
        named("5:devices:/slurm/uid_1000/job_12/step_batch\n"),
        Some((ContainerRuntime::Slurm, "12".to_owned()))
    );
}

#[test]
fn a_process_in_no_container_has_its_unit() {
    let found = place("0::/system.slice/ollama.service\n");
    assert_eq!(found.container, None);
    assert_eq!(found.unit, "ollama.service");
    let found =
        place("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-code-4242.scope\n");
    assert_eq!(found.unit, "app-code-4242.scope");
    // Snap, Flatpak and Apptainer run in units, without a container's id.
    for unit in [
        "snap.ollama.ollama-2f1c7a3e-0c1d-4a8b-9e55-0d4f7b6a1c22.scope",
        "app-flatpak-org.blender.Blender-12345.scope",
        "apptainer-4711.scope",
    ] {
        let found = place(&format!(
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/{unit}\n"
        ));
        assert_eq!((found.container, found.unit.as_str()), (None, unit));
    }
    // LXC's watcher of a container is in none.
    assert_eq!(place("0::/lxc.monitor.train\n"), Place::default());
    assert_eq!(place("0::/\n"), Place::default());
    assert_eq!(place(""), Place::default());
}

#[test]
fn what_only_looks_like_an_id_is_none() {
    let found = place("0::/system.slice/docker-4c01db0b339c.scope\n");
    assert_eq!(found.container, None);
    let found = place("0::/user.slice/podman-pause-1a2b3c.scope\n");
    assert_eq!((found.container, found.pod), (None, None));
}
