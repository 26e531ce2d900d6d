//! What must hold of the catalogue beyond the shape of its files.

use std::collections::{HashMap, HashSet};

use strata_domain::{layer::Layer, text::Text};

use crate::{
    capability::Capability,
    component::{Bilingual, Component, VersionSource},
    conformance::Conformance,
    file::Picture,
    kind::KindRule,
    map::{Map, Need, Stage},
};

/// An entry, its field, and what is wrong with it.
pub(crate) struct Flaw {
    pub(crate) entry: String,
    pub(crate) field: String,
    pub(crate) message: String,
}

fn flaw(entry: impl Into<String>, field: impl Into<String>, message: impl Into<String>) -> Flaw {
    Flaw {
        entry: entry.into(),
        field: field.into(),
        message: message.into(),
    }
}

/// Every layer and every capability is described once.
pub(crate) fn picture(picture: &Picture) -> Result<(), Flaw> {
    for layer in Layer::TOP_DOWN {
        if picture
            .layers
            .iter()
            .filter(|entry| entry.id == layer)
            .count()
            != 1
        {
            return Err(flaw(
                "layers",
                layer.as_str(),
                "must be described exactly once",
            ));
        }
    }
    for capability in Capability::ALL {
        if picture
            .capabilities
            .iter()
            .filter(|entry| entry.id == capability)
            .count()
            != 1
        {
            let field = format!("{capability:?}");
            return Err(flaw(
                "capabilities",
                field,
                "must be described exactly once",
            ));
        }
    }
    let mut seen = HashSet::new();
    for category in &picture.categories {
        if !seen.insert(&category.id) {
            return Err(flaw(
                "categories",
                category.id.as_str(),
                "is described twice",
            ));
        }
    }
    Ok(())
}

/// What holds of each component by itself.
pub(crate) fn component(component: &Component, picture: &Picture) -> Result<(), Flaw> {
    let at = |field: &str, message: String| {
        Err(flaw(
            format!("component `{}`", component.id),
            field,
            message,
        ))
    };
    let is_kebab = component.id.starts_with(|c: char| c.is_ascii_lowercase())
        && component
            .id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_kebab {
        return at(
            "id",
            "must be in kebab-case: it stands in addresses".to_owned(),
        );
    }
    if component.name.is_empty() {
        return at("name", "must not be empty".to_owned());
    }
    if !component.home.starts_with("https://") {
        return at("home", format!("`{}` is no https address", component.home));
    }
    if !is_said_in_both(&component.description) {
        return at(
            "description",
            "must be said in English and in Chinese".to_owned(),
        );
    }
    if !picture
        .categories
        .iter()
        .any(|category| category.id == component.category)
    {
        return at(
            "category",
            format!("`{}` is no category of layers.toml", component.category),
        );
    }
    if let Some(rule) = component.kinds.iter().find_map(odd_path) {
        return at("watch", rule);
    }
    let mut nouns = component
        .kinds
        .iter()
        .filter_map(|rule| rule.count.as_ref())
        .map(|count| count.noun);
    if let Some(first) = nouns.next()
        && let Some(other) = nouns.find(|noun| *noun != first)
    {
        let (first, other) = (first.as_str(), other.as_str());
        return at(
            "watch",
            format!("counts `{first}` and `{other}`: a tile has one figure"),
        );
    }
    for source in &component.versions {
        if let VersionSource::Field { kind, path } = source {
            let is_kept = component
                .kind(kind)
                .is_some_and(|rule| rule.fields.contains(path));
            if !is_kept {
                return at(
                    "version",
                    format!("`{path}` of `{kind}` is not among its fields"),
                );
            }
        }
    }
    Ok(())
}

/// Ids are unique; kinds that two components share are read alike.
pub(crate) fn all(components: &[Component]) -> Result<(), Flaw> {
    let mut ids = HashSet::new();
    let mut rules: HashMap<_, &KindRule> = HashMap::new();
    let known: HashSet<&Text> = components.iter().map(|component| &component.id).collect();
    for component in components {
        let entry = format!("component `{}`", component.id);
        if let Some(odd) = component
            .requires
            .iter()
            .find(|id| !known.contains(id) || **id == component.id)
        {
            let message = format!("`{odd}` is no other component");
            return Err(flaw(entry, "requires", message));
        }
        if !ids.insert(&component.id) {
            return Err(flaw(entry, "id", "another component has it already"));
        }
        for rule in &component.kinds {
            if let Some(other) = rules.insert(&rule.kind, rule)
                && other.fields != rule.fields
            {
                let message = format!("`{}` is watched for `{}` too", rule.kind, other.component);
                return Err(flaw(entry, "watch", message + ", with other fields"));
            }
        }
    }
    Ok(())
}

/// Every need and stage is described once, in order; stages name categories that there are.
pub(crate) fn map(map: &Map, picture: &Picture) -> Result<(), Flaw> {
    if !map.needs.iter().map(|entry| entry.id).eq(Need::ALL) {
        return Err(flaw("needs", "id", "must be the six needs, in order"));
    }
    if !map.stages.iter().map(|entry| entry.id).eq(Stage::ALL) {
        return Err(flaw("stages", "id", "must be the five stages, in order"));
    }
    let categories: HashSet<&Text> = picture.categories.iter().map(|entry| &entry.id).collect();
    for stage in &map.stages {
        if let Some(odd) = stage.categories.iter().find(|id| !categories.contains(id)) {
            let message = format!("`{odd}` is no category of layers.toml");
            return Err(flaw(stage.name.en.as_str(), "categories", message));
        }
    }
    Ok(())
}

/// Requirements stand area by area and are said once; checklists name those that there are.
pub(crate) fn conformance(conformance: &Conformance) -> Result<(), Flaw> {
    let mut seen = HashSet::new();
    for requirement in &conformance.requirements {
        let entry = requirement.id.as_str();
        if !seen.insert(requirement.id) {
            return Err(flaw(entry, "id", "is described twice"));
        }
        if !conformance
            .areas
            .iter()
            .any(|area| area.id == requirement.area)
        {
            return Err(flaw(entry, "area", "is none of the areas"));
        }
    }
    for list in &conformance.checklists {
        let mut named = HashSet::new();
        for id in list.must.iter().chain(&list.should) {
            if !seen.contains(id) || !named.insert(id) {
                let message = format!("`{}` is named twice, or not described", id.as_str());
                return Err(flaw(list.kubernetes.as_str(), "must, should", message));
            }
        }
    }
    Ok(())
}

fn is_said_in_both(text: &Bilingual) -> bool {
    text.en.chars().any(|c| c.is_ascii_alphabetic()) && !text.zh.is_ascii()
}

/// A path of a rule that is no dotted path.
fn odd_path(rule: &KindRule) -> Option<String> {
    let is_odd = |path: &&Text| {
        path.split('.').any(|part| {
            part.is_empty()
                || !part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        })
    };
    let path = rule.fields.iter().find(is_odd)?;
    Some(format!("`{path}` of `{}` is no dotted path", rule.kind))
}
