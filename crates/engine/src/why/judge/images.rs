//! Why an image cannot be had.

use serde_json::Value;
use strata_api::{
    explanation::ReasonCode,
    phrases::{Phrase, PhraseCode},
};

use super::{
    super::{
        case::{Case, Known},
        read,
        words::{brief, finding, of_event, say},
    },
    Findings, Found,
};

/// The kubelet's words for a container that waits for its image.
const WAITING: [&str; 7] = [
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
];

/// Judges the images of a pod. True where one of them is missing.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let statuses = read::list(pod, "/status/initContainerStatuses")
        .iter()
        .chain(read::list(pod, "/status/containerStatuses"));
    for status in statuses {
        let reason = read::text(status, "/state/waiting/reason");
        if WAITING.contains(&reason) {
            findings.add_pod(pull(case, pod, status, reason));
            return true;
        }
    }
    false
}

fn pull(case: &Case, pod: &Value, status: &Value, reason: &str) -> Found {
    let container = read::text(status, "/name");
    let image = image(pod, status);
    let waiting = read::text(status, "/state/waiting/message");
    // While it backs off, the kubelet's message may say only that; the event has the cause.
    let event = case.events_of(pod).find(|event| {
        let message = read::text(event, "/message");
        [
            "Failed to pull image",
            "Failed to inspect image",
            "Failed to apply default image",
        ]
        .iter()
        .any(|begin| message.starts_with(begin))
            && message.contains(image)
    });
    let cause = event.map_or(waiting, |event| read::text(event, "/message"));
    let secret = missing_secret(case, pod);
    let (code, phrase, action) = match reason {
        "InvalidImageName" => (
            ReasonCode::ImageName,
            say(PhraseCode::WhyImageName),
            say(PhraseCode::ActImageName),
        ),
        "ErrImageNeverPull" => (
            ReasonCode::ImageNeverPulled,
            say(PhraseCode::WhyImageNeverPulled),
            say(PhraseCode::ActImageNeverPulled),
        ),
        _ => classify(cause, secret),
    };
    let sentence = phrase
        .with("image", image)
        .with("message", brief(cause))
        .with("node", read::text(pod, "/spec/nodeName"));
    let field = format!("status.containerStatuses[{container}].state.waiting");
    let said = format!("{reason}: {waiting}");
    let secret = secret.map(|name| finding(pod, "spec.imagePullSecrets", name));
    Found::new(code, sentence, action)
        .because(finding(pod, &field, &said))
        .also(event.map(|event| of_event(case, pod, event)))
        .also(secret)
}

/// The image as the pod's spec asks for it: its status may have the runtime's name.
fn image<'a>(pod: &'a Value, status: &'a Value) -> &'a str {
    let name = read::text(status, "/name");
    read::list(pod, "/spec/initContainers")
        .iter()
        .chain(read::list(pod, "/spec/containers"))
        .find(|container| read::text(container, "/name") == name)
        .map_or_else(
            || read::text(status, "/image"),
            |container| read::text(container, "/image"),
        )
}

/// A pull secret that the pod names and that is not there.
fn missing_secret<'a>(case: &Case, pod: &'a Value) -> Option<&'a str> {
    read::list(pod, "/spec/imagePullSecrets")
        .iter()
        .map(|secret| read::text(secret, "/name"))
        .find(|name| {
            let known = case.known("", "Secret", read::namespace(pod), name);
            matches!(known, Known::Absent)
        })
}

/// What a runtime's error means: registries and runtimes word it differently.
fn classify(cause: &str, missing_secret: Option<&str>) -> (ReasonCode, Phrase, Phrase) {
    let cause = cause.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    let is_denied = says(&[
        "unauthorized",
        "401",
        "403 forbidden",
        "access denied",
        "denied:",
        "authentication required",
        "authorization failed",
        "insufficient_scope",
        "no basic auth credentials",
    ]);
    if is_denied {
        return match missing_secret {
            Some(secret) => (
                ReasonCode::ImageAuth,
                say(PhraseCode::WhyPullSecretMissing).with("secret", secret),
                say(PhraseCode::ActCreate)
                    .with("kind", "Secret")
                    .with("name", secret),
            ),
            None => (
                ReasonCode::ImageAuth,
                say(PhraseCode::WhyImageAuth),
                say(PhraseCode::ActImage),
            ),
        };
    }
    if says(&[
        "not found",
        "manifest unknown",
        "notfound",
        "does not exist",
    ]) && !says(&["no such host"])
    {
        return (
            ReasonCode::ImageMissing,
            say(PhraseCode::WhyImageMissing),
            say(PhraseCode::ActImageName),
        );
    }
    let is_unreachable = says(&[
        "no such host",
        "dial tcp",
        "i/o timeout",
        "connection refused",
        "connection reset",
        "tls handshake",
        "x509",
        "deadline exceeded",
        "server misbehaving",
        "no route to host",
    ]);
    if is_unreachable {
        return (
            ReasonCode::RegistryUnreachable,
            say(PhraseCode::WhyRegistry),
            say(PhraseCode::ActRegistry),
        );
    }
    (
        ReasonCode::ImagePull,
        say(PhraseCode::PodImagePull),
        say(PhraseCode::ActImage),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtimes_errors_are_told_apart() {
        let cases = [
            (
                "rpc error: code = NotFound desc = docker.io/library/nginx:nope: not found",
                ReasonCode::ImageMissing,
            ),
            (
                "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
                ReasonCode::ImageAuth,
            ),
            (
                "failed to do request: Head \"https://r.example.com/v2/a\": dial tcp: lookup r.example.com on 10.0.0.2:53: no such host",
                ReasonCode::RegistryUnreachable,
            ),
            (
                "toomanyrequests: You have reached your pull rate limit",
                ReasonCode::ImagePull,
            ),
        ];
        for (cause, code) in cases {
            assert_eq!(classify(cause, None).0, code, "{cause}");
        }
    }
}
