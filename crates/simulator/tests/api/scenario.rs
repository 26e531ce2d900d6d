use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use strata_domain::quantity;

use crate::client::{Client, atlas, items, name, options};
use strata_simulator::{Pace, Scenario, Simulator};

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object["status"]["conditions"]
        .as_array()?
        .iter()
        .find(|known| known["type"] == kind)
}

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

/// A pool of 20 nodes with 8 GPUs, and crowds on it.
const CROWDED: &str = r#"
name = "crowded"
kubernetes = "v1.36.2"
[[pool]]
name = "gpu"
nodes = 20
cpu = "64"
memory = "512Gi"
instance_type = "dgx"
racks = { count = 4, in_a_block = 2, zones = ["a", "b"] }
gpu = { product = "NVIDIA H200", count = 8, memory_mib = 143771, family = "hopper", compute = "9.0", driver = "580.126.09", cuda = "13.0" }
[[crowd]]
count = 3
namespaces = 2
workload = { kind = "Deployment", namespace = "llm", name = "serve", replicas = 40, gpus = 1, images = ["vllm/vllm-openai:v0.24.0"], cpu = "500m", memory = "4Gi" }
[[crowd]]
count = 2
namespaces = 1
workload = { kind = "Deployment", namespace = "llm", name = "greedy", replicas = 30, gpus = 1, images = ["vllm/vllm-openai:v0.24.0"], cpu = "500m", memory = "4Gi" }
"#;

#[tokio::test]
async fn a_crowd_is_set_up_as_its_controllers_would_have_left_it() {
    let scenario = Scenario::parse("crowded", CROWDED).unwrap();
    let simulator = Simulator::start(&scenario, options(1));
    simulator.advance(Duration::from_mins(5));
    let client = Client::of(&simulator);
    let pods = client.get("/api/v1/pods").await;
    assert_eq!(items(&pods).len(), 3 * 40 + 2 * 30);
    let running: Vec<&Value> = items(&pods)
        .iter()
        .filter(|pod| pod["status"]["phase"] == "Running")
        .collect();
    assert_eq!(running.len(), 160, "as many as there are GPUs");
    let mut on_node: BTreeMap<&str, u64> = BTreeMap::new();
    let mut addresses = BTreeSet::new();
    for pod in &running {
        *on_node
            .entry(pod["spec"]["nodeName"].as_str().unwrap())
            .or_default() += 1;
        addresses.insert(pod["status"]["podIP"].as_str().unwrap());
    }
    assert!(on_node.values().all(|count| *count == 8), "{on_node:?}");
    assert!(addresses.len() > 155, "addresses are the pods' own");
    let deployments = client.get("/apis/apps/v1/deployments").await;
    let (mut ready, mut wanted) = (0, 0);
    for deployment in items(&deployments) {
        assert_eq!(
            deployment["status"]["observedGeneration"],
            deployment["metadata"]["generation"]
        );
        ready += deployment["status"]["readyReplicas"].as_u64().unwrap_or(0);
        wanted += deployment["status"]["replicas"].as_u64().unwrap_or(0);
    }
    assert_eq!((ready, wanted), (160, 180));
    let nodes = client.get("/api/v1/nodes").await;
    let racks: BTreeSet<&str> = items(&nodes)
        .iter()
        .filter_map(|node| node["metadata"]["labels"]["cloud.provider.com/topology-rack"].as_str())
        .collect();
    assert_eq!(racks.len(), 4);
}

#[tokio::test]
async fn every_scenario_that_the_program_carries_starts_and_lives() {
    // `fleet` is what the measurements start: it takes too long for every run of the tests.
    for known in Scenario::NAMES.iter().filter(|known| **known != "fleet") {
        let scenario = Scenario::named(known).unwrap();
        let simulator = Simulator::start(&scenario, options(1));
        simulator.advance(Duration::from_mins(10));
        let client = Client::of(&simulator);
        let pods = client.get("/api/v1/pods").await;
        assert!(
            items(&pods)
                .iter()
                .any(|pod| pod["status"]["phase"] == "Running"),
            "{known}"
        );
    }
    assert!(Scenario::named("fleet").is_ok());
    let unknown = Scenario::named("flet").unwrap_err().to_string();
    assert!(unknown.contains("atlas, fleet"), "{unknown}");
}

#[tokio::test]
async fn the_outage_takes_a_rack_a_gpu_and_a_queue() {
    let simulator = Simulator::start(&Scenario::named("outage").unwrap(), options(1));
    simulator.advance(Duration::from_mins(3));
    let client = Client::of(&simulator);
    let nodes = client.get("/api/v1/nodes").await;
    let silent: Vec<&str> = items(&nodes)
        .iter()
        .filter(|node| condition(node, "Ready").is_some_and(|ready| ready["status"] == "Unknown"))
        .map(name)
        .collect();
    assert_eq!(silent, ["gpu-h100-04", "gpu-h100-05", "gpu-h100-06"]);
    let first = items(&nodes)
        .iter()
        .find(|node| name(node) == "gpu-h100-01")
        .unwrap();
    assert_eq!(first["status"]["allocatable"]["nvidia.com/gpu"], "7");
    let workloads = client.get("/apis/kueue.x-k8s.io/v1beta2/workloads").await;
    let waiting = items(&workloads)
        .iter()
        .filter(|workload| {
            workload["spec"]["queueName"] == "speech"
                && condition(workload, "Admitted").is_none_or(|is| is["status"] != "True")
        })
        .count();
    assert!(waiting >= 2, "{waiting} workloads of the queue wait");
    simulator.advance(Duration::from_mins(50));
    let nodes = client.get("/api/v1/nodes").await;
    assert!(
        items(&nodes)
            .iter()
            .all(|node| condition(node, "Ready").is_some_and(|ready| ready["status"] == "True")),
        "the rack has power again"
    );
}

#[tokio::test]
async fn the_edge_is_as_sharp_as_it_says() {
    let simulator = Simulator::start(&Scenario::named("edge").unwrap(), options(1));
    let client = Client::of(&simulator);
    let swollen = client
        .get("/api/v1/namespaces/default/configmaps/swollen")
        .await;
    let text = swollen["metadata"]["annotations"]["swollen.example.com/text"].as_str();
    assert_eq!(text.map(str::len), Some(1024 * 1024));
    let labelled = client
        .get("/api/v1/namespaces/default/services/labelled")
        .await;
    assert_eq!(
        labelled["metadata"]["labels"].as_object().unwrap().len(),
        5000
    );
    let nothing = client.get("/api/v1/nodes/says-nothing").await;
    assert!(nothing["status"]["conditions"].is_null());
}

#[tokio::test(start_paused = true)]
async fn time_passes_at_the_pace_that_is_set() {
    let simulator = atlas(1);
    let begun = simulator.now();
    simulator.set_pace(Pace::PAUSED);
    let living = simulator.clone();
    let run = tokio::spawn(async move { living.run().await });
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(simulator.now(), begun);
    simulator.set_pace("60x".parse().unwrap());
    tokio::time::sleep(Duration::from_secs(10)).await;
    let passed = simulator.now().duration_since(begun).unsigned_abs();
    run.abort();
    assert!(
        (Duration::from_secs(580)..=Duration::from_secs(620)).contains(&passed),
        "{passed:?}"
    );
}
