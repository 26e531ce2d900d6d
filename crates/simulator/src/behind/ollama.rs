//! Ollama's own interface, and OpenAI's as Ollama has it: the models that its container fetches are
//! listed, loaded and asked. What a model says is what it says everywhere ([`words`]).

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    at_once, generation, of_type,
    openai::Call,
    response,
    words::{self, Said},
};
use crate::{
    clock, json, random,
    server::{ResponseBody, Server},
    store::Stored,
    telemetry,
};

const JSON: &str = "application/json; charset=utf-8";

/// Tokens that a model takes where no variable says it.
const CONTEXT: u64 = 4_096;
/// How long a model stays loaded after it was asked, where no variable says it.
const KEPT_LOADED: Duration = Duration::from_mins(5);
/// What a model of that name has, in billions, where the name does not say it.
const USUAL_BILLIONS: f64 = 8.0;
/// Bytes for each parameter of a model that is quantized to four bits, with what is not.
const BYTES_A_PARAMETER: f64 = 0.65;

/// The answer; none for a path that Ollama does not have.
pub(super) fn answer(
    server: &Server,
    stored: &Stored,
    pod: &Value,
    container: &Value,
    request: &Request<Bytes>,
) -> Option<Response<ResponseBody>> {
    let engine = Engine {
        server,
        stored,
        pod,
        container,
        models: fetched(container),
    };
    let told = |value: &Value| Some(at_once(response(StatusCode::OK, JSON, value.to_string())));
    match request.uri().path() {
        "/" => {
            let text = "Ollama is running".to_owned();
            let running = response(StatusCode::OK, "text/plain; charset=utf-8", text);
            Some(at_once(running))
        }
        "/api/version" => told(&json!({ "version": version_of(container) })),
        "/api/tags" => told(&json!({ "models": engine.tags() })),
        "/api/ps" => told(&json!({ "models": engine.loaded() })),
        "/v1/models" => told(&engine.listed()),
        "/api/chat" => Some(engine.chat(request)),
        path @ ("/v1/chat/completions" | "/v1/completions") => engine.open_ai(path, request),
        _ => None,
    }
}

/// An Ollama, and what it has.
struct Engine<'a> {
    server: &'a Server,
    stored: &'a Stored,
    pod: &'a Value,
    container: &'a Value,
    /// The names of its models.
    models: Vec<String>,
}

impl Engine<'_> {
    /// The models on its disk.
    fn tags(&self) -> Vec<Value> {
        let since = json::text(self.pod, "/status/startTime");
        let models = self.models.iter();
        models
            .map(|name| {
                let mut model = described(name);
                json::as_object(&mut model).insert("modified_at".to_owned(), since.into());
                model
            })
            .collect()
    }

    /// The models in memory: of the GPU where the pod has one.
    fn loaded(&self) -> Vec<Value> {
        let has_gpu = !telemetry::gpus_of(self.server, self.stored).is_empty();
        let is_kept = self
            .variable("OLLAMA_KEEP_ALIVE")
            .is_some_and(|kept| kept.starts_with('-'));
        let kept = if is_kept {
            // As long as Go can count.
            Duration::from_nanos(i64::MAX.unsigned_abs())
        } else {
            KEPT_LOADED
        };
        let expires = clock::micro_stamp(clock::later(self.server.clock.now(), kept));
        let models = self.models.iter();
        models
            .map(|name| {
                let mut model = described(name);
                let size = json::count(&model, "/size");
                let fields = json::as_object(&mut model);
                fields.insert("expires_at".to_owned(), expires.as_str().into());
                fields.insert(
                    "size_vram".to_owned(),
                    if has_gpu { size } else { 0 }.into(),
                );
                fields.insert("context_length".to_owned(), self.context().into());
                model
            })
            .collect()
    }

    /// The models as OpenAI's interface lists them.
    fn listed(&self) -> Value {
        let since = json::text(self.pod, "/status/startTime").parse::<jiff::Timestamp>();
        let created = since.map_or(0, jiff::Timestamp::as_second);
        let models = self.models.iter();
        let models: Vec<Value> = models
            .map(|name| json!({ "id": name, "object": "model", "created": created, "owned_by": "library" }))
            .collect();
        json!({ "object": "list", "data": models })
    }

    /// A question of OpenAI's interface.
    fn open_ai(&self, path: &str, request: &Request<Bytes>) -> Option<Response<ResponseBody>> {
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let asked = json::text(&body, "/model");
        let Some(model) = self.named(asked) else {
            let error = json!({ "error": { "message": missing(asked), "type": "not_found_error",
                "param": null, "code": null } });
            let answered = response(StatusCode::NOT_FOUND, JSON, error.to_string());
            return Some(at_once(answered));
        };
        // It is answered under the name that was asked for.
        let model = if asked.is_empty() { model } else { asked };
        let (server, stored) = (self.server, self.stored);
        Call::of(server, stored, self.pod, model.to_owned(), self.context()).answer(path, request)
    }

    /// A question of Ollama's own interface.
    fn chat(&self, request: &Request<Bytes>) -> Response<ResponseBody> {
        let refused = |status: StatusCode, why: &str| {
            at_once(response(status, JSON, json!({ "error": why }).to_string()))
        };
        if request.method() != Method::POST {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            let text = "405 method not allowed".to_owned();
            return at_once(response(status, "text/plain", text));
        }
        let Ok(body) = serde_json::from_slice::<Value>(request.body()) else {
            return refused(
                StatusCode::BAD_REQUEST,
                "the body of the request is not JSON",
            );
        };
        let asked = json::text(&body, "/model");
        if asked.is_empty() {
            return refused(StatusCode::BAD_REQUEST, "model is required");
        }
        if self.named(asked).is_none() {
            return refused(StatusCode::NOT_FOUND, &missing(asked));
        }
        let prompt = words::of_chat(json::items(&body, "/messages"));
        let most = body.pointer("/options/num_predict").and_then(Value::as_u64);
        let said = Said::to(&prompt, &json!({ "max_tokens": most }));
        let now = self.server.clock.now();
        let told = |content: &str, is_done: bool| {
            json!({ "model": asked, "created_at": clock::micro_stamp(now),
                "message": { "role": "assistant", "content": content }, "done": is_done })
        };
        let last = |content: &str| {
            let mut last = told(content, true);
            let fields = json::as_object(&mut last);
            fields.insert("done_reason".to_owned(), said.finish.into());
            fields.extend(self.measured(&said));
            last
        };
        let (asked_tokens, seed) = (said.prompt_tokens(), random::hash(&prompt));
        if body.get("stream") == Some(&Value::Bool(false)) {
            let whole = Bytes::from(last(&said.tokens.concat()).to_string());
            let tokens = said.tokens.len();
            let (server, stored) = (self.server, self.stored);
            let body = generation::whole(server, stored, asked_tokens, seed, tokens, whole);
            return of_type(body, JSON);
        }
        let mut pieces: Vec<String> = said
            .tokens
            .iter()
            .map(|token| format!("{}\n", told(token, false)))
            .collect();
        // What comes after the last token comes with it.
        let end = format!("{}\n", last(""));
        match pieces.last_mut() {
            Some(piece) => piece.push_str(&end),
            None => pieces.push(end),
        }
        let pieces = pieces.into_iter().map(Bytes::from).collect();
        let body = generation::body(self.server, self.stored, asked_tokens, seed, pieces);
        of_type(body, "application/x-ndjson")
    }

    /// What an answer tells of itself: tokens, and nanoseconds by the engine's own pace.
    fn measured(&self, said: &Said) -> [(String, Value); 5] {
        let now = telemetry::seconds(self.server.clock.now());
        let speed = telemetry::speed(self.server, self.stored, now);
        let tokens = said.tokens.len() as u64;
        let took = speed.between_tokens * telemetry::number(tokens);
        let nanoseconds = |seconds: f64| Value::from(telemetry::whole(seconds * 1e9));
        [
            ("prompt_eval_count", Value::from(said.prompt_tokens())),
            ("prompt_eval_duration", nanoseconds(speed.first_token)),
            ("eval_count", Value::from(tokens)),
            ("eval_duration", nanoseconds(took)),
            ("total_duration", nanoseconds(speed.first_token + took)),
        ]
        .map(|(field, value): (&str, Value)| (field.to_owned(), value))
    }

    /// The model that is asked for; any where the request names none.
    fn named(&self, asked: &str) -> Option<&str> {
        let asked = tagged(asked);
        let mut models = self.models.iter().map(String::as_str);
        models.find(|name| asked.is_empty() || *name == asked)
    }

    fn context(&self) -> u64 {
        let said = self.variable("OLLAMA_CONTEXT_LENGTH");
        said.and_then(|said| said.parse().ok()).unwrap_or(CONTEXT)
    }

    fn variable(&self, name: &str) -> Option<&str> {
        variable(self.container, name)
    }
}

fn missing(model: &str) -> String {
    format!("model '{model}' not found")
}

/// The models that the container fetches: `ollama pull NAME` among its command lines, the name
/// written out or in a variable.
fn fetched(container: &Value) -> Vec<String> {
    let lines = ["/lifecycle/postStart/exec/command", "/command", "/args"].into_iter();
    let words: Vec<&str> = lines
        .flat_map(|list| json::items(container, list))
        .filter_map(Value::as_str)
        .flat_map(str::split_whitespace)
        .collect();
    let mut models = Vec::new();
    for line in words.windows(3) {
        let &[program, verb, name] = line else {
            continue;
        };
        if !program.ends_with("ollama") || !["pull", "run"].contains(&verb) {
            continue;
        }
        let name = name.trim_matches(['"', '\'', ';', '&']);
        let name = match name.strip_prefix('$') {
            Some(name) => variable(container, name.trim_matches(['{', '}'])).unwrap_or_default(),
            None => name,
        };
        let name = tagged(name);
        if !name.is_empty() && !models.contains(&name) {
            models.push(name);
        }
    }
    models
}

/// A model's name with its tag, `latest` where it says none.
fn tagged(name: &str) -> String {
    if name.is_empty() || name.contains(':') {
        return name.to_owned();
    }
    format!("{name}:latest")
}

fn variable<'a>(container: &'a Value, name: &str) -> Option<&'a str> {
    let mut variables = json::items(container, "/env").iter();
    let variable = variables.find(|variable| json::text(variable, "/name") == name)?;
    variable.get("value")?.as_str()
}

/// The version that the image's tag is; what a build without one says otherwise.
fn version_of(container: &Value) -> &str {
    let image = json::text(container, "/image");
    let image = image.split('@').next().unwrap_or(image);
    let tag = image.rsplit_once(':').map(|(_, tag)| tag);
    tag.filter(|tag| !tag.contains('/')).unwrap_or("0.0.0")
}

/// What is told of a model wherever it is listed.
fn described(name: &str) -> Value {
    let (family, tag) = name.split_once(':').unwrap_or((name, ""));
    let family = family.rsplit('/').next().unwrap_or(family);
    let said = tag.split('-').next().unwrap_or(tag);
    let billions = said
        .strip_suffix('b')
        .and_then(|said| said.parse::<f64>().ok())
        .unwrap_or(USUAL_BILLIONS);
    let size = billions * 1e9 * BYTES_A_PARAMETER;
    let digest = [0, 1, 2, 3]
        .map(|part| format!("{:016x}", random::hash(&format!("{part}{name}"))))
        .concat();
    json!({
        "name": name,
        "model": name,
        "size": telemetry::whole(size),
        "digest": digest,
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": family,
            "families": [family],
            "parameter_size": format!("{billions}B"),
            "quantization_level": "Q4_K_M",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_are_those_that_its_command_lines_fetch() {
        let by_variable = json!({ "env": [{ "name": "STRATA_MODEL", "value": "qwen3:8b" }],
            "lifecycle": { "postStart": { "exec": { "command": ["/bin/sh", "-c",
                "until ollama list; do sleep 1; done; ollama pull \"$STRATA_MODEL\" &"] } } } });
        assert_eq!(fetched(&by_variable), ["qwen3:8b"]);
        let written_out = json!({ "lifecycle": { "postStart": { "exec": { "command": ["/bin/sh", "-c",
            "/bin/ollama pull llama3.2; /bin/ollama pull qwen3:0.6b; ollama run llama3.2"] } } } });
        assert_eq!(fetched(&written_out), ["llama3.2:latest", "qwen3:0.6b"]);
        assert!(fetched(&json!({ "args": ["serve"] })).is_empty());
    }

    #[test]
    fn the_size_of_a_model_is_what_its_tag_says() {
        let small = described("qwen3:0.6b");
        assert_eq!(small["details"]["parameter_size"], "0.6B");
        assert_eq!(small["size"], 390_000_000);
        assert_eq!(
            described("mistral:latest")["details"]["parameter_size"],
            "8B"
        );
        assert_eq!(small["digest"].as_str().unwrap().len(), 64);
    }
}
