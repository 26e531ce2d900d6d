//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use strata_app::{DataFolder, Launch};

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

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// How the engine is to be started.
    pub(crate) fn launch(&self) -> Launch {
        Launch {
            open_demo: matches!(&self.command, Command::Serve(serve) if serve.demo),
            data: self.data.clone().map_or(DataFolder::User, DataFolder::At),
            kubeconfigs: (!self.kubeconfig.is_empty()).then(|| self.kubeconfig.clone()),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the five layers of a cluster.
    Stack(Stack),
    /// Lists the contexts of the kubeconfig files, and what could not be read.
    Contexts(Contexts),
    /// Tries each step of a connection and says how it went.
    Doctor(Doctor),
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
    /// What the cluster consists of: the name of one of Strata's scenarios, or a TOML file.
    #[arg(long, default_value = "atlas", value_name = "SCENARIO")]
    pub(crate) scenario: String,

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

/// The forms of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
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
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_context_and_the_demo_exclude_each_other() {
        let parsed = Arguments::try_parse_from(["strata", "stack", "--demo", "--context", "a"]);
        assert!(parsed.is_err());
    }
}
