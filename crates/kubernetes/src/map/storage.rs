//! Volumes and the claims to them.

use strata_domain::{
    ids::ObjectKey,
    object::Object,
    plain::{Plain, PlainKind},
    quantity::parse_count,
    storage::{Volume, VolumeClaim},
    text::{Interner, Text},
};

use super::{Mapping, Slim, metadata::metadata};
use crate::slim::{storage as slim, values::ResourceList};

impl Slim for slim::PersistentVolumeClaim {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let claim = VolumeClaim {
            class: names.intern(&self.spec.storage_class_name),
            volume: Text::from(self.spec.volume_name),
            phase: names.intern(&self.status.phase),
            access_modes: all(&self.spec.access_modes, names),
            requested_bytes: storage(&self.spec.resources.requests),
            capacity_bytes: storage(&self.status.capacity),
        };
        Object::Plain(Box::new(Plain {
            kind: PlainKind::VolumeClaim(claim),
            metadata: metadata(self.metadata, names),
            conditions: Vec::new(),
        }))
    }
}

impl Slim for slim::PersistentVolume {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let claim = self.spec.claim_ref.unwrap_or_default();
        let driver = self.spec.source.csi.unwrap_or_default().driver;
        let volume = Volume {
            class: names.intern(&self.spec.storage_class_name),
            driver: names.intern(&driver),
            phase: names.intern(&self.status.phase),
            access_modes: all(&self.spec.access_modes, names),
            capacity_bytes: storage(&self.spec.capacity),
            claim: ObjectKey {
                namespace: names.intern(&claim.namespace),
                name: Text::from(claim.name),
            },
            reclaim: names.intern(&self.spec.persistent_volume_reclaim_policy),
        };
        Object::Plain(Box::new(Plain {
            kind: PlainKind::Volume(volume),
            metadata: metadata(self.metadata, names),
            conditions: Vec::new(),
        }))
    }
}

/// The amount of storage in a list, in bytes; 0 where it names none.
fn storage(list: &ResourceList) -> u64 {
    list.get("storage")
        .and_then(|quantity| parse_count(&quantity.text))
        .unwrap_or_default()
}

fn all(words: &[String], names: &mut Interner) -> Box<[Text]> {
    words.iter().map(|word| names.intern(word)).collect()
}
