//! What manifests ask of a cluster: pods and what each of them requests, volumes, images, queues.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use strata_domain::quantity;

/// The label by which Kueue knows an object's queue.
pub const QUEUE_LABEL: &str = "kueue.x-k8s.io/queue-name";

/// Pods that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct PodDemand {
    /// Whose: `Deployment qwen`.
    pub owner: String,
    /// How many at the same time.
    pub count: u64,
    /// What one requests, by resource: thousandths of cores for `cpu`, else bytes and devices.
    pub requests: BTreeMap<String, u64>,
    /// What one may take at most, likewise.
    pub limits: BTreeMap<String, u64>,
    /// The labels that its node has to have.
    pub node_selector: BTreeMap<String, String>,
    /// The taints that it stands, as in its spec.
    pub tolerations: Vec<Value>,
}

/// The pods that `objects` come to together. What an autoscaler among them scales starts with the least
/// that it keeps.
pub fn pods_of_all(objects: &[Value]) -> Vec<PodDemand> {
    let scaled: BTreeMap<String, u64> = objects.iter().filter_map(least_kept).collect();
    objects
        .iter()
        .flat_map(|object| match scaled.get(&owner(object)) {
            Some(least) => pods_of(&having(object, *least)),
            None => pods_of(object),
        })
        .collect()
}

/// `object` with so many replicas.
fn having(object: &Value, replicas: u64) -> Value {
    let mut object = object.clone();
    if let Some(Value::Object(spec)) = object.get_mut("spec") {
        spec.insert("replicas".to_owned(), replicas.into());
    }
    object
}

/// `Deployment qwen`.
fn owner(object: &Value) -> String {
    format!(
        "{} {}",
        text(object, "/kind"),
        text(object, "/metadata/name")
    )
}

/// What the autoscaler `object` scales, and how many pods of it are kept at least.
pub fn least_kept(object: &Value) -> Option<(String, u64)> {
    let (field, by_default) = match text(object, "/kind") {
        "HorizontalPodAutoscaler" => ("/spec/minReplicas", 1),
        "ScaledObject" => ("/spec/minReplicaCount", 0),
        _ => return None,
    };
    let kind = match text(object, "/spec/scaleTargetRef/kind") {
        "" => "Deployment",
        kind => kind,
    };
    let owner = format!("{kind} {}", text(object, "/spec/scaleTargetRef/name"));
    let least = object.pointer(field).and_then(Value::as_u64);
    Some((owner, least.unwrap_or(by_default)))
}

/// The pods that `object` comes to; none for kinds that run nothing, and for those not known.
pub fn pods_of(object: &Value) -> Vec<PodDemand> {
    let owner = owner(object);
    templates(object, text(object, "/kind"))
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, spec)| PodDemand::of(&owner, count, spec))
        .collect()
}

/// The templates of pods within `object`, wherever its kind has them: each a map with a `spec` that has
/// containers. A pod is one itself.
pub fn pod_templates(object: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    collect_templates(object, &mut found);
    found
}

fn collect_templates<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    let is_template = value
        .pointer("/spec/containers")
        .and_then(Value::as_array)
        .is_some_and(|containers| {
            let is_whole = |container: &Value| {
                container.get("name").is_some() && container.get("image").is_some()
            };
            !containers.is_empty() && containers.iter().all(is_whole)
        });
    if is_template {
        found.push(value);
        return;
    }
    match value {
        Value::Object(fields) => fields
            .values()
            .for_each(|value| collect_templates(value, found)),
        Value::Array(items) => items.iter().for_each(|item| collect_templates(item, found)),
        _ => {}
    }
}

/// The storage classes that `object` asks volumes of; an empty one is the cluster's default.
pub fn storage_classes_of(object: &Value) -> BTreeSet<String> {
    let class = |claim: &Value| text(claim, "/spec/storageClassName").to_owned();
    match text(object, "/kind") {
        "PersistentVolumeClaim" => BTreeSet::from([class(object)]),
        _ => list(object, "/spec/volumeClaimTemplates")
            .iter()
            .map(class)
            .collect(),
    }
}

/// The images that `object` runs.
pub fn images_of(object: &Value) -> BTreeSet<String> {
    let mut images = BTreeSet::new();
    for (_, spec) in templates(object, text(object, "/kind")) {
        let containers = ["/containers", "/initContainers"];
        for container in containers.iter().flat_map(|pointer| list(spec, pointer)) {
            images.extend(
                container
                    .get("image")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
    }
    images.extend(
        object
            .pointer("/spec/trainer/image")
            .and_then(Value::as_str)
            .map(str::to_owned),
    );
    images
}

/// The queue that `object` waits in.
pub fn queue_of(object: &Value) -> Option<&str> {
    object
        .pointer("/metadata/labels")?
        .get(QUEUE_LABEL)?
        .as_str()
}

impl PodDemand {
    fn of(owner: &str, count: u64, spec: &Value) -> Self {
        let labels = spec.get("nodeSelector").and_then(Value::as_object);
        let labels = labels.into_iter().flatten();
        Self {
            owner: owner.to_owned(),
            count,
            requests: amounts(spec, "requests"),
            limits: amounts(spec, "limits"),
            node_selector: labels
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect(),
            tolerations: list(spec, "/tolerations").to_vec(),
        }
    }
}

/// How often each pod template of `object` runs at the same time.
fn templates<'a>(object: &'a Value, kind: &str) -> Vec<(u64, &'a Value)> {
    let at = |pointer: &str| object.pointer(pointer);
    let count = |pointer: &str| at(pointer).and_then(Value::as_u64).unwrap_or(1);
    let one = |count: u64, pointer: &str| at(pointer).map(|spec| (count, spec));
    match kind {
        "Pod" => one(1, "/spec").into_iter().collect(),
        "Job" => one(count("/spec/parallelism"), "/spec/template/spec")
            .into_iter()
            .collect(),
        "JobSet" => list(object, "/spec/replicatedJobs")
            .iter()
            .filter_map(|job| {
                let number = |pointer| job.pointer(pointer).and_then(Value::as_u64).unwrap_or(1);
                let pods = number("/replicas") * number("/template/spec/parallelism");
                Some((pods, job.pointer("/template/spec/template/spec")?))
            })
            .collect(),
        "LeaderWorkerSet" => {
            let groups = count("/spec/replicas");
            let workers = count("/spec/leaderWorkerTemplate/size").saturating_sub(1);
            let leader = one(groups, "/spec/leaderWorkerTemplate/leaderTemplate/spec");
            let worker = one(
                groups * workers,
                "/spec/leaderWorkerTemplate/workerTemplate/spec",
            );
            leader.into_iter().chain(worker).collect()
        }
        "RayCluster" => ray(at("/spec")),
        "RayJob" => ray(at("/spec/rayClusterSpec")),
        // The trainer says what a node takes as a container says it; its runtime has the rest.
        "TrainJob" => one(count("/spec/trainer/numNodes"), "/spec/trainer")
            .into_iter()
            .collect(),
        "InferenceService" => one(count("/spec/predictor/minReplicas"), "/spec/predictor")
            .into_iter()
            .collect(),
        "LLMInferenceService" => {
            let decode = one(count("/spec/replicas"), "/spec/template");
            let prefill = one(count("/spec/prefill/replicas"), "/spec/prefill/template");
            decode.into_iter().chain(prefill).collect()
        }
        _ if kind.ends_with("Job") => at("/spec")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::iter)
            .filter(|(field, _)| field.ends_with("ReplicaSpecs"))
            .filter_map(|(_, roles)| roles.as_object())
            .flat_map(Map::values)
            .filter_map(|role| {
                let count = role.get("replicas").and_then(Value::as_u64).unwrap_or(1);
                Some((count, role.pointer("/template/spec")?))
            })
            .collect(),
        _ => one(count("/spec/replicas"), "/spec/template/spec")
            .into_iter()
            .collect(),
    }
}

fn ray(cluster: Option<&Value>) -> Vec<(u64, &Value)> {
    let Some(cluster) = cluster else {
        return Vec::new();
    };
    let head = cluster
        .pointer("/headGroupSpec/template/spec")
        .map(|spec| (1, spec));
    let workers = list(cluster, "/workerGroupSpecs")
        .iter()
        .filter_map(|group| {
            let count = group.get("replicas").and_then(Value::as_u64).unwrap_or(0);
            Some((count, group.pointer("/template/spec")?))
        });
    head.into_iter().chain(workers).collect()
}

/// The requests or limits of a pod: the sum of its containers, or an init container that takes more.
/// A request that is not said is the limit.
fn amounts(spec: &Value, which: &str) -> BTreeMap<String, u64> {
    let mut sum = BTreeMap::new();
    let of_container = |container: &Value| {
        let resources = ["/resources", "/resourcesPerNode"]
            .iter()
            .find_map(|pointer| container.pointer(pointer));
        let mut said = BTreeMap::new();
        let sources = if which == "requests" {
            &["limits", "requests"][..]
        } else {
            &["limits"]
        };
        for source in sources {
            let amounts = resources.and_then(|all| all.get(source)?.as_object());
            for (resource, amount) in amounts.into_iter().flatten() {
                said.extend(number(resource, amount).map(|number| (resource.clone(), number)));
            }
        }
        said
    };
    let containers = list(spec, "/containers").iter();
    // KServe's model and Trainer's trainer are a container without its name.
    let bare = spec
        .get("model")
        .into_iter()
        .chain(spec.get("resourcesPerNode").map(|_| spec));
    for container in containers.chain(bare) {
        for (resource, amount) in of_container(container) {
            *sum.entry(resource).or_insert(0) += amount;
        }
    }
    for container in list(spec, "/initContainers") {
        for (resource, amount) in of_container(container) {
            let known: &mut u64 = sum.entry(resource).or_insert(0);
            *known = (*known).max(amount);
        }
    }
    sum
}

fn number(resource: &str, amount: &Value) -> Option<u64> {
    let text = match amount {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    if resource == "cpu" {
        quantity::parse_millicores(&text)
    } else {
        quantity::parse_count(&text)
    }
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn list<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    let found = object.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests;
