//! Horizontal pod autoscalers, as a user creates them and load comes and goes.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{
    client::{Client, JSON, create, items, patch, start},
    workloads::{condition, messages},
};

const AUTOSCALERS: &str = "/apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers";
const AUTOSCALER: &str = "/apis/autoscaling/v2/namespaces/web/horizontalpodautoscalers/app";
const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/web/deployments/app";

/// A deployment whose pods request a CPU, or nothing.
async fn deploy(client: &Client, replicas: u64, requests: Value) {
    let deployment = json!({ "metadata": { "name": "app" }, "spec": {
        "replicas": replicas,
        "selector": { "matchLabels": { "app": "app" } },
        "template": { "metadata": { "labels": { "app": "app" } }, "spec": { "containers": [
            { "name": "main", "image": "nginx:1.29", "resources": { "requests": requests } }] } },
    } });
    create(
        client,
        "/apis/apps/v1/namespaces/web/deployments",
        &deployment,
    )
    .await;
}

fn autoscaler(more: Value) -> Value {
    let mut autoscaler = json!({ "metadata": { "name": "app" }, "spec": {
        "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "app" },
        "minReplicas": 1, "maxReplicas": 6,
    } });
    if let (Value::Object(spec), Value::Object(more)) = (&mut autoscaler["spec"], more) {
        spec.extend(more);
    }
    autoscaler
}

fn cpu(percent: u64) -> Value {
    json!([{ "type": "Resource", "resource": { "name": "cpu",
        "target": { "type": "Utilization", "averageUtilization": percent } } }])
}

/// Registers the metrics API, as installing metrics-server does.
async fn register_metrics(client: &Client) {
    let service = json!({ "metadata": { "name": "v1beta1.metrics.k8s.io" }, "spec": {
        "group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100,
        "versionPriority": 100, "insecureSkipTLSVerify": true,
        "service": { "name": "metrics-server", "namespace": "kube-system" } } });
    create(
        client,
        "/apis/apiregistration.k8s.io/v1/apiservices",
        &service,
    )
    .await;
}

fn reason<'a>(autoscaler: &'a Value, kind: &str) -> &'a str {
    condition(autoscaler, kind)["reason"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_busy_target_grows_and_says_why_and_how_far() {
    let (simulator, client) = start();
    register_metrics(&client).await;
    deploy(&client, 2, json!({ "cpu": "1" })).await;
    simulator.advance(Duration::from_mins(10));
    // Any use is far above one percent.
    create(
        &client,
        AUTOSCALERS,
        &autoscaler(json!({ "metrics": cpu(1) })),
    )
    .await;
    simulator.advance(Duration::from_secs(16));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(reason(&now, "AbleToScale"), "SucceededRescale");
    assert_eq!(
        condition(&now, "AbleToScale")["message"],
        "the HPA controller was able to update the target scale to 4"
    );
    assert_eq!(reason(&now, "ScalingActive"), "ValidMetricFound");
    assert_eq!(
        condition(&now, "ScalingActive")["message"],
        "the HPA was able to successfully calculate a replica count from cpu resource utilization \
         (percentage of request)"
    );
    assert_eq!(reason(&now, "ScalingLimited"), "ScaleUpLimit");
    assert_eq!(now["status"]["currentReplicas"], 2);
    assert_eq!(now["status"]["desiredReplicas"], 4);
    assert!(now["status"]["lastScaleTime"].is_string());
    let current = &now["status"]["currentMetrics"][0]["resource"]["current"];
    assert!(
        current["averageUtilization"].as_u64() > Some(1),
        "{current}"
    );
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 4);
    assert_eq!(
        messages(&client, "app", "SuccessfulRescale").await,
        ["New size: 4; reason: cpu resource utilization (percentage of request) above target"]
    );
    simulator.advance(Duration::from_mins(10));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 6);
    assert_eq!(reason(&now, "ScalingLimited"), "TooManyReplicas");
}

#[tokio::test]
async fn an_idle_target_shrinks_once_no_recent_recommendation_was_higher() {
    let (simulator, client) = start();
    register_metrics(&client).await;
    deploy(&client, 4, json!({ "cpu": "1" })).await;
    create(
        &client,
        AUTOSCALERS,
        &autoscaler(json!({ "minReplicas": 2, "metrics": cpu(1000) })),
    )
    .await;
    simulator.advance(Duration::from_mins(4));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(reason(&now, "AbleToScale"), "ScaleDownStabilized");
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 4);
    simulator.advance(Duration::from_mins(12));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 2);
    assert_eq!(reason(&now, "ScalingLimited"), "TooFewReplicas");
    let told = messages(&client, "app", "SuccessfulRescale").await;
    assert!(
        told.contains(&"New size: 2; reason: All metrics below target".to_owned()),
        "{told:?}"
    );
}

#[tokio::test]
async fn the_bounds_hold_without_any_metric() {
    let (simulator, client) = start();
    deploy(&client, 1, json!({})).await;
    create(
        &client,
        AUTOSCALERS,
        &autoscaler(json!({ "minReplicas": 3 })),
    )
    .await;
    simulator.advance(Duration::from_secs(16));
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 3);
    assert_eq!(
        messages(&client, "app", "SuccessfulRescale").await,
        ["New size: 3; reason: Current number of replicas below Spec.MinReplicas"]
    );
    patch(&client, DEPLOYMENT, json!({ "spec": { "replicas": 0 } })).await;
    simulator.advance(Duration::from_secs(16));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(reason(&now, "ScalingActive"), "ScalingDisabled");
    assert_eq!(client.get(DEPLOYMENT).await["spec"]["replicas"], 0);
}

#[tokio::test]
async fn what_cannot_be_measured_or_found_is_said() {
    let (simulator, client) = start();
    deploy(&client, 2, json!({})).await;
    create(
        &client,
        AUTOSCALERS,
        &autoscaler(json!({ "metrics": cpu(50) })),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(
        condition(&now, "ScalingActive")["message"],
        "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to \
         get metrics for resource cpu: unable to fetch metrics from resource metrics API: the \
         server could not find the requested resource (get pods.metrics.k8s.io)"
    );
    assert_eq!(now["status"]["currentMetrics"], json!([{ "type": "" }]));
    register_metrics(&client).await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(AUTOSCALER).await;
    let message = condition(&now, "ScalingActive")["message"]
        .as_str()
        .unwrap();
    assert!(
        message
            .contains("failed to get cpu utilization: missing request for cpu in container main"),
        "{message}"
    );
    client
        .write(Method::DELETE, DEPLOYMENT, JSON, &json!({}))
        .await;
    simulator.advance(Duration::from_mins(1));
    let now = client.get(AUTOSCALER).await;
    assert_eq!(reason(&now, "AbleToScale"), "FailedGetScale");
    assert_eq!(
        messages(&client, "app", "FailedGetScale").await,
        ["deployments.apps \"app\" not found"]
    );
}

#[tokio::test]
async fn two_autoscalers_of_the_same_pods_do_nothing() {
    let (simulator, client) = start();
    register_metrics(&client).await;
    deploy(&client, 2, json!({ "cpu": "1" })).await;
    create(
        &client,
        AUTOSCALERS,
        &autoscaler(json!({ "metrics": cpu(1) })),
    )
    .await;
    let mut other = autoscaler(json!({ "metrics": cpu(1) }));
    other["metadata"]["name"] = "other".into();
    create(&client, AUTOSCALERS, &other).await;
    simulator.advance(Duration::from_secs(20));
    let all = client.get(AUTOSCALERS).await;
    for autoscaler in items(&all) {
        assert_eq!(
            condition(autoscaler, "ScalingActive")["message"],
            "pods by selector app=app are controlled by multiple HPAs: [{app web} {other web}]"
        );
    }
}
