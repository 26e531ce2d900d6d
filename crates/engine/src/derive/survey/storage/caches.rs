//! Caches of data sets and of models: how full each is, and where it gets what it holds.

use std::collections::BTreeMap;

use strata_api::rows::{Severity as RowSeverity, storage::StorageCacheRow};
use strata_domain::{custom::Custom, ids::GroupKind, text::Text};

use crate::derive::survey::{Ground, facts};

/// What a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::derive::survey) enum Holds {
    /// Data that is trained on or looked up.
    Data,
    /// Models that are served.
    Models,
}

/// A kind that caches, and where its objects say what.
struct CacheKind {
    group: &'static str,
    kind: &'static str,
    holds: Holds,
    /// How full it is.
    fill: &'static str,
    /// Of how many that counts, where [`Self::fill`] is a count.
    of: &'static str,
    /// How much there is in all.
    size: &'static str,
    /// Where what it holds comes from; the first that is there counts.
    sources: &'static [&'static str],
}

const KINDS: [CacheKind; 6] = [
    CacheKind {
        group: "data.fluid.io",
        kind: "Dataset",
        holds: Holds::Data,
        fill: "status.cacheStates.cachedPercentage",
        of: "",
        size: "status.ufsTotal",
        sources: &["spec.mounts.0.mountPoint"],
    },
    CacheKind {
        group: "k8s-operator.alluxio.com",
        kind: "AlluxioCluster",
        holds: Holds::Data,
        fill: "status.phase",
        of: "",
        size: "",
        sources: &[],
    },
    CacheKind {
        group: "juicefs.io",
        kind: "CacheGroup",
        holds: Holds::Data,
        fill: "status.phase",
        of: "",
        size: "",
        sources: &[],
    },
    CacheKind {
        group: "serving.kserve.io",
        kind: "LocalModelCache",
        holds: Holds::Models,
        fill: "status.copies.available",
        of: "status.copies.total",
        size: "spec.modelSize",
        sources: &["spec.sourceModelUri"],
    },
    CacheKind {
        group: "serving.kserve.io",
        kind: "LocalModelNamespaceCache",
        holds: Holds::Models,
        fill: "status.copies.available",
        of: "status.copies.total",
        size: "spec.modelSize",
        sources: &["spec.sourceModelUri"],
    },
    CacheKind {
        group: "apps.nvidia.com",
        kind: "NIMCache",
        holds: Holds::Models,
        fill: "status.state",
        of: "",
        size: "spec.storage.pvc.size",
        sources: &["spec.source.ngc.modelPuller", "spec.source.hf.modelName"],
    },
];

/// The caches that hold `wanted`, or all; by kind, namespace and name. Images that pods mount as
/// volumes are caches of models on their nodes.
pub(in crate::derive::survey) fn caches(
    ground: Ground<'_>,
    wanted: Option<Holds>,
) -> Vec<StorageCacheRow> {
    let mut rows: Vec<StorageCacheRow> = KINDS
        .iter()
        .filter(|kind| wanted.is_none_or(|wanted| wanted == kind.holds))
        .flat_map(|kind| {
            let of = GroupKind::new(kind.group, kind.kind);
            let all: Vec<&Custom> = ground.cluster.custom(&of).collect();
            all.into_iter().map(move |custom| row(ground, kind, custom))
        })
        .collect();
    if wanted != Some(Holds::Data) {
        rows.extend(image_volumes(ground));
    }
    rows.sort_by(|left, right| {
        (&left.kind, &left.namespace, &left.name).cmp(&(&right.kind, &right.namespace, &right.name))
    });
    rows
}

fn row(ground: Ground<'_>, kind: &CacheKind, custom: &Custom) -> StorageCacheRow {
    let rule = ground.catalog.kind_rule(&custom.kind);
    let said = rule.and_then(|rule| rule.health_of(custom));
    let of = |path: &str| custom.field(path).unwrap_or_default().to_owned();
    let (fill, total) = (of(kind.fill), of(kind.of));
    let share = share(&fill, &total);
    let told = if total.is_empty() {
        fill
    } else {
        format!("{}/{total}", if fill.is_empty() { "0" } else { &fill })
    };
    let source = kind.sources.iter().find_map(|path| custom.field(path));
    StorageCacheRow {
        kind: kind.kind.to_owned(),
        namespace: custom.metadata.key.namespace.to_string(),
        name: custom.metadata.key.name.to_string(),
        severity: said
            .map(|reading| reading.verdict)
            .unwrap_or_default()
            .into(),
        evidence: facts::of_object(
            &custom.kind,
            &custom.metadata,
            kind.fill,
            told.as_str(),
            None,
        ),
        fill: told,
        share,
        size: of(kind.size),
        source: source.unwrap_or_default().to_owned(),
    }
}

/// How full a cache is, where what it says is a percentage or a count.
fn share(fill: &str, total: &str) -> Option<f64> {
    if let Some(percent) = fill.strip_suffix('%') {
        let percent: f64 = percent.trim().parse().ok()?;
        return Some((percent / 100.0).clamp(0.0, 1.0));
    }
    let total: f64 = total.parse().ok().filter(|total| *total > 0.0)?;
    let filled: f64 = if fill.is_empty() {
        0.0
    } else {
        fill.parse().ok()?
    };
    Some((filled / total).clamp(0.0, 1.0))
}

/// The images that pods mount, each once, with one of its pods.
fn image_volumes(ground: Ground<'_>) -> Vec<StorageCacheRow> {
    let kind = GroupKind::new("", "Pod");
    let mut images: BTreeMap<&Text, (u32, StorageCacheRow)> = BTreeMap::new();
    for pod in ground.cluster.pods().filter(|pod| pod.holds_resources()) {
        for image in pod.image_volumes() {
            let (pods, _) = images.entry(image).or_insert_with(|| {
                let field = "spec.volumes[].image.reference";
                let row = StorageCacheRow {
                    kind: "ImageVolume".to_owned(),
                    namespace: pod.metadata.key.namespace.to_string(),
                    name: image.to_string(),
                    severity: RowSeverity::Ok,
                    fill: String::new(),
                    share: None,
                    size: String::new(),
                    source: image.to_string(),
                    evidence: facts::of_object(&kind, &pod.metadata, field, image.as_str(), None),
                };
                (0, row)
            });
            *pods += 1;
        }
    }
    let rows = images.into_values();
    rows.map(|(pods, row)| StorageCacheRow {
        fill: format!("{pods} Pods"),
        ..row
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_full_a_cache_is_follows_from_a_percentage_or_from_two_counts() {
        assert_eq!(share("78.0%", ""), Some(0.78));
        assert_eq!(share("3", "4"), Some(0.75));
        assert_eq!(share("", "4"), Some(0.0));
        assert_eq!(share("Ready", ""), None);
        assert_eq!(share("1", "0"), None);
    }
}
