//! The files that somebody who looks around finds in a container.

use std::collections::{BTreeMap, BTreeSet};

use super::inside::Inside;
use crate::{json, program::Program};

/// Folders that every image has.
const FOLDERS: [&str; 16] = [
    "/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run",
    "/srv", "/sys", "/tmp", "/usr", "/var",
];

/// The path that `path` names from `directory` on.
pub(super) fn absolute(directory: &str, path: &str) -> String {
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Every file that there is, with what is in it.
pub(super) fn all(inside: &Inside) -> BTreeMap<String, String> {
    let namespace = json::text(&inside.pod, "/metadata/namespace");
    let address = json::text(&inside.pod, "/status/podIP");
    let hostname = inside.hostname();
    let (user, id) = inside.user();
    let home = inside.home();
    let mut files = BTreeMap::from(
        [
            ("/etc/hostname", format!("{hostname}\n")),
            ("/etc/hosts", format!("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n{address}\t{hostname}\n")),
            ("/etc/resolv.conf", format!("search {namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n")),
            ("/etc/os-release", os_release(inside).to_owned()),
            ("/etc/passwd", format!("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n{}", if id == 0 { String::new() } else { format!("{user}:x:{id}:{id}::{home}:/bin/bash\n") })),
            ("/proc/meminfo", meminfo(inside)),
            ("/proc/version", "Linux version 6.14.0-33-generic (buildd@lcy02) (x86_64-linux-gnu-gcc 14.2.0) #33~24.04.1-Ubuntu SMP PREEMPT_DYNAMIC\n".to_owned()),
            ("/proc/uptime", uptime(inside)),
            ("/var/run/secrets/kubernetes.io/serviceaccount/namespace", namespace.to_owned()),
        ]
        .map(|(path, text)| (path.to_owned(), text)),
    );
    if inside.gpus() > 0 {
        let driver = inside.node_label("nvidia.com/cuda.driver-version.full");
        files.insert(
            "/proc/driver/nvidia/version".to_owned(),
            format!(
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {driver}  Release Build\n"
            ),
        );
        for index in 0..inside.gpus() {
            files.insert(format!("/dev/nvidia{index}"), String::new());
        }
        files.insert("/dev/nvidiactl".to_owned(), String::new());
        files.insert("/dev/nvidia-uvm".to_owned(), String::new());
    }
    for (path, text) in of_program(inside) {
        files.insert((*path).to_owned(), (*text).to_owned());
    }
    for (path, mounted) in inside.mounts() {
        for (name, text) in mounted {
            files.insert(absolute(&path, &name), text);
        }
    }
    files
}

/// The names in a folder; none where there is no such folder.
pub(super) fn list(inside: &Inside, folder: &str) -> Option<BTreeSet<String>> {
    let prefix = if folder == "/" {
        "/".to_owned()
    } else {
        format!("{folder}/")
    };
    let files = all(inside);
    let mounts: Vec<String> = json::items(&inside.container, "/volumeMounts")
        .iter()
        .map(|mount| json::text(mount, "/mountPath").to_owned())
        .collect();
    let names: BTreeSet<String> = files
        .keys()
        .map(String::as_str)
        .chain(FOLDERS)
        .chain([inside.home()])
        .chain(mounts.iter().map(String::as_str))
        .filter_map(|path| path.strip_prefix(&prefix))
        .filter_map(|rest| rest.split('/').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let exists = !names.is_empty()
        || FOLDERS.contains(&folder)
        || folder == inside.home()
        || mounts.iter().any(|mount| mount == folder);
    exists.then_some(names)
}

/// What the program's image brings.
fn of_program(inside: &Inside) -> &'static [(&'static str, &'static str)] {
    match inside.program {
        Program::Training => &[
            ("/workspace/README.md", "PyTorch training workspace.\n"),
            (
                "/workspace/config.yaml",
                "optimizer: adamw\nlearning_rate: 2.0e-5\nglobal_batch: 128\nsequence_length: 8192\n",
            ),
            ("/checkpoints/latest", "step-450\n"),
        ],
        Program::Jupyter => &[(
            "/home/jovyan/experiments/attention.ipynb",
            "{\"cells\": [], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}\n",
        )],
        Program::Nginx => &[
            (
                "/etc/nginx/nginx.conf",
                "user  nginx;\nworker_processes  auto;\n\nevents {\n    worker_connections  1024;\n}\n\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n",
            ),
            (
                "/usr/share/nginx/html/index.html",
                "<!DOCTYPE html>\n<html><body><h1>Welcome to nginx!</h1></body></html>\n",
            ),
        ],
        Program::Redis => &[("/data/dump.rdb", "")],
        _ => &[],
    }
}

fn os_release(inside: &Inside) -> &'static str {
    if inside.is_small() {
        "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine Linux v3.22\"\n"
    } else {
        match inside.program {
            Program::Nginx | Program::Redis | Program::Postgres => {
                "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nVERSION=\"13 (trixie)\"\nID=debian\n"
            }
            _ => {
                "PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nVERSION=\"24.04.3 LTS (Noble Numbat)\"\nID=ubuntu\nID_LIKE=debian\n"
            }
        }
    }
}

/// Memory of the node in KiB, and what of it is free.
pub(super) fn memory_kib(inside: &Inside) -> (u64, u64) {
    let total = json::text(&inside.node, "/status/capacity/memory");
    let number = |suffix: &str, factor: u64| {
        let count: u64 = total.strip_suffix(suffix)?.parse().ok()?;
        Some(count * factor)
    };
    let total = number("Ki", 1)
        .or_else(|| number("Mi", 1024))
        .or_else(|| number("Gi", 1024 * 1024))
        .unwrap_or(64 * 1024 * 1024);
    (total, total / 100 * 41)
}

fn meminfo(inside: &Inside) -> String {
    let (total, free) = memory_kib(inside);
    format!(
        "MemTotal:       {total} kB\nMemFree:        {free} kB\nMemAvailable:   {} kB\nBuffers:        1048576 kB\nCached:         {} kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
        total / 100 * 62,
        total / 100 * 19
    )
}

fn uptime(inside: &Inside) -> String {
    let seconds = inside
        .now()
        .duration_since(inside.started())
        .as_secs()
        .max(0)
        + 864_000;
    format!("{seconds}.00 {}.00\n", seconds * 40)
}
