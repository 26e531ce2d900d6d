//! Autoscalers of pods, and the webhooks of admission.

use strata_domain::{
    ids::ObjectKey,
    object::Object,
    plain::{Plain, PlainKind},
    text::Text,
};

use super::{Mapping, Slim, metadata::metadata};
use crate::slim::{meta::ObjectMeta, scaling as slim};

impl Slim for slim::PodAutoscaler {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let target = &self.spec.scale_target_ref;
        let kind = PlainKind::PodAutoscaler {
            target: Text::from(format!("{}/{}", target.kind, target.name)),
            metrics: self
                .spec
                .metrics
                .iter()
                .map(|metric| names.intern(&metric.kind))
                .collect(),
        };
        Object::Plain(Box::new(Plain {
            kind,
            metadata: metadata(self.metadata, names),
            conditions: Vec::new(),
        }))
    }
}

impl Slim for slim::ValidatingWebhooks {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        webhooks(false, self.metadata, self.webhooks, mapping)
    }
}

impl Slim for slim::MutatingWebhooks {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        webhooks(true, self.metadata, self.webhooks, mapping)
    }
}

fn webhooks(
    mutating: bool,
    meta: ObjectMeta,
    webhooks: Vec<slim::Webhook>,
    mapping: &mut Mapping,
) -> Object {
    let names = &mut mapping.names;
    let mut services: Vec<ObjectKey> = webhooks
        .into_iter()
        .filter_map(|webhook| webhook.client_config.service)
        .map(|service| ObjectKey {
            namespace: names.intern(&service.namespace),
            name: names.intern(&service.name),
        })
        .collect();
    services.sort();
    services.dedup();
    Object::Plain(Box::new(Plain {
        kind: PlainKind::AdmissionWebhooks {
            mutating,
            services: services.into(),
        },
        metadata: metadata(meta, names),
        conditions: Vec::new(),
    }))
}
