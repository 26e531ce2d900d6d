//! The environment that the user has at a terminal.
//!
//! A program started from the desktop finds a bare `PATH`, so a credential plugin that works at a
//! terminal isn't found, or doesn't find what it calls. So the user's login shell is asked, once
//! and only when it is needed. A program started from a shell has that environment already, and
//! keeps it: the user may have changed it there on purpose.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::PathBuf,
    time::Duration,
};

use tokio::sync::OnceCell;

/// Names and values.
pub(crate) type Environment = BTreeMap<OsString, OsString>;

/// How long a login shell may take: some load version managers and prompts first.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Tells the shell's start files that nobody sits at this shell.
const MARK_OF_ASKING: &str = "STRATA_RESOLVING_ENVIRONMENT";

/// What the shell sets for itself.
const OF_THE_SHELL: [&str; 5] = ["_", "SHLVL", "PWD", "OLDPWD", MARK_OF_ASKING];

/// Finds the environment once and keeps it.
pub(crate) struct LoginEnvironment {
    own: Environment,
    /// The shell to ask; none where this process's environment is the user's.
    shell: Option<PathBuf>,
    time_limit: Duration,
    found: OnceCell<Environment>,
}

impl LoginEnvironment {
    /// That of the user who runs this process.
    pub(crate) fn of_this_user() -> Self {
        let own: Environment = std::env::vars_os().collect();
        let is_started_from_shell = own.contains_key(OsStr::new("SHLVL"));
        let shell = if cfg!(windows) || is_started_from_shell {
            None
        } else {
            own.get(OsStr::new("SHELL"))
                .filter(|shell| !shell.is_empty())
                .map(PathBuf::from)
        };
        Self {
            own,
            shell,
            time_limit: TIME_LIMIT,
            found: OnceCell::new(),
        }
    }

    /// The environment; the first call may take as long as the shell's start files do.
    pub(crate) async fn get(&self) -> &Environment {
        self.found
            .get_or_init(async || match &self.shell {
                None => self.own.clone(),
                Some(shell) => match ask(shell, &self.own, self.time_limit).await {
                    Ok(environment) => environment,
                    Err(reason) => {
                        let shell = shell.display();
                        tracing::warn!(%shell, reason, "the login shell's environment is unknown");
                        self.own.clone()
                    }
                },
            })
            .await
    }
}

/// Asks the shell. Fails with a sentence for the log.
#[cfg(unix)]
async fn ask(
    shell: &std::path::Path,
    own: &Environment,
    time_limit: Duration,
) -> Result<Environment, String> {
    use std::{os::unix::ffi::OsStringExt as _, process::Stdio};

    // Start files may print what they like, so what is ours stands between two marks.
    let mark = format!("strata-environment-{}", std::process::id());
    // Every shell in use (sh, bash, zsh, fish, nu, tcsh) understands this much alike.
    let line = format!("printf '%s' {mark}; /usr/bin/env -0; printf '%s' {mark}");
    let is_csh = shell
        .file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with("csh"));
    let mut command = tokio::process::Command::new(shell);
    if is_csh {
        // It takes `-l` only alone.
        command.args(["-i", "-c"]);
    } else {
        command.args(["-l", "-i", "-c"]);
    }
    command
        .arg(line)
        .env_clear()
        .envs(own)
        .env(MARK_OF_ASKING, "1")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(time_limit, command.output())
        .await
        .map_err(|_| format!("it took longer than {} s", time_limit.as_secs()))?
        .map_err(|error| error.to_string())?;
    let environment: Environment = between(&output.stdout, mark.as_bytes())
        .ok_or("it printed no environment")?
        .split(|byte| *byte == 0)
        .filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = pair.split_at_checked(equals)?;
            let value = value.strip_prefix(b"=")?;
            Some((
                OsString::from_vec(name.to_vec()),
                OsString::from_vec(value.to_vec()),
            ))
        })
        .filter(|(name, _)| {
            !OF_THE_SHELL
                .iter()
                .any(|of_shell| name.as_os_str() == *of_shell)
        })
        .collect();
    if environment.is_empty() {
        Err("its environment is empty".to_owned())
    } else {
        Ok(environment)
    }
}

#[cfg(not(unix))]
async fn ask(
    _shell: &std::path::Path,
    own: &Environment,
    _time_limit: Duration,
) -> Result<Environment, String> {
    Ok(own.clone())
}

/// What stands between the first and the second `mark`.
#[cfg(unix)]
fn between<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let find = |text: &[u8]| text.windows(mark.len()).position(|window| window == mark);
    let begin = find(text)? + mark.len();
    let rest = text.get(begin..)?;
    rest.get(..find(rest)?)
}

#[cfg(test)]
impl LoginEnvironment {
    /// The environment `own`, with no shell to ask.
    pub(crate) fn fixed(own: Environment) -> Self {
        Self {
            own,
            shell: None,
            time_limit: TIME_LIMIT,
            found: OnceCell::new(),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use super::*;

    /// The login environment of a user whose shell begins with `profile`.
    fn with_profile(
        home: &tempfile::TempDir,
        profile: &str,
        time_limit: Duration,
    ) -> LoginEnvironment {
        fs::write(home.path().join(".profile"), profile).unwrap();
        let own = Environment::from([
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("HOME".into(), home.path().into()),
            ("OWN".into(), "yes".into()),
        ]);
        LoginEnvironment {
            own,
            shell: Some("/bin/sh".into()),
            time_limit,
            found: OnceCell::new(),
        }
    }

    fn value<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
        environment
            .get(OsStr::new(name))
            .and_then(|value| value.to_str())
    }

    #[tokio::test]
    async fn the_login_shell_is_asked_once_and_its_chatter_is_skipped() {
        let home = tempfile::tempdir().unwrap();
        let profile = "echo asked >> \"$HOME/count\"\n\
                       echo Welcome to this shell\n\
                       export PATH=/found:$PATH\n\
                       export TWO_LINES='one\ntwo=2'\n\
                       export ASKED=$STRATA_RESOLVING_ENVIRONMENT\n\
                       trap 'echo Bye' EXIT\n";
        let login = with_profile(&home, profile, Duration::from_mins(1));

        let environment = login.get().await;
        assert!(
            value(environment, "PATH").unwrap().starts_with("/found:"),
            "{environment:?}"
        );
        assert_eq!(value(environment, "TWO_LINES"), Some("one\ntwo=2"));
        assert_eq!(value(environment, "OWN"), Some("yes"));
        assert_eq!(value(environment, "ASKED"), Some("1"));
        assert_eq!(value(environment, MARK_OF_ASKING), None);
        assert_eq!(value(environment, "PWD"), None);

        login.get().await;
        assert_eq!(
            fs::read_to_string(home.path().join("count")).unwrap(),
            "asked\n"
        );
    }

    #[tokio::test]
    async fn a_shell_that_hangs_fails_or_is_silent_leaves_the_own_environment() {
        let home = tempfile::tempdir().unwrap();
        let long = Duration::from_mins(1);
        let cases = [
            ("exec sleep 600\n", Duration::from_millis(100)),
            ("exit 3\n", long),
            ("exec echo nothing of use\n", long),
        ];
        for (profile, time_limit) in cases {
            let login = with_profile(&home, profile, time_limit);
            assert_eq!(*login.get().await, login.own, "{profile}");
        }
    }

    #[tokio::test]
    async fn a_shell_that_is_not_there_leaves_the_own_environment() {
        let home = tempfile::tempdir().unwrap();
        let mut login = with_profile(&home, "", TIME_LIMIT);
        login.shell = Some(home.path().join("gone"));
        assert_eq!(*login.get().await, login.own);
    }
}
