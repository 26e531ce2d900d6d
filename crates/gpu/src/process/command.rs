//! A command line as it may be shown: one line, without what looks like a secret.
//!
//! Keys of APIs are passed to serving engines as arguments (`vllm serve --api-key …`), where every
//! user of the machine can read them; Strata's rows, reports and recordings travel further.

use std::borrow::Cow;

/// What is written in place of a secret.
const HIDDEN: &str = "…";
/// A longer command line is cut: some carry whole scripts.
const MOST: usize = 400;

/// How keys begin whose makers let them be known by that: Hugging Face, OpenAI, GitHub, GitLab, NVIDIA, AWS.
const KEYS: [&str; 7] = [
    "hf_",
    "sk-",
    "ghp_",
    "github_pat_",
    "glpat-",
    "nvapi-",
    "AKIA",
];
/// The shortest of them.
const KEY_LENGTH: usize = 16;

/// Names of arguments whose values are not shown.
const SECRETS: [&str; 6] = ["key", "token", "password", "passwd", "secret", "credential"];

/// The arguments of `/proc/PID/cmdline` as a line; `None` where there are none.
pub(super) fn line(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let arguments: Vec<&str> = text
        .split('\0')
        .filter(|argument| !argument.is_empty())
        .collect();
    let mut line = String::new();
    let mut hides_next = false;
    for argument in arguments {
        if !line.is_empty() {
            line.push(' ');
        }
        if hides_next && !argument.starts_with('-') {
            line.push_str(HIDDEN);
            hides_next = false;
            continue;
        }
        hides_next = false;
        match argument.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                line.push_str(name);
                line.push('=');
                line.push_str(HIDDEN);
            }
            _ => {
                hides_next = argument.starts_with('-') && is_secret(argument);
                line.push_str(&without_secret(argument));
            }
        }
    }
    if line.len() > MOST {
        let cut = (0..=MOST)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0);
        line.truncate(cut);
        line.push('…');
    }
    (!line.is_empty()).then_some(line)
}

/// An argument, or its value, without a key or the credentials of an address.
fn without_secret(argument: &str) -> Cow<'_, str> {
    let value = argument
        .split_once('=')
        .map_or(argument, |(_, value)| value);
    if value.len() >= KEY_LENGTH && KEYS.iter().any(|key| value.starts_with(key)) {
        return Cow::Owned(argument.replace(value, HIDDEN));
    }
    if let Some((before, after)) = argument.split_once("://")
        && let Some((who, host)) = after.split_once('@')
        && who.contains(':')
        && !who.contains('/')
    {
        return Cow::Owned(format!("{before}://{HIDDEN}@{host}"));
    }
    Cow::Borrowed(argument)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // `--max-num-batched-tokens`, `--tokenizer` and their like are no secrets.
    let words = name.split(|mark: char| !mark.is_ascii_alphanumeric());
    words
        .into_iter()
        .any(|word| SECRETS.contains(&word) || word == "apikey")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(arguments: &[&str], expected: &str) {
        let raw = arguments.join("\0") + "\0";
        assert_eq!(line(raw.as_bytes()).as_deref(), Some(expected));
    }

    #[test]
    fn arguments_are_one_line() {
        shown(
            &[
                "python",
                "-m",
                "vllm.entrypoints.openai.api_server",
                "--tokenizer",
                "a",
            ],
            "python -m vllm.entrypoints.openai.api_server --tokenizer a",
        );
        assert_eq!(line(b""), None);
    }

    #[test]
    fn what_looks_like_a_secret_is_left_out() {
        shown(
            &["vllm", "serve", "--api-key", "sk-1"],
            "vllm serve --api-key …",
        );
        shown(
            &["x", "--hf-token=hf_abc", "--port", "8"],
            "x --hf-token=… --port 8",
        );
        shown(&["env", "HF_TOKEN=hf_abc", "run"], "env HF_TOKEN=… run");
        shown(
            &["x", "--max-num-batched-tokens", "8192"],
            "x --max-num-batched-tokens 8192",
        );
    }

    #[test]
    fn a_key_without_a_name_and_the_credentials_of_an_address_are_left_out() {
        shown(
            &["huggingface-cli", "login", "hf_AbCdEfGhIjKlMnOp"],
            "huggingface-cli login …",
        );
        shown(&["x", "--auth=nvapi-0123456789abcdef"], "x --auth=…");
        shown(
            &["mlflow", "--uri=postgresql://ada:pass@db:5432/runs?a=b"],
            "mlflow --uri=postgresql://…@db:5432/runs?a=b",
        );
        shown(
            &["curl", "https://db:5432/a@b", "sk-ip"],
            "curl https://db:5432/a@b sk-ip",
        );
    }

    #[test]
    fn a_long_line_is_cut_between_letters() {
        let raw = "é".repeat(600);
        let cut = line(raw.as_bytes()).unwrap();
        assert!(cut.ends_with('…') && cut.len() <= MOST + 3);
    }
}
