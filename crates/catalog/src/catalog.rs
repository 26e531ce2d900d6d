//! The catalogue, loaded: what is known of components, and the answers to "what is this?".

use std::collections::HashMap;

use strata_domain::{ids::GroupKind, layer::Layer, metadata::Labels, text::Text};

pub use crate::file::File;
use crate::{
    capability::{Capability, CapabilityEntry, Relation},
    check::{self, Flaw},
    component::{Component, Metrics},
    conformance::Conformance,
    error::CatalogError,
    file::{Picture, read, read_components},
    image::ImageReference,
    index::Index,
    kind::KindRule,
    layers::{Category, LayerEntry},
    map::Map,
};

const LAYERS: File<'static> = File {
    name: "layers.toml",
    text: include_str!("../../../assets/catalog/layers.toml"),
};

const MAP: File<'static> = File {
    name: "map.toml",
    text: include_str!("../../../assets/catalog/map.toml"),
};

const CONFORMANCE: File<'static> = File {
    name: "conformance.toml",
    text: include_str!("../../../assets/catalog/conformance.toml"),
};

const COMPONENTS: [File<'static>; 5] = [
    File {
        name: "workloads.toml",
        text: include_str!("../../../assets/catalog/workloads.toml"),
    },
    File {
        name: "lifecycle.toml",
        text: include_str!("../../../assets/catalog/lifecycle.toml"),
    },
    File {
        name: "platform.toml",
        text: include_str!("../../../assets/catalog/platform.toml"),
    },
    File {
        name: "infrastructure.toml",
        text: include_str!("../../../assets/catalog/infrastructure.toml"),
    },
    File {
        name: "hardware.toml",
        text: include_str!("../../../assets/catalog/hardware.toml"),
    },
];

/// The five layers, their components, and how each is recognised.
///
/// A question costs a few hash look-ups and no allocation, so it may be asked of every object.
#[derive(Debug)]
pub struct Catalog {
    picture: Picture,
    map: Map,
    conformance: Conformance,
    components: Vec<Component>,
    by_id: HashMap<Text, usize>,
    /// The positions of a watched kind's component, and of the rule among its kinds.
    rules: HashMap<GroupKind, (usize, usize)>,
    index: Index,
}

impl Catalog {
    /// The catalogue that is embedded into the program.
    pub fn load() -> Result<Self, CatalogError> {
        let components = Self::from_files(LAYERS, &COMPONENTS)?;
        let map: Map = read(MAP)?;
        check::map(&map, &components.picture).map_err(|flaw| invalid(MAP.name, flaw))?;
        let conformance: Conformance = read(CONFORMANCE)?;
        check::conformance(&conformance).map_err(|flaw| invalid(CONFORMANCE.name, flaw))?;
        Ok(Self {
            map,
            conformance,
            ..components
        })
    }

    /// A catalogue from other files: the picture, and the components of one layer in each file. It
    /// asks nothing of a cluster.
    pub fn from_files(layers: File<'_>, files: &[File<'_>]) -> Result<Self, CatalogError> {
        let picture: Picture = read(layers)?;
        check::picture(&picture).map_err(|flaw| invalid(layers.name, flaw))?;
        let mut components = Vec::new();
        let mut names = Vec::new();
        for file in files {
            for component in read_components(*file)? {
                check::component(&component, &picture).map_err(|flaw| invalid(file.name, flaw))?;
                components.push(component);
                names.push(file.name);
            }
        }
        check::all(&components).map_err(|flaw| invalid("*.toml", flaw))?;
        let index = Index::build(&components).map_err(|bad| CatalogError::Invalid {
            file: names
                .get(bad.position)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            entry: components
                .get(bad.position)
                .map(|component| format!("component `{}`", component.id))
                .unwrap_or_default(),
            field: bad.field.to_owned(),
            message: bad.message,
        })?;
        let by_id = components
            .iter()
            .enumerate()
            .map(|(position, component)| (component.id.clone(), position))
            .collect();
        let mut rules = HashMap::new();
        for (position, component) in components.iter().enumerate() {
            for (place, rule) in component.kinds.iter().enumerate() {
                rules.entry(rule.kind.clone()).or_insert((position, place));
            }
        }
        Ok(Self {
            picture,
            map: Map::default(),
            conformance: Conformance::default(),
            components,
            by_id,
            rules,
            index,
        })
    }

    /// Every component, layer by layer from top to bottom, in the order in which a layer's tiles
    /// stand.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The component with the id `id`.
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.at(self.by_id.get(id).copied())
    }

    /// Where the component `id` stands in [`Catalog::components`].
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// What the catalogue says of `layer`.
    pub fn layer(&self, layer: Layer) -> Option<&LayerEntry> {
        self.picture.layers.iter().find(|entry| entry.id == layer)
    }

    /// What the catalogue says of the category `id`.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.picture
            .categories
            .iter()
            .find(|category| category.id == id)
    }

    /// What the catalogue says of `capability`.
    pub fn capability(&self, capability: Capability) -> Option<&CapabilityEntry> {
        self.picture
            .capabilities
            .iter()
            .find(|entry| entry.id == capability)
    }

    /// Which capability serves which.
    pub fn relations(&self) -> &[Relation] {
        &self.picture.relations
    }

    /// The components that serve `capability`, in the catalogue's order.
    pub fn serving(&self, capability: Capability) -> impl Iterator<Item = &Component> {
        self.components
            .iter()
            .filter(move |component| component.capability == capability)
    }

    /// What the map asks of a cluster.
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// The conformance checklists.
    pub fn conformance(&self) -> &Conformance {
        &self.conformance
    }

    /// The custom kinds to watch where they are served, each once.
    pub fn watch_kinds(&self) -> Vec<&KindRule> {
        let rules = self
            .components
            .iter()
            .flat_map(|component| &component.kinds);
        let is_first = |rule: &&KindRule| {
            self.kind_rule(&rule.kind)
                .is_some_and(|first| first.component == rule.component)
        };
        rules.filter(is_first).collect()
    }

    /// The rule by which objects of the watched kind `kind` are read. Where two components share
    /// the kind it is the first one's; both are read alike.
    pub fn kind_rule(&self, kind: &GroupKind) -> Option<&KindRule> {
        let (position, place) = *self.rules.get(kind)?;
        self.components.get(position)?.kinds.get(place)
    }

    /// The component that defines `kind`; `None` where only the version tells which of two does
    /// (ask [`Catalog::recognise_kind_version`]).
    pub fn recognise_kind(&self, kind: &GroupKind) -> Option<&Component> {
        self.at(self.index.kind(kind))
    }

    /// The component that defines `version` of `kind`.
    pub fn recognise_kind_version(&self, kind: &GroupKind, version: &str) -> Option<&Component> {
        self.at(self.index.kind_version(kind, version))
    }

    /// The component that a workload (or a pod without one) is a part of. The most specific sign
    /// wins, in this order: its name within its namespace; a label with its value; an image, in
    /// the order of its containers; its name alone; a label's key alone. In each, a whole name
    /// beats a pattern, a longer pattern a shorter one.
    pub fn recognise_workload(
        &self,
        namespace: &str,
        name: &str,
        labels: &Labels,
        images: &[Text],
    ) -> Option<&Component> {
        self.at(self.index.workload(namespace, name, labels, images))
    }

    /// The component whose image `image` is, its registry or mirror, tag and digest aside.
    pub fn recognise_image(&self, image: &str) -> Option<&Component> {
        self.at(self.index.image(image))
    }

    /// How the container called `name` of `image` tells metrics, where it is known to tell any.
    pub fn metrics_of_container(&self, name: &str, image: &str) -> Option<&Metrics> {
        let metrics = self.recognise_image(image)?.metrics.as_ref()?;
        let repository = ImageReference::parse(image).repository;
        let is_image = repository.ends_with(metrics.image.as_str());
        let is_container = metrics.container.is_empty() || metrics.container == name;
        (is_image && is_container).then_some(metrics)
    }

    /// The component that puts the extended resource `name` on nodes.
    ///
    /// Weaker than a workload: a cloud's own build, or a test, may do so in its place.
    pub fn recognise_resource(&self, name: &str) -> Option<&Component> {
        self.at(self.index.resource(name))
    }

    /// The component that puts the label `key` with `value` on nodes.
    pub fn recognise_node_label(&self, key: &str, value: &str) -> Option<&Component> {
        self.at(self.index.node_label(key, value))
    }

    /// The component whose driver publishes resource slices as `driver`.
    pub fn recognise_dra_driver(&self, driver: &str) -> Option<&Component> {
        self.at(self.index.dra_driver(driver))
    }

    /// The component whose CSI driver is `name`.
    pub fn recognise_csi_driver(&self, name: &str) -> Option<&Component> {
        self.at(self.index.csi_driver(name))
    }

    /// The component that makes volumes as `provisioner`, CSI driver or not.
    pub fn recognise_provisioner(&self, provisioner: &str) -> Option<&Component> {
        self.at(self.index.provisioner(provisioner))
    }

    /// The component that answers the runtime class handler `handler`.
    pub fn recognise_runtime_class(&self, handler: &str) -> Option<&Component> {
        self.at(self.index.runtime_class(handler))
    }

    /// The component whose aggregated server answers the `APIService` `name` (`version.group`).
    pub fn recognise_api_service(&self, name: &str) -> Option<&Component> {
        self.at(self.index.api_service(name))
    }

    /// The component that a node names as its container runtime: `containerd://2.1.4`.
    pub fn recognise_container_runtime(&self, runtime: &str) -> Option<&Component> {
        self.at(self.index.container_runtime(runtime.split_once("://")?.0))
    }

    /// The cloud or installer that a node's `providerID` names: `aws:///eu-west-1a/i-0a1b`.
    pub fn recognise_provider(&self, provider_id: &str) -> Option<&Component> {
        self.at(self.index.provider(provider_id.split_once("://")?.0))
    }

    fn at(&self, position: Option<usize>) -> Option<&Component> {
        self.components.get(position?)
    }
}

fn invalid(file: &str, flaw: Flaw) -> CatalogError {
    CatalogError::Invalid {
        file: file.to_owned(),
        entry: flaw.entry,
        field: flaw.field,
        message: flaw.message,
    }
}
