//! Refusals that are the will of a policy: its name and its own words, found in what the API server
//! says.
//!
//! The forms are those of Kubernetes 1.36: `apiserver/pkg/admission/plugin/policy/validating`,
//! `.../webhook/errors` and `pod-security-admission/admission`.

use strata_api::phrases::{Phrase, PhraseCode};

/// Which policy did not let `object` through, and why; none where `message` tells of no policy.
pub(crate) fn denial(message: &str, object: &str) -> Option<Phrase> {
    let (code, (name, name_of), rest) = by_policy(message)
        .or_else(|| by_webhook(message))
        .or_else(|| by_silent_webhook(message))
        .or_else(|| by_pod_security(message))?;
    Some(
        Phrase::new(code)
            .with(name, name_of)
            .with("object", object)
            .with("message", rest),
    )
}

type Found<'a> = (PhraseCode, (&'static str, &'a str), &'a str);

fn by_policy(message: &str) -> Option<Found<'_>> {
    let (_, rest) = message.split_once("ValidatingAdmissionPolicy '")?;
    let (name, rest) = rest.split_once('\'')?;
    let (_, said) = rest.split_once("denied request: ")?;
    Some((PhraseCode::PolicyDenies, ("policy", name), said))
}

fn by_webhook(message: &str) -> Option<Found<'_>> {
    let (_, rest) = message.split_once("admission webhook \"")?;
    let (name, rest) = rest.split_once('"')?;
    let said = rest.split_once("denied the request")?.1;
    let said = said.trim_start_matches([':', ' ']);
    Some((PhraseCode::WebhookDenies, ("webhook", name), said))
}

fn by_silent_webhook(message: &str) -> Option<Found<'_>> {
    let (_, rest) = message.split_once("failed calling webhook \"")?;
    let (name, rest) = rest.split_once('"')?;
    let said = rest.trim_start_matches([':', ' ']);
    Some((PhraseCode::WebhookSilent, ("webhook", name), said))
}

fn by_pod_security(message: &str) -> Option<Found<'_>> {
    let rest = ["violates PodSecurity \"", "violate PodSecurity \""]
        .iter()
        .find_map(|words| message.split_once(words))?
        .1;
    let (level, rest) = rest.split_once('"')?;
    let said = rest.trim_start_matches([':', ' ']);
    Some((PhraseCode::PodSecurityDenies, ("level", level), said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(message: &str) -> Option<String> {
        denial(message, "Deployment a/web").map(|phrase| phrase.english())
    }

    #[test]
    fn a_policy_is_named_with_its_message() {
        assert_eq!(
            said(
                "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'few-replicas' with \
                 binding 'few-replicas-everywhere' denied request: at most 5 replicas"
            )
            .unwrap(),
            "The policy few-replicas does not let Deployment a/web through: at most 5 replicas"
        );
        assert_eq!(
            said(
                "admission webhook \"validate.kyverno.svc-fail\" denied the request: no latest tag"
            )
            .unwrap(),
            "The webhook validate.kyverno.svc-fail refuses Deployment a/web: no latest tag"
        );
        assert_eq!(
            said(
                "Internal error occurred: failed calling webhook \"mwebhook.kb.io\": failed to call \
                 webhook: Post \"https://kueue\": context deadline exceeded"
            )
            .unwrap(),
            "The webhook mwebhook.kb.io has to be asked about Deployment a/web and does not answer: \
             failed to call webhook: Post \"https://kueue\": context deadline exceeded"
        );
        assert_eq!(
            said(
                "pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot \
                 != true (pod or container \"main\" must set securityContext.runAsNonRoot=true)"
            )
            .unwrap(),
            "Pod Security restricted:latest does not let Deployment a/web through: runAsNonRoot != \
             true (pod or container \"main\" must set securityContext.runAsNonRoot=true)"
        );
    }

    #[test]
    fn other_refusals_are_no_policy() {
        assert_eq!(said("pods \"a\" is forbidden: exceeded quota: small"), None);
        assert_eq!(said(""), None);
    }
}
