//! What a change does to what runs, told from an object before and what becomes of it.

use serde_json::Value;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::accelerator;
use strata_domain::quantity;
use strata_ports::control::{Effect, FieldChange, Written};

use crate::why::read;

/// Kinds that make their pods anew when their template changes, and where that stands.
const ROLLED: [(&str, &str, &str); 4] = [
    ("apps", "Deployment", "template"),
    ("apps", "StatefulSet", "template"),
    ("apps", "DaemonSet", "template"),
    (
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "leaderWorkerTemplate",
    ),
];

/// What a write does to what runs.
pub(super) fn of(written: &Written) -> Vec<Phrase> {
    let Some(before) = &written.before else {
        return Vec::new();
    };
    let mut told = Vec::new();
    if written.effect == Effect::Deleted {
        deletion(before, written.after.as_ref(), &mut told);
        return told;
    }
    rollout(before, &written.fields, &mut told);
    scaling(before, &written.fields, &mut told);
    told
}

fn rollout(before: &Value, fields: &[FieldChange], told: &mut Vec<Phrase>) {
    let rolled = ROLLED.iter().find(|(group, kind, template)| {
        read::is_a(before, group, kind)
            && fields
                .iter()
                .any(|change| change.path.starts_with(&["spec", template]))
    });
    if rolled.is_none() || read::flag(before, "/spec/paused") {
        return;
    }
    let strategy = |pointer: &str| read::text(before, pointer) == "OnDelete";
    if strategy("/spec/updateStrategy/type") {
        return;
    }
    let running = read::count(before, "/status/replicas")
        .max(read::count(before, "/status/currentNumberScheduled"));
    if running > 0 {
        let size = read::number(before, "/spec/leaderWorkerTemplate/size").unwrap_or(1);
        let pods = running.saturating_mul(u32::try_from(size).unwrap_or(1));
        let code = if read::text(before, "/spec/strategy/type") == "Recreate" {
            PhraseCode::ChangeRecreatesPods
        } else {
            PhraseCode::ChangeRestartsPods
        };
        told.push(Phrase::new(code).with("count", pods));
    }
}

fn scaling(before: &Value, fields: &[FieldChange], told: &mut Vec<Phrase>) {
    let change = fields
        .iter()
        .find(|change| change.path.starts_with(&["spec", "replicas"]));
    let Some(change) = change else {
        return;
    };
    let count = |value: &Option<Value>| value.as_ref().and_then(Value::as_i64).unwrap_or(1);
    let (was, is) = (count(&change.before), count(&change.after));
    let more = u64::try_from(is - was).unwrap_or_default();
    let fewer = u64::try_from(was - is).unwrap_or_default();
    let gpus = gpus_of(
        before
            .pointer("/spec/template/spec")
            .unwrap_or(&Value::Null),
    );
    if fewer > 0 {
        told.push(Phrase::new(PhraseCode::ChangeEndsPods).with("count", fewer));
        if gpus > 0 {
            told.push(Phrase::new(PhraseCode::ChangeFreesGpus).with("count", fewer * gpus));
        }
    }
    if more > 0 {
        told.push(Phrase::new(PhraseCode::ChangeStartsPods).with("count", more));
        if gpus > 0 {
            told.push(Phrase::new(PhraseCode::ChangeTakesGpus).with("count", more * gpus));
        }
    }
}

fn deletion(before: &Value, after: Option<&Value>, told: &mut Vec<Phrase>) {
    if read::is_a(before, "", "Namespace") {
        told.push(
            Phrase::new(PhraseCode::DeletionEmptiesNamespace).with("namespace", read::name(before)),
        );
    }
    if read::is_a(before, "apiextensions.k8s.io", "CustomResourceDefinition") {
        let kind = read::text(before, "/spec/names/kind");
        told.push(Phrase::new(PhraseCode::DeletionOfDefinition).with("kind", kind));
    }
    let finalizers = after.map(|after| read::list(after, "/metadata/finalizers"));
    let names: Vec<&str> = finalizers
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| !["foregroundDeletion", "orphan"].contains(name))
        .collect();
    if !names.is_empty() {
        told.push(
            Phrase::new(PhraseCode::DeletionWaitsForFinalizers)
                .with("finalizers", names.join(", ")),
        );
    }
}

/// The GPUs (or other accelerators, or shares of them) that a pod with this spec asks for.
pub(crate) fn gpus_of(spec: &Value) -> u64 {
    let asked = |container: &Value| -> u64 {
        let resources = ["/resources/limits", "/resources/requests"]
            .iter()
            .find_map(|pointer| {
                let listed = container.pointer(pointer)?.as_object()?;
                let gpus: u64 = listed
                    .iter()
                    .filter(|(resource, _)| accelerator::classify(resource).is_some())
                    .filter_map(|(_, amount)| match amount {
                        Value::String(text) => quantity::parse_count(text),
                        number => number.as_u64(),
                    })
                    .sum();
                (gpus > 0).then_some(gpus)
            });
        resources.unwrap_or_default()
    };
    let running: u64 = read::list(spec, "/containers").iter().map(asked).sum();
    let before: u64 = read::list(spec, "/initContainers")
        .iter()
        .map(asked)
        .max()
        .unwrap_or_default();
    running.max(before)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use strata_domain::field_path::FieldPath;

    use super::*;

    fn written(fields: Vec<FieldChange>, effect: Effect) -> Written {
        Written {
            effect,
            fields,
            conflicts: Vec::new(),
            is_forced: false,
            before: Some(json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "spec": { "replicas": 4, "template": { "spec": { "containers": [
                    { "resources": { "limits": { "nvidia.com/gpu": "2" } } }] } } },
                "status": { "replicas": 4 },
            })),
            after: None,
            warnings: Vec::new(),
        }
    }

    fn change(path: FieldPath, before: Value, after: Value) -> FieldChange {
        FieldChange {
            path,
            before: Some(before),
            after: Some(after),
            is_secret: false,
        }
    }

    fn said(written: &Written) -> Vec<String> {
        of(written).iter().map(Phrase::english).collect()
    }

    #[test]
    fn a_changed_template_restarts_the_pods() {
        let path = FieldPath::of(["spec", "template", "metadata"]).field("labels");
        let fields = vec![change(path, json!(1), json!(2))];
        assert_eq!(
            said(&written(fields, Effect::Changed)),
            ["4 pods are restarted, a few at a time"]
        );
    }

    #[test]
    fn fewer_replicas_end_pods_and_free_their_gpus() {
        let fields = vec![change(
            FieldPath::of(["spec", "replicas"]),
            json!(4),
            json!(1),
        )];
        assert_eq!(
            said(&written(fields, Effect::Changed)),
            ["3 pods end", "6 GPUs become free"]
        );
    }
}
