//! Recipes: what can be deployed, and what a filled-in one comes to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{operations::Bilingual, phrases::Phrase};

mod checks;

pub use checks::{Check, CheckState, CheckSubject, DeploymentChecks};

/// Which recipes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ReadRecipes {
    /// Says what is missing for each on this cluster; none: for no cluster.
    pub cluster: Option<String>,
}

/// Everything that can be deployed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Recipes {
    /// Strata's own and the user's, in the order of the gallery.
    pub recipes: Vec<Recipe>,
    /// Files of the user's folder that are no recipes.
    pub broken: Vec<BrokenRecipe>,
    /// The user's folder; empty where there is none.
    pub folder: String,
    /// Why the kinds of the cluster are not known; empty where they are, or none was asked for.
    pub unread: String,
}

/// A file that is no recipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BrokenRecipe {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong there.
    pub message: String,
}

/// What somebody can deploy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Recipe {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Bilingual,
    /// What it does, and when to take it.
    pub help: Bilingual,
    /// What kind of AI it is for: the needs of that kind stand in the topic `map`.
    pub profile: RecipeProfile,
    /// The part of the gallery.
    pub purpose: RecipePurpose,
    /// What it runs, such as `vLLM`.
    pub engine: String,
    /// The file of the user's folder that it was read from; empty for Strata's own.
    pub file: String,
    /// What it asks for, in the order of the form.
    pub parameters: Vec<RecipeParameter>,
    /// The kinds that have to be served, as `Kind.group`.
    pub kinds: Vec<NeededKind>,
    /// Whether it plans a model's memory: [`RenderedRecipe::sizing`] is there.
    pub has_sizing: bool,
    /// Whether it serves something that can be tried: [`RenderedRecipe::endpoint`] is there.
    pub has_endpoint: bool,
}

/// What kind of AI something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecipeProfile {
    /// Generates.
    Generative,
    /// Predicts.
    Predictive,
    /// Either.
    Both,
}

/// The parts of the gallery, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecipePurpose {
    /// Serves a model.
    Serve,
    /// Trains or fine-tunes one.
    Train,
    /// Runs a model over a lot of input, once.
    Batch,
    /// A notebook.
    Notebook,
    /// A cluster of workers that programs are sent to.
    Cluster,
    /// Keeps vectors.
    Database,
    /// Any program.
    Application,
}

/// A kind that has to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeededKind {
    /// `Deployment.apps`, as kubectl writes it.
    pub kind: String,
    /// The version that the manifests are written in; empty where any will do.
    pub version: String,
    /// Whether the cluster serves it; none where no cluster was asked.
    pub served: Option<bool>,
    /// The component that brings it, as the catalogue names it; empty for Kubernetes' own.
    pub component: String,
}

/// What a recipe asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecipeParameter {
    /// Its id: what values are given under.
    pub id: String,
    /// The part of the form.
    pub section: FormSection,
    /// What it is called.
    pub name: Bilingual,
    /// What it means and what to choose.
    pub help: Bilingual,
    /// Its type and what constrains it.
    pub kind: ParameterKind,
    /// Whether a value has to be there.
    pub required: bool,
    /// The value where none is given; null where there is none.
    #[ts(type = "unknown")]
    pub default: Value,
    /// A unit that stands behind it; may be empty.
    pub unit: String,
    /// It applies only while this formula over other parameters is true; empty: always. Whether it
    /// does is told by [`FieldState::applies`].
    pub when: String,
}

/// The parts of a form, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormSection {
    /// What is deployed.
    What,
    /// How the model is split and run.
    Model,
    /// What and how it is trained.
    Training,
    /// How much of what it takes.
    Resources,
    /// Where it runs and who goes first.
    Placement,
    /// Where data lies.
    Storage,
    /// Everything that has a good default.
    Advanced,
}

/// The types of parameters: what a value looks like in JSON, and what constrains it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ParameterKind {
    /// A string: a name that an object gets.
    Name {
        /// The most characters.
        max_length: u32,
    },
    /// A string.
    Text {
        /// The fewest characters.
        min_length: u32,
        /// The most characters.
        max_length: u32,
        /// The form that it has to have, a regular expression; may be empty.
        pattern: String,
        /// Whether it may have line breaks.
        lines: bool,
    },
    /// A whole number.
    Integer {
        /// The least.
        #[ts(type = "number")]
        min: i64,
        /// The most.
        #[ts(type = "number")]
        max: i64,
    },
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// A string, or a number of whole units: an amount in Kubernetes' form.
    Quantity {
        /// The least.
        min: String,
        /// The most.
        max: String,
    },
    /// True or false.
    Boolean {},
    /// A string: the value of one of the options.
    Choice {
        /// Which.
        options: Vec<ChoiceOption>,
    },
    /// A string: an image reference.
    Image {},
    /// A string: a model.
    Model {
        /// An example of each way to name one.
        examples: Vec<String>,
    },
    /// `{ "name", "key" }`: a key of a Secret of the namespace.
    Secret {},
    /// A string: the name of an object that is there already.
    Object {
        /// Its kind, as kubectl writes it: `StorageClass.storage.k8s.io`.
        kind: String,
    },
    /// A list of `{ "name", "value" }` and `{ "name", "secret": { "name", "key" } }`.
    Environment {},
    /// A list of strings.
    List {
        /// The most entries.
        max_items: u32,
    },
    /// An object of strings.
    Labels {},
    /// A string: manifests as YAML.
    Manifests {},
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChoiceOption {
    /// The value.
    pub value: String,
    /// What it is called.
    pub name: Bilingual,
}

/// A recipe, filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RenderRecipe {
    /// The recipe's id.
    pub recipe: String,
    /// The cluster, for what it serves; none where nothing is asked of one.
    pub cluster: Option<String>,
    /// The namespace; empty where the objects shall say none.
    pub namespace: String,
    /// Values by parameter, of the parameter's type; null takes a default away.
    #[ts(type = "{ [key in string]: unknown }")]
    pub values: Map<String, Value>,
    /// Values by parameter as somebody types them on a command line; they come before `values`.
    pub typed: BTreeMap<String, String>,
}

/// What a filled-in recipe comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RenderedRecipe {
    /// The name of the release; empty with errors.
    pub release: String,
    /// What became of each parameter, in the recipe's order.
    pub fields: Vec<FieldState>,
    /// What is wrong with the values. With any, there are no manifests.
    pub errors: Vec<FieldError>,
    /// The objects, in the order in which they are applied.
    pub manifests: Vec<RecipeManifest>,
    /// All of them as one text of YAML.
    pub yaml: String,
    /// The kinds that these manifests need, and whether the cluster serves them.
    pub kinds: Vec<NeededKind>,
    /// What the model's memory is planned from.
    pub sizing: Option<SizingInputs>,
    /// How a client talks to what is served.
    pub endpoint: Option<ServedEndpoint>,
}

/// What became of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FieldState {
    /// The parameter.
    pub parameter: String,
    /// Whether it applies, by the values of others.
    pub applies: bool,
    /// Its value, given or by default; null where there is none.
    #[ts(type = "unknown")]
    pub value: Value,
    /// Whether it was given: a value, or null for none.
    pub is_given: bool,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FieldError {
    /// The parameter.
    pub parameter: String,
    /// What is wrong, and what would be right.
    pub sentence: Phrase,
    /// The line of the value, where it is a text of several; counted from 1.
    pub line: Option<u32>,
}

/// An object that a recipe comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecipeManifest {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The object as YAML.
    pub yaml: String,
}

/// What the memory of a model is planned from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SizingInputs {
    /// What is done with the model.
    pub task: SizingTask,
    /// The model, as the recipe names it.
    pub model: String,
    /// The format of the weights, as the engine names it; empty or `auto`: the checkpoint's own.
    pub weights: String,
    /// The format of the key-value cache; empty or `auto`: as the weights.
    pub kv: String,
    /// Over how many GPUs each layer is split.
    pub tensor_parallel: u32,
    /// Over how many GPUs the layers are split.
    pub pipeline_parallel: u32,
    /// Tokens of a request or a training sequence; none: the model's own limit.
    pub context: Option<u32>,
    /// Requests at a time, or sequences on a GPU.
    pub concurrency: u32,
    /// The part of GPU memory that the engine takes.
    pub memory_fraction: f64,
    /// GPUs in all that a training is spread over.
    pub gpus: u32,
    /// How it is trained: `full`, `lora`, `qlora`; empty where it is not.
    pub method: String,
    /// The rank of the adapters; 0 where there are none.
    pub rank: u32,
}

/// What is done with a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SizingTask {
    /// It is served.
    #[default]
    Serve,
    /// It is trained.
    Train,
}

/// How a client talks to what is served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ServedEndpoint {
    /// What is spoken there: `openai`, `ollama`, `v2`, `qdrant`, `http`.
    pub api: String,
    /// The Service in the namespace.
    pub service: String,
    /// Its port.
    pub port: u16,
    /// The model's name in requests; empty where there is none.
    pub model: String,
}
