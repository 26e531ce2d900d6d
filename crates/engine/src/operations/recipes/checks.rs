//! The strip of checks beside a form: what would stand in the way, asked while somebody types.

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{DeploymentChecks, Nothing, Preferences, RenderRecipe},
};
use strata_domain::ids::GroupKind;
use strata_ports::objects::ObjectAddress;
use strata_recipes::{
    Kind, Recipe, Rendered, Setting,
    setting::{SecretKey, Variable, VariableValue},
};

use super::{Served, known, render, served, told};
use crate::{
    deploy::{cost::Prices, facts, facts::Plan, judge::judge},
    operations::{Operations, changes::context, preferences::read_preferences},
};

pub(crate) async fn check_deployment(
    operations: &Operations,
    request: RenderRecipe,
) -> Result<DeploymentChecks, ApiError> {
    let Some(cluster) = request.cluster.clone() else {
        return Err(ApiError::new(
            ErrorCode::InvalidInput,
            "name the cluster that the deployment is to be checked against",
        ));
    };
    let cluster = context(operations, &cluster)?.id;
    let known = known(operations).await?;
    let served = served(operations, request.cluster.clone()).await?;
    let recipe = known.recipe(&request.recipe)?;
    let namespace = request.namespace.clone();
    let rendered = render(recipe, request, &served)?;
    if !rendered.faults.is_empty() {
        return Ok(DeploymentChecks { checks: Vec::new() });
    }
    let plan = plan(operations, recipe, rendered, (namespace, &served));
    let facts = facts::gather(&operations.objects, &operations.gate, &cluster, &plan).await;
    let prices = prices(read_preferences(operations, Nothing {}).await?);
    Ok(DeploymentChecks {
        checks: judge(&plan, &facts, &prices),
    })
}

fn prices(preferences: Preferences) -> Prices {
    let prices = preferences.gpu_prices.into_iter();
    Prices {
        per_hour: prices.map(|price| (price.model, price.per_hour)).collect(),
        currency: preferences.currency,
    }
}

fn plan(
    operations: &Operations,
    recipe: &Recipe,
    rendered: Rendered,
    (namespace, served): (String, &Served),
) -> Plan {
    let mut secrets = Vec::new();
    let mut references = Vec::new();
    for field in rendered.fields.iter().filter(|field| field.applies) {
        let kind = recipe.parameter(&field.parameter).map(|known| &known.kind);
        match (&field.setting, kind) {
            (Some(Setting::Secret(key)), _) => secrets.push(key.clone()),
            (Some(Setting::Environment(variables)), _) => {
                secrets.extend(variables.iter().filter_map(secret_of));
            }
            (Some(Setting::Text(name)), Some(Kind::Object { kind })) if !is_checked_apart(kind) => {
                references.push(ObjectAddress::new(
                    &kind.group,
                    &kind.kind,
                    if is_cluster_wide(kind, served) {
                        ""
                    } else {
                        &namespace
                    },
                    name,
                ));
            }
            _ => {}
        }
    }
    Plan {
        kinds: told::kinds(&rendered.objects, served, &operations.catalog),
        namespace,
        objects: rendered.objects,
        secrets,
        references,
    }
}

/// Queues and storage classes have checks of their own.
fn is_checked_apart(kind: &GroupKind) -> bool {
    matches!(kind.kind.as_str(), "LocalQueue" | "StorageClass")
}

fn is_cluster_wide(kind: &GroupKind, served: &Served) -> bool {
    let known = served.as_ref().and_then(|served| served.get(kind));
    known.is_some_and(|known| !known.is_namespaced)
}

fn secret_of(variable: &Variable) -> Option<SecretKey> {
    match &variable.value {
        VariableValue::Secret(key) => Some(key.clone()),
        VariableValue::Plain(_) => None,
    }
}
