//! Events, as controllers record them.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use crate::{
    clock, json, random,
    store::Stored,
    world::{World, agenda::Deed},
};

/// How long the API server keeps an event.
const KEPT: std::time::Duration = std::time::Duration::from_hours(1);
/// How often it looks for older ones.
const SWEPT_EVERY: std::time::Duration = std::time::Duration::from_mins(1);

/// The events that are there, to count what repeats.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    known: HashMap<(Text, String, String), ObjectKey>,
}

/// An event to be recorded.
pub(super) struct Event<'a> {
    level: &'a str,
    reason: &'a str,
    message: String,
    component: &'a str,
    host: &'a str,
    field_path: Option<String>,
    /// What it did; given by those who record events of `events.k8s.io`.
    action: Option<&'a str>,
}

impl<'a> Event<'a> {
    pub(super) fn normal(reason: &'a str, message: impl Into<String>) -> Self {
        Self {
            level: "Normal",
            reason,
            message: message.into(),
            component: "",
            host: "",
            field_path: None,
            action: None,
        }
    }

    pub(super) fn warning(reason: &'a str, message: impl Into<String>) -> Self {
        Self {
            level: "Warning",
            ..Self::normal(reason, message)
        }
    }

    /// Who records it.
    pub(super) fn by(self, component: &'a str) -> Self {
        Self { component, ..self }
    }

    /// The kubelet of `host` records it.
    pub(super) fn by_kubelet(self, host: &'a str) -> Self {
        Self {
            component: "kubelet",
            host,
            ..self
        }
    }

    /// The part of the object that it is about.
    pub(super) fn about(self, field_path: String) -> Self {
        Self {
            field_path: Some(field_path),
            ..self
        }
    }

    /// What was done or tried: it becomes an event of `events.k8s.io`, whose time and count stand
    /// elsewhere than in one of the core group.
    pub(super) fn doing(self, action: &'a str) -> Self {
        Self {
            action: Some(action),
            ..self
        }
    }

    /// Records it of the object `stored` of `kind`, unless it would be gone by now.
    pub(super) fn record(self, world: &mut World, kind: &GroupKind, stored: &Stored) {
        if clock::later(world.now(), KEPT) < world.begins {
            return;
        }
        let stamp = world.stamp();
        let known = (
            stored.uid.clone(),
            self.reason.to_owned(),
            format!(
                "{}{}",
                self.field_path.as_deref().unwrap_or_default(),
                self.message
            ),
        );
        if let Some(key) = world.recorder.known.get(&known) {
            let micros = clock::micro_stamp(world.now());
            world.store.update(&event_kind(), key, |event| {
                if event.get("action").is_some() {
                    let count = json::count(event, "/series/count").max(1) + 1;
                    let series = json!({ "count": count, "lastObservedTime": micros });
                    json::as_object(event).insert("series".to_owned(), series);
                    return;
                }
                let count = json::count(event, "/count") + 1;
                let fields = json::as_object(event);
                fields.insert("count".to_owned(), count.into());
                fields.insert("lastTimestamp".to_owned(), stamp.into());
            });
            return;
        }
        let namespace = match stored.key.namespace.as_str() {
            "" => "default",
            namespace => namespace,
        };
        let name = format!("{}.{}", stored.key.name, random::hex(&mut world.random, 16));
        let mut source = json!({ "component": self.component });
        if !self.host.is_empty() {
            json::as_object(&mut source).insert("host".to_owned(), self.host.into());
        }
        let mut involved = involved(kind, stored);
        if let Some(field_path) = self.field_path {
            json::as_object(&mut involved).insert("fieldPath".to_owned(), field_path.into());
        }
        let mut event = json!({
            "metadata": { "name": name, "namespace": namespace },
            "involvedObject": involved,
            "reason": self.reason,
            "message": self.message,
            "source": source,
            "firstTimestamp": stamp,
            "lastTimestamp": stamp,
            "count": 1,
            "type": self.level,
            "eventTime": null,
            "reportingComponent": self.component,
            "reportingInstance": self.host,
        });
        if let Some(action) = self.action {
            let fields = json::as_object(&mut event);
            fields.insert("action".to_owned(), action.into());
            let micros = clock::micro_stamp(world.now());
            fields.insert("eventTime".to_owned(), micros.into());
            fields.insert("source".to_owned(), json!({}));
            fields.insert("reportingInstance".to_owned(), self.component.into());
            fields.remove("count");
            for field in ["firstTimestamp", "lastTimestamp"] {
                fields.insert(field.to_owned(), Value::Null);
            }
        }
        if world.create(&event_kind(), event).is_some() {
            world
                .recorder
                .known
                .insert(known, ObjectKey::new(namespace, name));
        }
    }
}

fn involved(kind: &GroupKind, stored: &Stored) -> Value {
    let api_version = match kind.group.as_str() {
        "" => "v1".to_owned(),
        group @ "kueue.x-k8s.io" => format!("{group}/v1beta2"),
        group @ "jobset.x-k8s.io" => format!("{group}/v1alpha2"),
        group @ "trainer.kubeflow.org" => format!("{group}/v1alpha1"),
        group @ "serving.kserve.io" => format!("{group}/v1beta1"),
        group => format!("{group}/v1"),
    };
    let mut involved = json!({
        "kind": kind.kind.as_str(),
        "name": stored.key.name.as_str(),
        "uid": stored.uid.as_str(),
        "apiVersion": api_version,
        "resourceVersion": stored.version.to_string(),
    });
    if !stored.key.namespace.is_empty() {
        json::as_object(&mut involved)
            .insert("namespace".to_owned(), stored.key.namespace.as_str().into());
    }
    involved
}

/// Removes events that are older than the server keeps them.
pub(crate) fn sweep(world: &mut World) {
    let oldest = clock::earlier(world.now(), KEPT);
    for stored in world.store.list(&event_kind(), "") {
        let event = stored.value();
        if last_seen(&event).is_some_and(|last| last < oldest) {
            world.store.delete(&event_kind(), &stored.key);
            world.recorder.known.retain(|_, key| *key != stored.key);
        }
    }
    world.after(SWEPT_EVERY, Deed::SweepEvents);
}

/// When an event happened last.
fn last_seen(event: &Value) -> Option<Timestamp> {
    ["/lastTimestamp", "/series/lastObservedTime", "/eventTime"]
        .into_iter()
        .find_map(|pointer| json::text(event, pointer).parse().ok())
}

fn event_kind() -> GroupKind {
    GroupKind::new("", "Event")
}
