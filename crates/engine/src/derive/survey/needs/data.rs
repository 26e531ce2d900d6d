//! Data volume and diversity, and storage.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_catalog::StorageKind;
use strata_domain::{
    ids::GroupKind,
    plain::{Plain, PlainKind},
};

use super::super::{
    Build, Ground, assessed, facts,
    presence::{Ability, Present, names},
    unlisted,
};

/// Massive, diverse data sets: something beside plain volumes that holds or caches data.
pub(super) fn diverse(ground: Ground<'_>) -> Assessment {
    let holders = holders(ground);
    if !holders.is_empty() {
        let reason = Phrase::new(PhraseCode::NeedDataHeld).with("names", names(&holders));
        return assessed(Answer::Met, reason).shown_by(evidence(&holders));
    }
    plain_volumes(ground, Answer::Partly)
}

/// Specific historical data: something that holds data at all.
pub(super) fn historical(ground: Ground<'_>) -> Assessment {
    let holders = holders(ground);
    if !holders.is_empty() {
        let reason = Phrase::new(PhraseCode::NeedDataHeld).with("names", names(&holders));
        return assessed(Answer::Met, reason).shown_by(evidence(&holders));
    }
    plain_volumes(ground, Answer::Met)
}

/// High-performance storage of several kinds: something that many nodes read at once.
pub(super) fn fast(ground: Ground<'_>) -> Assessment {
    let classes = classes(ground);
    if classes.is_empty() {
        return no_class(ground);
    }
    let shared: Vec<&Plain> = classes
        .iter()
        .copied()
        .filter(|class| kind_of(ground, class).is_some_and(StorageKind::is_shared))
        .collect();
    let caches = ground.of_categories(&["data_cache"]);
    let caches: Vec<Present<'_>> = able(caches);
    let many = volume_of_many(ground);
    let said = || classes.iter().copied().map(of_class);
    if shared.is_empty() && caches.is_empty() && many.is_none() {
        let reason = Phrase::new(PhraseCode::NeedStorageBlock).with("count", classes.len());
        return assessed(Answer::Partly, reason)
            .remedied(Phrase::new(PhraseCode::ActShared))
            .shown_by(said());
    }
    let mut by: Vec<String> = shared
        .iter()
        .map(|class| class.metadata.key.name.to_string())
        .collect();
    by.extend(caches.iter().map(|one| one.component.name.to_string()));
    by.extend(many.map(name_of_volume));
    let reason = Phrase::new(PhraseCode::NeedStorageShared)
        .with("count", classes.len())
        .with("names", by.join(", "));
    assessed(Answer::Met, reason)
        .shown_by(shared.into_iter().map(of_class))
        .shown_by(evidence(&caches))
        .shown_by(many.map(of_volume))
        .shown_by(said())
}

/// Efficient storage: any class.
pub(super) fn efficient(ground: Ground<'_>) -> Assessment {
    let classes = classes(ground);
    if classes.is_empty() {
        return no_class(ground);
    }
    let reason = Phrase::new(PhraseCode::MapClasses).with("count", classes.len());
    assessed(Answer::Met, reason).shown_by(classes.into_iter().map(of_class))
}

/// Volumes alone: they hold data, but say nothing of its diversity.
fn plain_volumes(ground: Ground<'_>, answer: Answer) -> Assessment {
    let classes = classes(ground);
    if classes.is_empty() {
        return no_class(ground);
    }
    let reason = Phrase::new(PhraseCode::NeedDataVolumes).with("count", classes.len());
    let assessed = assessed(answer, reason).shown_by(classes.into_iter().map(of_class));
    if answer == Answer::Met {
        assessed
    } else {
        assessed.remedied(Phrase::new(PhraseCode::ActData))
    }
}

fn no_class(ground: Ground<'_>) -> Assessment {
    if !ground.is_listed("storage.k8s.io", "StorageClass") {
        let kinds = ["StorageClass.storage.k8s.io".to_owned()];
        return assessed(Answer::Unknown, unlisted(&kinds));
    }
    let reason = Phrase::new(PhraseCode::NeedNoStorage);
    assessed(Answer::NotMet, reason)
        .remedied(Phrase::new(PhraseCode::ActStorageClass))
        .shown_by(ground.looked_through(&[("storage.k8s.io", "StorageClass")]))
}

/// What holds or caches data, and is able: object stores, caches, databases, feature stores.
fn holders(ground: Ground<'_>) -> Vec<Present<'_>> {
    let found = ground.where_component(|component| {
        component.id == "minio"
            || component.id == "rook-ceph"
            || ["data_cache", "database", "vector_database", "feature_store"]
                .contains(&component.category.as_str())
    });
    able(found)
}

fn able(found: Vec<Present<'_>>) -> Vec<Present<'_>> {
    found
        .into_iter()
        .filter(|one| one.ability == Ability::Able)
        .collect()
}

fn evidence(present: &[Present<'_>]) -> impl Iterator<Item = Evidence> {
    present
        .iter()
        .filter_map(|one| one.evidence.first().cloned())
}

/// The storage classes, by name.
fn classes(ground: Ground<'_>) -> Vec<&Plain> {
    let kind = GroupKind::new("storage.k8s.io", "StorageClass");
    let mut classes: Vec<&Plain> = ground.cluster.plain_of(&kind).collect();
    classes.sort_by(|left, right| left.metadata.key.cmp(&right.metadata.key));
    classes
}

/// What kind of storage a class gives, where its provisioner is known.
fn kind_of(ground: Ground<'_>, class: &Plain) -> Option<StorageKind> {
    match &class.kind {
        PlainKind::StorageClass { provisioner } => ground.catalog.map().storage_of(provisioner),
        _ => None,
    }
}

/// A bound volume that many nodes may write.
fn volume_of_many(ground: Ground<'_>) -> Option<&Plain> {
    let kind = GroupKind::new("", "PersistentVolume");
    let many = ground.cluster.plain_of(&kind).filter(|plain| {
        matches!(&plain.kind, PlainKind::Volume(volume)
            if volume.phase == "Bound" && volume.access_modes.iter().any(|mode| mode == "ReadWriteMany"))
    });
    many.min_by(|left, right| left.metadata.key.cmp(&right.metadata.key))
}

/// What people call a volume by: its claim, since its own name is most often made up by a machine.
fn name_of_volume(volume: &Plain) -> String {
    match &volume.kind {
        PlainKind::Volume(of) if !of.claim.name.is_empty() => of.claim.to_string(),
        _ => volume.metadata.key.name.to_string(),
    }
}

fn of_class(class: &Plain) -> Evidence {
    let kind = GroupKind::new("storage.k8s.io", "StorageClass");
    let provisioner = match &class.kind {
        PlainKind::StorageClass { provisioner } => provisioner.as_str(),
        _ => "",
    };
    facts::of_object(&kind, &class.metadata, "provisioner", provisioner, None)
}

fn of_volume(volume: &Plain) -> Evidence {
    let kind = GroupKind::new("", "PersistentVolume");
    let modes = match &volume.kind {
        PlainKind::Volume(volume) => volume.access_modes.join(", "),
        _ => String::new(),
    };
    facts::of_object(&kind, &volume.metadata, "spec.accessModes", modes, None)
}
