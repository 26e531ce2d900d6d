//! Volumes, and the claims to them.

use serde::{Deserialize, Serialize};

use crate::{ids::ObjectKey, text::Text};

/// What is kept of a `v1 PersistentVolumeClaim`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeClaim {
    /// The storage class that it names; empty for none.
    pub class: Text,
    /// The volume that it is bound to; empty while it is not.
    pub volume: Text,
    /// `status.phase`: `Pending`, `Bound` or `Lost`.
    pub phase: Text,
    /// The access modes that it asks for, such as `ReadWriteMany`.
    pub access_modes: Box<[Text]>,
    /// What it asks for, in bytes.
    pub requested_bytes: u64,
    /// What it got, in bytes; 0 while it is not bound.
    pub capacity_bytes: u64,
}

impl VolumeClaim {
    /// Whether it has a volume.
    pub fn is_bound(&self) -> bool {
        self.phase == "Bound"
    }
}

/// What is kept of a `v1 PersistentVolume`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Its storage class; empty for none.
    pub class: Text,
    /// The CSI driver that makes it; empty where none does.
    pub driver: Text,
    /// `status.phase`: `Available`, `Bound`, `Released` or `Failed`.
    pub phase: Text,
    /// The access modes that it allows.
    pub access_modes: Box<[Text]>,
    /// How large it is, in bytes.
    pub capacity_bytes: u64,
    /// The claim that it is bound to or kept for; both empty for none.
    pub claim: ObjectKey,
    /// What becomes of it without its claim: `Retain`, `Delete` or `Recycle`.
    pub reclaim: Text,
}
