//! What namespaces and classes let in: quotas, limits, priorities, runtime classes.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use strata_simulator::Simulator;

use crate::client::{Client, JSON, items, start};

const CORE: &str = "/api/v1/namespaces/web";

async fn create(client: &Client, path: &str, object: &Value) -> (StatusCode, Value) {
    client.write(Method::POST, path, JSON, object).await
}

/// Creates what is let in.
async fn made(client: &Client, path: &str, object: &Value) -> Value {
    let (status, answer) = create(client, path, object).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer
}

/// What refuses `object`.
async fn refusal(client: &Client, path: &str, object: &Value) -> String {
    let (status, answer) = create(client, path, object).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{answer}");
    assert_eq!(answer["reason"], "Forbidden");
    answer["message"].as_str().unwrap().to_owned()
}

fn pod(name: &str, resources: &Value) -> Value {
    json!({ "metadata": { "name": name }, "spec": { "containers": [
        { "name": "main", "image": "nginx:1.29", "resources": resources }] } })
}

async fn quota(simulator: &Simulator, client: &Client, hard: Value) {
    let quota = json!({ "metadata": { "name": "team" }, "spec": { "hard": hard } });
    made(client, &format!("{CORE}/resourcequotas"), &quota).await;
    simulator.advance(Duration::from_secs(1));
}

async fn used(client: &Client) -> Value {
    let quota = client.get(&format!("{CORE}/resourcequotas/team")).await;
    quota["status"]["used"].clone()
}

#[tokio::test]
async fn a_quota_of_gpus_is_used_up_and_given_back() {
    let (simulator, client) = start();
    let pods = format!("{CORE}/pods");
    let gpu = json!({ "limits": { "nvidia.com/gpu": "1" } });
    quota(
        &simulator,
        &client,
        json!({ "requests.nvidia.com/gpu": "1" }),
    )
    .await;
    assert_eq!(
        used(&client).await,
        json!({ "requests.nvidia.com/gpu": "0" })
    );
    made(&client, &pods, &pod("first", &gpu)).await;
    // It counts at once, before any controller has looked.
    assert_eq!(
        used(&client).await,
        json!({ "requests.nvidia.com/gpu": "1" })
    );
    assert_eq!(
        refusal(&client, &pods, &pod("second", &gpu)).await,
        "pods \"second\" is forbidden: exceeded quota: team, requested: \
         requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=1, limited: \
         requests.nvidia.com/gpu=1"
    );
    let (status, _) = client
        .write(Method::DELETE, &format!("{pods}/first"), JSON, &json!({}))
        .await;
    assert_eq!(status, StatusCode::OK);
    simulator.advance(Duration::from_mins(2));
    assert_eq!(
        used(&client).await,
        json!({ "requests.nvidia.com/gpu": "0" })
    );
    made(&client, &pods, &pod("second", &gpu)).await;
}

#[tokio::test]
async fn a_dry_run_takes_nothing_from_a_quota() {
    let (simulator, client) = start();
    quota(
        &simulator,
        &client,
        json!({ "count/configmaps": "9", "secrets": "0" }),
    )
    .await;
    let before = used(&client).await;
    let path = format!("{CORE}/configmaps?dryRun=All");
    made(&client, &path, &json!({ "metadata": { "name": "tried" } })).await;
    assert_eq!(used(&client).await, before);
    assert_eq!(
        refusal(
            &client,
            &format!("{CORE}/secrets?dryRun=All"),
            &json!({ "metadata": { "name": "tried" } })
        )
        .await,
        "secrets \"tried\" is forbidden: exceeded quota: team, requested: secrets=1, used: \
         secrets=0, limited: secrets=0"
    );
}

#[tokio::test]
async fn a_deployment_says_that_a_quota_keeps_its_pods_away() {
    let (simulator, client) = start();
    quota(&simulator, &client, json!({ "pods": "8" })).await;
    let deployment = json!({ "metadata": { "name": "more" }, "spec": { "replicas": 3,
        "selector": { "matchLabels": { "app": "more" } },
        "template": { "metadata": { "labels": { "app": "more" } },
            "spec": { "containers": [{ "name": "main", "image": "nginx:1.29" }] } } } });
    let path = "/apis/apps/v1/namespaces/web/deployments";
    made(&client, path, &deployment).await;
    simulator.advance(Duration::from_secs(5));
    let more = client.get(&format!("{path}/more")).await;
    // Seven pods were there before.
    assert_eq!(more["status"]["replicas"], 1, "{more}");
    let conditions = more["status"]["conditions"].as_array().unwrap();
    let failure = conditions
        .iter()
        .find(|known| known["type"] == "ReplicaFailure")
        .unwrap();
    assert_eq!(failure["reason"], "FailedCreate");
    let message = failure["message"].as_str().unwrap();
    let rest = "is forbidden: exceeded quota: team, requested: pods=1, used: pods=8, limited: \
                pods=8";
    assert!(
        message.starts_with("pods \"more-") && message.ends_with(rest),
        "{message}"
    );
    let events = client
        .get(&format!(
            "{CORE}/events?fieldSelector=reason%3DFailedCreate"
        ))
        .await;
    let event = &items(&events)[0];
    assert_eq!(event["involvedObject"]["kind"], "ReplicaSet");
    assert_eq!(event["source"]["component"], "replicaset-controller");
    // The refusals become rarer, and the pods come once there is room for them.
    let change = json!({ "spec": { "hard": { "pods": "20" } } });
    let merge = "application/merge-patch+json";
    let quota = format!("{CORE}/resourcequotas/team");
    client.write(Method::PATCH, &quota, merge, &change).await;
    simulator.advance(Duration::from_mins(2));
    let more = client.get(&format!("{path}/more")).await;
    assert_eq!(more["status"]["readyReplicas"], 3, "{more}");
    let conditions = more["status"]["conditions"].as_array().unwrap();
    assert!(
        conditions
            .iter()
            .all(|known| known["type"] != "ReplicaFailure")
    );
}

#[tokio::test]
async fn a_limit_range_fills_in_what_a_container_leaves_out_and_bounds_it() {
    let (_simulator, client) = start();
    let range = json!({ "metadata": { "name": "limits" }, "spec": { "limits": [
        { "type": "Container", "default": { "cpu": "1" }, "defaultRequest": { "memory": "1Gi" },
            "max": { "cpu": "2" } },
        { "type": "Pod", "max": { "memory": "4Gi" } }] } });
    made(&client, &format!("{CORE}/limitranges"), &range).await;
    let pods = format!("{CORE}/pods");
    let limited = json!({ "limits": { "memory": "2Gi" } });
    let filled = made(&client, &pods, &pod("filled", &limited)).await;
    assert_eq!(
        filled["spec"]["containers"][0]["resources"],
        json!({ "limits": { "cpu": "1", "memory": "2Gi" },
            "requests": { "cpu": "1", "memory": "2Gi" } })
    );
    assert_eq!(
        filled["metadata"]["annotations"]["kubernetes.io/limit-ranger"],
        "LimitRanger plugin set: cpu request for container main; cpu limit for container main"
    );
    let much = json!({ "limits": { "cpu": "4", "memory": "8Gi" } });
    assert_eq!(
        refusal(&client, &pods, &pod("much", &much)).await,
        "pods \"much\" is forbidden: [maximum cpu usage per Container is 2, but limit is 4, \
         maximum memory usage per Pod is 4Gi, but limit is 8Gi]"
    );
}

#[tokio::test]
async fn classes_of_priority_and_runtime_say_what_a_pod_is() {
    let (_simulator, client) = start();
    let classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    let normal = json!({ "metadata": { "name": "normal" }, "value": 100, "globalDefault": true,
        "preemptionPolicy": "Never" });
    made(&client, classes, &normal).await;
    let second = json!({ "metadata": { "name": "second" }, "value": 1, "globalDefault": true });
    assert_eq!(
        refusal(&client, classes, &second).await,
        "priorityclasses.scheduling.k8s.io \"second\" is forbidden: PriorityClass normal is \
         already marked as default. Only one default can exist"
    );
    let runtime = json!({ "metadata": { "name": "kata" }, "handler": "kata",
        "overhead": { "podFixed": { "memory": "160Mi" } },
        "scheduling": { "nodeSelector": { "sandbox": "kata" } } });
    made(&client, "/apis/node.k8s.io/v1/runtimeclasses", &runtime).await;
    let pods = format!("{CORE}/pods");
    let mut sandboxed = pod("sandboxed", &json!({}));
    sandboxed["spec"]["runtimeClassName"] = json!("kata");
    let made = made(&client, &pods, &sandboxed).await;
    assert_eq!(made["spec"]["priority"], 100);
    assert_eq!(made["spec"]["priorityClassName"], "normal");
    assert_eq!(made["spec"]["preemptionPolicy"], "Never");
    assert_eq!(made["spec"]["overhead"], json!({ "memory": "160Mi" }));
    assert_eq!(made["spec"]["nodeSelector"], json!({ "sandbox": "kata" }));
    sandboxed["metadata"]["name"] = json!("other");
    sandboxed["spec"]["runtimeClassName"] = json!("gvisor");
    assert_eq!(
        refusal(&client, &pods, &sandboxed).await,
        "pods \"other\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found"
    );
}

#[tokio::test]
async fn a_webhook_that_cannot_be_reached_refuses_unless_it_may_be_ignored() {
    let (_simulator, client) = start();
    let hook = |name: &str, policy: &str, resource: &str| {
        json!({ "name": name, "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "failurePolicy": policy,
            "clientConfig": { "service": { "name": "gone", "namespace": "web", "path": "/ask" } },
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "web" } },
            "rules": [{ "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                "resources": [resource] }] })
    };
    let configuration = json!({ "metadata": { "name": "gate" }, "webhooks": [
        hook("strict.example.com", "Fail", "configmaps"),
        hook("lax.example.com", "Ignore", "secrets")] });
    let path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    made(&client, path, &configuration).await;
    let named = json!({ "metadata": { "name": "asked" } });
    made(&client, &format!("{CORE}/secrets"), &named).await;
    made(&client, "/api/v1/namespaces/ml/configmaps", &named).await;
    let path = format!("{CORE}/configmaps");
    let (status, answer) = create(&client, &path, &named).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer["reason"], "InternalError");
    assert_eq!(
        answer["message"],
        "Internal error occurred: failed calling webhook \"strict.example.com\": failed to call \
         webhook: Post \"https://gone.web.svc:443/ask?timeout=10s\": service \"gone\" not found"
    );
    // Its service comes, with pods that are ready: it can be asked.
    let service = json!({ "metadata": { "name": "gone" }, "spec": {
        "selector": { "tier": "web" }, "ports": [{ "port": 443 }] } });
    made(&client, &format!("{CORE}/services"), &service).await;
    made(&client, &path, &named).await;
}
