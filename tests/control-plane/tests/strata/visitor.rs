//! A user with a role in one namespace of a real cluster, and none in the whole.

use anyhow::Result;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use kube::api::{Api, PostParams};
use serde_json::{Value, json};
use strata_api::{
    rows::{Row, watch::WatchState},
    topics::Topic,
};
use strata_control_plane_tests::{ControlPlane, load};
use strata_integration_tests::follow;
use strata_test_support::frames::View;

use super::{Connected, ONE_AT_A_TIME, in_steady, patiently, pods};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_read_one_namespace_sees_its_pods_and_what_is_missing() -> Result<()> {
    let _one = ONE_AT_A_TIME.lock().await;
    patiently(see_one_namespace()).await
}

async fn see_one_namespace() -> Result<()> {
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    load::nodes::create(&client, &load::stack::nodes()).await?;
    for namespace in ["steady", "elsewhere"] {
        load::namespace(&client, namespace).await?;
        let batch = load::pods::Batch {
            namespace: namespace.to_owned(),
            prefix: "web".to_owned(),
            count: 5,
            nodes: vec!["h100-0".to_owned()],
        };
        load::pods::create(&client, &batch).await?;
    }
    let role: Role = serde_json::from_value(json!({
        "metadata": { "name": "looks" },
        "rules": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"] }],
    }))?;
    let roles = Api::<Role>::namespaced(client.clone(), "steady");
    roles.create(&PostParams::default(), &role).await?;
    let binding: RoleBinding = serde_json::from_value(json!({
        "metadata": { "name": "looks" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "looks" },
        "subjects": [{
            "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "strata:visitors",
        }],
    }))?;
    let bindings = Api::<RoleBinding>::namespaced(client, "steady");
    bindings.create(&PostParams::default(), &binding).await?;

    let strata = Connected::by(control_plane.visitor_kubeconfig_path()).await?;
    let request: Value = json!({ "cluster": strata.cluster, "namespaces": ["steady"] });
    strata.call("name_namespaces", request).await?;
    let seen = strata.pods().await?;
    let view = seen.wait_for(|view| in_steady(view) == 5).await;
    assert_eq!(pods(&view).len(), 5, "and no others");
    let topic = Topic::Watches {
        cluster: strata.cluster.clone(),
    };
    let watches = follow(&strata.engine, topic).await?;
    watches
        .wait_for(|view| {
            matches!(
                state(view, "Pod"),
                Some(WatchState::Partial { permission, .. }) if permission == "list pods"
            ) && matches!(
                state(view, "Node"),
                Some(WatchState::Forbidden { permission }) if permission == "list nodes"
            )
        })
        .await;
    strata.engine.shutdown().await;
    Ok(())
}

fn state<'a>(view: &'a View, kind: &str) -> Option<&'a WatchState> {
    view.window().find_map(|row| match row {
        Row::Watch(row) if row.kind == kind => Some(&row.state),
        _ => None,
    })
}
