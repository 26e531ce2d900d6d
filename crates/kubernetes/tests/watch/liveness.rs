//! What happens when the server stops, hangs, starts again, or refuses the credentials.

use std::time::Duration;

use proptest::prelude::*;
use strata_ports::{
    cluster::{WatchPlan, WatchState},
    connection::{ConnectionState, Step},
};
use tokio::time::Instant;

use crate::{
    server::{Kind, Server, Streaming},
    two_kinds,
    view::View,
};

#[tokio::test(start_paused = true)]
async fn a_stopped_server_is_stale_within_five_seconds_and_live_within_five_of_its_return() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    for kind in [Kind::PODS, Kind::NODES] {
        view.until_same(&server, &kind).await;
    }

    let stopped = Instant::now();
    server.stop();
    view.until("stale", |view| {
        view.is_stale() && matches!(view.watch(&Kind::PODS), Some(WatchState::Stale { .. }))
    })
    .await;
    assert!(
        stopped.elapsed() <= Duration::from_secs(5),
        "{:?}",
        stopped.elapsed()
    );
    let Some(ConnectionState::Stale {
        reason, retry_at, ..
    }) = &view.connection
    else {
        panic!("not stale: {:?}", view.connection);
    };
    assert!(reason.contains("refused"), "{reason}");
    assert!(retry_at.is_some());

    view.for_a_while(Duration::from_secs(20)).await;
    server.put(&Kind::PODS, "while-away");
    server.delete(&Kind::PODS, "a");
    let returned = Instant::now();
    server.start();
    view.until("live", View::is_connected).await;
    view.until_same(&server, &Kind::PODS).await;
    view.until_same(&server, &Kind::NODES).await;
    assert!(
        returned.elapsed() <= Duration::from_secs(5),
        "{:?}",
        returned.elapsed()
    );
    assert_eq!(
        (view.replaced(&Kind::PODS), view.applied(&Kind::PODS)),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn the_age_of_what_is_stale_is_that_of_the_last_word() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    view.for_a_while(Duration::from_secs(30)).await;
    let pods = crate::group_kind(&Kind::PODS);
    let last_word = view.heard[&pods].1;
    server.stop();
    view.until("stale", View::is_stale).await;
    let Some(ConnectionState::Stale { since, .. }) = view.connection else {
        unreachable!()
    };
    assert!(since >= last_word, "{since} {last_word}");
    assert!(
        since.duration_since(last_word).as_secs() <= 2,
        "{since} {last_word}"
    );
    let stale = |view: &View| matches!(view.watch(&Kind::PODS), Some(WatchState::Stale { .. }));
    view.until("stale pods", stale).await;
    let Some(WatchState::Stale { since: of_pods, .. }) = view.watch(&Kind::PODS) else {
        unreachable!()
    };
    assert!(*of_pods >= last_word && *of_pods <= since);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_silent_is_noticed_and_comes_back() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    let hung = Instant::now();
    server.state().is_silent = true;
    view.until("stale", View::is_stale).await;
    assert!(
        hung.elapsed() <= Duration::from_secs(5),
        "{:?}",
        hung.elapsed()
    );
    server.put(&Kind::PODS, "while-hung");
    server.state().is_silent = false;
    view.until_same(&server, &Kind::PODS).await;
    assert_eq!(view.replaced(&Kind::PODS), 1);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_watch_on_a_live_connection_stays_current() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    view.until_same(&server, &Kind::NODES).await;
    let pods = crate::group_kind(&Kind::PODS);
    view.until("the first word", |view| view.heard.contains_key(&pods))
        .await;
    let first = view.heard[&pods].1;
    view.for_a_while(Duration::from_secs(100)).await;
    let age = view.heard[&pods].1.duration_since(first);
    assert!(age.as_secs() >= 95, "{age:?}");
    assert!(view.is_connected() && view.is_live(&Kind::PODS));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_starting_is_believed_only_when_it_is_ready() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    server.stop();
    view.until("stale", View::is_stale).await;
    server.state().is_starting = true;
    server.start();
    view.until("that it starts", |view| {
        matches!(&view.connection, Some(ConnectionState::Stale { reason, .. }) if reason.contains("starting"))
    })
    .await;
    server.state().is_starting = false;
    view.until_same(&server, &Kind::PODS).await;
    let forbidden = view
        .states
        .values()
        .flatten()
        .any(|state| matches!(state, WatchState::Forbidden { .. }));
    assert!(!forbidden, "{:#?}", view.states);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_are_refused_again_end_the_retries() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    view.until_same(&server, &Kind::PODS).await;
    server.state().refusals_of_credentials = usize::MAX;
    server.break_watches();
    view.until("a failed login", |view| {
        matches!(
            &view.connection,
            Some(ConnectionState::Failed {
                step: Step::Authentication,
                retry_at: None,
                ..
            })
        )
    })
    .await;
    view.until("stale pods", |view| {
        matches!(view.watch(&Kind::PODS), Some(WatchState::Stale { .. }))
    })
    .await;
    let asked = server.state().requests.len();
    view.for_a_while(Duration::from_mins(5)).await;
    assert_eq!(server.state().requests.len(), asked, "it is still tried");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_were_renewed_bring_every_watch_back_whoever_complained() {
    let server = two_kinds();
    let mut view = View::of(&server, WatchPlan::default());
    for kind in [Kind::PODS, Kind::NODES] {
        view.until_same(&server, &kind).await;
    }
    view.for_a_while(Duration::from_secs(10)).await;
    server.state().refusals_of_credentials = 2;
    server.break_watches();
    view.until("both refusals", |_| {
        server.state().refusals_of_credentials == 0
    })
    .await;
    let refused = Instant::now();
    server.put(&Kind::PODS, "f");
    server.put(&Kind::NODES, "gpu-b");
    view.until_same(&server, &Kind::PODS).await;
    view.until_same(&server, &Kind::NODES).await;
    assert!(
        refused.elapsed() <= Duration::from_secs(5),
        "{:?}",
        refused.elapsed()
    );
    view.for_a_while(Duration::from_mins(3)).await;
    let failed = view
        .connections
        .iter()
        .any(|state| matches!(state, ConnectionState::Failed { .. }));
    assert!(!failed, "{:#?}", view.connections);
    assert_eq!(view.replaced(&Kind::PODS), 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_never_there_is_tried_until_it_comes() {
    let server = two_kinds();
    server.state().is_down = true;
    let mut view = View::of(&server, WatchPlan::default());
    view.until("a failure", |view| {
        matches!(
            &view.connection,
            Some(ConnectionState::Failed {
                retry_at: Some(_),
                ..
            })
        )
    })
    .await;
    server.start();
    view.until_same(&server, &Kind::PODS).await;
}

/// What may happen to a server.
#[derive(Clone, Debug)]
enum Happening {
    Put(u8),
    Delete(u8),
    Bookmark,
    End,
    Break,
    Expire,
    Stop,
    Start,
    Pause(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => (0..12_u8).prop_map(Happening::Put),
        4 => (0..12_u8).prop_map(Happening::Delete),
        1 => Just(Happening::Bookmark),
        1 => Just(Happening::End),
        1 => Just(Happening::Break),
        1 => Just(Happening::Expire),
        1 => Just(Happening::Stop),
        2 => Just(Happening::Start),
        4 => (0..6_u8).prop_map(Happening::Pause),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_events_add_up_to_a_fresh_list(
        happenings in proptest::collection::vec(happening(), 1..40),
        is_streaming: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let server = Server::serving(&[Kind::NODES, Kind::PODS]);
            server.state().page = 3;
            if is_streaming {
                server.state().streaming = Streaming::Known;
            }
            let mut view = View::of(&server, WatchPlan::default());
            for happening in happenings {
                match happening {
                    Happening::Put(name) => server.put(&Kind::PODS, &format!("pod-{name:02}")),
                    Happening::Delete(name) => server.delete(&Kind::PODS, &format!("pod-{name:02}")),
                    Happening::Bookmark => server.bookmark(&Kind::PODS),
                    Happening::End => server.end_watches(),
                    Happening::Break => server.break_watches(),
                    Happening::Expire => server.expire(&Kind::PODS),
                    Happening::Stop => server.stop(),
                    Happening::Start => server.start(),
                    Happening::Pause(tenths) => {
                        view.for_a_while(Duration::from_millis(100) * u32::from(tenths) * 10).await;
                    }
                }
            }
            server.start();
            view.until_same(&server, &Kind::PODS).await;
            view.for_a_while(Duration::from_secs(10)).await;
            assert_eq!(view.names(&Kind::PODS), server.names(&Kind::PODS));
        });
    }
}
