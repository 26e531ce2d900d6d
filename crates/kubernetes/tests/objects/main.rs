//! Objects read on demand, from a server that answers what a test puts there.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::ids::{ClusterId, ObjectKey};
use strata_kubernetes::{
    connect::InProcessServer,
    contexts::{KubeconfigContexts, Places},
    source::KubernetesSource,
};
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    objects::{LogTail, ObjectAddress, ObjectReader, Selection},
    settings::SettingsStore,
};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }
}

struct NoSettings;

impl SettingsStore for NoSettings {
    fn read(&self, _: &str) -> Result<Option<String>, PortError> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// Answers by path and query, and remembers what was asked for.
#[derive(Clone, Default)]
struct Server {
    answers: Arc<Mutex<BTreeMap<String, (u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new() -> Self {
        let server = Self::default();
        server.says("/version", 200, &json!({ "gitVersion": "v1.36.2" }));
        server.says(
            "/api",
            200,
            &json!({ "kind": "APIVersions", "versions": ["v1"] }),
        );
        server.says(
            "/apis",
            200,
            &json!({ "kind": "APIGroupList", "groups": [] }),
        );
        let resources = json!({ "kind": "APIResourceList", "groupVersion": "v1", "resources": [
            { "name": "pods", "kind": "Pod", "namespaced": true, "verbs": ["get", "list", "watch"] },
            { "name": "secrets", "kind": "Secret", "namespaced": true, "verbs": ["get", "list", "watch"] },
            { "name": "events", "kind": "Event", "namespaced": true, "verbs": ["get", "list", "watch"] },
        ]});
        server.says("/api/v1", 200, &resources);
        server
    }

    fn says(&self, path: &str, code: u16, body: &Value) {
        let answer = (code, body.to_string());
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    fn writes(&self, path: &str, text: &str) {
        let answer = (200, text.to_owned());
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        let path = request.uri().path_and_query().unwrap().to_string();
        self.asked.lock().unwrap().push(path.clone());
        let known = self.answers.lock().unwrap().get(&path).cloned();
        let (code, body) = known.unwrap_or_else(|| (404, status(404, "not found").to_string()));
        Response::builder()
            .status(StatusCode::from_u16(code).unwrap())
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .unwrap()
    }

    fn reader(&self) -> impl ObjectReader + use<> {
        let server = self.clone();
        let in_process = InProcessServer::new(tower::service_fn(move |request: Request<Bytes>| {
            let response = server.answer(&request);
            async move { Ok::<_, std::convert::Infallible>(response) }
        }));
        let places = Places::default().and_demo();
        let contexts = KubeconfigContexts::open(&places, Arc::new(NoSettings));
        KubernetesSource::new(Arc::new(contexts), Some(in_process), Arc::new(Noon))
    }
}

fn status(code: u16, message: &str) -> Value {
    json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code })
}

fn demo() -> ClusterId {
    ClusterId::demo()
}

#[tokio::test]
async fn an_object_is_read_without_its_managed_fields() {
    let server = Server::new();
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a", "managedFields": [{}] } });
    server.says("/api/v1/namespaces/ns/pods/a", 200, &pod);
    let read = server
        .reader()
        .get(&demo(), ObjectAddress::new("", "Pod", "ns", "a"));
    assert_eq!(
        read.await.unwrap(),
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" } })
    );
}

#[tokio::test]
async fn secrets_are_blanked_in_lists_too() {
    let server = Server::new();
    let list = json!({ "kind": "SecretList", "items": [{ "metadata": { "name": "s" }, "data": { "key": "c2VjcmV0" } }] });
    server.says("/api/v1/namespaces/ns/secrets?limit=500", 200, &list);
    let read = server
        .reader()
        .list(&demo(), Selection::all("", "Secret", "ns"));
    let secrets = read.await.unwrap();
    assert_eq!(secrets[0]["kind"], "Secret");
    assert_eq!(secrets[0]["data"], json!({ "key": null }));
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_anew_where_its_pages_expired() {
    let server = Server::new();
    let pod = |name: &str| json!({ "metadata": { "name": name } });
    let page = json!({ "items": [pod("a")], "metadata": { "continue": "next=" } });
    server.says("/api/v1/pods?limit=500", 200, &page);
    let expired = status(410, "the provided continue parameter is too old");
    server.says("/api/v1/pods?limit=500&continue=next%3D", 410, &expired);
    server.says(
        "/api/v1/pods?limit=0",
        200,
        &json!({ "items": [pod("b"), pod("c")] }),
    );
    let read = server.reader().list(&demo(), Selection::all("", "Pod", ""));
    let names: Vec<Value> = read
        .await
        .unwrap()
        .iter()
        .map(|pod| pod["metadata"]["name"].clone())
        .collect();
    assert_eq!(names, ["b", "c"]);
}

#[tokio::test]
async fn events_are_those_of_one_object() {
    let server = Server::new();
    let path = "/api/v1/namespaces/ns/events?limit=500&fieldSelector=involvedObject.uid%3D7";
    server.says(path, 200, &json!({ "items": [{ "reason": "Failed" }] }));
    let read = server
        .reader()
        .list(&demo(), Selection::events_of("ns", "7"));
    assert_eq!(read.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_names_the_permission_that_is_missing() {
    let server = Server::new();
    let refusal = status(403, "secrets is forbidden");
    server.says("/api/v1/namespaces/ns/secrets?limit=500", 403, &refusal);
    let read = server
        .reader()
        .list(&demo(), Selection::all("", "Secret", "ns"));
    let error = read.await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Forbidden);
    assert_eq!(
        error.message,
        "the permission is missing: list secrets in namespace ns"
    );
    assert_eq!(error.causes(), ["secrets is forbidden"]);
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_served_are_told_apart() {
    let reader = Server::new().reader();
    let missing = reader
        .get(&demo(), ObjectAddress::new("", "Pod", "ns", "no"))
        .await
        .unwrap_err();
    assert_eq!(missing.kind, PortErrorKind::NotFound);
    assert_eq!(missing.message, "Pod ns/no is not there");
    let unknown = reader
        .get(&demo(), ObjectAddress::new("ray.io", "RayJob", "ns", "no"))
        .await
        .unwrap_err();
    assert_eq!(unknown.kind, PortErrorKind::Unsupported);
}

#[tokio::test]
async fn a_definition_that_came_later_is_found() {
    let server = Server::new();
    let reader = server.reader();
    let queue = || ObjectAddress::new("kueue.x-k8s.io", "ClusterQueue", "", "q");
    assert!(reader.get(&demo(), queue()).await.is_err());
    server.says("/apis", 200, &json!({ "kind": "APIGroupList", "groups": [{ "name": "kueue.x-k8s.io",
        "versions": [{ "groupVersion": "kueue.x-k8s.io/v1beta2", "version": "v1beta2" }],
        "preferredVersion": { "groupVersion": "kueue.x-k8s.io/v1beta2", "version": "v1beta2" } }] }));
    server.says("/apis/kueue.x-k8s.io/v1beta2", 200, &json!({ "kind": "APIResourceList",
        "groupVersion": "kueue.x-k8s.io/v1beta2", "resources": [
            { "name": "clusterqueues", "kind": "ClusterQueue", "namespaced": false, "verbs": ["get", "list", "watch"] }] }));
    server.says(
        "/apis/kueue.x-k8s.io/v1beta2/clusterqueues/q",
        200,
        &json!({ "kind": "ClusterQueue" }),
    );
    assert_eq!(
        reader.get(&demo(), queue()).await.unwrap()["kind"],
        "ClusterQueue"
    );
}

#[tokio::test]
async fn every_pod_of_the_cluster_comes_pruned() {
    let server = Server::new();
    let list = json!({ "items": [{ "metadata": { "name": "a", "namespace": "ns" }, "spec": { "nodeName": "n",
        "containers": [{ "name": "c", "resources": { "requests": { "cpu": "2", "nvidia.com/gpu": "1" } } }] } }] });
    server.says("/api/v1/pods?limit=500", 200, &list);
    let pods = server.reader().pods(&demo()).await.unwrap();
    assert_eq!(pods[0].node, "n");
    assert_eq!(pods[0].requests.extended("nvidia.com/gpu"), Some(1));
}

#[tokio::test]
async fn the_log_of_the_run_before_is_read() {
    let server = Server::new();
    let path =
        "/api/v1/namespaces/ns/pods/a/log?container=c&previous=true&tailLines=50&limitBytes=262144";
    server.writes(path, "Traceback\nValueError: no\n");
    let tail = LogTail {
        pod: ObjectKey::new("ns", "a"),
        container: "c".to_owned(),
        previous: true,
        lines: 50,
    };
    let log = server.reader().log(&demo(), tail).await.unwrap();
    assert_eq!(log.lines().next(), Some("Traceback"));
}

#[tokio::test]
async fn many_first_questions_make_one_connection() {
    let server = Server::new();
    let reader = server.reader();
    let cluster = demo();
    let (one, other) = tokio::join!(reader.served(&cluster), reader.served(&cluster));
    assert_eq!(one.unwrap(), other.unwrap());
    let asked = server.asked.lock().unwrap();
    assert_eq!(asked.iter().filter(|path| *path == "/version").count(), 1);
}
