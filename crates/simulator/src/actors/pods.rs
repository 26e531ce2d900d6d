//! What controllers have in common: finding their pods, making new ones, counting them.

use std::{borrow::Cow, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::{Subject, events::Event};
use crate::{
    admission, clock, json, random,
    store::Stored,
    world::{World, agenda::Deed, owner_reference, pod_kind},
};

/// The wait after a pod was refused; it doubles up to [`LONGEST_RETRY`].
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(1000);

/// A pod as its controller sees it.
#[derive(Clone, Debug)]
pub(super) struct Pod {
    pub(super) key: ObjectKey,
    pub(super) stored: Arc<Stored>,
    pub(super) phase: Phase,
    /// The node that it is bound to; empty where it waits for one.
    pub(super) node: Text,
    pub(super) is_ready: bool,
    /// Since when it is ready, if it is.
    ready_since: Option<Timestamp>,
    pub(super) is_stopping: bool,
}

/// The phase of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Pending,
    Running,
    Succeeded,
    Failed,
}

/// Pods of a controller that the API server refuses.
pub(crate) struct Refusal {
    /// How often in a row.
    attempts: u32,
    /// When the controller tries again.
    until: Timestamp,
    why: String,
}

/// How many pods there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Neither ended nor being stopped.
    pub(super) active: u64,
    pub(super) ready: u64,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
}

/// What is read of a pod to count it: parsing the whole would be most of a controller's work.
#[derive(Deserialize)]
struct Slim<'a> {
    #[serde(borrow)]
    metadata: SlimMetadata<'a>,
    #[serde(borrow, default)]
    spec: SlimSpec<'a>,
    #[serde(borrow, default)]
    status: SlimStatus<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SlimMetadata<'a> {
    #[serde(borrow)]
    deletion_timestamp: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SlimSpec<'a> {
    #[serde(borrow, default)]
    node_name: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
struct SlimStatus<'a> {
    #[serde(borrow, default)]
    phase: Cow<'a, str>,
    #[serde(borrow, default)]
    conditions: Vec<SlimCondition<'a>>,
}

#[derive(Deserialize)]
struct SlimCondition<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(borrow, default, rename = "lastTransitionTime")]
    since: Option<Cow<'a, str>>,
}

impl Pod {
    fn read(stored: Arc<Stored>) -> Option<Self> {
        let pod: Slim<'_> = serde_json::from_slice(&stored.json).ok()?;
        let phase = match &*pod.status.phase {
            "Running" => Phase::Running,
            "Succeeded" => Phase::Succeeded,
            "Failed" => Phase::Failed,
            _ => Phase::Pending,
        };
        let mut conditions = pod.status.conditions.iter();
        let ready = conditions.find(|known| known.kind == "Ready" && known.status == "True");
        let is_ready = ready.is_some();
        let ready_since = ready.and_then(|known| known.since.as_ref()?.parse().ok());
        let is_stopping = pod.metadata.deletion_timestamp.is_some();
        Some(Self {
            key: stored.key.clone(),
            phase,
            node: Text::from(&*pod.spec.node_name),
            is_ready,
            ready_since,
            is_stopping,
            stored,
        })
    }

    /// When it has been ready for `least` seconds; none where it is not ready.
    pub(super) fn available_at(&self, least: u64) -> Option<Timestamp> {
        Some(clock::later(self.ready_since?, Duration::from_secs(least)))
    }

    /// Whether it has been ready for `least` seconds.
    pub(super) fn is_available(&self, least: u64, now: Timestamp) -> bool {
        self.is_ready && (least == 0 || self.available_at(least).is_some_and(|at| at <= now))
    }

    /// Whether it counts as one of its controller's pods.
    pub(super) fn is_active(&self) -> bool {
        !self.is_stopping && !matches!(self.phase, Phase::Succeeded | Phase::Failed)
    }
}

impl Tally {
    pub(super) fn of(pods: &[Pod]) -> Self {
        let mut tally = Self::default();
        for pod in pods {
            tally.active += u64::from(pod.is_active());
            tally.ready += u64::from(pod.is_active() && pod.is_ready);
            tally.succeeded += u64::from(pod.phase == Phase::Succeeded);
            tally.failed += u64::from(pod.phase == Phase::Failed);
        }
        tally
    }
}

/// The node that a pod is bound to; empty where it waits for one.
pub(super) fn node_of(stored: &Stored) -> Text {
    let pod = serde_json::from_slice::<Slim<'_>>(&stored.json);
    pod.map_or_else(|_| Text::default(), |pod| Text::from(&*pod.spec.node_name))
}

/// The pods that the object with `uid` owns.
pub(super) fn owned_by(world: &World, uid: &str) -> Vec<Pod> {
    world
        .store
        .dependents(uid, &pod_kind())
        .into_iter()
        .filter_map(Pod::read)
        .collect()
}

/// A pod to be made.
pub(super) struct NewPod<'a> {
    /// The name, or with a trailing `-` its beginning.
    pub(super) name: String,
    pub(super) namespace: &'a str,
    pub(super) template: &'a Value,
    pub(super) labels: Vec<(&'a str, String)>,
    pub(super) annotations: Vec<(&'a str, String)>,
    pub(super) owner: Value,
}

/// Makes a pod from a template; none where the API server refuses it.
pub(super) fn make(world: &mut World, new: NewPod<'_>) -> Option<Arc<Stored>> {
    try_make(world, new).ok()
}

/// Makes a pod from a template, or says why the API server refuses it. The pod's owner has been
/// told then, and looks again later.
pub(super) fn try_make(world: &mut World, new: NewPod<'_>) -> Result<Arc<Stored>, String> {
    let prefix = new.name.clone();
    if !prefix.ends_with('-') {
        return make_named(world, new, "");
    }
    let name = format!("{prefix}{}", random::suffix(&mut world.random, 5));
    make_named(world, NewPod { name, ..new }, &prefix)
}

/// Like [`try_make`], under a name of its own, which says that it was made up from `prefix`, where
/// that is one.
pub(super) fn make_named(
    world: &mut World,
    new: NewPod<'_>,
    prefix: &str,
) -> Result<Arc<Stored>, String> {
    let mut metadata = Map::new();
    if !prefix.is_empty() {
        metadata.insert("generateName".to_owned(), prefix.into());
    }
    metadata.insert("name".to_owned(), new.name.into());
    metadata.insert("namespace".to_owned(), new.namespace.into());
    let owner = new.owner;
    metadata.insert("ownerReferences".to_owned(), json!([owner]));
    for (field, additions) in [("labels", new.labels), ("annotations", new.annotations)] {
        let mut pairs = new
            .template
            .pointer(&format!("/metadata/{field}"))
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        pairs.extend(
            additions
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value.into())),
        );
        if !pairs.is_empty() {
            metadata.insert(field.to_owned(), pairs.into());
        }
    }
    let mut pod = json!({
        "metadata": metadata,
        "spec": new.template.get("spec").cloned().unwrap_or_default(),
    });
    let uid = Text::from(json::text(&owner, "/uid"));
    if let Some(known) = world.refused.get(&uid)
        && known.until > world.now()
    {
        return Err(known.why.clone());
    }
    if let Err(why) = admission::admit_made(&world.store, &mut pod, world.now()) {
        refused(world, new.namespace, &owner, &pod, &why);
        return Err(why);
    }
    world.refused.remove(&uid);
    world
        .create(&pod_kind(), pod)
        .ok_or_else(|| "the pod is there already, or its namespace goes".to_owned())
}

/// Tells the `owner` of a pod that was refused, and lets it look again: twice as late each time.
fn refused(world: &mut World, namespace: &str, owner: &Value, pod: &Value, why: &str) {
    let api_version = json::text(owner, "/apiVersion");
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let kind = GroupKind::new(group, json::text(owner, "/kind"));
    let key = ObjectKey::new(namespace, json::text(owner, "/name"));
    let Some(stored) = world.store.get(&kind, &key) else {
        return;
    };
    let component = format!("{}-controller", kind.kind.to_lowercase());
    let message = if kind.kind == "StatefulSet" {
        let name = json::text(pod, "/metadata/name");
        format!(
            "Create Pod {name} in StatefulSet {} failed error: {why}",
            key.name
        )
    } else {
        format!("Error creating: {why}")
    };
    Event::warning("FailedCreate", message)
        .by(&component)
        .record(world, &kind, &stored);
    let attempts = world
        .refused
        .get(&stored.uid)
        .map_or(0, |known| known.attempts);
    let wait = FIRST_RETRY.saturating_mul(1 << attempts.min(10));
    let until = clock::later(world.now(), wait.min(LONGEST_RETRY));
    let refusal = Refusal {
        attempts: attempts + 1,
        until,
        why: why.to_owned(),
    };
    world.refused.insert(stored.uid.clone(), refusal);
    world.agenda.plan(until, Deed::look(&kind, &key));
}

/// The child `name` of the subject, made as `child` if it is not there. A child's spec, where it
/// differs from `child`, is brought up to date.
pub(super) fn ensure(
    world: &mut World,
    subject: &Subject<'_>,
    api_version: &str,
    kind: &GroupKind,
    mut child: Value,
) -> Option<Arc<Stored>> {
    let key = ObjectKey::new(
        subject.stored.key.namespace.clone(),
        json::text(&child, "/metadata/name"),
    );
    let known = world.store.get(kind, &key);
    if (kind.group.as_str(), kind.kind.as_str()) == ("batch", "Job") {
        let uid = known.as_ref().map(|stored| stored.uid.as_str());
        admission::complete_job(&world.store, &mut child, uid);
    }
    if let Some(stored) = known {
        let spec = child.get("spec").cloned().unwrap_or_default();
        return world
            .store
            .update(kind, &key, |current| {
                json::as_object(current).insert("spec".to_owned(), spec);
            })
            .or(Some(stored));
    }
    let metadata = json::object_at(&mut child, "metadata");
    metadata.insert("namespace".to_owned(), key.namespace.as_str().into());
    let owner = owner_reference(api_version, &subject.kind.kind, subject.stored);
    metadata.insert("ownerReferences".to_owned(), json!([owner]));
    world.create(kind, child)
}

/// The word that a controller appends to names for a template: a number of 32 bits that depends on
/// the template alone, each of its digits as `rand.SafeEncodeString` writes it
/// (`k8s.io/apimachinery/pkg/util/rand`). Kubernetes hashes Go's print of its structures, so its
/// words are others.
pub(super) fn template_hash(template: &Value) -> String {
    let hash = random::hash(&template.to_string());
    random::safe((hash ^ (hash >> 32)) & u64::from(u32::MAX))
}
