use strata_api::rows::{
    conformance::{RequirementLevel, RequirementRow},
    map::{CapabilityRow, Ends, Standing},
    survey::Answer,
};
use strata_domain::{
    condition::Status, object::Object, plain::PlainKind, storage::VolumeClaim, text::Text,
};
use strata_ports::cluster::{ClusterEvent, ServedKind};
use strata_test_support::objects::{custom, daemon_set, deployment, node, plain, pod};

use super::{
    Ground, capabilities::capabilities, conformance::conformance, lifecycle::lifecycle,
    needs::needs, relations::relations, storage::storage,
};
use crate::{
    derive::{Derived, fixture, scenario},
    fleet::cluster::Cluster,
    fold::{Dirty, apply},
};

/// Asks `what` of a cluster that holds `objects` and serves `kinds` besides theirs.
fn survey<T>(
    objects: impl IntoIterator<Item = Object>,
    kinds: &[(&str, &str)],
    what: impl FnOnce(Ground<'_>) -> T,
) -> T {
    let mut cluster = fixture::cluster(objects);
    let mut served = cluster.served().unwrap_or_default().to_vec();
    served.extend(kinds.iter().map(|(group, kind)| ServedKind {
        kind: strata_domain::ids::GroupKind::new(*group, *kind),
        versions: vec!["v1".to_owned()],
        resource: format!("{}s", kind.to_lowercase()),
        is_namespaced: true,
        is_watchable: true,
    }));
    let mut dirty = Dirty::default();
    let event = ClusterEvent::Served(served);
    apply(&mut cluster, event, fixture::now(), &mut dirty);
    asked(&cluster, what)
}

fn asked<T>(cluster: &Cluster, what: impl FnOnce(Ground<'_>) -> T) -> T {
    let catalog = fixture::catalog();
    let derived = fixture::derived(cluster, &catalog);
    what(Ground {
        cluster,
        derived: &derived,
        catalog: &catalog,
    })
}

fn capability(rows: &[CapabilityRow], id: &str) -> CapabilityRow {
    rows.iter()
        .find(|row| row.capability == id)
        .unwrap()
        .clone()
}

fn requirements(objects: Vec<Object>, kinds: &[(&str, &str)]) -> Vec<RequirementRow> {
    survey(objects, kinds, |ground| conformance(ground).1)
}

fn answer_of(rows: &[RequirementRow], id: &str) -> Answer {
    rows.iter()
        .find(|row| row.requirement == id)
        .unwrap()
        .found
        .answer
}

#[test]
fn capabilities_stand_as_what_serves_them_does() {
    let rows = survey(scenario::objects(), &[], capabilities);
    assert_eq!(rows.len(), 12);
    let standing = |id| capability(&rows, id).standing;
    assert_eq!(standing("distributed_training"), Standing::Served);
    assert_eq!(standing("automl"), Standing::Missing);
    let storage = capability(&rows, "data_storage");
    assert_eq!(storage.standing, Standing::Degraded, "Ceph warns");
    assert!(
        storage.reason.english().contains("Rook"),
        "{:?}",
        storage.reason
    );
    assert!(!storage.evidence.is_empty());
}

#[test]
fn a_missing_capability_names_what_would_serve_it_and_what_that_needs() {
    let rows = survey([node("a").object()], &[], capabilities);
    let serving = capability(&rows, "model_serving");
    assert_eq!(serving.standing, Standing::Missing);
    let kserve = serving
        .candidates
        .iter()
        .find(|one| one.name == "KServe")
        .unwrap();
    let requires = &kserve.requires[0];
    assert_eq!(
        (requires.name.as_str(), requires.is_present),
        ("cert-manager", false)
    );
    assert_eq!(
        capability(&rows, "general_orchestration").standing,
        Standing::Served
    );
}

#[test]
fn definitions_without_a_controller_only_prepare_a_capability() {
    let rows = survey(
        [node("a").object()],
        &[("kubeflow.org", "Experiment")],
        capabilities,
    );
    let automl = capability(&rows, "automl");
    assert_eq!(automl.standing, Standing::Partly);
    assert_eq!(
        automl.reason.english(),
        "The kinds of Katib are served, but nothing of it runs"
    );
    assert_eq!(automl.evidence[0].kind, "Experiment");
}

#[test]
fn what_was_not_listed_is_not_said_to_be_missing() {
    let cluster = Cluster::default();
    let catalog = fixture::catalog();
    let ground = Ground {
        cluster: &cluster,
        derived: &Derived::default(),
        catalog: &catalog,
    };
    for row in capabilities(ground) {
        assert_eq!(row.standing, Standing::Unknown, "{}", row.capability);
    }
    for row in relations(ground, &capabilities(ground)) {
        assert_eq!(row.stands, Ends::Unknown);
    }
    for row in needs(ground) {
        assert_eq!(row.generative.found.answer, Answer::Unknown, "{}", row.need);
    }
}

#[test]
fn a_relation_stands_with_both_its_ends_and_says_what_flows() {
    survey(scenario::objects(), &[], |ground| {
        let rows = relations(ground, &capabilities(ground));
        assert_eq!(rows.len(), 12);
        let training = &rows[1];
        assert_eq!(training.stands, Ends::Both);
        assert!(training.flow.is_some());
        let tuning = rows.iter().find(|row| row.from == "automl").unwrap();
        assert_ne!(tuning.stands, Ends::Both);
        assert_eq!(tuning.flow, None);
    });
}

#[test]
fn accelerators_meet_the_need_for_power_and_their_node_is_the_evidence() {
    let need = |objects: Vec<Object>| {
        survey(objects, &[], |ground| {
            needs(ground)[0].generative.found.clone()
        })
    };
    let none = need(vec![node("a").object()]);
    assert_eq!(none.answer, Answer::NotMet);
    assert!(none.remedy.is_some());
    let some = need(vec![
        node("a")
            .gpus(8)
            .gpu_product("NVIDIA-H100-80GB-HBM3")
            .label("nvidia.com/gpu.memory", "81559")
            .object(),
    ]);
    assert_eq!(some.answer, Answer::Met);
    assert_eq!(
        some.reason.english(),
        "8 accelerators with 637 GiB: 8 × H100 80GB HBM3"
    );
    let proof = &some.evidence[0];
    assert_eq!(
        (
            proof.kind.as_str(),
            proof.name.as_str(),
            proof.value.as_str()
        ),
        ("Node", "a", "8")
    );
}

#[test]
fn storage_that_many_nodes_share_meets_the_need_and_a_disk_alone_does_so_partly() {
    let need = |provisioner: &str| {
        let class = PlainKind::StorageClass {
            provisioner: Text::from(provisioner),
        };
        let objects = [node("a").object(), plain(class, "fast").object()];
        survey(objects, &[], |ground| needs(ground)[4].clone())
    };
    let shared = need("nfs.csi.k8s.io");
    assert_eq!(shared.generative.found.answer, Answer::Met);
    let disk = need("ebs.csi.aws.com");
    assert_eq!(disk.generative.found.answer, Answer::Partly);
    assert_eq!(disk.predictive.found.answer, Answer::Met);
    assert_eq!(disk.predictive.found.evidence[0].value, "ebs.csi.aws.com");
}

#[test]
fn claims_are_counted_by_whether_they_are_bound() {
    let claim = |name: &str, phase: &str| {
        let kept = VolumeClaim {
            phase: Text::from(phase),
            ..VolumeClaim::default()
        };
        plain(PlainKind::VolumeClaim(kept), name).object()
    };
    let class = PlainKind::StorageClass {
        provisioner: Text::from("nfs.csi.k8s.io"),
    };
    let driver = plain(PlainKind::CsiDriver, "nfs.csi.k8s.io").object();
    let objects = [
        node("a").object(),
        plain(class, "shared").object(),
        driver,
        claim("one", "Bound"),
        claim("two", "Pending"),
    ];
    let rows = survey(objects, &[], capabilities);
    let figure = capability(&rows, "data_storage").figure.unwrap();
    assert_eq!(figure.english(), "1 of 2 claims bound");
}

#[test]
fn the_checklist_of_the_servers_version_is_answered_whole() {
    let (checklist, rows) = survey([node("a").object()], &[], conformance);
    assert_eq!(checklist.kubernetes, "1.36");
    let must = rows
        .iter()
        .filter(|row| row.level == RequirementLevel::Must);
    assert_eq!((must.count(), rows.len()), (8, 14));
}

#[test]
fn without_accelerators_what_is_asked_of_them_does_not_apply() {
    let rows = requirements(vec![node("a").object()], &[]);
    for id in [
        "gpu_sharing",
        "secure_accelerator_access",
        "accelerator_metrics",
    ] {
        assert_eq!(answer_of(&rows, id), Answer::NotApplicable, "{id}");
    }
}

#[test]
fn that_accelerators_are_kept_apart_takes_a_test_which_is_offered() {
    let rows = requirements(vec![node("a").gpus(8).object()], &[]);
    let row = rows
        .iter()
        .find(|row| row.requirement == "secure_accelerator_access")
        .unwrap();
    assert_eq!(row.found.answer, Answer::Unknown);
    assert!(row.test.contains("kind: Pod"));
}

#[test]
fn a_gateway_counts_once_an_implementation_accepted_its_class() {
    let group = "gateway.networking.k8s.io";
    let class = |status| {
        custom(group, "GatewayClass", "", "envoy")
            .condition("Accepted", status, "Accepted", "")
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "ai_inference");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(
        answer(vec![node("a").object(), class(Status::False)]),
        Answer::Partly
    );
    assert_eq!(
        answer(vec![node("a").object(), class(Status::True)]),
        Answer::Met
    );
}

#[test]
fn gangs_are_started_by_a_queue_that_is_well() {
    let kueue = |ready| {
        deployment("kueue-system", "kueue-controller-manager")
            .image("registry.k8s.io/kueue/kueue:v0.19.2")
            .ready(ready, 1)
            .object()
    };
    let answer = |objects: Vec<Object>| answer_of(&requirements(objects, &[]), "gang_scheduling");
    assert_eq!(answer(vec![node("a").object()]), Answer::NotMet);
    assert_eq!(answer(vec![node("a").object(), kueue(1)]), Answer::Met);
    assert_eq!(answer(vec![node("a").object(), kueue(0)]), Answer::Partly);
}

#[test]
fn pods_scale_by_metrics_of_their_own_where_an_api_of_such_answers() {
    let api = |name: &str| {
        plain(PlainKind::ApiService { aggregated: true }, name)
            .condition("Available", Status::True, "Passed", "")
            .object()
    };
    let served = [("autoscaling", "HorizontalPodAutoscaler")];
    let answer = |objects: Vec<Object>, kinds: &[(&str, &str)]| {
        answer_of(&requirements(objects, kinds), "pod_autoscaling")
    };
    let node = || node("a").object();
    assert_eq!(answer(vec![node()], &[]), Answer::NotMet);
    assert_eq!(answer(vec![node()], &served), Answer::Partly);
    let resource = vec![node(), api("v1beta1.metrics.k8s.io")];
    assert_eq!(answer(resource, &served), Answer::Partly);
    let custom = vec![node(), api("v1beta2.custom.metrics.k8s.io")];
    assert_eq!(answer(custom, &served), Answer::Met);
}

#[test]
fn an_autoscaler_that_is_not_seen_may_run_outside() {
    let rows = requirements(vec![node("a").object()], &[]);
    assert_eq!(answer_of(&rows, "cluster_autoscaling"), Answer::Unknown);
}

#[test]
fn shares_of_a_gpu_are_seen_in_what_nodes_offer() {
    let whole = requirements(vec![node("a").gpus(8).object()], &[]);
    assert_eq!(answer_of(&whole, "gpu_sharing"), Answer::NotMet);
    let parts = node("a").gpus(7).resource("nvidia.com/mig-1g.10gb", 7, 7);
    let parts = requirements(vec![parts.object()], &[]);
    assert_eq!(answer_of(&parts, "gpu_sharing"), Answer::Met);
}

#[test]
fn metrics_of_accelerators_come_from_an_exporter_that_runs() {
    let exporter = |ready| {
        daemon_set("gpu-operator", "nvidia-dcgm-exporter")
            .image("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.0")
            .ready(ready, 1)
            .object()
    };
    let answer = |ready| {
        let objects = vec![node("a").gpus(8).object(), exporter(ready)];
        answer_of(&requirements(objects, &[]), "accelerator_metrics")
    };
    assert_eq!(answer(1), Answer::Met);
    assert_eq!(answer(0), Answer::Partly);
}

#[test]
fn a_models_life_has_five_stages_and_each_thing_stands_at_one() {
    let rows = survey(scenario::objects(), &[], lifecycle);
    let ids: Vec<&str> = rows.iter().map(|row| row.stage.as_str()).collect();
    assert_eq!(
        ids,
        [
            "data_preparation",
            "feature_store",
            "model_development",
            "model_storage",
            "model_serving"
        ]
    );
    let serving = &rows[4];
    assert!(
        serving
            .things
            .iter()
            .any(|thing| thing.name == "chat-assist")
    );
    let mut seen: Vec<String> = rows
        .iter()
        .flat_map(|row| row.things.iter().map(|thing| thing.subject.to_string()))
        .collect();
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
}

#[test]
fn claims_are_counted_by_class_and_workload_and_what_nobody_mounts_is_named() {
    let claim = |name: &str, class: &str, phase: &str| {
        let kept = VolumeClaim {
            class: Text::from(class),
            phase: Text::from(phase),
            requested_bytes: 1 << 30,
            ..VolumeClaim::default()
        };
        plain(PlainKind::VolumeClaim(kept), name)
            .namespaced("team")
            .object()
    };
    let class = PlainKind::StorageClass {
        provisioner: Text::from("nfs.csi.k8s.io"),
    };
    let objects = [
        node("a").object(),
        plain(class, "shared").object(),
        claim("used", "shared", "Bound"),
        claim("idle", "shared", "Bound"),
        claim("stuck", "", "Pending"),
        pod("team", "reader")
            .on("a")
            .mounts("used")
            .mounts("stuck")
            .object(),
    ];
    survey(objects, &[], |ground| {
        let seen = storage(ground);
        let shared = seen
            .classes
            .iter()
            .find(|row| row.name == "shared")
            .unwrap();
        assert_eq!((shared.kind.as_str(), shared.claimed.claims), ("file", 2));
        assert_eq!((shared.claimed.bound, shared.claimed.mounted), (2, 1));
        let findings: Vec<(&str, String)> = seen
            .findings
            .iter()
            .map(|row| (row.evidence.name.as_str(), row.reason.english()))
            .collect();
        assert_eq!(
            findings,
            [
                ("stuck", "A pod mounts it, but it has no volume".to_owned()),
                ("idle", "No pod mounts it".to_owned()),
            ]
        );
        let reader = seen.users.iter().find(|row| row.name == "reader").unwrap();
        assert_eq!((reader.claimed.claims, reader.claimed.bound), (2, 1));
        let team = seen.users.iter().find(|row| row.name.is_empty()).unwrap();
        assert_eq!((team.namespace.as_str(), team.claimed.claims), ("team", 3));
    });
}
