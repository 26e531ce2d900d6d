//! A Prometheus at an address of its own: what it is shown, and what its refusals mean.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture};
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use strata_domain::{
    ids::{ClusterId, ObjectKey},
    text::Text,
};
use strata_metrics::{prometheus::AddressedPrometheus, rounds::ProxiedExporters};
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    prometheus::{Credentials, PrometheusAddress, PrometheusProbe as _, SecretPlace},
    proxy::{ClusterProxy, PodPort},
    telemetry::{Dialect, Exporter, TelemetrySource as _, Told},
};
use tokio::{net::TcpListener, sync::watch};
use tokio_rustls::TlsAcceptor;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }
}

/// Two scrapes of one exporter before noon, as Prometheus answers them: its own labels kept, a holder
/// that is gone in the older one alone.
const SCRAPES: &str = include_str!("fixtures/prometheus-scrapes.json");

/// A Prometheus on loopback that wants to be shown `authorization`.
struct Server {
    address: SocketAddr,
    shown: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(authorization: &'static str, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shown: Arc<Mutex<Vec<String>>> = Arc::default();
        let record = Arc::clone(&shown);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, record) = (tls.clone(), Arc::clone(&record));
                let service = service_fn(move |request: Request<Incoming>| {
                    let answer = answer(&request, authorization, &record);
                    async move { Ok::<_, hyper::Error>(answer) }
                });
                tokio::spawn(async move {
                    // A client that turns away is what a test is about.
                    match tls {
                        None => {
                            let stream = TokioIo::new(stream);
                            let served = http1::Builder::new().serve_connection(stream, service);
                            served.await.ok();
                        }
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                let stream = TokioIo::new(stream);
                                let served =
                                    http1::Builder::new().serve_connection(stream, service);
                                served.await.ok();
                            }
                        }
                    }
                });
            }
        });
        Self { address, shown }
    }

    fn shown(&self) -> Vec<String> {
        self.shown.lock().unwrap().clone()
    }
}

fn answer(
    request: &Request<Incoming>,
    authorization: &str,
    record: &Mutex<Vec<String>>,
) -> Response<Full<Bytes>> {
    let shown = request.headers().get("authorization");
    let shown = shown.map_or("", |value| value.to_str().unwrap()).to_owned();
    record.lock().unwrap().push(shown.clone());
    let (status, text) = match request.uri().path() {
        _ if shown != authorization => (StatusCode::UNAUTHORIZED, ""),
        "/team/api/v1/status/buildinfo" => (
            StatusCode::OK,
            r#"{"status":"success","data":{"version":"3.5.0"}}"#,
        ),
        "/team/api/v1/query" => (StatusCode::OK, SCRAPES),
        "/team/api/v1/query_range" => (
            StatusCode::OK,
            r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
        ),
        "/moved/api/v1/status/buildinfo" => (StatusCode::FOUND, ""),
        "/grafana/api/v1/status/buildinfo" | "/grafana/api/v1/query" => {
            (StatusCode::OK, "<!doctype html><title>Grafana</title>")
        }
        "/slow/api/v1/query" => (
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}"#,
        ),
        "/thanos/api/v1/query" => (
            StatusCode::OK,
            r#"{"status":"success","data":{"resultType":"matrix","result":[]},
                "warnings":["receive series from Addr: 10.0.0.9:10901: connection refused"]}"#,
        ),
        _ => (StatusCode::NOT_FOUND, ""),
    };
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response
}

fn address(url: String, credentials: Credentials) -> PrometheusAddress {
    PrometheusAddress {
        url,
        credentials,
        authority: None,
    }
}

/// A file with `text` in it, in a folder that goes with the test.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_token_is_read_from_its_file_each_time_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let token = file(&folder, "token", "first\n");
    let server = Server::start("Bearer second", None).await;
    let probe = AddressedPrometheus::new(Arc::new(Noon));
    let given = address(
        format!("http://{}/team", server.address),
        Credentials::Bearer(SecretPlace::File(token.clone())),
    );
    let error = probe.look(&given).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unauthorized);
    assert!(!error.message.contains("first"), "{}", error.message);
    std::fs::write(&token, "second").unwrap();
    let found = probe.look(&given).await.unwrap();
    assert_eq!((found.version.as_str(), found.devices), ("3.5.0", 2));
    assert_eq!(server.shown()[0], "Bearer first");
}

#[tokio::test]
async fn a_name_and_a_password_are_shown_and_their_lack_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let password = file(&folder, "password", "open sesame");
    // Base64 of `ann:open sesame`.
    let server = Server::start("Basic YW5uOm9wZW4gc2VzYW1l", None).await;
    let probe = AddressedPrometheus::new(Arc::new(Noon));
    let url = format!("http://{}/team", server.address);
    let basic = Credentials::Basic {
        user: "ann".to_owned(),
        password: SecretPlace::File(password),
    };
    let found = probe.look(&address(url.clone(), basic)).await.unwrap();
    assert_eq!(found.devices, 2);
    let error = probe
        .look(&address(url, Credentials::Nothing))
        .await
        .unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unauthorized);
    assert!(
        error.message.contains("asks for credentials"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_page_for_signing_in_and_a_wrong_path_are_told_apart() {
    let server = Server::start("", None).await;
    let probe = AddressedPrometheus::new(Arc::new(Noon));
    let at = |path: &str| {
        address(
            format!("http://{}{path}", server.address),
            Credentials::Nothing,
        )
    };
    let moved = probe.look(&at("/moved")).await.unwrap_err();
    assert!(
        moved.message.contains("leads elsewhere (302)"),
        "{}",
        moved.message
    );
    let missing = probe.look(&at("")).await.unwrap_err();
    assert_eq!(missing.kind, PortErrorKind::NotFound);
    let nobody = address("http://127.0.0.1:1".to_owned(), Credentials::Nothing);
    let error = probe.look(&nobody).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unavailable);
}

#[tokio::test]
async fn what_is_wrong_behind_an_answer_is_told_in_the_words_of_whoever_answers() {
    let server = Server::start("", None).await;
    let probe = AddressedPrometheus::new(Arc::new(Noon));
    let at = |path: &str| {
        address(
            format!("http://{}{path}", server.address),
            Credentials::Nothing,
        )
    };
    let page = probe.look(&at("/grafana")).await.unwrap_err();
    assert_eq!(page.kind, PortErrorKind::Unsupported);
    assert!(
        page.message.contains("is a page, and not the API"),
        "{}",
        page.message
    );
    let slow = probe.look(&at("/slow")).await.unwrap_err();
    assert_eq!(slow.kind, PortErrorKind::Unavailable);
    assert!(
        slow.message
            .ends_with("query timed out in expression evaluation"),
        "{}",
        slow.message
    );
    // Nothing was found, and that is not all there is.
    let partial = probe.look(&at("/thanos")).await.unwrap();
    assert_eq!(partial.devices, 0);
    assert!(partial.missing.contains("10.0.0.9"), "{}", partial.missing);
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_authority_that_was_given_alone() {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .ok();
    let folder = tempfile::tempdir().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &authority).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(leaf.pem().as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let server = Server::start("", Some(TlsAcceptor::from(Arc::new(config)))).await;
    let probe = AddressedPrometheus::new(Arc::new(Noon));
    let url = format!("https://localhost:{}/team", server.address.port());
    let trusting = PrometheusAddress {
        authority: Some(file(&folder, "ca.pem", &authority.pem())),
        ..address(url.clone(), Credentials::Nothing)
    };
    assert_eq!(probe.look(&trusting).await.unwrap().devices, 2);
    let error = probe
        .look(&address(url.clone(), Credentials::Nothing))
        .await
        .unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unavailable);
    let empty = PrometheusAddress {
        authority: Some(file(&folder, "none.pem", "")),
        ..address(url, Credentials::Nothing)
    };
    let error = probe.look(&empty).await.unwrap_err();
    assert!(
        error.message.contains("has no certificate"),
        "{}",
        error.message
    );
}

/// Pods that nobody may ask.
struct Forbidden;

impl ClusterProxy for Forbidden {
    fn get(
        &self,
        _: &ClusterId,
        _: PodPort,
        _: &str,
        _: std::time::Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        async { Err(PortError::new(PortErrorKind::Forbidden, "get pods/proxy")) }.boxed()
    }

    fn kubelet(
        &self,
        _: &ClusterId,
        _: &str,
        _: &str,
        _: std::time::Duration,
    ) -> BoxFuture<'static, Result<Vec<u8>, PortError>> {
        async { Err(PortError::new(PortErrorKind::Forbidden, "get nodes/proxy")) }.boxed()
    }
}

#[tokio::test]
async fn where_no_exporter_may_be_asked_prometheus_tells_how_devices_are() {
    let server = Server::start("", None).await;
    let exporter = Exporter {
        pod: ObjectKey::new("gpu-operator", "dcgm-1"),
        node: Text::from("gpu-1"),
        dialect: Dialect::Dcgm,
        ports: Arc::from([9400]),
        is_tls: false,
        address: None,
    };
    let url = format!("http://{}/team", server.address);
    let given = Exporter {
        pod: ObjectKey::new("", url.as_str()),
        node: Text::default(),
        dialect: Dialect::Prometheus,
        ports: Arc::from([]),
        is_tls: false,
        address: Some(Arc::new(address(url, Credentials::Nothing))),
    };
    let source = ProxiedExporters::new(Arc::new(Forbidden), Arc::new(Noon));
    let (sender, list) = watch::channel(Arc::from(vec![exporter, given]));
    let mut answers = source.follow(&ClusterId::demo(), list);
    let mut told = Vec::new();
    while told.len() < 3 {
        for answer in answers.next().await.unwrap() {
            told.push(match answer.outcome {
                Ok(Told::Past(_)) => "past".to_owned(),
                Ok(Told::Devices(devices)) => format!("{} devices", devices.len()),
                Ok(other) => panic!("{other:?}"),
                Err(failure) => failure.message,
            });
        }
    }
    drop(sender);
    told.sort();
    assert_eq!(told, ["2 devices", "get pods/proxy", "past"]);
}
