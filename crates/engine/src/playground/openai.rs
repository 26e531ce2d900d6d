//! OpenAI's interface as serving engines speak it: questions, pieces of answers, faults, models.
//!
//! What engines add of their own is read where it tells more: vLLM's and SGLang's reasoning and
//! `max_model_len`, llama.cpp's `meta.n_ctx_train`, TGI's errors.

use serde_json::{Value, json};
use strata_api::{
    playground::{AskModel, ChatRole, Prompt, SamplingParameters, ServedModel},
    rows::playground::{TrialFault, TrialFaultKind},
};
use strata_ports::tunnel::{Key, Question};

/// The most of a server's own words that is shown.
const MOST_SAID: usize = 2_000;

/// What ends a stream.
pub(super) const DONE: &str = "[DONE]";

/// Something that an answer says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// Some text.
    Text(String),
    /// Some of what the model thinks before it answers.
    Reasoning(String),
    /// Why it stops.
    Finish(String),
    /// The model's name.
    Model(String),
    /// The tokens of question and answer.
    Usage { prompt: u32, output: u32 },
    /// An error in the middle of it.
    Error(String),
}

/// The path of a question below `base`.
pub(super) fn path(base: &str, prompt: &Prompt) -> String {
    match prompt {
        Prompt::Chat { .. } => format!("{base}/chat/completions"),
        Prompt::Completion { .. } => format!("{base}/completions"),
    }
}

/// The path of the list of models below `base`.
pub(crate) fn models_path(base: &str) -> String {
    format!("{base}/models")
}

/// What is asked of a server below `base` that is shown `key`.
pub(crate) fn ask(base: &str, key: &Key, asked: &AskModel) -> Question {
    let body = question(
        &asked.model,
        &asked.prompt,
        asked.sampling,
        asked.is_streamed,
    );
    Question {
        path: path(base, &asked.prompt),
        body: Some(body.to_string().into_bytes()),
        key: key.clone(),
    }
}

/// The JSON of a question.
pub(super) fn question(
    model: &str,
    prompt: &Prompt,
    sampling: SamplingParameters,
    is_streamed: bool,
) -> Value {
    let mut body = match prompt {
        Prompt::Chat { messages } => {
            let messages: Vec<Value> = messages
                .iter()
                .map(|message| {
                    let role = match message.role {
                        ChatRole::System => "system",
                        ChatRole::User => "user",
                        ChatRole::Assistant => "assistant",
                    };
                    json!({ "role": role, "content": message.content })
                })
                .collect();
            json!({ "model": model, "messages": messages })
        }
        Prompt::Completion { text } => json!({ "model": model, "prompt": text }),
    };
    if let Some(object) = body.as_object_mut() {
        if let Some(temperature) = sampling.temperature {
            object.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(most) = sampling.max_tokens {
            object.insert("max_tokens".to_owned(), json!(most));
        }
        object.insert("stream".to_owned(), json!(is_streamed));
        if is_streamed {
            let usage = json!({ "include_usage": true });
            object.insert("stream_options".to_owned(), usage);
        }
    }
    body
}

/// What a piece of an answer, or a whole one, says; none where it is no answer of this interface.
pub(super) fn read(json: &str) -> Option<Vec<Said>> {
    let value: Value = serde_json::from_str(json).ok()?;
    let mut said = Vec::new();
    if let Some(error) = error_in(&value) {
        return Some(vec![Said::Error(error)]);
    }
    let object = value.as_object()?;
    if let Some(model) = text(&value, "/model") {
        said.push(Said::Model(model.to_owned()));
    }
    let choice = value.pointer("/choices/0");
    if choice.is_none() && !object.contains_key("choices") && !object.contains_key("usage") {
        return None;
    }
    if let Some(choice) = choice {
        for part in ["/delta", "/message"] {
            for field in ["reasoning_content", "reasoning"] {
                if let Some(thought) = text(choice, &format!("{part}/{field}")) {
                    said.push(Said::Reasoning(thought.to_owned()));
                    break;
                }
            }
            if let Some(content) = text(choice, &format!("{part}/content")) {
                said.push(Said::Text(content.to_owned()));
            }
        }
        if let Some(content) = text(choice, "/text") {
            said.push(Said::Text(content.to_owned()));
        }
        if let Some(reason) = text(choice, "/finish_reason") {
            said.push(Said::Finish(reason.to_owned()));
        }
    }
    let count = |field: &str| {
        let count = value.pointer(&format!("/usage/{field}"))?.as_u64()?;
        u32::try_from(count).ok()
    };
    if let (Some(prompt), Some(output)) = (count("prompt_tokens"), count("completion_tokens")) {
        said.push(Said::Usage { prompt, output });
    }
    Some(said)
}

/// What an event of the kind `error` tells.
pub(super) fn error_of_event(data: &str) -> String {
    let told = serde_json::from_str(data).ok();
    let told = told.and_then(|value: Value| {
        error_in(&value).or_else(|| text(&value, "/message").map(shortened))
    });
    told.unwrap_or_else(|| shortened(data))
}

/// The fault that an answer with the status `status` and the body `body` is.
pub(super) fn fault(status: u16, body: &[u8]) -> TrialFault {
    let kind = match status {
        401 | 403 => TrialFaultKind::Unauthorized,
        404 | 405 => TrialFaultKind::NotFound,
        408 | 504 => TrialFaultKind::Timeout,
        429 => TrialFaultKind::Throttled,
        400..=499 => TrialFaultKind::Refused,
        500..=599 => TrialFaultKind::ServerFailed,
        _ => TrialFaultKind::Unreadable,
    };
    let body = String::from_utf8_lossy(body);
    let told = serde_json::from_str(&body).ok();
    let told = told.and_then(|value: Value| {
        error_in(&value)
            .or_else(|| text(&value, "/message").map(shortened))
            .or_else(|| text(&value, "/detail").map(shortened))
    });
    let said = told.unwrap_or_else(|| shortened(body.trim()));
    TrialFault {
        kind,
        said: if said.is_empty() {
            format!("HTTP {status}")
        } else {
            format!("HTTP {status}: {said}")
        },
    }
}

/// The models of a list; none where it is none.
pub(crate) fn models(body: &[u8]) -> Option<Vec<ServedModel>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = value.get("data")?.as_array()?;
    let models = list.iter().filter_map(|model| {
        let context = ["/max_model_len", "/context_length", "/meta/n_ctx_train"]
            .iter()
            .find_map(|field| model.pointer(field)?.as_u64());
        Some(ServedModel {
            id: text(model, "/id")?.to_owned(),
            context_tokens: context.and_then(|tokens| u32::try_from(tokens).ok()),
        })
    });
    Some(models.take(1_000).collect())
}

/// The error that an object tells of, in each of the forms that engines write it.
fn error_in(value: &Value) -> Option<String> {
    let error = value.get("error").filter(|error| !error.is_null());
    if let Some(error) = error {
        let told = error.as_str().or_else(|| text(error, "/message"));
        return Some(told.map_or_else(|| shortened(&error.to_string()), shortened));
    }
    // vLLM before 0.10 told of errors in an object of their own.
    let is_error = text(value, "/object") == Some("error");
    is_error.then(|| shortened(text(value, "/message").unwrap_or_default()))
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = value.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

fn shortened(said: &str) -> String {
    match said.char_indices().nth(MOST_SAID) {
        Some((end, _)) => format!("{} …", said.get(..end).unwrap_or_default()),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_asks_for_usage_only_where_it_is_streamed() {
        let prompt = Prompt::Completion {
            text: "Hello".to_owned(),
        };
        let sampling = SamplingParameters {
            temperature: Some(0.0),
            max_tokens: Some(16),
        };
        let streamed = question("m", &prompt, sampling, true);
        assert_eq!(
            streamed,
            json!({ "model": "m", "prompt": "Hello", "temperature": 0.0, "max_tokens": 16,
                "stream": true, "stream_options": { "include_usage": true } })
        );
        let whole = question("m", &prompt, SamplingParameters::default(), false);
        assert_eq!(
            whole,
            json!({ "model": "m", "prompt": "Hello", "stream": false })
        );
    }

    #[test]
    fn pieces_of_chats_and_of_completions_are_read_alike() {
        let chat =
            r#"{"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#;
        let text = r#"{"model":"m","choices":[{"index":0,"text":"a","finish_reason":"length"}]}"#;
        let model = Said::Model("m".to_owned());
        let said = Said::Text("a".to_owned());
        assert_eq!(read(chat).unwrap(), [model.clone(), said.clone()]);
        let finish = Said::Finish("length".to_owned());
        assert_eq!(read(text).unwrap(), [model, said, finish]);
    }

    #[test]
    fn thoughts_are_told_from_the_answer() {
        let piece = r#"{"choices":[{"delta":{"reasoning_content":"hm","content":null}}]}"#;
        assert_eq!(read(piece).unwrap(), [Said::Reasoning("hm".to_owned())]);
    }

    #[test]
    fn the_chunk_with_usage_has_no_choice() {
        let usage = r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":12,"total_tokens":19}}"#;
        let wanted = Said::Usage {
            prompt: 7,
            output: 12,
        };
        assert_eq!(read(usage).unwrap(), [wanted]);
    }

    #[test]
    fn errors_are_read_in_each_of_their_forms() {
        for error in [
            r#"{"error":{"message":"out of memory","code":500}}"#,
            r#"{"error":"out of memory","error_type":"generation"}"#,
            r#"{"object":"error","message":"out of memory"}"#,
        ] {
            let wanted = [Said::Error("out of memory".to_owned())];
            assert_eq!(read(error).unwrap(), wanted, "{error}");
        }
        assert!(read("<html>").is_none());
        assert!(read(r#"{"status":"ok"}"#).is_none());
    }

    #[test]
    fn a_status_tells_what_kind_of_fault_it_is() {
        let kind = |status| fault(status, b"").kind;
        assert_eq!(kind(401), TrialFaultKind::Unauthorized);
        assert_eq!(kind(404), TrialFaultKind::NotFound);
        assert_eq!(kind(429), TrialFaultKind::Throttled);
        assert_eq!(kind(422), TrialFaultKind::Refused);
        assert_eq!(kind(503), TrialFaultKind::ServerFailed);
        let told = fault(404, br#"{"error":{"message":"no such model"}}"#);
        assert_eq!(told.said, "HTTP 404: no such model");
    }

    #[test]
    fn models_are_listed_with_their_context() {
        let list = br#"{"object":"list","data":[{"id":"a","max_model_len":4096},
            {"id":"b","meta":{"n_ctx_train":512}},{"object":"model"}]}"#;
        let models = models(list).unwrap();
        let told: Vec<_> = models
            .iter()
            .map(|model| (model.id.as_str(), model.context_tokens))
            .collect();
        assert_eq!(told, [("a", Some(4096)), ("b", Some(512))]);
    }
}
