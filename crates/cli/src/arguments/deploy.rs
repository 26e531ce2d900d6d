//! Commands about recipes and what is deployed from them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Output, Target, Told};

#[derive(Debug, Args)]
pub(crate) struct Recipes {
    /// One recipe, by its id.
    #[arg(value_name = "RECIPE")]
    pub(crate) recipe: Option<String>,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// The recipe, by its id; `strata recipes` lists them.
    #[arg(value_name = "RECIPE")]
    pub(crate) recipe: String,

    /// A value. May be given several times; of a list, one entry each time. @FILE is a file's text.
    #[arg(long, value_name = "PARAMETER=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The namespace. Without it, the context's.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// Asks the cluster what would come of it, and changes nothing.
    #[arg(long, conflicts_with = "apply")]
    pub(crate) preview: bool,

    /// Deploys it: a new release, or a new revision of the one with this name.
    #[arg(long)]
    pub(crate) apply: bool,

    /// Runs it on this machine instead, by Docker, Podman or Ollama. Without --apply it is only said what
    /// would run.
    #[arg(long, conflicts_with_all = ["preview", "manifests", "namespace", "context", "demo"])]
    pub(crate) local: bool,

    /// By which runtime of this machine. Without it, the one that suits the recipe.
    #[arg(long, value_enum, requires = "local")]
    pub(crate) runtime: Option<LocalKind>,

    /// What the recipe came to and was edited: it is previewed or deployed, and kept, instead.
    #[arg(long, value_name = "FILE")]
    pub(crate) manifests: Option<PathBuf>,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: DeployOutput,
}

#[derive(Debug, Args)]
pub(crate) struct Containers {
    /// One container, by its name; of Ollama a model.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Those of this runtime alone.
    #[arg(long, value_enum)]
    pub(crate) runtime: Option<LocalKind>,

    /// Shows the end of what it wrote.
    #[arg(long, requires = "name")]
    pub(crate) logs: bool,

    /// Stops it; it stays. Of Ollama: takes the model out of memory.
    #[arg(long, requires = "name", conflicts_with = "logs")]
    pub(crate) stop: bool,

    /// Removes it; its volumes stay. Of Ollama: deletes the model.
    #[arg(long, requires = "name", conflicts_with_all = ["logs", "stop"])]
    pub(crate) remove: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

/// What runs containers or models on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LocalKind {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
    /// Ollama.
    Ollama,
}

#[derive(Debug, Args)]
pub(crate) struct Releases {
    /// One release, by its name.
    #[arg(value_name = "RELEASE")]
    pub(crate) release: Option<String>,

    /// Deletes the release, what it takes along, and its revisions.
    #[arg(long, requires = "release")]
    pub(crate) delete: bool,

    /// Changes a value of the release, the others stay: replicas=3, most_replicas=8, canary=20. May be
    /// given several times. It is only said what would change, unless --apply is given.
    #[arg(long, value_name = "PARAMETER=VALUE", value_parser = setting, requires = "release", conflicts_with = "delete")]
    pub(crate) set: Vec<(String, String)>,

    /// Does what --set says.
    #[arg(long, requires = "set")]
    pub(crate) apply: bool,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The namespace. Without it, all of them for the list, the context's for one release.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct RollBack {
    /// The release, by its name; `strata releases` lists them.
    #[arg(value_name = "RELEASE")]
    pub(crate) release: String,

    /// The revision. Without it, the one before the newest.
    #[arg(long, value_name = "N")]
    pub(crate) to: Option<u32>,

    /// Asks the cluster what would come of it, and changes nothing.
    #[arg(long)]
    pub(crate) preview: bool,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The namespace. Without it, the context's.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

/// The forms of a filled-in recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployOutput {
    /// For people: the objects.
    #[default]
    Table,
    /// The manifests.
    Yaml,
    /// For programs.
    Json,
}

impl DeployOutput {
    /// The form of a report, which is no manifest.
    pub(crate) fn of_report(self) -> Told {
        match self {
            Self::Json => Told::Json,
            Self::Table | Self::Yaml => Told::Text,
        }
    }
}

/// `PARAMETER=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((parameter, value)) if !parameter.is_empty() => {
            Ok((parameter.to_owned(), value.to_owned()))
        }
        _ => Err(format!(
            "`{text}` sets nothing; write PARAMETER=VALUE, such as gpus=2"
        )),
    }
}
