//! What runs of releases, through the whole engine.

use strata_api::{
    rows::{
        Ready, Row,
        release::{ReleaseRow, ReleaseState},
    },
    topics::Topic,
};
use strata_test_support::objects::deployment;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn what_runs_of_a_release_is_told_while_it_comes_up() {
    let world = World::start();
    let releases = world
        .subscribe(Topic::Releases {
            cluster: "west".to_owned(),
            namespaces: Vec::new(),
        })
        .await;
    world.connect("west").await.unwrap();
    let web = |ready| {
        deployment("team", "web")
            .label("strata.dev/release", "web")
            .ready(ready, 2)
            .object()
    };
    let kind = web(0).group_kind();
    world.clusters.list("west", &kind, vec![web(1)]);
    let is = |row: Option<&Row>, state: ReleaseState| matches!(row, Some(Row::Release(ReleaseRow { state: told, .. })) if *told == state);
    releases
        .wait_for(|view| is(view.rows.get("team/web"), ReleaseState::Starting))
        .await;
    world.clusters.list("west", &kind, vec![web(2)]);
    let view = releases
        .wait_for(|view| is(view.rows.get("team/web"), ReleaseState::Up))
        .await;
    let Some(Row::Release(row)) = view.rows.get("team/web") else {
        panic!("the release has a row")
    };
    let all = Ready {
        ready: 2,
        desired: 2,
    };
    assert_eq!(row.ready, Some(all));
    world.clusters.list("west", &kind, Vec::new());
    releases.wait_for(|view| view.total == 0).await;
    world.engine.shutdown().await;
}
