//! The OpenAI interface of a serving engine, as vLLM has it: models, completions, chat, streamed or
//! not. An answer depends on the question alone ([`super::words`]); how long it takes on the engine
//! ([`super::generation`]).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{
    at_once, generation, of_type, response,
    words::{self, Said},
};
use crate::{
    json,
    program::{self, Program},
    random,
    server::{ResponseBody, Server},
    store::Stored,
};

const JSON: &str = "application/json";

/// Images beside those of vLLM and SGLang whose programs speak it, by a part of their name.
const IMAGES: [&str; 5] = [
    "llama.cpp",
    "text-generation-inference",
    "huggingfaceserver",
    "lmdeploy",
    "/nim/",
];

/// Tokens that a model takes where its command line does not say.
const CONTEXT: u64 = 131_072;

/// Whether what runs in `container` speaks it.
pub(super) fn is_spoken_by(container: &Value) -> bool {
    let image = json::text(container, "/image");
    matches!(Program::of(container), Program::Vllm | Program::Sglang)
        || IMAGES.iter().any(|part| image.contains(part))
}

/// The answer; none for a path that the engine does not have.
pub(super) fn answer(
    server: &Server,
    stored: &Stored,
    pod: &Value,
    container: &Value,
    request: &Request<Bytes>,
) -> Option<Response<ResponseBody>> {
    let path = request.uri().path();
    // KServe's server has other interfaces beside this one.
    let path = path.strip_prefix("/openai").unwrap_or(path);
    if path.starts_with("/v1/") && !is_let_in(server, pod, container, request) {
        let refusal = json!({ "error": "Unauthorized" }).to_string();
        return Some(at_once(response(StatusCode::UNAUTHORIZED, JSON, refusal)));
    }
    let call = Call::of(
        server,
        stored,
        pod,
        model_of(container),
        context_of(container),
    );
    match path {
        "/health" | "/ping" => Some(at_once(response(
            StatusCode::OK,
            "text/plain",
            String::new(),
        ))),
        "/version" => {
            let image = json::text(container, "/image");
            let version = image.rsplit_once(":v").map_or("", |(_, version)| version);
            let version = json!({ "version": version }).to_string();
            Some(at_once(response(StatusCode::OK, JSON, version)))
        }
        "/v1/models" => Some(at_once(call.models())),
        _ => call.answer(path, request),
    }
}

/// A request to an engine.
pub(super) struct Call<'a> {
    server: &'a Server,
    stored: &'a Stored,
    model: String,
    created: i64,
    context: u64,
}

impl<'a> Call<'a> {
    /// To the engine in `pod`, which has `model` and takes `context` tokens.
    pub(super) fn of(
        server: &'a Server,
        stored: &'a Stored,
        pod: &Value,
        model: String,
        context: u64,
    ) -> Self {
        let created = json::text(pod, "/status/startTime")
            .parse::<jiff::Timestamp>()
            .map_or(0, jiff::Timestamp::as_second);
        Self {
            server,
            stored,
            model,
            created,
            context,
        }
    }

    /// What the model answers; none for a path by which nothing is asked.
    pub(super) fn answer(
        &self,
        path: &str,
        request: &Request<Bytes>,
    ) -> Option<Response<ResponseBody>> {
        match path {
            "/v1/chat/completions" => Some(self.post(request, Self::chat)),
            "/v1/completions" => Some(self.post(request, Self::completion)),
            _ => None,
        }
    }

    fn models(&self) -> Response<Bytes> {
        let list = json!({ "object": "list", "data": [{
            "id": self.model, "object": "model", "created": self.created, "owned_by": "vllm",
            "root": self.model, "parent": null, "max_model_len": self.context, "permission": [],
        }] });
        response(StatusCode::OK, JSON, list.to_string())
    }

    fn post(
        &self,
        request: &Request<Bytes>,
        answer: fn(&Self, &Value) -> Result<Response<ResponseBody>, Refusal>,
    ) -> Response<ResponseBody> {
        let answered = if request.method() == Method::POST {
            self.body(request).and_then(|body| answer(self, &body))
        } else {
            let kind = "MethodNotAllowedError";
            Err(failure(
                StatusCode::METHOD_NOT_ALLOWED,
                "Method Not Allowed",
                kind,
            ))
        };
        answered.unwrap_or_else(|refusal| at_once(refusal.response()))
    }

    fn body(&self, request: &Request<Bytes>) -> Result<Value, Refusal> {
        let body = serde_json::from_slice::<Value>(request.body())
            .map_err(|_| refusal("the body of the request is not JSON"))?;
        let asked = json::text(&body, "/model");
        if !asked.is_empty() && !self.model.is_empty() && asked != self.model {
            let message = format!("The model `{asked}` does not exist.");
            return Err(failure(StatusCode::NOT_FOUND, &message, "NotFoundError"));
        }
        Ok(body)
    }

    fn chat(&self, body: &Value) -> Result<Response<ResponseBody>, Refusal> {
        let messages = json::items(body, "/messages");
        if messages.is_empty() {
            return Err(refusal("messages: Field required"));
        }
        let prompt = words::of_chat(messages);
        let said = self.say(&prompt, body)?;
        let id = format!("chatcmpl-{:032x}", u128::from(random::hash(&prompt)));
        let common = |object: &str, choices: Value| {
            json!({ "id": id, "object": object, "created": self.created, "model": self.model,
                "choices": choices })
        };
        if !json::flag(body, "/stream") {
            let message = json!({ "role": "assistant", "content": said.tokens.concat() });
            let choice = json!([{ "index": 0, "message": message, "logprobs": null,
                "finish_reason": said.finish }]);
            let answer = common("chat.completion", choice);
            return Ok(self.whole(&prompt, &said, answer));
        }
        let chunk = |delta: Value, finish: Value| {
            let choice = json!([{ "index": 0, "delta": delta, "logprobs": null,
                "finish_reason": finish }]);
            common("chat.completion.chunk", choice)
        };
        let role = chunk(json!({ "role": "assistant", "content": "" }), Value::Null);
        let tokens = said.tokens.iter();
        let tokens = tokens.map(|token| chunk(json!({ "content": token }), Value::Null));
        let last = chunk(json!({ "content": "" }), said.finish.into());
        let usage = common("chat.completion.chunk", json!([]));
        Ok(self.stream(&prompt, &said, body, Some(role), tokens, (last, usage)))
    }

    fn completion(&self, body: &Value) -> Result<Response<ResponseBody>, Refusal> {
        let prompt = json::text(body, "/prompt");
        let said = self.say(prompt, body)?;
        let id = format!("cmpl-{:032x}", u128::from(random::hash(prompt)));
        let common = |choices: Value| {
            json!({ "id": id, "object": "text_completion", "created": self.created,
                "model": self.model, "choices": choices })
        };
        let piece = |text: &str, finish: Value| {
            common(json!([{ "index": 0, "text": text, "logprobs": null, "finish_reason": finish }]))
        };
        if !json::flag(body, "/stream") {
            let answer = piece(&said.tokens.concat(), said.finish.into());
            return Ok(self.whole(prompt, &said, answer));
        }
        let tokens = said.tokens.iter().map(|token| piece(token, Value::Null));
        let ends = (piece("", said.finish.into()), common(json!([])));
        Ok(self.stream(prompt, &said, body, None, tokens, ends))
    }

    /// What the model says to `prompt`, if that fits.
    fn say(&self, prompt: &str, body: &Value) -> Result<Said, Refusal> {
        let said = Said::to(prompt, body);
        let asked = said.prompt_tokens() as u64;
        let wanted = json::count(body, "/max_tokens");
        if asked + wanted > self.context {
            let context = self.context;
            return Err(refusal(&format!(
                "This model's maximum context length is {context} tokens. However, you requested \
                 {} tokens ({asked} in the messages, {wanted} in the completion). Please reduce the \
                 length of the messages or completion.",
                asked + wanted
            )));
        }
        Ok(said)
    }

    fn whole(&self, prompt: &str, said: &Said, mut answer: Value) -> Response<ResponseBody> {
        json::as_object(&mut answer).insert("usage".to_owned(), said.usage());
        let body = generation::whole(
            self.server,
            self.stored,
            said.prompt_tokens(),
            random::hash(prompt),
            said.tokens.len(),
            Bytes::from(answer.to_string()),
        );
        of_type(body, JSON)
    }

    /// Server-sent events, as the engines stream: a token each, and at the end why it ends and, where
    /// that is asked for, what was used.
    fn stream(
        &self,
        prompt: &str,
        said: &Said,
        body: &Value,
        first: Option<Value>,
        tokens: impl Iterator<Item = Value>,
        (last, mut usage): (Value, Value),
    ) -> Response<ResponseBody> {
        let mut pieces: Vec<String> = tokens.map(|token| event(&token)).collect();
        // What comes before the first token comes with it, and what comes after the last with that.
        if let (Some(first), Some(begin)) = (first, pieces.first_mut()) {
            begin.insert_str(0, &event(&first));
        }
        let mut end = event(&last);
        if json::flag(body, "/stream_options/include_usage") {
            json::as_object(&mut usage).insert("usage".to_owned(), said.usage());
            end.push_str(&event(&usage));
        }
        end.push_str("data: [DONE]\n\n");
        match pieces.last_mut() {
            Some(piece) => piece.push_str(&end),
            None => pieces.push(end),
        }
        let body = generation::body(
            self.server,
            self.stored,
            said.prompt_tokens(),
            random::hash(prompt),
            pieces.into_iter().map(Bytes::from).collect(),
        );
        of_type(body, "text/event-stream; charset=utf-8")
    }
}

fn event(chunk: &Value) -> String {
    format!("data: {chunk}\n\n")
}

/// The model's name, as requests give it; empty where the engine takes any.
fn model_of(container: &Value) -> String {
    [
        "served-model-name",
        "model",
        "model-path",
        "model-id",
        "model_id",
        "hf-repo",
        "alias",
    ]
    .iter()
    .find_map(|name| program::argument(container, name))
    .unwrap_or_default()
    .to_owned()
}

fn context_of(container: &Value) -> u64 {
    [
        "max-model-len",
        "context-length",
        "ctx-size",
        "max-total-tokens",
    ]
    .iter()
    .find_map(|name| program::argument(container, name)?.parse().ok())
    .unwrap_or(CONTEXT)
}

/// Whether the request shows the key that the engine was started with, if it was with one.
fn is_let_in(server: &Server, pod: &Value, container: &Value, request: &Request<Bytes>) -> bool {
    let Some(key) = key_of(server, pod, container) else {
        return true;
    };
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    shown == Some(key.as_str())
}

fn key_of(server: &Server, pod: &Value, container: &Value) -> Option<String> {
    if let Some(key) = program::argument(container, "api-key") {
        return Some(key.to_owned());
    }
    let variable = json::items(container, "/env").iter().find(|variable| {
        ["VLLM_API_KEY", "LLAMA_API_KEY"].contains(&json::text(variable, "/name"))
    })?;
    if let Some(key) = variable.get("value").and_then(Value::as_str) {
        return Some(key.to_owned());
    }
    let reference = variable.pointer("/valueFrom/secretKeyRef")?;
    let secret = ObjectKey::new(
        json::text(pod, "/metadata/namespace"),
        json::text(reference, "/name"),
    );
    let secret = server
        .store
        .get(&GroupKind::new("", "Secret"), &secret)?
        .value();
    let encoded = secret
        .get("data")?
        .get(json::text(reference, "/key"))?
        .as_str()?;
    String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()
}

/// Why a request is not answered.
struct Refusal {
    status: StatusCode,
    message: String,
    kind: &'static str,
}

impl Refusal {
    fn response(&self) -> Response<Bytes> {
        let Self {
            status,
            message,
            kind,
        } = self;
        let error = json!({ "error": { "message": message, "type": kind, "param": null,
            "code": status.as_u16() } });
        response(*status, JSON, error.to_string())
    }
}

fn refusal(message: &str) -> Refusal {
    failure(StatusCode::BAD_REQUEST, message, "BadRequestError")
}

fn failure(status: StatusCode, message: &str, kind: &'static str) -> Refusal {
    Refusal {
        status,
        message: message.to_owned(),
        kind,
    }
}
