//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use strata_app::{DataFolder, Launch, planner::Dtype};

mod machine;

pub(crate) use machine::{EndProcess, GpuCommand, Limit, Wanted};

/// The control plane for cloud-native AI, in a terminal.
#[derive(Debug, Parser)]
#[command(name = "strata", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Reads this kubeconfig file instead of `KUBECONFIG` and `~/.kube/config`. May be given
    /// several times. (`simulate` writes it.)
    #[arg(long, global = true, value_name = "FILE")]
    kubeconfig: Vec<PathBuf>,

    /// Keeps settings in this folder instead of the user's own.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// What a demo cluster consists of: the name of one of Strata's scenarios (atlas, fleet,
    /// workstation, outage, edge), or a TOML file. Without it, atlas.
    #[arg(long, global = true, value_name = "SCENARIO")]
    pub(crate) scenario: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// How the engine is to be started.
    pub(crate) fn launch(&self) -> Launch {
        Launch {
            open_demo: matches!(&self.command, Command::Serve(serve) if serve.demo),
            scenario: self.scenario.clone(),
            simulation: None,
            sampler: strata_app::sampler_of_this_program(),
            data: self.data.clone().map_or(DataFolder::User, DataFolder::At),
            kubeconfigs: (!self.kubeconfig.is_empty()).then(|| self.kubeconfig.clone()),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the five layers of a cluster.
    Stack(Stack),
    /// Shows the GPUs of a cluster, or with --local of this machine: who holds each, what it does,
    /// what is wrong with it. Ends a process on this machine's, or sets their limits.
    Gpu(Gpu),
    /// Writes what the GPUs of a cluster did over some time, and who held them, as one HTML file.
    Report(Report),
    /// Answers the Kubernetes AI Conformance checklist from a cluster's API server.
    Conformance(Conformance),
    /// Lists the jobs of every kind: what should run, what does, and why not.
    Jobs(Jobs),
    /// Says why something does not run, failed or was put out: one reason, then the lesser ones.
    Why(Why),
    /// Has objects as a file of manifests says, or says what that would change.
    Apply(Apply),
    /// Shows what was changed, by whom, and what came of it.
    Journal(Journal),
    /// Protects a context: nothing is changed in it until it is unlocked.
    Protect(Protect),
    /// Lets a protected context be changed for some time.
    Unlock(Unlock),
    /// Lists the contexts of the kubeconfig files, and what could not be read.
    Contexts(Contexts),
    /// Tries each step of a connection and says how it went.
    Doctor(Doctor),
    /// Says what a model takes, served or trained, and whether it fits.
    Fit(Fit),
    /// Lists the recipes, or tells what one asks for.
    Recipes(Recipes),
    /// Fills in a recipe, and with --preview or --apply deploys it as a release.
    Deploy(Deploy),
    /// Lists what Strata deployed, tells the revisions of a release, or deletes one.
    Releases(Releases),
    /// Has a release as one of its revisions was.
    Rollback(RollBack),
    /// Serves the interface to a browser on this computer.
    Serve(Serve),
    /// Serves the API of a demo cluster to kubectl and other clients on this computer.
    Simulate(Simulate),
}

/// Which cluster.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// A context by its name, or as FILE#NAME where several files have that name. Without it, the
    /// current context.
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,

    /// The embedded demo cluster.
    #[arg(long, conflicts_with = "context")]
    pub(crate) demo: bool,

    /// Runs the context's credential plugin without asking, and remembers that it may be run.
    #[arg(long)]
    pub(crate) approve_plugin: bool,
}

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

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
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

    /// Draws what the filter lets through into this file, SVG or PNG by its name: one GPU with its
    /// figures, or several as what is held and used of the cluster.
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    pub(crate) plot: Option<PathBuf>,

    /// How far the picture goes back: 30m, 6h, 7d.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = span)]
    pub(crate) since: Duration,

    /// The ground of the picture.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) theme: Ground,

    /// How many seconds to wait for the lists and the exporters.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) target: Target,

    /// How far it goes back: 6h, 7d, 30d.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = span)]
    pub(crate) since: Duration,

    /// The file to write.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// The ground of the page.
    #[arg(long, value_enum, default_value_t = Ground::Light)]
    pub(crate) theme: Ground,

    /// How many seconds to wait for the lists and the exporters.
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

/// The grounds of pictures and pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ground {
    /// Light marks on a dark ground.
    #[default]
    Dark,
    /// Dark marks on a light ground.
    Light,
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

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Opens on the embedded demo cluster.
    #[arg(long)]
    pub(crate) demo: bool,

    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    /// How fast the cluster's time passes: `pause`, or 1x to 600x.
    #[arg(long, value_name = "PACE")]
    pub(crate) speed: Option<String>,

    /// What chance is drawn from: the same seed gives the same cluster.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// The model's `config.json`.
    #[arg(value_name = "CONFIG.json")]
    pub(crate) config: PathBuf,

    /// The format of the weights: fp32, bf16, fp16, fp8, int8, int4, nf4, mxfp4, nvfp4. Without it, the
    /// checkpoint's own.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) weights: Option<Dtype>,

    /// The format of the key-value cache; bf16 unless said.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) kv: Option<Dtype>,

    /// Over how many GPUs each layer is split.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks())]
    pub(crate) tensor_parallel: u64,

    /// Over how many GPUs the layers are split.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks())]
    pub(crate) pipeline_parallel: u64,

    /// Tokens of a request or a training sequence; 8192 unless said, or the model's own limit where
    /// that is less.
    #[arg(long, value_name = "TOKENS")]
    pub(crate) context: Option<u64>,

    /// Requests at a time, or sequences on a GPU.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) concurrency: u64,

    /// A GPU's memory, in bytes or as 80GiB, 81559MiB, 80GB.
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) gpu_memory: Option<u64>,

    /// The part of a GPU's memory that the engine takes; vLLM's default is 0.92.
    #[arg(long, value_name = "PART", default_value = "0.92", value_parser = part)]
    gpu_memory_utilization: u64,

    /// Plans training instead of serving.
    #[arg(long, value_enum)]
    pub(crate) train: Option<Train>,

    /// What ZeRO shards: 0 nothing, 1 optimizer states, 2 gradients too, 3 parameters too.
    #[arg(long, value_name = "STAGE", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3), requires = "train")]
    pub(crate) zero: u8,

    /// GPUs that a training is spread over.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = ranks(), requires = "train")]
    pub(crate) gpus: u64,

    /// The rank of LoRA's adapters.
    #[arg(long, value_name = "N", default_value_t = 16, requires = "train")]
    pub(crate) rank: u64,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Output,
}

impl Fit {
    /// The part of a GPU's memory that the engine takes, in thousandths.
    pub(crate) fn utilization(&self) -> u64 {
        self.gpu_memory_utilization
    }
}

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Train {
    /// Every parameter.
    Full,
    /// Adapters beside frozen weights in 16 bits.
    Lora,
    /// Adapters beside frozen weights in 4 bits.
    Qlora,
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// The forms of a checklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people.
    #[default]
    Table,
    /// The checklist's own form, filled in as a draft.
    Yaml,
    /// For programs.
    Json,
}

/// The forms of an answer that is no table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Told {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
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
    pub(crate) fn of_report(self) -> Output {
        match self {
            Self::Json => Output::Json,
            Self::Table | Self::Yaml => Output::Table,
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

/// `KIND/NAME`.
fn kind_and_name(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
            Ok((kind.to_owned(), name.to_owned()))
        }
        _ => Err(format!(
            "`{text}` names no object; write KIND/NAME, such as job/train"
        )),
    }
}

fn ranks() -> clap::builder::RangedU64ValueParser<u64> {
    clap::value_parser!(u64).range(1..=65_536)
}

/// Bytes: a number, with a unit or without.
fn bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("TiB", 1 << 40),
        ("GiB", 1 << 30),
        ("MiB", 1 << 20),
        ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
    ];
    let refused =
        || format!("`{text}` is no amount of memory; write bytes, or 80GiB, 81559MiB, 80GB");
    let (number, unit) = UNITS
        .iter()
        .find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)))
        .unwrap_or((text, 1));
    let number: u64 = number.trim().parse().map_err(|_| refused())?;
    number.checked_mul(unit).ok_or_else(refused)
}

/// A part of a whole, in thousandths.
fn part(text: &str) -> Result<u64, String> {
    let part: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if !(0.0..=1.0).contains(&part) {
        return Err(format!("`{text}` is no part of a whole; write 0 to 1"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to 1000"
    )]
    Ok((part * 1000.0).round() as u64)
}

/// A span of time, as people write it: `30m`, `6h`, `7d`.
fn span(text: &str) -> Result<Duration, String> {
    let unreadable = || format!("`{text}` is no span of time: write 30m, 6h or 7d");
    let last = text.chars().next_back().ok_or_else(unreadable)?;
    let unit = match last {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(unreadable()),
    };
    let number: u32 = text
        .strip_suffix(last)
        .and_then(|number| number.parse().ok())
        .filter(|number| *number > 0)
        .ok_or_else(unreadable)?;
    let seconds = u64::from(number) * unit;
    // Two years: what is kept the longest.
    if seconds > 2 * 366 * 86_400 {
        return Err(format!(
            "`{text}` is longer than anything is kept: at most 732d"
        ));
    }
    Ok(Duration::from_secs(seconds))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("`{text}` is no number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(span("30m"), Ok(Duration::from_mins(30)));
        assert_eq!(span("7d"), Ok(Duration::from_hours(168)));
        for wrong in ["", "7", "d", "0h", "-1h", "9999d", "1w", "7天"] {
            span(wrong).unwrap_err();
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn an_object_is_written_as_kind_and_name() {
        assert_eq!(
            kind_and_name("job/train"),
            Ok(("job".to_owned(), "train".to_owned()))
        );
        assert!(kind_and_name("train").is_err());
        assert!(kind_and_name("job/").is_err());
    }

    #[test]
    fn memory_is_read_with_its_unit() {
        assert_eq!(bytes("80GiB"), Ok(80 << 30));
        assert_eq!(bytes("81559MiB"), Ok(81_559 << 20));
        assert_eq!(bytes("80GB"), Ok(80_000_000_000));
        assert_eq!(bytes("48305799168"), Ok(48_305_799_168));
        assert!(bytes("80 cows").is_err());
        assert!(bytes("99999999999TiB").is_err());
    }

    #[test]
    fn a_context_and_the_demo_exclude_each_other() {
        let parsed = Arguments::try_parse_from(["strata", "stack", "--demo", "--context", "a"]);
        assert!(parsed.is_err());
    }
}
