//! Claims of devices (dynamic resource allocation), before any node is looked at.

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::super::{
        case::{Case, Known},
        words::{finding, of_event, say},
    },
    Findings, Found, read,
};

const GROUP: &str = "resource.k8s.io";

/// Judges the pod's device claims. True where one keeps it from every node.
pub(super) fn judge(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let namespace = read::namespace(pod);
    for wanted in read::list(pod, "/spec/resourceClaims") {
        let template = read::text(wanted, "/resourceClaimTemplateName");
        if !template.is_empty()
            && matches!(
                case.known(GROUP, "ResourceClaimTemplate", namespace, template),
                Known::Absent
            )
        {
            findings.add_pod(missing(case, pod, "ResourceClaimTemplate", template));
            return true;
        }
        let name = claim_name(pod, wanted);
        if name.is_empty() {
            continue;
        }
        match case.known(GROUP, "ResourceClaim", namespace, name) {
            Known::Absent => {
                findings.add_pod(missing(case, pod, "ResourceClaim", name));
                return true;
            }
            Known::There(claim) if claim.pointer("/status/allocation").is_none() => {
                if let Some(found) = unallocated(case, pod, claim) {
                    findings.add_pod(found);
                    return true;
                }
            }
            Known::There(_) | Known::Unknown => {}
        }
    }
    false
}

/// The claim that a pod's entry means: named by the spec, or made for it and named by the status.
pub(crate) fn claim_name<'a>(pod: &'a Value, wanted: &'a Value) -> &'a str {
    let named = read::text(wanted, "/resourceClaimName");
    if !named.is_empty() {
        return named;
    }
    let entry = read::text(wanted, "/name");
    read::list(pod, "/status/resourceClaimStatuses")
        .iter()
        .find(|status| read::text(status, "/name") == entry)
        .map_or("", |status| read::text(status, "/resourceClaimName"))
}

fn missing(case: &Case, pod: &Value, kind: &str, name: &str) -> Found {
    let sentence = say(PhraseCode::WhyNotThere)
        .with("kind", kind)
        .with("name", name);
    let act = say(PhraseCode::ActCreate)
        .with("kind", kind)
        .with("name", name);
    let event = case.event(pod, &["FailedResourceClaimCreation", "FailedScheduling"]);
    Found::new(ReasonCode::DeviceClaimMissing, sentence, act)
        .because(finding(pod, "spec.resourceClaims", name))
        .also(event.map(|event| of_event(case, pod, event)))
}

/// Why a claim has no devices: its class is not there, or too few are free.
fn unallocated(case: &Case, pod: &Value, claim: &Value) -> Option<Found> {
    let requests = read::list(claim, "/spec/devices/requests");
    let wanted = requests.iter().flat_map(|request| {
        let exactly = request.get("exactly").into_iter();
        exactly.chain(read::list(request, "/firstAvailable"))
    });
    for request in wanted.clone() {
        let class = read::text(request, "/deviceClassName");
        if matches!(case.known(GROUP, "DeviceClass", "", class), Known::Absent) {
            let sentence = say(PhraseCode::WhyNotThere)
                .with("kind", "DeviceClass")
                .with("name", class);
            let act = say(PhraseCode::ActCreate)
                .with("kind", "DeviceClass")
                .with("name", class);
            let found = Found::new(ReasonCode::DeviceClassMissing, sentence, act);
            return Some(found.because(finding(claim, "spec.devices.requests", class)));
        }
    }
    let request = wanted.clone().next()?;
    let said = read::condition_is(pod, "PodScheduled", "False")?;
    if !read::text(said, "/message").contains("cannot allocate all claims") {
        return None;
    }
    let class = read::text(request, "/deviceClassName");
    let count = read::number(request, "/count").unwrap_or(1);
    let count = u64::try_from(count).unwrap_or(1);
    let (total, held) = devices(case);
    let sentence = say(PhraseCode::WhyDevicesShort)
        .with("asked", count)
        .with("class", class)
        .with("total", total)
        .with("free", total.saturating_sub(held));
    let mut found = Found::new(ReasonCode::DevicesShort, sentence, say(PhraseCode::ActRoom))
        .because(finding(claim, "spec.devices.requests", class))
        .because(super::of_condition(case, pod, said));
    if count > total {
        found = found.futile();
    }
    Some(found)
}

/// Devices that slices publish, and how many of them claims hold.
fn devices(case: &Case) -> (u64, u64) {
    let count = |lists: Option<&[Value]>, pointer: &str| -> u64 {
        let objects = lists.unwrap_or_default().iter();
        objects
            .map(|object| read::list(object, pointer).len() as u64)
            .sum()
    };
    (
        count(case.listed(GROUP, "ResourceSlice"), "/spec/devices"),
        count(
            case.listed(GROUP, "ResourceClaim"),
            "/status/allocation/devices/results",
        ),
    )
}
