//! GPUs as shells see them: exporters are found, asked and shown; what they do not tell is not made up.

use std::time::Duration;

use strata_api::{
    rows::{
        Row,
        gpu::{Figure as FigureOnWire, GpuColour, GpuMapRow, GpuRow, GpuState},
    },
    topics::{GpuColumn, GpuGrouping, GpuSort, Topic, Window},
};
use strata_domain::{
    ids::ObjectKey,
    reading::{Figure, Source},
    text::Text,
};
use strata_ports::{
    error::PortErrorKind,
    telemetry::{Answer, DeviceReport, Dialect, Failure, HolderTold, Told},
};
use strata_test_support::{
    frames::View,
    objects::{node, node_kind, pod, pod_kind},
};

use crate::world::World;

pub(crate) const EXPORTER: &str = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.2-4.8.1-ubuntu24.04";

pub(crate) fn table() -> Topic {
    Topic::Gpus {
        cluster: "west".to_owned(),
        filter: String::new(),
        sort: GpuSort {
            by: GpuColumn::Activity,
            descending: true,
        },
        window: Window {
            first: 0,
            count: 100,
        },
    }
}

fn map() -> Topic {
    Topic::GpuMap {
        cluster: "west".to_owned(),
        by: GpuGrouping::Node,
        colour: GpuColour::SmActive,
        seconds_ago: 0,
        filter: String::new(),
    }
}

pub(crate) fn gpus(view: &View) -> Vec<GpuRow> {
    let gpu = |row: &Row| match row {
        Row::Gpu(row) => GpuRow::clone(row),
        other => panic!("no GPU: {other:?}"),
    };
    view.window().map(gpu).collect()
}

fn head(view: &View) -> Option<GpuMapRow> {
    view.window().find_map(|row| match row {
        Row::GpuMap(head) => Some(head.clone()),
        _ => None,
    })
}

/// A world with a node of two GPUs, a pod on one of them, and the node's exporter.
pub(crate) async fn world() -> World {
    let world = World::start();
    assert!(world.connect("west").await.is_ok());
    world.clusters.go_live("west");
    world
        .clusters
        .list("west", &node_kind(), vec![node("n1").gpus(2).object()]);
    world.clusters.list(
        "west",
        &pod_kind(),
        vec![
            pod("llm", "server").on("n1").gpus(1).object(),
            pod("gpu-operator", "dcgm")
                .on("n1")
                .image(EXPORTER)
                .object(),
        ],
    );
    let rows = world.subscribe(table()).await;
    rows.wait_for(|view| view.order.len() == 2).await;
    world
}

pub(crate) fn answer(world: &World, outcome: Result<Told, Failure>) -> Answer {
    use strata_ports::clock::Clock as _;
    Answer {
        pod: ObjectKey::new("gpu-operator", "dcgm"),
        at: world.clock.now(),
        took: Duration::from_millis(30),
        bytes: 60_000,
        outcome,
    }
}

pub(crate) fn busy(index: u32, share: f64, holder: Option<&str>) -> DeviceReport {
    let holders = holder.map(|pod| HolderTold {
        pod: ObjectKey::new("llm", pod),
        container: Text::from("main"),
    });
    DeviceReport {
        uuid: Text::from(format!("GPU-{index}")),
        index,
        node: Text::from("n1"),
        model: Text::default(),
        pci: Text::default(),
        driver: Text::default(),
        instance: None,
        holders: holders.into_iter().collect(),
        is_shared: false,
        source: Source::Dcgm,
        at: None,
        figures: Box::new([(Figure::SmActive, Figure::SmActive.judge(share))]),
    }
}

#[tokio::test(start_paused = true)]
async fn an_exporter_is_found_by_the_catalogue_and_what_it_tells_is_shown() {
    let world = world().await;
    let asked = world.exporters.asked("west");
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].dialect, Dialect::Dcgm);
    assert_eq!(asked[0].ports.first(), Some(&9400));

    let rows = world.subscribe(table()).await;
    let told = Told::Devices(vec![busy(0, 0.0, None), busy(1, 0.75, Some("server"))]);
    let answer = answer(&world, Ok(told));
    assert!(world.exporters.answer("west", vec![answer]));
    let view = rows
        .wait_for(|view| view.order.len() == 2 && gpus(view)[0].activity.is_some())
        .await;
    let seen = gpus(&view);
    assert_eq!((seen[0].index, seen[0].activity), (1, Some(0.75)));
    assert_eq!(seen[0].activity_figure, Some(FigureOnWire::SmActive));
    assert_eq!(seen[0].holders[0].pod, "server");
    assert_eq!(seen[1].state, GpuState::Free);
    // Memory was not told: it is absent, and not 0.
    assert_eq!((seen[0].memory_used, seen[0].power), (None, None));
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_named_and_the_rest_goes_on() {
    let world = world().await;
    let rows = world.subscribe(map()).await;
    let failure = Failure {
        kind: PortErrorKind::Forbidden,
        message: "get pods/proxy in namespace gpu-operator is not permitted".to_owned(),
    };
    let answer = answer(&world, Err(failure));
    assert!(world.exporters.answer("west", vec![answer]));
    let view = rows
        .wait_for(|view| head(view).is_some_and(|head| head.exporters.failed == 1))
        .await;
    let head = head(&view).unwrap();
    assert!(head.exporters.forbidden.contains("get pods/proxy"));
    assert_eq!((head.states.allocated, head.states.free), (1, 1));
    assert_eq!(head.without_value, 2);
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_share_of_cycles_of_ai_cores_is_a_colour_of_its_own_and_no_gpu_utilization() {
    let world = world().await;
    let by = |colour| Topic::GpuMap {
        cluster: "west".to_owned(),
        by: GpuGrouping::Node,
        colour,
        seconds_ago: 0,
        filter: String::new(),
    };
    let own = world.subscribe(by(GpuColour::AiCoreUtilization)).await;
    let other = world.subscribe(by(GpuColour::Utilization)).await;
    let npu = |index, holder| DeviceReport {
        source: Source::NpuExporter,
        figures: Box::new([(
            Figure::AiCoreUtilization,
            Figure::AiCoreUtilization.judge(0.5),
        )]),
        ..busy(index, 0.0, holder)
    };
    let told = Told::Devices(vec![npu(0, Some("server")), npu(1, None)]);
    let answer = answer(&world, Ok(told));
    assert!(world.exporters.answer("west", vec![answer]));
    own.wait_for(|view| {
        head(view).is_some_and(|head| head.states.total == 2 && head.without_value == 0)
    })
    .await;
    let view = other
        .wait_for(|view| head(view).is_some_and(|head| head.exporters.live == 1))
        .await;
    assert_eq!(head(&view).unwrap().without_value, 2);

    let detail = Topic::Gpu {
        cluster: "west".to_owned(),
        node: "n1".to_owned(),
        index: 0,
    };
    let rows = world.subscribe(detail).await;
    let view = rows.wait_for(|view| !view.order.is_empty()).await;
    let figures = view.window().find_map(|row| match row {
        Row::GpuDetail(detail) => Some(detail.readings.iter().map(|one| one.figure).collect()),
        _ => None,
    });
    let figures: Vec<FigureOnWire> = figures.unwrap();
    assert!(figures.contains(&FigureOnWire::AiCoreUtilization));
    // It has no multiprocessors: that their figures are missing is nothing to be told.
    assert!(!figures.contains(&FigureOnWire::SmActive));
    world.engine.shutdown().await;
}
