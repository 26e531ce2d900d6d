//! Commands that change clusters, and those about what was changed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Output, Target, Told};

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The manifests; `-` reads them from standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The namespace of objects that name none. Without it, the context's.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// Does it. Without, it is only said what would change.
    #[arg(long = "apply")]
    pub(crate) does_it: bool,

    /// Takes a field over that another owns, as the preview names it. May be given several times.
    #[arg(long, value_name = "PATH")]
    pub(crate) take: Vec<String>,

    /// Leaves a field to its owner. May be given several times.
    #[arg(long, value_name = "PATH")]
    pub(crate) keep: Vec<String>,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

#[derive(Debug, Args)]
pub(crate) struct Journal {
    #[command(subcommand)]
    pub(crate) command: Option<JournalCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Lists entries, the newest first.
    List {
        /// Words that an entry contains.
        words: Vec<String>,

        /// How many at most.
        #[arg(long, default_value_t = 20)]
        most: u32,

        /// The form of the answer.
        #[arg(long, short, value_enum, default_value_t)]
        output: Output,
    },
    /// Writes every entry as a line of JSON, the oldest first.
    Export,
    /// Says whether every line is as it was written.
    Verify {
        /// A hash that was noted down earlier: an entry must end with it.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Does what an entry has not done.
    Finish(Settle),
    /// Takes back what an entry did, as far as nobody changed it since.
    Undo(Settle),
    /// Leaves an interrupted entry as it is, and asks no more.
    Leave(Settle),
}

#[derive(Debug, Args)]
pub(crate) struct Settle {
    /// The entry's number.
    pub(crate) entry: u32,

    /// Does it. Without, it is only said what would change.
    #[arg(long)]
    pub(crate) apply: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

#[derive(Debug, Args)]
pub(crate) struct Protect {
    #[command(flatten)]
    pub(crate) target: Target,

    /// Takes the protection away; the context's name must be typed.
    #[arg(long, value_name = "NAME")]
    pub(crate) off: Option<String>,

    /// Only says how it is protected.
    #[arg(long, conflicts_with = "off")]
    pub(crate) show: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// The context's name, typed.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) target: Target,

    /// For how many minutes; 0 locks it again.
    #[arg(long, default_value_t = 30)]
    pub(crate) minutes: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Namespaces {
    /// The namespaces, beside the context's own. Without any, those that are watched are told.
    #[arg(value_name = "NAMESPACE")]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) target: Target,

    /// Watches the context's own alone again.
    #[arg(long, conflicts_with = "names")]
    pub(crate) off: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Prometheus {
    #[command(flatten)]
    pub(crate) target: Target,

    /// Its address, without the paths of its API. Without it, what was given is told.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// A file in which a bearer token is.
    #[arg(
        long,
        value_name = "FILE",
        group = "secret",
        requires = "url",
        conflicts_with = "user"
    )]
    pub(crate) bearer_file: Option<String>,

    /// A variable of the environment in which a bearer token is.
    #[arg(
        long,
        value_name = "NAME",
        group = "secret",
        requires = "url",
        conflicts_with = "user"
    )]
    pub(crate) bearer_env: Option<String>,

    /// The name to sign in with, beside a password.
    #[arg(long, value_name = "NAME", requires_all = ["url", "secret"])]
    pub(crate) user: Option<String>,

    /// A file in which the password is.
    #[arg(long, value_name = "FILE", group = "secret", requires = "user")]
    pub(crate) password_file: Option<String>,

    /// A variable of the environment in which the password is.
    #[arg(long, value_name = "NAME", group = "secret", requires = "user")]
    pub(crate) password_env: Option<String>,

    /// A file with the certificates that sign for it, in PEM. Without it, those that the system
    /// trusts.
    #[arg(long, value_name = "FILE", requires = "url")]
    pub(crate) ca: Option<String>,

    /// Asks once what answers there, and keeps nothing. Without --url, tries what was given.
    #[arg(long = "try")]
    pub(crate) is_trial: bool,

    /// Takes away what was given: those found in the cluster are asked again.
    #[arg(long, conflicts_with_all = ["url", "is_trial"])]
    pub(crate) off: bool,
}
