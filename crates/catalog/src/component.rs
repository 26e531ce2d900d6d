//! A component: what it is, where it stands, and by what signs it is known.

use serde::Deserialize;
use strata_domain::{ids::GroupKind, layer::Layer, metadata::Labels, text::Text};

use crate::{
    capability::Capability,
    image::{ImagePattern, version_of_image},
    kind::KindRule,
};

/// A product that a layer of the stack is made of.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its stable id in kebab-case, such as `gpu-operator`.
    pub id: Text,
    /// Its name as its makers spell it.
    pub name: Text,
    /// The layer that it stands in.
    pub layer: Layer,
    /// What sort of thing it is: the id of a [`Category`](crate::Category).
    pub category: Text,
    /// The capability that it serves.
    pub capability: Capability,
    /// What kind of AI it serves; absent where it serves none in particular.
    pub profile: Option<Profile>,
    /// The components without which it does not work, by id.
    pub requires: Vec<Text>,
    /// Its page on the web.
    pub home: Text,
    /// What it does, in one sentence.
    pub description: Bilingual,
    /// By what it is recognised, its watched kinds included.
    pub signs: Signs,
    /// The custom kinds that are watched for it, and what is read from their objects.
    pub kinds: Vec<KindRule>,
    /// Where its version is read; the first source that knows it wins.
    pub versions: Vec<VersionSource>,
    /// How its pods tell metrics, where they do.
    pub metrics: Option<Metrics>,
    /// How its pods answer OpenAI's interface, where they do.
    pub openai: Option<OpenAi>,
    /// `signs.images`, compiled, in the order of the file.
    pub(crate) images: Vec<ImagePattern>,
}

impl Component {
    /// The version that one of the component's workloads tells: by the tag of an image that is one
    /// of the component's signs, or by a label, in the order of [`Component::versions`].
    pub fn version_of_workload<'a>(
        &self,
        labels: &'a Labels,
        images: &'a [Text],
    ) -> Option<&'a str> {
        self.versions.iter().find_map(|source| match source {
            VersionSource::Image => self.version_of_images(images),
            VersionSource::WorkloadLabel(key) => labels
                .get(key)
                .filter(|value| value.chars().any(|c| c.is_ascii_digit())),
            _ => None,
        })
    }

    /// The tag of the component's own image among `images`; where no image is one of its signs
    /// (it was recognised by name or label), the tag of the first image.
    fn version_of_images<'a>(&self, images: &'a [Text]) -> Option<&'a str> {
        let own = self
            .images
            .iter()
            .find_map(|pattern| images.iter().find(|image| pattern.score(image).is_some()));
        version_of_image(own.or_else(|| images.first())?)
    }

    /// The rule of the watched kind `kind`.
    pub fn kind(&self, kind: &GroupKind) -> Option<&KindRule> {
        self.kinds.iter().find(|rule| rule.kind == *kind)
    }
}

/// How the pods of a component tell metrics.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// In which words: `dcgm`, `amd`, `ascend`, `hami`, `vllm`, `sglang`, `text_generation`, `triton`,
    /// `ray`, `prometheus`.
    pub dialect: Text,
    /// The ports that they may listen on, the likeliest first.
    pub ports: Vec<u16>,
    /// Whether they speak TLS.
    #[serde(default)]
    pub tls: bool,
    /// The end of the repository of the image that tells them, where not every image of the component
    /// does.
    #[serde(default)]
    pub image: Text,
    /// The name of the container that tells them, where others run the same image.
    #[serde(default)]
    pub container: Text,
}

/// How the pods of a component answer OpenAI's interface.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAi {
    /// The ports that they may listen on where nothing says otherwise, the likeliest first.
    pub ports: Vec<u16>,
    /// What stands before `/chat/completions`.
    #[serde(default = "version_one")]
    pub base: Text,
    /// A part of the command line without which they do not answer it; empty where they always do.
    #[serde(default)]
    pub command: Text,
}

fn version_one() -> Text {
    Text::from("/v1")
}

/// A text in both languages of Strata.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// In English.
    pub en: Text,
    /// In simplified Chinese.
    pub zh: Text,
}

/// What kind of AI a serving engine or an application serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Generates: language, image and speech models, and what stands on them.
    Generative,
    /// Predicts: classification, regression, forecasts, detection.
    Predictive,
    /// Either; the model decides.
    Both,
}

/// By what a component is recognised. In every list but `kinds` and `images` a text may begin or
/// end with `*`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signs {
    /// Kinds that only this component defines, as `Kind.group`. Never a group alone.
    #[serde(deserialize_with = "crate::file::group_kinds")]
    pub kinds: Vec<GroupKind>,
    /// Names of deployments and their siblings, as `name` or `namespace/name`.
    pub workloads: Vec<Text>,
    /// Labels on a workload, as `key=value`, or `key` for any value.
    pub labels: Vec<Text>,
    /// Ends of image repositories, in whole path segments: `vllm/vllm-openai`, `volcanosh/vc-*`.
    pub images: Vec<Text>,
    /// Labels on nodes, as `key=value`, or `key` for any value.
    pub node_labels: Vec<Text>,
    /// Extended resources of nodes.
    pub resources: Vec<Text>,
    /// Drivers of `ResourceSlice`s.
    pub dra_drivers: Vec<Text>,
    /// Names of `CSIDriver`s.
    pub csi_drivers: Vec<Text>,
    /// Provisioners of storage classes that are no CSI driver; CSI drivers count by themselves.
    pub provisioners: Vec<Text>,
    /// Handlers of `RuntimeClass`es.
    pub runtime_classes: Vec<Text>,
    /// Names of `APIService`s that an aggregated server answers, as `version.group`.
    pub api_services: Vec<Text>,
    /// The part of a node's container runtime before `://`.
    pub container_runtimes: Vec<Text>,
    /// The part of a node's `providerID` before `://`.
    pub providers: Vec<Text>,
}

/// Where a component's version can be read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionSource {
    /// The tag of the component's image in one of its workloads.
    Image,
    /// A label of one of its workloads, such as `app.kubernetes.io/version`.
    WorkloadLabel(Text),
    /// The release that its custom resource definitions name.
    Definition,
    /// A label of nodes, such as `nvidia.com/cuda.driver-version.full`.
    NodeLabel(Text),
    /// What a node says of its container runtime: `containerd://2.1.4`.
    ContainerRuntime,
    /// What the API server says of itself.
    Server,
    /// A field of one of its watched kinds.
    Field {
        /// The kind, as `Kind.group`.
        #[serde(deserialize_with = "crate::file::group_kind")]
        kind: GroupKind,
        /// The field's dotted path.
        path: Text,
    },
}
