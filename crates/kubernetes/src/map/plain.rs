//! The kinds of which a name and one or two facts are kept.

use strata_domain::{
    condition::Condition,
    metadata::Metadata,
    object::Object,
    plain::{ClaimedDevice, Plain, PlainKind},
};

use super::{
    Mapping, Slim,
    metadata::{annotated, conditions, metadata},
};
use crate::slim::{meta::AnnotatedMeta, plain as slim};

fn plain(kind: PlainKind, metadata: Metadata, conditions: Vec<Condition>) -> Object {
    Object::Plain(Box::new(Plain {
        kind,
        metadata,
        conditions,
    }))
}

impl Slim for slim::Namespace {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let conditions = conditions(self.status.conditions, names);
        plain(
            PlainKind::Namespace,
            metadata(self.metadata, names),
            conditions,
        )
    }
}

impl Slim for slim::StorageClass {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let provisioner = names.intern(&self.provisioner);
        let kind = PlainKind::StorageClass { provisioner };
        plain(kind, metadata(self.metadata, names), Vec::new())
    }
}

impl Slim for slim::CsiDriver {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        plain(
            PlainKind::CsiDriver,
            metadata(self.metadata, &mut mapping.names),
            Vec::new(),
        )
    }
}

impl Slim for slim::RuntimeClass {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let kind = PlainKind::RuntimeClass {
            handler: names.intern(&self.handler),
        };
        plain(kind, metadata(self.metadata, names), Vec::new())
    }
}

impl Slim for slim::ApiService {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let kind = PlainKind::ApiService {
            aggregated: self.spec.service.is_some(),
        };
        let conditions = conditions(self.status.conditions, names);
        plain(kind, metadata(self.metadata, names), conditions)
    }
}

impl Slim for slim::DeviceClass {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let extended_resource = names.intern(&self.spec.extended_resource_name);
        let expressions = self
            .spec
            .selectors
            .iter()
            .filter_map(|one| one.cel.as_ref());
        let kind = PlainKind::DeviceClass {
            extended_resource,
            selectors: expressions
                .map(|cel| names.intern(&cel.expression))
                .collect(),
        };
        plain(kind, metadata(self.metadata, names), Vec::new())
    }
}

impl Slim for slim::ResourceClaim {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let results = self.status.allocation.unwrap_or_default().devices.results;
        let devices = results
            .iter()
            .filter(|result| result.admin_access != Some(true))
            .map(|result| ClaimedDevice {
                driver: names.intern(&result.driver),
                pool: names.intern(&result.pool),
                device: names.intern(&result.device),
            })
            .collect();
        let reserved_for = self
            .status
            .reserved_for
            .iter()
            .filter(|consumer| consumer.resource == "pods")
            .map(|consumer| names.intern(&consumer.name))
            .collect();
        let kind = PlainKind::ResourceClaim {
            devices,
            reserved_for,
        };
        plain(kind, metadata(self.metadata, names), Vec::new())
    }
}

impl Slim for slim::CustomResourceDefinition {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        mapping.definitions.see(&self.metadata.name);
        // A definition's name is `plural.group`, by the API's own validation.
        let group = self
            .metadata
            .name
            .split_once('.')
            .map_or("", |(_, group)| group);
        let group = mapping.names.intern(group);
        let kind = match &self.spec {
            Some(spec) => mapping.names.intern(&spec.names.kind),
            // Unknown while discovery has not seen it yet: it is read again then.
            None => mapping
                .definitions
                .kind(&self.metadata.name)
                .unwrap_or_default(),
        };
        let names = &mut mapping.names;
        let release = names.intern(release(&self.metadata));
        let kind = PlainKind::CustomResourceDefinition {
            group,
            kind,
            release,
        };
        plain(kind, annotated(self.metadata, names), Vec::new())
    }
}

/// The release that shipped a definition, in the words that projects use: Kubernetes's recommended
/// label (Kueue, cert-manager, KubeRay's chart), Gateway API's annotation
/// `gateway.networking.k8s.io/bundle-version`, Knative's label `serving.knative.dev/release`.
/// `controller-gen.kubebuilder.io/version` is the generator's and says nothing.
fn release(meta: &AnnotatedMeta) -> &str {
    let annotation = || {
        meta.annotations
            .iter()
            .find(|(key, _)| key.ends_with("/bundle-version"))
    };
    let label = || {
        meta.labels
            .iter()
            .find(|(key, _)| key.ends_with("/release"))
    };
    match meta.labels.get("app.kubernetes.io/version") {
        Some(version) => version,
        None => annotation().or_else(label).map_or("", |(_, value)| value),
    }
}
