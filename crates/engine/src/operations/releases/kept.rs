//! What the cluster keeps of releases: a ConfigMap for each revision, found by its labels.

use strata_api::{
    error::{ApiError, ErrorCode},
    explanation::ObjectName,
    releases::{Release, ReleaseRevision},
};
use strata_domain::ids::ClusterId;
use strata_ports::objects::Selection;
use strata_recipes::release::{REVISION_LABEL, Revision, config_map_name, selector};

use super::Operations;
use crate::error::of_port;

/// The revisions that `labels` select, by number.
pub(super) async fn revisions(
    operations: &Operations,
    cluster: &ClusterId,
    namespace: &str,
    labels: &str,
) -> Result<Vec<Revision>, ApiError> {
    let selection = Selection::all("", "ConfigMap", namespace).labelled(labels);
    let found = operations.objects.list(cluster, selection).await;
    let found = found.map_err(|error| of_port(&error))?;
    let mut revisions: Vec<Revision> = found.iter().filter_map(Revision::of_config_map).collect();
    revisions.sort_by_key(|revision| revision.number);
    Ok(revisions)
}

/// The revisions of a release, of which there has to be one.
pub(super) async fn of_release(
    operations: &Operations,
    cluster: &ClusterId,
    (namespace, name): (&str, &str),
) -> Result<Vec<Revision>, ApiError> {
    let labels = format!("{},{REVISION_LABEL}", selector(name));
    let mut all = revisions(operations, cluster, namespace, &labels).await?;
    all.retain(|revision| revision.release == name && revision.namespace == namespace);
    if all.is_empty() {
        return Err(no_such_release(namespace, name));
    }
    Ok(all)
}

pub(super) fn numbered<'a>(
    all: &'a [Revision],
    (_, name): (&str, &str),
    number: u32,
) -> Result<&'a Revision, ApiError> {
    all.iter()
        .find(|revision| revision.number == number)
        .ok_or_else(|| {
            let kept: Vec<String> = all
                .iter()
                .map(|revision| revision.number.to_string())
                .collect();
            ApiError::new(
                ErrorCode::NotFound,
                format!(
                    "release {name} has no revision {number}; there are {}",
                    kept.join(", ")
                ),
            )
        })
}

pub(super) fn no_such_release(namespace: &str, name: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!(
            "there is no release {name} in the namespace {namespace}; `strata releases` lists them"
        ),
    )
}

pub(super) fn kept_as(namespace: &str, revision: &Revision) -> ObjectName {
    ObjectName {
        kind: "ConfigMap".to_owned(),
        namespace: namespace.to_owned(),
        name: config_map_name(&revision.release, revision.number),
    }
}

pub(super) fn summary(all: &[Revision]) -> Option<Release> {
    let latest = all.iter().max_by_key(|revision| revision.number)?;
    Some(Release {
        name: latest.release.clone(),
        namespace: latest.namespace.clone(),
        recipe: latest.recipe.clone(),
        revision: latest.number,
        revisions: u32::try_from(all.len()).unwrap_or(u32::MAX),
        applied_at: latest.applied_at.clone(),
        applied_by: latest.applied_by.clone(),
    })
}

pub(super) fn told(revision: &Revision) -> ReleaseRevision {
    ReleaseRevision {
        number: revision.number,
        recipe: revision.recipe.clone(),
        values: revision.values.clone(),
        manifests: revision.manifests.clone(),
        is_edited: revision.is_edited,
        applied_at: revision.applied_at.clone(),
        applied_by: revision.applied_by.clone(),
    }
}
