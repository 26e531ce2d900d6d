use strata_api::{phrases::Phrase, rows::stack::TileRow};

use super::*;
use crate::derive::{fixture, scenario};

/// Each row as a line that one can read.
fn lines(namespaces: &[&str]) -> String {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let namespaces: Vec<String> = namespaces.iter().map(ToString::to_string).collect();
    let rows = rows(
        &cluster,
        &derived,
        &catalog,
        &namespaces,
        &Trends::default(),
    );
    let lines: Vec<String> = rows
        .iter()
        .map(|keyed| line(&keyed.row).trim_end().to_owned())
        .collect();
    lines.join("\n")
}

fn line(row: &Row) -> String {
    match row {
        Row::Layer(layer) => {
            let counts: Vec<String> = layer.counts.iter().map(Phrase::english).collect();
            let headline = layer
                .headline
                .as_ref()
                .map_or_else(String::new, |headline| {
                    let of = headline.of.map(|of| format!("/{of}")).unwrap_or_default();
                    let details: Vec<String> =
                        headline.details.iter().map(Phrase::english).collect();
                    let label = headline.label.english();
                    format!("{}{of} {label} ({})", headline.value, details.join("; "))
                });
            format!(
                "# {:?} {:?} [{}] {headline}",
                layer.layer,
                layer.severity,
                counts.join("; ")
            )
        }
        Row::Tile(tile) => tile_line(tile),
        Row::GpuNode(gpus) => format!(
            "gpus {} {}/{} {} {}/{} unhealthy {}{}{} {:?}",
            gpus.node,
            gpus.zone,
            gpus.rack,
            gpus.model,
            gpus.allocated,
            gpus.total,
            gpus.unhealthy,
            if gpus.shared { " shared" } else { "" },
            if gpus.unknown { " unknown" } else { "" },
            gpus.severity,
        ),
        Row::Attention(line) => format!(
            "! {:?} {:?} {}: {} -> {} `{}` {}",
            line.severity,
            line.layer,
            line.title.english(),
            line.reason.english(),
            line.action.english(),
            line.command,
            line.subject
        ),
        other => panic!("no row of the stack: {other:?}"),
    }
}

fn tile_line(tile: &TileRow) -> String {
    let ready = tile
        .ready
        .map(|ready| format!(" {}/{}", ready.ready, ready.desired))
        .unwrap_or_default();
    let figure = tile
        .figure
        .as_ref()
        .map(Phrase::english)
        .unwrap_or_default();
    let reason = tile
        .reason
        .as_ref()
        .map(Phrase::english)
        .unwrap_or_default();
    format!(
        "  {} {:?}{ready} | {} | {figure} | {:?} | {} | {reason}",
        tile.name, tile.severity, tile.version, tile.profile, tile.subject
    )
}

#[test]
fn the_stack_shows_five_layers_tiles_devices_and_what_is_wrong() {
    insta::assert_snapshot!(lines(&[]), @"
    # Workloads Critical [4 generative; 2 other] 2/5 applications ready (32 GPUs asked for; 1 paused)
    # Lifecycle Ok [2 components] 1 job running (1 wait, oldest 12 h; 2 serving)
    # Platform Warning [2 components] 1 workload pending (oldest 12 h; Kubernetes 1.36.2; control plane 3/3)
    # Infrastructure Critical [6 machines] 5/6 nodes ready (1 not ready; 1 cordoned)
    # Hardware Critical [32 GPUs; 4 GPU nodes] 32 of 32 GPUs allocated (1 unhealthy; 8 unknown)
      open-webui Ok 3/3 | 0.9.2 |  | Generative | application/chat/StatefulSet/open-webui |
      chat-assist Ok 4/4 | vllm | 16 GPUs | Generative | application/llm-prod/InferenceService/chat-assist |
      doc-summary Warning 1/2 | SGLang 0.5.2 | 2 pods | Generative | application/llm-prod/Deployment/doc-summary | main keeps crashing with exit code 1, 9 restarts
      milvus Paused 0/0 | 2.6.4 |  | Generative | application/search/StatefulSet/milvus |
      embed Warning 1/2 | Job | 16 GPUs | None | application/data/Job/embed | Its node gpu-4 does not answer
      llama-ft Warning | TrainJob |  | None | application/research/TrainJob/llama-ft | Short by 3 of nvidia.com/gpu in flavor h100; waits 12 h
      Kubeflow Trainer Ok 1/1 | 2.2.0 | 1 TrainJob | None | component/kubeflow-trainer |
      KServe Ok 1/1 | 0.20.1 | 1 service | None | component/kserve |
      Kubernetes Ok 3/3 | 1.36.2 | 6 nodes | None | component/kubernetes |
      Kueue Ok 2/2 | 0.19.2 | 1 pending | None | component/kueue |
      containerd Ok 6/6 | 2.1.4 | 1 version | None | component/containerd |
      NVIDIA driver Notice | 580.126.09 | 2 versions | None | component/nvidia-driver | Nodes by version: 580.126.09 × 3, 580.105.08 × 1
      Cilium Warning 5/6 | 1.19.0 |  | None | component/cilium | cilium has 5 of 6 pods ready
      Rook Ceph Warning 1/1 | 1.19.3 | HEALTH_WARN | None | component/rook-ceph | CephCluster rook-ceph says HEALTH_WARN
      Ubuntu 24.04.2 LTS Ok 5/6 | 6.8.0-90-generic | 1 kernel | None | component/operating-system |
      A100 SXM4 40GB Critical 7/16 | 2 × 8 GPU | 16 of 16 allocated | None | accelerator/A100 SXM4 40GB | 1 of 16 may not be allocated
      H100 80GB HBM3 Ok 16/16 | 2 × 8 GPU | 16 of 16 allocated | None | accelerator/H100 80GB HBM3 |
      x86-64 CPU Ok 5/6 | 6 × 64 c |  | None | accelerator/x86-64 CPU |
      NVIDIA device plugin Ok |  |  | None | component/nvidia-device-plugin |
      GPU Feature Discovery Ok |  |  | None | component/gpu-feature-discovery |
    gpus gpu-1 a/a06 H100 80GB HBM3 8/8 unhealthy 0 Ok
    gpus gpu-2 a/a08 H100 80GB HBM3 8/8 unhealthy 0 Ok
    gpus gpu-3 b/b01 A100 SXM4 40GB 8/8 unhealthy 1 Critical
    gpus gpu-4 b/b01 A100 SXM4 40GB 8/8 unhealthy 0 unknown Critical
    ! Critical Infrastructure gpu-4 is not ready: The kubelet has said nothing for 12 h. It carries 1 pod and 8 GPUs -> Check the machine and its kubelet; drain the node if it stays away `kubectl describe node gpu-4` node/gpu-4
    ! Critical Hardware 1 unhealthy GPU on gpu-3: Allocatable is 7 of 8 A100 SXM4 40GB, yet 8 are held: a pod there has lost its device -> Read the XID in the kernel log; cordon, drain, reset the GPU `kubectl describe node gpu-3` node/gpu-3
    ! Critical Workloads web: 1 of 1 pod unhealthy: Image registry.example/app:1.0.0 cannot be pulled: manifest unknown -> Check the image's name and the pull secret `kubectl describe pod -n shop web-1-x` application/shop/Deployment/web
    ! Warning Workloads doc-summary: 1 of 2 ready: main keeps crashing with exit code 1, 9 restarts -> Read the last log of doc-summary-2 `kubectl logs -n llm-prod doc-summary-2 -c main --previous` application/llm-prod/Deployment/doc-summary
    ! Warning Platform TrainJob llama-ft waits in research: Short by 3 of nvidia.com/gpu in flavor h100; waits 12 h -> See who holds the quota `kubectl describe workload.kueue.x-k8s.io -n research trainjob-llama-ft` application/research/TrainJob/llama-ft
    ! Warning Infrastructure Cilium: 5 of 6 ready: cilium has 5 of 6 pods ready -> Read the status of DaemonSet cilium `kubectl describe daemonset.apps -n kube-system cilium` component/cilium
    ! Warning Infrastructure Rook Ceph: HEALTH_WARN: CephCluster rook-ceph says HEALTH_WARN -> Read the status of CephCluster rook-ceph `kubectl describe cephcluster.ceph.rook.io -n rook-ceph rook-ceph` component/rook-ceph
    ! Notice Infrastructure 2 driver versions on H100 80GB HBM3: Nodes by version: 580.126.09 × 1, 580.105.08 × 1 -> Plan the upgrade of the rest `kubectl get nodes -L nvidia.com/cuda.driver-version.full` accelerator/H100 80GB HBM3
    ! Notice Infrastructure cpu-1 is cordoned: It takes no new pods; 1 pod still runs there -> Uncordon once the work on them is done `kubectl uncordon cpu-1` node/cpu-1
    ");
}

#[test]
fn a_namespace_narrows_applications_and_what_is_wrong_in_it() {
    let wanted = lines(&["research"]);
    let narrowed: Vec<&str> = wanted
        .lines()
        .filter(|line| line.contains("application/") || line.starts_with('!'))
        .collect();
    insta::assert_snapshot!(narrowed.join("\n"), @"
      llama-ft Warning | TrainJob |  | None | application/research/TrainJob/llama-ft | Short by 3 of nvidia.com/gpu in flavor h100; waits 12 h
    ! Critical Infrastructure gpu-4 is not ready: The kubelet has said nothing for 12 h. It carries 1 pod and 8 GPUs -> Check the machine and its kubelet; drain the node if it stays away `kubectl describe node gpu-4` node/gpu-4
    ! Critical Hardware 1 unhealthy GPU on gpu-3: Allocatable is 7 of 8 A100 SXM4 40GB, yet 8 are held: a pod there has lost its device -> Read the XID in the kernel log; cordon, drain, reset the GPU `kubectl describe node gpu-3` node/gpu-3
    ! Warning Platform TrainJob llama-ft waits in research: Short by 3 of nvidia.com/gpu in flavor h100; waits 12 h -> See who holds the quota `kubectl describe workload.kueue.x-k8s.io -n research trainjob-llama-ft` application/research/TrainJob/llama-ft
    ! Warning Infrastructure Cilium: 5 of 6 ready: cilium has 5 of 6 pods ready -> Read the status of DaemonSet cilium `kubectl describe daemonset.apps -n kube-system cilium` component/cilium
    ! Warning Infrastructure Rook Ceph: HEALTH_WARN: CephCluster rook-ceph says HEALTH_WARN -> Read the status of CephCluster rook-ceph `kubectl describe cephcluster.ceph.rook.io -n rook-ceph rook-ceph` component/rook-ceph
    ! Notice Infrastructure 2 driver versions on H100 80GB HBM3: Nodes by version: 580.126.09 × 1, 580.105.08 × 1 -> Plan the upgrade of the rest `kubectl get nodes -L nvidia.com/cuda.driver-version.full` accelerator/H100 80GB HBM3
    ! Notice Infrastructure cpu-1 is cordoned: It takes no new pods; 1 pod still runs there -> Uncordon once the work on them is done `kubectl uncordon cpu-1` node/cpu-1
    ");
}

#[test]
fn every_row_has_an_id_of_its_own_and_layers_come_first() {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let rows = rows(&cluster, &derived, &catalog, &[], &Trends::default());
    let ids: HashSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len());
    let prefixes: Vec<&str> = rows
        .iter()
        .filter_map(|row| Some(row.id.split_once(':')?.0))
        .collect();
    let mut runs = prefixes.clone();
    runs.dedup();
    assert_eq!(runs, ["layer", "tile", "gpus", "attention"]);
    assert_eq!(rows[0].id, "layer:workloads");
    assert!(ids.contains("tile:component/kueue") && ids.contains("gpus:gpu-1"));
}
