//! Objects of which little is kept: namespaces, storage classes, drivers, definitions.

use serde::{Deserialize, Serialize};

use crate::{condition::Condition, metadata::Metadata, text::Text};

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
    /// `resource.k8s.io DeviceClass`; its name is what claims ask for.
    DeviceClass {
        /// The extended resource that it stands for (`spec.extendedResourceName`); may be empty.
        extended_resource: Text,
    },
}
