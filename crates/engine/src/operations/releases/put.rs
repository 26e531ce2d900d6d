//! A new revision of a release: applied, noted down, and what went out of it deleted.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use strata_api::{
    change::{
        ChangeObjects, ChangeOutcome, ChangeReport, DeleteObjects, FieldChoice, Intent, Propagation,
    },
    error::ApiError,
    explanation::ObjectName,
};
use strata_domain::ids::ClusterId;
use strata_ports::contexts::Context;
use strata_recipes::release::{REVISION_LABEL, Revision, selector};

use super::{Operations, is_there, kept_as, name_of, revisions};
use crate::{
    change::{apply, delete},
    operations::recipes::written,
};

/// How many revisions of a release are kept.
const KEPT: usize = 20;

/// What a release is to become.
pub(super) struct Next {
    pub(super) release: String,
    pub(super) namespace: String,
    pub(super) recipe: String,
    pub(super) values: Map<String, Value>,
    pub(super) objects: Vec<Value>,
}

/// Applies what a release is to become, notes it down as a revision, and deletes what went out of it.
pub(super) async fn put(
    operations: &Operations,
    context: &Context,
    next: Next,
    (intent, choices): (Intent, Vec<FieldChoice>),
) -> Result<ChangeReport, ApiError> {
    let release = (next.namespace.as_str(), next.release.as_str());
    let all = revisions(
        operations,
        &context.id,
        &next.namespace,
        &format!("{},{REVISION_LABEL}", selector(&next.release)),
    )
    .await?;
    let latest = all.last();
    let manifests = written(&next.objects)?;
    let is_same = latest.is_some_and(|latest| {
        latest.manifests == manifests
            && latest.values == next.values
            && latest.recipe == next.recipe
    });
    let mut objects = Vec::with_capacity(next.objects.len() + 1);
    if !is_same {
        let revision = Revision {
            release: next.release.clone(),
            namespace: next.namespace.clone(),
            number: latest.map_or(1, |latest| latest.number.saturating_add(1)),
            recipe: next.recipe,
            values: next.values,
            manifests,
            applied_at: operations.clock.now().to_string(),
            applied_by: operations.gate.user(&context.id).await.unwrap_or_default(),
        };
        objects.push(revision.to_config_map());
    }
    objects.extend(next.objects.iter().cloned());
    let change = ChangeObjects {
        cluster: context.id.0.to_string(),
        manifests: written(&objects)?,
        namespace: next.namespace.clone(),
        intent,
        choices,
        release: Some(next.release.clone()),
    };
    let report = apply::change_objects(operations, context, change).await?;
    let gone = gone(
        operations,
        &context.id,
        (&all, &next.objects, release, is_same),
    )
    .await?;
    let goes_on = matches!(
        report.outcome,
        ChangeOutcome::Ready | ChangeOutcome::Applied | ChangeOutcome::Unchanged
    );
    if gone.is_empty() || !goes_on {
        return Ok(report);
    }
    let deletion = DeleteObjects {
        cluster: context.id.0.to_string(),
        objects: gone,
        propagation: Propagation::Background,
        intent,
        release: Some(next.release),
    };
    let deletion = delete::delete_objects(operations, context, deletion).await?;
    Ok(joined(report, deletion))
}

/// What the newest revision had and the next one has not, and the revisions that are too old.
async fn gone(
    operations: &Operations,
    cluster: &ClusterId,
    (all, next, (namespace, _), is_same): (&[Revision], &[Value], (&str, &str), bool),
) -> Result<Vec<ObjectName>, ApiError> {
    let stays: BTreeSet<ObjectName> = next.iter().map(name_of).collect();
    let mut gone = Vec::new();
    for object in all.last().map(Revision::objects).unwrap_or_default() {
        let name = name_of(&object);
        if !stays.contains(&name) && is_there(operations, cluster, &object).await? {
            gone.push(name);
        }
    }
    let kept = all.len() + usize::from(!is_same);
    let old = all.iter().take(kept.saturating_sub(KEPT));
    gone.extend(old.map(|revision| kept_as(namespace, revision)));
    Ok(gone)
}

/// One report of two.
fn joined(first: ChangeReport, second: ChangeReport) -> ChangeReport {
    let outcome = match (first.outcome, second.outcome) {
        (first, ChangeOutcome::Unchanged) => first,
        (ChangeOutcome::Unchanged, second) => second,
        (ChangeOutcome::Ready, ChangeOutcome::Ready) => ChangeOutcome::Ready,
        (ChangeOutcome::Ready, _) => ChangeOutcome::Blocked,
        (ChangeOutcome::Applied, ChangeOutcome::Applied) => ChangeOutcome::Applied,
        _ => ChangeOutcome::Partial,
    };
    let mut joined = ChangeReport { outcome, ..first };
    joined.obstacles.extend(second.obstacles);
    joined.consequences.extend(second.consequences);
    joined.steps.extend(second.steps);
    joined
}
