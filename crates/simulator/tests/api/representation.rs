//! The representations of answers: tables, metadata, protobuf, compressed.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::client::{Client, items, name, small};

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

async fn bytes(client: &Client, request: Request<Bytes>) -> (String, Bytes) {
    let response = client.server().answer(&request).unwrap();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (content_type, body)
}

fn ask(path: &str, accept: &str) -> Request<Bytes> {
    Request::get(path)
        .header("accept", accept)
        .body(Bytes::new())
        .unwrap()
}

#[tokio::test]
async fn a_table_has_a_row_for_each_object() {
    let client = Client::of(&small());
    let (_, table) = client.get_as("/api/v1/nodes", TABLE).await;
    assert_eq!(table["kind"], "Table");
    assert_eq!(table["columnDefinitions"][2]["name"], "Roles");
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["cells"][1], "Ready");
    assert_eq!(rows[0]["object"]["kind"], "PartialObjectMetadata");
    let path = format!(
        "/api/v1/nodes/{}?includeObject=None",
        name(&rows[0]["object"])
    );
    let (_, one) = client.get_as(&path, TABLE).await;
    assert_eq!(one["rows"][0]["cells"], rows[0]["cells"]);
    assert_eq!(one["rows"][0]["object"], Value::Null);
    let (status, refused) = client
        .get_as("/api/v1/nodes?includeObject=Foo", TABLE)
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused["message"],
        "Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must be \
         'Metadata', 'Object', 'None', or empty"
    );
}

#[tokio::test]
async fn a_table_of_a_custom_kind_has_the_columns_of_its_definition() {
    let client = Client::of(&small());
    let queue = json!({
        "apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "LocalQueue",
        "metadata": { "name": "train", "namespace": "ml" },
        "spec": { "clusterQueue": "main" },
    });
    let path = "/apis/kueue.x-k8s.io/v1beta2/namespaces/ml/localqueues";
    client
        .write(http::Method::POST, path, "application/json", &queue)
        .await;
    let (_, table) = client.get_as(path, TABLE).await;
    let columns: Vec<&str> = table["columnDefinitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect();
    let cells = table["rows"][0]["cells"].as_array().unwrap();
    assert_eq!(columns[0], "Name");
    assert_eq!(columns.len(), cells.len());
    assert_eq!(cells[0], "train");
}

#[tokio::test]
async fn the_first_table_of_a_watch_alone_says_its_columns() {
    let client = Client::of(&small());
    let request = ask(
        "/api/v1/nodes?watch=1&allowWatchBookmarks=true&timeoutSeconds=1",
        TABLE,
    );
    let (_, body) = bytes(&client, request).await;
    let events: Vec<Value> = body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert!(events[0]["object"]["columnDefinitions"].is_array());
    assert_eq!(events[1]["object"]["columnDefinitions"], Value::Null);
    assert_eq!(events[2]["type"], "BOOKMARK");
    assert_eq!(events[2]["object"]["rows"][0]["cells"][0], "");
}

#[tokio::test]
async fn a_client_that_prefers_protobuf_gets_it_where_a_kind_has_it() {
    let client = Client::of(&small());
    let either = format!("{PROTOBUF},application/json");
    let (content_type, body) = bytes(&client, ask("/api/v1/nodes", &either)).await;
    assert_eq!(content_type, PROTOBUF);
    assert!(body.starts_with(b"k8s\0\x0a\x0e\x0a\x02v1\x12\x08NodeList"));
    let custom = "/apis/kueue.x-k8s.io/v1beta2/localqueues";
    let (content_type, _) = bytes(&client, ask(custom, &either)).await;
    assert_eq!(content_type, "application/json");
    let (content_type, body) = bytes(&client, ask("/api/v1/nodes/nope", PROTOBUF)).await;
    assert_eq!(content_type, PROTOBUF);
    assert!(body.starts_with(b"k8s\0\x0a\x0c\x0a\x02v1\x12\x06Status"));
    let watch = ask("/api/v1/nodes?watch=1&timeoutSeconds=1", PROTOBUF);
    let (content_type, body) = bytes(&client, watch).await;
    assert_eq!(
        content_type,
        "application/vnd.kubernetes.protobuf;stream=watch"
    );
    assert_eq!(&body[4..11], b"\x0a\x05ADDED");
}

#[tokio::test]
async fn an_object_is_created_from_protobuf() {
    let client = Client::of(&small());
    // `{"metadata":{"name":"a"},"data":{"k":"v"}}` of a v1 ConfigMap.
    let body = b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x0d\x0a\x03\x0a\x01a\x12\x06\x0a\x01k\x12\x01v";
    let request = Request::post("/api/v1/namespaces/web/configmaps")
        .header("content-type", PROTOBUF)
        .header("accept", "application/json")
        .body(Bytes::from_static(body))
        .unwrap();
    let (status, created) = client.send(request).await;
    assert_eq!(status, StatusCode::CREATED, "{created}");
    assert_eq!(created["data"], json!({ "k": "v" }));
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_those_who_ask() {
    let client = Client::of(&crate::client::atlas(7));
    let whole = client.get("/api/v1/pods").await;
    assert!(items(&whole).len() > 50);
    let request = Request::get("/api/v1/pods")
        .header("accept-encoding", "gzip")
        .body(Bytes::new())
        .unwrap();
    let response = client.server().answer(&request).unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(&body[..])).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), whole);
}
