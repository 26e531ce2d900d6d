use std::time::Duration;

use jiff::Timestamp;
use strata_api::rows::Severity;
use strata_domain::{
    ids::ObjectKey, object::Object, plain::PlainKind, storage::VolumeClaim, text::Text,
};
use strata_ports::telemetry::{Answer, Dialect, Exporter, Told, VolumeReport};
use strata_test_support::objects::{custom, node, plain, pod};

use super::{measured, survey};
use crate::{
    derive::{fixture, survey::storage::storage},
    fleet::telemetry::Telemetry,
};

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

/// A claim of 1 GiB in the namespace `team`.
fn claim(name: &str, phase: &str) -> Object {
    let kept = VolumeClaim {
        class: Text::from("shared"),
        phase: Text::from(phase),
        requested_bytes: 1 << 30,
        ..VolumeClaim::default()
    };
    plain(PlainKind::VolumeClaim(kept), name)
        .namespaced("team")
        .object()
}

/// What the kubelet of `a` told of volumes of 1,000 bytes, so many of them used.
fn told(at: Timestamp, used: &[(&str, u64)]) -> Telemetry {
    let kubelet = ObjectKey::new("", "a");
    let mut telemetry = Telemetry::default();
    let exporter = Exporter {
        pod: kubelet.clone(),
        node: Text::from("a"),
        dialect: Dialect::Kubelet,
        ports: [].into(),
        is_tls: true,
        address: None,
    };
    telemetry.keep(&[exporter], |_| true);
    let reports = used.iter().map(|(name, used)| VolumeReport {
        claim: ObjectKey::new("team", *name),
        at: None,
        capacity_bytes: 1_000,
        used_bytes: *used,
        available_bytes: 1_000 - used,
    });
    telemetry.take(Answer {
        pod: kubelet,
        at,
        took: Duration::from_millis(5),
        bytes: 100,
        outcome: Ok(Told::Volumes(reports.collect())),
    });
    telemetry
}

#[test]
fn what_kubelets_measure_says_what_is_used_and_what_is_nearly_full() {
    let objects = [
        node("a").object(),
        claim("roomy", "Bound"),
        claim("tight", "Bound"),
        claim("full", "Bound"),
        claim("untold", "Bound"),
        pod("team", "reader")
            .on("a")
            .mounts("roomy")
            .mounts("tight")
            .mounts("full")
            .mounts("untold")
            .object(),
    ];
    let used = [("roomy", 200), ("tight", 900), ("full", 980)];
    measured(objects, &told(fixture::now(), &used), |ground| {
        let seen = storage(ground);
        let class = seen
            .classes
            .iter()
            .find(|row| row.name == "shared")
            .unwrap();
        assert_eq!(class.claimed.measured, 3);
        assert_eq!(class.claimed.used_bytes, Some(2_080.0));
        let found: Vec<(&str, Severity)> = seen
            .findings
            .iter()
            .map(|row| (row.evidence.name.as_str(), row.severity))
            .collect();
        assert_eq!(
            found,
            [("full", Severity::Critical), ("tight", Severity::Warning)]
        );
        let names: Vec<&str> = seen.claims.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["full", "tight", "roomy", "untold"]);
        assert_eq!(seen.claims[3].fill, None, "unknown is not 0");
        assert_eq!((seen.source.kubelets, seen.source.told), (1, 1));
    });
}

#[test]
fn what_kubelets_measured_long_ago_is_not_said_to_be_so() {
    let objects = [node("a").object(), claim("tight", "Bound")];
    let long_ago = fixture::now() - jiff::SignedDuration::from_mins(20);
    measured(objects, &told(long_ago, &[("tight", 990)]), |ground| {
        let seen = storage(ground);
        assert_eq!(seen.claims[0].fill, None);
        let class = seen
            .classes
            .iter()
            .find(|row| row.name == "shared")
            .unwrap();
        assert_eq!(class.claimed.used_bytes, None);
    });
}

#[test]
fn a_snapshot_that_failed_is_amiss_and_says_why() {
    let snapshot = |name: &str| custom("snapshot.storage.k8s.io", "VolumeSnapshot", "team", name);
    let objects = [
        node("a").object(),
        snapshot("good")
            .field("spec.source.persistentVolumeClaimName", "models")
            .field("status.readyToUse", "true")
            .object(),
        snapshot("bad")
            .field("status.readyToUse", "false")
            .field("status.error.message", "pool quota exceeded")
            .object(),
        snapshot("young").object(),
    ];
    survey(objects, &[], |ground| {
        let seen = storage(ground);
        let states: Vec<(&str, Option<bool>, Severity)> = seen
            .snapshots
            .iter()
            .map(|row| (row.name.as_str(), row.is_ready, row.severity))
            .collect();
        assert_eq!(states[0], ("bad", Some(false), Severity::Warning));
        assert!(states.contains(&("good", Some(true), Severity::Ok)));
        assert!(states.contains(&("young", None, Severity::Unknown)));
        assert_eq!(
            seen.findings[0].reason.english(),
            "The snapshot could not be taken: pool quota exceeded"
        );
    });
}

#[test]
fn places_outside_are_told_by_the_objects_that_name_them_and_by_no_key() {
    let objects = [
        node("a").object(),
        custom("serving.kserve.io", "InferenceService", "llm", "churn")
            .field("spec.predictor.model.storageUri", "s3://models/churn")
            .object(),
        custom("serving.kserve.io", "InferenceService", "llm", "local")
            .field("spec.predictor.model.storageUri", "pvc://store/local")
            .object(),
        custom("velero.io", "BackupStorageLocation", "velero", "default")
            .field("spec.provider", "aws")
            .field("spec.objectStorage.bucket", "backups")
            .field("spec.credential.name", "velero-s3")
            .object(),
        custom("ceph.rook.io", "CephObjectStore", "rook-ceph", "models")
            .field(
                "status.info.endpoint",
                "http://rook-ceph-rgw-models.rook-ceph.svc:80",
            )
            .object(),
        custom("objectbucket.io", "ObjectBucketClaim", "training", "corpus")
            .field("spec.bucketName", "corpus-7f3a")
            .object(),
    ];
    survey(objects, &[], |ground| {
        let seen = storage(ground);
        let places: Vec<(&str, u32)> = seen
            .places
            .iter()
            .map(|row| (row.address.as_str(), row.named_by))
            .collect();
        let endpoint = "http://rook-ceph-rgw-models.rook-ceph.svc:80";
        let expected = [
            (endpoint, 1),
            ("s3://backups", 1),
            ("s3://corpus-7f3a", 1),
            ("s3://models", 1),
        ];
        assert_eq!(places, expected);
        let secrets: Vec<&[String]> = seen.places.iter().map(|row| &*row.secrets).collect();
        assert_eq!(secrets[1], ["velero-s3"]);
        assert_eq!(secrets[2], ["corpus"]);
    });
}

#[test]
fn a_cache_says_how_full_it_is_and_where_it_gets_its_data() {
    let objects = [
        node("a").object(),
        custom("serving.kserve.io", "LocalModelCache", "", "llama")
            .field("spec.sourceModelUri", "hf://meta-llama/Llama-3.3-70B")
            .field("status.copies.available", "8")
            .field("status.copies.total", "10")
            .object(),
    ];
    survey(objects, &[], |ground| {
        let seen = storage(ground);
        let cache = &seen.caches[0];
        assert_eq!((cache.fill.as_str(), cache.share), ("8/10", Some(0.8)));
        assert_eq!(cache.source, "hf://meta-llama/Llama-3.3-70B");
    });
}
