//! The shape of the files, and how their entries become the types of this crate.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use strata_domain::{ids::GroupKind, layer::Layer, text::Text};

use self::watch::WatchEntry;
use crate::{
    capability::{Capability, CapabilityEntry, Relation},
    component::{Bilingual, Component, Metrics, OpenAi, Profile, Signs, VersionSource},
    error::CatalogError,
    image::ImagePattern,
    layers::{Category, LayerEntry},
};

mod watch;

/// A file of the catalogue: its name and its text.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name, for errors.
    pub name: &'a str,
    /// The text, in TOML.
    pub text: &'a str,
}

/// `layers.toml`: the picture that components stand in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Picture {
    #[serde(rename = "layer")]
    pub(crate) layers: Vec<LayerEntry>,
    #[serde(rename = "category")]
    pub(crate) categories: Vec<Category>,
    #[serde(rename = "capability")]
    pub(crate) capabilities: Vec<CapabilityEntry>,
    #[serde(rename = "relation")]
    pub(crate) relations: Vec<Relation>,
}

/// Any other file: the components of one layer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerFile {
    layer: Layer,
    component: Vec<ComponentEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ComponentEntry {
    id: Text,
    name: Text,
    category: Text,
    capability: Capability,
    profile: Option<Profile>,
    #[serde(default)]
    requires: Vec<Text>,
    home: Text,
    description: Bilingual,
    #[serde(default)]
    signs: Signs,
    /// Left out: the image's tag, the label `app.kubernetes.io/version`, the definitions' release.
    version: Option<Vec<VersionSource>>,
    metrics: Option<Metrics>,
    openai: Option<OpenAi>,
    #[serde(default)]
    watch: Vec<WatchEntry>,
}

/// A file of one shape.
pub(crate) fn read<T: DeserializeOwned>(file: File<'_>) -> Result<T, CatalogError> {
    toml::from_str(file.text).map_err(|error| unreadable(file, &error))
}

/// The components of a file, in its order.
pub(crate) fn read_components(file: File<'_>) -> Result<Vec<Component>, CatalogError> {
    let LayerFile { layer, component } = read(file)?;
    component
        .into_iter()
        .map(|entry| {
            let id = entry.id.clone();
            entry
                .into_component(layer)
                .map_err(|(field, message)| CatalogError::Invalid {
                    file: file.name.to_owned(),
                    entry: format!("component `{id}`"),
                    field,
                    message,
                })
        })
        .collect()
}

/// Names the line of the fault, and the component that it stands under.
fn unreadable(file: File<'_>, error: &toml::de::Error) -> CatalogError {
    let start = error.span().map_or(0, |span| span.start);
    let before = file.text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let text = file.text.lines().nth(line - 1).unwrap_or_default().trim();
    let id = before
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("id = "));
    let near = id.map_or_else(|| text.to_owned(), |id| format!("component {id}: {text}"));
    CatalogError::Unreadable {
        file: file.name.to_owned(),
        line,
        near,
        message: error.message().to_owned(),
    }
}

/// The field at fault, and what is wrong with it.
type Fault = (String, String);

impl ComponentEntry {
    fn into_component(self, layer: Layer) -> Result<Component, Fault> {
        let mut signs = self.signs;
        let mut kinds = Vec::new();
        for entry in self.watch {
            for rule in entry.into_rules(&self.id)? {
                if signs.kinds.contains(&rule.kind) {
                    return Err((
                        "signs.kinds".to_owned(),
                        format!("`{}` is watched, which is a sign already", rule.kind),
                    ));
                }
                kinds.push(rule);
            }
        }
        // A kind of which this component owns some versions alone is found by its rule.
        let whole = kinds.iter().filter(|rule| rule.versions.is_empty());
        signs.kinds.extend(whole.map(|rule| rule.kind.clone()));
        let images = signs
            .images
            .iter()
            .map(|text| ImagePattern::parse(text))
            .collect::<Result<_, _>>()
            .map_err(|message| ("signs.images".to_owned(), message))?;
        let versions = self.version.unwrap_or_else(|| {
            vec![
                VersionSource::Image,
                VersionSource::WorkloadLabel(Text::from("app.kubernetes.io/version")),
                VersionSource::Definition,
            ]
        });
        Ok(Component {
            id: self.id,
            name: self.name,
            layer,
            category: self.category,
            capability: self.capability,
            profile: self.profile,
            requires: self.requires,
            home: self.home,
            description: self.description,
            signs,
            kinds,
            versions,
            metrics: self.metrics,
            openai: self.openai,
            images,
        })
    }
}

/// Reads `Kind.group`.
pub(crate) fn group_kind<'de, D: Deserializer<'de>>(reader: D) -> Result<GroupKind, D::Error> {
    let text = String::deserialize(reader)?;
    parse_group_kind(&text).map_err(D::Error::custom)
}

/// Reads a list of `Kind.group`.
pub(crate) fn group_kinds<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<Vec<GroupKind>, D::Error> {
    let texts = Vec::<String>::deserialize(reader)?;
    texts
        .iter()
        .map(|text| parse_group_kind(text).map_err(D::Error::custom))
        .collect()
}

fn parse_group_kind(text: &str) -> Result<GroupKind, String> {
    match text.split_once('.') {
        Some((kind, group))
            if kind.starts_with(|c: char| c.is_ascii_uppercase()) && group.contains('.') =>
        {
            Ok(GroupKind::new(group, kind))
        }
        _ => Err(format!(
            "`{text}` is no kind with its group, such as `Queue.scheduling.run.ai`"
        )),
    }
}
