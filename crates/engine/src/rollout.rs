//! The stages of a pod's way from its creation to being ready, read from what the pod and its events
//! say: pure, over a gathered [`Case`].
//!
//! Creation, placing and being ready are times that the API keeps; when images were there is told by
//! events alone, which are forgotten after an hour, so that stage may be reached at an unknown time. When
//! a model was loaded and its engine warm is told by the engine's log ([`loading`]).

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rollout::{PodRollout, RolloutStage, RolloutStep},
};
use strata_domain::ids::GroupKind;

use self::loading::{Said, engine_of};
use crate::why::{case::Case, read};

pub(crate) mod loading;

/// How far a stage is.
#[derive(Clone, Default)]
struct Reach {
    is_reached: bool,
    at: Option<Timestamp>,
    reason: Option<Phrase>,
}

/// What the engines of pods said, by the pods' uids.
pub(crate) type Heard = HashMap<String, Said>;

/// The pods of a case, by name, with the stages of their way.
pub(crate) fn pods(case: &Case, heard: &Heard) -> Vec<PodRollout> {
    let pods = case.pods.iter();
    let mut pods: Vec<PodRollout> = pods.map(|pod| rollout(case, pod, heard)).collect();
    pods.sort_by(|one, other| one.name.cmp(&other.name));
    pods
}

fn rollout(case: &Case, pod: &Value, heard: &Heard) -> PodRollout {
    let phase = read::text(pod, "/status/phase");
    let statuses = read::list(pod, "/status/containerStatuses");
    PodRollout {
        name: read::name(pod).to_owned(),
        node: read::text(pod, "/spec/nodeName").to_owned(),
        is_ready: phase == "Succeeded" || read::condition_is(pod, "Ready", "True").is_some(),
        is_ending: read::is_ending(pod),
        restarts: statuses
            .iter()
            .map(|status| read::count(status, "/restartCount"))
            .sum(),
        stages: stages(case, pod, heard),
    }
}

/// The stages, each measured from the last one before whose time is known.
fn stages(case: &Case, pod: &Value, heard: &Heard) -> Vec<RolloutStage> {
    let mut reached: Vec<(RolloutStep, Reach)> = vec![(
        RolloutStep::Created,
        Reach {
            is_reached: true,
            at: read::created(pod),
            ..Reach::default()
        },
    )];
    if let Some(admitted) = admitted(case, pod) {
        reached.push((RolloutStep::Admitted, admitted));
    }
    let later = [
        (RolloutStep::Scheduled, held(pod, "PodScheduled")),
        (RolloutStep::Pulled, pulled(case, pod)),
        (RolloutStep::Started, started(pod)),
    ];
    reached.extend(later);
    reached.extend(loading(pod, heard));
    reached.push((RolloutStep::Ready, held(pod, "Ready")));
    // What comes later cannot be reached before what it needs: a pod that restarts is not ready.
    let furthest = reached.iter().rposition(|(_, reach)| reach.is_reached);
    let mut before: Option<Timestamp> = None;
    let mut is_way = true;
    reached
        .iter()
        .enumerate()
        .map(|(at, (step, reach))| {
            let is_reached = furthest.is_some_and(|furthest| at <= furthest);
            let until = match (is_reached, is_way) {
                (true, _) => reach.at,
                (false, true) => Some(case.now),
                (false, false) => None,
            };
            is_way &= is_reached;
            let seconds = before
                .zip(until)
                .map(|(before, until)| until.duration_since(before).as_secs_f64().max(0.0));
            if is_reached {
                before = reach.at.or(before);
            }
            RolloutStage {
                step: *step,
                is_reached,
                at: reach.at.filter(|_| is_reached).map(|at| at.to_string()),
                seconds,
                reason: reach.reason.clone().filter(|reason| {
                    reach.at.is_none() && (is_reached || reason.code != PhraseCode::StageLogSilent)
                }),
            }
        })
        .collect()
}

/// A condition of the pod that holds, since when.
fn held(pod: &Value, condition: &str) -> Reach {
    match read::condition_is(pod, condition, "True") {
        Some(condition) => Reach {
            is_reached: true,
            at: read::time(condition, "/lastTransitionTime"),
            reason: None,
        },
        None => Reach::default(),
    }
}

/// How far the engine of a pod is with its model; nothing where it runs none that is known.
fn loading(pod: &Value, heard: &Heard) -> Vec<(RolloutStep, Reach)> {
    let Some((engine, _)) = engine_of(pod) else {
        return Vec::new();
    };
    let said = heard.get(read::uid(pod));
    let reach = |at: Option<Timestamp>| Reach {
        is_reached: at.is_some(),
        at,
        reason: said.map(|said| said.reason(engine)),
    };
    let loaded = said.and_then(|said| said.loaded);
    let warm = (RolloutStep::Warm, reach(said.and_then(|said| said.warm)));
    // One that loads a model when somebody asks is up without any.
    if engine.loads_later && loaded.is_none() {
        return vec![warm];
    }
    vec![(RolloutStep::Loaded, reach(loaded)), warm]
}

/// Whether the queue let it in; none where the pod has no queue.
fn admitted(case: &Case, pod: &Value) -> Option<Reach> {
    let workloads = case
        .lists
        .get(&GroupKind::new("kueue.x-k8s.io", "Workload"))?;
    let uids: Vec<&str> = std::iter::once(pod)
        .chain(std::iter::once(&case.object))
        .chain(case.chain())
        .map(read::uid)
        .collect();
    let ours = workloads.iter().find(|workload| {
        read::list(workload, "/metadata/ownerReferences")
            .iter()
            .any(|owner| uids.contains(&read::text(owner, "/uid")))
    })?;
    let condition = read::condition_is(ours, "Admitted", "True");
    Some(Reach {
        is_reached: condition.is_some(),
        at: condition.and_then(|condition| read::time(condition, "/lastTransitionTime")),
        reason: None,
    })
}

/// Whether the images are there: as many events say so as there are containers, or containers run.
fn pulled(case: &Case, pod: &Value) -> Reach {
    let uid = read::uid(pod);
    let told: Vec<Timestamp> = case
        .events
        .iter()
        .filter(|event| {
            read::text(event, "/reason") == "Pulled"
                && read::text(event, "/involvedObject/uid") == uid
        })
        .filter_map(crate::why::case::seen)
        .collect();
    let containers =
        read::list(pod, "/spec/containers").len() + read::list(pod, "/spec/initContainers").len();
    Reach {
        is_reached: containers > 0 && told.len() >= containers,
        at: told.into_iter().max(),
        reason: None,
    }
}

/// Whether every container runs, or has run to its end; since when the last one does.
fn started(pod: &Value) -> Reach {
    let statuses = read::list(pod, "/status/containerStatuses");
    let times: Vec<Option<Timestamp>> = statuses
        .iter()
        .filter_map(|status| {
            ["/state/running", "/state/terminated"]
                .into_iter()
                .find(|state| status.pointer(state).is_some())
                .map(|state| read::time(status, &format!("{state}/startedAt")))
        })
        .collect();
    let all = read::list(pod, "/spec/containers").len();
    Reach {
        is_reached: all > 0 && times.len() >= all,
        at: times.into_iter().flatten().max(),
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use strata_test_support::clock::time;

    use super::{RolloutStep as S, *};

    fn pod(status: &Value) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "web-1", "namespace": "ns", "uid": "u1",
                "creationTimestamp": "2026-03-01T12:00:00Z" },
            "spec": { "nodeName": "a", "containers": [{ "name": "main" }] },
            "status": status,
        })
    }

    fn case(pod: Value, now: &str) -> Case {
        let mut case = Case::of(json!({ "metadata": { "uid": "d1" } }), time(now));
        case.pods.push(pod);
        case
    }

    fn told(case: &Case) -> Vec<(RolloutStep, bool, Option<f64>)> {
        pods(case, &Heard::new())[0]
            .stages
            .iter()
            .map(|stage| (stage.step, stage.is_reached, stage.seconds))
            .collect()
    }

    #[test]
    fn a_ready_pod_took_the_time_between_its_stages() {
        let mut case = case(
            pod(&json!({
                "phase": "Running",
                "conditions": [
                    { "type": "PodScheduled", "status": "True",
                        "lastTransitionTime": "2026-03-01T12:00:02Z" },
                    { "type": "Ready", "status": "True",
                        "lastTransitionTime": "2026-03-01T12:01:00Z" },
                ],
                "containerStatuses": [{ "restartCount": 0,
                    "state": { "running": { "startedAt": "2026-03-01T12:00:20Z" } } }],
            })),
            "2026-03-01T13:00:00Z",
        );
        case.events.push(
            json!({ "reason": "Pulled", "involvedObject": { "uid": "u1" },
            "lastTimestamp": "2026-03-01T12:00:19Z" }),
        );
        assert_eq!(
            told(&case),
            [
                (S::Created, true, None),
                (S::Scheduled, true, Some(2.0)),
                (S::Pulled, true, Some(17.0)),
                (S::Started, true, Some(1.0)),
                (S::Ready, true, Some(40.0)),
            ]
        );
        assert!(pods(&case, &Heard::new())[0].is_ready);
    }

    #[test]
    fn without_events_the_images_are_there_at_an_unknown_time() {
        let case = case(
            pod(&json!({
                "conditions": [{ "type": "PodScheduled", "status": "True",
                    "lastTransitionTime": "2026-03-01T12:00:02Z" }],
                "containerStatuses": [{
                    "state": { "running": { "startedAt": "2026-03-01T12:00:20Z" } } }],
            })),
            "2026-03-01T12:00:30Z",
        );
        assert_eq!(
            told(&case)[2..],
            [
                (S::Pulled, true, None),
                (S::Started, true, Some(18.0)),
                (S::Ready, false, Some(10.0)),
            ]
        );
    }

    #[test]
    fn a_pod_without_a_node_waits_there_and_nowhere_else() {
        let case = case(pod(&json!({ "phase": "Pending" })), "2026-03-01T12:05:00Z");
        assert_eq!(
            told(&case),
            [
                (S::Created, true, None),
                (S::Scheduled, false, Some(300.0)),
                (S::Pulled, false, None),
                (S::Started, false, None),
                (S::Ready, false, None),
            ]
        );
    }

    #[test]
    fn a_queue_lets_it_in_before_it_has_a_node() {
        let mut case = case(pod(&json!({})), "2026-03-01T12:05:00Z");
        case.lists.insert(
            GroupKind::new("kueue.x-k8s.io", "Workload"),
            vec![json!({
                "metadata": { "ownerReferences": [{ "uid": "d1" }] },
                "status": { "conditions": [{ "type": "Admitted", "status": "True",
                    "lastTransitionTime": "2026-03-01T12:04:00Z" }] },
            })],
        );
        assert_eq!(
            told(&case)[1..3],
            [
                (S::Admitted, true, Some(240.0)),
                (S::Scheduled, false, Some(60.0)),
            ]
        );
    }

    fn serving(status: &Value) -> Value {
        let mut pod = pod(status);
        pod["spec"]["containers"][0]["image"] = json!("vllm/vllm-openai:v0.24.0");
        pod
    }

    #[test]
    fn an_engine_tells_when_it_was_loaded_and_warm() {
        let status = json!({
            "conditions": [
                { "type": "PodScheduled", "status": "True",
                    "lastTransitionTime": "2026-03-01T12:00:02Z" },
                { "type": "Ready", "status": "True",
                    "lastTransitionTime": "2026-03-01T12:01:30Z" },
            ],
            "containerStatuses": [{
                "state": { "running": { "startedAt": "2026-03-01T12:00:20Z" } } }],
        });
        let case = case(serving(&status), "2026-03-01T13:00:00Z");
        let said = Said {
            loaded: Some(time("2026-03-01T12:00:50Z")),
            warm: Some(time("2026-03-01T12:01:28Z")),
            ..Said::default()
        };
        let heard = Heard::from([("u1".to_owned(), said)]);
        let stages = &pods(&case, &heard)[0].stages;
        let told: Vec<_> = stages[3..]
            .iter()
            .map(|stage| (stage.step, stage.seconds))
            .collect();
        assert_eq!(
            told,
            [
                (S::Started, Some(18.0)),
                (S::Loaded, Some(30.0)),
                (S::Warm, Some(38.0)),
                (S::Ready, Some(2.0)),
            ]
        );
        // Of a log that does not go back so far nothing is guessed.
        let heard = Heard::from([("u1".to_owned(), Said::default())]);
        let stages = &pods(&case, &heard)[0].stages;
        assert_eq!((stages[4].is_reached, stages[4].seconds), (true, None));
        let reason = stages[4].reason.as_ref().map(Phrase::english);
        assert_eq!(reason.as_deref(), Some("vLLM does not say when"));
    }

    #[test]
    fn an_engine_that_starts_is_still_loading() {
        let status = json!({
            "conditions": [{ "type": "PodScheduled", "status": "True",
                "lastTransitionTime": "2026-03-01T12:00:02Z" }],
            "containerStatuses": [{
                "state": { "running": { "startedAt": "2026-03-01T12:00:20Z" } } }],
        });
        let case = case(serving(&status), "2026-03-01T12:00:50Z");
        let heard = Heard::from([("u1".to_owned(), Said::default())]);
        let stages = &pods(&case, &heard)[0].stages;
        let loading = &stages[4];
        assert_eq!(
            (loading.step, loading.is_reached, loading.seconds),
            (S::Loaded, false, Some(30.0))
        );
    }
}
