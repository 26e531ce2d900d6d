//! Commands about models: what they take, and how they serve.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use strata_app::planner::Dtype;

use super::{
    Output, Target, Told,
    values::{bytes, part, ranks, seconds},
};

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// The model's `config.json`.
    #[arg(value_name = "CONFIG.json")]
    pub(crate) config: PathBuf,

    /// The format of the weights: fp32, bf16, fp16, fp8, int8, int4, nf4, mxfp4, nvfp4. Without it, the
    /// checkpoint's own.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) weights: Option<Dtype>,

    /// The format of the key-value cache; bf16 unless said.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) kv: Option<Dtype>,

    /// Over how many GPUs each layer is split.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks())]
    pub(crate) tensor_parallel: u64,

    /// Over how many GPUs the layers are split.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks())]
    pub(crate) pipeline_parallel: u64,

    /// Tokens of a request or a training sequence; 8192 unless said, or the model's own limit where
    /// that is less.
    #[arg(long, value_name = "TOKENS")]
    pub(crate) context: Option<u64>,

    /// Requests at a time, or sequences on a GPU.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) concurrency: u64,

    /// A GPU's memory, in bytes or as 80GiB, 81559MiB, 80GB.
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) gpu_memory: Option<u64>,

    /// The part of a GPU's memory that the engine takes; vLLM's default is 0.92.
    #[arg(long, value_name = "PART", default_value = "0.92", value_parser = part)]
    gpu_memory_utilization: u64,

    /// Plans training instead of serving.
    #[arg(long, value_enum)]
    pub(crate) train: Option<Train>,

    /// What ZeRO shards: 0 nothing, 1 optimizer states, 2 gradients too, 3 parameters too.
    #[arg(long, value_name = "STAGE", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3), requires = "train")]
    pub(crate) zero: u8,

    /// GPUs that a training is spread over.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks(), requires = "train")]
    pub(crate) gpus: u64,

    /// The rank of LoRA's adapters.
    #[arg(long, value_name = "N", default_value_t = 16, requires = "train")]
    pub(crate) rank: u64,

    /// Asks the cluster of this context as well: on which GPUs it fits now, after what, or never, and
    /// over how many it has to be split.
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) on: Option<String>,

    /// Asks the GPUs of this machine as well: whether it fits beside what is on them now, and over how
    /// many it has to be split.
    #[arg(long, conflicts_with = "on")]
    pub(crate) here: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

impl Fit {
    /// The part of a GPU's memory that the engine takes, in thousandths.
    pub(crate) fn utilization(&self) -> u64 {
        self.gpu_memory_utilization
    }
}

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Train {
    /// Every parameter.
    Full,
    /// Adapters beside frozen weights in 16 bits.
    Lora,
    /// Adapters beside frozen weights in 4 bits.
    Qlora,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct TryModel {
    /// What serves it, as NAME or KIND/NAME: `chat-assist`, `deployment/vllm`.
    #[arg(value_name = "TARGET", value_parser = named)]
    pub(crate) target: Option<Named>,

    /// What is asked; `-` reads it from standard input.
    #[arg(
        long,
        short,
        value_name = "TEXT",
        required_unless_present = "list",
        requires = "target"
    )]
    pub(crate) prompt: Option<String>,

    /// Lists what can be tried.
    #[arg(long, conflicts_with_all = ["target", "prompt"])]
    pub(crate) list: bool,

    /// What is said before, as the system's message.
    #[arg(long, value_name = "TEXT", conflicts_with = "completion")]
    pub(crate) system: Option<String>,

    /// Has the text gone on with, instead of answered (`/completions`).
    #[arg(long)]
    pub(crate) completion: bool,

    /// The most tokens of the answer. Without it, the server's own limit.
    #[arg(long, value_name = "N")]
    pub(crate) max_tokens: Option<u32>,

    /// From 0 to 2. Without it, the server's own.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) temperature: Option<f64>,

    /// Waits for the whole answer, instead of showing it as it comes.
    #[arg(long)]
    pub(crate) no_stream: bool,

    /// Instead, tells how to ask the same with kubectl and curl.
    #[arg(long)]
    pub(crate) curl: bool,

    #[command(flatten)]
    pub(crate) server: ServerArguments,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

#[derive(Debug, Args)]
pub(crate) struct LoadTest {
    /// What serves the model, as NAME or KIND/NAME; `strata try --list` lists what there is.
    #[arg(value_name = "TARGET", value_parser = named)]
    pub(crate) target: Named,

    /// How many requests.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) requests: u32,

    /// How many of them at a time.
    #[arg(long, value_name = "C", default_value_t = 4)]
    pub(crate) concurrency: u32,

    /// What is asked in each. Without it, words that are made up, other ones each time.
    #[arg(long, short, value_name = "TEXT", conflicts_with = "prompt_tokens")]
    pub(crate) prompt: Option<String>,

    /// About how many tokens a made-up prompt has.
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub(crate) prompt_tokens: u32,

    /// The most tokens of an answer.
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub(crate) max_tokens: u32,

    /// From 0 to 2. Without it, the server's own.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) temperature: Option<f64>,

    #[command(flatten)]
    pub(crate) server: ServerArguments,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

/// Where a model is served, and what its server wants.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// The model, as the server names it. Without it, the first that it tells of.
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,

    /// The Secret beside the server whose field is its key; it is read at the time, and kept nowhere.
    #[arg(long, value_name = "SECRET/FIELD", value_parser = secret, conflicts_with = "key_from")]
    pub(crate) key_secret: Option<(String, String)>,

    /// The environment variable that holds the key.
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) key_from: Option<String>,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The namespace. Without it, all of them where only one has the name.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// How many seconds to wait for the lists.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

/// A name, and the kind that was said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The kind, in any case; empty: any.
    pub(crate) kind: String,
    /// The name.
    pub(crate) name: String,
}

/// `NAME` or `KIND/NAME`.
fn named(text: &str) -> Result<Named, String> {
    let (kind, name) = text.split_once('/').unwrap_or(("", text));
    let is_odd = name.is_empty() || name.contains('/') || (kind.is_empty() && text.contains('/'));
    if is_odd {
        return Err(format!(
            "`{text}` names nothing; write NAME, or KIND/NAME such as deployment/vllm"
        ));
    }
    Ok(Named {
        kind: kind.to_owned(),
        name: name.to_owned(),
    })
}

/// `SECRET/FIELD`.
fn secret(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((secret, field)) if !secret.is_empty() && !field.is_empty() => {
            Ok((secret.to_owned(), field.to_owned()))
        }
        _ => Err(format!(
            "`{text}` names no field of a Secret; write SECRET/FIELD, such as llm-key/api-key"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_name_with_or_without_its_kind() {
        let target = |kind: &str, name: &str| Named {
            kind: kind.to_owned(),
            name: name.to_owned(),
        };
        assert_eq!(named("chat"), Ok(target("", "chat")));
        assert_eq!(named("deployment/chat"), Ok(target("deployment", "chat")));
        for wrong in ["", "/", "/chat", "deployment/", "a/b/c"] {
            named(wrong).unwrap_err();
        }
    }
}
