//! JobSet: jobs that start and end together.

use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{
    Conditions,
    services::{self, Reach, Wanted},
    write_status,
};
use crate::{
    actors::{Subject, pods, queueing},
    json,
    world::World,
};

const API_VERSION: &str = "jobset.x-k8s.io/v1alpha2";

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    queueing::manage(world, subject);
    let set = subject.object;
    let is_suspended = json::flag(set, "/spec/suspend");
    let name = match json::text(set, "/spec/network/subdomain") {
        "" => subject.stored.key.name.as_str(),
        subdomain => subdomain,
    };
    let wanted = Wanted {
        name,
        selector: json!({ "jobset.sigs.k8s.io/jobset-name": subject.stored.key.name.as_str() }),
        ports: json!([]),
        reach: Reach::Early,
    };
    services::ensure(world, subject, API_VERSION, &wanted);
    let mut statuses = Vec::new();
    let (mut wanted, mut done, mut failed) = (0, 0, 0);
    for replicated in json::items(set, "/spec/replicatedJobs") {
        let name = json::text(replicated, "/name");
        let replicas = json::count(replicated, "/replicas").max(1);
        let (mut ready, mut active, mut succeeded, mut lost) = (0, 0, 0, 0);
        for index in 0..replicas {
            let Some(job) = ensure_job(world, subject, replicated, index, is_suspended) else {
                continue;
            };
            let job = job.value();
            let has = |kind: &str| {
                json::items(&job, "/status/conditions")
                    .iter()
                    .any(|condition| {
                        json::text(condition, "/type") == kind
                            && json::text(condition, "/status") == "True"
                    })
            };
            succeeded += u64::from(has("Complete"));
            lost += u64::from(has("Failed"));
            active += u64::from(json::count(&job, "/status/active") > 0);
            let pods = json::count(&job, "/spec/parallelism").max(1);
            let running =
                json::count(&job, "/status/ready") + json::count(&job, "/status/succeeded");
            ready += u64::from(running >= pods && !has("Complete"));
        }
        wanted += replicas;
        done += succeeded;
        failed += lost;
        statuses.push(json!({ "name": name, "ready": ready, "active": active,
            "succeeded": succeeded, "failed": lost,
            "suspended": if is_suspended { replicas } else { 0 } }));
    }
    let mut status = json!({ "replicatedJobsStatus": statuses, "restarts": 0 });
    let (reason, message) = if is_suspended {
        ("SuspendedJobs", "jobset is suspended")
    } else {
        ("ResumeJobs", "jobset is resumed")
    };
    let mut conditions = Conditions::new().and("Suspended", is_suspended, reason, message);
    if wanted > 0 && done >= wanted {
        let message = "jobset completed successfully";
        conditions = conditions.and("Completed", true, "AllJobsCompleted", message);
        json::as_object(&mut status).insert("terminalState".to_owned(), "Completed".into());
    } else if failed > 0 {
        conditions = conditions.and(
            "Failed",
            true,
            "FailedJobs",
            "jobset failed due to one or more job failures",
        );
        json::as_object(&mut status).insert("terminalState".to_owned(), "Failed".into());
    }
    write_status(world, subject, &status, conditions);
}

fn ensure_job(
    world: &mut World,
    subject: &Subject<'_>,
    replicated: &Value,
    index: u64,
    is_suspended: bool,
) -> Option<std::sync::Arc<crate::store::Stored>> {
    let set = &subject.stored.key.name;
    let name = json::text(replicated, "/name");
    let labels = json!({
        "jobset.sigs.k8s.io/jobset-name": set.as_str(),
        "jobset.sigs.k8s.io/jobset-uid": subject.stored.uid.as_str(),
        "jobset.sigs.k8s.io/replicatedjob-name": name,
        "jobset.sigs.k8s.io/replicatedjob-replicas": json::count(replicated, "/replicas").to_string(),
        "jobset.sigs.k8s.io/job-index": index.to_string(),
        "jobset.sigs.k8s.io/job-global-index": index.to_string(),
    });
    let mut spec = replicated
        .pointer("/template/spec")
        .cloned()
        .unwrap_or_default();
    let template = spec.get("template").cloned().unwrap_or_default();
    let mut template = queueing::injected(world, subject, &template);
    if let Value::Object(more) = &labels {
        let mut known = template
            .pointer("/metadata/labels")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        known.extend(more.clone());
        json::object_at(&mut template, "metadata").insert("labels".to_owned(), known.into());
    }
    let fields = json::as_object(&mut spec);
    fields.insert("template".to_owned(), template);
    fields.insert("suspend".to_owned(), is_suspended.into());
    let child = json!({
        "metadata": { "name": format!("{set}-{name}-{index}"), "labels": labels },
        "spec": spec,
        "status": {},
    });
    let kind = GroupKind::new("batch", "Job");
    pods::ensure(world, subject, API_VERSION, &kind, child)
}
