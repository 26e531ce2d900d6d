//! Docker's Engine API and Ollama's, each by a small server that answers as the real ones do; and Podman
//! itself where it is installed.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures::StreamExt as _;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use strata_containers::{LocalContainers, Places};
use strata_ports::{
    containers::{ContainerHost, GpuAccess, PullStep, RuntimeKind, Wanted},
    error::{PortError, PortErrorKind},
};

/// What a server was asked: method, path with query, body.
type Asked = Arc<Mutex<Vec<(Method, String, Value)>>>;
type Answer = fn(&Method, &str, &Value) -> (u16, String);

async fn answered(
    request: Request<Incoming>,
    asked: Asked,
    answer: Answer,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let method = request.method().clone();
    let path = request.uri().path_and_query().unwrap().to_string();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (code, text) = answer(&method, &path, &body);
    asked.lock().unwrap().push((method, path, body));
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    Ok(response)
}

/// Serves over a Unix socket.
fn on_socket(path: &Path, answer: Answer) -> Asked {
    let asked = Asked::default();
    let listener = tokio::net::UnixListener::bind(path).unwrap();
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = Arc::clone(&kept);
            let service = service_fn(move |request| answered(request, Arc::clone(&asked), answer));
            tokio::spawn(async move {
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    });
    asked
}

/// Serves on loopback; the address.
async fn on_loopback(answer: Answer) -> (String, Asked) {
    let asked = Asked::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = Arc::clone(&kept);
            let service = service_fn(move |request| answered(request, Arc::clone(&asked), answer));
            tokio::spawn(async move {
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    });
    (address, asked)
}

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
            json(json!({ "ServerVersion": "29.1.0", "Runtimes": { "runc": {}, "nvidia": {} } })),
        ),
        "images/here:1/json" => (200, json(json!({ "Id": "sha256:00" }))),
        path if path.starts_with("images/") && get => {
            (404, json(json!({ "message": "No such image" })))
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
                "Status": "Up 3 minutes", "Labels": { "strata.dev/recipe": "vllm" },
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

fn wanted(name: &str, image: &str, gpus: u32) -> Wanted {
    Wanted {
        name: name.to_owned(),
        image: image.to_owned(),
        arguments: vec!["--model=Qwen/Qwen3-8B".to_owned()],
        ports: vec![8000],
        volumes: vec![("qwen-cache".to_owned(), "/cache".to_owned())],
        gpus,
        recipe: "vllm".to_owned(),
        ..Wanted::default()
    }
}

async fn pulled(
    host: &LocalContainers,
    kind: RuntimeKind,
    image: &str,
) -> Vec<Result<PullStep, PortError>> {
    host.pull(kind, image.to_owned()).collect().await
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

/// Ollama 0.13, as far as it is asked here.
fn ollama(method: &Method, path: &str, body: &Value) -> (u16, String) {
    match (method.as_str(), path) {
        ("GET", "/api/version") => (200, json!({ "version": "0.13.0" }).to_string()),
        ("GET", "/api/tags") => (
            200,
            json!({ "models": [
                { "name": "qwen3:8b", "size": 5_225_388_164_u64 },
                { "name": "gemma3:1b", "size": 815_319_791_u64 },
            ] })
            .to_string(),
        ),
        ("GET", "/api/ps") => (
            200,
            json!({ "models": [{ "name": "qwen3:8b", "size": 7_000_u64, "size_vram": 7_000_u64 }] })
                .to_string(),
        ),
        ("POST", "/api/pull") if body["model"] == "nobody" => (
            200,
            concat!(
                "{\"status\":\"pulling manifest\"}\n",
                "{\"error\":\"pull model manifest: file does not exist\"}\n",
            )
            .to_owned(),
        ),
        ("POST", "/api/pull") => (
            200,
            concat!(
                "{\"status\":\"pulling manifest\"}\n",
                "{\"status\":\"pulling a3de\",\"digest\":\"sha256:a3de\",\"total\":100,\"completed\":40}\n",
                "{\"status\":\"pulling a3de\",\"digest\":\"sha256:a3de\",\"total\":100,\"completed\":100}\n",
                "{\"status\":\"success\"}\n",
            )
            .to_owned(),
        ),
        ("POST", "/api/generate") if body["model"] == "nobody" => (
            404,
            json!({ "error": "model 'nobody' not found" }).to_string(),
        ),
        _ => (200, "{}".to_owned()),
    }
}

#[tokio::test]
async fn ollama_fetches_lists_loads_unloads_and_deletes_models() {
    let (address, asked) = on_loopback(ollama).await;
    let host = LocalContainers::at(Places {
        sockets: Vec::new(),
        ollama: address,
    });
    let kind = RuntimeKind::Ollama;
    let found = host.runtimes().await;
    assert_eq!((found[0].kind, found[0].version.as_str()), (kind, "0.13.0"));
    let steps = pulled(&host, kind, "qwen3:8b").await;
    let last = steps.last().unwrap().as_ref().unwrap();
    assert_eq!(
        (last.status.as_str(), last.done_bytes, last.total_bytes),
        ("success", 100, 100)
    );
    let failed = pulled(&host, kind, "nobody").await;
    let error = failed.last().unwrap().as_ref().unwrap_err();
    assert!(error.message.contains("file does not exist"), "{error}");
    let models = host.list(kind).await.unwrap();
    let told: Vec<(&str, bool)> = models
        .iter()
        .map(|model| (model.name.as_str(), model.is_running))
        .collect();
    assert_eq!(told, [("qwen3:8b", true), ("gemma3:1b", false)]);
    host.start(kind, wanted("qwen", "qwen3:8b", 0))
        .await
        .unwrap();
    host.stop(kind, "qwen3:8b".to_owned()).await.unwrap();
    host.remove(kind, "gemma3:1b".to_owned()).await.unwrap();
    let missing = host
        .start(kind, wanted("x", "nobody", 0))
        .await
        .unwrap_err();
    assert_eq!(missing.kind, PortErrorKind::NotFound);
    assert!(missing.message.contains("not found"), "{missing}");
    let asked = asked.lock().unwrap();
    let kept: Vec<&Value> = asked
        .iter()
        .filter(|(_, path, _)| path == "/api/generate")
        .map(|(.., body)| &body["keep_alive"])
        .collect();
    assert_eq!(kept[..2], [&json!(-1), &json!(0)]);
}

#[tokio::test]
async fn nothing_has_to_be_there() {
    let host = LocalContainers::at(Places {
        sockets: vec![PathBuf::from("/no/such.sock")],
        ollama: "http://127.0.0.1:9".to_owned(),
    });
    assert!(host.runtimes().await.is_empty());
    let error = host.list(RuntimeKind::Docker).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unavailable);
}

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

/// A real one, where it is installed (`apt-get install podman busybox-static`).
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
