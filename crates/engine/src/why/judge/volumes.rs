//! Volumes: claims that are not there or not bound, and what cannot be attached or mounted.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::{
        case::{Case, Known},
        read,
        words::{brief, date, finding, of_event, say},
    },
    Findings, Found,
};

/// The claims of a pod's volumes, by name; those of ephemeral volumes are named after the pod.
pub(crate) fn claims(pod: &Value) -> impl Iterator<Item = String> {
    read::list(pod, "/spec/volumes")
        .iter()
        .filter_map(|volume| {
            let named = read::text(volume, "/persistentVolumeClaim/claimName");
            if !named.is_empty() {
                return Some(named.to_owned());
            }
            volume.get("ephemeral")?;
            Some(format!(
                "{}-{}",
                read::name(pod),
                read::text(volume, "/name")
            ))
        })
}

/// Judges the claims of a pod without a node. True where one keeps it from every node.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let mut is_held = false;
    for name in claims(pod) {
        match case.known("", "PersistentVolumeClaim", read::namespace(pod), &name) {
            Known::Absent => {
                let sentence = say(PhraseCode::WhyNotThere)
                    .with("kind", "PersistentVolumeClaim")
                    .with("name", name.as_str());
                let act = say(PhraseCode::ActCreate)
                    .with("kind", "PersistentVolumeClaim")
                    .with("name", name.as_str());
                let found = Found::new(ReasonCode::ClaimMissing, sentence, act);
                let event = case.event(pod, &["FailedScheduling"]);
                findings.add_pod(
                    found
                        .because(finding(pod, "spec.volumes", &name))
                        .also(event.map(|event| of_event(case, pod, event))),
                );
                is_held = true;
            }
            Known::There(claim) => is_held |= judge_claim(case, claim, findings),
            Known::Unknown => {}
        }
    }
    is_held
}

/// Judges a claim by itself. True where it is not bound, and not only because no pod needs it yet.
pub(super) fn judge_claim(case: &Case, claim: &Value, findings: &mut Findings) -> bool {
    match read::text(claim, "/status/phase") {
        "Bound" => return false,
        "Lost" => {
            let volume = read::text(claim, "/spec/volumeName");
            let sentence = say(PhraseCode::WhyClaimLost)
                .with("claim", read::name(claim))
                .with("volume", volume);
            let found = Found::new(ReasonCode::ClaimLost, sentence, say(PhraseCode::ActVolume));
            findings.add_pod(
                found
                    .because(finding(claim, "status.phase", "Lost"))
                    .futile(),
            );
            return true;
        }
        _ => {}
    }
    let class = claim
        .pointer("/spec/storageClassName")
        .and_then(Value::as_str);
    let failed = case.event(claim, &["ProvisioningFailed"]);
    let name = class.filter(|name| !name.is_empty());
    let known = name.map(|name| case.known("storage.k8s.io", "StorageClass", "", name));
    if let (Some(name), Some(Known::Absent)) = (name, known) {
        let sentence = say(PhraseCode::WhyStorageClassMissing)
            .with("class", name)
            .with("claim", read::name(claim));
        let act = say(PhraseCode::ActCreate)
            .with("kind", "StorageClass")
            .with("name", name);
        let found = Found::new(ReasonCode::StorageClassMissing, sentence, act);
        findings.add_pod(
            found
                .because(finding(claim, "spec.storageClassName", name))
                .also(failed.map(|event| of_event(case, claim, event)))
                .futile(),
        );
        return true;
    }
    if let Some(event) = failed {
        let sentence = say(PhraseCode::WhyProvisioning)
            .with("claim", read::name(claim))
            .with("message", brief(read::text(event, "/message")));
        let found = Found::new(
            ReasonCode::ProvisioningFailed,
            sentence,
            say(PhraseCode::ActStorage),
        );
        findings.add_pod(found.because(of_event(case, claim, event)));
        return true;
    }
    if let Some(Known::There(class)) = known
        && read::text(class, "/volumeBindingMode") == "WaitForFirstConsumer"
        && read::text(class, "/provisioner") != "kubernetes.io/no-provisioner"
    {
        return false;
    }
    findings.add_pod(unbound(case, claim, name));
    true
}

/// No volume suits the claim, and nobody makes one.
fn unbound(case: &Case, claim: &Value, class: Option<&str>) -> Found {
    let event = case.event(
        claim,
        &[
            "FailedBinding",
            "ExternalProvisioning",
            "WaitForPodScheduled",
            "WaitForFirstConsumer",
        ],
    );
    let message = event.map_or("", |event| read::text(event, "/message"));
    let sentence = if message.is_empty() {
        say(PhraseCode::WhyClaimUnbound)
    } else {
        say(PhraseCode::WhyClaimUnboundWhy).with("message", brief(message))
    };
    let sentence = sentence.with("claim", read::name(claim));
    let mut said = finding(claim, "status.phase", "Pending");
    date(case, &mut said, read::created(claim));
    let class = class.unwrap_or("-");
    Found::new(
        ReasonCode::ClaimUnbound,
        sentence,
        say(PhraseCode::ActStorage),
    )
    .because(said)
    .because(finding(claim, "spec.storageClassName", class))
    .also(event.map(|event| of_event(case, claim, event)))
}

/// Judges what the kubelet and the attacher say of the volumes of a pod on its node.
pub(super) fn judge_mounts(case: &Case, pod: &Value, findings: &mut Findings) {
    let has_started = read::condition_is(pod, "PodReadyToStartContainers", "True").is_some()
        || read::list(pod, "/status/containerStatuses")
            .iter()
            .chain(read::list(pod, "/status/initContainerStatuses"))
            .any(|status| {
                status.pointer("/state/running").is_some()
                    || status.pointer("/state/terminated").is_some()
            });
    if has_started {
        return;
    }
    if let Some(event) = case.event(pod, &["FailedAttachVolume"]) {
        let message = read::text(event, "/message");
        let (code, phrase) = if message.contains("Multi-Attach") || message.contains("already") {
            (ReasonCode::VolumeInUse, PhraseCode::WhyVolumeInUse)
        } else {
            (ReasonCode::AttachFailed, PhraseCode::WhyAttach)
        };
        let sentence = say(phrase).with("message", brief(message));
        let found = Found::new(code, sentence, say(PhraseCode::ActAttach));
        findings.add_pod(found.because(of_event(case, pod, event)));
        return;
    }
    if let Some(event) = case.event(pod, &["FailedMount", "FailedMapVolume"]) {
        findings.add_pod(mount(case, pod, event));
    }
}

/// A volume cannot be mounted: often what it is made of is not there.
fn mount(case: &Case, pod: &Value, event: &Value) -> Found {
    let message = read::text(event, "/message");
    if let Some(found) = super::startup::missing(message) {
        return found.because(of_event(case, pod, event));
    }
    let sentence = say(PhraseCode::WhyMount).with("message", brief(message));
    Found::new(ReasonCode::MountFailed, sentence, say(PhraseCode::ActMount))
        .because(of_event(case, pod, event))
}
