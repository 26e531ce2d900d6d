//! The data that a model is made of: what its runs mount, what they are told to fetch, what labels
//! name.
//!
//! A claim counts as data where Fluid keeps a data set of its name, which is how Fluid offers one: of
//! any other claim nothing tells whether it is read or written. An address that nothing here caches
//! stands for itself.

use strata_api::rows::{
    Severity as RowSeverity, lifecycle::StageThing, storage::StorageCacheRow, survey::Evidence,
};
use strata_domain::{ids::GroupKind, metadata::Metadata, model, pod::Pod, text::Text};

use super::super::{
    Ground, facts,
    storage::caches::{Holds, caches},
    things::cached,
};
use crate::{derive::applications::Application, fleet::cluster::ObjectRef};

/// The field that says where a run's data is to be fetched from.
const ADDRESS: &str = "spec.initializer.dataset.storageUri";

/// Labels that name a data set.
const LABELS: [&str; 2] = ["dataset", "fluid.io/dataset"];

/// How Fluid labels pods that are to run beside a data set: `fluid.io/dataset.NAME.sched`.
const BESIDE: (&str, &str) = ("fluid.io/dataset.", ".sched");

/// Data that something reads.
#[derive(Clone, Debug)]
pub(super) struct Dataset {
    /// What it is.
    pub(super) thing: StageThing,
    /// The field that names it.
    pub(super) link: Evidence,
}

/// The data sets that are known here.
pub(super) struct Datasets<'a> {
    ground: Ground<'a>,
    caches: Vec<StorageCacheRow>,
}

impl<'a> Datasets<'a> {
    pub(super) fn of(ground: Ground<'a>) -> Self {
        Self {
            ground,
            caches: caches(ground, Some(Holds::Data)),
        }
    }

    /// What `application` reads: by its own object, then by its first pod.
    pub(super) fn of_application(&self, application: &Application) -> Vec<Dataset> {
        let object = self.ground.object(&application.kind, &application.key);
        let mut found =
            object.map_or_else(Vec::new, |object| self.of_object(&application.kind, object));
        let table = self.ground.cluster.pod_table();
        let mut pods = application.pods.iter().filter_map(|slot| table.at(*slot));
        if let Some(pod) = pods.next() {
            found.extend(self.of_pod(pod));
        }
        each_once(found)
    }

    /// What `object` says that it reads.
    pub(super) fn of_object(&self, kind: &GroupKind, object: ObjectRef<'_>) -> Vec<Dataset> {
        let metadata = object.metadata();
        let mut found = self.labelled(kind, metadata);
        if let ObjectRef::Custom(custom) = object {
            if let Some(uri) = custom.field(ADDRESS) {
                let link = facts::of_object(kind, metadata, ADDRESS, uri, None);
                found.push(self.at_address(&metadata.key.namespace, uri, link));
            }
            let claims = custom.job.iter().flat_map(|job| &job.volume_claims);
            found.extend(self.claimed(kind, metadata, claims));
        }
        each_once(found)
    }

    fn of_pod(&self, pod: &Pod) -> Vec<Dataset> {
        let kind = GroupKind::new("", "Pod");
        let mut found = self.claimed(&kind, &pod.metadata, &pod.volume_claims);
        found.extend(self.labelled(&kind, &pod.metadata));
        found
    }

    /// The data sets among the claims that an object mounts.
    fn claimed<'c>(
        &self,
        kind: &GroupKind,
        metadata: &Metadata,
        claims: impl IntoIterator<Item = &'c Text>,
    ) -> Vec<Dataset> {
        let of = |claim: &Text| {
            let cache = self.named(&metadata.key.namespace, claim)?;
            let field = "volumes[].persistentVolumeClaim.claimName";
            Some(Dataset {
                thing: cached(cache.clone()),
                link: facts::of_object(kind, metadata, field, claim.as_str(), None),
            })
        };
        claims.into_iter().filter_map(of).collect()
    }

    /// The data sets that labels name; one that is not kept here is known by its label alone.
    fn labelled(&self, kind: &GroupKind, metadata: &Metadata) -> Vec<Dataset> {
        let of = |(key, value): (&str, &str)| {
            let beside = key.strip_prefix(BESIDE.0);
            let beside = beside.and_then(|rest| rest.strip_suffix(BESIDE.1));
            let name = match beside {
                Some(name) => name,
                None if LABELS.contains(&key) => value,
                None => return None,
            };
            if name.is_empty() {
                return None;
            }
            let field = format!("metadata.labels[{key}]");
            let link = facts::of_object(kind, metadata, field, value, None);
            let cache = self.named(&metadata.key.namespace, name);
            let thing = cache.map_or_else(
                || outside(name, link.clone()),
                |cache| cached(cache.clone()),
            );
            Some(Dataset { thing, link })
        };
        metadata.labels.iter().filter_map(of).collect()
    }

    /// What lies at `uri`: the data set that offers it as a claim or caches it, else the address.
    fn at_address(&self, namespace: &str, uri: &str, link: Evidence) -> Dataset {
        let claim = model::claim_of(uri);
        let cache = match claim {
            Some(claim) => self.named(namespace, claim),
            None => self
                .caches
                .iter()
                .find(|cache| is_within(uri, &cache.source)),
        };
        let thing = cache.map_or_else(|| outside(uri, link.clone()), |cache| cached(cache.clone()));
        Dataset { thing, link }
    }

    /// The data set called `name` in `namespace`; Fluid makes a claim of the same name for each.
    fn named(&self, namespace: &str, name: &str) -> Option<&StorageCacheRow> {
        self.caches.iter().find(|cache| {
            cache.kind == "Dataset" && cache.namespace == namespace && cache.name == name
        })
    }
}

/// Data that is not kept here: only what names it tells of it.
fn outside(name: &str, evidence: Evidence) -> StageThing {
    StageThing {
        name: name.to_owned(),
        severity: RowSeverity::Unknown,
        phase: String::new(),
        reason: None,
        since: evidence.since.clone(),
        figure: None,
        is_job: false,
        evidence,
    }
}

/// Whether `uri` is `place` or lies in it.
fn is_within(uri: &str, place: &str) -> bool {
    let place = place.trim_end_matches('/');
    let rest = uri.strip_prefix(place);
    !place.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Without what was named before: the first name is the object's own.
fn each_once(found: Vec<Dataset>) -> Vec<Dataset> {
    let mut kept: Vec<Dataset> = Vec::with_capacity(found.len());
    for one in found {
        let is_known = |known: &Dataset| {
            let (known, one) = (&known.thing, &one.thing);
            known.name == one.name && known.evidence.kind == one.evidence.kind
        };
        if !kept.iter().any(is_known) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_in_what_is_cached_at_it_or_above_it() {
        assert!(is_within("s3://corpus/2026", "s3://corpus"));
        assert!(is_within("s3://corpus", "s3://corpus/"));
        assert!(!is_within("s3://corpus-old/2026", "s3://corpus"));
        assert!(!is_within("s3://corpus", ""));
    }
}
