//! What the user may not do to a job: asked of the API server before anybody tries.
//!
//! Only what a kind certainly needs is asked for; whether it can be done at all the preview of the
//! action tells. Where there are two ways, such as through Kueue's Workload, one is enough.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use strata_api::permits::{JobAct, MissingPermit, Permits};
use strata_domain::ids::ClusterId;
use strata_ports::{
    cluster::ServedKind,
    control::{Permission, Permit},
    objects::ObjectAddress,
};

use super::gate::Gate;

const KUEUE: &str = "kueue.x-k8s.io";

/// Questions that are asked at once.
const AT_ONCE: usize = 8;

/// What is missing for what can be done to the job `object`.
pub(crate) async fn of_job(
    gate: &Gate,
    cluster: &ClusterId,
    served: &[ServedKind],
    object: &ObjectAddress,
) -> Permits {
    let has_kueue = served
        .iter()
        .any(|served| served.kind.group == KUEUE && served.kind.kind == "Workload");
    let ways = JobAct::ALL.map(|act| (act, ways(act, object, has_kueue)));
    let questions: BTreeSet<Permission> = ways
        .iter()
        .flat_map(|(_, ways)| ways.iter().flatten().cloned())
        .collect();
    let answers = stream::iter(questions)
        .map(async |permission| {
            let permit = gate.is_permitted(cluster, permission.clone()).await;
            // What cannot be asked is not known to be missing: the preview will tell.
            let refused = permit.ok().filter(|permit| !permit.is_allowed);
            (permission, refused)
        })
        .buffer_unordered(AT_ONCE);
    let answers: BTreeMap<Permission, Option<Permit>> = answers.collect().await;
    let lacks = |way: &Vec<Permission>| {
        way.iter()
            .find_map(|permission| answers.get(permission)?.as_ref())
    };
    let missing = ways.iter().filter_map(|(act, ways)| {
        let lacked: Vec<&Permit> = ways.iter().filter_map(lacks).collect();
        let first = lacked.first().filter(|_| lacked.len() == ways.len())?;
        Some(MissingPermit {
            act: *act,
            permission: first.name.clone(),
            reason: first.reason.clone(),
        })
    });
    Permits {
        missing: missing.collect(),
    }
}

/// The ways to do `act` to `object`, the plainest first: what each needs.
fn ways(act: JobAct, object: &ObjectAddress, has_kueue: bool) -> Vec<Vec<Permission>> {
    let own = |verb: &str| permission(verb, object, "");
    let group = object.kind.group.as_str();
    let kind = object.kind.kind.as_str();
    let is_volcano = (group, kind) == ("batch.volcano.sh", "Job");
    let command = || {
        let commands = any_of("bus.volcano.sh", "Command", object);
        vec![vec![permission("create", &commands, "")]]
    };
    match act {
        JobAct::Suspend | JobAct::Resume => {
            let workloads = any_of(KUEUE, "Workload", object);
            let through_kueue = has_kueue.then(|| vec![permission("patch", &workloads, "")]);
            let directly = if is_volcano {
                command()
            } else {
                vec![vec![own("patch")]]
            };
            directly.into_iter().chain(through_kueue).collect()
        }
        JobAct::Cancel | JobAct::Restart if is_volcano => command(),
        JobAct::Cancel => match (group, kind) {
            ("argoproj.io", "Workflow") | ("tekton.dev", "PipelineRun") => {
                vec![vec![own("patch")]]
            }
            _ => vec![vec![own("delete")]],
        },
        JobAct::Restart => match group {
            "apps" | "leaderworkerset.x-k8s.io" => vec![vec![own("patch")]],
            "" => vec![vec![own("delete")]],
            _ => vec![vec![own("delete"), own("create")]],
        },
        JobAct::Scale => match (group, kind) {
            ("apps", _)
            | ("leaderworkerset.x-k8s.io", "LeaderWorkerSet")
            | ("serving.kserve.io", "LLMInferenceService") => {
                vec![vec![permission("patch", object, "scale")]]
            }
            _ => vec![vec![own("patch")]],
        },
        JobAct::SetQueue | JobAct::SetPriority => vec![vec![own("patch")]],
    }
}

fn permission(verb: &str, object: &ObjectAddress, subresource: &str) -> Permission {
    Permission {
        verb: verb.to_owned(),
        object: object.clone(),
        subresource: subresource.to_owned(),
    }
}

/// Any object of a kind beside `object`.
fn any_of(group: &str, kind: &str, object: &ObjectAddress) -> ObjectAddress {
    ObjectAddress::new(group, kind, &object.key.namespace, "")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::{FutureExt as _, future::BoxFuture};
    use strata_domain::{ids::GroupKind, text::Text};
    use strata_ports::{
        control::{Control, Refusal, Write, Written},
        error::{PortError, PortErrorKind},
    };

    use super::*;

    /// A cluster in which the user may do this alone: verbs and kinds.
    struct Allows(&'static [(&'static str, &'static str)]);

    impl Control for Allows {
        fn write(&self, _: &ClusterId, _: Write) -> BoxFuture<'static, Result<Written, Refusal>> {
            let error = PortError::new(PortErrorKind::Unsupported, "nothing is written here");
            async move { Err(error.into()) }.boxed()
        }

        fn is_permitted(
            &self,
            _: &ClusterId,
            permission: Permission,
        ) -> BoxFuture<'static, Result<Permit, PortError>> {
            let kind = permission.object.kind.kind.as_str();
            let permit = Permit {
                is_allowed: self.0.contains(&(permission.verb.as_str(), kind)),
                name: format!("{} {kind}", permission.verb),
                reason: String::new(),
            };
            async move { Ok(permit) }.boxed()
        }

        fn user(&self, _: &ClusterId) -> BoxFuture<'static, Result<String, PortError>> {
            async { Ok(String::new()) }.boxed()
        }
    }

    async fn missing(
        allowed: &'static [(&'static str, &'static str)],
        job: (&str, &str),
        served: &[(&str, &str)],
    ) -> Vec<(JobAct, String)> {
        let gate = Gate::new(Arc::new(Allows(allowed)));
        let cluster = ClusterId(Text::from("west"));
        let served: Vec<ServedKind> = served
            .iter()
            .map(|(group, kind)| ServedKind {
                kind: GroupKind::new(*group, *kind),
                versions: vec!["v1".to_owned()],
                resource: format!("{}s", kind.to_lowercase()),
                is_namespaced: true,
                is_watchable: true,
            })
            .collect();
        let object = ObjectAddress::new(job.0, job.1, "team", "ft");
        let permits = of_job(&gate, &cluster, &served, &object).await;
        let missing = permits.missing.into_iter();
        missing.map(|one| (one.act, one.permission)).collect()
    }

    #[tokio::test]
    async fn who_may_only_look_is_told_which_permission_each_act_lacks() {
        let missing = missing(&[], ("jobset.x-k8s.io", "JobSet"), &[]).await;
        assert_eq!(missing.len(), JobAct::ALL.len());
        assert!(missing.contains(&(JobAct::Cancel, "delete JobSet".to_owned())));
        assert!(missing.contains(&(JobAct::Suspend, "patch JobSet".to_owned())));
    }

    #[tokio::test]
    async fn who_may_not_delete_may_still_suspend() {
        let allowed = &[("patch", "JobSet")];
        let missing = missing(allowed, ("jobset.x-k8s.io", "JobSet"), &[]).await;
        let acts: Vec<JobAct> = missing.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts, [JobAct::Cancel, JobAct::Restart]);
    }

    #[tokio::test]
    async fn a_job_that_kueue_holds_is_suspended_by_who_may_change_its_workload() {
        let allowed = &[("patch", "Workload")];
        let kueue = [(KUEUE, "Workload")];
        let missing = missing(allowed, ("trainer.kubeflow.org", "TrainJob"), &kueue).await;
        assert!(missing.iter().all(|(act, _)| *act != JobAct::Suspend));
        assert!(missing.iter().any(|(act, _)| *act == JobAct::SetQueue));
    }

    #[tokio::test]
    async fn what_is_done_to_a_volcano_job_is_a_command() {
        let allowed = &[("create", "Command")];
        let missing = missing(allowed, ("batch.volcano.sh", "Job"), &[]).await;
        let acts: Vec<JobAct> = missing.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts, [JobAct::Scale, JobAct::SetQueue, JobAct::SetPriority]);
    }
}
