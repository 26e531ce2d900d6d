//! A small cluster with something in each of the five layers.
//!
//! The manifests in `objects/` name workloads, images and labels as the projects ship them; the
//! scheduler, the controllers and KWOK run them. The custom objects carry the status that their
//! controllers would have written, since those do not run here.

use anyhow::{Context as _, Result};
use kube::Client;

use super::manifests::Applier;
use super::nodes::{self, A100, H100, L40S, Node};

/// The manifests, layer by layer from the bottom up.
const MANIFESTS: [(&str, &str); 5] = [
    ("hardware", include_str!("../../objects/hardware.yaml")),
    (
        "infrastructure",
        include_str!("../../objects/infrastructure.yaml"),
    ),
    ("platform", include_str!("../../objects/platform.yaml")),
    ("lifecycle", include_str!("../../objects/lifecycle.yaml")),
    ("workloads", include_str!("../../objects/workloads.yaml")),
];

/// The nodes: one of the control plane, two without GPUs, and five with 36 GPUs of three models
/// in two zones, one of them unhealthy.
pub fn nodes() -> Vec<Node> {
    vec![
        Node {
            control_plane: true,
            ..Node::plain("control-plane-0")
        },
        Node::plain("cpu-0"),
        Node::plain("cpu-1").in_zone("region-1b"),
        Node::with_gpus("h100-0", H100),
        Node::with_gpus("h100-1", H100).in_zone("region-1b"),
        Node {
            unhealthy_gpus: 1,
            ..Node::with_gpus("a100-0", A100)
        },
        Node::with_gpus("a100-1", A100).in_zone("region-1b"),
        Node::with_gpus("l40s-0", L40S),
    ]
}

/// Creates the nodes and everything on them. The custom resource definitions of
/// [`catalogue_kinds`](crate::definitions::catalogue_kinds) must be installed.
///
/// Returns when all is created; what comes of it (pods placed and running, jobs done) takes the
/// controllers some seconds more.
///
/// # Errors
///
/// When the API server refuses an object.
pub async fn create(client: &Client) -> Result<()> {
    nodes::create(client, &nodes()).await?;
    let mut applier = Applier::new(client.clone());
    for (layer, text) in MANIFESTS {
        applier
            .apply_yaml(text)
            .await
            .with_context(|| format!("objects/{layer}.yaml"))?;
    }
    Ok(())
}
