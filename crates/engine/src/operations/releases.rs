//! Releases: what Strata deployed, kept in the cluster itself.
//!
//! A release is found by the ConfigMaps of its revisions, and changed through the same door as
//! everything else: its objects and the new revision's ConfigMap are applied together, then what the
//! revision before had and this one has not is deleted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_api::{
    change::{ChangeAction, ChangeReport, DeleteObjects, FieldDifference, Propagation},
    error::{ApiError, ErrorCode},
    explanation::ObjectName,
    operations::{
        ChangeRelease, CompareRevisions, DeleteRelease, DeployRecipe, OneRelease, ReadReleases,
        ReleaseDetail, Releases, RenderRecipe, RevisionDifference, RollBackRelease,
    },
    phrases::{Phrase, PhraseCode},
    recipes::FieldError,
    releases::{ObjectDifference, Release, ReleaseRevision},
};
use strata_domain::ids::{ClusterId, GroupKind, ObjectKey};
use strata_ports::{
    error::PortErrorKind,
    objects::{ObjectAddress, Selection},
};
use strata_recipes::{
    Place, Setting,
    difference::differences,
    release::{REVISION_LABEL, Revision, config_map_name, selector},
    render::kind_of,
};

use super::{
    Operations,
    changes::context,
    recipes::{error, is_cluster_wide, known, render, served, written},
};
use crate::{
    change::{delete, named},
    error::of_port,
};

mod edited;
mod put;
#[cfg(test)]
mod tests;

use put::{Next, put};

pub(super) async fn read_releases(
    operations: &Operations,
    request: ReadReleases,
) -> Result<Releases, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let revisions = revisions(operations, &cluster, &request.namespace, REVISION_LABEL).await?;
    let mut releases: BTreeMap<(String, String), Vec<Revision>> = BTreeMap::new();
    for revision in revisions {
        let key = (revision.namespace.clone(), revision.release.clone());
        releases.entry(key).or_default().push(revision);
    }
    Ok(Releases {
        releases: releases.values().filter_map(|all| summary(all)).collect(),
    })
}

pub(super) async fn read_release(
    operations: &Operations,
    request: OneRelease,
) -> Result<ReleaseDetail, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let all = of_release(operations, &cluster, (&request.namespace, &request.name)).await?;
    let (Some(release), Some(latest)) = (summary(&all), all.last()) else {
        return Err(no_such_release(&request.namespace, &request.name));
    };
    Ok(ReleaseDetail {
        release,
        objects: latest.objects().iter().map(name_of).collect(),
        revisions: all.iter().rev().map(told).collect(),
    })
}

pub(super) async fn compare_revisions(
    operations: &Operations,
    request: CompareRevisions,
) -> Result<RevisionDifference, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let release = (request.namespace.as_str(), request.name.as_str());
    let all = of_release(operations, &cluster, release).await?;
    let objects = |number| -> Result<BTreeMap<ObjectName, Value>, ApiError> {
        let objects = numbered(&all, release, number)?.objects().into_iter();
        Ok(objects.map(|object| (name_of(&object), object)).collect())
    };
    let (before, after) = (objects(request.from)?, objects(request.to)?);
    let names: BTreeSet<&ObjectName> = before.keys().chain(after.keys()).collect();
    let mut compared = Vec::new();
    for name in names {
        let (before, after) = (before.get(name), after.get(name));
        let (action, fields) = match (before, after) {
            (None, _) => (ChangeAction::Create, Vec::new()),
            (_, None) => (ChangeAction::Delete, Vec::new()),
            (Some(before), Some(after)) => (ChangeAction::Change, fields(before, after)),
        };
        if action == ChangeAction::Change && fields.is_empty() {
            continue;
        }
        let text = |object: Option<&Value>| match object {
            Some(object) => written(std::slice::from_ref(object)),
            None => Ok(String::new()),
        };
        compared.push(ObjectDifference {
            object: name.clone(),
            action,
            fields,
            before: text(before)?,
            after: text(after)?,
        });
    }
    Ok(RevisionDifference { objects: compared })
}

pub(super) async fn deploy_recipe(
    operations: &Operations,
    request: DeployRecipe,
) -> Result<ChangeReport, ApiError> {
    let filled = request.recipe;
    let Some(cluster) = filled.cluster.clone() else {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "name the cluster that is to be deployed to",
        ));
    };
    let context = context(operations, &cluster)?;
    let known = known(operations).await?;
    let served = served(operations, Some(cluster)).await?;
    let recipe = known.recipe(&filled.recipe)?;
    let namespace = filled.namespace.clone();
    if namespace.is_empty() {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "name the namespace that is to be deployed to",
        ));
    }
    let rendered = render(recipe, filled, &served)?;
    if let Some(fault) = rendered.faults.first() {
        let message = format!("the value of `{}` does not fit the recipe", fault.parameter);
        let said = |fault| {
            let FieldError {
                parameter,
                sentence,
                ..
            } = error(fault);
            format!("{parameter}: {}", sentence.english())
        };
        return Err(ApiError {
            code: ErrorCode::InvalidInput,
            message,
            causes: rendered.faults.into_iter().map(said).collect(),
        });
    }
    let values = rendered
        .fields
        .iter()
        .filter(|field| field.applies && field.is_given)
        .map(|field| {
            let value = field.setting.as_ref().map_or(Value::Null, Setting::to_json);
            (field.parameter.clone(), value)
        });
    let is_cluster_wide = |kind: &GroupKind| is_cluster_wide(kind, &served);
    let place = Place {
        namespace: &namespace,
        is_cluster_wide: &is_cluster_wide,
    };
    let whose = (rendered.release.as_str(), recipe.id.as_str());
    let edited = match &request.manifests {
        Some(text) => match edited::read(text, place, whose) {
            Ok(objects) => Some(objects),
            Err(obstacles) => return Ok(edited::blocked(request.intent, obstacles)),
        },
        None => None,
    };
    // Edits that say what the recipe says are none.
    let edited = edited.filter(|edited| *edited != rendered.objects);
    let text = request.manifests.filter(|_| edited.is_some());
    let values = values.collect();
    let next = Next {
        release: rendered.release.clone(),
        namespace: namespace.clone(),
        recipe: recipe.id.clone(),
        values,
        text,
        is_edited: edited.is_some(),
        objects: edited.unwrap_or(rendered.objects),
    };
    put(
        operations,
        &context,
        next,
        (request.intent, request.choices),
    )
    .await
}

/// Changes some values of a release and leaves the others as they are.
pub(super) async fn change_release(
    operations: &Operations,
    request: ChangeRelease,
) -> Result<ChangeReport, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let release = (request.namespace.as_str(), request.name.as_str());
    let all = of_release(operations, &cluster, release).await?;
    let Some(latest) = all.last() else {
        return Err(no_such_release(&request.namespace, &request.name));
    };
    let is_renamed = request.typed.contains_key("name") || request.values.contains_key("name");
    if is_renamed {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            format!(
                "{} keeps its name; deploy its recipe under another name instead",
                request.name
            ),
        ));
    }
    let mut values = latest.values.clone();
    values.extend(request.values);
    let deployment = DeployRecipe {
        recipe: RenderRecipe {
            recipe: latest.recipe.clone(),
            cluster: Some(request.cluster),
            namespace: request.namespace,
            values,
            typed: request.typed,
        },
        manifests: None,
        intent: request.intent,
        choices: request.choices,
    };
    let mut report = deploy_recipe(operations, deployment).await?;
    if latest.is_edited {
        let lost = Phrase::new(PhraseCode::ReleaseEditsGo).with("revision", latest.number);
        report.consequences.insert(0, lost);
    }
    Ok(report)
}

pub(super) async fn roll_back_release(
    operations: &Operations,
    request: RollBackRelease,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    let release = (request.namespace.as_str(), request.name.as_str());
    let all = of_release(operations, &context.id, release).await?;
    let revision = match request.to {
        Some(number) => numbered(&all, release, number)?,
        None => all.iter().rev().nth(1).ok_or_else(|| {
            ApiError::new(
                ErrorCode::NotFound,
                format!("release {} has no revision before its newest", request.name),
            )
        })?,
    };
    let next = Next {
        release: request.name.clone(),
        namespace: request.namespace.clone(),
        recipe: revision.recipe.clone(),
        values: revision.values.clone(),
        text: None,
        is_edited: revision.is_edited,
        objects: revision.objects(),
    };
    put(
        operations,
        &context,
        next,
        (request.intent, request.choices),
    )
    .await
}

pub(super) async fn delete_release(
    operations: &Operations,
    request: DeleteRelease,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    let release = (request.namespace.as_str(), request.name.as_str());
    let all = of_release(operations, &context.id, release).await?;
    let mut wanted: Vec<Value> = all.last().map(Revision::objects).unwrap_or_default();
    // What stands on others goes before them.
    wanted.reverse();
    let mut objects = Vec::new();
    for object in &wanted {
        if is_there(operations, &context.id, object).await? {
            objects.push(name_of(object));
        }
    }
    objects.extend(
        all.iter()
            .map(|revision| kept_as(&request.namespace, revision)),
    );
    let deletion = DeleteObjects {
        cluster: request.cluster,
        objects,
        propagation: Propagation::Background,
        intent: request.intent,
        release: Some(request.name),
    };
    delete::delete_objects(operations, &context, deletion).await
}

/// The revisions that `labels` select, by number.
async fn revisions(
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
async fn of_release(
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

fn numbered<'a>(
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

async fn is_there(
    operations: &Operations,
    cluster: &ClusterId,
    object: &Value,
) -> Result<bool, ApiError> {
    match operations.objects.get(cluster, address_of(object)).await {
        Ok(_) => Ok(true),
        // A kind that is served no longer has no objects.
        Err(error)
            if matches!(
                error.kind,
                PortErrorKind::NotFound | PortErrorKind::Unsupported
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(of_port(&error)),
    }
}

fn no_such_release(namespace: &str, name: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!(
            "there is no release {name} in the namespace {namespace}; `strata releases` lists them"
        ),
    )
}

fn kept_as(namespace: &str, revision: &Revision) -> ObjectName {
    ObjectName {
        kind: "ConfigMap".to_owned(),
        namespace: namespace.to_owned(),
        name: config_map_name(&revision.release, revision.number),
    }
}

fn name_of(object: &Value) -> ObjectName {
    named(&address_of(object))
}

fn address_of(object: &Value) -> ObjectAddress {
    let text = |pointer: &str| {
        let found = object.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    ObjectAddress {
        kind: kind_of(object),
        key: ObjectKey::new(text("/metadata/namespace"), text("/metadata/name")),
    }
}

fn summary(all: &[Revision]) -> Option<Release> {
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

fn told(revision: &Revision) -> ReleaseRevision {
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

fn fields(before: &Value, after: &Value) -> Vec<FieldDifference> {
    let json = |value: Option<Value>| value.map(|value| value.to_string());
    differences(before, after)
        .into_iter()
        .map(|found| FieldDifference {
            path: found.path,
            before: json(found.before),
            after: json(found.after),
            is_secret: false,
        })
        .collect()
}
