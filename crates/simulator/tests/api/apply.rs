//! Server-side apply, and who owns which fields.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, MERGE, small};

const APPLY: &str = "application/apply-patch+yaml";
const MAPS: &str = "/api/v1/namespaces/web/configmaps";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/web/deployments";

fn map(name: &str, data: &Value) -> Value {
    json!({ "kind": "ConfigMap", "apiVersion": "v1", "metadata": { "name": name }, "data": data })
}

fn deployment(spec: &Value) -> Value {
    json!({ "kind": "Deployment", "apiVersion": "apps/v1", "metadata": { "name": "d" },
        "spec": spec })
}

fn whole_spec() -> Value {
    json!({ "replicas": 0, "selector": { "matchLabels": { "app": "d" } }, "template": {
        "metadata": { "labels": { "app": "d" } },
        "spec": { "containers": [{ "name": "c", "image": "nginx", "ports": [{ "containerPort": 80 }],
            "env": [{ "name": "A", "value": "1" }] }] } } })
}

async fn apply(client: &Client, path: &str, query: &str, body: &Value) -> (StatusCode, Value) {
    let path = format!("{path}?{query}");
    client.write(Method::PATCH, &path, APPLY, body).await
}

/// What each manager owns, by name.
fn owned(object: &Value) -> Value {
    let entries = object["metadata"]["managedFields"].as_array().cloned();
    entries
        .unwrap_or_default()
        .into_iter()
        .map(|entry| {
            let name = entry["manager"].as_str().unwrap().to_owned();
            (name, entry["fieldsV1"].clone())
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn who_creates_an_object_owns_its_fields() {
    let client = Client::of(&small());
    let path = format!("{MAPS}?fieldManager=me");
    let body = json!({ "metadata": { "name": "a", "finalizers": ["a.b/c"],
        "annotations": { "x": "y" } }, "data": { "k": "1" } });
    let (status, made) = client.write(Method::POST, &path, JSON, &body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        made["metadata"]["managedFields"],
        json!([{
            "manager": "me", "operation": "Update", "apiVersion": "v1",
            "time": made["metadata"]["creationTimestamp"], "fieldsType": "FieldsV1",
            "fieldsV1": {
                "f:data": { ".": {}, "f:k": {} },
                "f:metadata": {
                    "f:annotations": { ".": {}, "f:x": {} },
                    "f:finalizers": { ".": {}, "v:\"a.b/c\"": {} },
                },
            },
        }])
    );
}

#[tokio::test]
async fn a_manager_without_a_name_is_called_after_its_program() {
    let client = Client::of(&small());
    let request = http::Request::post(MAPS)
        .header("content-type", JSON)
        .header("user-agent", "kubectl/v1.36.3 (linux/amd64)")
        .body(map("a", &json!({ "k": "1" })).to_string().into())
        .unwrap();
    let (_, made) = client.send(request).await;
    assert_eq!(made["metadata"]["managedFields"][0]["manager"], "kubectl");
}

#[tokio::test]
async fn items_are_owned_by_their_keys_and_objects_that_are_always_there_are_not() {
    let client = Client::of(&small());
    let path = format!("{DEPLOYMENTS}?fieldManager=me");
    let body = deployment(&whole_spec());
    let (_, made) = client.write(Method::POST, &path, JSON, &body).await;
    let spec = &owned(&made)["me"]["f:spec"];
    assert_eq!(spec["f:selector"], json!({}));
    assert_eq!(spec.get("."), None);
    assert_eq!(
        spec["f:template"]["f:metadata"],
        json!({ "f:labels": { ".": {}, "f:app": {} } })
    );
    let containers = &spec["f:template"]["f:spec"]["f:containers"];
    assert_eq!(containers.get("."), None);
    let container = &containers["k:{\"name\":\"c\"}"];
    assert_eq!(container["."], json!({}));
    assert_eq!(
        container["f:env"],
        json!({ ".": {}, "k:{\"name\":\"A\"}": { ".": {}, "f:name": {}, "f:value": {} } })
    );
    let port = &container["f:ports"]["k:{\"containerPort\":80,\"protocol\":\"TCP\"}"];
    assert_eq!(port["f:containerPort"], json!({}));
}

#[tokio::test]
async fn an_apply_that_changes_what_others_own_is_a_conflict_that_names_them() {
    let client = Client::of(&small());
    let path = format!("{DEPLOYMENTS}?fieldManager=kubectl-create");
    let body = deployment(&whole_spec());
    client.write(Method::POST, &path, JSON, &body).await;
    let path = format!("{DEPLOYMENTS}/d");
    let one = deployment(&json!({ "replicas": 1 }));
    let (status, refused) = apply(&client, &path, "fieldManager=me", &one).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        refused,
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "Apply failed with 1 conflict: conflict with \"kubectl-create\" using \
                apps/v1: .spec.replicas",
            "reason": "Conflict", "code": 409,
            "details": { "causes": [{ "reason": "FieldManagerConflict",
                "message": "conflict with \"kubectl-create\" using apps/v1",
                "field": ".spec.replicas" }] },
        })
    );
    let two = deployment(
        &json!({ "replicas": 1, "template": { "spec": { "containers": [
        { "name": "c", "image": "nginx:2" }] } } }),
    );
    let (_, refused) = apply(&client, &path, "fieldManager=me", &two).await;
    assert_eq!(
        refused["message"],
        "Apply failed with 2 conflicts: conflicts with \"kubectl-create\" using apps/v1:\n\
         - .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image"
    );
    let (status, forced) = apply(&client, &path, "fieldManager=me&force=true", &two).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(forced["spec"]["replicas"], 1);
    assert_eq!(owned(&forced)["me"]["f:spec"]["f:replicas"], json!({}));
    assert_eq!(
        owned(&forced)["kubectl-create"]["f:spec"].get("f:replicas"),
        None
    );
}

#[tokio::test]
async fn an_apply_creates_and_what_it_gives_up_goes() {
    let client = Client::of(&small());
    let path = format!("{MAPS}/a");
    let both = map("a", &json!({ "x": "1", "y": "2" }));
    let (status, made) = apply(&client, &path, "fieldManager=me", &both).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        owned(&made)["me"],
        json!({ "f:data": { "f:x": {}, "f:y": {} } })
    );
    let shared = map("a", &json!({ "y": "2" }));
    let (_, object) = apply(&client, &path, "fieldManager=other", &shared).await;
    assert_eq!(owned(&object)["other"], json!({ "f:data": { "f:y": {} } }));
    // `y` stays, since another applier wants it too.
    let none = json!({ "kind": "ConfigMap", "apiVersion": "v1", "metadata": { "name": "a" } });
    let (_, object) = apply(&client, &path, "fieldManager=me", &none).await;
    assert_eq!(object["data"], json!({ "y": "2" }));
    assert_eq!(owned(&object).get("me"), None);
    let (_, object) = apply(&client, &path, "fieldManager=other", &none).await;
    assert_eq!(object.get("data"), None);
}

#[tokio::test]
async fn what_was_there_before_anybody_applied_is_owned_by_what_was_before() {
    let client = Client::of(&small());
    let body = map("a", &json!({ "x": "1" }));
    client.write(Method::POST, MAPS, JSON, &body).await;
    let path = format!("{MAPS}/a");
    let reset = json!({ "metadata": { "managedFields": [{}] } });
    let (_, object) = client.write(Method::PATCH, &path, MERGE, &reset).await;
    assert_eq!(owned(&object), json!({}));
    let config = map("a", &json!({ "y": "2" }));
    let (_, object) = apply(&client, &path, "fieldManager=me", &config).await;
    assert_eq!(
        owned(&object),
        json!({
            "me": { "f:data": { "f:y": {} } },
            "before-first-apply": { "f:data": { ".": {}, "f:x": {} } },
        })
    );
}

#[tokio::test]
async fn applying_the_same_again_makes_no_version() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = format!("{MAPS}/a");
    let config = map("a", &json!({ "x": "1" }));
    let (_, made) = apply(&client, &path, "fieldManager=me", &config).await;
    simulator.advance(std::time::Duration::from_mins(1));
    let (status, again) = apply(&client, &path, "fieldManager=me", &config).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(again, made);
}

#[tokio::test]
async fn an_apply_has_to_say_who_applies_what() {
    let client = Client::of(&small());
    let path = format!("{MAPS}/a");
    let config = map("a", &json!({ "x": "1" }));
    let (status, refused) = client.write(Method::PATCH, &path, APPLY, &config).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused["message"],
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for \
         apply patch"
    );
    for (config, message) in [
        (json!({ "data": {} }), "invalid object type: /, Kind="),
        (
            json!({ "kind": "Pod", "apiVersion": "v1" }),
            "invalid object type: /v1, Kind=Pod",
        ),
        (
            json!({ "kind": "ConfigMap", "apiVersion": "v1", "metadata": { "managedFields": [] } }),
            "metadata.managedFields must be nil",
        ),
        (
            map("b", &json!({})),
            "the name of the object (b) does not match the name on the URL (a)",
        ),
    ] {
        let (status, refused) = apply(&client, &path, "fieldManager=me", &config).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(refused["message"], message);
    }
    let unknown = json!({ "kind": "ConfigMap", "apiVersion": "v1", "metadata": { "name": "a" },
        "dta": {} });
    let (status, refused) = apply(&client, &path, "fieldManager=me", &unknown).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        refused["message"],
        "failed to create typed patch object (/a; /v1, Kind=ConfigMap): .dta: field not declared \
         in schema"
    );
}

#[tokio::test]
async fn the_status_is_applied_on_its_own_path() {
    let client = Client::of(&small());
    let body = deployment(&whole_spec());
    client.write(Method::POST, DEPLOYMENTS, JSON, &body).await;
    let mut config = deployment(&json!({ "replicas": 4 }));
    config["metadata"]["labels"] = json!({ "q": "r" });
    config["status"] = json!({ "conditions": [{ "type": "X", "status": "True", "reason": "R",
        "message": "m" }] });
    let path = format!("{DEPLOYMENTS}/d/status");
    let (status, object) = apply(&client, &path, "fieldManager=st", &config).await;
    assert_eq!(status, StatusCode::OK, "{object}");
    assert_eq!(object["spec"]["replicas"], 0);
    assert_eq!(object["metadata"].get("labels"), None);
    let entry = &object["metadata"]["managedFields"][0];
    assert_eq!(entry["subresource"], "status");
    assert_eq!(
        entry["fieldsV1"],
        json!({ "f:status": { "f:conditions": { "k:{\"type\":\"X\"}": { ".": {}, "f:message": {},
            "f:reason": {}, "f:status": {}, "f:type": {} } } } })
    );
}

#[tokio::test]
async fn kubectl_takes_over_what_it_has_applied_itself_before() {
    let client = Client::of(&small());
    let config = map("a", &json!({ "x": "1" }));
    let mut body = config.clone();
    body["metadata"]["annotations"] = json!({
        "kubectl.kubernetes.io/last-applied-configuration": format!("{config}\n") });
    let path = format!("{MAPS}?fieldManager=kubectl-client-side-apply");
    client.write(Method::POST, &path, JSON, &body).await;
    let path = format!("{MAPS}/a");
    let config = map("a", &json!({ "x": "2" }));
    let (status, _) = apply(&client, &path, "fieldManager=me", &config).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, object) = apply(&client, &path, "fieldManager=kubectl", &config).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(object["data"]["x"], "2");
    let kept =
        object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]
            .as_str()
            .unwrap();
    assert_eq!(serde_json::from_str::<Value>(kept).unwrap(), config);
}
