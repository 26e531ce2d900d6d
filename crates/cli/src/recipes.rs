//! `strata recipes`: what can be deployed, and what each recipe asks for.

use std::process::ExitCode;

use anyhow::Context;
use strata_api::recipes::{
    NeededKind, ParameterKind, ReadRecipes, Recipe, RecipeParameter, Recipes as Read,
};
use strata_app::Launch;

use crate::{
    arguments::{Output, Recipes},
    exit::{answer, remark},
    session::Session,
    table::{columns, visible},
};

/// Lists the recipes, or tells one.
pub(crate) async fn run(launch: Launch, wanted: &Recipes) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let is_meant = wanted.target.demo || wanted.target.context.is_some();
    let cluster = if is_meant {
        Some(session.choose(&wanted.target).await?)
    } else {
        None
    };
    let read: Read = session
        .call("read_recipes", &ReadRecipes { cluster })
        .await?;
    session.end().await;
    for file in &read.broken {
        remark(&visible(&format!(
            "{}, line {}: {}",
            file.file, file.line, file.message
        )));
    }
    if !read.unread.is_empty() {
        remark(&visible(&format!(
            "what the cluster serves is not known: {}",
            read.unread
        )));
    }
    let one = wanted.recipe.as_ref().map(|id| {
        let found = read.recipes.iter().find(|recipe| recipe.id == *id);
        found.with_context(|| format!("there is no recipe `{id}`; `strata recipes` lists them"))
    });
    let told = match (one.transpose()?, wanted.output) {
        (Some(recipe), Output::Json) => format!("{:#}\n", serde_json::to_value(recipe)?),
        (None, Output::Json) => format!("{:#}\n", serde_json::to_value(&read)?),
        (Some(recipe), Output::Table) => one_told(recipe),
        (None, Output::Table) => listed(&read.recipes),
    };
    answer(&told)?;
    Ok(ExitCode::SUCCESS)
}

fn listed(recipes: &[Recipe]) -> String {
    let mut lines = vec![["RECIPE", "WHAT", "NEEDS"].map(str::to_owned).to_vec()];
    lines.extend(recipes.iter().map(|recipe| {
        vec![
            recipe.id.clone(),
            recipe.name.en.clone(),
            missing(&recipe.kinds),
        ]
    }));
    columns(&lines, 0)
}

/// What the cluster does not serve; empty where it serves all, or none was asked.
fn missing(kinds: &[NeededKind]) -> String {
    let missing: Vec<String> = kinds
        .iter()
        .filter(|kind| kind.served == Some(false))
        .map(|kind| match kind.component.as_str() {
            "" => kind.kind.clone(),
            component => format!("{} ({component})", kind.kind),
        })
        .collect();
    missing.join(", ")
}

fn one_told(recipe: &Recipe) -> String {
    let missing = match missing(&recipe.kinds) {
        missing if missing.is_empty() => missing,
        missing => format!("  The cluster does not serve {missing}\n"),
    };
    let name = visible(&recipe.name.en);
    let help = visible(&recipe.help.en);
    let mut lines = vec![
        ["--set", "VALUE", "DEFAULT", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    lines.extend(recipe.parameters.iter().map(|parameter| {
        vec![
            parameter.id.clone(),
            value(&parameter.kind),
            default(parameter),
            parameter.help.en.clone(),
        ]
    }));
    format!("{name}\n  {help}\n{missing}\n{}", columns(&lines, 0))
}

fn value(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::Name { .. } | ParameterKind::Object { .. } => "name".to_owned(),
        ParameterKind::Text { .. } => "text".to_owned(),
        ParameterKind::Integer { min, max } => format!("{min}..{max}"),
        ParameterKind::Number { min, max } => format!("{min}..{max}"),
        ParameterKind::Quantity { min, max } => format!("{min}..{max}"),
        ParameterKind::Boolean {} => "true|false".to_owned(),
        ParameterKind::Choice { options } => options
            .iter()
            .map(|option| option.value.as_str())
            .collect::<Vec<_>>()
            .join("|"),
        ParameterKind::Image {} => "image".to_owned(),
        ParameterKind::Model { examples } => examples.join(" or "),
        ParameterKind::Secret {} => "secret/key".to_owned(),
        ParameterKind::Environment {} => "NAME=VALUE...".to_owned(),
        ParameterKind::List { .. } => "text...".to_owned(),
        ParameterKind::Labels {} => "KEY=VALUE...".to_owned(),
        ParameterKind::Manifests {} => "YAML".to_owned(),
    }
}

fn default(parameter: &RecipeParameter) -> String {
    match &parameter.default {
        serde_json::Value::Null if parameter.required => "(needed)".to_owned(),
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
