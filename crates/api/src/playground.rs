//! Trying a served model: a conversation with it, and a small load test.
//!
//! Both are trials: started by an operation, followed by a topic
//! ([`Topic::Answer`](crate::topics::Topic::Answer), [`Topic::LoadTest`](crate::topics::Topic::LoadTest)),
//! and stopped by another operation, or when nobody has followed them for a while.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One of the applications that [`Topic::ModelServers`](crate::topics::Topic::ModelServers) lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ModelServer {
    /// The cluster's id; empty: a container or model of this machine, whose runtime stands for the
    /// namespace.
    pub cluster: String,
    /// The API group of its kind; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Asks a server which models it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadModels {
    /// Which.
    pub server: ModelServer,
    /// The key that it wants.
    pub key: ServerKey,
}

/// How a server is reached, and which models it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServedModels {
    /// What the server says at `/models`; where it has no such list, what is known otherwise.
    pub models: Vec<ServedModel>,
    /// Whether the server itself said so.
    pub are_told: bool,
    /// The pod that was asked.
    pub pod: String,
    /// Its ready pods, one of which is asked each time.
    pub pods: u32,
    /// The port.
    pub port: u16,
    /// The way there.
    pub way: Way,
    /// What stands before `/chat/completions`: `/v1`, mostly.
    pub base: String,
    /// The Secret that holds the key that it wants, as far as its pod names one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretField>,
    /// Whether it refused to tell without a key, or with this one.
    pub wants_key: bool,
}

/// A model as its server tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServedModel {
    /// Its name, as requests give it.
    pub id: String,
    /// The longest context, in tokens, where the server tells.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
}

/// The way to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A forwarded port of the pod.
    Forwarded,
    /// The API server's proxy: where ports may not be forwarded.
    Proxied,
    /// A port of this machine.
    Here,
}

/// A field of a Secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SecretField {
    /// The Secret's name, in the namespace of what wants it.
    pub name: String,
    /// The field of its data.
    pub field: String,
}

/// The key that a server is shown. It is in no row, no log line and no entry of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServerKey {
    /// None.
    #[default]
    Nobody,
    /// This one.
    Typed {
        /// It.
        key: TypedKey,
    },
    /// What a Secret in the server's namespace holds, read at the time.
    Secret {
        /// Which.
        secret: SecretField,
    },
}

/// A key that somebody typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct TypedKey(pub String);

/// Never shows it.
impl fmt::Debug for TypedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// Asks a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskModel {
    /// Where it is served.
    pub server: ModelServer,
    /// The key that the server wants.
    pub key: ServerKey,
    /// Its name.
    pub model: String,
    /// What it is asked.
    pub prompt: Prompt,
    /// How it answers.
    pub sampling: SamplingParameters,
    /// Whether the answer is told as it comes.
    pub is_streamed: bool,
}

/// What a model is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "api", rename_all = "snake_case", deny_unknown_fields)]
pub enum Prompt {
    /// To go on with a conversation (`/chat/completions`).
    Chat {
        /// What was said, in order.
        messages: Vec<ChatMessage>,
    },
    /// To go on with a text (`/completions`).
    Completion {
        /// The text.
        text: String,
    },
}

impl Prompt {
    /// The most bytes of text that a prompt may have.
    pub const MOST_BYTES: usize = 1_000_000;
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChatMessage {
    /// By whom.
    pub role: ChatRole,
    /// What.
    pub content: String,
}

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    /// Who sets the rules.
    System,
    /// Who asks.
    User,
    /// The model.
    Assistant,
}

/// How a model answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SamplingParameters {
    /// From 0 (always the likeliest token) to 2; the server's default where it is absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens of an answer; the server's default where it is absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
}

impl SamplingParameters {
    /// The highest temperature that servers take.
    pub const HOTTEST: f64 = 2.0;
    /// More tokens than any model answers with.
    pub const MOST_TOKENS: u32 = 1_000_000;
}

/// Loads a server for a while, to see how it does. On a protected cluster it takes unlocking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StartLoadTest {
    /// Which.
    pub server: ModelServer,
    /// The key that it wants.
    pub key: ServerKey,
    /// What it is loaded with.
    pub load: Load,
}

/// What a server is loaded with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// The model that is asked.
    pub model: String,
    /// How many requests, up to [`Load::MOST_REQUESTS`].
    pub requests: u32,
    /// How many of them at a time, up to [`Load::MOST_AT_ONCE`].
    pub concurrency: u32,
    /// What is asked in each; empty: words that are made up, other ones in each request, so that no
    /// prefix cache answers for the model.
    pub prompt: String,
    /// About how many tokens the made-up prompts have; 0 where a prompt is given.
    pub prompt_tokens: u32,
    /// The most tokens of an answer.
    pub max_tokens: u32,
    /// From 0 to 2; the server's default where it is absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
}

impl Load {
    /// The most requests of a test: it is a look, not a benchmark suite.
    pub const MOST_REQUESTS: u32 = 10_000;
    /// The most at a time: each is a connection through the API server.
    pub const MOST_AT_ONCE: u32 = 64;
    /// The longest made-up prompt.
    pub const MOST_PROMPT_TOKENS: u32 = 32_768;
    /// The longest answers.
    pub const MOST_OUTPUT_TOKENS: u32 = 8_192;
    /// The longest that a test may take, in seconds; what is not done then is left.
    pub const LONGEST_SECONDS: u32 = 1_800;
}

/// A trial that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneTrial {
    /// Its number.
    pub trial: String,
}

/// How one would ask a model by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ByHand {
    /// `kubectl port-forward` to the pod; empty on this machine, where the port answers as it is.
    pub forward: String,
    /// `curl` with the same request; a key stands in it as the name of a variable.
    pub curl: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_key_is_never_shown() {
        let key = ServerKey::Typed {
            key: TypedKey("sk-secret".to_owned()),
        };
        assert!(!format!("{key:?}").contains("sk-secret"));
    }
}
