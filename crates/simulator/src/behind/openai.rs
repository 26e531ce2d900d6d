//! The OpenAI interface of a serving engine, as vLLM has it: models, completions, chat, streamed or
//! not. An answer depends on the question alone.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::response;
use crate::{json, program, random};

const JSON: &str = "application/json";

/// What the demo's models have to say; an answer is a few of these sentences.
const SENTENCES: [&str; 12] = [
    "The scheduler places a pod only where every requested GPU is free on one node.",
    "Tensor parallelism splits each layer, so all ranks wait for the slowest link.",
    "A checkpoint every few hundred steps bounds what a failed rank can cost.",
    "Borrowed quota is returned when its owner's queue has work of its own.",
    "Key-value cache fills first when many long prompts arrive together.",
    "Prefix caching helps when requests share the same system prompt.",
    "Utilization says that a kernel ran, not that the GPU was busy.",
    "Data loading is the usual reason when GPUs idle between steps.",
    "A drained node keeps its pods until their disruption budgets allow a move.",
    "Quantized weights leave more memory for the cache than for quality's loss.",
    "Gang admission avoids two jobs that each hold half of what both need.",
    "The queue admits the workload when its quota or the cohort's is free.",
];

/// The answer; none for a path that the engine does not have.
pub(super) fn answer(
    pod: &Value,
    container: &Value,
    request: &Request<Bytes>,
) -> Option<Response<Bytes>> {
    let model = program::argument(container, "served-model-name")
        .or_else(|| program::argument(container, "model"))
        .unwrap_or_default();
    let created = json::text(pod, "/status/startTime")
        .parse::<jiff::Timestamp>()
        .map_or(0, jiff::Timestamp::as_second);
    let post = |answer: fn(&Call<'_>, &Value) -> Response<Bytes>| {
        if request.method() != Method::POST {
            return failure(
                StatusCode::METHOD_NOT_ALLOWED,
                "Method Not Allowed",
                "MethodNotAllowedError",
            );
        }
        let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
            return failure(
                StatusCode::BAD_REQUEST,
                "the body of the request is not JSON",
                "BadRequestError",
            );
        };
        let asked = json::text(&body, "/model");
        if !asked.is_empty() && asked != model {
            return failure(
                StatusCode::NOT_FOUND,
                &format!("The model `{asked}` does not exist."),
                "NotFoundError",
            );
        }
        answer(&Call { model, created }, &body)
    };
    match request.uri().path() {
        "/health" | "/ping" => Some(response(StatusCode::OK, "text/plain", String::new())),
        "/version" => {
            let image = json::text(container, "/image");
            let version = image.rsplit_once(":v").map_or("", |(_, version)| version);
            Some(response(
                StatusCode::OK,
                JSON,
                json!({ "version": version }).to_string(),
            ))
        }
        "/v1/models" => Some(models(container, model, created)),
        "/v1/chat/completions" => Some(post(chat)),
        "/v1/completions" => Some(post(completion)),
        _ => None,
    }
}

/// What every completion says of itself.
struct Call<'a> {
    model: &'a str,
    created: i64,
}

fn models(container: &Value, model: &str, created: i64) -> Response<Bytes> {
    let length: u64 = program::argument(container, "max-model-len")
        .and_then(|length| length.parse().ok())
        .unwrap_or(131_072);
    let list = json!({ "object": "list", "data": [{
        "id": model, "object": "model", "created": created, "owned_by": "vllm", "root": model,
        "parent": null, "max_model_len": length, "permission": [],
    }] });
    response(StatusCode::OK, JSON, list.to_string())
}

fn chat(call: &Call<'_>, body: &Value) -> Response<Bytes> {
    let messages = json::items(body, "/messages");
    let Some(last) = messages.last() else {
        return failure(
            StatusCode::BAD_REQUEST,
            "messages: Field required",
            "BadRequestError",
        );
    };
    let prompt: String = messages
        .iter()
        .map(|message| json::text(message, "/content"))
        .collect::<Vec<_>>()
        .join("\n");
    let said = Said::to(json::text(last, "/content"), body);
    let id = format!("chatcmpl-{:032x}", u128::from(random::hash(&prompt)));
    if json::flag(body, "/stream") {
        let chunk = |delta: Value, finish: Value| {
            json!({ "id": id, "object": "chat.completion.chunk", "created": call.created,
                "model": call.model, "choices": [{ "index": 0, "delta": delta, "logprobs": null,
                    "finish_reason": finish }] })
        };
        let first = chunk(json!({ "role": "assistant", "content": "" }), Value::Null);
        let words = said
            .words
            .iter()
            .map(|word| chunk(json!({ "content": word }), Value::Null));
        let last = chunk(json!({ "content": "" }), said.finish.into());
        return events(std::iter::once(first).chain(words).chain([last]));
    }
    let answer = json!({ "id": id, "object": "chat.completion", "created": call.created,
        "model": call.model, "choices": [{ "index": 0, "message": { "role": "assistant",
            "content": said.words.concat() }, "logprobs": null, "finish_reason": said.finish }],
        "usage": said.usage(&prompt) });
    response(StatusCode::OK, JSON, answer.to_string())
}

fn completion(call: &Call<'_>, body: &Value) -> Response<Bytes> {
    let prompt = json::text(body, "/prompt");
    let said = Said::to(prompt, body);
    let id = format!("cmpl-{:032x}", u128::from(random::hash(prompt)));
    let piece = |text: String, finish: Value| {
        json!({ "id": id, "object": "text_completion", "created": call.created,
            "model": call.model, "choices": [{ "index": 0, "text": text, "logprobs": null,
                "finish_reason": finish }] })
    };
    if json::flag(body, "/stream") {
        let words = said
            .words
            .iter()
            .map(|word| piece(word.clone(), Value::Null));
        return events(words.chain([piece(String::new(), said.finish.into())]));
    }
    let mut answer = piece(said.words.concat(), said.finish.into());
    json::as_object(&mut answer).insert("usage".to_owned(), said.usage(prompt));
    response(StatusCode::OK, JSON, answer.to_string())
}

/// What a model says to a prompt.
struct Said {
    words: Vec<String>,
    finish: &'static str,
}

impl Said {
    fn to(prompt: &str, body: &Value) -> Self {
        let hash = random::hash(prompt);
        let sentence = |at: u64| {
            let index = usize::try_from((hash >> (at * 8)) % 12).unwrap_or(0);
            SENTENCES.get(index).copied().unwrap_or_default()
        };
        let text = (0..2 + hash % 3)
            .map(sentence)
            .collect::<Vec<_>>()
            .join(" ");
        let mut words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
        let most = ["/max_tokens", "/max_completion_tokens"]
            .iter()
            .find_map(|field| body.pointer(field)?.as_u64())
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(usize::MAX);
        let finish = if words.len() > most { "length" } else { "stop" };
        words.truncate(most);
        Self { words, finish }
    }

    fn usage(&self, prompt: &str) -> Value {
        let asked = prompt.split_whitespace().count();
        json!({ "prompt_tokens": asked, "completion_tokens": self.words.len(),
            "total_tokens": asked + self.words.len() })
    }
}

/// Server-sent events, as the engines stream.
fn events(chunks: impl Iterator<Item = Value>) -> Response<Bytes> {
    let mut body = String::new();
    for chunk in chunks {
        body.push_str("data: ");
        body.push_str(&chunk.to_string());
        body.push_str("\n\n");
    }
    body.push_str("data: [DONE]\n\n");
    response(StatusCode::OK, "text/event-stream; charset=utf-8", body)
}

fn failure(status: StatusCode, message: &str, kind: &str) -> Response<Bytes> {
    let error = json!({ "error": { "message": message, "type": kind, "param": null,
        "code": status.as_u16() } });
    response(status, JSON, error.to_string())
}
