//! The shape of a recipe's file, and how it becomes a [`Recipe`].

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_saphyr::Spanned;
use strata_catalog::{Bilingual, Profile};
use strata_domain::ids::GroupKind;

use crate::{
    error::Flaw,
    formula::Formula,
    located::{self, Located, Yaml, line},
    parameter::{Kind, Parameter},
    recipe::{NeededKind, Purpose, Recipe},
    template::{Known, Node, SharedManifests},
};

mod entry;

use entry::ParameterEntry;

/// What several recipes have.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Parameters, by id.
    pub(crate) parameters: SharedParameters,
    /// Lists of objects, by id.
    pub(crate) manifests: SharedManifests,
}

/// Parameters that several recipes have, by id.
pub(crate) type SharedParameters = BTreeMap<String, ParameterEntry>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ParametersFile {
    parameters: Vec<Spanned<ParameterEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestsFile {
    manifests: SharedManifests,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipeEntry {
    id: Spanned<String>,
    name: Bilingual,
    help: Bilingual,
    profile: Profile,
    purpose: Purpose,
    engine: String,
    /// Kinds that have to be served beside those of the manifests, as `Kind.group`.
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    parameters: Vec<Spanned<ParameterEntry>>,
    endpoint: Option<Located>,
    sizing: Option<Located>,
    manifests: Located,
}

/// Reads the file of shared manifests.
pub(crate) fn read_shared_manifests(text: &str) -> Result<SharedManifests, Flaw> {
    let file: ManifestsFile = located::read(text)?;
    Ok(file.manifests)
}

/// Reads the file of shared parameters.
pub(crate) fn read_shared_parameters(text: &str) -> Result<SharedParameters, Flaw> {
    let file: ParametersFile = located::read(text)?;
    let mut shared = BTreeMap::new();
    for entry in file.parameters {
        let at = line(&entry);
        let id = entry.value.id.as_ref().map(|id| id.value.clone());
        let id = id.ok_or_else(|| Flaw::new(at, "a parameter needs an `id`"))?;
        if shared.insert(id.clone(), entry.value).is_some() {
            return Err(Flaw::new(
                at,
                format!("the parameter `{id}` is there twice"),
            ));
        }
    }
    Ok(shared)
}

/// Reads a recipe.
pub(crate) fn read_recipe(text: &str, file: &str, shared: &Shared) -> Result<Recipe, Flaw> {
    let entry: RecipeEntry = located::read(text)?;
    check_id(&entry.id, "recipe")?;
    let parameters = read_parameters(entry.parameters, shared)?;
    check_name(&parameters, line(&entry.id))?;
    let known = known(&parameters, &shared.manifests);
    let kinds = needed_kinds(&entry.manifests, &entry.needs)?;
    let node = |source: &Located| Node::read(source, &known);
    Ok(Recipe {
        id: entry.id.value,
        name: entry.name,
        help: entry.help,
        profile: entry.profile,
        purpose: entry.purpose,
        engine: entry.engine,
        file: file.to_owned(),
        kinds,
        endpoint: entry.endpoint.as_ref().map(node).transpose()?,
        sizing: entry.sizing.as_ref().map(node).transpose()?,
        manifests: node(&entry.manifests)?,
        manifests_line: line(&entry.manifests),
        parameters,
    })
}

fn read_parameters(
    entries: Vec<Spanned<ParameterEntry>>,
    shared: &Shared,
) -> Result<Vec<Parameter>, Flaw> {
    let mut known = BTreeSet::new();
    let mut parameters = Vec::with_capacity(entries.len());
    for entry in entries {
        let at = line(&entry);
        let entry = match &entry.value.r#use {
            None => entry.value,
            Some(name) => {
                let base = shared.parameters.get(&name.value).ok_or_else(|| {
                    let message = format!("there is no shared parameter `{}`", name.value);
                    Flaw::new(line(name), message)
                })?;
                entry.value.over(base)
            }
        };
        let when = entry
            .when
            .as_ref()
            .map(|text| Formula::read(&text.value, line(text), &known))
            .transpose()?;
        let parameter = entry.into_parameter(at, when)?;
        if !known.insert(parameter.id.clone()) {
            let message = format!("the parameter `{}` is there twice", parameter.id);
            return Err(Flaw::new(at, message));
        }
        parameters.push(parameter);
    }
    Ok(parameters)
}

/// A release is called by the value of the parameter `name`.
fn check_name(parameters: &[Parameter], at: u64) -> Result<(), Flaw> {
    let name = parameters.iter().find(|parameter| parameter.id == "name");
    match name.map(|parameter| (&parameter.kind, parameter.required, &parameter.when)) {
        Some((Kind::Name { .. }, true, None)) => Ok(()),
        _ => Err(Flaw::new(
            at,
            "a recipe has a required parameter `name` of the type `name`: the release is called by it",
        )),
    }
}

pub(crate) fn check_id(id: &Spanned<String>, what: &str) -> Result<(), Flaw> {
    let is_right = !id.value.is_empty()
        && id.value.len() <= 63
        && id.value.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .value
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if is_right {
        return Ok(());
    }
    let message = format!(
        "`{}` is no id of a {what}: lowercase letters, digits, hyphens and underscores, a letter \
         first, at most 63",
        id.value
    );
    Err(Flaw::new(line(id), message))
}

fn known<'a>(parameters: &[Parameter], manifests: &'a SharedManifests) -> Known<'a> {
    let is_inline = |parameter: &&Parameter| {
        !matches!(
            parameter.kind,
            Kind::Secret | Kind::Environment | Kind::List { .. } | Kind::Labels | Kind::Manifests
        )
    };
    let id = |parameter: &Parameter| parameter.id.clone();
    Known {
        all: parameters.iter().map(id).collect(),
        inline: parameters.iter().filter(is_inline).map(id).collect(),
        manifests,
    }
}

/// The kinds of the manifests, which are written out in the template, and those that are needed
/// beside.
fn needed_kinds(manifests: &Located, needs: &[Spanned<String>]) -> Result<Vec<NeededKind>, Flaw> {
    let mut kinds = BTreeSet::new();
    collect_kinds(manifests, &mut kinds)?;
    for need in needs {
        let (kind, group) = need.value.split_once('.').unwrap_or((&need.value, ""));
        if kind.is_empty() || !kind.starts_with(|c: char| c.is_ascii_uppercase()) {
            let message = format!(
                "`{}` is no kind with its group, such as `TrainJob.trainer.kubeflow.org`",
                need.value
            );
            return Err(Flaw::new(line(need), message));
        }
        kinds.insert(NeededKind {
            kind: GroupKind::new(group, kind),
            version: String::new(),
        });
    }
    Ok(kinds.into_iter().collect())
}

fn collect_kinds(source: &Located, kinds: &mut BTreeSet<NeededKind>) -> Result<(), Flaw> {
    match &source.value {
        Yaml::List(items) => items.iter().try_for_each(|item| collect_kinds(item, kinds)),
        Yaml::Map(entries) => {
            let text = |name: &str| {
                let found = entries.iter().find(|(key, _)| key.value == name);
                found.and_then(|(_, value)| match &value.value {
                    Yaml::Text(text) if !text.contains("${") => Some(text.as_str()),
                    _ => None,
                })
            };
            // What is shared is added where somebody wants it: a cluster without its kinds lacks nothing
            // that the recipe needs.
            if entries.iter().any(|(key, _)| key.value == "$shared") {
                return Ok(());
            }
            // A manifest that is there on a condition stands within an instruction.
            let branches = entries
                .iter()
                .filter(|(key, _)| ["$then", "$else", "$splice"].contains(&key.value.as_str()));
            let mut is_instruction = false;
            for (_, branch) in branches {
                is_instruction = true;
                collect_kinds(branch, kinds)?;
            }
            if is_instruction {
                return Ok(());
            }
            let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else {
                let message = "a manifest has an `apiVersion` and a `kind` that are written out";
                return Err(Flaw::new(line(source), message));
            };
            let (group, version) = version.rsplit_once('/').unwrap_or(("", version));
            kinds.insert(NeededKind {
                kind: GroupKind::new(group, kind),
                version: version.to_owned(),
            });
            Ok(())
        }
        // The whole is a parameter: what somebody wrote.
        _ => Ok(()),
    }
}
