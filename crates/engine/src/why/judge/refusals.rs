//! Why the API server does not take a controller's pods, read from its refusal.
//!
//! Source of the words: the admission plugins of `k8s.io/kubernetes/plugin/pkg/admission`,
//! `k8s.io/apiserver/pkg/admission/plugin/webhook` and `k8s.io/pod-security-admission` at 1.36.

use strata_api::{
    explanation::ReasonCode,
    phrases::{Phrase, PhraseCode},
};

use super::{
    super::words::{brief, say},
    Found,
};

/// The reason that a refusal is.
pub(super) fn of(message: &str) -> Found {
    let (code, sentence, action) = classify(message);
    let found = Found::new(code, sentence, action);
    let may_pass = matches!(
        code,
        ReasonCode::QuotaExceeded | ReasonCode::WebhookUnreachable | ReasonCode::PodRefused
    );
    if may_pass { found } else { found.futile() }
}

fn classify(message: &str) -> (ReasonCode, Phrase, Phrase) {
    if let Some(quota) = between(message, "exceeded quota: ", ", ") {
        return over_quota(message, quota);
    }
    if let Some((quota, amounts)) = failed_quota(message) {
        return (
            ReasonCode::QuotaWantsAmounts,
            say(PhraseCode::WhyQuotaWantsAmounts)
                .with("quota", quota)
                .with("amounts", amounts),
            say(PhraseCode::ActStateAmounts),
        );
    }
    if let Some((webhook, said)) = split(message, "admission webhook \"", "\" denied the request") {
        return (
            ReasonCode::WebhookDenied,
            say(PhraseCode::WhyWebhookDenied)
                .with("webhook", webhook)
                .with("message", brief(said.trim_start_matches([':', ' ']))),
            say(PhraseCode::ActWebhookDenied).with("webhook", webhook),
        );
    }
    if let Some((webhook, said)) = split(message, "failed calling webhook \"", "\"") {
        return (
            ReasonCode::WebhookUnreachable,
            say(PhraseCode::WhyWebhookUnreachable)
                .with("webhook", webhook)
                .with("message", brief(said.trim_start_matches([':', ' ']))),
            say(PhraseCode::ActWebhookUnreachable).with("webhook", webhook),
        );
    }
    others(message)
}

fn others(message: &str) -> (ReasonCode, Phrase, Phrase) {
    let reason = message
        .split_once("is forbidden: ")
        .map_or(message, |(_, reason)| reason);
    let said = |phrase: PhraseCode| say(phrase).with("message", brief(reason));
    if message.contains("error looking up service account") {
        let name = between(message, "serviceaccount \"", "\"").unwrap_or_default();
        return (
            ReasonCode::ServiceAccountMissing,
            not_there("ServiceAccount", name),
            create("ServiceAccount", name),
        );
    }
    if message.contains("violates PodSecurity") {
        return (
            ReasonCode::PodSecurity,
            said(PhraseCode::WhyPodSecurity),
            say(PhraseCode::ActPodSecurity),
        );
    }
    if let Some(name) = between(message, "no PriorityClass with name ", " was found") {
        return (
            ReasonCode::PriorityClassMissing,
            not_there("PriorityClass", name),
            create("PriorityClass", name),
        );
    }
    if let Some(name) = between(message, "RuntimeClass \"", "\" not found") {
        return (
            ReasonCode::RuntimeClassMissing,
            not_there("RuntimeClass", name),
            create("RuntimeClass", name),
        );
    }
    if message.contains("because it is being terminated") {
        return (
            ReasonCode::NamespaceEnding,
            say(PhraseCode::WhyNamespaceEnding),
            say(PhraseCode::ActOtherNamespace),
        );
    }
    if is_limit_range(reason) {
        return (
            ReasonCode::LimitRange,
            said(PhraseCode::WhyLimitRange),
            say(PhraseCode::ActLimitRange),
        );
    }
    if message.contains("cannot create resource") {
        return (
            ReasonCode::CreationForbidden,
            said(PhraseCode::WhyCreationForbidden),
            say(PhraseCode::ActGrant),
        );
    }
    (
        ReasonCode::PodRefused,
        said(PhraseCode::WhyPodRefused),
        say(PhraseCode::ActSpec),
    )
}

/// `minimum cpu usage per Container is 100m, but request is 50m`, and its siblings.
fn is_limit_range(reason: &str) -> bool {
    let begins = ["minimum ", "maximum ", "[minimum ", "[maximum "]
        .iter()
        .any(|word| reason.starts_with(word));
    let is_ratio = reason.contains("max limit to request ratio per");
    (begins && (reason.contains(" usage per ") || reason.contains(" per "))) || is_ratio
}

/// `exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2`.
fn over_quota(message: &str, quota: &str) -> (ReasonCode, Phrase, Phrase) {
    let requested = between(message, "requested: ", ", used: ").unwrap_or_default();
    let used = between(message, ", used: ", ", limited: ").unwrap_or_default();
    let limited = message
        .split_once(", limited: ")
        .map_or("", |(_, limited)| limited);
    (
        ReasonCode::QuotaExceeded,
        say(PhraseCode::WhyQuotaExceeded)
            .with("quota", quota)
            .with("requested", requested)
            .with("used", used)
            .with("limited", limited),
        say(PhraseCode::ActQuota).with("quota", quota),
    )
}

/// `failed quota: q: must specify limits.cpu for: main; limits.memory for: main`.
fn failed_quota(message: &str) -> Option<(&str, &str)> {
    let (_, rest) = message.split_once("failed quota: ")?;
    let (quota, rest) = rest.split_once(": ")?;
    Some((quota, rest.strip_prefix("must specify ")?))
}

fn not_there(kind: &str, name: &str) -> Phrase {
    say(PhraseCode::WhyNotThere)
        .with("kind", kind)
        .with("name", name)
}

fn create(kind: &str, name: &str) -> Phrase {
    say(PhraseCode::ActCreate)
        .with("kind", kind)
        .with("name", name)
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    split(text, from, to).map(|(found, _)| found)
}

/// What stands between `from` and `to`, and what comes after.
fn split<'a>(text: &'a str, from: &str, to: &str) -> Option<(&'a str, &'a str)> {
    text.split_once(from)?.1.split_once(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart_in_the_servers_own_words() {
        let cases = [
            (
                "pods \"a-\" is forbidden: exceeded quota: team, requested: requests.nvidia.com/gpu=8, used: requests.nvidia.com/gpu=4, limited: requests.nvidia.com/gpu=8",
                ReasonCode::QuotaExceeded,
            ),
            (
                "pods \"a\" is forbidden: failed quota: team: must specify limits.cpu for: main",
                ReasonCode::QuotaWantsAmounts,
            ),
            (
                "pods \"a\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi",
                ReasonCode::LimitRange,
            ),
            (
                "pods \"a-\" is forbidden: error looking up service account ns/robot: serviceaccount \"robot\" not found",
                ReasonCode::ServiceAccountMissing,
            ),
            (
                "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\": privileged (container \"c\" must not set ...)",
                ReasonCode::PodSecurity,
            ),
            (
                "pods \"a\" is forbidden: no PriorityClass with name urgent was found",
                ReasonCode::PriorityClassMissing,
            ),
            (
                "pods \"a\" is forbidden: pod rejected: RuntimeClass \"kata\" not found",
                ReasonCode::RuntimeClassMissing,
            ),
            (
                "admission webhook \"policy.example.com\" denied the request: no latest tags",
                ReasonCode::WebhookDenied,
            ),
            (
                "Internal error occurred: failed calling webhook \"policy.example.com\": failed to call webhook: Post \"https://policy.ns.svc:443/\": service \"policy\" not found",
                ReasonCode::WebhookUnreachable,
            ),
            (
                "pods is forbidden: User \"system:serviceaccount:ray:op\" cannot create resource \"pods\" in API group \"\" in the namespace \"ns\"",
                ReasonCode::CreationForbidden,
            ),
            (
                "Pod \"a\" is invalid: spec.containers[0].image: Required value",
                ReasonCode::PodRefused,
            ),
        ];
        for (message, code) in cases {
            assert_eq!(of(message).reason.code, code, "{message}");
        }
    }

    #[test]
    fn a_quota_is_told_with_what_is_used_of_it() {
        let found = of(
            "pods \"a-\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2",
        );
        let said = found.reason.sentence.english();
        for part in ["team", "pods=1", "pods=2"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
