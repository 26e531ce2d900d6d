//! A Prometheus that is given for a cluster.

use serde_json::{Value, json};
use strata_api::error::ErrorCode;
use strata_ports::{
    prometheus::{Credentials, SecretPlace},
    telemetry::{Dialect, Exporter},
};

use crate::world::World;

fn given(url: &str) -> Value {
    json!({
        "cluster": "west",
        "address": {
            "url": url,
            "credentials": { "by": "bearer", "token": { "in": "environment", "name": "METRICS" } },
            "authority": "/etc/ssl/metrics.pem",
        },
    })
}

/// The Prometheus that is asked for `west`, once the engine took note of what it was told.
async fn asked(world: &World, is_wanted: impl Fn(&[Exporter]) -> bool) -> Vec<Exporter> {
    for _ in 0..1_000 {
        let list = world.exporters.asked("west");
        if is_wanted(&list) {
            return list;
        }
        tokio::task::yield_now().await;
    }
    panic!("the engine asks {:?}", world.exporters.asked("west"));
}

#[tokio::test(start_paused = true)]
async fn a_prometheus_that_was_given_is_asked_until_it_is_taken_away() {
    let world = World::start();
    let engine = &world.engine;
    let saved = engine
        .call("save_prometheus", given("https://metrics.example/"))
        .await
        .unwrap();
    assert_eq!(saved["address"]["credentials"]["by"], "bearer");
    world.connect("west").await.unwrap();
    let list = asked(&world, |list| !list.is_empty()).await;
    assert_eq!(list[0].dialect, Dialect::Prometheus);
    let address = list[0].address.as_ref().unwrap();
    assert_eq!(address.url, "https://metrics.example");
    assert_eq!(
        address.credentials,
        Credentials::Bearer(SecretPlace::Environment("METRICS".to_owned()))
    );
    let read = engine
        .call("read_prometheus", json!({ "cluster": "west" }))
        .await
        .unwrap();
    assert_eq!(read["address"]["url"], "https://metrics.example/");
    let none = json!({ "cluster": "west" });
    engine.call("save_prometheus", none).await.unwrap();
    asked(&world, <[Exporter]>::is_empty).await;
    engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn an_address_is_tried_out_without_being_kept() {
    let world = World::start();
    let engine = &world.engine;
    let found = engine
        .call("try_prometheus", given("https://metrics.example"))
        .await
        .unwrap();
    assert_eq!(
        (&found["version"], &found["devices"]),
        (&json!("3.5.0"), &json!(8))
    );
    let error = engine
        .call("try_prometheus", given("http://elsewhere.example"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Unavailable);
    let read = engine
        .call("read_prometheus", json!({ "cluster": "west" }))
        .await
        .unwrap();
    assert_eq!(read.get("address"), None);
    let stranger = json!({ "cluster": "north" });
    let error = engine.call("read_prometheus", stranger).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    engine.shutdown().await;
}
