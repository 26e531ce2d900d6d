use serde_json::json;

use super::*;
use crate::{
    collection::Collection,
    render::{Order, Place, is_cluster_wide_by_itself},
};

fn demand(recipe: &str, values: &Value) -> Vec<PodDemand> {
    let collection = Collection::embedded().unwrap();
    let order = Order {
        values: values.as_object().unwrap().clone(),
        ..Order::default()
    };
    let place = Place {
        namespace: "team-a",
        is_cluster_wide: &is_cluster_wide_by_itself,
    };
    let rendered = collection
        .recipe(recipe)
        .unwrap()
        .render(&order, place)
        .unwrap();
    assert_eq!(rendered.faults, []);
    pods_of_all(&rendered.objects)
}

/// Pods and GPUs of each kind of pod.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the values are written in place"
)]
fn gpus(recipe: &str, values: Value) -> Vec<(u64, u64)> {
    demand(recipe, &values)
        .iter()
        .map(|pods| {
            (
                pods.count,
                pods.requests.get("nvidia.com/gpu").copied().unwrap_or(0),
            )
        })
        .collect()
}

#[test]
fn every_kind_tells_its_pods_and_their_gpus() {
    let model = |more: Value| {
        let mut values = json!({
            "name": "a", "model": "hf://a/b", "dataset": "a/b", "data_claim": "a", "gpus": 4,
        });
        values
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        values
    };
    let hub = |more| {
        let mut values = model(more);
        values["model"] = json!("a/b");
        values
    };
    let take = |values: Value, names: &[&str]| {
        let values = values.as_object().unwrap().clone().into_iter();
        Value::Object(
            values
                .filter(|(name, _)| names.contains(&name.as_str()))
                .collect(),
        )
    };
    let training = ["name", "model", "dataset", "gpus", "nodes"];
    let serving = [
        "name",
        "model",
        "gpus",
        "nodes",
        "replicas",
        "prefill_replicas",
    ];
    let nodes = json!({ "nodes": 3 });
    assert_eq!(
        gpus("vllm", take(hub(json!({ "replicas": 2 })), &serving)),
        [(2, 4)]
    );
    let grows = json!({ "replicas": 3, "most_replicas": 9 });
    let mut grows_by_load = take(hub(grows.clone()), &serving);
    grows_by_load["most_replicas"] = grows["most_replicas"].clone();
    assert_eq!(
        gpus("vllm", grows_by_load),
        [(3, 4)],
        "the least that is kept"
    );
    assert_eq!(
        gpus("vllm-multi-node", take(hub(nodes.clone()), &serving)),
        [(1, 4), (2, 4)]
    );
    assert_eq!(
        gpus(
            "kserve-llm",
            take(model(json!({ "replicas": 2 })), &serving)
        ),
        [(2, 4)]
    );
    let prefill = json!({ "prefill_replicas": 3 });
    assert_eq!(
        gpus("llm-inference-service", take(model(prefill), &serving)),
        [(1, 4), (3, 4)]
    );
    assert_eq!(gpus("train-job", take(hub(json!({})), &training)), [(1, 4)]);
    assert_eq!(
        gpus("train-jobset", take(hub(nodes.clone()), &training)),
        [(3, 4)]
    );
    assert_eq!(
        gpus("train-trainjob", take(hub(nodes.clone()), &training)),
        [(3, 4)]
    );
    assert_eq!(
        gpus("train-pytorchjob", take(hub(nodes.clone()), &training)),
        [(1, 4), (2, 4)]
    );
    assert_eq!(
        gpus("train-rayjob", take(hub(nodes), &training)),
        [(1, 0), (3, 4)]
    );
}

#[test]
fn a_request_that_is_not_said_is_the_limit() {
    let pod = json!({ "kind": "Pod", "metadata": { "name": "a" }, "spec": {
        "initContainers": [{ "resources": { "limits": { "memory": "4Gi" } } }],
        "containers": [
            { "resources": { "requests": { "cpu": "500m" }, "limits": { "nvidia.com/gpu": 2 } } },
            { "resources": { "limits": { "cpu": "1", "memory": "1Gi" } } },
        ],
    } });
    let pods = pods_of(&pod);
    let expected = [("cpu", 1500), ("memory", 4 << 30), ("nvidia.com/gpu", 2)];
    let expected = expected.map(|(resource, amount)| (resource.to_owned(), amount));
    assert_eq!(pods[0].requests, BTreeMap::from(expected));
}

#[test]
fn templates_of_pods_are_found_wherever_a_kind_has_them() {
    let template = |name: &str| {
        json!({ "metadata": { "labels": { "app": name } },
            "spec": { "containers": [{ "name": name, "image": "a:1" }] } })
    };
    let set = json!({ "kind": "LeaderWorkerSet", "metadata": { "name": "a" }, "spec": {
        "leaderWorkerTemplate": { "leaderTemplate": template("leader"), "workerTemplate": template("worker") },
    } });
    let labels: Vec<&Value> = pod_templates(&set)
        .into_iter()
        .map(|template| &template["metadata"]["labels"]["app"])
        .collect();
    assert_eq!(labels, ["leader", "worker"]);
    let model = json!({ "kind": "InferenceService", "spec": { "predictor": { "model": {} } } });
    assert!(pod_templates(&model).is_empty());
}

#[test]
fn a_set_that_grows_counts_a_leader_and_its_workers_for_each_group_that_is_kept() {
    let template = json!({ "spec": { "containers": [{ "name": "engine" }] } });
    let set = json!({ "kind": "LeaderWorkerSet", "metadata": { "name": "a" }, "spec": {
        "leaderWorkerTemplate": { "size": 4, "leaderTemplate": template, "workerTemplate": template },
    } });
    let scaler = json!({ "kind": "HorizontalPodAutoscaler", "spec": {
        "minReplicas": 2, "scaleTargetRef": { "kind": "LeaderWorkerSet", "name": "a" },
    } });
    let pods = pods_of_all(&[set, scaler]);
    let counts: Vec<u64> = pods.iter().map(|demand| demand.count).collect();
    assert_eq!(counts, [2, 6]);
}

#[test]
fn volumes_images_and_queues_are_found() {
    let set = json!({ "kind": "StatefulSet", "metadata": { "labels": { QUEUE_LABEL: "q" } }, "spec": {
        "template": { "spec": { "containers": [{ "image": "a:1" }], "initContainers": [{ "image": "b:2" }] } },
        "volumeClaimTemplates": [{ "spec": { "storageClassName": "fast" } }, { "spec": {} }],
    } });
    assert_eq!(
        storage_classes_of(&set),
        BTreeSet::from([String::new(), "fast".to_owned()])
    );
    assert_eq!(
        images_of(&set),
        BTreeSet::from(["a:1".to_owned(), "b:2".to_owned()])
    );
    assert_eq!(queue_of(&set), Some("q"));
}
