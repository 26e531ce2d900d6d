//! Setting a cluster up: everything that a scenario says is there, with its age.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use super::{Behaviour, World, agenda::Deed, copies::Search, node_kind, pod_kind};
use crate::{
    actors, admission, clock, json, kinds, manifest, rbac,
    scenario::{
        Crowd, Fault, Pairs, Pool, Publisher, Scenario, Swelling, Workload, definitions_of,
    },
};

/// How long ago the cluster itself was made.
const CLUSTER_AGE: Duration = Duration::from_hours(5136);

/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

impl World {
    /// Sets up what `scenario` says, then lets its stories begin.
    pub(crate) fn set_up(&mut self, scenario: &Scenario) {
        self.clock.set(clock::earlier(self.begins, CLUSTER_AGE));
        self.create_namespaces(scenario);
        self.create_priorities();
        for (kind, object) in rbac::bootstrap::objects() {
            self.create(&kind, object);
        }
        for project in &scenario.definitions {
            for definition in definitions_of(project).unwrap_or_default() {
                self.create(&kinds::definition(), definition);
            }
        }
        for pool in &scenario.pools {
            self.create_pool(pool, &scenario.kubernetes);
        }
        for object in &scenario.objects {
            self.create_written(object, &scenario.swellings);
        }
        self.settle();
        let crowds = scenario.crowds.iter().flat_map(Crowd::workloads);
        let mut search = Search::default();
        for workload in scenario.workloads.iter().cloned().chain(crowds) {
            self.clock.set(clock::earlier(self.begins, workload.age));
            self.submit_large(&workload, &mut search);
        }
        self.clock.set(self.begins);
        for fault in &scenario.faults {
            self.break_down(fault);
        }
        self.settle();
        self.is_setting_up = false;
        self.advance_to(self.begins);
        // Nobody saw how it came about; what a client may ask for begins with the cluster's present.
        self.store.compact();
        self.after(Duration::ZERO, Deed::Heartbeat);
        self.after(Duration::from_mins(1), Deed::SweepEvents);
        self.stories.clone_from(&scenario.stories);
        self.told = vec![0; self.stories.len()];
        for index in 0..self.stories.len() {
            let Some(story) = self.stories.get(index) else {
                continue;
            };
            let (after, spread) = (story.after, story.spread);
            let later = crate::random::between(&mut self.random, Duration::ZERO, spread);
            self.after(after + later, Deed::Tell(index));
        }
        self.settle();
    }

    /// Creates the object that `workload` is, as a user would, and remembers how it behaves.
    pub(crate) fn submit(&mut self, workload: &Workload) {
        let behaviour = Behaviour {
            run_for: workload.run_for,
            startup: workload.startup,
            trouble: workload.trouble.clone(),
            troubled_program: None,
        };
        let key = ObjectKey::new(workload.namespace.as_str(), workload.name.as_str());
        self.behaviours.insert(key, behaviour);
        if let Some(template) = manifest::claim_template(workload) {
            self.create(
                &GroupKind::new("resource.k8s.io", "ResourceClaimTemplate"),
                template,
            );
        }
        if workload.kind == "StaticPod" {
            self.create_static_pods(workload);
            return;
        }
        let kind = manifest::group_kind(&workload.kind);
        let mut object = manifest::object(workload);
        admission::default_fields(&kind.group, &kind.kind, &mut object);
        self.create(&kind, object);
    }

    /// The pods that the kubelets of the first `replicas` matching nodes read from a file: owned by
    /// their node, as the mirror pods of static pods are.
    fn create_static_pods(&mut self, workload: &Workload) {
        let nodes: Vec<_> = self
            .store
            .list(&node_kind(), "")
            .into_iter()
            .filter(|node| {
                workload
                    .node_selector
                    .iter()
                    .all(|(label, value)| node.label(label) == Some(value))
            })
            .take(usize::try_from(workload.replicas).unwrap_or(usize::MAX))
            .collect();
        for node in nodes {
            let mut pod = manifest::object(workload);
            let metadata = json::object_at(&mut pod, "metadata");
            metadata.insert(
                "name".to_owned(),
                format!("{}-{}", workload.name, node.key.name).into(),
            );
            metadata.insert(
                "ownerReferences".to_owned(),
                json!([{ "apiVersion": "v1", "kind": "Node", "name": node.key.name.as_str(),
                    "uid": node.uid.as_str(), "controller": true }]),
            );
            metadata.insert(
                "annotations".to_owned(),
                json!({ "kubernetes.io/config.source": "file" }),
            );
            let spec = json::object_at(&mut pod, "spec");
            spec.insert("nodeName".to_owned(), node.key.name.as_str().into());
            self.create(&pod_kind(), pod);
        }
    }

    /// The priority classes that every cluster has.
    fn create_priorities(&mut self) {
        let classes = [
            (
                "system-node-critical",
                2_000_001_000,
                "Used for system critical pods that must not be moved from their current node.",
            ),
            (
                "system-cluster-critical",
                2_000_000_000,
                "Used for system critical pods that must run in the cluster, but can be moved to \
                 another node if necessary.",
            ),
        ];
        for (name, value, description) in classes {
            let class = json!({ "metadata": { "name": name }, "value": value,
                "description": description, "preemptionPolicy": "PreemptLowerPriority" });
            self.create(&GroupKind::new("scheduling.k8s.io", "PriorityClass"), class);
        }
    }

    /// The namespaces that anything of the scenario lies in.
    fn create_namespaces(&mut self, scenario: &Scenario) {
        let mut names: BTreeSet<String> = NAMESPACES.map(str::to_owned).into();
        let of_workloads = scenario
            .workloads
            .iter()
            .map(|workload| workload.namespace.clone());
        let of_crowds = scenario
            .crowds
            .iter()
            .flat_map(|crowd| crowd.workloads().map(|workload| workload.namespace));
        let of_objects = scenario
            .objects
            .iter()
            .map(|object| json::text(object, "/metadata/namespace").to_owned())
            .filter(|namespace| !namespace.is_empty());
        names.extend(of_workloads.chain(of_crowds).chain(of_objects));
        for name in names {
            let namespace = json!({
                "metadata": { "name": name, "labels": { "kubernetes.io/metadata.name": name } },
                "spec": { "finalizers": ["kubernetes"] },
                "status": { "phase": "Active" },
            });
            self.create(&GroupKind::new("", "Namespace"), namespace);
        }
    }

    fn create_pool(&mut self, pool: &Pool, kubernetes: &str) {
        let joined = clock::earlier(self.begins, pool.age);
        for index in 0..pool.nodes {
            let node = manifest::node::node(pool, index, kubernetes, joined, &mut self.random);
            let Some(stored) = self.create(&node_kind(), node) else {
                continue;
            };
            actors::nodes::create_lease(self, &stored);
            if let Some(gpu) = pool
                .gpu
                .as_ref()
                .filter(|gpu| gpu.published_by == Publisher::Dra)
            {
                let slice =
                    manifest::node::resource_slice(pool, gpu, index, &stored.uid, &mut self.random);
                self.create(&GroupKind::new("resource.k8s.io", "ResourceSlice"), slice);
            }
        }
    }

    /// Creates an object as it is written, its conditions with a time, swollen where that is asked
    /// for.
    fn create_written(&mut self, written: &Value, swellings: &[Swelling]) {
        let mut object = written.clone();
        for swelling in swellings.iter().filter(|swelling| swelling.is_of(written)) {
            swell(&mut object, "labels", swelling.labels());
            swell(&mut object, "annotations", swelling.annotations());
        }
        let stamp = self.stamp();
        if let Some(conditions) = object
            .pointer_mut("/status/conditions")
            .and_then(Value::as_array_mut)
        {
            for condition in conditions {
                json::as_object(condition)
                    .entry("lastTransitionTime")
                    .or_insert_with(|| stamp.as_str().into());
            }
        }
        let api_version = json::text(written, "/apiVersion");
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        self.create(&GroupKind::new(group, json::text(written, "/kind")), object);
    }

    fn break_down(&mut self, fault: &Fault) {
        match fault {
            Fault::GpuLost {
                node,
                namespace,
                workload,
            } => {
                actors::failure::lose_gpu(self, node, namespace, workload);
            }
        }
    }
}

/// Adds `pairs` to the labels or annotations of an object.
fn swell(object: &mut Value, field: &str, pairs: Pairs) {
    if pairs.is_empty() {
        return;
    }
    let known = json::object_at(object, "metadata")
        .entry(field)
        .or_insert_with(|| json!({}));
    let pairs = pairs.into_iter().map(|(name, value)| (name, value.into()));
    json::as_object(known).extend(pairs);
}
