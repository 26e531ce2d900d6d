//! `strata deploy`: a recipe with values, as manifests, as a preview, or applied as a release.

use std::{collections::BTreeMap, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use strata_api::{
    change::{ChangeReport, Intent},
    operations::DeployRecipe,
    recipes::{FieldError, RenderRecipe, RenderedRecipe},
};
use strata_app::Launch;

use crate::{
    arguments::{Deploy, DeployOutput},
    change_report::tell,
    exit::answer,
    session::Session,
    table::{columns, visible},
};

/// Renders the recipe. What is wrong with a value is told by parameter, and nothing else is.
pub(crate) async fn run(launch: Launch, deploy: &Deploy) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let request = request(&session, deploy).await?;
    let rendered: RenderedRecipe = session.call("render_recipe", &request).await?;
    if !rendered.errors.is_empty() {
        session.end().await;
        bail!(refused(&rendered.errors));
    }
    let intent = match (deploy.preview, deploy.apply) {
        (true, _) => Some(Intent::Preview),
        (_, true) => Some(Intent::Apply),
        _ => None,
    };
    if let Some(intent) = intent {
        let request = DeployRecipe {
            recipe: request,
            manifests: deploy.manifests.as_deref().map(read).transpose()?,
            intent,
            choices: Vec::new(),
        };
        let came: ChangeReport = session.call("deploy_recipe", &request).await?;
        session.end().await;
        return tell(&came, deploy.output.of_report());
    }
    session.end().await;
    answer(&match deploy.output {
        DeployOutput::Yaml => rendered.yaml,
        DeployOutput::Json => format!("{:#}\n", serde_json::to_value(&rendered)?),
        DeployOutput::Table => told(&rendered),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The request that the command line means.
pub(crate) async fn request(session: &Session, deploy: &Deploy) -> anyhow::Result<RenderRecipe> {
    let target = &deploy.target;
    // What is sent somewhere goes to the current context where none is named; what is only filled
    // in needs no cluster.
    let is_meant = target.demo || target.context.is_some() || deploy.preview || deploy.apply;
    let cluster = if is_meant {
        Some(session.choose(&deploy.target).await?)
    } else {
        None
    };
    let namespace = match (&deploy.namespace, &cluster) {
        (Some(namespace), _) => namespace.clone(),
        (None, Some(cluster)) => session.namespace(cluster).await?,
        (None, None) => String::new(),
    };
    Ok(RenderRecipe {
        recipe: deploy.recipe.clone(),
        cluster,
        namespace,
        values: serde_json::Map::new(),
        typed: typed(&deploy.set)?,
    })
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// Values by parameter. One that is given several times has several lines; `@FILE` is a file's text.
pub(crate) fn typed(set: &[(String, String)]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    for (parameter, value) in set {
        let value = match value.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("reading {file} for --set {parameter}"))?,
            None => value.clone(),
        };
        typed
            .entry(parameter.clone())
            .and_modify(|known| {
                known.push('\n');
                known.push_str(&value);
            })
            .or_insert(value);
    }
    Ok(typed)
}

/// What is wrong, a line for each value.
pub(crate) fn refused(errors: &[FieldError]) -> String {
    let lines = errors.iter().map(|error| {
        visible(&format!(
            "--set {}: {}",
            error.parameter,
            error.sentence.english()
        ))
    });
    let mut said = vec!["the values do not fit the recipe".to_owned()];
    said.extend(lines);
    said.join("\n  ")
}

fn told(rendered: &RenderedRecipe) -> String {
    let lines: Vec<Vec<String>> = rendered
        .manifests
        .iter()
        .map(|manifest| {
            let served = rendered
                .kinds
                .iter()
                .find(|kind| kind.kind.split('.').next() == Some(manifest.kind.as_str()))
                .and_then(|kind| kind.served);
            vec![
                manifest.kind.clone(),
                manifest.namespace.clone(),
                manifest.name.clone(),
                match served {
                    Some(false) => "not served by this cluster".to_owned(),
                    _ => String::new(),
                },
            ]
        })
        .collect();
    columns(&lines, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_given_twice_has_two_lines() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let set = [
            pair("extra_args", "--a"),
            pair("gpus", "2"),
            pair("extra_args", "--b"),
        ];
        let typed = typed(&set).unwrap();
        assert_eq!(typed["extra_args"], "--a\n--b");
        assert_eq!(typed["gpus"], "2");
    }

    #[test]
    fn a_file_that_is_not_there_is_named_with_its_parameter() {
        let set = [("yaml".to_owned(), "@/no/such/file.yaml".to_owned())];
        let said = format!("{:#}", typed(&set).unwrap_err());
        assert!(
            said.contains("/no/such/file.yaml") && said.contains("yaml"),
            "{said}"
        );
    }
}
