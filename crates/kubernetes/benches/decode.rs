//! How long 10,000 pods take from the server's bytes to the event that holds them, in protobuf and
//! in JSON. The server is in this process and answers with bytes that are ready, so that decoding
//! and mapping are what is measured.
//!
//! `cargo bench -p strata-kubernetes --bench decode`

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a bench that cannot run says why by a panic"
)]

use std::{convert::Infallible, hint::black_box, sync::Arc};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures::StreamExt as _;
use http::{Request, Response, header::CONTENT_TYPE};
use http_body_util::Full;
use prost::Message as _;
use serde_json::{Value, json};
use strata_domain::ids::{ClusterId, GroupKind};
use strata_kubernetes::{
    connect::InProcessServer,
    contexts::{KubeconfigContexts, Places},
    source::KubernetesSource,
};
use strata_ports::{
    clock::SystemClock,
    cluster::{ClusterEvent, ClusterSource as _, WatchPlan},
    error::PortError,
    settings::SettingsStore,
};

const PODS: usize = 10_000;
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
const JSON: &str = "application/json";

struct NoSettings;

impl SettingsStore for NoSettings {
    fn read(&self, _: &str) -> Result<Option<String>, PortError> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// `runtime.Unknown`.
#[derive(Clone, PartialEq, prost::Message)]
struct Unknown {
    #[prost(bytes = "vec", tag = "2")]
    raw: Vec<u8>,
}

/// Any list, its items as they are.
#[derive(Clone, PartialEq, prost::Message)]
struct List {
    #[prost(bytes = "vec", repeated, tag = "2")]
    items: Vec<Vec<u8>>,
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../tests/fixtures/kubernetes/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).expect("the fixture is there")
}

/// The recorded pods again and again, as one protobuf list.
fn protobuf_list() -> Bytes {
    let recorded = Unknown::decode(fixture("pods.pb").get(4..).unwrap()).unwrap();
    let recorded = List::decode(recorded.raw.as_slice()).unwrap();
    let items = recorded.items.iter().cycle().take(PODS).cloned().collect();
    let list = Unknown {
        raw: List { items }.encode_to_vec(),
    };
    [b"k8s\0".as_slice(), &list.encode_to_vec()].concat().into()
}

/// The same as one JSON list.
fn json_list() -> Bytes {
    let recorded: Value = serde_json::from_slice(&fixture("pods.json")).unwrap();
    let recorded = recorded.get("items").and_then(Value::as_array).unwrap();
    let items: Vec<&Value> = recorded.iter().cycle().take(PODS).collect();
    json!({"kind": "PodList", "metadata": {"resourceVersion": "1"}, "items": items})
        .to_string()
        .into()
}

/// A server that has nothing but pods, and does not know streaming lists.
fn server(content_type: &'static str, list: Bytes) -> InProcessServer {
    InProcessServer::new(tower::service_fn(move |request: Request<Bytes>| {
        let query = request.uri().query().unwrap_or_default();
        let (status, content_type, body) = match request.uri().path() {
            "/version" => (
                200,
                JSON,
                Bytes::from_static(br#"{"gitVersion":"v1.36.2"}"#),
            ),
            "/api/v1/pods" if query.contains("watch=true") => (422, JSON, Bytes::new()),
            "/api/v1/pods" => (200, content_type, list.clone()),
            _ => (404, JSON, Bytes::new()),
        };
        let response = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, content_type)
            .body(Full::new(body))
            .unwrap();
        async move { Ok::<_, Infallible>(response) }
    }))
}

fn decode(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let places = Places {
        with_demo: true,
        ..Places::default()
    };
    let contexts = Arc::new(KubeconfigContexts::open(&places, Arc::new(NoSettings)));
    let pods = GroupKind::new("", "Pod");
    let mut group = criterion.benchmark_group("list of 10,000 pods");
    group.sample_size(10);
    for (content_type, list) in [(PROTOBUF, protobuf_list()), (JSON, json_list())] {
        group.throughput(Throughput::Bytes(list.len() as u64));
        let server = server(content_type, list);
        group.bench_function(content_type, |bencher| {
            let source = KubernetesSource::new(
                Arc::clone(&contexts),
                Some(server.clone()),
                Arc::new(SystemClock),
            );
            bencher.iter_batched(
                || source.watch(&ClusterId::demo(), WatchPlan::default()),
                |mut events| {
                    runtime.block_on(async {
                        while let Some(batch) = events.next().await {
                            for event in batch {
                                match event {
                                    ClusterEvent::Replaced { kind, objects } if kind == pods => {
                                        assert_eq!(objects.len(), PODS);
                                        return black_box(objects);
                                    }
                                    _ => {}
                                }
                            }
                        }
                        panic!("the list never came");
                    })
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
