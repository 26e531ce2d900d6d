//! Playing a case on a cluster.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    case::{Case, Deed, Place},
    paths,
};

/// How often something is asked for that should come.
const TRIES: usize = 180;

/// A cluster on which cases are played, and the program that is asked about it.
pub trait Cluster: Send + Sync {
    /// Which it is.
    fn place(&self) -> Place;

    /// What time it is there.
    fn now(&self) -> Timestamp;

    /// Sends one request; the answer's status and body.
    fn send<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Option<Value>,
    ) -> BoxFuture<'a, Result<(u16, Value)>>;

    /// Lets time pass: virtual time on the demo cluster, a moment of real time elsewhere.
    fn pass(&self, time: Duration) -> BoxFuture<'_, ()>;

    /// Asks why; the explanation as JSON.
    fn why<'a>(
        &'a self,
        kind: &'a str,
        namespace: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Value>>;
}

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The code of the first reason; empty where none was named.
    pub first: String,
    /// Everything that was answered.
    pub told: Value,
}

/// Plays `case` in the namespace `namespace`, and asks.
pub async fn play(case: &Case, namespace: &str, cluster: &dyn Cluster) -> Result<Outcome> {
    let stage = Stage { namespace, cluster };
    let own = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace } });
    stage.write(&own).await?;
    stage.service_account().await?;
    for object in &case.objects {
        stage.write(&stage.filled(object)).await?;
    }
    for step in &case.then {
        if step.at.is_none_or(|place| place == cluster.place()) {
            stage.act(&step.deed).await?;
        }
    }
    let ask = case.ask.replace("$ns", namespace);
    let (kind, name) = ask.split_once('/').context("ask is not Kind/name")?;
    if cluster.place() == Place::Demo {
        cluster.pass(Duration::from_secs(case.pass)).await;
        return stage.ask(kind, name).await;
    }
    // Real controllers take their time: the state has come when the answer is the true one.
    for _ in 0..TRIES {
        if let Ok(outcome) = stage.ask(kind, name).await
            && outcome.first == case.is
        {
            return Ok(outcome);
        }
        cluster.pass(Duration::from_millis(250)).await;
    }
    stage.ask(kind, name).await
}

/// Ends what a case left.
pub async fn clear(case: &Case, namespace: &str, cluster: &dyn Cluster) -> Result<()> {
    let stage = Stage { namespace, cluster };
    for object in &case.objects {
        let object = stage.filled(object);
        let name = object.pointer("/metadata/name").and_then(Value::as_str);
        if let (true, Some(name)) = (
            paths::collection(&object, namespace)?
                .matches("/namespaces/")
                .count()
                == 0,
            name,
        ) {
            let path = format!("{}/{name}", paths::collection(&object, namespace)?);
            cluster.send("DELETE", &path, None).await?;
        }
    }
    let path = format!("/api/v1/namespaces/{namespace}");
    cluster.send("DELETE", &path, None).await?;
    Ok(())
}

/// A case's namespace on a cluster.
struct Stage<'a> {
    namespace: &'a str,
    cluster: &'a dyn Cluster,
}

impl Stage<'_> {
    /// A body with what it names filled in.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.filled_text(text)),
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| (self.filled_text(key), self.filled(value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn filled_text(&self, text: &str) -> String {
        let minutes = text
            .strip_prefix('$')
            .and_then(|rest| rest.strip_suffix("m-ago"))
            .and_then(|minutes| minutes.parse::<u64>().ok());
        match minutes {
            Some(minutes) => {
                let at = self.cluster.now() - Duration::from_secs(minutes * 60);
                at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
            }
            None => text.replace("$ns", self.namespace),
        }
    }

    /// A body with the identities that it names filled in.
    async fn identified(&self, object: Value) -> Result<Value> {
        const MARK: &str = "$uid:";
        let mut text = object.to_string();
        while let Some((_, rest)) = text.split_once(MARK) {
            let reference = rest.split('"').next().unwrap_or_default().to_owned();
            let path = paths::object(&reference, self.namespace)?;
            let found = self.until(&path, |_| true).await?;
            let uid = found.pointer("/metadata/uid").and_then(Value::as_str);
            let uid = uid.unwrap_or_default();
            text = text.replace(&format!("{MARK}{reference}"), uid);
        }
        Ok(serde_json::from_str(&text)?)
    }

    async fn write(&self, object: &Value) -> Result<()> {
        let path = paths::collection(object, self.namespace)?;
        let (code, answer) = self
            .cluster
            .send("POST", &path, Some(object.clone()))
            .await?;
        if code != 201 {
            bail!("{path} answered {code}: {answer}");
        }
        // What a node or a volume is like stands in its status, which is written apart.
        if let Some(status) = object.get("status") {
            self.untaint(object, &path).await?;
            let name = object.pointer("/metadata/name").and_then(Value::as_str);
            let path = format!("{path}/{}/status", name.unwrap_or_default());
            let body = json!({ "status": status });
            let (code, answer) = self.cluster.send("PATCH", &path, Some(body)).await?;
            // A kind whose status is no subresource took it with the rest.
            if code != 200 && code != 404 {
                bail!("{path} answered {code}: {answer}");
            }
        }
        Ok(())
    }

    /// Admission taints a node that was just made until its kubelet is ready. A real node controller
    /// takes the taint off; a node that nobody set up on the demo cluster has to be told.
    async fn untaint(&self, object: &Value, path: &str) -> Result<()> {
        let is_node = object.get("kind").and_then(Value::as_str) == Some("Node");
        if !is_node || self.cluster.place() == Place::Real {
            return Ok(());
        }
        let own = object
            .pointer("/spec/taints")
            .cloned()
            .unwrap_or(Value::Null);
        let name = object.pointer("/metadata/name").and_then(Value::as_str);
        let path = format!("{path}/{}", name.unwrap_or_default());
        self.patch(&path, &json!({ "spec": { "taints": own } }))
            .await
    }

    /// Pods are refused until their namespace has its service account.
    async fn service_account(&self) -> Result<()> {
        let path = format!(
            "/api/v1/namespaces/{}/serviceaccounts/default",
            self.namespace
        );
        self.until(&path, |_| true).await.map(|_| ())
    }

    async fn act(&self, deed: &Deed) -> Result<()> {
        match deed {
            Deed::Status { of, set } => {
                let path = self.path(of).await?;
                // Whoever is to be told what it does must be on a node first.
                self.until(&path, |object| {
                    let told = object.pointer("/metadata/annotations/strata.dev~1behaves");
                    told.is_none() || object.pointer("/spec/nodeName").is_some()
                })
                .await?;
                let status = json!({ "status": self.filled(set) });
                self.patch(&format!("{path}/status"), &status).await
            }
            Deed::Patch { of, set } => {
                let path = self.path(of).await?;
                self.patch(&path, &self.filled(set)).await
            }
            Deed::Event {
                of,
                reason,
                message,
            } => self.event(of, reason, message).await,
            Deed::Write(object) => {
                let object = self.identified(self.filled(object)).await?;
                self.write(&object).await
            }
            Deed::Delete(of) => {
                let path = self.path(of).await?;
                let (code, answer) = self.cluster.send("DELETE", &path, None).await?;
                if code >= 300 {
                    bail!("{path} answered {code}: {answer}");
                }
                Ok(())
            }
            Deed::Pass(seconds) => {
                self.cluster.pass(Duration::from_secs(*seconds)).await;
                Ok(())
            }
            Deed::Until { of, has } => {
                let path = self.path(of).await?;
                let wanted = self.filled(has);
                self.until(&path, |object| contains(object, &wanted))
                    .await?;
                Ok(())
            }
        }
    }

    /// The path of the object `Kind/name`, or of the only one of its kind: `Kind/*`.
    async fn path(&self, of: &str) -> Result<String> {
        let of = self.filled_text(of);
        let Some(kind) = of.strip_suffix("/*") else {
            return paths::object(&of, self.namespace);
        };
        let all = paths::object(kind, self.namespace)?;
        let list = self
            .until(&all, |list| {
                let items = list.get("items").and_then(Value::as_array);
                items.is_some_and(|items| !items.is_empty())
            })
            .await?;
        let name = list.pointer("/items/0/metadata/name");
        let name = name.and_then(Value::as_str).unwrap_or_default();
        Ok(format!("{all}/{name}"))
    }

    async fn event(&self, of: &str, reason: &str, message: &str) -> Result<()> {
        let path = self.path(of).await?;
        let object = self.until(&path, |_| true).await?;
        let text = |pointer: &str| object.pointer(pointer).cloned().unwrap_or(Value::Null);
        let at = self.filled_text("$0m-ago");
        let event = json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": { "generateName": "case-", "namespace": self.namespace },
            "involvedObject": {
                "apiVersion": text("/apiVersion"), "kind": text("/kind"), "namespace": self.namespace,
                "name": text("/metadata/name"), "uid": text("/metadata/uid"),
            },
            "type": "Warning", "reason": reason, "message": self.filled_text(message),
            "firstTimestamp": at, "lastTimestamp": at, "count": 3,
            "source": { "component": "kubelet" },
        });
        self.write(&event).await
    }

    async fn patch(&self, path: &str, body: &Value) -> Result<()> {
        let (code, answer) = self.cluster.send("PATCH", path, Some(body.clone())).await?;
        if code != 200 {
            bail!("{path} answered {code}: {answer}");
        }
        Ok(())
    }

    /// Waits until the object at `path` is there and `holds`.
    async fn until(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Result<Value> {
        for _ in 0..TRIES {
            let (code, object) = self.cluster.send("GET", path, None).await?;
            if code == 200 && holds(&object) {
                return Ok(object);
            }
            self.cluster.pass(Duration::from_secs(1)).await;
        }
        bail!("{path} never came to what was waited for")
    }

    async fn ask(&self, kind: &str, name: &str) -> Result<Outcome> {
        let told = self.cluster.why(kind, self.namespace, name).await?;
        let first = told.pointer("/reason/code").and_then(Value::as_str);
        Ok(Outcome {
            first: first.unwrap_or_default().to_owned(),
            told,
        })
    }
}

/// Whether `value` has all that `wanted` has. A wanted list names items that must be among the others.
fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, wanted)| value.get(key).is_some_and(|value| contains(value, wanted))),
        (Value::Array(value), Value::Array(wanted)) => wanted
            .iter()
            .all(|wanted| value.iter().any(|value| contains(value, wanted))),
        (value, wanted) => value == wanted,
    }
}
