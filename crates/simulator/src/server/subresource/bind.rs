//! `binding`: giving a pod its node, as a scheduler does.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{body_of, done, is_dry_run};
use crate::{
    clock, json,
    server::{ResponseBody, Server, Target, failure::Failure, path::ResourcePath, query::Query},
    world::pod_kind,
};

impl Server {
    /// Binds the pod that the path or, without one, the body names.
    pub(in crate::server) fn bind(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        let binding = body_of(body)?;
        let name = json::text(&binding, "/metadata/name");
        if target
            .path
            .name
            .as_ref()
            .is_some_and(|on_url| on_url != name)
        {
            let why = "name in URL does not match name in Binding object";
            return Err(Failure::bad_request(why));
        }
        let node = json::text(&binding, "/target/name");
        let kind = json::text(&binding, "/target/kind");
        if !["", "Node"].contains(&kind) {
            return Err(Failure::unexplained(&format!(
                "target.kind: Unsupported value: \"{kind}\": supported values: \"Node\", \"<empty>\""
            )));
        }
        if node.is_empty() {
            return Err(Failure::unexplained("target.name: Required value"));
        }
        let path = ResourcePath {
            plural: "pods".to_owned(),
            name: Some(name.to_owned()),
            subresource: None,
            ..target.path.clone()
        };
        let key = ObjectKey::new(target.path.namespace.as_str(), name);
        let stored = self.store.get(&pod_kind(), &key);
        let stored = stored.ok_or_else(|| Failure::not_found(&path))?;
        let pod = stored.value();
        let why = match json::text(&pod, "/spec/nodeName") {
            _ if stored.is_ending => Some(format!(
                "pod {name} is being deleted, cannot be assigned to a host"
            )),
            "" if !json::items(&pod, "/spec/schedulingGates").is_empty() => {
                Some(format!("pod {name} has non-empty .spec.schedulingGates"))
            }
            "" => None,
            bound => Some(format!(
                "pod {name} is already assigned to node \"{bound}\""
            )),
        };
        if let Some(why) = why {
            return Err(Failure::conflict_because("", "pods/binding", name, &why));
        }
        if !is_dry_run(query) {
            let stamp = clock::stamp(self.clock.now());
            self.store
                .update(&pod_kind(), &key, |pod| assign(pod, &binding, node, &stamp));
        }
        Ok(done())
    }
}

fn assign(pod: &mut Value, binding: &Value, node: &str, stamp: &str) {
    json::object_at(pod, "spec").insert("nodeName".to_owned(), node.into());
    for field in ["annotations", "labels"] {
        let added = binding.pointer(&format!("/metadata/{field}"));
        if let Some(added) = added.and_then(Value::as_object) {
            let metadata = json::object_at(pod, "metadata");
            let known = metadata.entry(field).or_insert_with(|| json!({}));
            json::as_object(known).extend(added.clone());
        }
    }
    let conditions = json::object_at(pod, "status")
        .entry("conditions")
        .or_insert_with(|| json!([]));
    if let Some(conditions) = conditions.as_array_mut() {
        conditions.retain(|known| json::text(known, "/type") != "PodScheduled");
        conditions.push(json!({ "type": "PodScheduled", "status": "True",
            "lastProbeTime": null, "lastTransitionTime": stamp }));
    }
}
