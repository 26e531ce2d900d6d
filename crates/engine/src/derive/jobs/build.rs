//! A job put together: its object, its queue, its pods.

use jiff::Timestamp;
use strata_api::{phrases::Phrase, rows::Ready};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    job::{JobObject, JobState},
    metadata::{Labels, Metadata},
    pod::Pod,
    text::Text,
};

use super::{Job, Setting, find, judge, reason};
use crate::derive::{
    owners::{Root, RootId, is_current},
    trouble::PodsHealth,
};

/// The labels that say whose a job is, the plainest first.
const OWNER_LABELS: [&str; 9] = [
    "owner",
    "user",
    "username",
    "created-by",
    "workflows.argoproj.io/creator-preferred-username",
    "workflows.argoproj.io/creator",
    "app.kubernetes.io/created-by",
    "kai.scheduler/user",
    "team",
];

/// The job that `root` is, if it is one.
pub(super) fn build(setting: Setting<'_>, id: RootId, root: &Root) -> Option<Job> {
    let found = find::job(setting, id, root)?;
    let said = &found.said;
    let admission = find::admission(setting, id, root);
    let admitted = admission.and_then(|custom| custom.job.as_deref());
    let table = setting.cluster.pod_table();
    let pods = || root.pods.iter().filter_map(|slot| table.at(*slot));
    let health = |is_now: bool| {
        let some = pods().filter(move |pod| is_current(pod) == is_now);
        PodsHealth::of(some, setting.cluster, setting.now)
    };
    let (now, ended) = (health(true), health(false));
    let state = state(root, said, admitted, &now, &ended);
    let created = found.metadata.and_then(|metadata| metadata.created);
    let times = Times::of(said, admitted, created, state, pods());
    let ready = ready(said, state, &now);
    let queued = setting
        .queues
        .admission(id)
        .filter(|queued| queued.is_waiting);
    let (severity, reason) = reason::dominant(&reason::Case {
        kind: &root.kind,
        state,
        said,
        admission: admitted,
        queued,
        pods: &now,
        ended: &ended,
        ready,
        since: times.since(state),
        is_deleted: found
            .metadata
            .is_some_and(|metadata| metadata.deleting.is_some()),
        now: setting.now,
    });
    let queue = queue(
        setting,
        id,
        &found,
        admission.map(|custom| &custom.metadata),
        pods().next(),
    );
    let owner = owner(found.metadata, pods().next());
    let held = pods().filter(|pod| pod.holds_resources());
    let said_by_queue = queued
        .map(|queued| queued.message.clone())
        .or_else(|| Some(admitted?.message.clone()));
    Some(Job {
        uid: root.uid.clone(),
        words: words(
            &root.kind,
            &root.key,
            &queue,
            &owner,
            state,
            reason.as_ref(),
        ),
        kind: root.kind.clone(),
        key: root.key.clone(),
        state,
        severity,
        is_lasting: said.is_lasting,
        progress: said.progress,
        ready,
        gpus_asked: asked(setting, said, admitted, state, pods),
        gpus_held: setting.accelerators.asked_by(held),
        said_by_queue: said_by_queue.unwrap_or_default(),
        queue,
        priority: priority(said, admitted, found.metadata),
        priority_value: of_either(said, admitted, |object| object.priority_value).unwrap_or(0),
        owner,
        queued: times.queued,
        started: times.started,
        finished: times.finished,
        retries: said.retries.unwrap_or_else(|| restarts(&root.kind, pods())),
        evictions: of_either(said, admitted, |object| object.evictions).unwrap_or(0),
        gone: None,
        reason,
    })
}

/// What the queue's object tells, else the job's own.
fn of_either<T>(
    said: &JobObject,
    admitted: Option<&JobObject>,
    told: impl Fn(&JobObject) -> Option<T>,
) -> Option<T> {
    admitted.and_then(&told).or_else(|| told(said))
}

fn state(
    root: &Root,
    said: &JobObject,
    admission: Option<&JobObject>,
    now: &PodsHealth,
    ended: &PodsHealth,
) -> JobState {
    let state = judge::state(&judge::Case {
        kind: &root.kind,
        said,
        admission,
        pods: now,
    });
    // Its object tells nothing, and all its pods are done: so is it.
    match state {
        JobState::Unknown if now.current == 0 && ended.faulty > 0 => JobState::Failed,
        JobState::Unknown if now.current == 0 && !root.pods.is_empty() => JobState::Succeeded,
        state => state,
    }
}

struct Times {
    queued: Option<Timestamp>,
    started: Option<Timestamp>,
    finished: Option<Timestamp>,
}

impl Times {
    fn of<'a>(
        said: &JobObject,
        admitted: Option<&JobObject>,
        created: Option<Timestamp>,
        state: JobState,
        pods: impl Iterator<Item = &'a Pod>,
    ) -> Self {
        let first_pod = pods.filter_map(|pod| pod.started).min();
        let let_in = admitted.and_then(|admitted| admitted.started);
        let began = match state {
            JobState::Queued | JobState::Admitted | JobState::Suspended => None,
            // An object that was only looked at says that it started; a pod that runs knows.
            JobState::Starting => said.started.and(first_pod).or(first_pod),
            // The pods of what lasts are made anew many times; it runs since it came, or was let in.
            _ if said.is_lasting => said.started.or(let_in).or(created),
            _ => said.started.or(first_pod).or(let_in),
        };
        Self {
            queued: created,
            // What was let in waited until then at the least.
            started: began.map(|began| let_in.map_or(began, |let_in| let_in.max(began))),
            finished: said.finished.filter(|_| state.is_over()),
        }
    }
}

impl Times {
    /// Since when it has been waiting, or running, in `state`.
    fn since(&self, state: JobState) -> Option<Timestamp> {
        match state {
            JobState::Queued => self.queued,
            _ => self.started.or(self.queued),
        }
    }
}

fn ready(said: &JobObject, state: JobState, pods: &PodsHealth) -> Option<Ready> {
    if state.is_over() || matches!(state, JobState::Queued | JobState::Suspended) {
        return None;
    }
    let desired = said.wanted.or((pods.current > 0).then_some(pods.current))?;
    Some(Ready {
        ready: said
            .ready
            .unwrap_or(pods.ready)
            .min(desired.max(pods.ready)),
        desired,
    })
}

fn asked<'a, I: Iterator<Item = &'a Pod>>(
    setting: Setting<'_>,
    said: &JobObject,
    admitted: Option<&JobObject>,
    state: JobState,
    pods: impl Fn() -> I,
) -> Option<u32> {
    let asks = said
        .asks
        .as_ref()
        .or_else(|| admitted.and_then(|admitted| admitted.asks.as_ref()));
    let told = asks.map(|asks| setting.accelerators.devices_of(asks));
    // An autoscaler may have made more pods than the spec begins with.
    let living = setting
        .accelerators
        .asked_by(pods().filter(|pod| is_current(pod)));
    match told {
        Some(told) => Some(told.max(living)),
        None if living > 0 => Some(living),
        None if state.is_over() => Some(setting.accelerators.asked_by(pods())),
        None => pods().next().map(|_| 0),
    }
}

fn queue(
    setting: Setting<'_>,
    id: RootId,
    found: &find::Found<'_>,
    admission: Option<&Metadata>,
    pod: Option<&Pod>,
) -> Text {
    let of_pod = || {
        let pod = pod?;
        setting.queues.of_labels(&pod.metadata.labels).cloned()
    };
    let of_admission = || {
        let known = setting.queues.admission(id)?;
        Some(known.queue.clone()).filter(|queue| !queue.is_empty())
    };
    let of_local = |metadata: Option<&Metadata>| {
        let metadata = metadata?;
        setting.queues.of_local(
            setting.cluster,
            setting.catalog,
            &metadata.key.namespace,
            &metadata.labels,
        )
    };
    let of_labels = || setting.queues.of_labels(&found.metadata?.labels).cloned();
    let of_object = || Some(found.said.queue.clone()).filter(|queue| !queue.is_empty());
    of_admission()
        .or_else(|| of_local(found.metadata))
        .or_else(|| of_local(admission))
        .or_else(of_pod)
        .or_else(of_labels)
        .or_else(of_object)
        .unwrap_or_default()
}

fn priority(said: &JobObject, admitted: Option<&JobObject>, metadata: Option<&Metadata>) -> Text {
    let of_admission = admitted
        .map(|admitted| admitted.priority.clone())
        .filter(|class| !class.is_empty());
    let of_label = || {
        let labels = &metadata?.labels;
        labels.get("kueue.x-k8s.io/priority-class").map(Text::from)
    };
    of_admission
        .or_else(of_label)
        .unwrap_or_else(|| said.priority.clone())
}

fn owner(metadata: Option<&Metadata>, pod: Option<&Pod>) -> Text {
    let named = |labels: &Labels| {
        OWNER_LABELS
            .iter()
            .find_map(|key| labels.get(key))
            .filter(|owner| !owner.is_empty())
            .map(Text::from)
    };
    metadata
        .and_then(|metadata| named(&metadata.labels))
        .or_else(|| named(&pod?.metadata.labels))
        .unwrap_or_default()
}

/// Restarts of containers are retries of a run; what serves is restarted for many reasons.
fn restarts<'a>(kind: &GroupKind, pods: impl Iterator<Item = &'a Pod>) -> u32 {
    if judge::is_gang(kind) || kind.kind == "Pod" {
        pods.map(Pod::restarts).max().unwrap_or(0)
    } else {
        0
    }
}

/// What a job is found by, in lower case.
pub(super) fn words(
    kind: &GroupKind,
    key: &ObjectKey,
    queue: &Text,
    owner: &Text,
    state: JobState,
    reason: Option<&Phrase>,
) -> Box<str> {
    let alike = alike(state);
    let state = strata_api::rows::job::JobState::from(state).word();
    let reason = reason.map(Phrase::english).unwrap_or_default();
    format!(
        "{}\n{}\n{}\n{queue}\n{owner}\n{state}\n{alike}\n{reason}",
        key.name, key.namespace, kind.kind
    )
    .to_lowercase()
    .into()
}

/// What else people call `state`, here and in other tools, when they look for such jobs.
fn alike(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "waiting pending 排队中 等待",
        JobState::Admitted => "waiting pending 已准入 等待",
        JobState::Starting => "waiting pending creating 启动中 等待",
        JobState::Running => "active 运行中",
        JobState::Suspended => "paused stopped 已挂起",
        JobState::Succeeded => "completed finished done 已成功",
        JobState::Failed => "error finished 已失败",
        JobState::Unknown => "",
    }
}
