//! JSON, merge and strategic merge patches; dry runs; what a request to write has to be.

use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, MERGE, small};

const OPERATIONS: &str = "application/json-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const MAPS: &str = "/api/v1/namespaces/web/configmaps";
const FRONT: &str = "/apis/apps/v1/namespaces/web/deployments/front";

async fn client_with_a_map() -> Client {
    let client = Client::of(&small());
    let body = json!({ "metadata": { "name": "a" }, "data": { "x": "1" } });
    let (status, _) = client.write(Method::POST, MAPS, JSON, &body).await;
    assert_eq!(status, StatusCode::CREATED);
    client
}

async fn patched(client: &Client, content_type: &str, path: &str, patch: &Value) -> Value {
    let (status, object) = client.write(Method::PATCH, path, content_type, patch).await;
    assert_eq!(status, StatusCode::OK, "{object}");
    object
}

#[tokio::test]
async fn a_json_patch_is_done_in_whole_or_not_at_all() {
    let client = client_with_a_map().await;
    let path = format!("{MAPS}/a");
    let patch = json!([
        { "op": "test", "path": "/data/x", "value": "1" },
        { "op": "add", "path": "/data/y", "value": "2" },
        // The real server replaces what is not there.
        { "op": "replace", "path": "/data/z", "value": "3" },
        { "op": "move", "from": "/data/x", "path": "/data/w" },
    ]);
    let object = patched(&client, OPERATIONS, &path, &patch).await;
    assert_eq!(object["data"], json!({ "w": "1", "y": "2", "z": "3" }));
    let patch = json!([
        { "op": "remove", "path": "/data/y" },
        { "op": "remove", "path": "/data/nothing" },
    ]);
    let (status, refused) = client.write(Method::PATCH, &path, OPERATIONS, &patch).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (&refused["reason"], &refused["message"]),
        (
            &json!("Invalid"),
            &json!("the server rejected our request due to an error in our request")
        )
    );
    assert_eq!(client.get(&path).await, object);
}

#[tokio::test]
async fn a_strategic_merge_patch_merges_lists_by_their_keys() {
    let client = Client::of(&small());
    let template = |spec: Value| json!({ "spec": { "template": { "spec": spec } } });
    let names = |object: &Value| -> Vec<Value> {
        let containers = object["spec"]["template"]["spec"]["containers"].as_array();
        containers
            .unwrap()
            .iter()
            .map(|container| container["name"].clone())
            .collect()
    };
    let before = client.get(FRONT).await;
    let own = names(&before)[0].clone();
    let side = json!({ "name": "side", "image": "busybox" });
    let patch = template(json!({ "containers": [side] }));
    let object = patched(&client, STRATEGIC, FRONT, &patch).await;
    assert_eq!(names(&object), [json!("side"), own.clone()]);
    let patch = template(json!({
        "$setElementOrder/containers": [{ "name": own }, { "name": "side" }],
        "containers": [{ "name": "side", "image": "busybox:2" }],
    }));
    let object = patched(&client, STRATEGIC, FRONT, &patch).await;
    assert_eq!(names(&object), [own.clone(), json!("side")]);
    assert_eq!(
        object["spec"]["template"]["spec"]["containers"][1]["image"],
        "busybox:2"
    );
    let patch = template(json!({ "containers": [{ "name": "side", "$patch": "delete" }] }));
    let object = patched(&client, STRATEGIC, FRONT, &patch).await;
    assert_eq!(names(&object), [own]);
    for (patch, message) in [
        (
            template(json!({ "containers": [{ "image": "x" }] })),
            "map: map[image:x] does not contain declared merge key: name",
        ),
        (
            template(json!({ "containers": [{ "name": "c", "$patch": "bogus" }] })),
            "unknown patch type: bogus in map: map[$patch:bogus name:c]",
        ),
    ] {
        let (status, refused) = client.write(Method::PATCH, FRONT, STRATEGIC, &patch).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(refused["message"], message);
        assert_eq!(refused.get("reason"), None);
    }
}

#[tokio::test]
async fn a_strategic_merge_patch_keeps_only_the_keys_it_retains() {
    let client = Client::of(&small());
    let patch = json!({ "spec": { "strategy": { "type": "RollingUpdate",
        "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } } } });
    patched(&client, STRATEGIC, FRONT, &patch).await;
    let patch = json!({ "spec": { "strategy": { "$retainKeys": ["type"], "type": "Recreate" } } });
    let object = patched(&client, STRATEGIC, FRONT, &patch).await;
    assert_eq!(object["spec"]["strategy"], json!({ "type": "Recreate" }));
}

#[tokio::test]
async fn primitive_lists_are_merged_and_items_deleted_from_them() {
    let client = client_with_a_map().await;
    let path = format!("{MAPS}/a");
    let patch = json!({ "metadata": { "finalizers": ["a/one", "a/two"] } });
    patched(&client, MERGE, &path, &patch).await;
    let patch = json!({ "metadata": { "finalizers": ["a/three"] } });
    let object = patched(&client, STRATEGIC, &path, &patch).await;
    assert_eq!(
        object["metadata"]["finalizers"].as_array().unwrap().len(),
        3
    );
    let patch = json!({ "metadata": {
        "$deleteFromPrimitiveList/finalizers": ["a/one", "a/three"] } });
    let object = patched(&client, STRATEGIC, &path, &patch).await;
    assert_eq!(object["metadata"]["finalizers"], json!(["a/two"]));
}

#[tokio::test]
async fn custom_kinds_have_no_strategic_merge_patch() {
    let client = Client::of(&small());
    let path = "/apis/kueue.x-k8s.io/v1beta1/resourceflavors/none";
    let (status, refused) = client
        .write(Method::PATCH, path, STRATEGIC, &json!({}))
        .await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(
        refused["message"],
        "the body of the request was in an unknown format - accepted media types include: \
         application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
    );
    let (status, refused) = client
        .write(Method::PATCH, FRONT, "text/plain", &json!({}))
        .await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(refused["message"], "415: Unsupported Media Type");
}

#[tokio::test]
async fn a_dry_run_answers_what_would_be_and_stores_nothing() {
    let client = client_with_a_map().await;
    let path = format!("{MAPS}?dryRun=All");
    let body = json!({ "metadata": { "generateName": "b-" } });
    let (status, would_be) = client.write(Method::POST, &path, JSON, &body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(would_be["metadata"]["uid"].is_string());
    assert_eq!(would_be["metadata"].get("resourceVersion"), None);
    let name = would_be["metadata"]["name"].as_str().unwrap();
    let (status, _) = client.get_as(&format!("{MAPS}/{name}"), JSON).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let path = format!("{MAPS}/a");
    let before = client.get(&path).await;
    let patch = json!({ "data": { "x": "2" } });
    let dry = format!("{path}?dryRun=All");
    let would_be = patched(&client, MERGE, &dry, &patch).await;
    assert_eq!(would_be["data"]["x"], "2");
    assert_eq!(
        would_be["metadata"]["resourceVersion"],
        before["metadata"]["resourceVersion"]
    );
    assert_eq!(client.get(&path).await, before);

    let front = client.get(FRONT).await;
    let patch = json!({ "spec": { "replicas": 1 } });
    let would_be = patched(&client, MERGE, &format!("{FRONT}?dryRun=All"), &patch).await;
    assert_eq!(
        would_be["metadata"]["generation"].as_u64().unwrap(),
        front["metadata"]["generation"].as_u64().unwrap() + 1
    );
    assert_eq!(client.get(FRONT).await, front);
}

#[tokio::test]
async fn options_are_checked() {
    let client = client_with_a_map().await;
    let path = format!("{MAPS}/a");
    for (query, content_type, message) in [
        (
            "dryRun=foo",
            MERGE,
            "PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"foo\"]: \
             supported values: \"All\"",
        ),
        (
            "fieldValidation=foo",
            MERGE,
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \
             \"foo\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
        ),
        (
            "fieldManager=%01",
            MERGE,
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"\\x01\": \
             invalid character U+0001 (at position 0)",
        ),
        (
            "force=true",
            MERGE,
            "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for \
             non-apply patch",
        ),
    ] {
        let path = format!("{path}?{query}");
        let (status, refused) = client
            .write(Method::PATCH, &path, content_type, &json!({}))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["message"], message);
    }
}

async fn post(client: &Client, content_type: &str, body: &str) -> (StatusCode, String) {
    let request = Request::post(MAPS)
        .header("content-type", content_type)
        .body(body.to_owned().into())
        .unwrap();
    let (status, answer) = client.send(request).await;
    let message = answer["message"].as_str().unwrap_or_default();
    (status, message.to_owned())
}

#[tokio::test]
async fn a_body_that_is_no_object_of_the_kind_is_refused_in_the_servers_words() {
    let client = Client::of(&small());
    for (body, message) in [
        (
            "{\"kind\":\"ConfigMap\",",
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get \
             version/kind; json parse error: unexpected end of JSON input ({\"kind\":\"ConfigMap\",)",
        ),
        (
            "nope",
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get \
             version/kind; json parse error: invalid character 'o' in literal null (expecting 'u') \
             (6e6f7065)",
        ),
        (
            "",
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get \
             version/kind; json parse error: unexpected end of JSON input (<empty>)",
        ),
        (
            "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
            "Pod in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Pod) to \
             (core.ConfigMap): unknown conversion",
        ),
        (
            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v2\"}",
            "ConfigMap in version \"v2\" cannot be handled as a ConfigMap: no kind \"ConfigMap\" \
             is registered for version \"v2\" in scheme \"pkg/runtime/scheme.go:111\"",
        ),
        (
            "{\"metadata\":{\"name\":\"b\",\"namespace\":\"other\"}}",
            "the namespace of the provided object does not match the namespace sent on the request",
        ),
    ] {
        let (status, said) = post(&client, JSON, body).await;
        assert_eq!((status, said.as_str()), (StatusCode::BAD_REQUEST, message));
    }
    let (status, said) = post(&client, "text/plain", "{}").await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(said.starts_with("the body of the request was in an unknown format"));
    let large = " ".repeat(3 * 1024 * 1024 + 1);
    let (status, said) = post(&client, JSON, &large).await;
    assert_eq!(
        (status, said.as_str()),
        (
            StatusCode::PAYLOAD_TOO_LARGE,
            "Request entity too large: limit is 3145728"
        )
    );
}

#[tokio::test]
async fn an_object_is_created_from_yaml() {
    let client = Client::of(&small());
    let yaml = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: yam}\ndata: {a: \"1\"}\n";
    let (status, _) = post(&client, "application/yaml", yaml).await;
    assert_eq!(status, StatusCode::CREATED);
    let object = client.get(&format!("{MAPS}/yam")).await;
    assert_eq!(object["data"]["a"], "1");
}

#[tokio::test]
async fn an_update_has_to_be_of_the_object_that_is_there() {
    let client = client_with_a_map().await;
    let path = format!("{MAPS}/a");
    let uid = client.get(&path).await["metadata"]["uid"].clone();
    let uid = uid.as_str().unwrap();
    for (metadata, status, message) in [
        (
            json!({ "name": "zz" }),
            StatusCode::BAD_REQUEST,
            "the name of the object (zz) does not match the name on the URL (a)".to_owned(),
        ),
        (
            json!({}),
            StatusCode::BAD_REQUEST,
            "the name of the object (a based on URL) was undeterminable: name must be provided"
                .to_owned(),
        ),
        (
            json!({ "name": "a", "uid": "abc" }),
            StatusCode::CONFLICT,
            format!(
                "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, \
                 Code: 4, Key: /registry/configmaps/web/a, ResourceVersion: 0, \
                 AdditionalErrorMsg: Precondition failed: UID in precondition: abc, UID in object \
                 meta: {uid}"
            ),
        ),
    ] {
        let body = json!({ "metadata": metadata });
        let (answered, refused) = client.write(Method::PUT, &path, JSON, &body).await;
        assert_eq!(answered, status);
        assert_eq!(refused["message"], message);
    }
    let body = json!({ "metadata": { "name": "a" }, "data": { "x": "2" } });
    let (status, object) = client.write(Method::PUT, &path, JSON, &body).await;
    assert_eq!(
        (status, &object["data"]["x"]),
        (StatusCode::OK, &json!("2"))
    );
    let path = format!("{MAPS}/none");
    let body = json!({ "metadata": { "name": "none" } });
    let (status, _) = client.write(Method::PUT, &path, JSON, &body).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let path = "/apis/coordination.k8s.io/v1/namespaces/web/leases/l";
    let body = json!({ "metadata": { "name": "l" } });
    let (status, _) = client.write(Method::PUT, path, JSON, &body).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn custom_objects_are_updated_by_those_who_know_their_version() {
    let client = Client::of(&small());
    let path = "/apis/kueue.x-k8s.io/v1beta1/resourceflavors";
    let flavor = json!({ "kind": "ResourceFlavor", "apiVersion": "kueue.x-k8s.io/v1beta1",
        "metadata": { "name": "f" }, "spec": { "nodeLabels": { "a": "b" } } });
    let (status, _) = client.write(Method::POST, path, JSON, &flavor).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("{path}/f");
    let (status, refused) = client.write(Method::PUT, &path, JSON, &flavor).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused["message"],
        "resourceflavors.kueue.x-k8s.io \"f\" is invalid: metadata.resourceVersion: Invalid value: \
         0: must be specified for an update"
    );
}
