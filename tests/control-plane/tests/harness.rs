//! The harness itself: what it starts is a control plane that works.

use std::time::Duration;

use anyhow::{Context as _, Result};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::{DeleteParams, DynamicObject, ListParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Api, Client};
use serde_json::{Value, json};
use strata_control_plane_tests::load::manifests::Applier;
use strata_control_plane_tests::load::nodes::{self, H100};
use strata_control_plane_tests::load::stack;
use strata_control_plane_tests::{Component, ControlPlane, definitions, wait};
use tokio::sync::Mutex;

/// A control plane takes two cores and 1.5 GB.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const SOON: Duration = Duration::from_mins(1);

fn gpu_pod(name: &str, gpus: u32) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": name, "namespace": "default" },
        "spec": {
            "containers": [{
                "name": "trainer",
                "image": "pytorch/pytorch:2.9.1-cuda12.8-cudnn9-runtime",
                "resources": { "limits": { "nvidia.com/gpu": gpus.to_string() } },
            }],
        },
    })
}

async fn until_pod(
    client: &Client,
    name: &str,
    what: &str,
    holds: fn(&Pod) -> bool,
) -> Result<Pod> {
    let pods = Api::<Pod>::namespaced(client.clone(), "default");
    wait::until(&format!("pod {name} {what}"), SOON, async || {
        Ok(pods.get_opt(name).await?.filter(holds))
    })
    .await
}

fn runs(pod: &Pod) -> bool {
    pod.status
        .as_ref()
        .and_then(|status| status.phase.as_deref())
        == Some("Running")
}

fn waits_for_room(pod: &Pod) -> bool {
    let conditions = pod
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    conditions.into_iter().flatten().any(|condition| {
        condition.type_ == "PodScheduled" && condition.reason.as_deref() == Some("Unschedulable")
    })
}

#[tokio::test]
async fn the_scheduler_places_gpu_pods_and_they_outlive_the_api_server() -> Result<()> {
    let _turn = ONE_AT_A_TIME.lock().await;
    let mut control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    nodes::create(&client, &[nodes::Node::with_gpus("gpu-0", H100)]).await?;
    let mut applier = Applier::new(client.clone());

    applier.apply(gpu_pod("first", 8)).await?;
    let pod = until_pod(&client, "first", "runs", runs).await?;
    assert_eq!(
        pod.spec.and_then(|spec| spec.node_name).as_deref(),
        Some("gpu-0"),
        "only the scheduler binds pods here"
    );
    applier.apply(gpu_pod("second", 1)).await?;
    until_pod(&client, "second", "is unschedulable", waits_for_room).await?;

    let first_server = control_plane.pid(Component::ApiServer);
    control_plane.stop_api_server()?;
    assert_eq!(control_plane.pid(Component::ApiServer), None);
    client
        .apiserver_version()
        .await
        .expect_err("nobody listens any more");
    control_plane.start_api_server().await?;
    assert_ne!(control_plane.pid(Component::ApiServer), first_server);

    Api::<Pod>::namespaced(client.clone(), "default")
        .delete("first", &DeleteParams::default())
        .await?;
    until_pod(
        &client,
        "second",
        "runs in the room that the first one left",
        runs,
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_visitor_may_ask_for_the_version_and_not_for_nodes() -> Result<()> {
    let _turn = ONE_AT_A_TIME.lock().await;
    let control_plane = ControlPlane::start().await?;
    let file = kube::config::Kubeconfig::read_from(control_plane.visitor_kubeconfig_path())?;
    let config =
        kube::Config::from_custom_kubeconfig(file, &kube::config::KubeConfigOptions::default())
            .await?;
    let visitor = Client::try_from(config)?;

    let version = visitor.apiserver_version().await?;
    assert!(
        version.git_version.starts_with("v1."),
        "{}",
        version.git_version
    );
    let refused = Api::<Node>::all(visitor).list(&ListParams::default()).await;
    assert!(
        matches!(&refused, Err(kube::Error::Api(status)) if status.is_forbidden()),
        "a visitor has no right to list nodes: {refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_stack_comes_to_be() -> Result<()> {
    let _turn = ONE_AT_A_TIME.lock().await;
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    definitions::install(&client, &definitions::catalogue_kinds()).await?;
    stack::create(&client).await?;

    let in_namespace = |name| Api::<Deployment>::namespaced(client.clone(), name);
    for (namespace, name, replicas) in [
        ("kueue-system", "kueue-controller-manager", 1),
        ("team-language", "llama-chat", 2),
    ] {
        wait::until(&format!("{name} is ready"), SOON, async || {
            let status = in_namespace(namespace).get_status(name).await?.status;
            Ok((status.and_then(|status| status.ready_replicas) == Some(replicas)).then_some(()))
        })
        .await?;
    }
    let plugin = Api::<DaemonSet>::namespaced(client.clone(), "gpu-operator");
    wait::until(
        "the device plugin runs on the five nodes with GPUs",
        SOON,
        async || {
            let status = plugin
                .get_status("nvidia-device-plugin-daemonset")
                .await?
                .status;
            Ok(status.filter(|status| status.number_ready == 5).map(drop))
        },
    )
    .await?;
    let jobs = Api::<Job>::namespaced(client.clone(), "team-language");
    wait::until("the fine-tuning job is done", SOON, async || {
        let status = jobs.get_status("fine-tune").await?.status;
        Ok((status.and_then(|status| status.succeeded) == Some(1)).then_some(()))
    })
    .await?;

    let queues = ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk("kueue.x-k8s.io", "v1beta2", "ClusterQueue"),
        "clusterqueues",
    );
    let queue = Api::<DynamicObject>::all_with(client.clone(), &queues)
        .get("language")
        .await?;
    let pending = queue
        .data
        .pointer("/status/pendingWorkloads")
        .context("a status")?;
    assert_eq!(
        pending,
        &json!(1),
        "statuses are written where no controller runs"
    );

    let broken = Api::<Pod>::namespaced(client, "kserve")
        .list(&ListParams::default().labels("control-plane=llmisvc-controller-manager"))
        .await?;
    let status = broken
        .items
        .first()
        .and_then(|pod| pod.status.clone())
        .context("its pod")?;
    let container = status
        .container_statuses
        .unwrap_or_default()
        .into_iter()
        .next();
    assert_eq!(
        container.map(|container| container.restart_count),
        Some(7),
        "it crash-loops"
    );
    Ok(())
}
