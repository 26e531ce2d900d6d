//! Restarting: a workload makes its pods anew, a job runs once more from its beginning.

use serde_json::{Value, json};
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{field_path::FieldPath, ids::GroupKind};
use strata_ports::control::{Propagation, Verb};

use super::{Found, Ground, Steps, not_of_kind, volcano};
use crate::{
    change::{plan::Planned, shown},
    why::read,
};

/// The annotation that kubectl sets, too.
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

/// Kinds whose objects are made anew to run once more: their templates cannot be changed.
const RECREATED: [(&str, &[&str]); 6] = [
    ("batch", &["Job"]),
    ("jobset.x-k8s.io", &["JobSet"]),
    ("trainer.kubeflow.org", &["TrainJob"]),
    (
        "kubeflow.org",
        &[
            "PyTorchJob",
            "TFJob",
            "XGBoostJob",
            "PaddleJob",
            "JAXJob",
            "MPIJob",
        ],
    ),
    ("ray.io", &["RayJob"]),
    ("sparkoperator.k8s.io", &["SparkApplication"]),
];

pub(super) async fn restart(ground: &Ground<'_>, found: &Found) -> Steps {
    if found.is_any("apps", &["Deployment", "StatefulSet", "DaemonSet"]) {
        let template = FieldPath::of(["spec", "template", "metadata", "annotations"]);
        return Ok(vec![rolled(ground, found, &template)]);
    }
    if found.is_a("leaderworkerset.x-k8s.io", "LeaderWorkerSet") {
        let template = FieldPath::of([
            "spec",
            "leaderWorkerTemplate",
            "workerTemplate",
            "metadata",
            "annotations",
        ]);
        let mut step = rolled(ground, found, &template);
        step.consequences = ground.pods_end(found).await;
        return Ok(vec![step]);
    }
    if found.is_a("batch.volcano.sh", "Job") {
        let mut step = volcano::command(ground, found, "RestartJob");
        step.consequences = ground.pods_end(found).await;
        return Ok(vec![step]);
    }
    if found.is_a("", "Pod") && read::controller(&found.object).is_some() {
        let mut step = deleted(ground, found);
        let pod = std::slice::from_ref(&found.object);
        step.consequences
            .extend(ground.checkpoints.at_stake(pod).await);
        return Ok(vec![step]);
    }
    if makes_anew(&found.address.kind) {
        return Ok(recreated(ground, found).await);
    }
    Err(not_of_kind(found))
}

/// Whether objects of this kind are made anew to run once more.
pub(super) fn makes_anew(kind: &GroupKind) -> bool {
    RECREATED
        .iter()
        .any(|(group, kinds)| kind.group == *group && kinds.contains(&kind.kind.as_str()))
}

/// A change of the pods' template that means nothing but that they are made anew.
fn rolled(ground: &Ground<'_>, found: &Found, annotations: &FieldPath) -> Planned {
    let field = (
        annotations.field(RESTARTED),
        Some(json!(ground.checkpoints.now.to_string())),
    );
    let mut step = ground.set(&found.address, vec![field]);
    if found.address.kind.group == "apps" {
        step.kubectl = ground
            .kubectl
            .command("rollout restart", &found.address, "");
    }
    step
}

fn deleted(ground: &Ground<'_>, found: &Found) -> Planned {
    let verb = Verb::Delete {
        propagation: Propagation::Foreground,
        uid: read::uid(&found.object).to_owned(),
    };
    let command = ground
        .kubectl
        .delete(&found.address, Propagation::Foreground);
    Planned::new(found.address.clone(), verb, command)
}

/// The object is deleted with what it owns, and created as its author wrote it.
async fn recreated(ground: &Ground<'_>, found: &Found) -> Vec<Planned> {
    let mut first = deleted(ground, found);
    first.consequences = ground.owned(found).await;
    first
        .consequences
        .push(Phrase::new(PhraseCode::RestartRecreates));
    let object = fresh(&found.object);
    let command = ground.kubectl.create(&object);
    let mut second = Planned::new(found.address.clone(), Verb::Create { object }, command);
    second.needs = Some(0);
    vec![first, second]
}

/// The object without what its run and its controllers wrote into it.
fn fresh(object: &Value) -> Value {
    let mut object = shown::essence(object);
    for path in [
        FieldPath::of(["metadata", "finalizers"]),
        FieldPath::of(["metadata", "deletionTimestamp"]),
        FieldPath::of(["metadata", "deletionGracePeriodSeconds"]),
        FieldPath::of([
            "metadata",
            "annotations",
            "batch.kubernetes.io/job-tracking",
        ]),
    ] {
        path.remove(&mut object);
    }
    if !read::is_a(&object, "batch", "Job") || read::flag(&object, "/spec/manualSelector") {
        return object;
    }
    // The selector of a Job is made from its uid, and its template carries it.
    FieldPath::of(["spec", "selector"]).remove(&mut object);
    for label in [
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-name",
        "controller-uid",
        "job-name",
    ] {
        for labels in [
            FieldPath::of(["metadata", "labels"]),
            FieldPath::of(["spec", "template", "metadata", "labels"]),
        ] {
            labels.field(label).remove(&mut object);
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_made_anew_as_its_author_wrote_it() {
        let labels = json!({ "app": "a", "controller-uid": "7", "job-name": "j" });
        let job = json!({
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": { "name": "j", "uid": "7", "labels": labels, "finalizers": ["x"] },
            "spec": { "selector": {}, "template": { "metadata": { "labels": labels } } },
            "status": { "failed": 1 },
        });
        let kept = json!({ "app": "a" });
        assert_eq!(
            fresh(&job),
            json!({
                "apiVersion": "batch/v1", "kind": "Job",
                "metadata": { "name": "j", "labels": kept },
                "spec": { "template": { "metadata": { "labels": kept } } },
            })
        );
    }
}
