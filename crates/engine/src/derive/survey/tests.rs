use strata_api::rows::{
    map::{CapabilityRow, Ends, Standing},
    survey::{Answer, Evidence},
};
use strata_domain::{
    ids::ObjectKey,
    object::Object,
    plain::PlainKind,
    storage::{Volume, VolumeClaim},
    text::Text,
};
use strata_ports::cluster::{ClusterEvent, ServedKind};
use strata_test_support::objects::{node, plain};

use super::{
    Ground, capabilities::capabilities, conformance::conformance, lifecycle::lifecycle,
    models::models, needs::needs, relations::relations, storage::storage,
};
use crate::{
    derive::{Derived, fixture, scenario},
    fleet::{cluster::Cluster, telemetry::Telemetry},
    fold::{Dirty, apply},
};

mod conformance;
mod models;
mod storage;

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
    asked(&cluster, &Telemetry::default(), what)
}

/// Asks `what` of a cluster that holds `objects` and of which `telemetry` was told.
fn measured<T>(
    objects: impl IntoIterator<Item = Object>,
    telemetry: &Telemetry,
    what: impl FnOnce(Ground<'_>) -> T,
) -> T {
    asked(&fixture::cluster(objects), telemetry, what)
}

fn asked<T>(cluster: &Cluster, telemetry: &Telemetry, what: impl FnOnce(Ground<'_>) -> T) -> T {
    let catalog = fixture::catalog();
    let derived = fixture::derived(cluster, &catalog);
    what(Ground {
        cluster,
        derived: &derived,
        catalog: &catalog,
        telemetry,
        now: fixture::now(),
    })
}

fn capability(rows: &[CapabilityRow], id: &str) -> CapabilityRow {
    rows.iter()
        .find(|row| row.capability == id)
        .unwrap()
        .clone()
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
        telemetry: &Telemetry::default(),
        now: fixture::now(),
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
fn a_volume_that_many_nodes_share_is_called_by_its_claim() {
    let class = PlainKind::StorageClass {
        provisioner: Text::from("ebs.csi.aws.com"),
    };
    let volume = Volume {
        phase: Text::from("Bound"),
        access_modes: Box::new([Text::from("ReadWriteMany")]),
        claim: ObjectKey::new("training", "corpus"),
        ..Volume::default()
    };
    let objects = [
        node("a").object(),
        plain(class, "disks").object(),
        plain(PlainKind::Volume(volume), "pvc-00250c25").object(),
    ];
    let storage = survey(objects, &[], |ground| needs(ground)[4].clone());
    let found = storage.generative.found;
    assert_eq!(found.answer, Answer::Met);
    let reason = found.reason.english();
    assert!(reason.contains("training/corpus"), "{reason}");
    assert!(!reason.contains("pvc-"), "{reason}");
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
    let row = capability(&rows, "data_storage");
    assert_eq!(row.figures[0].said.english(), "1 of 2 claims bound");
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
    let mut seen: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            row.things
                .iter()
                .map(|thing| thing.evidence.subject.clone())
        })
        .collect();
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
}

/// Whether each line names an object's kind and a field.
fn leads_somewhere(evidence: &[Evidence]) -> bool {
    let names = |line: &Evidence| !line.kind.is_empty() && !line.field.is_empty();
    !evidence.is_empty() && evidence.iter().all(names)
}

/// Every claim of a survey that what it rests on does not tell: by what is claimed.
fn unproven(ground: Ground<'_>) -> Vec<String> {
    let mut claims: Vec<(String, Vec<Evidence>)> = Vec::new();
    let capabilities = capabilities(ground);
    for row in relations(ground, &capabilities) {
        claims.push((format!("relation {}", row.number), row.evidence));
    }
    for row in capabilities {
        claims.push((row.capability, row.evidence));
        let things = row.things.into_iter();
        claims.extend(things.map(|thing| (thing.name, vec![thing.evidence])));
    }
    for row in needs(ground) {
        for (side, found) in [
            ("generative", row.generative.found),
            ("predictive", row.predictive.found),
        ] {
            if found.answer != Answer::Unknown {
                claims.push((format!("{} {side}", row.need), found.evidence));
            }
        }
    }
    for row in conformance(ground).1 {
        if row.found.answer != Answer::Unknown {
            claims.push((row.requirement, row.found.evidence));
        }
    }
    for row in lifecycle(ground) {
        let things = row.stuck.into_iter().chain(row.things);
        claims.extend(things.map(|thing| (thing.name, vec![thing.evidence])));
    }
    for row in models(ground) {
        let stations = row.stations.into_iter();
        claims.extend(stations.map(|one| (one.thing.name, vec![one.link, one.thing.evidence])));
    }
    let kept = storage(ground);
    claims.extend(kept.classes.into_iter().map(|row| (row.name, row.evidence)));
    claims.extend(kept.drivers.into_iter().map(|row| (row.name, row.evidence)));
    claims.extend(kept.users.into_iter().map(|row| (row.name, row.evidence)));
    let caches = kept.caches.into_iter();
    claims.extend(caches.map(|row| (row.name, vec![row.evidence])));
    let findings = kept.findings.into_iter();
    claims.extend(findings.map(|row| (row.evidence.name.clone(), vec![row.evidence])));
    let unproven = claims
        .into_iter()
        .filter(|(_, lines)| !leads_somewhere(lines));
    unproven.map(|(claim, _)| claim).collect()
}

#[test]
fn every_claim_leads_to_an_object_and_its_field() {
    let nothing: Vec<String> = Vec::new();
    assert_eq!(survey(scenario::objects(), &[], unproven), nothing);
    // What is not there is shown by the lists that do not have it.
    let bare = || [node("a").object()];
    assert_eq!(survey(bare(), &[], unproven), nothing);
    let automl = survey(bare(), &[], |ground| {
        capability(&capabilities(ground), "automl").evidence
    });
    let kinds: Vec<&str> = automl.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds, ["Deployment", "DaemonSet", "StatefulSet"]);
}
