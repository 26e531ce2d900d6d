//! Pods that belong to something, as those of a real cluster do: without owners each would be an
//! application of its own.

use std::time::Duration;

use anyhow::Result;
use k8s_openapi::api::apps::v1::ReplicaSet;
use kube::{Api, Client, api::ListParams};
use serde_json::json;
use strata_control_plane_tests::{
    load::{manifests::Applier, pods},
    wait,
};

/// How many owners there are: what [`pods::create`] tells apart by the label `INSTANCE`.
const OWNERS: usize = 50;

const INSTANCE: &str = "app.kubernetes.io/instance";

/// How long the controllers may take to adopt ten thousand pods beside a compiler.
const LIMIT: Duration = Duration::from_mins(10);

/// Creates the pods, has them run, and then gives them to replica sets, which take over what
/// already runs and matches.
pub(crate) async fn create(client: &Client, batch: &pods::Batch) -> Result<()> {
    pods::create(client, batch).await?;
    pods::until_running(client, &batch.namespace, LIMIT).await?;
    let mut applier = Applier::new(client.clone());
    for number in 0..OWNERS.min(batch.count) {
        applier.apply(owner(batch, number)).await?;
    }
    let api = Api::<ReplicaSet>::namespaced(client.clone(), &batch.namespace);
    let all = ListParams::default().labels(&format!("app.kubernetes.io/name={}", batch.prefix));
    wait::until("the replica sets own their pods", LIMIT, async || {
        let owned: i32 = api
            .list(&all)
            .await?
            .iter()
            .filter_map(|owner| Some(owner.status.as_ref()?.replicas))
            .sum();
        Ok((usize::try_from(owned) == Ok(batch.count)).then_some(()))
    })
    .await
}

/// A replica set that asks for exactly the pods that there are with its label.
fn owner(batch: &pods::Batch, number: usize) -> serde_json::Value {
    let name = format!("{}-{number}", batch.prefix);
    let replicas = batch.count / OWNERS + usize::from(number < batch.count % OWNERS);
    json!({
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "namespace": batch.namespace,
            "labels": { "app.kubernetes.io/name": batch.prefix },
        },
        "spec": {
            "replicas": replicas,
            "selector": { "matchLabels": { INSTANCE: name } },
            "template": {
                "metadata": { "labels": { INSTANCE: name } },
                "spec": {
                    "containers": [{ "name": "engine", "image": "vllm/vllm-openai:v0.11.2" }],
                },
            },
        },
    })
}
