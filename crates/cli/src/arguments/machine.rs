//! What `strata gpu` does to this machine: end a process, set a device.

use clap::{Args, Subcommand};

use super::Told;

#[derive(Debug, Subcommand)]
pub(crate) enum GpuCommand {
    /// Ends a process that is on an accelerator of this machine, or says what that would come to.
    End(EndProcess),
    /// Limits the power or the clocks of a GPU of this machine, or says what that would come to. What is
    /// set is taken back after a while unless it is kept.
    Limit(Limit),
}

#[derive(Debug, Args)]
pub(crate) struct EndProcess {
    /// The process, by its number; `strata gpu --local` lists them.
    #[arg(value_name = "PID")]
    pub(crate) pid: u32,

    /// Ends it at once (SIGKILL), without asking it first (SIGTERM).
    #[arg(long)]
    pub(crate) force: bool,

    /// Does it. Without, it is only said what it would come to.
    #[arg(long)]
    pub(crate) apply: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

/// What a GPU shall have: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Wanted {
    /// The power that it is held to, in watts.
    #[arg(long, value_name = "WATTS")]
    pub(crate) power: Option<f64>,

    /// The clocks that it is held between, in MHz, such as 300,1200.
    #[arg(long, value_name = "LEAST,MOST", value_parser = range)]
    pub(crate) clocks: Option<(u32, u32)>,

    /// Clocks as the driver thinks best.
    #[arg(long)]
    pub(crate) free_clocks: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Limit {
    /// The GPU, by its number or its UUID.
    #[arg(value_name = "GPU")]
    pub(crate) gpu: String,

    #[command(flatten)]
    pub(crate) wanted: Wanted,

    /// How many seconds it is tried; it is kept where `keep` is typed meanwhile, and taken back else.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(5..=3600))]
    pub(crate) trial: u32,

    /// Sets it for good, without a trial.
    #[arg(long, conflicts_with = "trial")]
    pub(crate) for_good: bool,

    /// Does it. Without, it is only said what it would come to.
    #[arg(long)]
    pub(crate) apply: bool,

    /// The form of the answer.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) output: Told,
}

/// `LEAST,MOST`.
fn range(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("`{text}` is no range of clocks; write LEAST,MOST, such as 300,1200");
    let (least, most) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let (least, most) = (number(least)?, number(most)?);
    if least > most {
        return Err(format!("{least} MHz is more than {most} MHz"));
    }
    Ok((least, most))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::{Arguments, Command};

    fn limit(arguments: &[&str]) -> Option<Limit> {
        let line = ["strata", "gpu", "limit"].iter().chain(arguments);
        match Arguments::try_parse_from(line).ok()?.command {
            Command::Gpu(gpu) => match gpu.command {
                Some(GpuCommand::Limit(limit)) => Some(limit),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn a_limit_is_of_one_thing_and_on_trial_unless_it_is_said() {
        let parsed = limit(&["0", "--power", "300"]).unwrap();
        assert_eq!(
            (parsed.wanted.power, parsed.trial, parsed.apply),
            (Some(300.0), 60, false)
        );
        let parsed = limit(&["0", "--clocks", "300,1200", "--for-good"]).unwrap();
        assert_eq!(parsed.wanted.clocks, Some((300, 1200)));
        assert!(parsed.for_good);
        assert!(limit(&["0"]).is_none());
        assert!(limit(&["0", "--power", "300", "--free-clocks"]).is_none());
        assert!(limit(&["0", "--power", "300", "--trial", "2"]).is_none());
        assert!(limit(&["0", "--clocks", "1200,300"]).is_none());
    }

    #[test]
    fn what_is_shown_and_what_is_done_exclude_each_other() {
        let parsed = Arguments::try_parse_from(["strata", "gpu", "--local", "end", "42"]);
        assert!(parsed.is_err());
    }
}
