//! Recipes on this machine, without Kubernetes: by Docker, Podman or Ollama.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::Intent,
    phrases::Phrase,
    recipes::{Check, FieldError, RenderRecipe},
};

/// What runs containers or models here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LocalRuntimeKind {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
    /// Ollama.
    Ollama,
}

/// The runtimes of this machine that answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalRuntimes {
    /// Each of them; none where there is none.
    pub runtimes: Vec<LocalRuntime>,
    /// Every place where one was looked for.
    pub places: Vec<LocalPlace>,
}

/// A place where a runtime was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalPlace {
    /// Which usually listens there.
    pub kind: LocalRuntimeKind,
    /// A socket's path, an address.
    pub place: String,
    /// What is there.
    pub state: LocalPlaceState,
    /// The group that may open the socket, where this user may not; may be empty.
    pub group: String,
}

/// What is at a place where a runtime was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LocalPlaceState {
    /// Nothing.
    Absent,
    /// A socket that nobody listens at, or that says nothing.
    Silent,
    /// A socket that this user may not open.
    Forbidden,
    /// Something that takes connections.
    Answers,
}

/// A runtime that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalRuntime {
    /// Which.
    pub kind: LocalRuntimeKind,
    /// Its version.
    pub version: String,
    /// Where it listens: a socket's path, an address.
    pub place: String,
    /// Whether what it runs can have GPUs.
    pub has_gpus: bool,
}

/// Runs what a recipe describes on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RunLocally {
    /// By which runtime; absent: by the one that suits the recipe.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<LocalRuntimeKind>,
    /// The recipe, filled in; its cluster and namespace mean nothing here.
    pub recipe: RenderRecipe,
    /// The text of the model's `config.json`, to plan its memory by; empty: what is known of it by its
    /// name.
    #[ts(optional, as = "Option<String>")]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub config: String,
    /// Whether it is to be done. How far it is then is told by `read_local_containers`.
    pub intent: Intent,
}

/// What would run, or is begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LocalRun {
    /// What is wrong with the values. With any, nothing else is there.
    pub errors: Vec<FieldError>,
    /// Why it cannot run here.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Phrase>,
    /// By which runtime.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<LocalRuntimeKind>,
    /// What the container is called, or the model.
    pub name: String,
    /// Its image, or the model.
    pub image: String,
    /// The ports of this machine under which it answers, and of no other.
    pub ports: Vec<u16>,
    /// How many GPUs it gets.
    pub gpus: u32,
    /// What of the recipe does not hold here.
    pub notes: Vec<Phrase>,
    /// The same as a command.
    pub command: String,
    /// What is asked of the runtime, as YAML: the configuration of the container, or Ollama's requests.
    /// Empty where it cannot have what it asks for.
    pub configuration: String,
    /// What was looked at before, of a preview alone, in the order of the strip.
    pub checks: Vec<Check>,
    /// Whether it was begun.
    pub is_begun: bool,
}

/// One runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneLocalRuntime {
    /// Which.
    pub runtime: LocalRuntimeKind,
}

/// What a runtime has of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalContainers {
    /// The containers that Strata made; of Ollama its models.
    pub containers: Vec<LocalContainer>,
    /// Those that are being fetched and started, and those that could not be.
    pub beginnings: Vec<LocalBeginning>,
}

/// A container, or a model of Ollama.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalContainer {
    /// What it is called.
    pub name: String,
    /// Its image; of a model its size on disk.
    pub image: String,
    /// Whether it runs; whether the model is loaded.
    pub is_running: bool,
    /// How it stands, in the runtime's words.
    pub status: String,
    /// The ports of this machine under which it answers.
    pub ports: Vec<u16>,
    /// The recipe that it was made of; empty where that is not told.
    pub recipe: String,
    /// With which code it ended; absent while it runs, and where that is not told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// How many GPUs it was given; absent where that is not told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpus: Option<u32>,
    /// When it was made, or the model was fetched, in RFC 3339; absent where that is not told.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_at: Option<String>,
}

/// Something on its way to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalBeginning {
    /// What the container is called, or the model.
    pub name: String,
    /// How far it is.
    pub stage: LocalStage,
    /// What is being done, in the runtime's words; why it failed.
    pub status: String,
    /// Bytes that were fetched.
    #[ts(type = "number")]
    pub done_bytes: u64,
    /// Bytes that are to be fetched, as far as that is known.
    #[ts(type = "number")]
    pub total_bytes: u64,
}

/// How far something is on its way to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LocalStage {
    /// Its image or model is being fetched.
    Pulling,
    /// It is being started, or loaded.
    Starting,
    /// It runs.
    Started,
    /// It could not be.
    Failed,
    /// Somebody called it off while it was being fetched; how much had been is still told.
    CalledOff,
}

/// A container of this machine, or a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneLocalContainer {
    /// By which runtime it runs.
    pub runtime: LocalRuntimeKind,
    /// What it is called.
    pub name: String,
}

/// The end of what a container wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LocalLog {
    /// Its text.
    pub text: String,
}
