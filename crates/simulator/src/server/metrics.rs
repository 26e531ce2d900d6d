//! The metrics API: what nodes and pods use now, as metrics-server serves it (`kubectl top`).
//!
//! Source: kubernetes-sigs/metrics-server `pkg/api`, `k8s.io/metrics/pkg/apis/metrics/v1beta1`.

use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use strata_domain::ids::ObjectKey;

use super::{
    ResponseBody, Server,
    failure::Failure,
    json_response,
    path::ResourcePath,
    query::Query,
    selector::{Selected, Selector},
};
use crate::{
    clock,
    store::Stored,
    telemetry::{
        facts::PodFacts,
        seconds,
        usage::{self, ContainerUsage},
        whole,
    },
    world::{node_kind, pod_kind},
};

/// Over how long metrics-server looks.
const WINDOW: &str = "15.02s";

impl Server {
    /// The metrics that `path` names.
    pub(super) fn metrics(
        &self,
        path: &ResourcePath,
        query: &Query,
    ) -> Result<Response<ResponseBody>, Failure> {
        let is_of_nodes = path.plural == "nodes";
        let (kind, objects) = if is_of_nodes {
            ("NodeMetrics", node_kind())
        } else {
            ("PodMetrics", pod_kind())
        };
        let measure = |stored: &Stored| {
            if is_of_nodes {
                self.node_metrics(stored)
            } else {
                self.pod_metrics(stored)
            }
        };
        let Some(name) = &path.name else {
            let selector = Selector::read(query, Selected::of(&objects))?;
            let items: Vec<Value> = self
                .store
                .list(&objects, &path.namespace)
                .into_iter()
                .filter(|stored| selector.matches(stored))
                .filter_map(|stored| measure(&stored))
                .map(Value::Object)
                .collect();
            let list = json!({ "kind": format!("{kind}List"), "apiVersion": path.api_version(),
                "metadata": {}, "items": items });
            return Ok(json_response(StatusCode::OK, list.to_string()));
        };
        let key = ObjectKey::new(path.namespace.as_str(), name.as_str());
        let measured = self
            .store
            .get(&objects, &key)
            .and_then(|stored| measure(&stored));
        let Some(mut measured) = measured else {
            let named = if is_of_nodes {
                name.clone()
            } else {
                format!("{}/{name}", path.namespace)
            };
            return Err(Failure::not_found(&ResourcePath {
                plural: kind.to_lowercase(),
                name: Some(named),
                ..path.clone()
            }));
        };
        measured.insert("kind".to_owned(), kind.into());
        measured.insert("apiVersion".to_owned(), path.api_version().into());
        Ok(json_response(
            StatusCode::OK,
            Value::Object(measured).to_string(),
        ))
    }

    fn node_metrics(&self, stored: &Stored) -> Option<Map<String, Value>> {
        let now = seconds(self.clock.now());
        let used = usage::of_node(self, &stored.key.name, now)?;
        let mut metrics = self.head(stored);
        metrics.insert(
            "usage".to_owned(),
            amounts(used.cpu.at(now), used.working_set),
        );
        Some(metrics)
    }

    /// What a pod uses; none where nothing of it runs.
    fn pod_metrics(&self, stored: &Stored) -> Option<Map<String, Value>> {
        let now = seconds(self.clock.now());
        let containers = usage::of_pod(stored, &PodFacts::read(stored));
        if containers.is_empty() {
            return None;
        }
        let each = |used: &ContainerUsage| json!({ "name": used.name, "usage": amounts(used.cpu.at(now), used.memory(now)) });
        let mut metrics = self.head(stored);
        metrics.insert(
            "containers".to_owned(),
            containers.iter().map(each).collect(),
        );
        Some(metrics)
    }

    fn head(&self, stored: &Stored) -> Map<String, Value> {
        let stamp = clock::stamp(self.clock.now());
        let labels: Map<String, Value> = stored
            .labels
            .iter()
            .map(|(name, value)| (name.to_string(), value.as_str().into()))
            .collect();
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), stored.key.name.as_str().into());
        if !stored.key.namespace.is_empty() {
            metadata.insert("namespace".to_owned(), stored.key.namespace.as_str().into());
        }
        metadata.insert("creationTimestamp".to_owned(), stamp.as_str().into());
        if !labels.is_empty() {
            metadata.insert("labels".to_owned(), labels.into());
        }
        let mut head = Map::new();
        head.insert("metadata".to_owned(), metadata.into());
        head.insert("timestamp".to_owned(), stamp.into());
        head.insert("window".to_owned(), WINDOW.into());
        head
    }
}

/// CPU in nanocores and memory in KiB, as metrics-server writes them.
fn amounts(cores: f64, bytes: f64) -> Value {
    json!({ "cpu": format!("{}n", whole(cores * 1e9)), "memory": format!("{}Ki", whole(bytes / 1024.0)) })
}
