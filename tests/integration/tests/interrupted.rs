//! Strata is killed in the middle of a change, at each step of it: the next start says exactly how far
//! it came, and finishes or undoes it.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use strata_app::Simulation;
use strata_integration_tests::{Ended, program, send, strata};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::mpsc};

const MANIFESTS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: home }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: 'nginx:1.29' }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: home }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: home }
data: { size: big }
";

const SETTINGS: &str = "/api/v1/namespaces/home/configmaps/settings";
const SERVICE: &str = "/api/v1/namespaces/home/services/web";
const WEB: &str = "/apis/apps/v1/namespaces/home/deployments/web";

/// What is changed, in the order in which it is.
const STEPS: [&str; 3] = [
    "ConfigMap home/settings",
    "Service home/web",
    "Deployment home/web",
];

/// Where the server falls silent: at which write, and whether it makes that first.
#[derive(Clone, Copy)]
struct Silence {
    at: usize,
    is_made: bool,
}

/// A demo cluster behind a port, which falls silent where a test says so.
#[derive(Clone)]
struct Server {
    simulation: Simulation,
    silence: Arc<Mutex<Option<Silence>>>,
    writes: Arc<Mutex<usize>>,
    silent: mpsc::UnboundedSender<()>,
}

impl Server {
    async fn answer(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, std::io::Error> {
        let query = request.uri().query().unwrap_or_default();
        let is_write = request.method() == Method::PATCH && !query.contains("dryRun");
        let silence = *self.silence.lock().unwrap();
        let falls_silent = is_write
            && silence.is_some_and(|silence| {
                let mut writes = self.writes.lock().unwrap();
                *writes += 1;
                silence.at + 1 == *writes
            });
        if falls_silent && !silence.unwrap().is_made {
            self.silent.send(()).unwrap();
            std::future::pending::<()>().await;
        }
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer = self
            .simulation
            .answer(Request::from_parts(head, body))
            .await
            .unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if falls_silent {
            self.silent.send(()).unwrap();
            std::future::pending::<()>().await;
        }
        Ok(Response::from_parts(head, Full::new(body)))
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        send(&self.simulation, "another/1", method, path, Some(&body))
            .await
            .unwrap()
    }

    async fn code(&self, path: &str) -> u16 {
        self.send("GET", path, Value::Null).await.0
    }

    /// What the settings hold.
    async fn settings(&self) -> Value {
        self.send("GET", SETTINGS, Value::Null).await.1["data"].clone()
    }
}

/// A cluster, and somebody's computer.
struct Scene {
    server: Server,
    heard: mpsc::UnboundedReceiver<()>,
    folder: TempDir,
}

impl Scene {
    async fn set() -> Self {
        let simulation = Simulation::start("workstation", 1).unwrap();
        simulation.steer("pause").unwrap();
        let (silent, heard) = mpsc::unbounded_channel();
        let server = Server {
            simulation,
            silence: Arc::default(),
            writes: Arc::default(),
            silent,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                let service = service_fn(move |request| server.clone().answer(request));
                tokio::spawn(async move {
                    // A client that is killed breaks its connection.
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .ok();
                });
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "here",
            "clusters": [{ "name": "here", "cluster": { "server": format!("http://127.0.0.1:{port}") } }],
            "contexts": [{ "name": "here", "context": { "cluster": "here", "user": "ada" } }],
            "users": [{ "name": "ada", "user": { "token": "t" } }],
        });
        std::fs::write(folder.path().join("config"), kubeconfig.to_string()).unwrap();
        std::fs::write(folder.path().join("all.yaml"), MANIFESTS).unwrap();
        let before = json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": "settings" }, "data": { "mode": "slow" } });
        let (code, _) = server
            .send("POST", "/api/v1/namespaces/home/configmaps", before)
            .await;
        assert_eq!(code, 201);
        Self {
            server,
            heard,
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn run(&self, arguments: &[&str]) -> Ended {
        let data = self.path("data");
        let line: Vec<String> = ["--data", data.to_str().unwrap()]
            .iter()
            .chain(arguments)
            .map(ToString::to_string)
            .collect();
        let kubeconfig = self.path("config");
        tokio::task::spawn_blocking(move || {
            let line: Vec<&str> = line.iter().map(String::as_str).collect();
            strata(&line, kubeconfig.to_str().unwrap()).unwrap()
        })
        .await
        .unwrap()
    }

    /// Applies the manifests, and kills Strata once the server has fallen silent.
    async fn kill_at(&mut self, silence: Silence) {
        *self.server.silence.lock().unwrap() = Some(silence);
        let mut child = Command::new(program().unwrap())
            .arg("--data")
            .arg(self.path("data"))
            .arg("apply")
            .arg(self.path("all.yaml"))
            .arg("--apply")
            .env("KUBECONFIG", self.path("config"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.heard.recv().await.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        *self.server.silence.lock().unwrap() = None;
    }

    async fn entries(&self) -> Vec<Value> {
        let listed = self.run(&["journal", "list", "-o", "json"]).await;
        assert_eq!(listed.code, Some(0), "{}", listed.remarked);
        let page: Value = serde_json::from_str(&listed.said).unwrap();
        page["entries"].as_array().unwrap().clone()
    }
}

fn every_step() -> impl Iterator<Item = Silence> {
    (0..STEPS.len()).flat_map(|at| [false, true].map(|is_made| Silence { at, is_made }))
}

/// What each step of an entry is said to be.
fn states(entry: &Value) -> Vec<(String, String)> {
    let steps = entry["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            let text = |field: &str| step["object"][field].as_str().unwrap().to_owned();
            let name = format!("{} {}/{}", text("kind"), text("namespace"), text("name"));
            (name, step["state"].as_str().unwrap().to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_killed_at_any_step_is_named_exactly_and_finished() {
    for silence in every_step() {
        let mut scene = Scene::set().await;
        scene.kill_at(silence).await;
        let entries = scene.entries().await;
        let [entry] = entries.as_slice() else {
            panic!("{entries:?}");
        };
        assert_eq!(entry["state"], "interrupted");
        assert_eq!(entry["user"], "ada");
        let wanted: Vec<(String, String)> = STEPS
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let state = match at.cmp(&silence.at) {
                    std::cmp::Ordering::Less => "done",
                    std::cmp::Ordering::Equal => "in_doubt",
                    std::cmp::Ordering::Greater => "not_begun",
                };
                ((*name).to_owned(), state.to_owned())
            })
            .collect();
        assert_eq!(states(entry), wanted);
        let next = scene.run(&["contexts"]).await;
        assert!(
            next.remarked.contains("was interrupted"),
            "{}",
            next.remarked
        );

        let finished = scene.run(&["journal", "finish", "1", "--apply"]).await;
        assert_eq!(
            finished.code,
            Some(0),
            "{}{}",
            finished.said,
            finished.remarked
        );
        assert_eq!(
            scene.server.settings().await,
            json!({ "mode": "slow", "size": "big" })
        );
        assert_eq!(scene.server.code(SERVICE).await, 200);
        assert_eq!(scene.server.code(WEB).await, 200);
        let first = scene.entries().await.pop().unwrap();
        assert_eq!(first["state"], "settled");
        let verified = scene.run(&["journal", "verify"]).await;
        assert_eq!(verified.code, Some(0), "{}", verified.said);
        assert!(!verified.remarked.contains("was interrupted"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_killed_at_any_step_is_undone() {
    for silence in every_step() {
        let mut scene = Scene::set().await;
        scene.kill_at(silence).await;
        let undone = scene.run(&["journal", "undo", "1", "--apply"]).await;
        assert_eq!(undone.code, Some(0), "{}{}", undone.said, undone.remarked);
        assert_eq!(scene.server.settings().await, json!({ "mode": "slow" }));
        assert_eq!(scene.server.code(SERVICE).await, 404);
        assert_eq!(scene.server.code(WEB).await, 404);
        let first = scene.entries().await.pop().unwrap();
        assert_eq!(first["state"], "settled");
    }
}
