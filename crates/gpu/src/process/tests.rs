use std::{fs, path::Path};

use strata_domain::workstation::ContainerRuntime;

use super::*;

const ID: &str = "4c01db0b339c7dd1f2bb48dbf5d2b1d7c1dbb1c8a7c0fcf1f8a3a6bd2f0e9a11";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A machine with one process in a pod.
fn machine() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write(at, "proc/stat", "cpu  1 2 3\nbtime 1764000000\n");
    write(
        at,
        "etc/passwd",
        "root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n",
    );
    let stat = "42 (py (x) thon) S 1 42 42 0 -1 4194560 1 0 0 0 5 5 0 0 20 0 9 0 12345 0 0";
    write(at, "proc/42/stat", stat);
    write(
        at,
        "proc/42/status",
        "Name:\tpython\nUid:\t1000\t1000\t1000\t1000\n",
    );
    write(at, "proc/42/cmdline", "python\0train.py\0--token\0hf_1\0");
    let group = format!(
        "0::/kubepods.slice/kubepods-pod0c5e2d5f_5b0a_4a4e_9a57_0a4ddbb4f3a1.slice/cri-containerd-{ID}.scope\n"
    );
    write(at, "proc/42/cgroup", &group);
    let link = format!("var/log/containers/train-0_research_main-{ID}.log");
    write(at, &link, "");
    root
}

#[test]
fn a_process_has_its_user_command_container_and_pod() {
    let root = machine();
    let owner = Processes::at(root.path()).owner(42).unwrap();
    assert_eq!(owner.user, "ada");
    assert_eq!(owner.command, "python train.py --token …");
    assert_eq!(owner.started_ticks, 12_345);
    assert_eq!(
        owner.started_at.unwrap().as_millisecond(),
        1_764_000_123_450
    );
    let container = owner.container.unwrap();
    assert_eq!(container.runtime, ContainerRuntime::Containerd);
    assert_eq!(container.name, "main");
    let pod = container.pod.unwrap();
    assert_eq!(
        (pod.namespace.as_str(), pod.name.as_str()),
        ("research", "train-0")
    );
}

#[test]
fn a_number_that_another_process_has_by_now_is_read_anew() {
    let root = machine();
    let mut processes = Processes::at(root.path());
    assert_eq!(processes.owner(42).unwrap().user, "ada");
    let stat = "42 (other) S 1 42 42 0 -1 4194560 1 0 0 0 5 5 0 0 20 0 9 0 99999 0 0";
    write(root.path(), "proc/42/stat", stat);
    write(
        root.path(),
        "proc/42/status",
        "Name:\tother\nUid:\t0\t0\t0\t0\n",
    );
    assert_eq!(processes.owner(42).unwrap().user, "root");
}

#[test]
fn a_process_that_is_gone_is_nobodys() {
    let root = machine();
    assert_eq!(Processes::at(root.path()).owner(43), None);
}

#[cfg(unix)]
#[test]
fn in_a_container_a_number_is_believed_of_a_process_that_has_the_driver_open() {
    use std::os::unix::fs::symlink;
    let root = machine();
    let namespace = root.path().join("proc/self/ns");
    fs::create_dir_all(&namespace).unwrap();
    symlink("pid:[4026532771]", namespace.join("pid")).unwrap();
    write(root.path(), "dev/nvidiactl", "");
    let owner = || Processes::at(root.path()).numbered_by_driver().owner(42);
    // The number may be one of the machine's, and the process here another one.
    assert_eq!(owner(), None);
    let files = root.path().join("proc/42/fd");
    fs::create_dir_all(&files).unwrap();
    symlink("/dev/nvidia0", files.join("7")).unwrap();
    assert_eq!(owner().unwrap().user, "ada");
    // In the first namespace a number is one process's.
    fs::remove_dir_all(&files).unwrap();
    fs::remove_file(namespace.join("pid")).unwrap();
    symlink(FIRST_NAMESPACE, namespace.join("pid")).unwrap();
    assert_eq!(owner().unwrap().user, "ada");
}

#[test]
fn a_user_without_a_name_is_a_number_and_a_thread_of_the_kernel_has_its_name() {
    let root = machine();
    write(
        root.path(),
        "proc/42/status",
        "Name:\tkworker\nUid:\t4711\t0\t0\t0\n",
    );
    write(root.path(), "proc/42/cmdline", "");
    let owner = Processes::at(root.path()).owner(42).unwrap();
    assert_eq!(owner.user, "4711");
    assert_eq!(owner.command, "[kworker]");
}
