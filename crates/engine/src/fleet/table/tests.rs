use strata_domain::{ids::Uid, pod::Pod};
use strata_test_support::objects::{pod, replica_set, uid};

use super::*;

fn names<'a>(pods: impl Iterator<Item = &'a Pod>) -> Vec<&'a str> {
    let mut names: Vec<&str> = pods.map(|pod| pod.metadata.key.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_pod_that_moves_is_found_where_it_is_and_nowhere_else() {
    let owner = replica_set("prod", "api-7f").object();
    let mut table = Table::default();
    table.apply(Box::new(pod("prod", "api-1").owned_by(&owner).build()));
    assert_eq!(table.on_node("n1").count(), 0);
    table.apply(Box::new(
        pod("prod", "api-1").owned_by(&owner).on("n1").build(),
    ));
    table.apply(Box::new(
        pod("prod", "api-2").owned_by(&owner).on("n1").build(),
    ));
    table.apply(Box::new(
        pod("prod", "api-1").owned_by(&owner).on("n2").build(),
    ));

    assert_eq!(table.len(), 2);
    assert_eq!(names(table.on_node("n1")), ["api-2"]);
    assert_eq!(names(table.on_node("n2")), ["api-1"]);
    assert_eq!(
        names(table.owned_by(&owner.metadata().uid)),
        ["api-1", "api-2"]
    );
    let namespaces: Vec<_> = table.namespaces().collect();
    assert_eq!(namespaces, [(&Text::from("prod"), 2)]);
    assert!(
        table
            .named("prod", "api-1")
            .is_some_and(|pod| pod.node == "n2")
    );
}

#[test]
fn a_pod_that_loses_its_owner_is_an_orphan() {
    let owner = replica_set("prod", "api-7f").object();
    let mut table = Table::default();
    table.apply(Box::new(pod("prod", "api-1").owned_by(&owner).build()));
    table.apply(Box::new(pod("prod", "api-1").build()));
    assert_eq!(table.owned_by(&owner.metadata().uid).count(), 0);
    assert_eq!(table.len(), 1);
}

#[test]
fn what_is_removed_leaves_no_trace_in_any_index() {
    let owner = replica_set("prod", "api-7f").object();
    let mut table = Table::default();
    table.apply(Box::new(
        pod("prod", "api-1").owned_by(&owner).on("n1").build(),
    ));
    let removed = table.remove(&uid("Pod", "prod", "api-1"));
    assert!(removed.is_some_and(|(_, pod)| pod.node == "n1"));
    assert!(table.remove(&uid("Pod", "prod", "api-1")).is_none());
    assert!(table.is_empty());
    assert!(table.named("prod", "api-1").is_none());
    assert_eq!(table.on_node("n1").count(), 0);
    assert_eq!(table.owned_by(&owner.metadata().uid).count(), 0);
    assert_eq!(table.namespaces().count(), 0);
}

#[test]
fn a_successor_of_the_same_name_outlives_its_predecessor() {
    let mut table = Table::default();
    table.apply(Box::new(pod("prod", "db-0").uid("first").on("n1").build()));
    table.apply(Box::new(pod("prod", "db-0").uid("second").on("n2").build()));
    table.remove(&Uid("first".into()));
    assert!(
        table
            .named("prod", "db-0")
            .is_some_and(|pod| pod.node == "n2")
    );
}

#[test]
fn slots_are_kept_by_changes_and_given_anew_after_removals() {
    let mut table = Table::default();
    let first = table.apply(Box::new(pod("a", "one").build())).unwrap();
    let again = table
        .apply(Box::new(pod("a", "one").on("n1").build()))
        .unwrap();
    assert_eq!(first, again);
    assert!(table.at(first).is_some_and(|pod| pod.node == "n1"));
    table.remove(&uid("Pod", "a", "one"));
    let other = table.apply(Box::new(pod("a", "two").build())).unwrap();
    assert_eq!(first, other);
    assert_eq!(table.slot_of(&uid("Pod", "a", "two")), Some(first));
}
