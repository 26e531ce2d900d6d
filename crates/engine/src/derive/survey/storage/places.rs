//! Object stores, registries and file systems outside of volumes, as far as objects name them: by the
//! addresses of models and data sets, of backups, of what programs are told to read. Keys are never
//! read; that a secret opens a place is told by the secret's name alone.

use std::collections::BTreeMap;

use strata_api::rows::{storage::StoragePlaceRow, survey::Evidence};
use strata_domain::{custom::Custom, ids::GroupKind, model};

use super::{Look, MOST};
use crate::derive::survey::facts;

/// As much of what names a place as its row shows.
const SHOWN: usize = 8;

/// Fields that hold an address, and the fields of the secret that opens it, by kind.
const NAMING: [(&str, &str, &[&str], &[&str]); 10] = [
    (
        "serving.kserve.io",
        "InferenceService",
        &["spec.predictor.model.storageUri"],
        &["spec.predictor.serviceAccountName"],
    ),
    (
        "serving.kserve.io",
        "LLMInferenceService",
        &["spec.model.uri"],
        &[],
    ),
    (
        "serving.kserve.io",
        "LocalModelCache",
        &["spec.sourceModelUri"],
        &[],
    ),
    (
        "serving.kserve.io",
        "LocalModelNamespaceCache",
        &["spec.sourceModelUri"],
        &[],
    ),
    (
        "apps.nvidia.com",
        "NIMCache",
        &["spec.source.hf.endpoint"],
        &["spec.source.ngc.authSecret", "spec.source.hf.authSecret"],
    ),
    (
        "trainer.kubeflow.org",
        "TrainJob",
        &[
            "spec.initializer.dataset.storageUri",
            "spec.initializer.model.storageUri",
        ],
        &[
            "spec.initializer.dataset.secretRef.name",
            "spec.initializer.model.secretRef.name",
        ],
    ),
    (
        "data.fluid.io",
        "Dataset",
        &["spec.mounts.0.mountPoint"],
        &["spec.mounts.0.encryptOptions.0.valueFrom.secretKeyRef.name"],
    ),
    (
        "velero.io",
        "BackupStorageLocation",
        &["spec.config.s3Url"],
        &["spec.credential.name"],
    ),
    (
        "ceph.rook.io",
        "CephObjectStore",
        &["status.info.endpoint", "status.info.secureEndpoint"],
        &[],
    ),
    (
        "production-stack.vllm.ai",
        "VLLMRuntime",
        &["spec.model.modelURL"],
        &[],
    ),
];

#[derive(Default)]
struct Place {
    named_by: u32,
    secrets: Vec<String>,
    evidence: Vec<Evidence>,
}

impl Place {
    fn name(&mut self, line: Evidence) {
        self.named_by += 1;
        if self.evidence.len() < SHOWN {
            self.evidence.push(line);
        }
    }

    /// Notes the names of secrets that open it.
    fn opened_by<'a>(&mut self, secrets: impl IntoIterator<Item = &'a str>) {
        for secret in secrets {
            if !self.secrets.iter().any(|known| known == secret) {
                self.secrets.push(secret.to_owned());
            }
        }
    }
}

/// The places, by address.
pub(super) fn places(look: &Look<'_>) -> Vec<StoragePlaceRow> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for (group, word, addresses, secrets) in NAMING {
        let kind = GroupKind::new(group, word);
        for custom in look.ground.cluster.custom(&kind) {
            for path in addresses {
                let Some(uri) = custom.field(path) else {
                    continue;
                };
                // A claim is no place outside.
                let Some(address) = model::place_of(uri).filter(|_| model::claim_of(uri).is_none())
                else {
                    continue;
                };
                let place = places.entry(address).or_default();
                place.name(facts::of_object(&kind, &custom.metadata, *path, uri, None));
                place.opened_by(secrets.iter().filter_map(|path| custom.field(path)));
            }
        }
    }
    let backups = GroupKind::new("velero.io", "BackupStorageLocation");
    for location in look.ground.cluster.custom(&backups) {
        if let Some((address, line)) = bucket(&backups, location) {
            let place = places.entry(address).or_default();
            place.name(line);
            place.opened_by(location.field("spec.credential.name"));
        }
    }
    let claims = GroupKind::new("objectbucket.io", "ObjectBucketClaim");
    for claim in look.ground.cluster.custom(&claims) {
        if let Some(bucket) = claim.field("spec.bucketName") {
            let place = places.entry(format!("s3://{bucket}")).or_default();
            place.name(facts::of_object(
                &claims,
                &claim.metadata,
                "spec.bucketName",
                bucket,
                None,
            ));
            // The key to the bucket is put into a secret of the claim's name.
            place.opened_by([claim.metadata.key.name.as_str()]);
        }
    }
    let pods = GroupKind::new("", "Pod");
    for application in &look.ground.derived.applications.list {
        let table = look.ground.cluster.pod_table();
        let mut of_pods = application.pods.iter().filter_map(|slot| table.at(*slot));
        let Some(pod) = of_pods.find(|pod| pod.model_argument().contains("://")) else {
            continue;
        };
        if let Some(address) = model::place_of(pod.model_argument()) {
            let line = facts::of_object(
                &pods,
                &pod.metadata,
                "spec.containers[].args",
                pod.model_argument(),
                None,
            );
            let line = facts::belonging(line, application.subject.clone());
            places.entry(address).or_default().name(line);
        }
    }
    let rows = places.into_iter().take(MOST);
    rows.map(|(address, place)| StoragePlaceRow {
        address,
        named_by: place.named_by,
        secrets: place.secrets,
        evidence: place.evidence,
    })
    .collect()
}

/// The bucket that backups go to.
fn bucket(kind: &GroupKind, location: &Custom) -> Option<(String, Evidence)> {
    let path = "spec.objectStorage.bucket";
    let bucket = location.field(path)?;
    let scheme = match location.field("spec.provider") {
        Some("gcp" | "velero.io/gcp") => "gs",
        Some("azure" | "velero.io/azure") => "azblob",
        _ => "s3",
    };
    let line = facts::of_object(kind, &location.metadata, path, bucket, None);
    Some((format!("{scheme}://{bucket}"), line))
}
