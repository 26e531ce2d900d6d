//! Images: how references read, and which of them can be pulled.
//!
//! No registry is asked. The rules: a reference must parse; hosts under the reserved names of
//! RFC 2606 do not resolve; a tag or repository that says of itself that it is not there is not; a
//! repository under `private/` wants a pull secret. Anything else is there.

use std::time::Duration;

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{json, random, store::Store};

/// Words by which a tag, a repository or a host says that it is not there.
const ABSENT: [&str; 13] = [
    "nope",
    "does-not-exist",
    "doesnotexist",
    "doesntexist",
    "nonexistent",
    "non-existent",
    "no-such",
    "not-found",
    "notfound",
    "invalid-tag",
    "broken-tag",
    "typo",
    "bad-tag",
];

/// Names that never resolve (RFC 2606 and 6761).
const RESERVED: [&str; 7] = [
    "test",
    "example",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
];

/// A reference, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Image<'a> {
    host: &'a str,
    repository: String,
    /// With its `:` or `@`.
    tag: &'a str,
}

/// Why an image cannot be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The reference does not parse.
    Invalid(String),
    /// The runtime's error.
    Pull(String),
}

impl<'a> Image<'a> {
    /// Takes `reference` apart, Docker's defaults added.
    pub(super) fn parse(reference: &'a str) -> Result<Self, String> {
        let (name, tag) = split_tag(reference);
        let (host, path) = match name.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
            _ => ("docker.io", name),
        };
        let is_official = host == "docker.io" && !path.contains('/');
        let repository = if is_official {
            format!("library/{path}")
        } else {
            path.to_owned()
        };
        if path.chars().any(|letter| letter.is_ascii_uppercase()) {
            return Err(format!(
                "invalid reference format: repository name ({repository}) must be lowercase"
            ));
        }
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
        let is_tag = |letter: char| letter.is_ascii_alphanumeric() || "._-:@".contains(letter);
        if path.is_empty()
            || !path.chars().all(is_plain)
            || !tag.chars().all(is_tag)
            || tag == ":"
            || path.split('/').any(str::is_empty)
        {
            return Err("invalid reference format".to_owned());
        }
        let tag = if tag.is_empty() { ":latest" } else { tag };
        Ok(Self {
            host,
            repository,
            tag,
        })
    }

    fn full(&self) -> String {
        format!("{}/{}{}", self.host, self.repository, self.tag)
    }

    /// The runtime's error where it cannot be pulled.
    fn refused(&self, has_secret: bool) -> Option<String> {
        let full = self.full();
        let resolve = format!(
            "failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\""
        );
        let host = self.host.split(':').next().unwrap_or(self.host);
        let is_unknown_host = RESERVED
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")))
            || ABSENT.iter().any(|word| host.contains(word));
        if is_unknown_host {
            return Some(format!(
                "rpc error: code = Unknown desc = {resolve}: failed to do request: Head \
                 \"https://{}/v2/{}/manifests/{}\": dial tcp: lookup {host} on 10.0.0.2:53: no \
                 such host",
                self.host,
                self.repository,
                self.tag.trim_start_matches([':', '@']),
            ));
        }
        let wants_secret = self.repository.starts_with("private/");
        let is_absent = |text: &str| ABSENT.iter().any(|word| text.contains(word));
        if (wants_secret && !has_secret) || is_absent(&self.repository) {
            return Some(format!(
                "rpc error: code = Unknown desc = {resolve}: pull access denied, repository does \
                 not exist or may require authorization: server message: insufficient_scope: \
                 authorization failed"
            ));
        }
        is_absent(self.tag)
            .then(|| format!("rpc error: code = NotFound desc = {resolve}: {full}: not found"))
    }
}

/// Whether `reference` can be pulled for `pod`.
pub(super) fn obstacle(store: &Store, pod: &Value, reference: &str) -> Option<Failure> {
    let image = match Image::parse(reference) {
        Ok(image) => image,
        Err(why) => {
            return Some(Failure::Invalid(format!(
                "Failed to apply default image tag \"{reference}\": couldn't parse image name \
                 \"{reference}\": {why}"
            )));
        }
    };
    let has_secret = secrets(pod).any(|name| {
        let key = ObjectKey::new(json::text(pod, "/metadata/namespace"), name);
        store.get(&GroupKind::new("", "Secret"), &key).is_some()
    });
    image.refused(has_secret).map(Failure::Pull)
}

/// The pull secrets of `pod` that are not there.
pub(super) fn missing_secrets(store: &Store, pod: &Value) -> Vec<String> {
    secrets(pod)
        .filter(|name| {
            let key = ObjectKey::new(json::text(pod, "/metadata/namespace"), *name);
            store.get(&GroupKind::new("", "Secret"), &key).is_none()
        })
        .map(str::to_owned)
        .collect()
}

fn secrets(pod: &Value) -> impl Iterator<Item = &str> {
    json::items(pod, "/spec/imagePullSecrets")
        .iter()
        .map(|secret| json::text(secret, "/name"))
}

/// What the runtime says of an image that is not there, whatever it is called.
pub(super) fn not_found(reference: &str) -> String {
    let full = Image::parse(reference).map_or_else(|_| reference.to_owned(), |image| image.full());
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{full}\": failed to \
         resolve reference \"{full}\": {full}: not found"
    )
}

/// The size of an image: large for what brings CUDA or a framework.
pub(super) fn bytes(reference: &str) -> u64 {
    const LARGE: [&str; 12] = [
        "vllm",
        "pytorch",
        "torch",
        "cuda",
        "triton",
        "nvcr.io",
        "ray",
        "tensorflow",
        "sglang",
        "megatron",
        "nemo",
        "jupyter",
    ];
    let chance = random::hash(reference);
    if LARGE.iter().any(|word| reference.contains(word)) {
        4_200_000_000 + chance % 5_000_000_000
    } else {
        4_000_000 + chance % 180_000_000
    }
}

/// How long a pull takes over a fast line: most of it is unpacking.
pub(super) fn pull_time(reference: &str) -> Duration {
    Duration::from_millis(600 + bytes(reference) / 350_000)
}

/// When an image is pulled that could be there already.
pub(super) fn is_always_pulled(container: &Value) -> bool {
    match json::text(container, "/imagePullPolicy") {
        "" => {
            let (_, tag) = split_tag(json::text(container, "/image"));
            tag.is_empty() || tag == ":latest"
        }
        policy => policy == "Always",
    }
}

/// The image's own name with the digest that its name gives.
pub(super) fn id(reference: &str) -> String {
    let (name, _) = split_tag(reference);
    let repository = Image::parse(reference).map_or_else(
        |_| name.to_owned(),
        |image| format!("{}/{}", image.host, image.repository),
    );
    format!("{repository}@sha256:{}", super::status::digest(reference))
}

/// The image as the runtime names it.
pub(super) fn resolved_name(reference: &str) -> String {
    Image::parse(reference).map_or_else(|_| reference.to_owned(), |image| image.full())
}

fn split_tag(reference: &str) -> (&str, &str) {
    if let Some(at) = reference.find('@') {
        return reference.split_at(at);
    }
    match reference.rfind(':') {
        Some(at) if !reference.get(at..).unwrap_or_default().contains('/') => {
            reference.split_at(at)
        }
        _ => (reference, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(reference: &str) -> Option<String> {
        Image::parse(reference).unwrap().refused(false)
    }

    #[test]
    fn an_absent_tag_is_told_in_the_runtimes_words() {
        assert_eq!(
            why("nginx:nope").unwrap(),
            "rpc error: code = NotFound desc = failed to pull and unpack image \
             \"docker.io/library/nginx:nope\": failed to resolve reference \
             \"docker.io/library/nginx:nope\": docker.io/library/nginx:nope: not found"
        );
    }

    #[test]
    fn reserved_hosts_do_not_resolve_and_real_ones_do() {
        assert!(
            why("registry.example.com/a/b:1")
                .unwrap()
                .ends_with("no such host")
        );
        assert_eq!(why("ghcr.io/acme/app:v1"), None);
        assert_eq!(why("localregistry.io:5000/app"), None);
    }

    #[test]
    fn a_reference_in_capitals_is_invalid() {
        assert_eq!(
            Image::parse("Nginx"),
            Err(
                "invalid reference format: repository name (library/Nginx) must be lowercase"
                    .to_owned()
            )
        );
    }
}
