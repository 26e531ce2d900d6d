//! Who may do what, as roles and bindings say.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use strata_simulator::{Scenario, Simulator};

use crate::client::{Client, JSON, SMALL, options, small};

const REVIEWS: &str = "/apis/authorization.k8s.io/v1";
const ROLES: &str = "/apis/rbac.authorization.k8s.io/v1";

/// A cluster whose user is in a group that may look, and edit in one namespace.
fn watched() -> Simulator {
    let text = format!(
        r#"user = "eve"
groups = ["viewers"]
object = [
    {{ apiVersion = "rbac.authorization.k8s.io/v1", kind = "ClusterRoleBinding", metadata = {{ name = "viewers" }}, roleRef = {{ apiGroup = "rbac.authorization.k8s.io", kind = "ClusterRole", name = "view" }}, subjects = [{{ kind = "Group", name = "viewers" }}] }},
    {{ apiVersion = "rbac.authorization.k8s.io/v1", kind = "RoleBinding", metadata = {{ name = "editors", namespace = "web" }}, roleRef = {{ apiGroup = "rbac.authorization.k8s.io", kind = "ClusterRole", name = "edit" }}, subjects = [{{ kind = "User", name = "eve" }}] }},
]
{}"#,
        SMALL.replace(
            "forbidden = [\"list secrets\", \"list workloads.kueue.x-k8s.io\"]",
            ""
        )
    );
    Simulator::start(&Scenario::parse("watched", &text).unwrap(), options(7))
}

async fn post(client: &Client, path: &str, object: Value) -> (StatusCode, Value) {
    client.write(Method::POST, path, JSON, &object).await
}

async fn ask(client: &Client, attributes: Value) -> Value {
    let review = json!({ "spec": { "resourceAttributes": attributes } });
    let path = format!("{REVIEWS}/selfsubjectaccessreviews");
    let (status, body) = post(client, &path, review).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    body["status"].clone()
}

#[tokio::test]
async fn a_user_without_groups_may_do_everything_but_what_is_forbidden() {
    let client = Client::of(&small());
    let pods = json!({ "verb": "delete", "resource": "pods", "namespace": "web" });
    assert_eq!(ask(&client, pods).await, json!({ "allowed": true }));
    let secrets = json!({ "verb": "list", "resource": "secrets" });
    assert_eq!(ask(&client, secrets).await, json!({ "allowed": false }));
}

#[tokio::test]
async fn roles_say_what_a_user_may_do_and_reviews_say_why() {
    let client = Client::of(&watched());
    let list = json!({ "verb": "list", "resource": "pods", "namespace": "ml" });
    assert_eq!(
        ask(&client, list).await,
        json!({ "allowed": true, "reason": "RBAC: allowed by ClusterRoleBinding \"viewers\" of \
            ClusterRole \"view\" to Group \"viewers\"" })
    );
    let create =
        json!({ "verb": "create", "group": "apps", "resource": "deployments", "namespace": "web" });
    assert_eq!(
        ask(&client, create).await["reason"],
        "RBAC: allowed by RoleBinding \"editors/web\" of ClusterRole \"edit\" to User \"eve\""
    );
    let elsewhere =
        json!({ "verb": "create", "group": "apps", "resource": "deployments", "namespace": "ml" });
    assert_eq!(ask(&client, elsewhere).await, json!({ "allowed": false }));
    let scale = json!({ "verb": "update", "group": "apps", "resource": "deployments", "subresource": "scale", "namespace": "web" });
    assert_eq!(ask(&client, scale).await["allowed"], true);
}

#[tokio::test]
async fn what_no_role_allows_is_refused_in_the_words_of_the_authorizer() {
    let client = Client::of(&watched());
    let (status, body) = client.get_as("/api/v1/namespaces/web/pods", JSON).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (status, body) = client.get_as("/api/v1/namespaces/ml/secrets", JSON).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["message"],
        "secrets is forbidden: User \"eve\" cannot list resource \"secrets\" in API group \"\" in \
         the namespace \"ml\""
    );
    let path = "/api/v1/nodes/n";
    let (_, body) = client.write(Method::DELETE, path, JSON, &json!({})).await;
    assert_eq!(
        body["message"],
        "nodes \"n\" is forbidden: User \"eve\" cannot delete resource \"nodes\" in API group \"\" \
         at the cluster scope"
    );
    let (status, _) = client.get_as("/version", JSON).await;
    assert_eq!(status, StatusCode::OK, "everybody may discover");
    let (status, body) = client.get_as("/metrics", JSON).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["message"],
        "forbidden: User \"eve\" cannot get path \"/metrics\""
    );
}

#[tokio::test]
async fn all_that_a_user_may_do_is_listed() {
    let client = Client::of(&watched());
    let path = format!("{REVIEWS}/selfsubjectrulesreviews");
    let (_, body) = post(&client, &path, json!({ "spec": { "namespace": "ml" } })).await;
    assert_eq!(body["status"]["incomplete"], false);
    let rules = body["status"]["resourceRules"].as_array().unwrap();
    assert!(rules.contains(
        &json!({ "verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
        "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] })
    ));
    assert!(rules.contains(
        &json!({ "verbs": ["get", "list", "watch"], "apiGroups": [""],
        "resources": ["namespaces"] })
    ));
    let paths = body["status"]["nonResourceRules"].as_array().unwrap();
    assert!(
        paths
            .iter()
            .any(|rule| rule["nonResourceURLs"][0] == "/api")
    );
    let (status, body) = post(&client, &path, json!({ "spec": {} })).await;
    assert_eq!(
        (status, &body["message"]),
        (StatusCode::BAD_REQUEST, &json!("no namespace on request"))
    );
    let (_, body) = post(
        &client,
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        json!({}),
    )
    .await;
    assert_eq!(
        body["status"]["userInfo"],
        json!({ "username": "eve", "groups": ["viewers", "system:authenticated"] })
    );
}

#[tokio::test]
async fn a_role_counts_from_its_creation_and_aggregates() {
    let simulator = small();
    let client = Client::of(&simulator);
    let binding = json!({ "metadata": { "name": "v" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view" },
        "subjects": [{ "kind": "ServiceAccount", "name": "default", "namespace": "web" }] });
    post(&client, &format!("{ROLES}/clusterrolebindings"), binding).await;
    let review = json!({ "spec": { "user": "system:serviceaccount:web:default", "resourceAttributes":
        { "verb": "get", "group": "kueue.x-k8s.io", "resource": "clusterqueues" } } });
    let path = format!("{REVIEWS}/subjectaccessreviews");
    let (_, body) = post(&client, &path, review.clone()).await;
    assert_eq!(body["status"], json!({ "allowed": false }));
    let role = json!({
        "metadata": { "name": "kueue-view",
            "labels": { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
        "rules": [{ "apiGroups": ["kueue.x-k8s.io"], "resources": ["clusterqueues"], "verbs": ["get"] }],
    });
    post(&client, &format!("{ROLES}/clusterroles"), role).await;
    simulator.advance(Duration::from_secs(1));
    let (_, body) = post(&client, &path, review).await;
    assert_eq!(
        body["status"]["reason"],
        "RBAC: allowed by ClusterRoleBinding \"v\" of ClusterRole \"view\" to ServiceAccount \
         \"default/web\""
    );
}

#[tokio::test]
async fn a_review_that_makes_no_sense_is_refused() {
    let client = Client::of(&small());
    let path = format!("{REVIEWS}/subjectaccessreviews");
    let nobody =
        json!({ "spec": { "resourceAttributes": { "verb": "list", "resource": "pods" } } });
    let (status, body) = post(&client, &path, nobody).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body["message"],
        ".authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\": at least one of \
         user or group must be specified"
    );
    let path = format!("{REVIEWS}/namespaces/web/localsubjectaccessreviews");
    let other = json!({ "spec": { "user": "u", "resourceAttributes":
        { "verb": "list", "resource": "pods", "namespace": "ml" } } });
    let (_, body) = post(&client, &path, other).await;
    assert_eq!(
        body["message"],
        ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes.namespace: Invalid value: \
         \"ml\": must match metadata.namespace"
    );
}
