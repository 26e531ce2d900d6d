//! The forms that names, references and amounts have.

use std::sync::LazyLock;

use regex::Regex;

/// The ways to name a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelForm {
    /// On the Hugging Face hub: `Qwen/Qwen3-8B`.
    Hub,
    /// On the hub with one of its files: `ggml-org/Qwen3-8B-GGUF:Q4_K_M`.
    HubFile,
    /// In Ollama's library: `qwen3:8b`.
    Ollama,
    /// A path in the container: `/models/qwen3`.
    Path,
    /// `hf://Qwen/Qwen3-8B`.
    Hf,
    /// An image that holds a model: `oci://registry.example/models/qwen3:8b`.
    Oci,
    /// A PersistentVolumeClaim: `pvc://models/qwen3`.
    Pvc,
    /// `s3://bucket/path`.
    S3,
    /// `gs://bucket/path`.
    Gs,
    /// `https://example.com/model.tar.gz`.
    Https,
}

impl ModelForm {
    /// An example of it.
    pub fn example(self) -> &'static str {
        match self {
            Self::Hub => "Qwen/Qwen3-8B",
            Self::HubFile => "ggml-org/Qwen3-8B-GGUF:Q4_K_M",
            Self::Ollama => "qwen3:8b",
            Self::Path => "/models/qwen3",
            Self::Hf => "hf://Qwen/Qwen3-8B",
            Self::Oci => "oci://registry.example/models/qwen3:8b",
            Self::Pvc => "pvc://models/qwen3",
            Self::S3 => "s3://models/qwen3",
            Self::Gs => "gs://models/qwen3",
            Self::Https => "https://example.com/model.tar.gz",
        }
    }

    pub(super) fn matches(self, text: &str) -> bool {
        if text.len() > 512 || text.split('/').any(|part| part == "..") {
            return false;
        }
        let rest = |scheme: &str| text.strip_prefix(scheme);
        match self {
            Self::Hub => HUB.is_match(text),
            Self::HubFile => match text.split_once(':') {
                Some((model, file)) => HUB.is_match(model) && WORD.is_match(file),
                None => HUB.is_match(text),
            },
            Self::Ollama => OLLAMA.is_match(text),
            Self::Path => text.starts_with('/') && ADDRESS.is_match(text),
            Self::Hf => rest("hf://").is_some_and(|rest| match rest.split_once(':') {
                Some((model, revision)) => HUB.is_match(model) && WORD.is_match(revision),
                None => HUB.is_match(rest),
            }),
            Self::Oci => rest("oci://").is_some_and(is_image),
            Self::Pvc => rest("pvc://").is_some_and(|rest| {
                let (claim, path) = rest.split_once('/').unwrap_or((rest, ""));
                is_subdomain(claim) && (path.is_empty() || ADDRESS.is_match(path))
            }),
            Self::S3 => rest("s3://").is_some_and(|rest| ADDRESS.is_match(rest)),
            Self::Gs => rest("gs://").is_some_and(|rest| ADDRESS.is_match(rest)),
            Self::Https => rest("https://").is_some_and(|rest| ADDRESS.is_match(rest)),
        }
    }
}

/// A pattern that is part of the program.
#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and every one is used by a test"
)]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

macro_rules! patterns {
    ($($name:ident = $text:literal;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| pattern($text));)*
    };
}

patterns! {
    HUB = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$";
    OLLAMA = r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,3}(:[A-Za-z0-9._-]{1,128})?$";
    WORD = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$";
    ADDRESS = r"^[A-Za-z0-9._~/:@%+=,-]+$";
    // RFC 1123, as `k8s.io/apimachinery/pkg/util/validation` has it.
    LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    QUALIFIED = r"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$";
    CONFIG_KEY = r"^[-._a-zA-Z0-9]+$";
    VARIABLE = r"^[A-Za-z_][A-Za-z0-9_.-]*$";
    // The grammar of `github.com/distribution/reference`.
    IMAGE_NAME = r"^((localhost|[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)(:[0-9]{1,5})?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$";
    IMAGE_TAG = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";
    IMAGE_DIGEST = r"^[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$";
    QUANTITY = r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][0-9]{1,2})?$";
}

/// A label of RFC 1123: what most names of objects are.
pub(super) fn is_label(text: &str, max_length: usize) -> bool {
    text.len() <= max_length.min(63) && LABEL.is_match(text)
}

/// A subdomain of RFC 1123: what the longest names of objects are.
pub(super) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && SUBDOMAIN.is_match(text)
}

/// A key of a Secret or ConfigMap.
pub(super) fn is_config_key(text: &str) -> bool {
    text.len() <= 253 && CONFIG_KEY.is_match(text)
}

/// A name of an environment variable.
pub(super) fn is_variable(text: &str) -> bool {
    text.len() <= 253 && VARIABLE.is_match(text)
}

/// A key of a label.
pub(super) fn is_label_key(text: &str) -> bool {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    prefix.is_none_or(is_subdomain) && name.len() <= 63 && QUALIFIED.is_match(name)
}

/// A value of a label.
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || (text.len() <= 63 && QUALIFIED.is_match(text))
}

/// An image reference.
pub(super) fn is_image(text: &str) -> bool {
    let (named, digest) = match text.split_once('@') {
        Some((named, digest)) => (named, Some(digest)),
        None => (text, None),
    };
    let (name, tag) = match named.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (named, None),
    };
    name.len() <= 255
        && IMAGE_NAME.is_match(name)
        && tag.is_none_or(|tag| IMAGE_TAG.is_match(tag))
        && digest.is_none_or(|digest| digest.len() <= 160 && IMAGE_DIGEST.is_match(digest))
}

/// A quantity that is not negative.
pub(super) fn is_quantity(text: &str) -> bool {
    text.len() <= 32 && QUANTITY.is_match(text)
}

/// The first character that cannot be seen, or that turns the direction of what is around it.
pub(super) fn invisible(text: &str, lines: bool) -> Option<char> {
    text.chars().find(|letter| match letter {
        '\n' | '\t' => !lines,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_model_takes_its_example() {
        use ModelForm as F;
        for form in [
            F::Hub,
            F::HubFile,
            F::Ollama,
            F::Path,
            F::Hf,
            F::Oci,
            F::Pvc,
            F::S3,
            F::Gs,
            F::Https,
        ] {
            assert!(form.matches(form.example()), "{form:?}");
            for hostile in [
                "a b",
                "x\ny",
                "$(reboot)",
                "../../etc",
                "a;b",
                "\"",
                "{{x}}",
                "",
            ] {
                assert!(!form.matches(hostile), "{form:?} takes {hostile:?}");
            }
        }
    }

    #[test]
    fn images_are_read_as_a_registry_reads_them() {
        let digest = format!("a/b@sha256:{}", "0f".repeat(32));
        for image in [
            "nginx",
            "localhost:5000/a/b:1",
            "ghcr.io/a/b_c:server-cuda",
            &digest,
        ] {
            assert!(is_image(image), "{image}");
        }
        for image in [
            "",
            "a/B",
            "a:b:c",
            "a/b:",
            "a b",
            "http://a/b",
            "a@sha256:12",
            "a/../b",
        ] {
            assert!(!is_image(image), "{image}");
        }
    }

    #[test]
    fn labels_are_read_as_the_api_server_reads_them() {
        assert!(is_label_key("nvidia.com/gpu.product"));
        assert!(!is_label_key("Nvidia.com/gpu") && !is_label_key("a/b/c") && !is_label_key(""));
        assert!(is_label_value("") && is_label_value("NVIDIA-H100-80GB-HBM3"));
        assert!(!is_label_value("-a") && !is_label_value(&"a".repeat(64)));
    }

    #[test]
    fn quantities_are_not_negative_and_have_a_known_suffix() {
        assert!(
            is_quantity("16Gi") && is_quantity("500m") && is_quantity("1.5") && is_quantity("2e3")
        );
        assert!(
            !is_quantity("-1") && !is_quantity("1e999") && !is_quantity("1GiB") && !is_quantity("")
        );
    }

    #[test]
    fn what_cannot_be_seen_is_found() {
        assert_eq!(invisible("a\u{202e}b", true), Some('\u{202e}'));
        assert_eq!(invisible("a\nb", false), Some('\n'));
        assert_eq!(invisible("a\nb", true), None);
        assert_eq!(invisible("中文 ok", false), None);
        assert_eq!(invisible("\u{1b}[2J", true), Some('\u{1b}'));
    }

    #[test]
    fn names_of_variables_and_keys_are_those_of_the_api() {
        assert!(is_variable("HF_HOME") && !is_variable("1A") && !is_variable("A=B"));
        assert!(is_config_key("tls.crt") && !is_config_key("a/b"));
        assert!(is_label("a-1", 63) && !is_label("A", 63) && !is_label("abc", 2));
    }
}
