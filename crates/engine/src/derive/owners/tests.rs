use strata_domain::object::Object;
use strata_test_support::objects::{custom, deployment, job, node, pod, replica_set, stateful_set};

use super::*;
use crate::derive::fixture;

/// `Kind name` of the topmost owner of the pod `team/p`.
fn owner_of_p(objects: Vec<Object>) -> String {
    let cluster = fixture::cluster(objects);
    let owners = Owners::find(&cluster);
    let pod = cluster.pod_named("team", "p").unwrap();
    let slot = cluster.pod_table().slot_of(&pod.metadata.uid).unwrap();
    let root = owners.root(owners.of_pod(slot).unwrap()).unwrap();
    assert!(root.pods.contains(&slot));
    format!("{} {}", root.kind, root.key.name)
}

#[test]
fn the_whole_chain_is_climbed() {
    let service = custom("serving.kserve.io", "InferenceService", "team", "chat").object();
    let deployment = deployment("team", "chat-predictor")
        .owned_by(&service)
        .object();
    let set = replica_set("team", "chat-predictor-1")
        .owned_by(&deployment)
        .object();
    let pod = pod("team", "p").owned_by(&set).object();
    assert_eq!(
        owner_of_p(vec![service, deployment, set, pod]),
        "InferenceService.serving.kserve.io chat"
    );
}

#[test]
fn a_chain_may_lead_through_another_pod() {
    let group = custom("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "team", "llm").object();
    let leaders = stateful_set("team", "llm").owned_by(&group).object();
    let leader = pod("team", "llm-0").owned_by(&leaders).object();
    let workers = stateful_set("team", "llm-0").owned_by(&leader).object();
    let worker = pod("team", "p").owned_by(&workers).object();
    assert_eq!(
        owner_of_p(vec![group, leaders, leader, workers, worker]),
        "LeaderWorkerSet.leaderworkerset.x-k8s.io llm"
    );
}

#[test]
fn a_pod_that_nothing_owns_is_its_own() {
    assert_eq!(owner_of_p(vec![pod("team", "p").object()]), "Pod p");
}

#[test]
fn the_mirror_of_a_static_pod_is_not_owned_by_its_node() {
    let node = node("n").object();
    let pod = pod("team", "p").owned_by(&node).object();
    assert_eq!(owner_of_p(vec![node, pod]), "Pod p");
}

#[test]
fn an_owner_of_an_unknown_kind_stands_for_its_pods() {
    let unknown = custom("mindxdl.gitee.com", "AscendJob", "team", "train").object();
    let pod = pod("team", "p").owned_by(&unknown).object();
    assert_eq!(owner_of_p(vec![pod]), "AscendJob.mindxdl.gitee.com train");
}

#[test]
fn what_is_known_is_not_hidden_behind_what_is_not() {
    let unknown = custom("example.com", "Fleet", "team", "all").object();
    let job = job("team", "embed").owned_by(&unknown).object();
    let pod = pod("team", "p").owned_by(&job).object();
    assert_eq!(owner_of_p(vec![job, pod]), "Job.batch embed");
}

#[test]
fn labels_name_the_owner_where_no_reference_does() {
    let cluster = custom("ray.io", "RayCluster", "team", "ray").object();
    let pod = pod("team", "p").label("ray.io/cluster", "ray").object();
    assert_eq!(
        owner_of_p(vec![cluster, pod.clone()]),
        "RayCluster.ray.io ray"
    );
    // A label that names nothing that is there leads nowhere.
    assert_eq!(owner_of_p(vec![pod]), "Pod p");
}

#[test]
fn owners_that_own_each_other_end_the_climb() {
    let first = job("team", "a");
    let second = job("team", "b").owned_by(&first.clone().object()).object();
    let first = first.owned_by(&second).object();
    let pod = pod("team", "p").owned_by(&first).object();
    let owner = owner_of_p(vec![first, second, pod]);
    assert!(
        ["Job.batch a", "Job.batch b"].contains(&owner.as_str()),
        "{owner}"
    );
}

#[test]
fn every_pod_has_one_topmost_owner() {
    let set = replica_set("team", "web").object();
    let pods = ["p", "q", "r"].map(|name| pod("team", name).owned_by(&set).object());
    let cluster = fixture::cluster([set].into_iter().chain(pods));
    let owners = Owners::find(&cluster);
    let counted: Vec<usize> = owners.roots().map(|(_, root)| root.pods.len()).collect();
    assert_eq!(counted, [3]);
}
