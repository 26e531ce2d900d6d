//! What is kept of the past, and told of it.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::SignedDuration;
use serde_json::{Value, json};
use strata_api::{
    error::ErrorCode,
    operations::{
        GpuComparison, GpuHistory, GpuMoment, HistoryChart, JobHistory, Picture, UsageHistory,
    },
};
use strata_domain::{reading::Figure, text::Text};
use strata_ports::{
    clock::Clock as _,
    telemetry::{DeviceReport, PastSeries, Told},
};
use strata_test_support::objects::{pod, pod_kind};

use crate::{
    gpus::{EXPORTER, answer, busy, gpus, table, world},
    world::{World, until_in_time},
};

async fn measured() -> World {
    let world = world().await;
    // What is kept is kept once in half a minute.
    world.clock.advance(SignedDuration::from_secs(30));
    let told = Told::Devices(vec![busy(0, 0.0, None), busy(1, 0.75, Some("server"))]);
    let answer = answer(&world, Ok(told));
    assert!(world.exporters.answer("west", vec![answer]));
    until_in_time(|| {
        let records = world.series.records();
        let mut samples = records.iter().flat_map(|(_, record)| &record.samples);
        samples.any(|sample| sample.value > 0.7)
    })
    .await;
    world
}

fn question(seconds: u32) -> Value {
    json!({
        "cluster": "west",
        "node": "n1",
        "index": 1,
        "uuid": "GPU-1",
        "span": { "until": "", "seconds": seconds, "points": 100 },
    })
}

#[tokio::test(start_paused = true)]
async fn what_a_gpu_did_is_kept_and_what_was_not_measured_is_a_gap() {
    let world = measured().await;
    let told = world
        .engine
        .call("gpu_history", question(600))
        .await
        .unwrap();
    let told: GpuHistory = serde_json::from_value(told).unwrap();
    assert_eq!(
        told.charts.len(),
        1,
        "no memory, power, temperature was told"
    );
    let chart = &told.charts[0];
    assert_eq!(Figure::from(chart.figure), Figure::SmActive);
    assert_eq!(chart.means.iter().flatten().count(), 1);
    assert_eq!(chart.means.last(), Some(&Some(0.75)));
    assert_eq!(chart.means.len(), told.steps.count as usize);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn engine_active_is_kept_beside_sm_active_and_each_has_a_chart_of_its_own() {
    let world = world().await;
    world.clock.advance(SignedDuration::from_secs(30));
    let device = DeviceReport {
        figures: Box::new([
            (Figure::SmActive, Figure::SmActive.judge(0.5)),
            (Figure::EngineActive, Figure::EngineActive.judge(0.9)),
            (Figure::Utilization, Figure::Utilization.judge(1.0)),
        ]),
        ..busy(1, 0.0, Some("server"))
    };
    let answer = answer(&world, Ok(Told::Devices(vec![device])));
    assert!(world.exporters.answer("west", vec![answer]));
    until_in_time(|| {
        let records = world.series.records();
        let mut samples = records.iter().flat_map(|(_, record)| &record.samples);
        samples.any(|sample| sample.value > 0.8)
    })
    .await;
    let told = world
        .engine
        .call("gpu_history", question(600))
        .await
        .unwrap();
    let told: GpuHistory = serde_json::from_value(told).unwrap();
    let last = |chart: &HistoryChart| (Figure::from(chart.figure), chart.means.last().copied());
    let charts: Vec<_> = told.charts.iter().map(last).collect();
    // What is kept is one definition, and the engine's: not every one that is told.
    assert_eq!(
        charts,
        [
            (Figure::SmActive, Some(Some(0.5))),
            (Figure::EngineActive, Some(Some(0.9))),
        ]
    );
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_moment_of_the_past_is_laid_on_the_map_and_what_is_not_kept_is_unknown() {
    let world = measured().await;
    let ask = |at: String, colour: &'static str| {
        let request = json!({
            "cluster": "west", "by": "node", "colour": colour, "filter": "", "at": at,
            "step_seconds": 30,
        });
        world.engine.call("gpu_moment", request)
    };
    let now = world.clock.now();
    let told: GpuMoment =
        serde_json::from_value(ask(now.to_string(), "sm_active").await.unwrap()).unwrap();
    let line = &told.blocks[0].lines[0];
    assert_eq!(
        (line.values.as_slice(), told.step_seconds),
        (&[0, 750][..], 30)
    );
    assert_eq!(line.states, "??", "who had them then is not kept");
    assert!(!told.head.is_now);
    let before = now.checked_sub(SignedDuration::from_hours(2)).unwrap();
    for (at, colour) in [(before, "sm_active"), (now, "power"), (now, "state")] {
        let told = ask(at.to_string(), colour).await.unwrap();
        let told: GpuMoment = serde_json::from_value(told).unwrap();
        assert_eq!(told.head.without_value, 2, "{colour} at {at}");
        assert_eq!(told.blocks[0].lines[0].values, [-1, -1]);
    }
    assert!(ask("yesterday".to_owned(), "power").await.is_err());
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_moment_of_a_cluster_that_is_not_connected_is_refused_as_that() {
    let world = World::start();
    let ask = |cluster: &'static str| {
        let request = json!({
            "cluster": cluster, "by": "node", "colour": "power", "filter": "",
            "at": world.clock.now().to_string(), "step_seconds": 30,
        });
        world.engine.call("gpu_moment", request)
    };
    let refused = ask("east").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(
        refused.message.contains("connect it first"),
        "{}",
        refused.message
    );
    assert_eq!(ask("north").await.unwrap_err().code, ErrorCode::NotFound);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn who_held_what_and_what_it_did_is_kept() {
    let world = measured().await;
    let request = json!({
        "cluster": "west",
        "by": "namespace",
        "span": { "until": "", "seconds": 600, "points": 100 },
    });
    let told = world.engine.call("usage_history", request).await.unwrap();
    let told: UsageHistory = serde_json::from_value(told).unwrap();
    let last = |values: &[Option<f64>]| values.iter().flatten().next_back().copied();
    let whole = &told.parts[0];
    assert_eq!(
        (whole.by, last(&whole.total), last(&whole.held)),
        (None, Some(2.0), Some(1.0))
    );
    let names: Vec<&str> = told.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["", "llm"]);
    let part = &told.parts[1];
    assert_eq!(
        (last(&part.measured), last(&part.used)),
        (Some(1.0), Some(0.75))
    );
    assert!(part.total.is_empty(), "a namespace has no capacity");
    // What was measured for some steps of a time counts for those steps.
    let known = f64::from(told.known_seconds) / 3_600.0;
    assert!(known > 0.0 && told.known_seconds < 600, "{known}");
    assert!((whole.hours.total - 2.0 * known).abs() < 1e-9);
    assert!((part.hours.used - 0.75 * part.hours.measured).abs() < 1e-9);
    world.engine.shutdown().await;
}

#[expect(clippy::unwrap_used, reason = "a test that is not answered has failed")]
async fn job_history(world: &World) -> JobHistory {
    let request = json!({
        "cluster": "west", "group": "", "kind": "Pod", "namespace": "llm", "name": "server",
        "pod": "", "from": "2026-03-01T12:00:00Z", "until": "", "points": 100,
    });
    let told = world.engine.call("job_history", request).await.unwrap();
    serde_json::from_value(told).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_the_gpus_of_a_job_did_is_told_after_its_pods_are_gone() {
    let world = measured().await;
    let values = |told: &JobHistory| -> Vec<f64> {
        let chart = told.charts.first().unwrap();
        chart.means.iter().flatten().copied().collect()
    };
    let told = job_history(&world).await;
    let holding = told.holdings.first().unwrap();
    assert_eq!(
        (holding.pod.as_str(), holding.node.as_str(), holding.index),
        ("server", "n1", 1)
    );
    assert_eq!((values(&told), &told.ended_at), (vec![0.75], &None));
    assert!(told.kept_since.is_some());

    // The next holder's work is not the job's.
    let exporter = pod("gpu-operator", "dcgm").on("n1").image(EXPORTER);
    world
        .clusters
        .list("west", &pod_kind(), vec![exporter.object()]);
    let shown = world.subscribe(table()).await;
    shown
        .wait_for(|view| {
            let all = gpus(view);
            all.len() == 2 && all.iter().all(|gpu| gpu.holders.is_empty())
        })
        .await;
    world.clock.advance(SignedDuration::from_mins(1));
    let next = Told::Devices(vec![busy(0, 0.0, None), busy(1, 0.5, None)]);
    let answer = answer(&world, Ok(next));
    assert!(world.exporters.answer("west", vec![answer]));
    until_in_time(|| {
        let records = world.series.records();
        let mut held = records
            .iter()
            .filter_map(|(_, record)| record.held.as_ref());
        held.any(|held| held.holdings.is_empty())
    })
    .await;
    let told = job_history(&world).await;
    assert!(told.ended_at.is_some());
    assert_eq!(values(&told), [0.75]);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_prometheus_remembers_is_kept_too() {
    let world = measured().await;
    let minutes = |ago: i64| world.clock.now() - SignedDuration::from_mins(ago);
    let past = PastSeries {
        uuid: Text::from("GPU-1"),
        figure: Figure::Power,
        values: vec![(minutes(30), 410.0), (minutes(29), 420.0)],
    };
    let answer = answer(&world, Ok(Told::Past(vec![past])));
    assert!(world.exporters.answer("west", vec![answer]));
    until_in_time(|| {
        let records = world.series.records();
        records.iter().any(|(_, record)| record.samples.len() == 2)
    })
    .await;
    let told = world
        .engine
        .call("gpu_history", question(3_600))
        .await
        .unwrap();
    let told: GpuHistory = serde_json::from_value(told).unwrap();
    let power = told
        .charts
        .iter()
        .find(|chart| Figure::from(chart.figure) == Figure::Power)
        .unwrap();
    let values: Vec<f64> = power.means.iter().flatten().copied().collect();
    assert_eq!(values, [410.0, 420.0]);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_gpu_is_drawn_as_a_picture_with_a_name_for_a_file() {
    let world = measured().await;
    let mut request = question(600);
    request["look"] = look("en");
    let picture = world.engine.call("draw_gpu", request).await.unwrap();
    let picture: Picture = serde_json::from_value(picture).unwrap();
    assert_eq!(picture.name, "n1-gpu-1.svg");
    assert_eq!(picture.media_type, "image/svg+xml");
    world.engine.shutdown().await;
}

/// How a picture is drawn that a test reads: as text.
fn look(language: &str) -> Value {
    json!({ "format": "svg", "theme": "dark", "language": language })
}

/// The text of a picture that was drawn.
fn text_of(picture: &Picture) -> String {
    let drawn = BASE64_STANDARD.decode(&picture.base64).unwrap_or_default();
    String::from_utf8_lossy(&drawn).into_owned()
}

#[tokio::test(start_paused = true)]
async fn a_picture_speaks_the_language_that_is_asked_for() {
    let world = measured().await;
    let said = [
        ("en", "share of cycles", " to "),
        ("zh", "多处理器上有线程束", "至"),
    ];
    for (language, definition, span) in said {
        let mut request = question(600);
        request["look"] = look(language);
        let picture = world.engine.call("draw_gpu", request).await.unwrap();
        let picture: Picture = serde_json::from_value(picture).unwrap();
        let text = text_of(&picture);
        assert!(text.contains(definition), "{definition}");
        assert!(text.contains(span), "{span}");
    }
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn who_held_gpus_is_drawn_as_a_picture_or_said_not_to_be_kept() {
    let world = measured().await;
    let request = |cluster: &str| {
        json!({
            "cluster": cluster,
            "by": "namespace",
            "span": { "until": "", "seconds": 600, "points": 100 },
            "look": look("en"),
        })
    };
    let picture = world.engine.call("draw_usage", request("west")).await;
    let picture: Picture = serde_json::from_value(picture.unwrap()).unwrap();
    assert_eq!(picture.name, "west-gpus.svg");
    let nowhere = world.engine.call("draw_usage", request("east")).await;
    assert!(nowhere.is_err());
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn the_map_is_drawn_as_it_is_shown_or_said_to_have_no_gpus() {
    let world = measured().await;
    let request = |filter: &str| {
        json!({
            "cluster": "west",
            "by": "node",
            "colour": "sm_active",
            "filter": filter,
            "at": "",
            "step_seconds": 0,
            "seconds_ago": 0,
            "look": look("en"),
        })
    };
    let picture = world.engine.call("draw_gpu_map", request("")).await;
    let picture: Picture = serde_json::from_value(picture.unwrap()).unwrap();
    assert_eq!(picture.name, "west-gpu-map.svg");
    let nothing = world.engine.call("draw_gpu_map", request("no-such-node"));
    assert!(nothing.await.is_err());
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn where_the_capacity_goes_now_is_drawn_by_each_part() {
    let world = measured().await;
    for by in ["model", "namespace", "queue", "workload", "owner"] {
        let request = json!({ "cluster": "west", "by": by, "look": look("en") });
        let picture = world.engine.call("draw_capacity", request).await;
        let picture: Picture = serde_json::from_value(picture.unwrap()).unwrap();
        assert_eq!(picture.name, "west-gpu-capacity.svg");
        let text = text_of(&picture);
        assert!(text.contains(&format!("by {by}")), "{by}");
        assert!(text.contains("Capacity"));
    }
    let nowhere = json!({ "cluster": "nowhere", "by": "model", "look": look("en") });
    let nowhere = world.engine.call("draw_capacity", nowhere).await;
    assert!(nowhere.is_err());
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn gpus_are_compared_over_the_same_steps_and_with_the_time_before() {
    let world = measured().await;
    // Ten minutes ago is the time before the last ten minutes.
    let past = PastSeries {
        uuid: Text::from("GPU-1"),
        figure: Figure::SmActive,
        values: vec![(world.clock.now() - SignedDuration::from_mins(10), 0.25)],
    };
    let past = answer(&world, Ok(Told::Past(vec![past])));
    assert!(world.exporters.answer("west", vec![past]));
    until_in_time(|| {
        let records = world.series.records();
        let mut samples = records.iter().flat_map(|(_, record)| &record.samples);
        samples.any(|sample| sample.value.to_bits() == 0.25_f64.to_bits())
    })
    .await;
    let gpu = |index: u32| json!({ "node": "n1", "index": index, "uuid": format!("GPU-{index}") });
    let mut request = json!({
        "cluster": "west",
        "gpus": [gpu(1), gpu(0)],
        "with_earlier": true,
        "span": { "until": "", "seconds": 600, "points": 100 },
    });
    let told = world.engine.call("compare_gpus", request.clone()).await;
    let told: GpuComparison = serde_json::from_value(told.unwrap()).unwrap();
    let chart = &told.charts[0];
    let count = told.steps.count as usize;
    assert!(chart.lines.iter().all(|line| line.len() == count));
    let last: Vec<Option<f64>> = chart
        .lines
        .iter()
        .map(|line| line.last().copied().flatten())
        .collect();
    assert_eq!(last, [Some(0.75), Some(0.0), Some(0.25)]);
    request["gpus"] = json!([]);
    let error = world.engine.call("compare_gpus", request).await;
    assert!(error.unwrap_err().message.contains("1 to 8"));
    let mut picture = question(600);
    picture["beside"] = json!([gpu(0)]);
    picture["with_earlier"] = json!(true);
    picture["look"] = look("en");
    let picture = world.engine.call("draw_gpu", picture).await.unwrap();
    assert_eq!(picture["name"], "n1-gpu-1.svg");
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_none_is_refused() {
    let world = world().await;
    let mut request = question(0);
    let error = world.engine.call("gpu_history", request.clone()).await;
    assert!(error.unwrap_err().message.contains("0 seconds"));
    request["span"] = json!({ "until": "yesterday", "seconds": 60, "points": 10 });
    let error = world.engine.call("gpu_history", request).await;
    assert!(error.unwrap_err().message.contains("`until`"));
    world.engine.shutdown().await;
}
