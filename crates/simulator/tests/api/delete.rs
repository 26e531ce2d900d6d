//! How objects end: finalizers, dependents, grace, collections, namespaces.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, JSON, MERGE, items, name, small};

const MAPS: &str = "/api/v1/namespaces/web/configmaps";

async fn create(client: &Client, path: &str, object: Value) -> Value {
    let (status, created) = client.write(Method::POST, path, JSON, &object).await;
    assert_eq!(status, StatusCode::CREATED, "{created}");
    created
}

async fn delete(client: &Client, path: &str, options: Value) -> (StatusCode, Value) {
    client.write(Method::DELETE, path, JSON, &options).await
}

async fn is_there(client: &Client, path: &str) -> bool {
    client.get_as(path, JSON).await.0 == StatusCode::OK
}

fn owned_by(owner: &Value, name: &str, blocks: bool) -> Value {
    json!({ "metadata": { "name": name, "ownerReferences": [reference(owner, blocks)] } })
}

fn reference(owner: &Value, blocks: bool) -> Value {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"], "blockOwnerDeletion": blocks })
}

#[tokio::test]
async fn an_object_with_finalizers_stays_until_the_last_is_removed() {
    let client = Client::of(&small());
    let path = format!("{MAPS}/held");
    let held = json!({ "metadata": { "name": "held", "finalizers": ["strata.dev/hold"] } });
    create(&client, MAPS, held).await;
    let (status, body) = delete(&client, &path, json!({})).await;
    assert_eq!(
        (status, &body["kind"]),
        (StatusCode::OK, &json!("ConfigMap"))
    );
    assert_eq!(body["metadata"]["deletionGracePeriodSeconds"], 0);
    assert!(body["metadata"]["deletionTimestamp"].is_string());
    let more = json!({ "metadata": { "finalizers": ["strata.dev/hold", "a.b/c"] } });
    let (status, body) = client.write(Method::PATCH, &path, MERGE, &more).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body["message"],
        "ConfigMap \"held\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be \
         added if the object is being deleted, found new finalizers []string{\"a.b/c\"}"
    );
    let none = json!({ "metadata": { "finalizers": null } });
    let (status, body) = client.write(Method::PATCH, &path, MERGE, &none).await;
    assert_eq!((status, name(&body)), (StatusCode::OK, "held"));
    assert!(!is_there(&client, &path).await);
}

#[tokio::test]
async fn a_precondition_that_does_not_hold_is_a_conflict() {
    let client = Client::of(&small());
    let path = format!("{MAPS}/a");
    let created = create(&client, MAPS, json!({ "metadata": { "name": "a" } })).await;
    let (status, body) = delete(&client, &path, json!({ "preconditions": { "uid": "x" } })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        body["message"],
        format!(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) \
             does not match the UID in record ({}). The object might have been deleted and then \
             recreated",
            created["metadata"]["uid"].as_str().unwrap()
        )
    );
    let old = json!({ "preconditions": { "resourceVersion": "1" } });
    let (status, _) = delete(&client, &path, old).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let version = &created["metadata"]["resourceVersion"];
    let right = json!({ "preconditions": { "resourceVersion": version } });
    let (status, body) = delete(&client, &path, right).await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::OK, &json!("Success"))
    );
}

#[tokio::test]
async fn delete_options_are_checked() {
    let client = Client::of(&small());
    create(&client, MAPS, json!({ "metadata": { "name": "a" } })).await;
    let path = format!("{MAPS}/a");
    let (status, body) = delete(&client, &path, json!({ "propagationPolicy": "Sideways" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body["message"],
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \
         \"Sideways\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
    );
    let (_, body) = delete(&client, &path, json!({ "kind": "Pod", "apiVersion": "v1" })).await;
    assert_eq!(
        body["message"],
        "no kind \"Pod\" is registered for version \"v1\" in scheme \"pkg/runtime/scheme.go:111\""
    );
    let request = http::Request::delete(format!("{path}?dryRun=All"));
    let (status, body) = client
        .send(request.body(bytes::Bytes::new()).unwrap())
        .await;
    assert_eq!(
        (status, &body["status"]),
        (StatusCode::OK, &json!("Success"))
    );
    assert!(is_there(&client, &path).await);
}

#[tokio::test]
async fn orphans_stay_without_their_owner() {
    let simulator = small();
    let client = Client::of(&simulator);
    let owner = create(&client, MAPS, json!({ "metadata": { "name": "owner" } })).await;
    create(&client, MAPS, owned_by(&owner, "child", false)).await;
    let orphan = json!({ "propagationPolicy": "Orphan" });
    let (_, body) = delete(&client, &format!("{MAPS}/owner"), orphan).await;
    assert_eq!(body["metadata"]["finalizers"], json!(["orphan"]));
    simulator.advance(Duration::from_secs(1));
    assert!(!is_there(&client, &format!("{MAPS}/owner")).await);
    let child = client.get(&format!("{MAPS}/child")).await;
    assert_eq!(child["metadata"].get("ownerReferences"), None);
}

#[tokio::test]
async fn in_the_foreground_an_owner_waits_for_those_that_hold_it() {
    let simulator = small();
    let client = Client::of(&simulator);
    let owner = create(&client, MAPS, json!({ "metadata": { "name": "owner" } })).await;
    let mut child = owned_by(&owner, "child", true);
    child["metadata"]["finalizers"] = json!(["strata.dev/hold"]);
    create(&client, MAPS, child).await;
    create(&client, MAPS, owned_by(&owner, "other", false)).await;
    let foreground = json!({ "propagationPolicy": "Foreground" });
    let (_, body) = delete(&client, &format!("{MAPS}/owner"), foreground).await;
    assert_eq!(
        body["metadata"]["finalizers"],
        json!(["foregroundDeletion"])
    );
    simulator.advance(Duration::from_secs(1));
    assert!(is_there(&client, &format!("{MAPS}/owner")).await);
    assert!(!is_there(&client, &format!("{MAPS}/other")).await);
    let none = json!({ "metadata": { "finalizers": null } });
    client
        .write(Method::PATCH, &format!("{MAPS}/child"), MERGE, &none)
        .await;
    simulator.advance(Duration::from_secs(1));
    assert!(!is_there(&client, &format!("{MAPS}/owner")).await);
    assert!(!is_there(&client, &format!("{MAPS}/child")).await);
}

#[tokio::test]
async fn a_dependent_of_two_goes_with_the_last() {
    let simulator = small();
    let client = Client::of(&simulator);
    let one = create(&client, MAPS, json!({ "metadata": { "name": "one" } })).await;
    let two = create(&client, MAPS, json!({ "metadata": { "name": "two" } })).await;
    let mut child = owned_by(&one, "child", false);
    child["metadata"]["ownerReferences"] = json!([reference(&one, false), reference(&two, false)]);
    create(&client, MAPS, child).await;
    delete(&client, &format!("{MAPS}/one"), json!({})).await;
    simulator.advance(Duration::from_secs(1));
    let child = client.get(&format!("{MAPS}/child")).await;
    let owners = child["metadata"]["ownerReferences"].as_array().unwrap();
    assert_eq!(owners.len(), 1);
    assert_eq!(owners[0]["name"], "two");
    delete(&client, &format!("{MAPS}/two"), json!({})).await;
    simulator.advance(Duration::from_secs(1));
    assert!(!is_there(&client, &format!("{MAPS}/child")).await);
}

#[tokio::test]
async fn an_owner_in_another_namespace_is_none_and_an_event_says_so() {
    let simulator = small();
    let client = Client::of(&simulator);
    let owner = create(&client, MAPS, json!({ "metadata": { "name": "owner" } })).await;
    let elsewhere = "/api/v1/namespaces/ml/configmaps";
    create(&client, elsewhere, owned_by(&owner, "child", false)).await;
    simulator.advance(Duration::from_secs(1));
    assert!(!is_there(&client, &format!("{elsewhere}/child")).await);
    let events = "/api/v1/namespaces/ml/events?fieldSelector=reason%3DOwnerRefInvalidNamespace";
    let events = client.get(events).await;
    assert_eq!(
        items(&events)[0]["message"],
        format!(
            "ownerRef [v1/ConfigMap, namespace: ml, name: owner, uid: {}] does not exist in \
             namespace \"ml\"",
            owner["metadata"]["uid"].as_str().unwrap()
        )
    );
}

#[tokio::test]
async fn a_pod_has_its_grace_and_none_when_forced() {
    let client = Client::of(&small());
    let pods = client.get("/api/v1/namespaces/web/pods").await;
    let path = format!("/api/v1/namespaces/web/pods/{}", name(&items(&pods)[0]));
    let (_, body) = delete(&client, &path, json!({ "gracePeriodSeconds": 20 })).await;
    assert_eq!(body["metadata"]["deletionGracePeriodSeconds"], 20);
    assert_eq!(
        body["metadata"]["deletionTimestamp"],
        "2026-11-23T12:00:20Z"
    );
    let (_, body) = delete(&client, &path, json!({ "gracePeriodSeconds": 60 })).await;
    assert_eq!(body["metadata"]["deletionGracePeriodSeconds"], 20);
    let (_, body) = delete(&client, &path, json!({ "gracePeriodSeconds": 5 })).await;
    assert_eq!(
        body["metadata"]["deletionTimestamp"],
        "2026-11-23T12:00:05Z"
    );
    let (status, body) = delete(&client, &path, json!({ "gracePeriodSeconds": 0 })).await;
    assert_eq!((status, &body["kind"]), (StatusCode::OK, &json!("Pod")));
    assert!(!is_there(&client, &path).await);
}

#[tokio::test]
async fn a_collection_goes_as_far_as_it_is_selected() {
    let client = Client::of(&small());
    for (name, tier) in [("a", "x"), ("b", "x"), ("c", "y")] {
        let map = json!({ "metadata": { "name": name, "labels": { "tier": tier } } });
        create(&client, MAPS, map).await;
    }
    let selected = format!("{MAPS}?labelSelector=tier%3Dx");
    let (status, body) = delete(&client, &selected, json!({})).await;
    assert_eq!(
        (status, &body["kind"]),
        (StatusCode::OK, &json!("ConfigMapList"))
    );
    let names: Vec<_> = items(&body).iter().map(name).collect();
    assert_eq!(names, ["a", "b"]);
    let left = client.get(MAPS).await;
    let names: Vec<_> = items(&left).iter().map(name).collect();
    assert_eq!(names, ["c", "kube-root-ca.crt"]);
    let (status, _) = delete(&client, "/api/v1/configmaps", json!({})).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_namespace_is_furnished_and_emptied_before_it_goes() {
    let simulator = small();
    let client = Client::of(&simulator);
    let path = "/api/v1/namespaces/team";
    let created = create(
        &client,
        "/api/v1/namespaces",
        json!({ "metadata": { "name": "team" } }),
    );
    let created = created.await;
    assert_eq!(created["spec"]["finalizers"], json!(["kubernetes"]));
    assert_eq!(
        created["metadata"]["labels"]["kubernetes.io/metadata.name"],
        "team"
    );
    simulator.advance(Duration::from_secs(1));
    assert!(is_there(&client, &format!("{path}/serviceaccounts/default")).await);
    assert!(is_there(&client, &format!("{path}/configmaps/kube-root-ca.crt")).await);
    let held = json!({ "metadata": { "name": "held", "finalizers": ["strata.dev/hold"] } });
    create(&client, &format!("{path}/configmaps"), held).await;
    let (_, body) = delete(&client, path, json!({})).await;
    assert_eq!(body["status"]["phase"], "Terminating");
    let late = json!({ "metadata": { "name": "late" } });
    let maps = format!("{path}/configmaps");
    let (status, body) = client.write(Method::POST, &maps, JSON, &late).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["message"],
        "configmaps \"late\" is forbidden: unable to create new content in namespace team because \
         it is being terminated"
    );
    assert_eq!(
        body["details"]["causes"][0]["reason"],
        "NamespaceTerminating"
    );
    simulator.advance(Duration::from_secs(1));
    let namespace = client.get(path).await;
    let conditions = namespace["status"]["conditions"].as_array().unwrap();
    let remaining = conditions
        .iter()
        .find(|condition| condition["type"] == "NamespaceContentRemaining");
    assert_eq!(
        remaining.unwrap()["message"],
        "Some resources are remaining: configmaps. has 1 resource instances"
    );
    let none = json!({ "metadata": { "finalizers": null } });
    client
        .write(Method::PATCH, &format!("{maps}/held"), MERGE, &none)
        .await;
    simulator.advance(Duration::from_secs(1));
    assert!(!is_there(&client, path).await);
}

#[tokio::test]
async fn a_namespace_with_pods_waits_for_their_kubelets() {
    let simulator = small();
    let client = Client::of(&simulator);
    delete(&client, "/api/v1/namespaces/web", json!({})).await;
    simulator.advance(Duration::from_millis(500));
    assert_eq!(
        client.get("/api/v1/namespaces/web").await["status"]["phase"],
        "Terminating"
    );
    simulator.advance(Duration::from_mins(1));
    assert!(!is_there(&client, "/api/v1/namespaces/web").await);
    assert!(items(&client.get("/api/v1/namespaces/web/pods").await).is_empty());
}

#[tokio::test]
async fn the_namespaces_of_the_system_cannot_be_deleted() {
    let client = Client::of(&small());
    let (status, body) = delete(&client, "/api/v1/namespaces/kube-system", json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["message"],
        "namespaces \"kube-system\" is forbidden: this namespace may not be deleted"
    );
}
