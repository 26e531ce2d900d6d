//! Commands that look at clusters and machines.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{
    Form, GpuBy, GpuCommand, Ground, Language, Output, Target, Told,
    values::{kind_and_name, price, seconds, span},
};

#[derive(Debug, Args)]
pub(crate) struct Stack {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,

    /// Applications of this namespace alone. May be given several times.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Vec<String>,

    /// How many seconds to wait for the lists.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

/// What to try of `strata gpu`, below its options.
const GPU_EXAMPLES: &str = "\
Examples:
  strata gpu --demo --filter 'h100 idle mem>20'    held and not used, with more than 20 % of the memory
  strata gpu --demo --by owner --price 'H100 80GB HBM3=2.50' --currency €
                                                   what each owner holds, uses, and what the gap costs
  strata gpu --demo --by node                      what is free on which node, and why it is stranded
  strata gpu --demo --claims                       claims of devices (DRA), those that wait first
  strata gpu --context prod --watch                all of them, again and again
  strata gpu --context prod -f on=gpu-01:4 --plot gpu.png --since 7d
  strata gpu --context prod -o json | jq '.gpus[] | select(.state == \"idle_held\") | .node'
  strata gpu --local                               this machine's

A terminal that is too narrow shows fewer columns; into a file or a pipe goes everything.";

/// What to try of `strata report`, below its options.
const REPORT_EXAMPLES: &str = "\
Examples:
  strata report --demo --since 1h -o report.html
  strata report --context prod --since 30d -o prod.html --price 'H100 80GB HBM3=2.50' --currency €
  strata report --context prod --language zh -o prod.html

Strata records while it is open (also as `strata serve`): the report says of how much of the time it knows.";

/// What to try of `strata jobs`, below its options.
const JOBS_EXAMPLES: &str = "\
Examples:
  strata jobs --demo waiting              those that wait: queued, or admitted and not started
  strata jobs --demo -n training failed   those of a namespace that failed
  strata jobs --context prod -o json | jq '.jobs[] | select(.gpus_asked > 8) | .name'";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = GPU_EXAMPLES)]
pub(crate) struct Gpu {
    #[command(subcommand)]
    pub(crate) command: Option<GpuCommand>,

    #[command(flatten)]
    pub(crate) target: Target,

    /// The accelerators of this machine, by its own drivers, and the processes on them.
    #[arg(long, conflicts_with_all = ["context", "demo", "filter"])]
    pub(crate) local: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,

    /// Goes on, and shows what changes; with JSON one line each time.
    #[arg(long, short)]
    pub(crate) watch: bool,

    /// Those alone for which all of this holds: words that the node, model, pod, workload or queue
    /// contains; free, held, idle, unhealthy; comparisons such as `sm<5`, `mem>80`, `power>600`.
    #[arg(long, short, value_name = "FILTER", default_value = "")]
    pub(crate) filter: String,

    /// Where they go instead: what is held beside what that does, and what the gap costs.
    #[arg(long, value_enum, value_name = "PART", conflicts_with_all = ["local", "filter", "plot", "claims"])]
    pub(crate) by: Option<GpuBy>,

    /// The claims of devices that are given out dynamically (DRA) instead, those that wait first, below
    /// the devices that drivers publish for them.
    #[arg(long, conflicts_with_all = ["local", "filter", "plot"])]
    pub(crate) claims: bool,

    /// With --by, what an hour of a model costs, beside what is set in the view GPUs. May be given
    /// several times.
    #[arg(long, value_name = "MODEL=PRICE", value_parser = price, requires = "by")]
    pub(crate) price: Vec<(String, f64)>,

    /// With --by, the sign of the currency. Without it, the one that is set.
    #[arg(long, value_name = "SIGN", requires = "by")]
    pub(crate) currency: Option<String>,

    /// Draws what the filter lets through into this file, SVG or PNG by its name: one GPU with its
    /// figures, or several as what is held and used of the cluster. With --local, what this machine and
    /// its accelerators did, as far as a Strata was open.
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    pub(crate) plot: Option<PathBuf>,

    /// How far the picture goes back: 30m, 6h, 7d.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = span)]
    pub(crate) since: Duration,

    /// The ground of the picture.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) theme: Ground,

    /// The language of the picture. Without it, the locale's (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,

    /// How many seconds to wait for the lists and the exporters.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) target: Target,

    /// How far it goes back: 6h, 7d, 30d.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = span)]
    pub(crate) since: Duration,

    /// The file to write.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// The ground of the page. Without it, what whoever reads it has chosen.
    #[arg(long, value_enum)]
    pub(crate) theme: Option<Ground>,

    /// The language of the page. Without it, the locale's (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<Language>,

    /// What an hour of a model costs, beside what is set in the view GPUs. May be given several times.
    #[arg(long, value_name = "MODEL=PRICE", value_parser = price)]
    pub(crate) price: Vec<(String, f64)>,

    /// The sign of the currency. Without it, the one that is set.
    #[arg(long, value_name = "SIGN")]
    pub(crate) currency: Option<String>,

    /// How many seconds to wait for the lists and the exporters.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Conformance {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Form,

    /// Instead, previews and runs the test workload of this requirement, and deletes it.
    #[arg(long, value_name = "REQUIREMENT")]
    pub(crate) run_test: Option<String>,

    /// Only previews the test workload.
    #[arg(long, requires = "run_test")]
    pub(crate) dry_run: bool,

    /// How many seconds to wait for the lists.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
#[command(after_help = JOBS_EXAMPLES)]
pub(crate) struct Jobs {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,

    /// Jobs of this namespace alone. May be given several times.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Vec<String>,

    /// Jobs of all namespaces, as without -n.
    #[arg(long, short = 'A', conflicts_with = "namespace")]
    pub(crate) all_namespaces: bool,

    /// Jobs of whose name, kind, queue, owner, state or reason each of these words is a part.
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,

    /// How many seconds to wait for the lists.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The object, as `pod/NAME`, `job/NAME`, `rayjob/NAME`, `job.batch.volcano.sh/NAME`.
    #[arg(value_name = "KIND/NAME", value_parser = kind_and_name)]
    pub(crate) object: (String, String),

    #[command(flatten)]
    pub(crate) target: Target,

    /// Its namespace. Without it, the context's.
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

#[derive(Debug, Args)]
pub(crate) struct Contexts {
    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}
