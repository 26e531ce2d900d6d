//! What the demo's models have to say. An answer depends on the question alone.

use serde_json::{Value, json};

use crate::{json, random};

/// An answer is some of these sentences, none of them twice.
const SENTENCES: [&str; 13] = [
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
    "Time to first token grows with the prompt, time per token with the batch.",
];

/// The same, asked in Chinese.
const CHINESE: [&str; 7] = [
    "调度器只在一个节点上所请求的 GPU 全部空闲时才放置 Pod。",
    "张量并行拆分每一层，所有 rank 都要等待最慢的链路。",
    "每隔几百步保存一次检查点，可以限制单个 rank 失败的代价。",
    "大量长提示词同时到达时，最先占满的是 KV 缓存。",
    "利用率只说明有内核在运行，并不说明 GPU 很忙。",
    "请求共享相同的系统提示词时，前缀缓存才有帮助。",
    "首个 token 的时间随提示词增长，每个 token 的时间随批次增长。",
];

/// What a model says to a prompt.
pub(super) struct Said {
    pub(super) tokens: Vec<String>,
    pub(super) finish: &'static str,
    prompt_tokens: usize,
}

impl Said {
    /// What it says to `prompt`, in at most as many tokens as `body` allows.
    pub(super) fn to(prompt: &str, body: &Value) -> Self {
        let hash = random::hash(prompt);
        let mut tokens = if prompt.chars().any(is_han) {
            chosen(&CHINESE, hash, "")
                .chars()
                .map(String::from)
                .collect()
        } else {
            let text = chosen(&SENTENCES, hash, " ");
            text.split_inclusive(' ')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let most = ["/max_tokens", "/max_completion_tokens"]
            .iter()
            .find_map(|field| body.pointer(field)?.as_u64())
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(usize::MAX);
        let finish = if tokens.len() > most {
            "length"
        } else {
            "stop"
        };
        tokens.truncate(most);
        Self {
            tokens,
            finish,
            prompt_tokens: count(prompt),
        }
    }

    /// Tokens of the prompt.
    pub(super) fn prompt_tokens(&self) -> usize {
        self.prompt_tokens
    }

    pub(super) fn usage(&self) -> Value {
        let (asked, said) = (self.prompt_tokens, self.tokens.len());
        json!({ "prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said })
    }
}

/// The prompt of a chat: all that was said.
pub(super) fn of_chat(messages: &[Value]) -> String {
    messages
        .iter()
        .map(|message| json::text(message, "/content"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Three to eight of `sentences`, in an order of the prompt's own.
fn chosen(sentences: &[&str], hash: u64, between: &str) -> String {
    // Both lengths are prime, so every step comes round to each of them.
    let length = sentences.len() as u64;
    let (first, step) = (hash % length, 1 + (hash >> 16) % (length - 1));
    let picked = (0..3 + (hash >> 32) % 5).map(|turn| {
        let at = usize::try_from((first + turn * step) % length).unwrap_or(0);
        sentences.get(at).copied().unwrap_or_default()
    });
    picked.collect::<Vec<_>>().join(between)
}

/// About how many tokens a text has: its words, and each letter of a language without spaces.
pub(super) fn count(text: &str) -> usize {
    text.split_whitespace().count() + text.chars().filter(|letter| is_han(*letter)).count()
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_nothing_twice_and_depends_on_the_question_alone() {
        for prompt in ["Why?", "How much memory?", "一个模型要多少显存？"] {
            let said = Said::to(prompt, &Value::Null);
            assert_eq!(said.tokens, Said::to(prompt, &Value::Null).tokens);
            assert_eq!(said.finish, "stop");
            let text = said.tokens.concat();
            let ends: Vec<&str> = text.split(['.', '。']).map(str::trim).collect();
            let sentences: Vec<&&str> = ends.iter().filter(|one| !one.is_empty()).collect();
            let mut once = sentences.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), sentences.len(), "{text}");
        }
    }

    #[test]
    fn an_answer_that_is_cut_says_so() {
        let said = Said::to("Why?", &json!({ "max_tokens": 4 }));
        assert_eq!((said.tokens.len(), said.finish), (4, "length"));
    }
}
