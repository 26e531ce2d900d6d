//! A client of the API server in the process.

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use strata_simulator::{ApiServer, BoxError, Options, ResponseBody, Scenario, Simulator};

pub(crate) const JSON: &str = "application/json";
pub(crate) const MERGE: &str = "application/merge-patch+json";

pub(crate) const SMALL: &str = r#"
name = "small"
kubernetes = "v1.36.2"
definitions = ["kueue"]
forbidden = ["list secrets", "list workloads.kueue.x-k8s.io"]
workload = [
    { kind = "Deployment", namespace = "web", name = "front", replicas = 7, labels = { tier = "web" }, images = ["nginx:1.29"] },
    { kind = "Deployment", namespace = "ml", name = "serve", replicas = 2, gpus = 1, labels = { tier = "ml" }, images = ["vllm/vllm-openai:v0.24.0"] },
]
[[pool]]
name = "gpu"
nodes = 2
cpu = "32"
memory = "128Gi"
instance_type = "dgx"
racks = [{ name = "r1", block = "b1", zone = "z1" }]
[pool.gpu]
product = "NVIDIA H100 80GB HBM3"
count = 2
memory_mib = 81559
family = "hopper"
compute = "9.0"
driver = "580.126.09"
cuda = "13.0"
"#;

pub(crate) fn options(seed: u64) -> Options {
    Options {
        seed,
        begins: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

pub(crate) fn small() -> Simulator {
    Simulator::start(&Scenario::parse("small", SMALL).unwrap(), options(7))
}

/// A small cluster, and a client of it.
pub(crate) fn start() -> (Simulator, Client) {
    let simulator = small();
    let client = Client::of(&simulator);
    (simulator, client)
}

pub(crate) fn atlas(seed: u64) -> Simulator {
    Simulator::start(&Scenario::atlas().unwrap(), options(seed))
}

pub(crate) struct Client {
    server: ApiServer,
}

impl Client {
    pub(crate) fn of(simulator: &Simulator) -> Self {
        Self {
            server: simulator.service(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> (StatusCode, Value) {
        let response = self.server.answer(&request).unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let value = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes).into_owned()));
        (status, value)
    }

    pub(crate) async fn get_as(&self, path: &str, accept: &str) -> (StatusCode, Value) {
        let request = Request::get(path)
            .header("accept", accept)
            .body(Bytes::new())
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, value) = self.get_as(path, "application/json").await;
        assert_eq!(status, StatusCode::OK, "{path}: {value}");
        value
    }

    pub(crate) async fn write(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", content_type)
            .body(Bytes::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) fn watch(&self, path: &str) -> Watch {
        let request = Request::get(path).body(Bytes::new()).unwrap();
        let response = self.server.answer(&request).unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Watch {
            body: response.into_body(),
            rest: Vec::new(),
        }
    }

    pub(crate) fn server(&self) -> &ApiServer {
        &self.server
    }
}

/// Creates an object, which is let in.
pub(crate) async fn create(client: &Client, path: &str, object: &Value) -> Value {
    let (status, answer) = client.write(Method::POST, path, JSON, object).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer
}

/// Changes an object by a merge patch, which is taken.
pub(crate) async fn patch(client: &Client, path: &str, change: Value) {
    let (status, answer) = client.write(Method::PATCH, path, MERGE, &change).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

/// Deletes what is there.
pub(crate) async fn delete(client: &Client, path: &str) {
    let (status, answer) = client.write(Method::DELETE, path, JSON, &json!({})).await;
    assert!(status.is_success(), "{answer}");
}

/// A watch, read line by line.
pub(crate) struct Watch {
    body: ResponseBody,
    rest: Vec<u8>,
}

impl Watch {
    /// The next event; none at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Result<Value, BoxError>> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Some(Ok(serde_json::from_slice(&line).unwrap()));
            }
            match self.body.frame().await? {
                Ok(frame) => self.rest.extend_from_slice(frame.data_ref().unwrap()),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// The events that are there now, without waiting for more.
    pub(crate) async fn ready(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            tokio::select! {
                biased;
                event = self.next() => match event {
                    Some(Ok(event)) => events.push(event),
                    _ => return events,
                },
                () = tokio::task::yield_now() => return events,
            }
        }
    }
}

/// `object` with the kind that bodies of custom kinds have to say.
pub(crate) fn of_kind(api_version: &str, kind: &str, mut object: Value) -> Value {
    object["apiVersion"] = api_version.into();
    object["kind"] = kind.into();
    object
}

pub(crate) fn items(list: &Value) -> &[Value] {
    list["items"].as_array().unwrap()
}

pub(crate) fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}
