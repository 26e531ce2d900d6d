//! Ollama, by a server that answers as it does.

use futures::StreamExt as _;
use http::Method;
use serde_json::{Value, json};
use strata_containers::{LocalContainers, Places};
use strata_ports::{
    containers::{ContainerHost as _, RuntimeKind},
    error::PortErrorKind,
    tunnel::{Key, Question, Way},
};

use crate::{
    pulled,
    server::{AND_ON, on_loopback, on_loopback_heard},
    wanted,
};

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
        ("POST", "/api/pull") if body["model"] == "endless:1b" => {
            let line = json!({ "status": "pulling a3de", "digest": "sha256:a3de", "total": 100, "completed": 40 });
            (200, format!("{line}\n{AND_ON}"))
        }
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
        ("GET", "/v1/models") => (200, json!({ "data": [{ "id": "qwen3:8b" }] }).to_string()),
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
async fn what_answers_at_a_port_of_this_machine_is_asked_without_a_cluster() {
    let (address, asked) = on_loopback(ollama).await;
    let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
    let host = LocalContainers::at(Places::default());
    let mut tunnel = host.tunnel(port);
    assert_eq!(tunnel.way(), Way::Here);
    let question = Question {
        path: "/v1/models".to_owned(),
        body: None,
        key: Key::None,
    };
    let reply = tunnel.ask(question).await.unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "application/json")
    );
    let pieces: Vec<Vec<u8>> = reply.body.map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat(), br#"{"data":[{"id":"qwen3:8b"}]}"#);
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn ollama_stops_fetching_once_nobody_listens() {
    let (address, _, unheard) = on_loopback_heard(ollama).await;
    let host = LocalContainers::at(Places {
        sockets: Vec::new(),
        ollama: address,
    });
    let mut steps = host.pull(RuntimeKind::Ollama, "endless:1b".to_owned());
    let step = steps.next().await.unwrap().unwrap();
    assert_eq!((step.done_bytes, step.total_bytes), (40, 100));
    drop(steps);
    unheard.await.unwrap();
}
