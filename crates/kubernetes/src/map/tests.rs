//! Objects as a real API server (1.36.2) wrote them.

use strata_domain::{
    accelerator,
    condition::holds,
    custom::Custom,
    ids::GroupKind,
    node::Node,
    plain::PlainKind,
    pod::{ContainerState, Phase, Pod},
    workload::Workload,
};
use strata_ports::cluster::PlannedKind;

use super::*;
use crate::slim;

fn fixture(name: &str) -> Bytes {
    let path = format!(
        "{}/../../tests/fixtures/kubernetes/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
        .into()
}

fn page<T: Slim>(encoding: Encoding, name: &str) -> Page {
    BuiltIn::<T>::new()
        .page(encoding, &fixture(name), &mut Mapping::default())
        .unwrap()
}

fn workloads(page: Page) -> Vec<Workload> {
    page.objects
        .into_iter()
        .map(|object| match object {
            Object::Workload(workload) => *workload,
            other => panic!("not a workload: {other:?}"),
        })
        .collect()
}

fn customs(group: &str, kind: &str, fields: &[&str], name: &str) -> Vec<Custom> {
    let planned = PlannedKind {
        kind: GroupKind::new(group, kind),
        fields: fields.iter().map(|&path| path.to_owned()).collect(),
    };
    let kind = CustomKind::new(&planned, "v1");
    let page = kind
        .page(Encoding::Json, &fixture(name), &mut Mapping::default())
        .unwrap();
    page.objects
        .into_iter()
        .map(|object| match object {
            Object::Custom(custom) => *custom,
            other => panic!("not a custom object: {other:?}"),
        })
        .collect()
}

#[test]
fn the_same_pods_come_out_of_protobuf_and_of_json() {
    let protobuf = page::<slim::pod::Pod>(Encoding::Protobuf, "pods.pb");
    let json = page::<slim::pod::Pod>(Encoding::Json, "pods.json");
    assert_eq!(protobuf.objects.len(), 6);
    assert_eq!(protobuf.objects, json.objects);
    assert_eq!(protobuf.meta.resource_version, "138435");
    assert_eq!(json.meta.resource_version, "138419");
    assert_eq!(protobuf.meta.remaining_item_count, Some(9980));
    assert_eq!(json.meta.remaining_item_count, Some(9980));
}

#[test]
fn a_recorded_pod_keeps_what_lists_and_joins_need() {
    let Some(Object::Pod(pod)) = page::<slim::pod::Pod>(Encoding::Protobuf, "pods.pb")
        .objects
        .into_iter()
        .next()
    else {
        panic!("no pod");
    };
    let Pod { metadata, .. } = &*pod;
    assert_eq!(
        metadata.key.to_string(),
        "gpu-operator/gpu-feature-discovery-269wz"
    );
    assert_eq!(metadata.uid.0, "d87c3b93-6b99-4963-b254-2618beeb1a82");
    assert_eq!(metadata.labels.get("app"), Some("gpu-feature-discovery"));
    assert_eq!(
        metadata.created,
        Some("2026-11-23T14:33:44Z".parse().unwrap())
    );
    let owner = metadata.owner.as_ref().unwrap();
    assert_eq!(
        (owner.group.as_str(), owner.kind.as_str()),
        ("apps", "DaemonSet")
    );
    // Its container is ready; its node went silent, which takes the pod's readiness away.
    assert_eq!(
        (pod.phase, pod.ready, pod.scheduler.as_str()),
        (Phase::Running, false, "")
    );
    assert!(pod.containers[0].ready);
    assert!(pod.node.starts_with("gpu-"), "{}", pod.node);
    assert_eq!(
        (pod.requests.cpu_millicores, pod.requests.memory_bytes),
        (100, 256 << 20)
    );
    let names: Vec<_> = pod
        .containers
        .iter()
        .map(|each| (each.name.as_str(), each.init))
        .collect();
    assert_eq!(
        names,
        [
            ("gpu-feature-discovery", false),
            ("toolkit-validation", true)
        ]
    );
    assert!(matches!(
        pod.containers[0].state,
        ContainerState::Running { since: Some(_) }
    ));
}

#[test]
fn a_recorded_node_has_its_gpus_and_its_model() {
    let decoded = BuiltIn::<slim::node::Node>::new()
        .object(
            Encoding::Json,
            &fixture("node.json"),
            &mut Mapping::default(),
        )
        .unwrap();
    assert_eq!(decoded.resource_version, "95694");
    let Object::Node(node) = decoded.object else {
        panic!("not a node")
    };
    let Node {
        capacity,
        allocatable,
        software,
        ..
    } = &*node;
    assert_eq!(capacity.extended("nvidia.com/gpu"), Some(8));
    assert_eq!(allocatable.extended("nvidia.com/gpu"), Some(8));
    assert!(allocatable.cpu_millicores > 0 && allocatable.pods > 0);
    assert!(software.kubelet.starts_with("v1."), "{}", software.kubelet);
    assert!(holds(&node.conditions, "Ready"));
    assert!(accelerator::model(&node).unwrap().starts_with("H100"));
}

#[test]
fn recorded_deployments_and_jobs_have_their_counts() {
    for deployment in workloads(page::<slim::workloads::Deployment>(
        Encoding::Json,
        "deployments.json",
    )) {
        assert!(
            deployment.desired > 0 && !deployment.images.is_empty(),
            "{deployment:?}"
        );
    }
    for job in workloads(page::<slim::workloads::Job>(Encoding::Json, "jobs.json")) {
        assert_eq!(job.kind.as_str(), "Job");
        assert!(
            !job.images.is_empty() && job.metadata.created.is_some(),
            "{job:?}"
        );
    }
}

#[test]
fn recorded_custom_objects_keep_conditions_and_planned_fields() {
    let queues = customs(
        "kueue.x-k8s.io",
        "ClusterQueue",
        &[
            "spec.cohortName",
            "status.pendingWorkloads",
            "spec.resourceGroups.0.flavors.0.name",
        ],
        "clusterqueues.json",
    );
    for queue in &queues {
        assert!(
            queue
                .field("spec.resourceGroups.0.flavors.0.name")
                .is_some(),
            "{queue:?}"
        );
    }
    let clusters = customs(
        "ray.io",
        "RayCluster",
        &["status.state"],
        "rayclusters.json",
    );
    assert!(
        !clusters.is_empty()
            && clusters
                .iter()
                .all(|cluster| !cluster.metadata.uid.0.is_empty())
    );
    let workloads = customs(
        "kueue.x-k8s.io",
        "Workload",
        &["spec.queueName"],
        "workloads.json",
    );
    assert!(
        workloads
            .iter()
            .all(|workload| workload.field("spec.queueName").is_some())
    );
    assert!(
        workloads
            .iter()
            .any(|workload| !workload.conditions.is_empty())
    );
}

#[test]
fn a_definition_without_its_spec_gets_its_kind_from_discovery() {
    let body = Bytes::from_static(
        br#"{"metadata":{"name":"workloads.kueue.x-k8s.io","resourceVersion":"9",
             "labels":{"app.kubernetes.io/version":"v0.14.0"}}}"#,
    );
    let definition = BuiltIn::<slim::plain::CustomResourceDefinition>::new();
    let read = |mapping: &mut Mapping| match definition
        .object(Encoding::Json, &body, mapping)
        .unwrap()
        .object
    {
        Object::Plain(plain) => plain.kind,
        other => panic!("not plain: {other:?}"),
    };
    let expected = |kind: &str| PlainKind::CustomResourceDefinition {
        group: Text::from("kueue.x-k8s.io"),
        kind: Text::from(kind),
        release: Text::from("v0.14.0"),
    };
    let mut mapping = Mapping::default();
    assert_eq!(read(&mut mapping), expected(""));

    let served = [(
        "workloads.kueue.x-k8s.io".to_owned(),
        Text::from("Workload"),
    )];
    assert!(
        mapping.definitions.learn(served.clone()),
        "the missed name is known now"
    );
    assert_eq!(read(&mut mapping), expected("Workload"));
    assert!(
        !mapping.definitions.learn(served),
        "nothing was missed since"
    );
}

#[test]
fn a_kind_lingers_while_it_is_served_though_its_definition_was_deleted_and_not_made_anew() {
    let name = "workloads.kueue.x-k8s.io";
    let served = || [(name.to_owned(), Text::from("Workload"))];
    let mut mapping = Mapping::default();
    mapping.definitions.learn(served());
    mapping.definitions.forget(name);
    assert!(mapping.definitions.is_gone(name) && mapping.definitions.linger());
    mapping.definitions.learn([]);
    assert!(mapping.definitions.is_gone(name) && !mapping.definitions.linger());

    let body = Bytes::from_static(br#"{"metadata":{"name":"workloads.kueue.x-k8s.io"}}"#);
    BuiltIn::<slim::plain::CustomResourceDefinition>::new()
        .object(Encoding::Json, &body, &mut mapping)
        .unwrap();
    mapping.definitions.learn(served());
    assert!(!mapping.definitions.is_gone(name) && !mapping.definitions.linger());
}

#[test]
fn repeated_strings_are_stored_once() {
    let mut mapping = Mapping::default();
    let pods = BuiltIn::<slim::pod::Pod>::new();
    let page = pods
        .page(Encoding::Protobuf, &fixture("pods.pb"), &mut mapping)
        .unwrap();
    let first_round = mapping.names.len();
    let again = pods
        .page(Encoding::Json, &fixture("pods.json"), &mut mapping)
        .unwrap();
    assert_eq!(mapping.names.len(), first_round);
    assert_eq!(page.objects, again.objects);
}

#[test]
fn a_pod_names_its_model_by_its_arguments_and_by_the_images_that_it_mounts() {
    let json = br#"{"metadata": {"name": "v", "namespace": "llm"}, "status": {}, "spec": {
        "containers": [{"name": "main", "image": "vllm/vllm-openai:v0.24.0",
                        "command": ["vllm"], "args": ["serve", "--port=8000", "--model=Qwen/Qwen3-32B"]}],
        "volumes": [{"name": "weights", "image": {"reference": "harbor.example.com/models/qwen3:v1"}}]}}"#;
    let decoded = BuiltIn::<slim::pod::Pod>::new()
        .object(
            Encoding::Json,
            &Bytes::from_static(json),
            &mut Mapping::default(),
        )
        .unwrap();
    let Object::Pod(pod) = decoded.object else {
        panic!("not a pod: {:?}", decoded.object);
    };
    assert_eq!(pod.model_argument(), "Qwen/Qwen3-32B");
    assert_eq!(pod.image_volumes(), ["harbor.example.com/models/qwen3:v1"]);
}

#[test]
fn a_claim_keeps_the_devices_that_it_holds_and_not_those_that_it_looks_at() {
    let json = br#"{"metadata": {"name": "mixed", "namespace": "llm"}, "status": {
        "allocation": {"devices": {"results": [
            {"request": "gpu", "driver": "gpu.nvidia.com", "pool": "n1", "device": "gpu-0"},
            {"request": "all", "driver": "gpu.nvidia.com", "pool": "n1", "device": "gpu-1", "adminAccess": true}]}},
        "reservedFor": [{"resource": "pods", "name": "a", "uid": "u"},
                        {"apiGroup": "example.com", "resource": "others", "name": "b", "uid": "v"}]}}"#;
    let decoded = BuiltIn::<slim::plain::ResourceClaim>::new()
        .object(
            Encoding::Json,
            &Bytes::from_static(json),
            &mut Mapping::default(),
        )
        .unwrap();
    let Object::Plain(claim) = decoded.object else {
        panic!("not a claim: {:?}", decoded.object);
    };
    let PlainKind::ResourceClaim {
        devices,
        reserved_for,
    } = &claim.kind
    else {
        panic!("not a claim: {claim:?}");
    };
    let held: Vec<&str> = devices.iter().map(|one| one.device.as_str()).collect();
    assert_eq!(held, ["gpu-0"]);
    assert_eq!(**reserved_for, ["a"]);
}
