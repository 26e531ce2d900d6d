//! What may stand behind the program's name. The full command line is the program `strata`.

use std::path::PathBuf;

use strata_app::{DataFolder, Launch};

const USAGE: &str = "usage: strata-desktop [--demo] [--scenario SCENARIO] [--data FOLDER]";

/// Reads the arguments behind the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Launch, String> {
    let mut launch = Launch {
        sampler: strata_app::sampler_of_this_program(),
        keeps_machine: true,
        ..Launch::default()
    };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--demo" => launch.open_demo = true,
            "--scenario" => {
                let scenario = arguments
                    .next()
                    .ok_or_else(|| format!("--scenario needs a name; {USAGE}"))?;
                launch.scenario = Some(scenario);
            }
            "--data" => {
                let folder = arguments
                    .next()
                    .ok_or_else(|| format!("--data needs a folder; {USAGE}"))?;
                launch.data = DataFolder::At(PathBuf::from(folder));
            }
            other => return Err(format!("`{other}` is not known; {USAGE}")),
        }
    }
    Ok(launch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Launch, String> {
        parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn the_demo_and_the_folder_are_read() {
        let launch = parsed(&["--demo", "--scenario", "outage", "--data", "here"]).unwrap();
        assert!(launch.open_demo);
        assert_eq!(launch.scenario.as_deref(), Some("outage"));
        assert_eq!(launch.data, DataFolder::At(PathBuf::from("here")));
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert!(parsed(&["--dmeo"]).unwrap_err().contains("--dmeo"));
        assert!(parsed(&["--data"]).is_err());
    }
}
