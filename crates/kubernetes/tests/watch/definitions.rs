//! Kinds that are defined while Strata looks, and go with their definitions.

use std::time::Duration;

use serde_json::json;
use strata_domain::{object::Object, plain::PlainKind};
use strata_ports::cluster::{PlannedKind, WatchPlan, WatchState};

use crate::{
    server::{Kind, Server},
    view::{View, group_kind},
};

#[tokio::test(start_paused = true)]
async fn a_kind_whose_definition_comes_is_followed_and_let_go_when_it_is_gone() {
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::DEFINITIONS]);
    let plan = WatchPlan {
        kinds: vec![PlannedKind {
            kind: group_kind(&Kind::QUEUES),
            fields: Vec::new(),
        }],
        ..WatchPlan::default()
    };
    let mut view = View::of(&server, plan);
    let queues = group_kind(&Kind::QUEUES);
    view.until("word of the queues", |view| {
        view.watches.contains_key(&queues)
    })
    .await;
    assert_eq!(view.watches[&queues], WatchState::NotServed);
    view.until_same(&server, &Kind::DEFINITIONS).await;

    server.serve(Kind::QUEUES);
    server.put(&Kind::QUEUES, "inference");
    let labels = json!({"app.kubernetes.io/version": "v0.14.0"});
    server.put_with(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io", &labels);
    view.until_same(&server, &Kind::QUEUES).await;
    let expected = PlainKind::CustomResourceDefinition {
        group: "kueue.x-k8s.io".into(),
        kind: "ClusterQueue".into(),
        release: "v0.14.0".into(),
    };
    view.until("the definition with its kind", |view| {
        view.objects
            .values()
            .any(|object| matches!(object, Object::Plain(plain) if plain.kind == expected))
    })
    .await;

    server.drop_kind(&Kind::QUEUES);
    server.delete(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    view.until("the end of the queues", |view| {
        view.watches[&queues] == WatchState::NotServed && view.names(&Kind::QUEUES).is_empty()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_defined_and_not_served_yet_is_looked_for_once_more() {
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::DEFINITIONS]);
    let queues = group_kind(&Kind::QUEUES);
    let plan = WatchPlan {
        kinds: vec![PlannedKind {
            kind: queues.clone(),
            fields: Vec::new(),
        }],
        ..WatchPlan::default()
    };
    let mut view = View::of(&server, plan);
    view.until("word of the queues", |view| {
        view.watches.contains_key(&queues)
    })
    .await;
    view.until_same(&server, &Kind::DEFINITIONS).await;
    server.put(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    // The server is asked, and does not know it.
    view.for_a_while(Duration::from_secs(2)).await;
    assert_eq!(view.watches[&queues], WatchState::NotServed);
    server.serve(Kind::QUEUES);
    view.until_same(&server, &Kind::QUEUES).await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_outlives_its_definition_is_asked_about_until_it_is_gone() {
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::DEFINITIONS, Kind::QUEUES]);
    server.put(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    // Nobody follows the queues: no watch of theirs ends, and asks.
    let mut view = View::of(&server, WatchPlan::default());
    let queues = group_kind(&Kind::QUEUES);
    view.until_same(&server, &Kind::DEFINITIONS).await;
    view.until("word of what is served", |view| {
        view.served.contains(&queues)
    })
    .await;
    server.delete(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    // The server is asked, and still knows it.
    view.for_a_while(Duration::from_millis(700)).await;
    assert!(view.served.contains(&queues));
    server.drop_kind(&Kind::QUEUES);
    view.until("the end of the queues", |view| {
        !view.served.contains(&queues)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_kind_whose_definition_is_gone_is_let_go_without_a_second_look() {
    let server = Server::serving(&[Kind::NODES, Kind::PODS, Kind::DEFINITIONS, Kind::QUEUES]);
    server.put(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    server.put(&Kind::QUEUES, "inference");
    let queues = group_kind(&Kind::QUEUES);
    let plan = WatchPlan {
        kinds: vec![PlannedKind {
            kind: queues.clone(),
            fields: Vec::new(),
        }],
        ..WatchPlan::default()
    };
    let mut view = View::of(&server, plan);
    view.until_same(&server, &Kind::DEFINITIONS).await;
    view.until_same(&server, &Kind::QUEUES).await;
    let looks = |server: &Server| {
        let state = server.state();
        let asked = state.requests.iter().filter(|path| *path == "/apis");
        asked.count()
    };
    let before = looks(&server);
    server.state().untold.insert(Kind::QUEUES.path());
    server.delete(&Kind::DEFINITIONS, "clusterqueues.kueue.x-k8s.io");
    view.until("the end of the queues", |view| {
        view.watches[&queues] == WatchState::NotServed && view.names(&Kind::QUEUES).is_empty()
    })
    .await;
    assert_eq!(looks(&server), before + 1);
}
