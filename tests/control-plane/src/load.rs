//! What is put into a control plane: nodes with GPUs, components, workloads, and pods by the
//! thousand.

use std::time::Duration;

use anyhow::Result;
use k8s_openapi::api::core::v1::ServiceAccount;
use kube::{Api, Client};
use serde_json::json;

use crate::wait;

pub mod manifests;
pub mod nodes;
pub mod pods;
pub mod stack;

/// Creates a namespace, and waits until pods can be created in it.
///
/// # Errors
///
/// When the API server refuses it, or no controller gives it its service account in 30 seconds.
pub async fn namespace(client: &Client, name: &str) -> Result<()> {
    let object = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
    manifests::Applier::new(client.clone())
        .apply(object)
        .await?;
    until_usable(client, name, Duration::from_secs(30)).await
}

/// Waits until a namespace has the service account that its pods need.
///
/// # Errors
///
/// When `limit` has passed.
pub async fn until_usable(client: &Client, namespace: &str, limit: Duration) -> Result<()> {
    let accounts = Api::<ServiceAccount>::namespaced(client.clone(), namespace);
    wait::until(
        &format!("pods can be created in {namespace}"),
        limit,
        async || Ok(accounts.get_opt("default").await?.map(drop)),
    )
    .await
}
