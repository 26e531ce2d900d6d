//! A demo cluster that is changed, by us and by another client.

use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::{demo, send};

/// A demo cluster whose time stands still, and an engine that changes it.
pub(crate) struct Demo {
    pub(crate) simulation: Simulation,
    pub(crate) engine: Engine,
}

impl Demo {
    pub(crate) async fn start() -> Self {
        Self::of("workstation").await
    }

    pub(crate) async fn of(scenario: &str) -> Self {
        let (simulation, engine) = demo(scenario).await.unwrap();
        Self { simulation, engine }
    }

    pub(crate) async fn change(&self, manifests: &str, intent: &str, choices: Value) -> Value {
        let request = json!({
            "cluster": "demo", "manifests": manifests, "namespace": "", "intent": intent,
            "choices": choices,
        });
        self.engine.call("change_objects", request).await.unwrap()
    }

    pub(crate) async fn delete(&self, objects: Value, intent: &str) -> Value {
        let request = json!({
            "cluster": "demo", "objects": objects, "propagation": "background", "intent": intent,
        });
        self.engine.call("delete_objects", request).await.unwrap()
    }

    /// What another client sends.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let sent = send(&self.simulation, "another/1", method, path, Some(&body));
        sent.await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, Value::Null).await
    }
}

pub(crate) const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - { name: main, image: 'nginx:1.29' }
---
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: shop }
stringData: { token: hunter2 }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
";

pub(crate) const WEB: &str = "/apis/apps/v1/namespaces/shop/deployments/web";

impl Demo {
    pub(crate) async fn act(&self, object: &str, action: Value, intent: &str) -> Value {
        let mut parts = object.split('/');
        let [kind, namespace, name] = std::array::from_fn(|_| parts.next().unwrap());
        let objects = json!([{ "kind": kind, "namespace": namespace, "name": name }]);
        let request =
            json!({ "cluster": "demo", "objects": objects, "action": action, "intent": intent });
        self.engine.call("act_on_objects", request).await.unwrap()
    }

    pub(crate) async fn call(&self, operation: &str, request: Value) -> Value {
        self.engine.call(operation, request).await.unwrap()
    }

    /// The journal, the newest entry first.
    pub(crate) async fn journal(&self) -> Vec<Value> {
        let page = self
            .call("read_journal", json!({ "words": "", "most": 100 }))
            .await;
        page["entries"].as_array().unwrap().clone()
    }
}

/// The sentences of a report's first step, by their codes.
pub(crate) fn codes(report: &Value) -> Vec<String> {
    let told = report["steps"][0]["consequences"]
        .as_array()
        .unwrap()
        .iter();
    told.map(|phrase| phrase["code"].as_str().unwrap().to_owned())
        .collect()
}
