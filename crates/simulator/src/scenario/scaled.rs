//! Scenarios by number, for load: as many nodes and pods as asked for.

use std::{collections::BTreeMap, time::Duration};

use super::{Gpu, Pairs, Pool, Publisher, Rack, Scenario, Workload};

/// How large a generated cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// GPU nodes, with 8 GPUs each.
    pub nodes: usize,
    /// Pods that run on them.
    pub pods: u64,
}

/// Pods of one generated deployment at most.
const PODS_OF_A_DEPLOYMENT: u64 = 50;
/// Nodes of a rack.
const NODES_OF_A_RACK: usize = 8;

impl Scenario {
    /// A cluster of `scale.nodes` nodes with 8 GPUs each and `scale.pods` pods, in deployments of
    /// fifty pods over a namespace for each twenty; as many pods as there are GPUs have one.
    pub fn scaled(scale: Scale) -> Self {
        let gpus = u64::try_from(scale.nodes)
            .unwrap_or(u64::MAX)
            .saturating_mul(8);
        let mut workloads = Vec::new();
        let mut left = scale.pods;
        let mut gpus_left = gpus.min(scale.pods);
        while left > 0 {
            let replicas = left.min(PODS_OF_A_DEPLOYMENT);
            let uses_gpus = gpus_left >= replicas;
            workloads.push(deployment(workloads.len(), replicas, u64::from(uses_gpus)));
            gpus_left -= if uses_gpus { replicas } else { 0 };
            left -= replicas;
        }
        Self {
            name: format!("scaled-{}-{}", scale.nodes, scale.pods),
            kubernetes: "v1.36.2".to_owned(),
            user: "demo".to_owned(),
            forbidden: Vec::new(),
            definitions: Vec::new(),
            pools: vec![pool(scale.nodes)],
            objects: Vec::new(),
            workloads,
            faults: Vec::new(),
            stories: Vec::new(),
        }
    }
}

fn pool(nodes: usize) -> Pool {
    let racks = (0..nodes.div_ceil(NODES_OF_A_RACK))
        .map(|rack| Rack {
            name: format!("rack-{rack:03}"),
            block: format!("block-{:02}", rack / 16),
            zone: ["zone-a", "zone-b"]
                .get(rack % 2)
                .copied()
                .unwrap_or_default()
                .to_owned(),
        })
        .collect();
    Pool {
        name: "gpu-h100".to_owned(),
        nodes,
        racks,
        cpu: "192".to_owned(),
        memory: "2014Gi".to_owned(),
        instance_type: "dgx-h100".to_owned(),
        labels: Pairs::new(),
        taints: Vec::new(),
        resources: Pairs::new(),
        gpu: Some(Gpu {
            product: "NVIDIA H100 80GB HBM3".to_owned(),
            count: 8,
            memory_mib: 81_559,
            family: "hopper".to_owned(),
            compute: "9.0".to_owned(),
            driver: "580.126.09".to_owned(),
            cuda: "13.0".to_owned(),
            other_drivers: BTreeMap::new(),
            published_by: Publisher::DevicePlugin,
        }),
        cordoned: Vec::new(),
        age: Duration::from_hours(2160),
    }
}

fn deployment(index: usize, replicas: u64, gpus: u64) -> Workload {
    Workload {
        kind: "Deployment".to_owned(),
        namespace: format!("team-{:03}", index / 20),
        name: format!("serve-{index:05}"),
        replicas,
        size: 1,
        images: vec!["vllm/vllm-openai:v0.24.0".to_owned()],
        args: vec!["--model=Qwen/Qwen3-8B".to_owned()],
        labels: Pairs::new(),
        annotations: Pairs::new(),
        cpu: "500m".to_owned(),
        memory: "4Gi".to_owned(),
        gpus,
        claims: false,
        node_selector: Pairs::new(),
        tolerates_all: false,
        queue: None,
        model: None,
        age: Duration::from_hours(168),
        run_for: None,
        startup: Duration::from_secs(20),
        trouble: None,
    }
}
