//! What can be seen from inside a container.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    clock, json, logs, program::Program, server::Server, telemetry::Gpu, world::node_kind,
};

/// A container, seen from inside.
pub(crate) struct Inside {
    server: Arc<Server>,
    pub(super) pod: Value,
    pub(super) container: Value,
    pub(super) node: Value,
    pub(super) program: Program,
}

impl Inside {
    pub(crate) fn new(server: Arc<Server>, pod: Value, container: Value) -> Self {
        let name = json::text(&pod, "/spec/nodeName").to_owned();
        let node = server
            .store
            .get(&node_kind(), &ObjectKey::new("", name))
            .map(|node| node.value())
            .unwrap_or_default();
        Self {
            program: Program::of(&container),
            server,
            pod,
            container,
            node,
        }
    }

    /// The cluster's now.
    pub(super) fn now(&self) -> Timestamp {
        self.server.clock.now()
    }

    /// Waits until the cluster's time has passed `by`.
    pub(super) async fn wait(&self, by: Duration) {
        let until = clock::later(self.now(), by);
        let mut moves = self.server.clock.subscribe();
        while self.now() < until && moves.changed().await.is_ok() {}
    }

    /// When the container started.
    pub(super) fn started(&self) -> Timestamp {
        let name = json::text(&self.container, "/name");
        json::items(&self.pod, "/status/containerStatuses")
            .iter()
            .find(|status| json::text(status, "/name") == name)
            .and_then(|status| json::text(status, "/state/running/startedAt").parse().ok())
            .unwrap_or_else(|| self.now())
    }

    pub(super) fn hostname(&self) -> &str {
        match json::text(&self.pod, "/spec/hostname") {
            "" => json::text(&self.pod, "/metadata/name"),
            name => name,
        }
    }

    /// The user's name and number.
    pub(super) fn user(&self) -> (&'static str, u32) {
        match self.program {
            Program::Jupyter => ("jovyan", 1000),
            Program::Postgres => ("postgres", 999),
            Program::Operator => ("nonroot", 65532),
            _ => ("root", 0),
        }
    }

    pub(super) fn home(&self) -> &'static str {
        match self.program {
            Program::Jupyter => "/home/jovyan",
            Program::Training => "/workspace",
            Program::Vllm => "/vllm-workspace",
            _ => "/",
        }
    }

    /// Whether the image is a small one, with busybox's shell.
    pub(super) fn is_small(&self) -> bool {
        let image = json::text(&self.container, "/image");
        image.contains("busybox") || image.contains("alpine")
    }

    pub(super) fn gpus(&self) -> u64 {
        logs::gpus_of(&self.container)
    }

    /// The GPUs that its pod has.
    pub(super) fn gpus_of_pod(&self) -> Vec<Arc<Gpu>> {
        let uid = json::text(&self.pod, "/metadata/uid");
        self.server.inventory.gpus_of(uid)
    }

    /// The environment.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::from(
            [
                (
                    "PATH",
                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                ),
                ("HOSTNAME", self.hostname()),
                (
                    "HOME",
                    if self.user().1 == 0 {
                        "/root"
                    } else {
                        self.home()
                    },
                ),
                ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
                ("KUBERNETES_SERVICE_PORT", "443"),
                ("KUBERNETES_SERVICE_PORT_HTTPS", "443"),
                ("KUBERNETES_PORT", "tcp://10.96.0.1:443"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        if self.gpus() > 0 {
            variables.insert(
                "NVIDIA_VISIBLE_DEVICES".to_owned(),
                self.gpu_ids().join(","),
            );
            variables.insert(
                "NVIDIA_DRIVER_CAPABILITIES".to_owned(),
                "compute,utility".to_owned(),
            );
        }
        for variable in json::items(&self.container, "/env") {
            let name = json::text(variable, "/name").to_owned();
            variables.insert(name, self.value_of(variable));
        }
        variables
    }

    fn value_of(&self, variable: &Value) -> String {
        if let Some(value) = variable.get("value").and_then(Value::as_str) {
            return value.to_owned();
        }
        if let Some(path) = variable
            .pointer("/valueFrom/fieldRef/fieldPath")
            .and_then(Value::as_str)
        {
            return json::text(&self.pod, &format!("/{}", path.replace('.', "/"))).to_owned();
        }
        for (source, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
            let Some(reference) = variable.pointer(&format!("/valueFrom/{source}")) else {
                continue;
            };
            let files = self.files_of(kind, json::text(reference, "/name"));
            let key = json::text(reference, "/key");
            return files.get(key).cloned().unwrap_or_default();
        }
        String::new()
    }

    /// What a config map or a secret holds, by key.
    fn files_of(&self, kind: &str, name: &str) -> BTreeMap<String, String> {
        let namespace = json::text(&self.pod, "/metadata/namespace");
        let stored = self
            .server
            .store
            .get(&GroupKind::new("", kind), &ObjectKey::new(namespace, name));
        let object = stored.map(|stored| stored.value()).unwrap_or_default();
        let data = object.get("data").and_then(Value::as_object);
        data.into_iter()
            .flatten()
            .filter_map(|(key, value)| {
                let text = value.as_str()?;
                let text = if kind == "Secret" {
                    let bytes = STANDARD.decode(text).ok()?;
                    String::from_utf8_lossy(&bytes).into_owned()
                } else {
                    text.to_owned()
                };
                Some((key.clone(), text))
            })
            .collect()
    }

    /// Config maps and secrets that are mounted: where, and what files.
    pub(super) fn mounts(&self) -> Vec<(String, BTreeMap<String, String>)> {
        json::items(&self.container, "/volumeMounts")
            .iter()
            .filter_map(|mount| {
                let name = json::text(mount, "/name");
                let volume = json::items(&self.pod, "/spec/volumes")
                    .iter()
                    .find(|volume| json::text(volume, "/name") == name)?;
                let config = json::text(volume, "/configMap/name");
                let secret = json::text(volume, "/secret/secretName");
                let files = match (config, secret) {
                    ("", "") => BTreeMap::new(),
                    ("", secret) => self.files_of("Secret", secret),
                    (config, _) => self.files_of("ConfigMap", config),
                };
                Some((json::text(mount, "/mountPath").to_owned(), files))
            })
            .collect()
    }

    /// The label `label` of the node.
    pub(super) fn node_label(&self, label: &str) -> &str {
        self.node
            .pointer("/metadata/labels")
            .and_then(|labels| labels.get(label))
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}
