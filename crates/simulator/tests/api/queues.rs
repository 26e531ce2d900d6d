//! Jobs in queues: who is admitted, who borrows, and who has to give back.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use strata_simulator::{Scenario, Simulator};

use crate::client::{Client, JSON, MERGE, SMALL, create, items, name, of_kind, options};

const KUEUE: &str = "/apis/kueue.x-k8s.io/v1beta2";
const KUEUE_VERSION: &str = "kueue.x-k8s.io/v1beta2";
const JOBS: &str = "/apis/batch/v1/namespaces/ml/jobs";

/// Two queues of a cohort with two GPUs each, and one that lends nothing.
async fn start() -> (Simulator, Client) {
    let scenario = SMALL.replace("forbidden = ", "forbidden = [] # ");
    let simulator = Simulator::start(&Scenario::parse("small", &scenario).unwrap(), options(7));
    let client = Client::of(&simulator);
    // What serves from the start takes no part in this.
    let (status, _) = client
        .write(
            Method::DELETE,
            "/apis/apps/v1/namespaces/ml/deployments/serve",
            JSON,
            &json!({}),
        )
        .await;
    assert!(status.is_success());
    let flavor = json!({ "metadata": { "name": "h100" }, "spec": {} });
    let flavor = of_kind(KUEUE_VERSION, "ResourceFlavor", flavor);
    create(&client, &format!("{KUEUE}/resourceflavors"), &flavor).await;
    for name in ["a", "b"] {
        let quota = json!([{ "name": "nvidia.com/gpu", "nominalQuota": 2 },
            { "name": "cpu", "nominalQuota": 20 }]);
        let queue = json!({ "metadata": { "name": name }, "spec": {
            "cohortName": "labs", "namespaceSelector": {}, "queueingStrategy": "BestEffortFIFO",
            "preemption": { "withinClusterQueue": "LowerPriority", "reclaimWithinCohort": "Any" },
            "resourceGroups": [{ "coveredResources": ["cpu", "nvidia.com/gpu"],
                "flavors": [{ "name": "h100", "resources": quota }] }] } });
        let queue = of_kind(KUEUE_VERSION, "ClusterQueue", queue);
        create(&client, &format!("{KUEUE}/clusterqueues"), &queue).await;
        let local = json!({ "metadata": { "name": name }, "spec": { "clusterQueue": name } });
        let local = of_kind(KUEUE_VERSION, "LocalQueue", local);
        create(
            &client,
            &format!("{KUEUE}/namespaces/ml/localqueues"),
            &local,
        )
        .await;
    }
    simulator.advance(Duration::from_mins(2));
    (simulator, client)
}

/// Creates a job of `pods` pods with a GPU each, as a user does: it knows nothing of suspension.
async fn job(client: &Client, job: &str, queue: &str, pods: u64) -> Value {
    let job = json!({ "metadata": { "name": job, "labels": { "kueue.x-k8s.io/queue-name": queue } },
        "spec": { "parallelism": pods, "completions": pods, "template": { "spec": {
            "restartPolicy": "Never", "containers": [{ "name": "main", "image": "busybox",
                "command": ["sleep", "36000"], "resources": { "requests": { "cpu": "1" },
                    "limits": { "nvidia.com/gpu": "1" } } }] } } } });
    create(client, JOBS, &job).await
}

/// The workload of a job.
async fn workload(client: &Client, job: &str) -> Value {
    let workloads = client
        .get(&format!("{KUEUE}/namespaces/ml/workloads"))
        .await;
    let found = items(&workloads)
        .iter()
        .find(|known| name(known).starts_with(&format!("job-{job}-")));
    found.unwrap().clone()
}

fn condition<'a>(object: &'a Value, kind: &str) -> &'a Value {
    let conditions = object["status"]["conditions"].as_array().unwrap();
    let found = conditions.iter().find(|known| known["type"] == kind);
    found.unwrap_or_else(|| panic!("{kind} in {conditions:?}"))
}

async fn active(client: &Client, job: &str) -> u64 {
    let job = client.get(&format!("{JOBS}/{job}")).await;
    job["status"]["active"].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn a_users_job_is_held_until_its_queue_admits_it() {
    let (simulator, client) = start().await;
    let created = job(&client, "first", "a", 2).await;
    assert_eq!(created["spec"]["suspend"], true);
    simulator.advance(Duration::from_secs(30));
    assert_eq!(active(&client, "first").await, 2);
    let admitted = workload(&client, "first").await;
    assert_eq!(
        condition(&admitted, "QuotaReserved")["message"],
        "Quota reserved in ClusterQueue a"
    );
    assert_eq!(condition(&admitted, "Admitted")["status"], "True");
    assert_eq!(condition(&admitted, "PodsReady")["status"], "True");
    // Its queue lets nobody in who asks for what it does not have.
    job(&client, "large", "a", 9).await;
    simulator.advance(Duration::from_secs(30));
    let large = workload(&client, "large").await;
    assert_eq!(
        condition(&large, "QuotaReserved")["message"],
        "couldn't assign flavors to pod set main: insufficient quota for nvidia.com/gpu in flavor \
         h100, previously considered podsets requests (0) + current podset request (9) > maximum \
         capacity (4)"
    );
    let queue = client.get(&format!("{KUEUE}/clusterqueues/a")).await;
    assert_eq!(queue["status"]["pendingWorkloads"], 1);
    assert_eq!(queue["status"]["admittedWorkloads"], 1);
}

#[tokio::test]
async fn what_was_lent_is_taken_back_and_the_borrower_waits_again() {
    let (simulator, client) = start().await;
    job(&client, "borrower", "a", 3).await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(active(&client, "borrower").await, 3);
    let queue = client.get(&format!("{KUEUE}/clusterqueues/a")).await;
    let usage = &queue["status"]["flavorsReservation"][0]["resources"];
    assert!(
        usage
            .as_array()
            .unwrap()
            .contains(&json!({ "name": "nvidia.com/gpu", "total": "3", "borrowed": "1" }))
    );
    job(&client, "owner", "b", 2).await;
    simulator.advance(Duration::from_millis(100));
    let owner = workload(&client, "owner").await;
    assert_eq!(
        condition(&owner, "QuotaReserved")["message"],
        "couldn't assign flavors to pod set main: insufficient unused quota for nvidia.com/gpu in \
         flavor h100, 1 more needed. Pending the preemption of 1 workload(s)"
    );
    let evicted = workload(&client, "borrower").await;
    assert_eq!(condition(&evicted, "Evicted")["reason"], "Preempted");
    assert_eq!(
        condition(&evicted, "Preempted")["reason"],
        "InCohortReclamation"
    );
    let uid = owner["metadata"]["uid"].as_str().unwrap();
    let message = condition(&evicted, "Preempted")["message"]
        .as_str()
        .unwrap();
    assert!(
        message.starts_with(&format!(
            "Preempted to accommodate a workload (UID: {uid}, JobUID: "
        )) && message.ends_with(
            "due to reclamation within the cohort; preemptor path: /labs/b; preemptee path: /labs/a"
        ),
        "{message}"
    );
    simulator.advance(Duration::from_mins(2));
    assert_eq!(active(&client, "borrower").await, 0);
    assert_eq!(active(&client, "owner").await, 2);
    let waiting = workload(&client, "borrower").await;
    assert_eq!(condition(&waiting, "Requeued")["reason"], "Preempted");
    assert_eq!(condition(&waiting, "Admitted")["reason"], "NoReservation");
    assert!(waiting["status"].get("admission").is_none());
    // The owner goes, and the borrower comes back.
    let (status, _) = client
        .write(
            Method::DELETE,
            &format!("{JOBS}/owner"),
            JSON,
            &json!({ "propagationPolicy": "Background" }),
        )
        .await;
    assert!(status.is_success());
    simulator.advance(Duration::from_mins(2));
    assert_eq!(active(&client, "borrower").await, 3);
    let back = workload(&client, "borrower").await;
    assert_eq!(condition(&back, "Evicted")["status"], "False");
    let message = condition(&back, "Evicted")["message"].as_str().unwrap();
    assert!(
        message.starts_with("Previously: Preempted to accommodate"),
        "{message}"
    );
}

#[tokio::test]
async fn a_queue_that_is_drained_stops_its_jobs_until_it_goes_on() {
    let (simulator, client) = start().await;
    job(&client, "first", "a", 1).await;
    simulator.advance(Duration::from_secs(30));
    let path = format!("{KUEUE}/clusterqueues/a");
    let stop = |policy: &str| json!({ "spec": { "stopPolicy": policy } });
    client
        .write(Method::PATCH, &path, MERGE, &stop("HoldAndDrain"))
        .await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(active(&client, "first").await, 0);
    let queue = client.get(&path).await;
    assert_eq!(condition(&queue, "Active")["reason"], "Stopped");
    assert_eq!(
        condition(&queue, "Active")["message"],
        "Can't admit new workloads: is stopped."
    );
    let stopped = workload(&client, "first").await;
    assert_eq!(
        condition(&stopped, "Evicted")["reason"],
        "ClusterQueueStopped"
    );
    assert_eq!(
        condition(&stopped, "QuotaReserved")["message"],
        "ClusterQueue a is inactive"
    );
    client
        .write(Method::PATCH, &path, MERGE, &stop("None"))
        .await;
    simulator.advance(Duration::from_mins(2));
    assert_eq!(active(&client, "first").await, 1);
}

#[tokio::test]
async fn an_admission_check_holds_a_job_that_has_its_quota() {
    let (simulator, client) = start().await;
    let queue = format!("{KUEUE}/clusterqueues/a");
    let wants = json!({ "spec": { "admissionChecksStrategy": { "admissionChecks": [{ "name": "budget" }] } } });
    client.write(Method::PATCH, &queue, MERGE, &wants).await;
    simulator.advance(Duration::from_secs(5));
    let says = client.get(&queue).await;
    assert_eq!(
        condition(&says, "Active")["message"],
        "Can't admit new workloads: references missing AdmissionCheck(s): budget."
    );
    let check = json!({ "metadata": { "name": "budget" }, "spec": { "controllerName": "example.com/budget" } });
    let check = of_kind(KUEUE_VERSION, "AdmissionCheck", check);
    let checks = format!("{KUEUE}/admissionchecks");
    create(&client, &checks, &check).await;
    let active = json!({ "status": { "conditions": [{ "type": "Active", "status": "True", "reason": "Active",
        "message": "", "lastTransitionTime": "2026-11-23T12:00:00Z" }] } });
    let status = format!("{checks}/budget/status");
    client.write(Method::PATCH, &status, MERGE, &active).await;
    job(&client, "first", "a", 1).await;
    simulator.advance(Duration::from_secs(30));
    let held = workload(&client, "first").await;
    assert_eq!(condition(&held, "QuotaReserved")["status"], "True");
    assert_eq!(held["status"]["admissionChecks"][0]["state"], "Pending");
    assert_eq!(self::active(&client, "first").await, 0);
    let passed = json!({ "status": { "admissionChecks": [{ "name": "budget", "state": "Ready", "message": "",
        "lastTransitionTime": "2026-11-23T12:00:00Z" }] } });
    let path = format!("{KUEUE}/namespaces/ml/workloads/{}/status", name(&held));
    client.write(Method::PATCH, &path, MERGE, &passed).await;
    simulator.advance(Duration::from_secs(30));
    assert_eq!(self::active(&client, "first").await, 1);
}

#[tokio::test]
async fn pods_of_a_deployment_in_a_queue_are_gated_one_by_one() {
    let (simulator, client) = start().await;
    let deployment = json!({ "metadata": { "name": "served",
            "labels": { "kueue.x-k8s.io/queue-name": "a" } },
        "spec": { "replicas": 5, "selector": { "matchLabels": { "app": "served" } },
            "template": { "metadata": { "labels": { "app": "served" } }, "spec": {
                "containers": [{ "name": "main", "image": "nginx:1.29",
                    "resources": { "requests": { "cpu": "9" } } }] } } } });
    create(
        &client,
        "/apis/apps/v1/namespaces/ml/deployments",
        &deployment,
    )
    .await;
    simulator.advance(Duration::from_mins(1));
    let pods = client
        .get("/api/v1/namespaces/ml/pods?labelSelector=app%3Dserved")
        .await;
    let phase = |wanted: &str| {
        items(&pods)
            .iter()
            .filter(|pod| pod["status"]["phase"] == wanted)
            .count()
    };
    // Forty CPUs in the cohort: four pods of nine.
    assert_eq!((phase("Running"), phase("Pending")), (4, 1));
    let held = items(&pods)
        .iter()
        .find(|pod| pod["status"]["phase"] == "Pending")
        .unwrap();
    assert_eq!(
        held["spec"]["schedulingGates"][0]["name"],
        "kueue.x-k8s.io/admission"
    );
}
