//! Reading whatever bears on one object.
//!
//! From the object up to what controls it, down to its parts and pods, then beside them: events,
//! queue, and what a pod's state calls for (nodes and the other pods where it has no node, claims,
//! config maps, logs where it crashed). What may not be read is noted and left out; the judges do
//! with what there is.

mod beside;
mod family;
mod past;
mod reading;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::ClusterId;
use strata_ports::{
    cluster::ServedKind,
    error::{PortError, PortErrorKind},
    objects::{ObjectAddress, ObjectReader},
};

pub(crate) use family::runs_pods;
use reading::Reading;

use super::{case::Case, read};

/// What a case is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    /// To say why.
    Reason,
    /// To say what happened, too.
    Timeline,
}

/// Gathers the case of the object that a person calls `kind` and `name` in `namespace`.
pub(crate) async fn gather(
    objects: &Arc<dyn ObjectReader>,
    cluster: &ClusterId,
    (kind, namespace, name): (&str, &str, &str),
    purpose: For,
    now: Timestamp,
) -> Result<Case, PortError> {
    let served = objects.served(cluster).await?;
    let meant = find(&served, kind)?;
    let namespace = if meant.is_namespaced { namespace } else { "" };
    let address = ObjectAddress::new(&meant.kind.group, &meant.kind.kind, namespace, name);
    let object = objects.get(cluster, address).await?;
    let reading = Reading::new(objects, cluster, &served);
    // A workload of a queue stands for the job that owns it: that is what one asks about.
    let object = match reading.job_of_workload(&object).await {
        Some(job) => job,
        None => object,
    };
    let mut case = Case::of(object, now);
    family::gather(&reading, &mut case).await;
    beside::gather(&reading, &mut case).await;
    if purpose == For::Timeline {
        past::gather(&reading, &mut case).await;
    }
    case.unread = reading.unread();
    case.now = latest(&case);
    Ok(case)
}

/// The kind that a person means: `Pod`, `pods`, `job.batch`, `RayJob.ray.io`, or a usual short name.
/// Where several groups have it, the built-in ones come first.
pub(crate) fn find<'a>(served: &'a [ServedKind], kind: &str) -> Result<&'a ServedKind, PortError> {
    const SHORT: [(&str, &str); 9] = [
        ("po", "Pod"),
        ("deploy", "Deployment"),
        ("rs", "ReplicaSet"),
        ("sts", "StatefulSet"),
        ("ds", "DaemonSet"),
        ("cj", "CronJob"),
        ("pvc", "PersistentVolumeClaim"),
        ("no", "Node"),
        ("isvc", "InferenceService"),
    ];
    let (word, group) = kind
        .split_once('.')
        .map_or((kind, None), |(word, group)| (word, Some(group)));
    let short = SHORT.iter().find(|(short, _)| *short == word);
    let word = short.map_or(word, |(_, kind)| kind);
    let rank = |served: &&ServedKind| match served.kind.group.as_str() {
        "" => 0,
        group if !group.contains('.') => 1,
        _ => 2,
    };
    served
        .iter()
        .filter(|served| {
            let is_meant = served.kind.kind.eq_ignore_ascii_case(word)
                || served.resource.eq_ignore_ascii_case(word);
            is_meant && group.is_none_or(|group| served.kind.group.eq_ignore_ascii_case(group))
        })
        .min_by_key(rank)
        .ok_or_else(|| {
            let message = format!("the cluster serves no kind `{kind}`");
            PortError::new(PortErrorKind::NotFound, message)
        })
}

/// The later of our clock and what the cluster's own says, so that nothing lies in the future.
fn latest(case: &Case) -> Timestamp {
    let conditions = |object: &Value| {
        let conditions = read::list(object, "/status/conditions");
        let times = conditions
            .iter()
            .filter_map(|condition| read::time(condition, "/lastTransitionTime"));
        times.max()
    };
    let seen = case.events.iter().filter_map(super::case::seen);
    let objects = case.pods.iter().chain(case.chain());
    let said = objects.filter_map(|object| conditions(object).max(read::created(object)));
    seen.chain(said)
        .max()
        .map_or(case.now, |at| case.now.max(at))
}

#[cfg(test)]
mod tests {
    use strata_domain::ids::GroupKind;

    use super::*;

    fn served(group: &str, kind: &str, resource: &str) -> ServedKind {
        ServedKind {
            kind: GroupKind::new(group, kind),
            versions: vec!["v1".to_owned()],
            resource: resource.to_owned(),
            is_namespaced: true,
            is_watchable: true,
        }
    }

    #[test]
    fn kinds_are_meant_as_people_write_them() {
        let served = [
            served("", "Pod", "pods"),
            served("batch", "Job", "jobs"),
            served("batch.volcano.sh", "Job", "jobs"),
            served("ray.io", "RayJob", "rayjobs"),
        ];
        let group = |kind: &str| find(&served, kind).unwrap().kind.group.to_string();
        assert_eq!(group("pod"), "");
        assert_eq!(group("jobs"), "batch");
        assert_eq!(group("job.batch.volcano.sh"), "batch.volcano.sh");
        assert_eq!(group("RayJob"), "ray.io");
        assert!(find(&served, "cow").is_err());
    }
}
