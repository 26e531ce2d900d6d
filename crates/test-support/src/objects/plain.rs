//! Builds objects of which little is kept: namespaces, definitions of kinds, claims of devices.

use strata_domain::{
    object::Object,
    plain::{ClaimedDevice, Plain, PlainKind},
    text::Text,
};

use super::{condition_method, metadata, metadata_methods};

/// Builds a plain object.
#[derive(Clone, Debug)]
pub struct PlainBuilder {
    object: Plain,
}

/// A plain object.
pub fn plain(kind: PlainKind, name: &str) -> PlainBuilder {
    let word = match kind {
        PlainKind::Namespace => "Namespace",
        PlainKind::StorageClass { .. } => "StorageClass",
        PlainKind::CsiDriver => "CSIDriver",
        PlainKind::RuntimeClass { .. } => "RuntimeClass",
        PlainKind::ApiService { .. } => "APIService",
        PlainKind::CustomResourceDefinition { .. } => "CustomResourceDefinition",
        PlainKind::DeviceClass { .. } => "DeviceClass",
        PlainKind::ResourceClaim { .. } => "ResourceClaim",
        PlainKind::VolumeClaim(_) => "PersistentVolumeClaim",
        PlainKind::Volume(_) => "PersistentVolume",
        PlainKind::PodAutoscaler { .. } => "HorizontalPodAutoscaler",
        PlainKind::AdmissionWebhooks { .. } => "WebhookConfiguration",
    };
    PlainBuilder {
        object: Plain {
            kind,
            metadata: metadata(word, "", name),
            conditions: Vec::new(),
        },
    }
}

/// A namespace.
pub fn namespace(name: &str) -> PlainBuilder {
    plain(PlainKind::Namespace, name)
}

/// The definition of the custom resource `resource` (`clusterqueues`), shipped in `release`.
pub fn definition(group: &str, kind: &str, resource: &str, release: &str) -> PlainBuilder {
    let defined = PlainKind::CustomResourceDefinition {
        group: Text::from(group),
        kind: Text::from(kind),
        release: Text::from(release),
    };
    plain(defined, &format!("{resource}.{group}"))
}

/// A device class that stands for the extended resource `extended_resource`, or for none if that is
/// empty.
pub fn device_class(name: &str, extended_resource: &str) -> PlainBuilder {
    plain(
        PlainKind::DeviceClass {
            extended_resource: Text::from(extended_resource),
            selectors: Box::default(),
        },
        name,
    )
}

/// A device class of the devices of which `expression` (CEL) holds.
pub fn device_class_of(name: &str, expression: &str) -> PlainBuilder {
    plain(
        PlainKind::DeviceClass {
            extended_resource: Text::default(),
            selectors: Box::new([Text::from(expression)]),
        },
        name,
    )
}

/// A claim in `namespace` that holds `devices` (driver, pool, name) for the pod `pod`.
pub fn resource_claim(
    namespace: &str,
    name: &str,
    devices: &[(&str, &str, &str)],
    pod: &str,
) -> PlainBuilder {
    let devices = devices.iter().map(|(driver, pool, device)| ClaimedDevice {
        driver: Text::from(*driver),
        pool: Text::from(*pool),
        device: Text::from(*device),
    });
    plain(
        PlainKind::ResourceClaim {
            devices: devices.collect(),
            reserved_for: Box::new([Text::from(pod)]),
        },
        name,
    )
    .namespaced(namespace)
}

impl PlainBuilder {
    metadata_methods!();
    condition_method!();

    /// Puts it into a namespace.
    #[must_use]
    pub fn namespaced(mut self, namespace: &str) -> Self {
        self.object.metadata.key.namespace = Text::from(namespace);
        self
    }

    /// The object itself.
    pub fn build(self) -> Plain {
        self.object
    }

    /// The object as any object.
    pub fn object(self) -> Object {
        Object::Plain(Box::new(self.object))
    }
}
