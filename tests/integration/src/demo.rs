//! The demo cluster with an engine over it, as the tests of this crate look at both.

use anyhow::Result;
use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::Value;
use strata_api::{frames::Frame, topics::Topic};
use strata_app::{Engine, Launch, Simulation, SinkClosed};
use strata_test_support::frames::FrameCollector;

/// The demo cluster `scenario`, whose time stands still until the test moves it, and an engine that
/// knows of it.
pub async fn demo(scenario: &str) -> Result<(Simulation, Engine)> {
    let simulation = Simulation::start(scenario, 1)?;
    simulation.steer("pause")?;
    let launch = Launch {
        simulation: Some(simulation.clone()),
        ..Launch::isolated()
    };
    let engine = strata_app::start(launch).await?;
    Ok((simulation, engine))
}

/// What the cluster answers another client than Strata, `client` by its user agent: the status, and
/// the body, null where it is no JSON.
pub async fn send(
    simulation: &Simulation,
    client: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<(u16, Value)> {
    let form = match method {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", form)
        .header("accept", "application/json")
        .header("user-agent", client)
        .body(body)?;
    let response = simulation.answer(request).await?;
    let code = response.status().as_u16();
    let body = response.into_body().collect().await;
    let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
    Ok((code, serde_json::from_slice(&body).unwrap_or_default()))
}

/// Subscribes to `topic`, and acknowledges every frame as it comes.
pub async fn follow(engine: &Engine, topic: Topic) -> Result<FrameCollector> {
    let collector = FrameCollector::default();
    let (answering, taken) = (engine.clone(), collector.clone());
    let (number, subscribed) = tokio::sync::watch::channel(None);
    let sink = move |frame: Frame| {
        let seq = frame.seq();
        taken.take(frame);
        // Frames that come before the number is known are answered by the next one.
        if let Some(subscription) = *subscribed.borrow() {
            answering.acknowledge(subscription, seq);
        }
        Ok::<(), SinkClosed>(())
    };
    let subscription = engine.subscribe(topic, Box::new(sink)).await?;
    number.send_replace(Some(subscription));
    if let Some(last) = collector.last() {
        engine.acknowledge(subscription, last.seq());
    }
    Ok(collector)
}
