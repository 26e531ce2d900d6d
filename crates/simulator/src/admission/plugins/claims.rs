//! Claims of volumes: their default class, and whether they may grow
//! (`plugin/pkg/admission/storage` of Kubernetes 1.36).

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{admission::quantity::Quantity, json, store::Store};

/// The annotation that makes a storage class the default.
const DEFAULT_CLASS: &str = "/metadata/annotations/storageclass.kubernetes.io~1is-default-class";

fn class_kind() -> GroupKind {
    GroupKind::new("storage.k8s.io", "StorageClass")
}

/// Gives a claim that names no class the default one, if there is one.
pub(super) fn give_class(store: &Store, claim: &mut Value) {
    if claim.pointer("/spec/storageClassName").is_some() {
        return;
    }
    let classes = store.list(&class_kind(), "");
    let default = classes
        .iter()
        .find(|class| json::text(&class.value(), DEFAULT_CLASS) == "true");
    if let Some(class) = default {
        let spec = json::object_at(claim, "spec");
        spec.insert(
            "storageClassName".to_owned(),
            class.key.name.as_str().into(),
        );
    }
}

/// Whether a claim may ask for as much as it does, where that is more than `before`.
pub(super) fn judge_growth(store: &Store, before: &Value, claim: &Value) -> Result<(), String> {
    let size = |claim: &Value| {
        let size = json::text(claim, "/spec/resources/requests/storage");
        Quantity::parse(size).ok()
    };
    let grows = size(before)
        .zip(size(claim))
        .is_some_and(|(before, now)| before.compare(now).is_lt());
    if !grows {
        return Ok(());
    }
    if json::text(before, "/status/phase") != "Bound" {
        return Err("Only bound persistent volume claims can be expanded".to_owned());
    }
    let class = ObjectKey::new("", json::text(claim, "/spec/storageClassName"));
    let class = store.get(&class_kind(), &class);
    let allows = class.is_some_and(|class| json::flag(&class.value(), "/allowVolumeExpansion"));
    if allows {
        return Ok(());
    }
    Err(
        "only dynamically provisioned pvc can be resized and the storageclass that provisions \
         the pvc must support resize"
            .to_owned(),
    )
}
