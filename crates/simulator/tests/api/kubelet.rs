//! Pods that a user creates: how kubelets bring them up, and what they say when they cannot.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::client::{Client, JSON, create, items, start};

const PODS: &str = "/api/v1/namespaces/web/pods";

/// A pod of one container.
async fn pod(client: &Client, name: &str, policy: &str, container: Value) -> String {
    let mut container = container;
    container["name"] = json!("main");
    let object = json!({ "metadata": { "name": name },
        "spec": { "restartPolicy": policy, "containers": [container] } });
    create(client, PODS, &object).await;
    format!("{PODS}/{name}")
}

async fn events_of(client: &Client, name: &str) -> Vec<(String, String)> {
    let events = client.get("/api/v1/namespaces/web/events").await;
    items(&events)
        .iter()
        .filter(|event| event["involvedObject"]["name"] == name)
        .map(|event| {
            let text = |field: &str| event[field].as_str().unwrap().to_owned();
            (text("reason"), text("message"))
        })
        .collect()
}

#[tokio::test]
async fn a_pod_is_pulled_started_and_ready_with_a_whole_status() {
    let (simulator, client) = start();
    let path = pod(
        &client,
        "app",
        "Always",
        json!({ "image": "nginx:1.31", "resources": { "requests": { "cpu": "100m" } } }),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Running");
    assert_eq!(status["qosClass"], "Burstable");
    let kinds: Vec<(&str, &str)> = status["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|known| {
            (
                known["type"].as_str().unwrap(),
                known["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("PodReadyToStartContainers", "True"),
            ("Initialized", "True"),
            ("Ready", "True"),
            ("ContainersReady", "True"),
            ("PodScheduled", "True"),
        ]
    );
    let container = &status["containerStatuses"][0];
    assert_eq!(container["image"], "docker.io/library/nginx:1.31");
    assert_eq!(container["started"], true);
    assert_eq!(container["allocatedResources"]["cpu"], "100m");
    assert!(status["podIP"].is_string() && status["hostIP"].is_string());
    let reasons: Vec<String> = events_of(&client, "app")
        .await
        .into_iter()
        .map(|(reason, _)| reason)
        .collect();
    for reason in ["Scheduled", "Pulling", "Pulled", "Created", "Started"] {
        assert!(
            reasons.iter().any(|known| known == reason),
            "{reason} in {reasons:?}"
        );
    }
}

#[tokio::test]
async fn a_tag_that_is_not_there_is_backed_off_from_and_healed_by_another() {
    let (simulator, client) = start();
    let path = pod(&client, "typo", "Always", json!({ "image": "nginx:nope" })).await;
    simulator.advance(Duration::from_mins(1));
    let waiting =
        client.get(&path).await["status"]["containerStatuses"][0]["state"]["waiting"].clone();
    assert!(
        ["ErrImagePull", "ImagePullBackOff"].contains(&waiting["reason"].as_str().unwrap()),
        "{waiting}"
    );
    assert!(
        waiting["message"]
            .as_str()
            .unwrap()
            .contains("docker.io/library/nginx:nope: not found")
    );
    let events = events_of(&client, "typo").await;
    let expected = (
        "BackOff".to_owned(),
        "Back-off pulling image \"nginx:nope\"".to_owned(),
    );
    assert!(events.contains(&expected), "{events:?}");
    // The image of a running pod may be changed, and the next attempt pulls the new one.
    let mut pod = client.get(&path).await;
    pod["spec"]["containers"][0]["image"] = json!("nginx:1.29");
    client.write(Method::PUT, &path, JSON, &pod).await;
    simulator.advance(Duration::from_mins(6));
    assert_eq!(client.get(&path).await["status"]["phase"], "Running");
}

#[tokio::test]
async fn a_command_that_fails_is_started_again_later_and_later() {
    let (simulator, client) = start();
    let failing = json!({ "image": "busybox:1.37", "command": ["sh", "-c", "sleep 1; exit 3"] });
    let path = pod(&client, "crash", "Always", failing.clone()).await;
    simulator.advance(Duration::from_mins(4));
    let pod_now = client.get(&path).await;
    let container = &pod_now["status"]["containerStatuses"][0];
    assert_eq!(container["state"]["waiting"]["reason"], "CrashLoopBackOff");
    let message = container["state"]["waiting"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("back-off 2m40s restarting failed container=main pod=crash_web("),
        "{message}"
    );
    assert_eq!(container["lastState"]["terminated"]["exitCode"], 3);
    assert_eq!(container["restartCount"], 5);
    assert_eq!(pod_now["status"]["phase"], "Running");
    let path = pod(&client, "once", "Never", failing).await;
    simulator.advance(Duration::from_mins(1));
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Failed");
    assert_eq!(
        status["containerStatuses"][0]["state"]["terminated"]["reason"],
        "Error"
    );
}

#[tokio::test]
async fn a_missing_config_map_holds_a_pod_until_it_is_there() {
    let (simulator, client) = start();
    let object = json!({ "metadata": { "name": "mounts" }, "spec": {
        "containers": [{ "name": "main", "image": "nginx:1.29",
            "env": [{ "name": "A", "valueFrom": { "secretKeyRef": { "name": "token", "key": "a" } } }] }],
        "volumes": [{ "name": "config", "configMap": { "name": "settings" } }],
    } });
    create(&client, PODS, &object).await;
    simulator.advance(Duration::from_secs(30));
    let path = format!("{PODS}/mounts");
    let waiting = |pod: &Value| pod["status"]["containerStatuses"][0]["state"]["waiting"].clone();
    assert_eq!(
        waiting(&client.get(&path).await)["reason"],
        "ContainerCreating"
    );
    let events = events_of(&client, "mounts").await;
    let expected =
        "MountVolume.SetUp failed for volume \"config\" : configmap \"settings\" not found";
    assert!(
        events.iter().any(|(_, message)| message == expected),
        "{events:?}"
    );
    let configs = "/api/v1/namespaces/web/configmaps";
    create(
        &client,
        configs,
        &json!({ "metadata": { "name": "settings" } }),
    )
    .await;
    simulator.advance(Duration::from_mins(2));
    let now = waiting(&client.get(&path).await);
    assert_eq!(
        now,
        json!({ "reason": "CreateContainerConfigError", "message": "secret \"token\" not found" })
    );
    let secret = json!({ "metadata": { "name": "token" }, "data": { "a": "Yg==" } });
    create(&client, "/api/v1/namespaces/web/secrets", &secret).await;
    simulator.advance(Duration::from_mins(1));
    assert_eq!(client.get(&path).await["status"]["phase"], "Running");
}

#[tokio::test]
async fn init_containers_go_first_and_a_sidecar_runs_beside() {
    let (simulator, client) = start();
    let object = json!({ "metadata": { "name": "ordered" }, "spec": { "restartPolicy": "Never",
        "initContainers": [
            { "name": "first", "image": "busybox", "command": ["sleep", "20"] },
            { "name": "beside", "image": "nginx", "restartPolicy": "Always" },
        ],
        "containers": [{ "name": "main", "image": "busybox", "command": ["sleep", "60"] }],
    } });
    create(&client, PODS, &object).await;
    simulator.advance(Duration::from_secs(15));
    let path = format!("{PODS}/ordered");
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Pending");
    assert_eq!(
        status["containerStatuses"][0]["state"]["waiting"]["reason"],
        "PodInitializing"
    );
    assert_eq!(
        status["conditions"][1]["message"],
        "containers with incomplete status: [first beside]"
    );
    simulator.advance(Duration::from_secs(30));
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Running");
    assert!(status["initContainerStatuses"][1]["state"]["running"].is_object());
    simulator.advance(Duration::from_mins(2));
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Succeeded");
    assert!(status["initContainerStatuses"][1]["state"]["terminated"].is_object());
}

#[tokio::test]
async fn a_liveness_probe_restarts_what_has_lost_its_file() {
    let (simulator, client) = start();
    let path = pod(
        &client,
        "liveness",
        "Always",
        json!({ "image": "busybox:1.37",
        "args": ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"],
        "livenessProbe": { "exec": { "command": ["cat", "/tmp/healthy"] },
            "initialDelaySeconds": 5, "periodSeconds": 5, "failureThreshold": 3 } }),
    )
    .await;
    simulator.advance(Duration::from_mins(2));
    let now = client.get(&path).await;
    assert_eq!(now["status"]["containerStatuses"][0]["restartCount"], 1);
    let events = events_of(&client, "liveness").await;
    let expected = [
        "Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n",
        "Container main failed liveness probe, will be restarted",
    ];
    for expected in expected {
        assert!(
            events.iter().any(|(_, message)| message == expected),
            "{events:?}"
        );
    }
}

#[tokio::test]
async fn a_readiness_probe_that_fails_keeps_a_pod_from_being_ready() {
    let (simulator, client) = start();
    let path = pod(
        &client,
        "unready",
        "Always",
        json!({ "image": "nginx:1.29",
        "ports": [{ "containerPort": 80 }],
        "readinessProbe": { "httpGet": { "path": "/", "port": 8081 }, "periodSeconds": 5 } }),
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let status = client.get(&path).await["status"].clone();
    assert_eq!(status["phase"], "Running");
    assert_eq!(
        status["conditions"][2]["message"],
        "containers with unready status: [main]"
    );
    let ip = status["podIP"].as_str().unwrap();
    let expected = format!(
        "Readiness probe failed: Get \"http://{ip}:8081/\": dial tcp {ip}:8081: connect: connection refused"
    );
    let events = events_of(&client, "unready").await;
    assert!(
        events.iter().any(|(_, message)| *message == expected),
        "{events:?}"
    );
}
