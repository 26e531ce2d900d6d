//! Trying served models: found in the fleet, asked over a real connection, stopped, and refused where
//! the cluster is protected.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use serde_json::{Value, json};
use strata_api::{
    error::ErrorCode,
    rows::{
        Row,
        playground::{AnswerRow, TrialFaultKind, TrialState},
    },
    topics::{Topic, Window},
};
use strata_test_support::{
    frames::{FrameCollector, View},
    model_server::{MODEL, ModelServer, Scripted},
    objects::{deployment, node, node_kind, pod, pod_kind},
    tunnels::SECRET_KEY,
};

use crate::world::World;

const IMAGE: &str = "vllm/vllm-openai:v0.24.0";

/// A world with one server, whose pod leads to `server`.
async fn world(server: &ModelServer) -> World {
    let world = World::start();
    world.tunnels.lead_to(server.address);
    world.clusters.go_live("west");
    assert!(world.connect("west").await.is_ok());
    let nodes = vec![node("gpu-1").gpus(8).object()];
    world.clusters.list("west", &node_kind(), nodes);
    let owner = deployment("llm", "chat").image(IMAGE).object();
    let pod = pod("llm", "chat-0")
        .on("gpu-1")
        .image(IMAGE)
        .gpus(1)
        .owned_by(&owner)
        .object();
    let kind = owner.group_kind();
    world.clusters.list("west", &kind, vec![owner]);
    world.clusters.list("west", &pod_kind(), vec![pod]);
    world.objects.put(json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "namespace": "llm", "name": "chat-0" },
        "spec": { "containers": [{ "name": "main", "image": IMAGE, "args": ["--port=8000"],
            "env": [{ "name": "VLLM_API_KEY",
                "valueFrom": { "secretKeyRef": { "name": "llm", "key": "api-key" } } }] }] },
    }));
    let servers = world.subscribe(servers()).await;
    servers.wait_for(|view| view.total == 1).await;
    world
}

fn servers() -> Topic {
    Topic::ModelServers {
        cluster: "west".to_owned(),
        namespaces: Vec::new(),
        filter: "vllm chat".to_owned(),
        window: Window {
            first: 0,
            count: 10,
        },
    }
}

fn server() -> Value {
    json!({ "cluster": "west", "group": "apps", "kind": "Deployment", "namespace": "llm",
        "name": "chat" })
}

fn question(key: &Value) -> Value {
    json!({
        "server": server(), "key": key, "model": MODEL, "is_streamed": true, "sampling": {},
        "prompt": { "api": "chat", "messages": [{ "role": "user", "content": "Hello" }] },
    })
}

async fn ask(world: &World, key: Value) -> (Value, FrameCollector) {
    let asked = world.engine.call("ask_model", question(&key));
    let started = asked.await.unwrap();
    let trial = started.pointer("/trial").and_then(Value::as_str).unwrap();
    let trial = trial.to_owned();
    let answer = world.subscribe(Topic::Answer { trial }).await;
    (started, answer)
}

fn answer(view: &View) -> Option<&AnswerRow> {
    view.window().find_map(|row| match row {
        Row::Answer(row) => Some(row.as_ref()),
        _ => None,
    })
}

fn text(view: &View) -> String {
    let pieces = view.window().filter_map(|row| match row {
        Row::AnswerPiece(piece) => Some(piece.text.as_str()),
        _ => None,
    });
    pieces.collect()
}

fn is(state: TrialState) -> impl Fn(&View) -> bool {
    move |view| answer(view).is_some_and(|row| row.state == state)
}

#[tokio::test]
async fn what_serves_a_model_is_found_and_tells_its_models() {
    let server_at = ModelServer::start(Scripted::Tokens(vec!["a"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    let request = json!({ "server": server(), "key": { "from": "nobody" } });
    let told = world.engine.call("read_models", request).await.unwrap();
    assert_eq!(told["models"][0]["id"], MODEL);
    assert_eq!(told["port"], 8000);
    assert_eq!(told["secret"], json!({ "name": "llm", "field": "api-key" }));
    world.engine.shutdown().await;
}

#[tokio::test]
async fn an_answer_comes_token_by_token_with_its_figures() {
    let tokens = Scripted::Tokens(vec!["One", " two", " three"]);
    let server_at = ModelServer::start_paced(tokens).await.unwrap();
    let world = world(&server_at).await;
    let (_, told) = ask(&world, json!({ "from": "nobody" })).await;
    told.wait_for(is(TrialState::Waiting)).await;
    // The role, then a token.
    server_at.say(2);
    told.wait_for(|view| text(view) == "One").await;
    server_at.say(10);
    let view = told.wait_for(is(TrialState::Done)).await;
    assert_eq!(text(&view), "One two three");
    let row = answer(&view).unwrap();
    assert_eq!(row.finish_reason, "stop");
    assert_eq!((row.tokens.prompt, row.tokens.output), (Some(5), Some(3)));
    assert!(row.tokens.is_told);
    assert!(row.times.first_token_seconds.is_some());
    assert_eq!(row.pod, "chat-0");
    world.engine.shutdown().await;
}

#[tokio::test]
async fn an_answer_that_is_stopped_ends_at_the_server_and_keeps_its_text() {
    let server_at = ModelServer::start_paced(Scripted::Tokens(vec!["One", " two"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    let (started, told) = ask(&world, json!({ "from": "nobody" })).await;
    server_at.say(2);
    told.wait_for(|view| text(view) == "One").await;
    world.engine.call("stop_trial", started).await.unwrap();
    let view = told.wait_for(is(TrialState::Stopped)).await;
    assert_eq!(text(&view), "One");
    server_at.answering(0).await;
    world.engine.shutdown().await;
}

#[tokio::test]
async fn a_key_reaches_the_server_and_no_row() {
    let server_at = ModelServer::start(Scripted::Tokens(vec!["a"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    let typed = json!({ "from": "typed", "key": "sk-typed" });
    let secret = json!({ "from": "secret", "secret": { "name": "llm", "field": "api-key" } });
    for (key, shown) in [(typed, "sk-typed"), (secret, SECRET_KEY)] {
        let (_, told) = ask(&world, key).await;
        let view = told.wait_for(is(TrialState::Done)).await;
        let asked = server_at.asked().pop().unwrap();
        assert_eq!(asked.authorization, format!("Bearer {shown}"));
        assert!(!format!("{view:?}").contains(shown));
    }
    world.engine.shutdown().await;
}

#[tokio::test]
async fn a_refusal_of_the_server_is_told_by_its_kind() {
    let refusal = Scripted::Status(404, r#"{"error":{"message":"no such model"}}"#);
    let server_at = ModelServer::start(refusal).await.unwrap();
    let world = world(&server_at).await;
    let (_, told) = ask(&world, json!({ "from": "nobody" })).await;
    let view = told.wait_for(is(TrialState::Failed)).await;
    let fault = answer(&view).unwrap().fault.clone().unwrap();
    assert_eq!(fault.kind, TrialFaultKind::NotFound);
    assert!(fault.said.contains("no such model"), "{}", fault.said);
    world.engine.shutdown().await;
}

fn load_test() -> Value {
    json!({ "server": server(), "key": { "from": "nobody" }, "load": {
        "model": MODEL, "requests": 8, "concurrency": 2, "prompt": "", "prompt_tokens": 32,
        "max_tokens": 16 } })
}

#[tokio::test]
async fn a_load_test_sums_up_what_its_requests_took() {
    let server_at = ModelServer::start(Scripted::Tokens(vec!["a", "b"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    let started = world
        .engine
        .call("start_load_test", load_test())
        .await
        .unwrap();
    let trial = started["trial"].as_str().unwrap().to_owned();
    let told = world.subscribe(Topic::LoadTest { trial }).await;
    let view = told
        .wait_for(|view| {
            view.window()
                .any(|row| matches!(row, Row::LoadTest(row) if row.state == TrialState::Done))
        })
        .await;
    let Some(Row::LoadTest(row)) = view.window().next() else {
        panic!("a load test");
    };
    assert_eq!((row.answered, row.failed, row.output_tokens), (8, 0, 16));
    assert!(row.figures.iter().all(|figure| figure.p50 <= figure.p99));
    world.engine.shutdown().await;
}

#[tokio::test]
async fn a_protected_cluster_is_not_loaded_until_it_is_unlocked() {
    let server_at = ModelServer::start(Scripted::Tokens(vec!["a"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    let call = async |operation: &str, request: Value| world.engine.call(operation, request).await;
    let protect = json!({ "cluster": "west", "is_protected": true, "typed": "" });
    call("protect_cluster", protect).await.unwrap();
    let refused = call("start_load_test", load_test()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    assert!(server_at.asked().is_empty());
    // Asking once is what its users do all day.
    ask(&world, json!({ "from": "nobody" })).await;
    let unlock = json!({ "cluster": "west", "typed": "west", "minutes": 15 });
    call("unlock_cluster", unlock).await.unwrap();
    call("start_load_test", load_test()).await.unwrap();
    world.engine.shutdown().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_asked() {
    let server_at = ModelServer::start(Scripted::Tokens(vec!["a"]))
        .await
        .unwrap();
    let world = world(&server_at).await;
    for (field, wrong) in [
        ("/load/requests", json!(0)),
        ("/load/requests", json!(1_000_000)),
        ("/load/concurrency", json!(1_000)),
        ("/load/max_tokens", json!(0)),
        ("/load/prompt_tokens", json!(0)),
        ("/load/model", json!(" ")),
        ("/key", json!({ "from": "typed", "key": "a\nb" })),
    ] {
        let mut request = load_test();
        *request.pointer_mut(field).unwrap() = wrong.clone();
        let refused = world
            .engine
            .call("start_load_test", request)
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{field} {wrong}");
    }
    assert!(server_at.asked().is_empty());
    world.engine.shutdown().await;
}
