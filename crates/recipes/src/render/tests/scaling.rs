//! Releases that grow with their load.

use super::*;

/// What of a release of the recipe scales its workload, and the number that this says itself.
fn scaling(recipe: &str, values: &Value) -> (Vec<Value>, Value) {
    let collection = collection();
    let recipe = collection.recipe(recipe).unwrap();
    let mut order = least(recipe);
    order.values.extend(values.as_object().unwrap().clone());
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(rendered.faults, [], "{values}");
    let (scalers, others): (Vec<Value>, Vec<Value>) =
        rendered.objects.into_iter().partition(|object| {
            ["HorizontalPodAutoscaler", "ScaledObject"].contains(&object["kind"].as_str().unwrap())
        });
    (
        scalers,
        others[others.len() - 1]["spec"]["replicas"].clone(),
    )
}

#[test]
fn a_release_grows_with_its_load_by_cpu_a_metric_or_keda() {
    let (none, replicas) = scaling("vllm", &json!({ "replicas": 2 }));
    assert_eq!((none.len(), replicas), (0, json!(2)));

    let (by_cpu, replicas) = scaling("vllm", &json!({ "replicas": 2, "most_replicas": 6 }));
    assert_eq!((by_cpu.len(), &replicas), (1, &Value::Null));
    let spec = &by_cpu[0]["spec"];
    assert_eq!(
        (&spec["minReplicas"], &spec["maxReplicas"]),
        (&json!(2), &json!(6))
    );
    assert_eq!(spec["scaleTargetRef"]["name"], "sample");
    assert_eq!(
        spec["metrics"][0]["resource"]["target"]["averageUtilization"],
        70
    );

    let metric = json!({ "replicas": 0, "most_replicas": 6, "scale_by": "metric" });
    let (by_metric, _) = scaling("vllm", &metric);
    let spec = &by_metric[0]["spec"];
    assert_eq!(spec["minReplicas"], 1, "an autoscaler by metrics keeps one");
    assert_eq!(
        spec["metrics"][0]["pods"]["metric"]["name"],
        "vllm:num_requests_waiting"
    );
    assert_eq!(spec["metrics"][0]["pods"]["target"]["averageValue"], "8");

    let keda = json!({ "replicas": 0, "most_replicas": 6, "scale_by": "keda" });
    let (by_keda, _) = scaling("vllm", &keda);
    let spec = &by_keda[0]["spec"];
    assert_eq!(
        (&spec["minReplicaCount"], &spec["maxReplicaCount"]),
        (&json!(0), &json!(6))
    );
    assert_eq!(
        spec["triggers"][0]["metadata"],
        json!({
            "serverAddress": "http://prometheus-operated.monitoring.svc:9090",
            "query": "sum(vllm:num_requests_waiting{pod=~\"sample-.*\"})",
            "threshold": "8",
        })
    );
}

#[test]
fn a_model_over_several_nodes_grows_by_whole_groups() {
    for recipe in ["vllm-multi-node", "sglang-multi-node"] {
        let (none, replicas) = scaling(recipe, &json!({ "replicas": 2 }));
        assert_eq!((none.len(), replicas), (0, json!(2)), "{recipe}");
        for by in ["cpu", "metric", "keda"] {
            let values = json!({ "replicas": 1, "most_replicas": 3, "scale_by": by });
            let (scalers, replicas) = scaling(recipe, &values);
            assert_eq!(
                (scalers.len(), &replicas),
                (1, &Value::Null),
                "{recipe} by {by}"
            );
            assert_eq!(
                scalers[0]["spec"]["scaleTargetRef"],
                json!({
                    "apiVersion": "leaderworkerset.x-k8s.io/v1", "kind": "LeaderWorkerSet",
                    "name": "sample",
                })
            );
        }
    }
}
