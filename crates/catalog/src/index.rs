//! The signs of all components, compiled so that one question costs a few look-ups.

use std::collections::HashMap;

use strata_domain::{ids::GroupKind, metadata::Labels, text::Text};

use crate::{
    component::{Component, Signs},
    image::{ImagePattern, ImageReference},
    pattern::{Pattern, PatternIndex},
};

/// Two components claim the same sign, or a sign is no pattern.
#[derive(Debug)]
pub(crate) struct BadSign {
    /// The component at whose sign it was found, by position.
    pub(crate) position: usize,
    /// The list of signs.
    pub(crate) field: &'static str,
    pub(crate) message: String,
}

/// From a sign to the position of its component.
#[derive(Debug, Default)]
pub(crate) struct Index {
    kinds: HashMap<GroupKind, Vec<KindClaim>>,
    names: PatternIndex,
    names_by_namespace: HashMap<Text, PatternIndex>,
    labels: LabelIndex,
    images: ImageIndex,
    node_labels: LabelIndex,
    resources: PatternIndex,
    dra_drivers: PatternIndex,
    csi_drivers: PatternIndex,
    provisioners: PatternIndex,
    runtime_classes: PatternIndex,
    api_services: PatternIndex,
    container_runtimes: PatternIndex,
    providers: PatternIndex,
}

#[derive(Debug)]
struct KindClaim {
    /// Empty: every version.
    versions: Vec<Text>,
    position: usize,
}

impl Index {
    pub(crate) fn build(components: &[Component]) -> Result<Self, BadSign> {
        let mut index = Self::default();
        for (position, component) in components.iter().enumerate() {
            index
                .insert(component, position)
                .map_err(|(field, problem)| {
                    let message = match problem {
                        Problem::Malformed(message) => message,
                        Problem::Taken(sign, other) => {
                            let other =
                                components.get(other).map_or("?", |other| other.id.as_str());
                            format!("`{sign}` is a sign of component `{other}` too")
                        }
                    };
                    BadSign {
                        position,
                        field,
                        message,
                    }
                })?;
        }
        Ok(index)
    }

    fn insert(&mut self, component: &Component, position: usize) -> Result<(), Fault> {
        let Signs {
            kinds,
            workloads,
            labels,
            images,
            node_labels,
            resources,
            dra_drivers,
            csi_drivers,
            provisioners,
            runtime_classes,
            api_services,
            container_runtimes,
            providers,
        } = &component.signs;
        for kind in kinds {
            self.claim(kind, &[], position)?;
        }
        for rule in component
            .kinds
            .iter()
            .filter(|rule| !rule.versions.is_empty())
        {
            self.claim(&rule.kind, &rule.versions, position)?;
        }
        for sign in workloads {
            let (names, name) = match sign.split_once('/') {
                Some((namespace, name)) => (
                    self.names_by_namespace
                        .entry(Text::from(namespace))
                        .or_default(),
                    name,
                ),
                None => (&mut self.names, sign.as_str()),
            };
            insert_name(names, name, position).map_err(|problem| ("signs.workloads", problem))?;
        }
        for (text, pattern) in images.iter().zip(&component.images) {
            self.images
                .insert(pattern.clone(), position)
                .map_err(|other| ("signs.images", Problem::Taken(text.to_string(), other)))?;
        }
        for (field, signs, index) in [
            ("signs.labels", labels, &mut self.labels),
            ("signs.node_labels", node_labels, &mut self.node_labels),
        ] {
            index
                .insert(signs, position)
                .map_err(|problem| (field, problem))?;
        }
        for (field, signs, index) in [
            ("signs.resources", resources, &mut self.resources),
            ("signs.dra_drivers", dra_drivers, &mut self.dra_drivers),
            ("signs.csi_drivers", csi_drivers, &mut self.csi_drivers),
            ("signs.provisioners", provisioners, &mut self.provisioners),
            (
                "signs.runtime_classes",
                runtime_classes,
                &mut self.runtime_classes,
            ),
            ("signs.api_services", api_services, &mut self.api_services),
            (
                "signs.container_runtimes",
                container_runtimes,
                &mut self.container_runtimes,
            ),
            ("signs.providers", providers, &mut self.providers),
        ] {
            for sign in signs {
                insert_name(index, sign, position).map_err(|problem| (field, problem))?;
            }
        }
        Ok(())
    }

    /// Two components may share group and kind only if their versions tell them apart.
    fn claim(&mut self, kind: &GroupKind, versions: &[Text], position: usize) -> Result<(), Fault> {
        let claims = self.kinds.entry(kind.clone()).or_default();
        let overlaps = |claim: &&KindClaim| {
            versions.is_empty()
                || claim.versions.is_empty()
                || claim
                    .versions
                    .iter()
                    .any(|version| versions.contains(version))
        };
        if let Some(claim) = claims.iter().find(overlaps) {
            return Err((
                "signs.kinds",
                Problem::Taken(kind.to_string(), claim.position),
            ));
        }
        claims.push(KindClaim {
            versions: versions.to_vec(),
            position,
        });
        Ok(())
    }

    pub(crate) fn kind(&self, kind: &GroupKind) -> Option<usize> {
        match self.kinds.get(kind)?.as_slice() {
            [claim] => Some(claim.position),
            _ => None,
        }
    }

    pub(crate) fn kind_version(&self, kind: &GroupKind, version: &str) -> Option<usize> {
        let claims = self.kinds.get(kind)?;
        let fits = |claim: &&KindClaim| {
            claim.versions.is_empty() || claim.versions.iter().any(|known| known == version)
        };
        claims.iter().find(fits).map(|claim| claim.position)
    }

    pub(crate) fn workload(
        &self,
        namespace: &str,
        name: &str,
        labels: &Labels,
        images: &[Text],
    ) -> Option<usize> {
        let in_namespace = self.names_by_namespace.get(namespace);
        in_namespace
            .and_then(|names| names.find(name))
            .or_else(|| {
                labels
                    .iter()
                    .find_map(|(key, value)| self.labels.with_value(key, value))
            })
            .or_else(|| images.iter().find_map(|image| self.images.find(image)))
            .or_else(|| self.names.find(name))
            .or_else(|| {
                labels
                    .iter()
                    .find_map(|(key, _)| self.labels.with_any_value(key))
            })
    }

    pub(crate) fn image(&self, image: &str) -> Option<usize> {
        self.images.find(image)
    }

    pub(crate) fn node_label(&self, key: &str, value: &str) -> Option<usize> {
        let labels = &self.node_labels;
        labels
            .with_value(key, value)
            .or_else(|| labels.with_any_value(key))
    }

    pub(crate) fn resource(&self, name: &str) -> Option<usize> {
        self.resources.find(name)
    }

    pub(crate) fn dra_driver(&self, name: &str) -> Option<usize> {
        self.dra_drivers.find(name)
    }

    pub(crate) fn csi_driver(&self, name: &str) -> Option<usize> {
        self.csi_drivers.find(name)
    }

    pub(crate) fn provisioner(&self, name: &str) -> Option<usize> {
        self.csi_drivers
            .find(name)
            .or_else(|| self.provisioners.find(name))
    }

    pub(crate) fn runtime_class(&self, handler: &str) -> Option<usize> {
        self.runtime_classes.find(handler)
    }

    pub(crate) fn api_service(&self, name: &str) -> Option<usize> {
        self.api_services.find(name)
    }

    pub(crate) fn container_runtime(&self, scheme: &str) -> Option<usize> {
        self.container_runtimes.find(scheme)
    }

    pub(crate) fn provider(&self, scheme: &str) -> Option<usize> {
        self.providers.find(scheme)
    }
}

/// The list of signs, and what is wrong in it.
type Fault = (&'static str, Problem);

enum Problem {
    Malformed(String),
    /// A sign, and the position of the component that has it already.
    Taken(String, usize),
}

fn insert_name(index: &mut PatternIndex, name: &str, position: usize) -> Result<(), Problem> {
    let pattern = Pattern::parse(name).map_err(Problem::Malformed)?;
    if pattern.literal().is_empty() {
        return Err(Problem::Malformed(format!(
            "`{name}` would match everything"
        )));
    }
    index
        .insert(pattern, position)
        .map_err(|other| Problem::Taken(name.to_owned(), other))
}

/// Labels by key, then by value.
#[derive(Debug, Default)]
struct LabelIndex {
    values: HashMap<Text, PatternIndex>,
    keys: PatternIndex,
}

impl LabelIndex {
    fn insert(&mut self, signs: &[Text], position: usize) -> Result<(), Problem> {
        for sign in signs {
            match sign.split_once('=') {
                Some((key, value)) => {
                    let values = self.values.entry(Text::from(key)).or_default();
                    insert_name(values, value, position)?;
                }
                None => insert_name(&mut self.keys, sign, position)?,
            }
        }
        Ok(())
    }

    fn with_value(&self, key: &str, value: &str) -> Option<usize> {
        self.values.get(key)?.find(value)
    }

    fn with_any_value(&self, key: &str) -> Option<usize> {
        self.keys.find(key)
    }
}

/// Images by the last segment of their repository.
#[derive(Debug, Default)]
struct ImageIndex {
    by_last: HashMap<Text, Vec<(ImagePattern, usize)>>,
    loose: Vec<(ImagePattern, usize)>,
}

impl ImageIndex {
    /// Adds a pattern; fails with the position of what claims the same pattern already.
    fn insert(&mut self, pattern: ImagePattern, position: usize) -> Result<(), usize> {
        let list = match pattern.last_segment() {
            Some(last) => self.by_last.entry(Text::from(last)).or_default(),
            None => &mut self.loose,
        };
        if let Some((_, other)) = list.iter().find(|(known, _)| *known == pattern) {
            return if *other == position {
                Ok(())
            } else {
                Err(*other)
            };
        }
        list.push((pattern, position));
        Ok(())
    }

    /// The component whose pattern fits most closely; one with a literal last segment wins.
    fn find(&self, image: &str) -> Option<usize> {
        let last = ImageReference::parse(image).repository.rsplit('/').next()?;
        let closest = |list: &[(ImagePattern, usize)]| {
            list.iter()
                .filter_map(|(pattern, position)| Some((pattern.score(image)?, *position)))
                .max_by_key(|(score, _)| *score)
                .map(|(_, position)| position)
        };
        self.by_last
            .get(last)
            .and_then(|list| closest(list))
            .or_else(|| closest(&self.loose))
    }
}
