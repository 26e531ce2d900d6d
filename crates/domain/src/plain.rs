//! Objects of which little is kept: namespaces, storage classes, drivers, definitions.

use serde::{Deserialize, Serialize};

use crate::{
    condition::Condition,
    ids::ObjectKey,
    metadata::Metadata,
    storage::{Volume, VolumeClaim},
    text::Text,
};

/// An object whose name and one or two facts are all that Strata joins by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plain {
    /// Which kind, and its facts.
    pub kind: PlainKind,
    /// Name, labels, times.
    pub metadata: Metadata,
    /// `status.conditions`, where the kind has them.
    pub conditions: Vec<Condition>,
}

/// The kinds of [`Plain`], each with the facts that it is kept for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlainKind {
    /// `v1 Namespace`.
    Namespace,
    /// `storage.k8s.io/v1 StorageClass`.
    StorageClass {
        /// The driver that makes its volumes.
        provisioner: Text,
    },
    /// `storage.k8s.io/v1 CSIDriver`; its name is the driver's.
    CsiDriver,
    /// `node.k8s.io/v1 RuntimeClass`.
    RuntimeClass {
        /// The runtime's handler, such as `nvidia`.
        handler: Text,
    },
    /// `apiregistration.k8s.io/v1 APIService`; its name is `version.group`.
    ApiService {
        /// Whether an aggregated server answers, not the API server itself.
        aggregated: bool,
    },
    /// `apiextensions.k8s.io/v1 CustomResourceDefinition`.
    CustomResourceDefinition {
        /// The API group it defines.
        group: Text,
        /// The kind it defines.
        kind: Text,
        /// The release that shipped it, by its labels or annotations; may be empty.
        release: Text,
    },
    /// `v1 PersistentVolumeClaim`.
    VolumeClaim(VolumeClaim),
    /// `v1 PersistentVolume`.
    Volume(Volume),
    /// `autoscaling/v2 HorizontalPodAutoscaler`.
    PodAutoscaler {
        /// What it scales, as `Kind/name`.
        target: Text,
        /// By which sorts of metrics: `Resource`, `Pods`, `External` ...
        metrics: Box<[Text]>,
    },
    /// `admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration` or
    /// `MutatingWebhookConfiguration`.
    AdmissionWebhooks {
        /// Whether they may change what they are asked about.
        mutating: bool,
        /// The services that answer, by namespace and name, each once.
        services: Box<[ObjectKey]>,
    },
    /// `resource.k8s.io DeviceClass`; its name is what claims ask for.
    DeviceClass {
        /// The extended resource that it stands for (`spec.extendedResourceName`); may be empty.
        extended_resource: Text,
        /// What a device of the class must satisfy, every one of them (`spec.selectors`, CEL).
        selectors: Box<[Text]>,
    },
    /// `resource.k8s.io ResourceClaim`.
    ResourceClaim {
        /// The devices that were given to it; none while it waits for them.
        devices: Box<[ClaimedDevice]>,
        /// The pods that may use them, by name.
        reserved_for: Box<[Text]>,
    },
}

/// A device that was given to a claim, as slices name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClaimedDevice {
    /// The driver, such as `gpu.nvidia.com`.
    pub driver: Text,
    /// The pool.
    pub pool: Text,
    /// The device's name in its pool.
    pub device: Text,
}
