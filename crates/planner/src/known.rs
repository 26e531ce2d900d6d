//! Models whose configuration is at hand, by the names under which they are published.
//!
//! Names that share an architecture to the last number share an entry. A checkpoint that is published
//! in another format (`-FP8`, `-AWQ`, a GGUF file) is not the same: its own configuration says which.

macro_rules! known {
    ($($file:literal: $($name:literal),+;)*) => {
        const KNOWN: &[(&[&str], &str)] = &[$((
            &[$($name),+],
            include_str!(concat!("../../../assets/models/", $file, ".json")),
        ),)*];
    };
}

known! {
    "Qwen-Qwen3-0.6B": "qwen/qwen3-0.6b", "qwen/qwen3-0.6b-base";
    "Qwen-Qwen3-8B": "qwen/qwen3-8b", "qwen/qwen3-8b-base";
    "Qwen-Qwen3-32B": "qwen/qwen3-32b";
    "Qwen-Qwen3-30B-A3B": "qwen/qwen3-30b-a3b", "qwen/qwen3-30b-a3b-base";
    "meta-llama-Meta-Llama-3.1-8B":
        "meta-llama/meta-llama-3.1-8b", "meta-llama/llama-3.1-8b",
        "meta-llama/meta-llama-3.1-8b-instruct", "meta-llama/llama-3.1-8b-instruct";
    "meta-llama-Meta-Llama-3.1-70B":
        "meta-llama/meta-llama-3.1-70b", "meta-llama/llama-3.1-70b",
        "meta-llama/meta-llama-3.1-70b-instruct", "meta-llama/llama-3.1-70b-instruct";
    "meta-llama-Meta-Llama-3.1-405B":
        "meta-llama/meta-llama-3.1-405b", "meta-llama/llama-3.1-405b",
        "meta-llama/meta-llama-3.1-405b-instruct", "meta-llama/llama-3.1-405b-instruct";
    "mistralai-Mixtral-8x7B-v0.1":
        "mistralai/mixtral-8x7b-v0.1", "mistralai/mixtral-8x7b-instruct-v0.1";
    "deepseek-ai-DeepSeek-V3":
        "deepseek-ai/deepseek-v3", "deepseek-ai/deepseek-r1", "deepseek-ai/deepseek-v3-0324";
    "openai-gpt-oss-20b": "openai/gpt-oss-20b";
}

/// The text of the `config.json` of the model that is published under `name`, with or without
/// `hf://` and a revision. None for every other: nothing is guessed from a name.
pub fn known_config(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("hf://").unwrap_or(name);
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    let name = name.to_ascii_lowercase();
    KNOWN
        .iter()
        .find(|(names, _)| names.contains(&name.as_str()))
        .map(|(_, config)| *config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;

    #[test]
    fn every_known_configuration_can_be_read() {
        for (names, config) in KNOWN {
            Model::read(config).unwrap_or_else(|error| panic!("{names:?}: {error}"));
        }
    }

    #[test]
    fn a_model_is_found_by_the_names_that_engines_take() {
        for name in [
            "Qwen/Qwen3-8B",
            "hf://Qwen/Qwen3-8B",
            "hf://Qwen/Qwen3-8B:main",
        ] {
            assert_eq!(known_config(name), known_config("qwen/qwen3-8b"), "{name}");
            assert!(known_config(name).is_some(), "{name}");
        }
    }

    #[test]
    fn nothing_is_guessed_from_a_name() {
        for name in [
            "Qwen/Qwen3-8B-FP8",
            "someone/Qwen3-8B",
            "/models/qwen3",
            "qwen3:8b",
            "",
        ] {
            assert_eq!(known_config(name), None, "{name}");
        }
    }
}
