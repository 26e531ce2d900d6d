//! The summary of a kubelet (`/stats/summary`): of it, how full the volumes of claims are.
//!
//! Fields: `k8s.io/kubelet/pkg/apis/stats/v1alpha1/types.go`. Volumes that no claim is behind are left
//! out, and so is everything about processors and memory.

use jiff::Timestamp;
use serde::Deserialize;
use strata_domain::ids::ObjectKey;
use strata_ports::{
    error::PortErrorKind,
    telemetry::{Failure, VolumeReport},
};

/// The volumes that `summary` tells of.
pub(crate) fn volumes(summary: &[u8]) -> Result<Vec<VolumeReport>, Failure> {
    let summary: Summary = serde_json::from_slice(summary).map_err(|error| Failure {
        kind: PortErrorKind::Unsupported,
        message: format!("the kubelet's summary cannot be read: {error}"),
    })?;
    let volumes = summary.pods.into_iter().flat_map(|pod| pod.volume);
    Ok(volumes.filter_map(Volume::report).collect())
}

#[derive(Deserialize)]
struct Summary {
    #[serde(default)]
    pods: Vec<Pod>,
}

#[derive(Deserialize)]
struct Pod {
    #[serde(default)]
    volume: Vec<Volume>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    pvc_ref: Option<Claim>,
    time: Option<Timestamp>,
    capacity_bytes: Option<u64>,
    used_bytes: Option<u64>,
    available_bytes: Option<u64>,
}

#[derive(Deserialize)]
struct Claim {
    name: String,
    namespace: String,
}

impl Volume {
    /// A driver that measures nothing leaves the figures out: then nothing is known.
    fn report(self) -> Option<VolumeReport> {
        let claim = self.pvc_ref?;
        Some(VolumeReport {
            claim: ObjectKey::new(claim.namespace, claim.name),
            at: self.time,
            capacity_bytes: self.capacity_bytes.filter(|bytes| *bytes > 0)?,
            used_bytes: self.used_bytes?,
            available_bytes: self.available_bytes?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a kubelet 1.36 writes it, shortened.
    const SUMMARY: &str = r#"{
        "node": {"nodeName": "a", "fs": {"capacityBytes": 5}},
        "pods": [
            {"podRef": {"name": "chat-0", "namespace": "llm", "uid": "u"},
             "volume": [
                {"time": "2026-11-27T16:00:00Z", "availableBytes": 30, "capacityBytes": 100,
                 "usedBytes": 70, "inodesFree": 1, "inodes": 2, "inodesUsed": 1,
                 "name": "models", "pvcRef": {"name": "model-store", "namespace": "llm"}},
                {"time": "2026-11-27T16:00:00Z", "availableBytes": 9, "capacityBytes": 10,
                 "usedBytes": 1, "name": "kube-api-access-x"},
                {"time": "2026-11-27T16:00:00Z", "name": "raw",
                 "pvcRef": {"name": "untold", "namespace": "llm"}}]},
            {"podRef": {"name": "idle", "namespace": "llm", "uid": "v"}}]}"#;

    #[test]
    fn a_kubelet_tells_how_full_the_volumes_of_claims_are() {
        let told = volumes(SUMMARY.as_bytes()).unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        let volume = &told[0];
        assert_eq!(volume.claim.to_string(), "llm/model-store");
        assert_eq!(
            (
                volume.capacity_bytes,
                volume.used_bytes,
                volume.available_bytes
            ),
            (100, 70, 30)
        );
        assert_eq!(volume.at, Some("2026-11-27T16:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_no_summary_is_no_empty_one() {
        let failure = volumes(b"404 page not found").unwrap_err();
        assert_eq!(failure.kind, PortErrorKind::Unsupported);
    }
}
