//! A Prometheus that is given by its address: the demo cluster's, served beside its API server on
//! loopback, which wants to be shown a token.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use strata_app::Simulation;
use strata_integration_tests::strata;
use tokio::{net::TcpListener, runtime::Runtime};

/// Where Prometheus answers within the demo cluster.
const WITHIN: &str = "/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy";

/// Serves the Prometheus of `simulation` to whoever shows `authorization`, for as long as `runtime`.
fn serve(runtime: &Runtime, simulation: Simulation, authorization: &'static str) -> SocketAddr {
    let listener = runtime
        .block_on(TcpListener::bind(("127.0.0.1", 0)))
        .unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let simulation = simulation.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let simulation = simulation.clone();
                async move { pass(&simulation, request, authorization).await }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

async fn pass(
    simulation: &Simulation,
    request: Request<Incoming>,
    authorization: &str,
) -> anyhow::Result<Response<Full<Bytes>>> {
    let shown = request.headers().get("authorization");
    if shown.is_none_or(|shown| shown != authorization) {
        let mut refused = Response::new(Full::default());
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(refused);
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let within = Request::get(format!("{WITHIN}{path}")).body(Bytes::new())?;
    let (parts, body) = simulation.answer(within).await?.into_parts();
    let body = body.collect().await.map_err(anyhow::Error::from_boxed)?;
    Ok(Response::from_parts(parts, Full::new(body.to_bytes())))
}

#[test]
fn a_prometheus_by_its_address_tells_of_every_gpu_and_its_token_is_kept_nowhere() {
    let runtime = Runtime::new().unwrap();
    let simulation = Simulation::start("atlas", 1).unwrap();
    let address = serve(&runtime, simulation, "Bearer open-sesame");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "open-sesame\n").unwrap();
    let token = token.to_str().unwrap();
    let url = format!("http://{address}");
    let given = |more: &[&str]| {
        let mut words = vec!["--data", data, "prometheus", "--demo"];
        words.extend(more);
        strata(&words, "").unwrap()
    };

    let refused = given(&["--url", &url, "--try"]);
    assert_eq!(refused.code, Some(1), "{}", refused.said);
    assert!(
        refused.remarked.contains("asks for credentials"),
        "{}",
        refused.remarked
    );

    let tried = given(&["--url", &url, "--bearer-file", token, "--try"]);
    // Eight of the demo's 160 are on a node whose exporter does not answer.
    assert!(
        tried.said.contains("152 accelerators"),
        "{} {}",
        tried.said,
        tried.remarked
    );
    assert!(
        given(&[]).said.contains("none given"),
        "a trial keeps nothing"
    );

    let kept = given(&["--url", &url, "--bearer-file", token]);
    assert!(kept.said.contains(token), "{}", kept.said);
    let shown = given(&[]);
    assert!(shown.said.contains(&url), "{}", shown.said);
    for entry in std::fs::read_dir(data).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!holds(b"open-sesame"), "the token itself is in no file");
    }
    assert!(given(&["--off"]).said.contains("none given"));
    runtime.shutdown_background();
}
