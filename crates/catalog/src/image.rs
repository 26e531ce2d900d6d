//! Image references: their parts, the version that a tag tells, and patterns of repositories.

use crate::pattern::Pattern;

/// The parts of a reference `REPOSITORY[:TAG][@DIGEST]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageReference<'a> {
    /// Host and path, such as `nvcr.io/nvidia/k8s-device-plugin`.
    pub repository: &'a str,
    /// The tag, if one is named.
    pub tag: Option<&'a str>,
    /// The digest, if one is named.
    pub digest: Option<&'a str>,
}

impl<'a> ImageReference<'a> {
    /// Takes `image` apart. A colon before the last slash belongs to the host's port.
    pub fn parse(image: &'a str) -> Self {
        let (named, digest) = match image.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (image, None),
        };
        match named.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => Self {
                repository,
                tag: Some(tag),
                digest,
            },
            _ => Self {
                repository: named,
                tag: None,
                digest,
            },
        }
    }
}

/// The version that the tag of `image` tells: the tag without what it says of the base image
/// (`v0.17.1-ubi9` to `v0.17.1`). `None` for a tag that names no version (`latest`, `main`, a
/// commit), or where there is no tag.
pub fn version_of_image(image: &str) -> Option<&str> {
    let tag = ImageReference::parse(image).tag?;
    let digit = tag.find(|c: char| c.is_ascii_digit())?;
    let word = tag.get(..digit)?.trim_end_matches(['-', '.', '_']);
    let is_version = ["", "v", "r", "release"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word));
    let is_commit = tag.len() >= 7
        && tag.chars().all(|c| c.is_ascii_hexdigit())
        && tag.contains(|c: char| c.is_ascii_alphabetic());
    if !is_version || is_commit {
        return None;
    }
    let names_base = |(at, _): &(usize, &str)| {
        let rest = tag.get(at + 1..).unwrap_or_default();
        BASE_IMAGES.iter().any(|base| rest.starts_with(base))
    };
    let end = tag
        .match_indices(['-', '_'])
        .find(names_base)
        .map_or(tag.len(), |(at, _)| at);
    tag.get(..end)
}

/// How tags name the base image, the accelerator or the platform after the version.
const BASE_IMAGES: [&str; 20] = [
    "alpine",
    "amd64",
    "amzn",
    "arm64",
    "bookworm",
    "bullseye",
    "centos",
    "cpu",
    "cuda",
    "debian",
    "distroless",
    "gpu",
    "jammy",
    "openeuler",
    "py3",
    "python",
    "rocm",
    "slim",
    "ubi",
    "ubuntu",
];

/// The end of a repository in whole path segments. The last segment, or any whole one, may be or
/// end with `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImagePattern {
    /// From the last segment to the first.
    segments: Vec<Pattern>,
}

impl ImagePattern {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let segments = text
            .rsplit('/')
            .map(Pattern::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { segments })
    }

    /// How closely the repository of `image` fits, in literal characters; `None` where it doesn't.
    pub(crate) fn score(&self, image: &str) -> Option<usize> {
        let mut given = ImageReference::parse(image).repository.rsplit('/');
        self.segments.iter().try_fold(0, |score, wanted| {
            wanted
                .matches(given.next()?)
                .then(|| score + wanted.literal().len() + 1)
        })
    }

    /// The last segment, if it is no pattern: what an index can look up.
    pub(crate) fn last_segment(&self) -> Option<&str> {
        self.segments.first().and_then(Pattern::exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_falls_into_its_parts() {
        let parse = |image| {
            let ImageReference {
                repository,
                tag,
                digest,
            } = ImageReference::parse(image);
            (repository, tag, digest)
        };
        assert_eq!(parse("redis"), ("redis", None, None));
        assert_eq!(
            parse("localhost:5000/redis"),
            ("localhost:5000/redis", None, None)
        );
        assert_eq!(
            parse("registry.k8s.io/kueue/kueue:v0.13.2@sha256:0a1b"),
            (
                "registry.k8s.io/kueue/kueue",
                Some("v0.13.2"),
                Some("sha256:0a1b")
            )
        );
    }

    #[test]
    fn a_tag_tells_a_version_or_nothing() {
        let cases = [
            (
                "registry.k8s.io/kueue/kueue:v0.13.2@sha256:0a1b",
                Some("v0.13.2"),
            ),
            (
                "nvcr.io/nvidia/k8s-device-plugin:v0.17.1-ubi9",
                Some("v0.17.1"),
            ),
            (
                "nvcr.io/nvidia/k8s/dcgm-exporter:4.2.3-4.1.3-ubuntu22.04",
                Some("4.2.3-4.1.3"),
            ),
            ("nvcr.io/nvidia/tritonserver:25.06-py3", Some("25.06")),
            (
                "lmsysorg/sglang:v0.4.6.post1-cu124",
                Some("v0.4.6.post1-cu124"),
            ),
            (
                "minio/minio:RELEASE.2025-04-22T22-12-26Z",
                Some("RELEASE.2025-04-22T22-12-26Z"),
            ),
            ("vllm/vllm-openai:latest", None),
            ("ghcr.io/open-webui/open-webui:main", None),
            ("registry.corp/team/app:3f9c1d2e4b5a", None),
            ("registry.corp:5000/team/app", None),
            ("app@sha256:0a1b", None),
        ];
        for (image, version) in cases {
            let told = version_of_image(image);
            assert_eq!(told, version, "{image}");
        }
    }

    #[test]
    fn a_pattern_matches_whole_segments_at_the_end() {
        let fits = |pattern: &str, image| {
            ImagePattern::parse(pattern).is_ok_and(|pattern| pattern.score(image).is_some())
        };
        assert!(fits("vllm/vllm-openai", "vllm/vllm-openai:v0.10.0"));
        assert!(fits(
            "vllm/vllm-openai",
            "mirror.corp:5000/hub/vllm/vllm-openai@sha256:0a"
        ));
        assert!(!fits(
            "vllm/vllm-openai",
            "registry.corp/team/my-vllm-openai:1"
        ));
        assert!(!fits(
            "vllm/vllm-openai",
            "registry.corp/myvllm/vllm-openai:1"
        ));
        assert!(fits(
            "volcanosh/vc-*",
            "docker.io/volcanosh/vc-scheduler:v1.12.0"
        ));
        assert!(fits(
            "nvcr.io/nim/*/*",
            "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8"
        ));
        assert!(!fits("nvcr.io/nim/*/*", "nim/meta/llama"));
    }
}
