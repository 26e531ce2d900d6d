//! The logs of a job: opened while somebody looks, merged, followed over breaks and restarts.

use serde_json::json;
use strata_api::{
    explanation::ReasonCode,
    rows::{
        Row,
        log::{LogLevel, LogSourceState, LogSummaryRow},
    },
    topics::{JobLog, Topic, Window},
};
use strata_domain::{
    job::{JobObject, JobState},
    object::Object,
    pod::ContainerState,
};
use strata_ports::error::{PortError, PortErrorKind};
use strata_test_support::{
    clock::time,
    frames::{FrameCollector, View},
    objects::{job, node, pod, pod_kind},
};
use tokio::time::Duration;

use crate::world::{World, until};

fn of(previous: bool) -> JobLog {
    JobLog {
        cluster: "west".to_owned(),
        group: "batch".to_owned(),
        kind: "Job".to_owned(),
        namespace: "team".to_owned(),
        name: "train".to_owned(),
        previous,
    }
}

fn lines(filter: &str) -> Topic {
    Topic::JobLogs {
        of: of(false),
        pod: String::new(),
        filter: filter.to_owned(),
        window: Window {
            first: 0,
            count: 100,
        },
        from_end: false,
    }
}

fn owner() -> Object {
    job("team", "train")
        .says(JobObject::of(JobState::Running, ""))
        .object()
}

fn worker(name: &str, restarts: u32) -> Object {
    let Object::Pod(mut pod) = pod("team", name)
        .on("gpu-1")
        .gpus(1)
        .restarts(restarts)
        .owned_by(&owner())
        .object()
    else {
        panic!("a pod");
    };
    for container in &mut pod.containers {
        container.state = ContainerState::Running {
            since: Some(time("2026-03-01T11:00:00Z")),
        };
    }
    Object::Pod(pod)
}

async fn world() -> World {
    let world = World::start();
    world.clusters.go_live("west");
    assert!(world.connect("west").await.is_ok());
    let node_kind = strata_test_support::objects::node_kind();
    let nodes = vec![node("gpu-1").gpus(8).object()];
    world.clusters.list("west", &node_kind, nodes);
    let owner = owner();
    world
        .clusters
        .list("west", &owner.group_kind(), vec![owner]);
    let pods = vec![worker("train-0", 0), worker("train-1", 0)];
    world.clusters.list("west", &pod_kind(), pods);
    world
}

fn texts(view: &View) -> Vec<String> {
    view.window()
        .filter_map(|row| match row {
            Row::LogLine(line) => Some(
                line.pieces
                    .iter()
                    .map(|piece| piece.text.as_str())
                    .collect(),
            ),
            _ => None,
        })
        .collect()
}

fn summary(view: &View) -> Option<&LogSummaryRow> {
    view.window().find_map(|row| match row {
        Row::LogSummary(row) => Some(row),
        _ => None,
    })
}

async fn both_asked(world: &World, lines: &FrameCollector) {
    lines.wait_for(|_| world.logs.asked().len() == 2).await;
}

#[tokio::test(start_paused = true)]
async fn the_lines_of_all_pods_stand_in_the_order_of_time_and_the_first_error_is_named() {
    let world = world().await;
    let shown = world.subscribe(lines("")).await;
    let summed = world
        .subscribe(Topic::JobLogSummary { of: of(false) })
        .await;
    both_asked(&world, &shown).await;
    let asked = world.logs.asked();
    assert!(asked.iter().all(|log| log.request.follow));
    asked[0].write(&[
        (time("2026-03-01T11:00:01Z"), "step 1"),
        (time("2026-03-01T11:00:05Z"), "NCCL error: timeout"),
    ]);
    asked[1].write(&[(
        time("2026-03-01T11:00:03Z"),
        "\u{1b}[31mtorch.OutOfMemoryError\u{1b}[0m: CUDA out of memory",
    )]);
    let view = shown.wait_for(|view| texts(view).len() == 3).await;
    assert_eq!(
        texts(&view),
        [
            "step 1",
            "torch.OutOfMemoryError: CUDA out of memory",
            "NCCL error: timeout"
        ]
    );
    let levels: Vec<LogLevel> = view
        .window()
        .filter_map(|row| match row {
            Row::LogLine(line) => Some(line.level),
            _ => None,
        })
        .collect();
    assert_eq!(levels, [LogLevel::Plain, LogLevel::First, LogLevel::Error]);
    let view = summed
        .wait_for(|view| summary(view).is_some_and(|row| row.first_error.is_some()))
        .await;
    let row = summary(&view).expect("a summary");
    let error = row.first_error.as_ref().expect("an error");
    assert_eq!(
        (error.code, error.position),
        (ReasonCode::CudaOutOfMemory, Some(1))
    );
    assert_eq!(row.lines, 3);
    assert!(
        row.sources
            .iter()
            .all(|one| one.state == LogSourceState::Following)
    );

    let only = world.subscribe(lines("CUDA OUT")).await;
    let view = only.wait_for(|view| texts(view).len() == 1).await;
    assert!(texts(&view)[0].starts_with("torch"));

    let question = json!({ "of": of(false), "pod": "", "filter": "" });
    let saved = world.engine.call("read_job_logs", question).await;
    let saved = saved.expect("open logs");
    assert_eq!(saved["lines"], 3);
    let text = saved["text"].as_str().expect("a text");
    assert!(text.starts_with("2026-03-01T11:00:01Z train-"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_breaks_off_goes_on_where_it_broke() {
    let world = world().await;
    let shown = world.subscribe(lines("")).await;
    both_asked(&world, &shown).await;
    let last = time("2026-03-01T11:00:01Z");
    world.logs.asked()[0].write(&[(last, "step 1")]);
    shown.wait_for(|view| texts(view).len() == 1).await;
    world.logs.cut();
    both_asked(&world, &shown).await;
    let again = world.logs.asked();
    let since: Vec<bool> = again
        .iter()
        .map(|log| log.request.since.is_some_and(|since| since > last))
        .collect();
    assert_eq!(since.iter().filter(|is_later| **is_later).count(), 1);
    assert!(
        again
            .iter()
            .all(|log| log.request.since.is_some() != log.request.tail.is_some())
    );
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_marked_between_the_lines() {
    let world = world().await;
    let shown = world.subscribe(lines("")).await;
    both_asked(&world, &shown).await;
    let first = world.logs.asked()[0].clone();
    first.write(&[(time("2026-03-01T10:59:00Z"), "before")]);
    shown.wait_for(|view| texts(view).len() == 1).await;
    let name = first.request.pod.name.to_string();
    world.clusters.apply("west", vec![worker(&name, 1)]);
    drop(first);
    world.logs.cut();
    let view = shown
        .wait_for(|view| {
            view.window()
                .any(|row| matches!(row, Row::LogLine(line) if line.mark.is_some()))
        })
        .await;
    assert_eq!(texts(&view), ["before", ""]);
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_read_says_so_and_is_not_asked_again() {
    let world = world().await;
    let summed = world
        .subscribe(Topic::JobLogSummary { of: of(false) })
        .await;
    both_asked(&world, &summed).await;
    for log in world.logs.asked() {
        log.fail(PortError::new(
            PortErrorKind::Forbidden,
            "the permission is missing: get pods/log in namespace team",
        ));
    }
    world.logs.cut();
    let is_forbidden = |state: &LogSourceState| {
        matches!(
            state,
            LogSourceState::Failed {
                is_forbidden: true,
                ..
            }
        )
    };
    summed
        .wait_for(|view| {
            summary(view).is_some_and(|row| row.sources.iter().all(|one| is_forbidden(&one.state)))
        })
        .await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert!(world.logs.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn logs_that_nobody_looks_at_any_more_are_closed() {
    let world = world().await;
    let (collector, id, _arrived) = world.subscribe_silently(lines("")).await;
    both_asked(&world, &collector).await;
    let asked = world.logs.asked();
    world.engine.unsubscribe(id);
    tokio::time::sleep(Duration::from_secs(30)).await;
    until(|| asked.iter().all(|log| !log.is_open())).await;
}
