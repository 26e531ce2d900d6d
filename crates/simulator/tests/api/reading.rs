//! What lists and watches refuse, and how. Statuses and messages are those that a kube-apiserver
//! 1.36.3 answered to the same questions.

use http::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, items, name, small};

const CONFIG_MAPS: &str = "/api/v1/namespaces/web/configmaps";

async fn refused(query: &str) -> (u16, String) {
    let path = format!("{CONFIG_MAPS}?{query}");
    let (status, body) = Client::of(&small()).get_as(&path, "application/json").await;
    let message = body["message"].as_str().unwrap_or_default().to_owned();
    (status.as_u16(), message)
}

#[tokio::test]
async fn contradicting_options_are_invalid() {
    let cases = [
        (
            "resourceVersionMatch=Exact",
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless \
             resourceVersion is provided",
        ),
        (
            "resourceVersionMatch=Exact&resourceVersion=0",
            "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for \
             resourceVersion \"0\"",
        ),
        (
            "resourceVersionMatch=Foo&resourceVersion=5",
            "resourceVersionMatch: Unsupported value: \"Foo\": supported values: \"Exact\", \
             \"NotOlderThan\", \"\"",
        ),
        (
            "sendInitialEvents=true",
            "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
        ),
        (
            "watch=true&sendInitialEvents=true",
            "resourceVersionMatch: Forbidden: sendInitialEvents requires setting \
             resourceVersionMatch to NotOlderThan",
        ),
        (
            "watch=true&sendInitialEvents=true&resourceVersionMatch=Exact",
            "[resourceVersionMatch: Forbidden: sendInitialEvents requires setting \
             resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: \
             \"Exact\": supported values: \"NotOlderThan\"]",
        ),
        (
            "watch=true&resourceVersionMatch=NotOlderThan",
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless \
             sendInitialEvents is provided",
        ),
        (
            "watch=true&continue=abc",
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is \
             provided",
        ),
    ];
    for (query, problem) in cases {
        let message = format!("ListOptions.meta.k8s.io \"\" is invalid: {problem}");
        assert_eq!(refused(query).await, (422, message), "{query}");
    }
}

#[tokio::test]
async fn options_that_cannot_be_read_are_refused() {
    let unsigned = "resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": \
                    invalid syntax";
    let signed = "strconv.ParseInt: parsing \"abc\": invalid syntax";
    let token = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0";
    let continued = format!("continue={token}&resourceVersion=5");
    let cases = [
        (
            "resourceVersion=abc",
            400,
            format!("invalid resource version: {unsigned}"),
        ),
        ("watch=1&resourceVersion=abc", 500, unsigned.to_owned()),
        ("limit=abc", 400, signed.to_owned()),
        ("timeoutSeconds=abc", 400, signed.to_owned()),
        (
            "continue=!!",
            400,
            "invalid continue token: continue key is not valid: illegal base64 data at input byte \
             0"
            .to_owned(),
        ),
        (
            "continue=abc",
            400,
            "invalid continue token: continue key is not valid: invalid character 'i' looking for \
             beginning of value"
                .to_owned(),
        ),
        (
            "continue=e30",
            400,
            "invalid continue token: continue key is not valid: server does not recognize this \
             encoded version "
                .to_owned(),
        ),
        (
            continued.as_str(),
            400,
            "specifying resource version is not allowed when using continue".to_owned(),
        ),
    ];
    for (query, status, message) in cases {
        assert_eq!(refused(query).await, (status, message), "{query}");
    }
}

#[tokio::test]
async fn a_watch_of_one_name_is_asked_for_by_a_path_of_its_own_or_a_selector() {
    let client = Client::of(&small());
    let node = name(&items(&client.get("/api/v1/nodes").await)[0]).to_owned();
    for path in [
        format!("/api/v1/watch/nodes/{node}"),
        format!("/api/v1/nodes?watch=1&fieldSelector=metadata.name%3D{node}"),
    ] {
        let events = client.watch(&path).ready().await;
        assert_eq!(events.len(), 1, "{path}");
        assert_eq!(name(&events[0]["object"]), node);
    }
    // On the path of the object the flag says nothing.
    let object = client.get(&format!("/api/v1/nodes/{node}?watch=1")).await;
    assert_eq!(object["kind"], "Node");
}

#[tokio::test]
async fn an_earlier_version_is_shown_exactly_or_not_at_all() {
    let simulator = small();
    let client = Client::of(&simulator);
    let before = client.get("/api/v1/pods").await;
    let version = before["metadata"]["resourceVersion"].as_str().unwrap();
    simulator.advance(std::time::Duration::from_hours(1));
    let path = format!("/api/v1/pods?resourceVersion={version}&resourceVersionMatch=Exact");
    assert_eq!(client.get(&path).await, before);
    let forgotten =
        "/apis/coordination.k8s.io/v1/leases?resourceVersion=1&resourceVersionMatch=Exact";
    simulator.advance(std::time::Duration::from_secs(50_000));
    let (status, body) = client.get_as(forgotten, "application/json").await;
    assert_eq!(status, StatusCode::GONE);
    assert_eq!(
        body["message"],
        "The resourceVersion for the provided list is too old."
    );
}

#[tokio::test]
async fn a_watch_from_the_future_waits_and_one_that_begins_there_is_told() {
    let client = Client::of(&small());
    let mut waiting = client.watch("/api/v1/pods?watch=1&resourceVersion=99999999");
    assert_eq!(waiting.ready().await, Vec::<Value>::new());
    let told = client
        .watch(
            "/api/v1/pods?watch=1&resourceVersion=99999999&sendInitialEvents=true\
             &resourceVersionMatch=NotOlderThan",
        )
        .ready()
        .await;
    assert_eq!(told[0]["type"], "ERROR");
    assert_eq!(told[0]["object"]["code"], 504);
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_as_asked_is_refused() {
    let client = Client::of(&small());
    let refused = async |path: &str, accept: &str| {
        let (status, body) = client.get_as(path, accept).await;
        assert_eq!(status, StatusCode::NOT_ACCEPTABLE, "{accept}");
        body["message"].clone()
    };
    assert_eq!(
        refused(CONFIG_MAPS, "text/plain").await,
        json!(
            "406: Not Acceptable\n\nAvailable representations: application/json, \
             application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, \
             application/vnd.kubernetes.protobuf;stream=watch"
        )
    );
    assert_eq!(
        refused(CONFIG_MAPS, "application/json;as=Foo").await,
        json!(
            "only the following media types are accepted: application/json, application/yaml, \
             application/vnd.kubernetes.protobuf"
        )
    );
    let one = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    assert_eq!(
        refused(CONFIG_MAPS, one).await,
        json!(
            "you requested PartialObjectMetadata, but the requested object is a list \
             (*core.ConfigMapList)"
        )
    );
}
