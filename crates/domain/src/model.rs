//! The names that models go by: in addresses (`hf://meta-llama/Llama-3.3-70B-Instruct`), in arguments
//! (`--model=…`), in labels. The same model is written differently in each; [`key`] makes what can be
//! compared of them.

/// Arguments whose value names a model: of vLLM, SGLang, Text Generation Inference, Text Embeddings
/// Inference, Triton, TorchServe, OpenVINO, KServe's servers, and of training scripts that take
/// Hugging Face's or torchtune's words.
const ARGUMENTS: [&str; 15] = [
    "--model",
    "--model-path",
    "--model_path",
    "--model-id",
    "--model_id",
    "--model-name",
    "--model_name",
    "--model-repository",
    "--model-store",
    "--model-name-or-path",
    "--model_name_or_path",
    "--pretrained-model-name-or-path",
    "--pretrained_model_name_or_path",
    "--base-model",
    "--base_model",
];

/// Where KServe and others mount the model, whichever it is.
const MOUNTS: [&str; 2] = ["/mnt/models", "/models"];

/// The model that the arguments of a program name, as they write it.
pub fn of_arguments<'a>(arguments: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument, None),
        };
        // `vllm serve MODEL`.
        let is_named = ARGUMENTS.contains(&name) || (argument == "serve" && value.is_none());
        if !is_named {
            continue;
        }
        let value = value.or_else(|| arguments.peek().copied());
        if let Some(value) = value.filter(|value| names_a_model(value)) {
            return Some(value);
        }
    }
    None
}

fn names_a_model(value: &str) -> bool {
    !value.is_empty()
        && !value.starts_with(['-', '$'])
        && !MOUNTS.contains(&value.trim_end_matches('/'))
}

/// What of a model's name or address can be compared: its last part in lower case, without owner,
/// scheme, revision and tag. Empty where nothing is left.
///
/// A last part that only counts versions (`…/fraud/3`, `…/v2`, `…/latest`) gives way to the one before.
pub fn key(name: &str) -> String {
    let (scheme, path) = name.split_once("://").unwrap_or(("", name));
    let path = path.split(['?', '#', '@']).next().unwrap_or_default();
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let part = parts.find(|part| !is_version(part)).unwrap_or_default();
    // The tag of an image; Ollama's tags tell models of one family apart, and have no scheme.
    let part = match (scheme, part.split_once(':')) {
        ("oci" | "docker", Some((name, _))) => name,
        _ => part,
    };
    part.to_lowercase().replace([' ', '_', ':'], "-")
}

fn is_version(part: &str) -> bool {
    let number = part.strip_prefix(['v', 'V']).unwrap_or(part);
    ["latest", "main", "models", "model"].contains(&part)
        || (!number.is_empty()
            && number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// The claim that the address `uri` names: the first part of `pvc://CLAIM/path`.
pub fn claim_of(uri: &str) -> Option<&str> {
    let claim = uri.strip_prefix("pvc://")?.split('/').next()?;
    (!claim.is_empty()).then_some(claim)
}

/// Where the address `uri` lies, as far as it is no model's own name: `s3://bucket`, `hf://owner`,
/// `https://host`; nothing for what is no address.
pub fn place_of(uri: &str) -> Option<String> {
    let (scheme, path) = uri.split_once("://")?;
    let place = path.split('/').find(|part| !part.is_empty())?;
    (!scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+'))
    .then(|| format!("{}://{place}", scheme.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_stands_behind_one_of_many_arguments() {
        let of = |line: &str| of_arguments(line.split(' ')).map(str::to_owned);
        assert_eq!(
            of("--model=meta-llama/Llama-3.3-70B-Instruct --max-model-len=8192").as_deref(),
            Some("meta-llama/Llama-3.3-70B-Instruct")
        );
        assert_eq!(
            of("python -m sglang.launch_server --model-path Qwen/Qwen3-32B").as_deref(),
            Some("Qwen/Qwen3-32B")
        );
        assert_eq!(
            of("vllm serve bge-m3 --port 8000").as_deref(),
            Some("bge-m3")
        );
        assert_eq!(
            of("--model=/mnt/models --model_name=chat").as_deref(),
            Some("chat")
        );
        assert_eq!(of("--model $(MODEL) --model --port"), None);
        assert_eq!(of("etcdctl snapshot save"), None);
    }

    #[test]
    fn one_model_has_one_key_however_it_is_written() {
        let written = [
            "hf://meta-llama/Llama-3.3-70B-Instruct",
            "meta-llama/Llama-3.3-70B-Instruct",
            "llama-3.3-70b-instruct",
            "s3://models/Llama_3.3_70B_Instruct/3",
            "oci://harbor.example.com/models/llama-3.3-70b-instruct:v1",
            "pvc://models/llama-3.3-70b-instruct/latest",
        ];
        for name in written {
            assert_eq!(key(name), "llama-3.3-70b-instruct", "{name}");
        }
        assert_eq!(key("llama3:70b"), "llama3-70b");
        assert_eq!(key("s3://models/fraud/"), "fraud");
        assert_eq!(key("/v1/2"), "");
    }

    #[test]
    fn an_address_tells_its_claim_and_its_place() {
        assert_eq!(claim_of("pvc://models/llama"), Some("models"));
        assert_eq!(claim_of("s3://models/llama"), None);
        assert_eq!(
            place_of("s3://models/llama").as_deref(),
            Some("s3://models")
        );
        assert_eq!(place_of("hf://Qwen/Qwen3").as_deref(), Some("hf://Qwen"));
        assert_eq!(place_of("meta-llama/Llama"), None);
        assert_eq!(place_of("://x"), None);
    }
}
