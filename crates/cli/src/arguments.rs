//! The command line: what every command has in common, and the list of them. The arguments of the
//! commands are in the modules below, by what they are for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use strata_app::{DataFolder, Launch};

mod change;
mod deploy;
mod forms;
mod look;
mod machine;
mod models;
mod programs;
mod values;

pub(crate) use change::{
    Apply, Journal, JournalCommand, Namespaces, Prometheus, Protect, Settle, Unlock,
};
pub(crate) use deploy::{Containers, Deploy, DeployOutput, LocalKind, Recipes, Releases, RollBack};
pub(crate) use forms::{Form, GpuBy, Ground, Language, Output, Told};
pub(crate) use look::{Conformance, Contexts, Doctor, Gpu, Jobs, Report, Stack, Why};
pub(crate) use machine::{EndProcess, GpuCommand, Limit, Wanted};
pub(crate) use models::{Fit, LoadTest, Named, ServerArguments, Train, TryModel};
pub(crate) use programs::{Serve, Simulate};

/// What to try first, below the list of commands.
const EXAMPLES: &str = "\
Examples, on the demo cluster that comes with Strata:
  strata stack --demo                                    the five layers
  strata gpu --demo --filter idle                        GPUs that are held and not used
  strata why trainjob/llama-ft-0421 -n training --demo   why a job does not run
  strata deploy vllm --demo --preview --set name=qwen --set model=Qwen/Qwen3-8B
                                                         what a deployment would change
  strata serve --demo                                    the interface, in a browser

Without --demo, the kubeconfig's current context; `strata contexts` lists them all.";

/// The heading under which every command's help has what all commands share.
const EVERYWHERE: &str = "Options of every command";
/// The heading under which a command's help has what says which cluster is meant.
const WHICH_CLUSTER: &str = "Which cluster";

/// The control plane for cloud-native AI, in a terminal.
#[derive(Debug, Parser)]
#[command(name = "strata", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Reads this kubeconfig file instead of `KUBECONFIG` and `~/.kube/config`. May be given
    /// several times. (`simulate` writes it.)
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    kubeconfig: Vec<PathBuf>,

    /// Keeps settings in this folder instead of the user's own.
    #[arg(long, global = true, value_name = "FOLDER", help_heading = EVERYWHERE)]
    data: Option<PathBuf>,

    /// What a demo cluster consists of: the name of one of Strata's scenarios (atlas, fleet,
    /// workstation, outage, edge), or a TOML file. Without it, atlas.
    #[arg(long, global = true, value_name = "SCENARIO", help_heading = EVERYWHERE)]
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
            keeps_machine: self.command.keeps_machine(),
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
    /// Names the namespaces that are watched where a kind may not be listed in the whole cluster.
    Namespaces(Namespaces),
    /// Gives a cluster the address of its Prometheus, tells or tries it, or takes it away.
    Prometheus(Prometheus),
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
    /// Lists what Docker, Podman and Ollama run of Strata's on this machine; logs, stops or removes one.
    Containers(Containers),
    /// Lists what Strata deployed, tells the revisions of a release, or deletes one.
    Releases(Releases),
    /// Has a release as one of its revisions was.
    Rollback(RollBack),
    /// Asks a served model, and tells how fast it answers.
    #[command(name = "try")]
    TryModel(TryModel),
    /// Loads a served model with a few requests, and tells how it does.
    LoadTest(LoadTest),
    /// Serves the interface to a browser on this computer.
    Serve(Serve),
    /// Serves the API of a demo cluster to kubectl and other clients on this computer.
    Simulate(Simulate),
}

impl Command {
    /// Whether what this machine does is kept meanwhile: by what stays, and by what looks at it.
    fn keeps_machine(&self) -> bool {
        match self {
            Self::Serve(_) => true,
            Self::Gpu(gpu) => gpu.local && gpu.command.is_none(),
            _ => false,
        }
    }
}

/// Which cluster.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// A context by its name, or as FILE#NAME where several files have that name. Without it, the
    /// current context.
    #[arg(long, value_name = "CONTEXT", help_heading = WHICH_CLUSTER)]
    pub(crate) context: Option<String>,

    /// The embedded demo cluster.
    #[arg(long, conflicts_with = "context", help_heading = WHICH_CLUSTER)]
    pub(crate) demo: bool,

    /// Runs the context's credential plugin without asking, and remembers that it may be run.
    #[arg(long, help_heading = WHICH_CLUSTER)]
    pub(crate) approve_plugin: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_of_a_command_has_its_own_options_first_and_the_shared_ones_last() {
        let mut program = Arguments::command();
        program.build();
        let releases = program.find_subcommand_mut("releases");
        let help = releases.map(|command| command.render_help().to_string());
        let help = help.unwrap_or_default();
        let places: Vec<Option<usize>> = [
            "--delete",
            "Which cluster:",
            "--context",
            "every command:",
            "--scenario",
        ]
        .iter()
        .map(|part| help.find(part))
        .collect();
        assert!(places.iter().all(Option::is_some), "{help}");
        assert!(places.is_sorted(), "{help}");
    }

    #[test]
    fn a_context_and_the_demo_exclude_each_other() {
        let parsed = Arguments::try_parse_from(["strata", "stack", "--demo", "--context", "a"]);
        assert!(parsed.is_err());
    }

    #[test]
    fn asking_takes_a_prompt_and_listing_takes_nothing() {
        let parsed = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parsed("strata try chat --prompt Hello --demo").is_ok());
        assert!(parsed("strata try --list --demo").is_ok());
        assert!(parsed("strata try chat").is_err());
        assert!(parsed("strata load-test deployment/chat --requests 5 -n llm -o json").is_ok());
    }
}
