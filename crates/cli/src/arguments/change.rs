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
