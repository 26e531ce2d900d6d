use super::*;
use crate::derive::{fixture, scenario};

/// The path as lines that one can read.
fn path(subject: &str, direction: Direction) -> String {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let subject: Subject = subject.parse().unwrap();
    let rows = rows(
        &cluster,
        &derived,
        &catalog,
        &subject,
        direction,
        fixture::now(),
    );
    let lines: Vec<String> = rows.iter().map(|keyed| said(&keyed.row)).collect();
    lines.join("\n")
}

fn said(row: &Row) -> String {
    let Row::Trace(trace) = row else {
        panic!("no path: {row:?}")
    };
    let crumbs: Vec<String> = trace.crumbs.iter().map(Phrase::english).collect();
    let mut lines = vec![format!(
        "{} ({:?}, {} faults, {} pods)",
        crumbs.join(" > "),
        trace.severity,
        trace.faults,
        trace.pods
    )];
    for stop in &trace.stops {
        let tiles: Vec<String> = stop.tiles.iter().map(ToString::to_string).collect();
        let nodes: Vec<String> = stop
            .nodes
            .iter()
            .map(|node| {
                format!(
                    "{} {} {}/{} {}p",
                    node.node, node.rack, node.gpus_used, node.gpus, node.pods
                )
            })
            .collect();
        lines.push(format!(
            "{:?}: {} [{}]",
            stop.layer,
            tiles.join(", "),
            nodes.join("; ")
        ));
        if let Some(join) = &stop.join {
            lines.push(format!("  - {}", join.english()));
        }
    }
    lines.extend(trace.consequence.as_ref().map(Phrase::english));
    lines.join("\n")
}

#[test]
fn an_application_runs_down_to_its_gpus() {
    insta::assert_snapshot!(path("application/llm-prod/InferenceService/chat-assist", Direction::DependsOn), @"
    chat-assist > 4 pods > ClusterQueue inference > 2 nodes > 16 GPUs (Warning, 2 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist []
      - 4 pods llm-prod
    Lifecycle: component/kserve []
      - InferenceService chat-assist
    Platform: component/kubernetes, component/kueue []
      - ClusterQueue inference admitted 00:00
    Infrastructure: component/containerd, component/nvidia-driver, component/cilium [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
      - 8 + 8 GPUs
    Hardware: accelerator/H100 80GB HBM3 [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
    Without gpu-1: 2 of 4 pods remain
    ");
}

#[test]
fn a_run_that_waits_ends_at_its_queue() {
    insta::assert_snapshot!(path("application/research/TrainJob/llama-ft", Direction::DependsOn), @"
    llama-ft > ClusterQueue research (Warning, 1 faults, 0 pods)
    Workloads: application/research/TrainJob/llama-ft []
    Lifecycle: component/kubeflow-trainer []
      - TrainJob llama-ft
    Platform: component/kubernetes, component/kueue []
    ");
}

#[test]
fn what_is_no_tile_has_a_path_too() {
    insta::assert_snapshot!(path("application/shop/Deployment/web", Direction::DependsOn), @"
    web > 1 pod > 1 node (Warning, 2 faults, 1 pods)
    Workloads: application/shop/Deployment/web []
      - 1 pod shop
    Platform: component/kubernetes []
      - 1 pod placed
    Infrastructure: component/containerd, component/cilium [cpu-1  0/0 1p]
      - 1 node
    Hardware: accelerator/x86-64 CPU []
    Without cpu-1: 0 of 1 pod remain
    ");
}

#[test]
fn a_pod_lights_its_application_and_its_own_node() {
    insta::assert_snapshot!(path("pod/llm-prod/c3", Direction::DependsOn), @"
    c3 > ClusterQueue inference > 1 node > 4 GPUs (Warning, 2 faults, 1 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist []
      - 1 pod llm-prod
    Lifecycle: component/kserve []
      - InferenceService chat-assist
    Platform: component/kubernetes, component/kueue []
      - ClusterQueue inference admitted 00:00
    Infrastructure: component/containerd, component/nvidia-driver, component/cilium [gpu-2 a08 4/8 1p]
      - 4 GPUs
    Hardware: accelerator/H100 80GB HBM3 [gpu-2 a08 4/8 1p]
    ");
}

#[test]
fn a_queue_runs_on_the_nodes_of_what_it_let_in() {
    insta::assert_snapshot!(path("queue/inference", Direction::DependsOn), @"
    inference > 4 pods > 2 nodes > 16 GPUs (Warning, 2 faults, 4 pods)
    Platform: component/kubernetes, component/kueue []
      - ClusterQueue inference admitted 00:00
    Infrastructure: component/containerd, component/nvidia-driver, component/cilium [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
      - 8 + 8 GPUs
    Hardware: accelerator/H100 80GB HBM3 [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
    ");
}

#[test]
fn what_waits_or_runs_in_a_queue_fails_with_it() {
    insta::assert_snapshot!(path("queue/inference", Direction::WouldFail), @"
    inference > 1 application > 4 pods > 16 GPUs (Ok, 0 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist []
      - 4 pods llm-prod
    Platform: component/kueue []
    Without inference: affects 1 application with 4 pods and 16 GPUs
    ");
}

#[test]
fn a_node_runs_on_its_hardware() {
    insta::assert_snapshot!(path("node/gpu-2", Direction::DependsOn), @"
    gpu-2 > 8 GPUs (Warning, 2 faults, 4 pods)
    Infrastructure: component/containerd, component/nvidia-driver, component/cilium [gpu-2 a08 8/8 4p]
      - 8 GPUs
    Hardware: accelerator/H100 80GB HBM3 [gpu-2 a08 8/8 4p]
    ");
}

#[test]
fn a_node_takes_its_applications_with_it_and_not_their_operators() {
    insta::assert_snapshot!(path("node/gpu-2", Direction::WouldFail), @"
    gpu-2 > 2 applications > 4 pods > 8 GPUs (Warning, 1 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist, application/llm-prod/Deployment/doc-summary []
      - 4 pods llm-prod
    Infrastructure:  [gpu-2 a08 8/8 4p]
    Without gpu-2: affects 2 applications with 4 pods and 8 GPUs
    ");
}

#[test]
fn a_control_plane_node_takes_kubernetes_with_it() {
    insta::assert_snapshot!(path("node/cp-1", Direction::WouldFail), @"
    cp-1 > 3 pods (Ok, 0 faults, 3 pods)
    Platform: component/kubernetes []
      - 3 pods placed
    Infrastructure:  [cp-1  0/0 3p]
    ");
}

#[test]
fn a_model_takes_those_that_hold_its_devices_with_it() {
    insta::assert_snapshot!(path("accelerator/H100 80GB HBM3", Direction::WouldFail), @"
    H100 80GB HBM3 > 1 application > 4 pods > 16 GPUs (Ok, 0 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist []
      - 4 pods llm-prod
    Infrastructure:  [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
      - 8 + 8 GPUs
    Hardware: accelerator/H100 80GB HBM3 [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p]
    Without H100 80GB HBM3: affects 1 application with 4 pods and 16 GPUs
    ");
}

#[test]
fn an_operator_takes_the_applications_of_its_kinds_with_it() {
    insta::assert_snapshot!(path("component/kserve", Direction::WouldFail), @"
    KServe > 1 application > 4 pods > 16 GPUs (Ok, 0 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist []
      - 4 pods llm-prod
    Lifecycle: component/kserve []
    Without KServe: affects 1 application with 4 pods and 16 GPUs
    ");
}

#[test]
fn a_queueing_system_takes_all_that_is_queued_with_it() {
    insta::assert_snapshot!(path("component/kueue", Direction::WouldFail), @"
    Kueue > 2 applications > 4 pods > 16 GPUs (Warning, 1 faults, 4 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist, application/research/TrainJob/llama-ft []
      - 4 pods llm-prod
    Platform: component/kueue []
    Without Kueue: affects 2 applications with 4 pods and 16 GPUs
    ");
}

#[test]
fn the_network_takes_everything_with_it() {
    insta::assert_snapshot!(path("component/cilium", Direction::WouldFail), @"
    Cilium > 6 applications > 8 pods > 32 GPUs (Critical, 6 faults, 8 pods)
    Workloads: application/chat/StatefulSet/open-webui, application/llm-prod/InferenceService/chat-assist, application/llm-prod/Deployment/doc-summary, application/search/StatefulSet/milvus, application/data/Job/embed, application/research/TrainJob/llama-ft []
      - 8 pods in 2 namespaces
    Infrastructure: component/cilium [gpu-2 a08 8/8 4p; gpu-1 a06 8/8 2p; gpu-3 b01 8/8 1p; gpu-4 b01 8/8 1p]
    Without Cilium: affects 6 applications with 8 pods and 32 GPUs
    ");
}

#[test]
fn a_runtime_lies_on_its_nodes() {
    insta::assert_snapshot!(path("component/containerd", Direction::DependsOn), @"
    containerd > 6 nodes (Critical, 4 faults, 0 pods)
    Infrastructure: component/containerd, component/cilium [cp-1  0/0 0p; cpu-1  0/0 0p; gpu-1 a06 0/8 0p; gpu-2 a08 0/8 0p; gpu-3 b01 0/8 0p; gpu-4 b01 0/8 0p]
      - 6 nodes
    Hardware: accelerator/x86-64 CPU [gpu-1 a06 0/8 0p; gpu-2 a08 0/8 0p; gpu-3 b01 0/8 0p; gpu-4 b01 0/8 0p]
    ");
}

#[test]
fn a_device_plugin_takes_all_that_hold_gpus_with_it() {
    insta::assert_snapshot!(path("component/nvidia-device-plugin", Direction::WouldFail), @"
    NVIDIA device plugin > 2 applications > 6 pods > 32 GPUs (Critical, 4 faults, 6 pods)
    Workloads: application/llm-prod/InferenceService/chat-assist, application/data/Job/embed []
      - 6 pods in 2 namespaces
    Infrastructure:  [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p; gpu-3 b01 8/8 1p; gpu-4 b01 8/8 1p]
      - 32 GPUs on 4 nodes
    Hardware: accelerator/A100 SXM4 40GB, accelerator/H100 80GB HBM3, component/nvidia-device-plugin [gpu-1 a06 8/8 2p; gpu-2 a08 8/8 2p; gpu-3 b01 8/8 1p; gpu-4 b01 8/8 1p]
    Without NVIDIA device plugin: affects 2 applications with 6 pods and 32 GPUs
    ");
}

#[test]
fn the_operating_system_is_known_by_its_name() {
    insta::assert_snapshot!(path("component/operating-system", Direction::DependsOn), @"
    Ubuntu 24.04.2 LTS > 6 nodes (Critical, 4 faults, 0 pods)
    Infrastructure: component/containerd, component/cilium, component/operating-system [cp-1  0/0 0p; cpu-1  0/0 0p; gpu-1 a06 0/8 0p; gpu-2 a08 0/8 0p; gpu-3 b01 0/8 0p; gpu-4 b01 0/8 0p]
      - 6 nodes
    Hardware: accelerator/x86-64 CPU [gpu-1 a06 0/8 0p; gpu-2 a08 0/8 0p; gpu-3 b01 0/8 0p; gpu-4 b01 0/8 0p]
    ");
}

#[test]
fn what_is_not_there_has_no_path() {
    for subject in [
        "node/gone",
        "pod/team/gone",
        "queue/gone",
        "component/volcano",
    ] {
        assert_eq!(path(subject, Direction::DependsOn), "", "{subject}");
        assert_eq!(path(subject, Direction::WouldFail), "", "{subject}");
    }
}

#[test]
fn the_pods_of_a_subject_are_those_on_its_path() {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let pods = |subject: &str| {
        let path = TracePath {
            subject: subject.parse().unwrap(),
            direction: Direction::DependsOn,
        };
        let slots = pods_on_path(&cluster, &derived, &catalog, &path);
        let named = slots
            .into_iter()
            .filter_map(|slot| cluster.pod_table().at(slot));
        let mut names: Vec<String> = named.map(|pod| pod.metadata.key.name.to_string()).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(
        pods("application/llm-prod/InferenceService/chat-assist"),
        "c1 c2 c3 c4"
    );
    assert_eq!(pods("pod/llm-prod/c1"), "c1");
    assert_eq!(pods("queue/inference"), "c1 c2 c3 c4");
    assert_eq!(pods("node/gpu-2"), "c3 c4 doc-summary-1 doc-summary-2");
    assert_eq!(pods("accelerator/H100 80GB HBM3"), "c1 c2 c3 c4");
    assert_eq!(
        pods("component/kubernetes"),
        "kube-apiserver-cp-1 kube-controller-manager-cp-1 kube-scheduler-cp-1"
    );
    assert_eq!(pods("node/gone"), "");
    let kserve = TracePath {
        subject: "component/kserve".parse().unwrap(),
        direction: Direction::WouldFail,
    };
    let would_fail = pods_on_path(&cluster, &derived, &catalog, &kserve);
    let rows = rows(
        &cluster,
        &derived,
        &catalog,
        &kserve.subject,
        kserve.direction,
        fixture::now(),
    );
    let Some(Row::Trace(trace)) = rows.first().map(|keyed| &keyed.row) else {
        panic!("the path is there")
    };
    assert_eq!(
        would_fail.len(),
        trace.pods as usize,
        "the list shows what the path counts"
    );
}
