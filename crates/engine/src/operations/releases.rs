//! Releases: what Strata deployed, kept in the cluster itself.
//!
//! A release is found by the ConfigMaps of its revisions, and changed through the same door as
//! everything else: its objects and the new revision's ConfigMap are applied together, then what the
//! revision before had and this one has not is deleted.

use std::collections::BTreeMap;

use serde_json::Value;
use strata_api::{
    change::{ChangeReport, DeleteObjects, Propagation},
    error::{ApiError, ErrorCode},
    explanation::ObjectName,
    operations::{
        ChangeRelease, DeleteRelease, DeployRecipe, OneRelease, ReadReleases, ReleaseDetail,
        Releases, RenderRecipe, RollBackRelease,
    },
    phrases::{Phrase, PhraseCode},
    recipes::FieldError,
};
use strata_domain::ids::{ClusterId, GroupKind, ObjectKey};
use strata_ports::{error::PortErrorKind, objects::ObjectAddress};
use strata_recipes::{
    FieldFault, Place, Setting,
    release::{REVISION_LABEL, Revision},
    render::kind_of,
};

use super::{
    Operations,
    changes::context,
    recipes::{error, is_cluster_wide, known, render, served},
};
use crate::{
    change::{delete, named},
    error::of_port,
};

mod comparing;
mod edited;
mod kept;
mod put;
#[cfg(test)]
mod tests;

pub(super) use comparing::compare_revisions;
use kept::{kept_as, no_such_release, numbered, of_release, revisions, summary, told};
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
    if let Some(first) = rendered.faults.first() {
        let parameter = first.parameter.clone();
        return Err(unfit(&parameter, rendered.faults));
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

/// That values do not fit the recipe, that of `parameter` first.
fn unfit(parameter: &str, faults: Vec<FieldFault>) -> ApiError {
    let said = |fault| {
        let FieldError {
            parameter,
            sentence,
            ..
        } = error(fault);
        format!("{parameter}: {}", sentence.english())
    };
    ApiError {
        code: ErrorCode::InvalidInput,
        message: format!("the value of `{parameter}` does not fit the recipe"),
        causes: faults.into_iter().map(said).collect(),
    }
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
