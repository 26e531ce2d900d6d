//! Jobs that are no longer in the cluster, as shells see them.

use serde_json::json;
use strata_api::{
    rows::{Row, job::JobState as Shown},
    topics::{JobPast, JobSort, Topic, Window},
};
use strata_domain::{
    ids::ClusterId,
    job::{JobObject, JobState},
    text::Text,
};
use strata_ports::{cluster::ClusterEvent, series::SeriesStore as _};
use strata_test_support::{
    frames::View,
    objects::{job, pod_kind},
};

use crate::world::{World, until_in_time};

fn all_jobs() -> Topic {
    Topic::Jobs {
        cluster: "west".to_owned(),
        namespaces: Vec::new(),
        states: Vec::new(),
        filter: String::new(),
        group: None,
        lanes: Vec::new(),
        sort: JobSort::default(),
        past: Some(JobPast::default()),
        window: Window {
            first: 0,
            count: 100,
        },
    }
}

fn is_told_as_gone(view: &View) -> bool {
    view.window().any(|row| {
        matches!(row, Row::Job(job) if job.name == "ft"
            && job.gone.as_ref().is_some_and(|gone| gone.last == Shown::Running))
    })
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_deleted_is_told_of_and_after_the_next_start_too() {
    let world = World::start();
    assert!(world.connect("west").await.is_ok());
    world.clusters.go_live("west");
    world.clusters.list("west", &pod_kind(), Vec::new());
    let ft = job("team", "ft")
        .says(JobObject::of(JobState::Running, ""))
        .object();
    let kind = ft.group_kind();
    world.clusters.list("west", &kind, vec![ft.clone()]);
    let jobs = world.subscribe(all_jobs()).await;
    jobs.wait_for(|view| view.total == 1 && !is_told_as_gone(view))
        .await;
    let uid = ft.metadata().uid.clone();
    world
        .clusters
        .say("west", vec![ClusterEvent::Deleted { kind, uid }]);
    jobs.wait_for(is_told_as_gone).await;

    let west = json!({ "cluster": "west" });
    let left = world.engine.call("disconnect_cluster", west).await;
    assert!(left.is_ok(), "{left:?}");
    jobs.wait_for(|view| view.total == 0).await;
    assert!(world.connect("west").await.is_ok());
    jobs.wait_for(is_told_as_gone).await;
    world.engine.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_job_that_goes_while_nobody_looks_is_told_of_as_it_was_seen_last() {
    let world = World::start();
    assert!(world.connect("west").await.is_ok());
    world.clusters.go_live("west");
    world.clusters.list("west", &pod_kind(), Vec::new());
    let ft = job("team", "ft")
        .says(JobObject::of(JobState::Running, ""))
        .object();
    let kind = ft.group_kind();
    world.clusters.list("west", &kind, vec![ft.clone()]);
    let jobs = world.subscribe(all_jobs()).await;
    jobs.wait_for(|view| view.total == 1).await;
    until_in_time(|| {
        let records = world.series.records();
        records.iter().any(|(_, record)| record.living.is_some())
    })
    .await;
    let west = json!({ "cluster": "west" });
    let left = world.engine.call("disconnect_cluster", west).await;
    assert!(left.is_ok(), "{left:?}");

    let uid = ft.metadata().uid.clone();
    world
        .clusters
        .say("west", vec![ClusterEvent::Deleted { kind, uid }]);
    assert!(world.connect("west").await.is_ok());
    jobs.wait_for(is_told_as_gone).await;
    jobs.wait_for(|view| {
        view.window().any(|row| {
            matches!(row, Row::Job(job) if job.gone.as_ref().is_some_and(|gone| {
                gone.missed_at.is_none() && gone.seen_at == job.finished_at && gone.seen_at.is_some()
            }))
        })
    })
    .await;
    let kept = world.series.past_jobs(&ClusterId(Text::from("west")));
    assert_eq!(kept.unwrap().len(), 1);
    world.engine.shutdown().await;
}
