//! A new revision of a release: applied, noted down, and what went out of it deleted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use strata_api::{
    change::{
        ChangeObjects, ChangeOutcome, ChangeReport, DeleteObjects, FieldChoice, Intent, Propagation,
    },
    error::ApiError,
    explanation::ObjectName,
};
use strata_domain::ids::ClusterId;
use strata_ports::{contexts::Context, error::PortErrorKind};
use strata_recipes::{
    demand::least_kept,
    release::{REVISION_LABEL, Revision, mark, selector},
};

use super::{
    Operations, address_of, is_there,
    kept::{kept_as, revisions},
    name_of,
};
use crate::{
    change::{apply, delete},
    error::of_port,
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
    /// The objects as somebody edited them, as YAML; none where the recipe says them.
    pub(super) text: Option<String>,
    /// Whether somebody edited the objects, so that the values no longer say all of them.
    pub(super) is_edited: bool,
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
    // What is shown and edited stands first, so that lines are those of what is shown.
    let mut text = next.text.clone().unwrap_or_else(|| manifests.clone());
    if !is_same {
        let revision = Revision {
            release: next.release.clone(),
            namespace: next.namespace.clone(),
            number: latest.map_or(1, |latest| latest.number.saturating_add(1)),
            recipe: next.recipe.clone(),
            values: next.values,
            manifests,
            is_edited: next.is_edited,
            applied_at: operations.clock.now().to_string(),
            applied_by: operations.gate.user(&context.id).await.unwrap_or_default(),
        };
        text.push_str("\n---\n");
        text.push_str(&written(&[revision.to_config_map()])?);
    }
    let change = ChangeObjects {
        cluster: context.id.0.to_string(),
        manifests: text,
        namespace: next.namespace.clone(),
        intent,
        choices,
        release: Some(next.release.clone()),
    };
    let scale = scale_of(operations, &context.id, &next.objects).await?;
    let whose = (next.release.as_str(), next.recipe.as_str());
    let prepare = |object: &mut Value| {
        mark(object, whose.0, whose.1);
        keep_scale(object, &scale);
    };
    let report = apply::change_prepared(operations, context, change, &prepare).await?;
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

/// How many replicas what an autoscaler among `objects` scales has now, by kind and name.
async fn scale_of(
    operations: &Operations,
    cluster: &ClusterId,
    objects: &[Value],
) -> Result<BTreeMap<String, Value>, ApiError> {
    let scaled: BTreeSet<String> = objects
        .iter()
        .filter_map(|object| least_kept(object).map(|(owner, _)| owner))
        .collect();
    let mut scale = BTreeMap::new();
    for object in objects {
        let owner = owner(object);
        if !scaled.contains(&owner) {
            continue;
        }
        match operations.objects.get(cluster, address_of(object)).await {
            Ok(there) => {
                let now = there.pointer("/spec/replicas").cloned();
                scale.extend(now.map(|now| (owner, now)));
            }
            Err(error) if error.kind == PortErrorKind::NotFound => {}
            Err(error) => return Err(of_port(&error)),
        }
    }
    Ok(scale)
}

/// What an autoscaler scales is applied with the number that it has now: to take our say in it back would
/// bring it to 1 until the autoscaler looks again.
fn keep_scale(object: &mut Value, scale: &BTreeMap<String, Value>) {
    let now = scale.get(&owner(object));
    if let (Some(now), Some(Value::Object(spec))) = (now, object.get_mut("spec")) {
        spec.entry("replicas").or_insert_with(|| now.clone());
    }
}

/// `Deployment web`.
fn owner(object: &Value) -> String {
    let address = address_of(object);
    format!("{} {}", address.kind.kind, address.key.name)
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
