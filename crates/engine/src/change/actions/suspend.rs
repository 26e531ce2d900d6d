//! Suspending a job, and going on with it.

use serde_json::{Value, json};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;
use strata_ports::objects::ObjectAddress;

use super::{Found, Ground, Steps, cannot, kueue, not_of_kind, volcano};
use crate::why::read;

pub(super) async fn suspend(ground: &Ground<'_>, found: &Found, hold: bool) -> Steps {
    if found.has_ended() {
        return Err(cannot(Phrase::new(PhraseCode::JobFinished)));
    }
    let consequences = if hold {
        ground.pods_end(found).await
    } else {
        Vec::new()
    };
    let mut step = match kueue::workload(ground, found).await {
        Some(workload) => of_workload(ground, &workload, hold),
        None if found.is_a("batch.volcano.sh", "Job") => {
            volcano::command(ground, found, if hold { "AbortJob" } else { "ResumeJob" })
        }
        None => ground.set(&found.address, vec![field(found, hold)?]),
    };
    step.consequences.extend(consequences);
    Ok(vec![step])
}

/// Kueue sets the job's own field back: what it goes by is whether the workload is active.
fn of_workload(ground: &Ground<'_>, workload: &Value, hold: bool) -> crate::change::plan::Planned {
    let name = read::name(workload);
    let address = ObjectAddress::new(
        "kueue.x-k8s.io",
        "Workload",
        read::namespace(workload),
        name,
    );
    let active = (FieldPath::of(["spec", "active"]), Some(json!(!hold)));
    let mut step = ground.set(&address, vec![active]);
    step.consequences
        .push(Phrase::new(PhraseCode::SuspendThroughQueue).with("workload", name));
    step
}

/// The field that suspends an object of this kind, and its value.
fn field(
    found: &Found,
    hold: bool,
) -> Result<(FieldPath, Option<Value>), Box<strata_api::change::Obstacle>> {
    let kind = found.address.kind.kind.as_str();
    let annotation = |name: &str, value: Value| {
        let path = FieldPath::of(["metadata", "annotations"]).field(name);
        Ok((path, hold.then_some(value)))
    };
    match found.address.kind.group.as_str() {
        "ray.io" if kind == "RayJob" => {
            let shuts_down = read::flag(&found.object, "/spec/shutdownAfterJobFinishes");
            let has_selector = found.object.pointer("/spec/clusterSelector").is_some();
            if hold && (!shuts_down || has_selector) {
                return Err(cannot(Phrase::new(PhraseCode::SuspendNeedsShutdown)));
            }
            Ok((FieldPath::of(["spec", "suspend"]), Some(json!(hold))))
        }
        "batch"
        | "ray.io"
        | "jobset.x-k8s.io"
        | "trainer.kubeflow.org"
        | "argoproj.io"
        | "sparkoperator.k8s.io" => Ok((FieldPath::of(["spec", "suspend"]), Some(json!(hold)))),
        "kubeflow.org" if kind == "Notebook" => {
            // Any text stops it; Kubeflow writes the time.
            annotation("kubeflow-resource-stopped", json!("true"))
        }
        "kubeflow.org" => Ok((
            FieldPath::of(["spec", "runPolicy", "suspend"]),
            Some(json!(hold)),
        )),
        "serving.kserve.io" => annotation("serving.kserve.io/stop", json!("true")),
        "apps" | "leaderworkerset.x-k8s.io" => Err(cannot(
            Phrase::new(PhraseCode::SuspendByScaling).with("kind", kind),
        )),
        _ => Err(not_of_kind(found)),
    }
}
