//! The scenario `atlas`: what is there, what is wrong with it, and what comes of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use strata_domain::quantity;

use crate::{
    client::{Client, atlas, items, name},
    scenario::condition,
};

/// Every kind that can own something in the scenario.
const OWNERS: [&str; 17] = [
    "/api/v1/nodes",
    "/api/v1/pods",
    "/apis/apps/v1/replicasets",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets",
    "/apis/batch/v1/jobs",
    "/apis/jobset.x-k8s.io/v1alpha2/jobsets",
    "/apis/trainer.kubeflow.org/v1alpha1/trainjobs",
    "/apis/serving.kserve.io/v1beta1/inferenceservices",
    "/apis/ray.io/v1/rayclusters",
    "/apis/ray.io/v1/rayjobs",
    "/apis/kubeflow.org/v1/pytorchjobs",
    "/apis/kubeflow.org/v1/notebooks",
    "/apis/leaderworkerset.x-k8s.io/v1/leaderworkersets",
    "/apis/milvus.io/v1beta1/milvuses",
    "/apis/batch.volcano.sh/v1alpha1/jobs",
];

#[tokio::test]
async fn atlas_has_160_gpus_of_three_models_none_counted_twice() {
    let client = Client::of(&atlas(1));
    let nodes = client.get("/api/v1/nodes").await;
    let mut by_model: BTreeMap<String, u64> = BTreeMap::new();
    for node in items(&nodes) {
        let count = node["status"]["capacity"]["nvidia.com/gpu"].as_str();
        let model = node["metadata"]["labels"]["nvidia.com/gpu.product"].as_str();
        if let (Some(count), Some(model)) = (count, model) {
            *by_model.entry(model.to_owned()).or_default() += count.parse::<u64>().unwrap();
        }
    }
    let slices = client.get("/apis/resource.k8s.io/v1/resourceslices").await;
    for slice in items(&slices) {
        let node = slice["spec"]["nodeName"].as_str().unwrap();
        let node = items(&nodes)
            .iter()
            .find(|known| name(known) == node)
            .unwrap();
        assert!(node["status"]["capacity"].get("nvidia.com/gpu").is_none());
        let devices = slice["spec"]["devices"].as_array().unwrap();
        *by_model.entry("NVIDIA-L40S".to_owned()).or_default() += devices.len() as u64;
    }
    let expected = [
        ("NVIDIA-A100-SXM4-80GB".to_owned(), 48),
        ("NVIDIA-H100-80GB-HBM3".to_owned(), 80),
        ("NVIDIA-L40S".to_owned(), 32),
    ];
    assert_eq!(by_model, BTreeMap::from(expected));
}

#[tokio::test]
async fn every_owner_is_there_and_controls_under_its_own_name() {
    let simulator = atlas(1);
    simulator.advance(Duration::from_mins(20));
    let client = Client::of(&simulator);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let others = [
        "/apis/batch/v1/cronjobs",
        "/apis/sparkoperator.k8s.io/v1beta2/sparkapplications",
        "/apis/argoproj.io/v1alpha1/workflows",
        "/apis/apps.nvidia.com/v1alpha1/nimservices",
    ];
    let mut all = Vec::new();
    for path in OWNERS.iter().chain(&others) {
        let list = client.get(path).await;
        for object in items(&list) {
            let uid = object["metadata"]["uid"].as_str().unwrap().to_owned();
            known.insert(uid, name(object).to_owned());
            all.push(object.clone());
        }
    }
    let mut owned = 0;
    for object in &all {
        for owner in object["metadata"]["ownerReferences"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let found = known.get(owner["uid"].as_str().unwrap());
            assert_eq!(
                found.map(String::as_str),
                owner["name"].as_str(),
                "{owner} of {}",
                name(object)
            );
            owned += 1;
        }
    }
    assert!(owned > 300, "{owned} objects are owned");
}

#[tokio::test]
async fn no_node_gives_more_than_it_has() {
    let simulator = atlas(1);
    let client = Client::of(&simulator);
    for _ in 0..10 {
        simulator.advance(Duration::from_secs(90));
        let mut taken: BTreeMap<(String, String), f64> = BTreeMap::new();
        for pod in items(&client.get("/api/v1/pods").await) {
            let Some(node) = pod["spec"]["nodeName"].as_str() else {
                continue;
            };
            if ["Succeeded", "Failed"].contains(&pod["status"]["phase"].as_str().unwrap()) {
                continue;
            }
            *taken
                .entry((node.to_owned(), "pods".to_owned()))
                .or_default() += 1.0;
            for container in pod["spec"]["containers"].as_array().unwrap() {
                let requests = container["resources"]["requests"].as_object();
                for (resource, amount) in requests.into_iter().flatten() {
                    let amount = quantity::parse(amount.as_str().unwrap()).unwrap();
                    *taken
                        .entry((node.to_owned(), resource.clone()))
                        .or_default() += amount;
                }
            }
        }
        for node in items(&client.get("/api/v1/nodes").await) {
            let has = node["status"]["allocatable"].as_object().unwrap();
            for ((_, resource), amount) in
                taken.iter().filter(|((known, _), _)| known == name(node))
            {
                let has = quantity::parse(has[resource].as_str().unwrap()).unwrap();
                // The node that lost a GPU may have given it before.
                assert!(
                    *amount <= has + 0.001,
                    "{}: {amount} of {has} {resource}",
                    name(node)
                );
            }
        }
        let mut devices = BTreeSet::new();
        for claim in items(&client.get("/apis/resource.k8s.io/v1/resourceclaims").await) {
            let results = claim["status"]["allocation"]["devices"]["results"].as_array();
            for result in results.into_iter().flatten() {
                assert!(
                    devices.insert(format!("{}/{}", result["pool"], result["device"])),
                    "{result}"
                );
            }
        }
        assert!(devices.len() > 20);
    }
}

#[tokio::test]
async fn the_faults_of_atlas_are_there() {
    let client = Client::of(&atlas(1));
    let node = client.get("/api/v1/nodes/gpu-a100-05").await;
    assert_eq!(node["status"]["capacity"]["nvidia.com/gpu"], "8");
    assert_eq!(node["status"]["allocatable"]["nvidia.com/gpu"], "7");
    let pods = client
        .get("/api/v1/namespaces/rag/pods?fieldSelector=status.phase%3DFailed")
        .await;
    assert_eq!(items(&pods).len(), 1, "the pod that had the GPU");
    let waiting = client
        .get("/apis/kueue.x-k8s.io/v1beta2/namespaces/training/workloads")
        .await;
    let waiting: Vec<&str> = items(&waiting)
        .iter()
        .filter_map(|workload| condition(workload, "QuotaReserved"))
        .filter(|reserved| reserved["status"] == "False")
        .map(|reserved| reserved["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        waiting,
        [
            "couldn't assign flavors to pod set node: insufficient unused quota for nvidia.com/gpu in \
          flavor h100, 3 more needed"
        ]
    );
    let cordoned = client
        .get("/api/v1/nodes?fieldSelector=spec.unschedulable%3Dtrue")
        .await;
    assert_eq!(
        items(&cordoned).iter().map(name).collect::<Vec<_>>(),
        ["gpu-h100-10"]
    );
    let processor = client
        .get("/apis/apps/v1/namespaces/airflow/deployments/airflow-dag-processor")
        .await;
    assert_eq!(processor["status"]["readyReplicas"], 1);
    let reason = |pods: &Value| -> Vec<String> {
        items(pods)
            .iter()
            .filter_map(|pod| {
                pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].as_str()
            })
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        reason(&client.get("/api/v1/namespaces/airflow/pods").await),
        ["CrashLoopBackOff"]
    );
    assert_eq!(
        reason(&client.get("/api/v1/namespaces/kagent/pods").await),
        ["ImagePullBackOff"]
    );
    let ceph = client
        .get("/apis/ceph.rook.io/v1/namespaces/rook-ceph/cephclusters/rook-ceph")
        .await;
    assert_eq!(ceph["status"]["ceph"]["health"], "HEALTH_WARN");
    // Nothing but these is in trouble: what runs, runs.
    let pending = client
        .get("/api/v1/pods?fieldSelector=status.phase%3DPending")
        .await;
    let pending: Vec<&str> = items(&pending).iter().map(name).collect();
    assert_eq!(pending.len(), 1, "{pending:?}");
}

#[tokio::test]
async fn pods_that_came_through_a_queue_say_so() {
    let client = Client::of(&atlas(1));
    let path = "/api/v1/pods?labelSelector=kueue.x-k8s.io%2Fcluster-queue-name%3Dinference";
    let pods = client.get(path).await;
    // chat-assist 4, code-pilot 6, doc-summary 3, rag-search 8
    assert_eq!(items(&pods).len(), 21);
    let path = "/api/v1/pods?labelSelector=kueue.x-k8s.io%2Fcluster-queue-name%3Dtraining";
    assert_eq!(items(&client.get(path).await).len(), 3);
    let queue = client
        .get("/apis/kueue.x-k8s.io/v1beta2/clusterqueues/training")
        .await;
    assert_eq!(queue["status"]["admittedWorkloads"], 2);
    assert_eq!(queue["status"]["pendingWorkloads"], 1);
}

#[tokio::test]
async fn a_node_flaps_a_job_ends_and_a_new_one_comes() {
    let simulator = atlas(1);
    let client = Client::of(&simulator);
    let list = client.get("/api/v1/nodes").await;
    let version = list["metadata"]["resourceVersion"].as_str().unwrap();
    let mut nodes = client.watch(&format!(
        "/api/v1/nodes?watch=true&resourceVersion={version}"
    ));
    simulator.advance(Duration::from_mins(15));
    let ready: Vec<String> = nodes
        .ready()
        .await
        .iter()
        .filter(|event| name(&event["object"]) == "gpu-a100-06")
        .map(|event| {
            condition(&event["object"], "Ready").unwrap()["status"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(
        ready.starts_with(&["Unknown".to_owned(), "True".to_owned()]),
        "{ready:?}"
    );
    let job = client
        .get("/apis/kubeflow.org/v1/namespaces/research/pytorchjobs/bert-domain-v7")
        .await;
    assert_eq!(condition(&job, "Succeeded").unwrap()["status"], "True");
    let jobs = client.get("/apis/batch/v1/namespaces/research/jobs").await;
    assert!(
        items(&jobs)
            .iter()
            .any(|job| condition(job, "Complete").is_some())
    );
}
