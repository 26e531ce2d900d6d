//! A demo cluster that recipes are deployed to.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strata_app::{Engine, Simulation};
use strata_integration_tests::{demo, send};

/// A demo cluster whose time stands still, and an engine that deploys to it.
pub(crate) struct Demo {
    pub(crate) simulation: Simulation,
    pub(crate) engine: Engine,
}

impl Demo {
    pub(crate) async fn start(scenario: &str) -> Self {
        let (simulation, engine) = demo(scenario).await.unwrap();
        Self { simulation, engine }
    }

    pub(crate) async fn call(&self, operation: &str, request: Value) -> Value {
        self.engine.call(operation, request).await.unwrap()
    }

    pub(crate) async fn deploy(&self, recipe: &str, values: Value, intent: &str) -> Value {
        let recipe = json!({
            "recipe": recipe, "cluster": "demo", "namespace": "default", "values": values,
        });
        let request = json!({ "recipe": recipe, "intent": intent });
        self.call("deploy_recipe", request).await
    }

    pub(crate) async fn release(&self, operation: &str, more: Value) -> Value {
        let mut request = json!({ "cluster": "demo", "namespace": "default", "name": "web" });
        let fields = request.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        self.call(operation, request).await
    }

    /// The names of everything of these kinds in the namespace.
    pub(crate) async fn everything(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in [
            "api/v1/namespaces/default/configmaps",
            "api/v1/namespaces/default/services",
            "api/v1/namespaces/default/persistentvolumeclaims",
            "apis/apps/v1/namespaces/default/deployments",
            "apis/apps/v1/namespaces/default/replicasets",
        ] {
            let items = self.get(path).await["items"].take();
            let names = items.as_array().unwrap().iter();
            found.extend(names.map(|item| format!("{path} {}", item["metadata"]["name"])));
        }
        found
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let path = format!("/{path}");
        let answer = send(&self.simulation, "another/1", "GET", &path, None).await;
        answer.unwrap().1
    }

    /// Scales the Deployment, as an autoscaler does.
    pub(crate) async fn send_scale(&self, scale: Value) {
        let path = "/apis/apps/v1/namespaces/default/deployments/web/scale";
        let sent = send(
            &self.simulation,
            "autoscaler/1",
            "PATCH",
            path,
            Some(&scale),
        );
        assert_eq!(sent.await.unwrap().0, 200);
    }

    pub(crate) async fn image(&self) -> Value {
        let found = self
            .get("apis/apps/v1/namespaces/default/deployments/web")
            .await;
        found["spec"]["template"]["spec"]["containers"][0]["image"].clone()
    }
}

pub(crate) fn web(image: &str, port: &Value) -> Value {
    json!({ "name": "web", "image": image, "port": port, "replicas": 2 })
}
