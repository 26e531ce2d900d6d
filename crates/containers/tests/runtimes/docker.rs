//! Docker, by a server that answers as its engine does.

use futures::StreamExt as _;
use http::Method;
use serde_json::{Value, json};
use strata_containers::{LocalContainers, Places};
use strata_ports::{
    containers::{ContainerHost as _, GpuAccess, Room, RuntimeKind, Wanted},
    error::PortErrorKind,
};

use crate::{
    pulled,
    server::{AND_ON, Asked, on_socket, on_socket_heard},
    wanted,
};

/// A frame of a log: the stream's number, three zeros, the length, the bytes.
fn frame(stream: u8, text: &str) -> String {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    let head = [&[stream, 0, 0, 0], &length[..]].concat();
    String::from_utf8(head).unwrap() + text
}

/// Docker 29 with NVIDIA's runtime, as far as it is asked here.
fn docker(method: &Method, path: &str, body: &Value) -> (u16, String) {
    let path = path.split_once('/').map_or("", |(_, rest)| rest);
    let path = match path.split_once('/') {
        Some((version, rest)) if version.starts_with("v1.") => rest,
        _ => path,
    };
    let json = |value: Value| value.to_string();
    let no_such = |name: &str| json(json!({ "message": format!("No such container: {name}") }));
    let get = *method == Method::GET;
    match path.split('?').next().unwrap() {
        "version" => (
            200,
            json(json!({
                "Version": "29.1.0", "ApiVersion": "1.52", "MinAPIVersion": "1.44", "Os": "linux",
                "Components": [{ "Name": "Engine", "Version": "29.1.0" }],
            })),
        ),
        "info" => (
            200,
            json(json!({
                "ServerVersion": "29.1.0", "Runtimes": { "runc": {}, "nvidia": {} },
                "DockerRootDir": "/var/lib/docker", "OperatingSystem": "Debian GNU/Linux 13",
            })),
        ),
        "images/here:1/json" => (200, json(json!({ "Id": "sha256:00" }))),
        path if path.starts_with("images/") && get => {
            (404, json(json!({ "message": "No such image" })))
        }
        "images/create" if path.contains("fromImage=endless") => {
            let line = json!({ "status": "Downloading", "progressDetail": { "current": 25, "total": 100 }, "id": "a" });
            (200, format!("{line}\r\n{AND_ON}"))
        }
        "images/create" => {
            let lines = [
                json!({ "status": "Pulling from vllm/vllm-openai", "id": "v0.24.0" }),
                json!({ "status": "Downloading", "progressDetail": { "current": 25, "total": 100 }, "id": "a" }),
                json!({ "status": "Downloading", "progressDetail": { "current": 100, "total": 100 }, "id": "a" }),
                json!({ "status": "Status: Downloaded newer image for vllm/vllm-openai:v0.24.0" }),
            ];
            (200, lines.map(|line| line.to_string() + "\r\n").concat())
        }
        "containers/create" => match body["Image"].as_str() {
            Some("taken:1") => (
                409,
                json(
                    json!({ "message": "Conflict. The container name \"/qwen\" is already in use" }),
                ),
            ),
            _ => (201, json(json!({ "Id": "c0", "Warnings": [] }))),
        },
        "containers/port/start" => (
            500,
            json(json!({ "message": "Bind for 127.0.0.1:8000 failed: port is already allocated" })),
        ),
        "containers/json" => (
            200,
            json(json!([{
                "Id": "c0", "Names": ["/qwen"], "Image": "vllm/vllm-openai:v0.24.0", "State": "running",
                "Status": "Up 3 minutes", "Created": 1_764_000_000,
                "Labels": { "strata.dev/recipe": "vllm", "strata.dev/gpus": "1" },
                "Ports": [{ "IP": "127.0.0.1", "PrivatePort": 8000, "PublicPort": 8000, "Type": "tcp" }],
            }])),
        ),
        "containers/qwen/json" => (
            200,
            json(json!({ "Id": "c0", "Config": { "Labels": { "strata.dev/recipe": "vllm" } } })),
        ),
        "containers/database/json" => {
            (200, json(json!({ "Id": "d0", "Config": { "Labels": {} } })))
        }
        "containers/qwen/logs" => (200, frame(1, "INFO ready\n") + &frame(2, "a warning\n")),
        path if path.ends_with("/json") => (404, no_such(path)),
        _ => (204, String::new()),
    }
}

struct Machine {
    _folder: tempfile::TempDir,
    host: LocalContainers,
    asked: Asked,
}

fn machine() -> Machine {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let asked = on_socket(&socket, docker);
    let host = LocalContainers::at(Places {
        sockets: vec![folder.path().join("podman.sock"), socket],
        ollama: String::new(),
    });
    Machine {
        _folder: folder,
        host,
        asked,
    }
}

#[tokio::test]
async fn docker_is_found_with_how_its_containers_get_gpus() {
    let machine = machine();
    let found = machine.host.runtimes().await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].kind, found[0].version.as_str()),
        (RuntimeKind::Docker, "29.1.0")
    );
    assert_eq!(found[0].gpus, GpuAccess::Request);
    let missing = machine.host.list(RuntimeKind::Podman).await.unwrap_err();
    assert!(
        missing.message.contains("Podman does not answer"),
        "{missing}"
    );
}

#[tokio::test]
async fn an_image_is_fetched_with_its_progress_unless_it_is_there() {
    let machine = machine();
    let image = "vllm/vllm-openai:v0.24.0";
    let steps = pulled(&machine.host, RuntimeKind::Docker, image).await;
    let bytes: Vec<(u64, u64)> = steps
        .iter()
        .map(|step| step.as_ref().unwrap())
        .map(|step| (step.done_bytes, step.total_bytes))
        .collect();
    assert_eq!(bytes, [(0, 0), (25, 100), (100, 100), (100, 100)]);
    let steps = pulled(&machine.host, RuntimeKind::Docker, "here:1").await;
    assert_eq!(steps.len(), 1);
    let asked = machine.asked.lock().unwrap();
    let fetched = asked
        .iter()
        .filter(|(_, path, _)| path.contains("images/create"));
    assert_eq!(fetched.count(), 1);
}

#[tokio::test]
async fn a_container_is_made_with_gpus_on_loopback_and_started() {
    let machine = machine();
    let started = machine.host.start(
        RuntimeKind::Docker,
        wanted("qwen", "vllm/vllm-openai:v0.24.0", 2),
    );
    started.await.unwrap();
    let asked = machine.asked.lock().unwrap();
    let (_, path, body) = asked
        .iter()
        .find(|(_, path, _)| path.contains("containers/create"))
        .unwrap();
    assert!(path.contains("/containers/create?name=qwen"), "{path}");
    let host = &body["HostConfig"];
    assert_eq!(
        host["DeviceRequests"],
        json!([{ "Driver": "nvidia", "DeviceIDs": ["0", "1"], "Capabilities": [["gpu"]] }])
    );
    assert_eq!(
        host["PortBindings"]["8000/tcp"],
        json!([{ "HostIp": "127.0.0.1", "HostPort": "8000" }])
    );
    assert_eq!(host["Mounts"][0]["Source"], "qwen-cache");
    assert_eq!(body["Cmd"], json!(["--model=Qwen/Qwen3-8B"]));
    let (method, path, _) = asked.last().unwrap();
    assert!(
        *method == Method::POST && path.contains("containers/qwen/start"),
        "{path}"
    );
}

#[tokio::test]
async fn what_cannot_start_is_told_in_docker_s_words_and_not_left_behind() {
    let machine = machine();
    let taken = machine
        .host
        .start(RuntimeKind::Docker, wanted("qwen", "taken:1", 0));
    let taken = taken.await.unwrap_err();
    assert_eq!(taken.kind, PortErrorKind::Conflict);
    assert!(taken.message.contains("already in use"), "{taken}");
    let port = machine
        .host
        .start(RuntimeKind::Docker, wanted("port", "here:1", 0));
    let port = port.await.unwrap_err();
    assert!(port.message.contains("port is already allocated"), "{port}");
    let asked = machine.asked.lock().unwrap();
    let (method, path, _) = asked.last().unwrap();
    assert!(
        *method == Method::DELETE && path.contains("containers/port"),
        "{path}"
    );
}

#[tokio::test]
async fn ours_are_listed_read_stopped_and_removed_and_no_others() {
    let machine = machine();
    let docker = RuntimeKind::Docker;
    let listed = machine.host.list(docker).await.unwrap();
    assert_eq!(listed[0].name, "qwen");
    assert!(listed[0].is_running);
    assert_eq!(
        (listed[0].ports.as_slice(), listed[0].recipe.as_str()),
        (&[8000][..], "vllm")
    );
    assert_eq!((listed[0].gpus, listed[0].exit_code), (Some(1), None));
    assert_eq!(
        listed[0].made_at.map(jiff::Timestamp::as_second),
        Some(1_764_000_000)
    );
    let log = machine
        .host
        .log(docker, "qwen".to_owned(), 100)
        .await
        .unwrap();
    assert_eq!(log, "INFO ready\na warning\n");
    machine.host.stop(docker, "qwen".to_owned()).await.unwrap();
    machine
        .host
        .remove(docker, "qwen".to_owned())
        .await
        .unwrap();
    let other = machine.host.remove(docker, "database".to_owned()).await;
    let other = other.unwrap_err();
    assert_eq!(other.kind, PortErrorKind::Forbidden, "{other}");
    let missing = machine.host.stop(docker, "nobody".to_owned()).await;
    assert_eq!(missing.unwrap_err().kind, PortErrorKind::NotFound);
    let asked = machine.asked.lock().unwrap();
    let deleted: Vec<&String> = asked
        .iter()
        .filter(|(method, ..)| *method == Method::DELETE)
        .map(|(_, path, _)| path)
        .collect();
    assert_eq!(deleted.len(), 1, "{deleted:?}");
}

#[tokio::test]
async fn before_a_container_is_made_its_name_image_ports_and_disk_are_looked_at() {
    let machine = machine();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().port();
    let wanted = Wanted {
        ports: vec![taken],
        ..wanted("qwen", "here:1", 1)
    };
    let room = machine.host.room(RuntimeKind::Docker, wanted.clone()).await;
    let expected = Room {
        has_image: true,
        is_name_taken: true,
        taken_ports: vec![taken],
        store: Some("/var/lib/docker".to_owned()),
    };
    assert_eq!(room.unwrap(), expected);
    let other = Wanted {
        name: "llama".to_owned(),
        image: "not-here:1".to_owned(),
        ..wanted
    };
    let room = machine.host.room(RuntimeKind::Docker, other).await.unwrap();
    assert!(!room.is_name_taken && !room.has_image, "{room:?}");
}

#[tokio::test]
async fn what_is_shown_is_what_is_sent() {
    let machine = machine();
    let wanted = wanted("qwen", "vllm/vllm-openai:v0.24.0", 1);
    let docker = RuntimeKind::Docker;
    let shown = machine.host.request(docker, GpuAccess::Request, &wanted);
    machine.host.start(docker, wanted).await.unwrap();
    let asked = machine.asked.lock().unwrap();
    let sent = asked
        .iter()
        .find(|(_, path, _)| path.contains("containers/create"));
    assert_eq!(shown.unwrap(), sent.unwrap().2);
}

#[tokio::test]
async fn docker_stops_fetching_once_nobody_listens() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let (_, unheard) = on_socket_heard(&socket, docker);
    let host = LocalContainers::at(Places {
        sockets: vec![socket],
        ollama: String::new(),
    });
    let mut steps = host.pull(RuntimeKind::Docker, "endless".to_owned());
    let step = steps.next().await.unwrap().unwrap();
    assert_eq!((step.done_bytes, step.total_bytes), (25, 100));
    drop(steps);
    unheard.await.unwrap();
}
