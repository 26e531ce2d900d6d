//! Commands about recipes and what is deployed from them.

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

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: DeployOutput,
}

#[derive(Debug, Args)]
pub(crate) struct Releases {
    /// One release, by its name.
    #[arg(value_name = "RELEASE")]
    pub(crate) release: Option<String>,

    /// Deletes the release, what it takes along, and its revisions.
    #[arg(long, requires = "release")]
    pub(crate) delete: bool,

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
