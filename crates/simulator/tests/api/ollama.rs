//! Ollama behind its pod's port: its own interface, and OpenAI's.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use strata_simulator::{Scenario, Simulator};

use crate::{
    client::{Client, JSON, items, name, options},
    proxy::meanwhile,
};

const SERVICE: &str = "/api/v1/namespaces/home/services/ollama:http/proxy";

/// The desk with one GPU, on which Ollama serves a model.
fn desk() -> (Simulator, Client) {
    let scenario = Scenario::named("workstation").unwrap();
    let simulator = Simulator::start(&scenario, options(7));
    let client = Client::of(&simulator);
    (simulator, client)
}

fn question(model: &str, stream: bool) -> Value {
    json!({ "model": model, "stream": stream,
        "messages": [{ "role": "user", "content": "Why do GPUs idle?" }] })
}

#[tokio::test]
async fn the_model_that_ollama_fetched_is_listed_and_loaded_on_the_gpu() {
    let (_simulator, client) = desk();
    let get = async |path: &str| client.get(&format!("{SERVICE}{path}")).await;
    assert_eq!(get("/").await, "Ollama is running");
    assert_eq!(get("/api/version").await["version"], "0.15.2");
    let tags = get("/api/tags").await;
    let names: Vec<&Value> = tags["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| &model["name"])
        .collect();
    assert_eq!(names, ["qwen3:8b"]);
    let loaded = get("/api/ps").await["models"][0].clone();
    assert_eq!(loaded["digest"], tags["models"][0]["digest"]);
    assert_eq!(loaded["size_vram"], loaded["size"]);
    assert!(loaded["size"].as_u64().unwrap() > 4_000_000_000);
    let listed = get("/v1/models").await;
    assert_eq!(listed["data"][0]["id"], "qwen3:8b");

    // By the pod's own port it is the same.
    let pods = client.get("/api/v1/namespaces/home/pods").await;
    let pod = items(&pods)
        .iter()
        .map(name)
        .find(|name| name.starts_with("ollama-"))
        .unwrap();
    let path = format!("/api/v1/namespaces/home/pods/{pod}:11434/proxy/api/tags");
    assert_eq!(client.get(&path).await, tags);
}

#[tokio::test]
async fn both_interfaces_of_ollama_give_the_same_answer() {
    let (simulator, client) = desk();
    let ask = async |path: &str, question: &Value| {
        let path = format!("{SERVICE}{path}");
        let asking = client.write(Method::POST, &path, JSON, question);
        let (status, answer) = meanwhile(&simulator, asking).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    };
    let by_openai = ask("/v1/chat/completions", &question("qwen3:8b", false)).await;
    assert_eq!(by_openai["model"], "qwen3:8b");
    let said = &by_openai["choices"][0]["message"]["content"];
    let whole = ask("/api/chat", &question("qwen3:8b", false)).await;
    assert_eq!(whole["message"]["content"], *said);
    assert_eq!(whole["done_reason"], "stop");

    // Its own interface streams unless it is told not to.
    let mut streamed = question("qwen3:8b", true);
    streamed.as_object_mut().unwrap().remove("stream");
    let lines = ask("/api/chat", &streamed).await;
    let lines: Vec<Value> = lines
        .as_str()
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let pieces: String = lines
        .iter()
        .map(|line| line["message"]["content"].as_str().unwrap())
        .collect();
    assert_eq!(pieces, said.as_str().unwrap());
    let (last, tokens) = lines.split_last().unwrap();
    assert!(tokens.iter().all(|line| line["done"] == false));
    assert_eq!(
        (&last["done"], &last["eval_count"]),
        (&json!(true), &json!(tokens.len()))
    );
    assert!(last["eval_duration"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn ollama_says_which_model_it_does_not_have() {
    let (_simulator, client) = desk();
    let ask = async |path: &str, question: Value| {
        let path = format!("{SERVICE}{path}");
        client.write(Method::POST, &path, JSON, &question).await
    };
    let (status, answer) = ask("/api/chat", question("llama3", true)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(answer, json!({ "error": "model 'llama3' not found" }));
    let (status, answer) = ask("/v1/chat/completions", question("llama3", true)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(answer["error"]["type"], "not_found_error");
    let (status, answer) = ask("/api/chat", json!({ "messages": [] })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answer["error"], "model is required");
}
