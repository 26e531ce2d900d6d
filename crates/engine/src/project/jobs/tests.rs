use strata_api::{
    rows::{Row, job::JobState},
    topics::{JobColumn, JobGroup, JobSort, Window},
};
use strata_domain::{
    ids::GroupKind,
    job::{JobObject, JobState as State},
    object::Object,
    queue::{QueueObject, Quota},
};
use strata_ports::cluster::ClusterEvent;
use strata_test_support::{
    clock::time,
    objects::{custom, job, pod},
};
use tokio::time::Instant;

use super::{JobBook, JobQuery, Span, detail, summary};
use crate::{
    derive::{Derived, derive, fixture, gpus::Gpus},
    fleet::cluster::Cluster,
    fold::{Dirty, apply},
    project::{pods::Picture, queues},
};

const ALL: Window = Window {
    first: 0,
    count: 100,
};

fn batch(namespace: &str, name: &str, state: State, team: &str) -> Object {
    job(namespace, name)
        .label("team", team)
        .says(JobObject {
            started: (state == State::Running).then(|| time("2026-03-01T01:00:00Z")),
            ..JobObject::of(state, "")
        })
        .object()
}

fn some() -> Vec<Object> {
    vec![
        batch("a", "run", State::Running, "vision"),
        batch("a", "over", State::Succeeded, "search"),
        batch("b", "hold", State::Suspended, "search"),
        batch("b", "late", State::Starting, ""),
    ]
}

fn everything() -> JobQuery {
    JobQuery {
        namespaces: Vec::new(),
        states: Vec::new(),
        filter: String::new(),
        group: None,
        lanes: Vec::new(),
        sort: JobSort::default(),
        past: None,
    }
}

fn derived(objects: Vec<Object>) -> (Cluster, Derived) {
    let cluster = fixture::cluster(objects);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    (cluster, derived)
}

/// The names in the order of the list; the heads of groups in brackets.
fn listed(objects: Vec<Object>, query: &JobQuery, window: Window) -> Vec<String> {
    let (_, derived) = derived(objects);
    let rows = JobBook::default().rows(&derived.jobs, query, window, Instant::now());
    rows.window
        .into_iter()
        .map(|keyed| match keyed.row {
            Row::Job(job) => job.name,
            Row::JobGroup(group) => format!("[{} {}]", group.name, group.jobs),
            Row::JobRoom(room) => format!("({})", room.group),
            other => panic!("neither a job nor a group: {other:?}"),
        })
        .collect()
}

#[test]
fn what_should_run_comes_first_and_what_is_over_last() {
    assert_eq!(
        listed(some(), &everything(), ALL),
        ["late", "run", "hold", "over"]
    );
}

#[test]
fn a_list_is_filtered_by_words_states_and_namespaces() {
    let words = |filter: &str| JobQuery {
        filter: filter.to_owned(),
        ..everything()
    };
    assert_eq!(listed(some(), &words("search"), ALL), ["hold", "over"]);
    assert_eq!(listed(some(), &words("search b"), ALL), ["hold", "over"]);
    assert_eq!(listed(some(), &words("suspended"), ALL), ["hold"]);
    // The words of other tools, and those of the interface in Chinese.
    assert_eq!(listed(some(), &words("paused"), ALL), ["hold"]);
    assert_eq!(listed(some(), &words("waiting"), ALL), ["late"]);
    assert_eq!(listed(some(), &words("已成功"), ALL), ["over"]);
    let running = JobQuery {
        states: vec![JobState::Running, JobState::Starting],
        namespaces: vec!["a".to_owned()],
        ..everything()
    };
    assert_eq!(listed(some(), &running, ALL), ["run"]);
}

#[test]
fn groups_have_heads_and_what_is_in_none_stands_last() {
    let by_owner = JobQuery {
        group: Some(JobGroup::Owner),
        ..everything()
    };
    assert_eq!(
        listed(some(), &by_owner, ALL),
        [
            "[search 2]",
            "hold",
            "over",
            "[vision 1]",
            "run",
            "[ 1]",
            "late"
        ]
    );
    let window = Window { first: 1, count: 2 };
    assert_eq!(listed(some(), &by_owner, window), ["hold", "over"]);
}

#[test]
fn a_lane_is_as_long_in_each_of_the_lists_that_stand_side_by_side() {
    let lanes = vec![
        JobState::Running,
        JobState::Starting,
        JobState::Suspended,
        JobState::Succeeded,
    ];
    let list = |state| JobQuery {
        states: vec![state],
        group: Some(JobGroup::Namespace),
        lanes: lanes.clone(),
        ..everything()
    };
    let mut objects = some();
    objects.push(batch("a", "walk", State::Running, "vision"));
    assert_eq!(
        listed(objects.clone(), &list(JobState::Running), ALL),
        ["[a 2]", "run", "walk", "[b 0]", "(b)"]
    );
    assert_eq!(
        listed(objects.clone(), &list(JobState::Succeeded), ALL),
        ["[a 1]", "over", "(a)", "[b 0]", "(b)"]
    );
    let window = Window { first: 2, count: 2 };
    assert_eq!(
        listed(objects, &list(JobState::Starting), window),
        ["(a)", "[b 1]"]
    );
}

#[test]
fn lanes_follow_their_jobs_and_the_words_that_are_looked_for() {
    let list = |filter: &str| JobQuery {
        states: vec![JobState::Succeeded],
        filter: filter.to_owned(),
        group: Some(JobGroup::Namespace),
        lanes: vec![JobState::Running, JobState::Succeeded],
        ..everything()
    };
    let mut book = JobBook::default();
    let mut total = |jobs: &crate::derive::jobs::Jobs, filter: &str| {
        book.rows(jobs, &list(filter), ALL, Instant::now()).total
    };
    let (mut cluster, before) = derived(some());
    assert_eq!(total(&before.jobs, ""), 2);
    let mut dirty = Dirty::default();
    let more = ["walk", "swim"].map(|name| batch("a", name, State::Running, "vision"));
    for object in more {
        let event = ClusterEvent::Applied(object);
        apply(&mut cluster, event, fixture::now(), &mut dirty);
    }
    let catalog = fixture::catalog();
    let after = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
    assert_eq!(total(&after.jobs, ""), 4, "three run in namespace a");
    assert_eq!(total(&after.jobs, "swim"), 2, "of which one is found");
}

#[test]
fn a_column_orders_both_ways() {
    let by_name = |descending| JobQuery {
        sort: JobSort {
            by: JobColumn::Name,
            descending,
        },
        ..everything()
    };
    let there = listed(some(), &by_name(false), ALL);
    let mut back = listed(some(), &by_name(true), ALL);
    back.reverse();
    assert_eq!(there, ["hold", "late", "over", "run"]);
    assert_eq!(there, back);
}

#[test]
fn the_summary_counts_every_state_and_how_long_was_waited() {
    let (cluster, derived) = derived(some());
    let catalog = fixture::catalog();
    let picture = Picture {
        cluster: &cluster,
        derived: &derived,
        catalog: &catalog,
        now: fixture::now(),
    };
    let rows = summary(picture, &everything());
    let Some(Row::JobSummary(summary)) = rows.window.first().map(|keyed| &keyed.row) else {
        panic!("no summary");
    };
    assert_eq!(summary.states.len(), 4);
    assert!(!summary.loading && summary.forbidden.is_empty());
    assert_eq!(summary.wait_median_seconds, Some(3600.0));
}

#[test]
fn the_detail_of_a_job_leads_down_to_its_pods_with_their_ranks() {
    let owner = custom("kubeflow.org", "PyTorchJob", "team", "ft")
        .job(JobObject::of(State::Running, ""))
        .object();
    let worker = |index: &str| {
        pod("team", &format!("ft-worker-{index}"))
            .label("training.kubeflow.org/replica-type", "worker")
            .label("training.kubeflow.org/replica-index", index)
            .owned_by(&owner)
            .object()
    };
    let mut objects: Vec<Object> = ["10", "2", "0"].map(worker).into();
    objects.push(owner.clone());
    let (cluster, derived) = derived(objects);
    let catalog = fixture::catalog();
    let picture = Picture {
        cluster: &cluster,
        derived: &derived,
        catalog: &catalog,
        now: fixture::now(),
    };
    let kind = GroupKind::new("kubeflow.org", "PyTorchJob");
    let rows = detail::rows(picture, &Gpus::default(), &kind, "team", "ft");
    let Some(Row::JobDetail(detail)) = rows.window.into_iter().next().map(|keyed| keyed.row) else {
        panic!("no detail");
    };
    let tree: Vec<(u32, &str, &str)> = detail
        .tree
        .iter()
        .map(|part| (part.depth, part.kind.as_str(), part.rank.as_str()))
        .collect();
    assert_eq!(
        tree,
        [
            (0, "PyTorchJob", ""),
            (1, "Pod", "worker 0"),
            (1, "Pod", "worker 2"),
            (1, "Pod", "worker 10"),
        ]
    );
    assert!(
        detail::rows(picture, &Gpus::default(), &kind, "team", "none")
            .window
            .is_empty()
    );
}

#[test]
fn what_one_queue_borrows_the_others_lend_by_what_they_leave_idle() {
    let queue = |name: &str, nominal, used| {
        custom("kueue.x-k8s.io", "ClusterQueue", "", name)
            .queue(QueueObject {
                parent: "atlas".into(),
                quotas: [Quota {
                    flavor: "h100".into(),
                    resource: "nvidia.com/gpu".into(),
                    nominal: Some(nominal),
                    used,
                    ..Quota::default()
                }]
                .into(),
                ..QueueObject::default()
            })
            .object()
    };
    let (cluster, derived) = derived(vec![
        queue("research", 10, 16),
        queue("training", 20, 10),
        queue("batch", 20, 0),
    ]);
    let catalog = fixture::catalog();
    let rows = queues::rows(Picture {
        cluster: &cluster,
        derived: &derived,
        catalog: &catalog,
        now: fixture::now(),
    });
    let shares: Vec<(String, f64, f64)> = rows
        .window
        .into_iter()
        .map(|keyed| match keyed.row {
            Row::Queue(queue) => (queue.name, queue.quotas[0].borrowed, queue.quotas[0].lent),
            other => panic!("not a queue: {other:?}"),
        })
        .collect();
    assert_eq!(
        shares,
        [
            ("batch".to_owned(), 0.0, 4.0),
            ("research".to_owned(), 6.0, 0.0),
            ("training".to_owned(), 0.0, 2.0),
        ]
    );
}

#[test]
fn jobs_that_are_gone_are_listed_where_their_time_is_asked_for() {
    let (mut cluster, before) = derived(some());
    let catalog = fixture::catalog();
    let mut dirty = Dirty::default();
    let gone = job("a", "run").object();
    let event = ClusterEvent::Deleted {
        kind: gone.group_kind(),
        uid: gone.metadata().uid.clone(),
    };
    apply(&mut cluster, event, fixture::now(), &mut dirty);
    let after = derive(&cluster, &catalog, Some(&before), &dirty, fixture::now());
    let listed = |past: Option<Span>| -> Vec<String> {
        let query = JobQuery {
            past,
            ..everything()
        };
        let rows = JobBook::default().rows(&after.jobs, &query, ALL, Instant::now());
        rows.window.into_iter().map(|keyed| keyed.id).collect()
    };
    let there = ["b/Job.batch/late", "b/Job.batch/hold", "a/Job.batch/over"];
    assert_eq!(listed(None), there);
    let while_it_ran = Span {
        from: time("2026-03-01T02:00:00Z"),
        until: time("2026-03-01T03:00:00Z"),
    };
    let shown = listed(Some(while_it_ran));
    assert!(
        shown.contains(&"a/Job.batch/run@Job/a/run".to_owned()),
        "{shown:?}"
    );
    assert_eq!(shown.len(), 4);
    let before_it_came = Span {
        from: time("2026-02-01T00:00:00Z"),
        until: time("2026-02-02T00:00:00Z"),
    };
    assert_eq!(listed(Some(before_it_came)), there);
}
