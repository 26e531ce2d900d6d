//! A Prometheus at an address of its own: what it is shown, what its refusals mean, what it tells of
//! devices.
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
    reading::{Figure, Source},
    text::Text,
};
use strata_metrics::{
    prometheus::{AddressedPrometheus, past, present},
    rounds::ProxiedExporters,
};
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

/// What Prometheus answers for a range: one device, three steps, the second of them not measured.
fn range(labels: &str, values: [&str; 3]) -> String {
    let [first, second, third] = values;
    format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{{labels}}},
        "values":[[1772366340,"{first}"],[1772366370,"{second}"],[1772366400.5,"{third}"]]}}]}}}}"#
    )
}

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

#[test]
fn what_was_scraped_last_is_told_with_its_time_and_its_holder_and_not_with_the_exporter_as_one() {
    let places = present::Places::default();
    let devices = present::devices(SCRAPES.as_bytes(), &places).unwrap();
    assert_eq!(devices.len(), 2);
    let held = &devices[0];
    assert_eq!((held.node.as_str(), held.index), ("gpu-1", 0));
    assert_eq!(held.source, Source::Prometheus);
    assert_eq!(held.at.unwrap().to_string(), "2026-03-01T11:59:45.5Z");
    let holders: Vec<String> = held
        .holders
        .iter()
        .map(|holder| holder.pod.to_string())
        .collect();
    assert_eq!(holders, ["llm/vllm-0"], "the one before has ended");
    let busy = held
        .figures
        .iter()
        .find(|(figure, _)| *figure == Figure::Utilization);
    assert_eq!(busy.unwrap().1.value(), Some(0.99));
    assert_eq!(devices[1].holders, [], "the exporter holds nothing");
}

#[test]
fn the_past_of_every_maker_is_told_by_the_name_and_in_the_unit_of_the_present() {
    let mebibyte = 1_048_576.0;
    for (dialect, name, labels, uuid, figure, raw, value) in [
        (
            Dialect::Dcgm,
            "DCGM_FI_PROF_SM_ACTIVE",
            r#""UUID":"GPU-1""#,
            "GPU-1",
            Figure::SmActive,
            "0.87",
            0.87,
        ),
        (
            Dialect::Amd,
            "gpu_gfx_activity",
            r#""gpu_uuid":"ccff74a1","serial_number":"692409005408""#,
            "ccff74a1",
            Figure::Utilization,
            "87",
            0.87,
        ),
        (
            Dialect::Amd,
            "gpu_used_vram",
            r#""serial_number":"SN0""#,
            "SN0",
            Figure::MemoryUsed,
            "171203",
            171_203.0 * mebibyte,
        ),
        (
            Dialect::Ascend,
            "npu_chip_info_utilization",
            r#""vdie_id":"2B4A1C2A 20C07462""#,
            "2B4A1C2A 20C07462",
            Figure::Utilization,
            "36",
            0.36,
        ),
        (
            Dialect::Ascend,
            "npu_chip_info_power",
            r#""uuid":"uuid0""#,
            "uuid0",
            Figure::Power,
            "188",
            188.0,
        ),
    ] {
        let metric = past::METRICS
            .into_iter()
            .find(|metric| (metric.dialect, metric.name) == (dialect, name))
            .unwrap();
        let answer = range(labels, [raw, "NaN", raw]);
        let told = past::series(metric, answer.as_bytes()).unwrap();
        assert_eq!(told.len(), 1, "{name}");
        let series = &told[0];
        assert_eq!(
            (series.uuid.as_str(), series.figure),
            (uuid, figure),
            "{name}"
        );
        let values: Vec<f64> = series.values.iter().map(|(_, value)| *value).collect();
        assert_eq!(values.len(), 2, "{name}: a gap is a gap");
        for told in values {
            assert!((told - value).abs() < 1e-9 * value, "{name}: {told}");
        }
    }
    let unnamed = range(r#""job":"node""#, ["1", "2", "3"]);
    for metric in past::METRICS {
        let told = past::series(metric, unnamed.as_bytes()).unwrap();
        assert_eq!(told, [], "what names no device is told of none");
        let nothing = br#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
        assert_eq!(past::series(metric, nothing).unwrap(), []);
    }
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
