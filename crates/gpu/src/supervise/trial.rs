//! The process that sets a device and holds that on trial, as Strata sees it.
//!
//! Its standard input is the lease: when Strata ends, however it does, that ends too, and the process
//! takes the change back.

use std::{process::Stdio, time::Duration};

use futures::FutureExt as _;
use strata_domain::workstation::{DeviceChange, Standing};
use strata_ports::{
    error::{PortError, PortErrorKind},
    workstation::{Changed, Decision, Trial, TrialEnd},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::oneshot,
    time::{sleep, timeout},
};

use super::SamplerCommand;
use crate::wire::{Ended, FromHolder, ToHolder};

/// How long an answer may take: a driver that nobody used is loaded first.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks how a device stands with regard to a change.
pub(super) async fn examine(
    command: SamplerCommand,
    change: DeviceChange,
) -> Result<Standing, PortError> {
    let mut holder = Holder::start(&command)?;
    holder.say(&ToHolder::Examine(change)).await?;
    match holder.answer().await? {
        FromHolder::Examined(outcome) => Ok(outcome?),
        _ => Err(Holder::confused()),
    }
}

/// Makes a change, on trial where that is wanted.
pub(super) async fn make(
    command: SamplerCommand,
    change: DeviceChange,
    trial: Option<Duration>,
) -> Result<Changed, PortError> {
    let mut holder = Holder::start(&command)?;
    let trial_seconds =
        trial.map(|trial| u32::try_from(trial.as_secs().max(1)).unwrap_or(u32::MAX));
    holder
        .say(&ToHolder::Make {
            change,
            trial_seconds,
        })
        .await?;
    let FromHolder::Made(outcome) = holder.answer().await? else {
        return Err(Holder::confused());
    };
    let made = outcome?;
    Ok(Changed {
        before: made.before,
        now: made.now,
        trial: trial.map(|trial| holder.on_trial(trial)),
    })
}

/// The process, running.
struct Holder {
    process: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Holder {
    fn start(command: &SamplerCommand) -> Result<Self, PortError> {
        let failed = |error: std::io::Error| {
            PortError::new(
                PortErrorKind::Unavailable,
                "the process that sets devices could not be started",
            )
            .because(error)
        };
        let mut start = Command::new(&command.program);
        start
            .args(&command.to_hold)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        // What a terminal sends to Strata is not to reach it: it has something to take back first.
        #[cfg(unix)]
        start.process_group(0);
        let mut process = start.spawn().map_err(failed)?;
        let output = process
            .stdout
            .take()
            .ok_or_else(|| failed(std::io::Error::other("it has no output")))?;
        Ok(Self {
            input: process.stdin.take(),
            process,
            lines: BufReader::new(output).lines(),
        })
    }

    async fn say(&mut self, said: &ToHolder) -> Result<(), PortError> {
        let written = async {
            let mut line = serde_json::to_vec(said)?;
            line.push(b'\n');
            let input = self.input.as_mut();
            let input = input.ok_or_else(|| std::io::Error::other("it has no input"))?;
            input.write_all(&line).await
        };
        written.await.map_err(|error| {
            PortError::new(
                PortErrorKind::Unavailable,
                "the process that sets devices does not listen",
            )
            .because(error)
        })
    }

    /// The next thing that it says.
    async fn hear(&mut self) -> Result<FromHolder, PortError> {
        let line = self.lines.next_line().await.ok().flatten();
        let line = line.ok_or_else(|| {
            PortError::new(
                PortErrorKind::Unavailable,
                "the process that sets devices ended without an answer",
            )
        })?;
        serde_json::from_str(&line).map_err(|error| Self::confused().because(error))
    }

    /// The next thing that it says, if it says it in time.
    async fn answer(&mut self) -> Result<FromHolder, PortError> {
        let heard = timeout(PATIENCE, self.hear()).await;
        heard.unwrap_or_else(|_| Err(Self::silent()))
    }

    fn silent() -> PortError {
        PortError::new(
            PortErrorKind::Timeout,
            "the driver did not answer in time; whether anything was set is not known",
        )
    }

    fn confused() -> PortError {
        PortError::new(
            PortErrorKind::Internal,
            "the process that sets devices said what cannot be read",
        )
    }

    /// The change that it made, held for `trial`.
    fn on_trial(self, trial: Duration) -> Trial {
        let (sender, decided) = oneshot::channel();
        Trial {
            decide: Box::new(move |decision| {
                if sender.send(decision).is_err() {
                    tracing::debug!("the trial was over before it was decided");
                }
            }),
            ended: self.see_through(decided, trial).boxed(),
        }
    }

    /// Hands on what is decided, and waits for how it ends.
    async fn see_through(
        mut self,
        decided: oneshot::Receiver<Decision>,
        trial: Duration,
    ) -> TrialEnd {
        let heard = tokio::select! {
            biased;
            heard = self.hear() => heard,
            decision = decided => {
                match decision {
                    Ok(Decision::Keep) => self.tell(ToHolder::Keep).await,
                    Ok(Decision::TakeBack) => self.tell(ToHolder::TakeBack).await,
                    Err(_) => self.input = None,
                }
                self.answer().await
            }
            () = sleep(trial + PATIENCE) => Err(Self::silent()),
        };
        self.reap().await;
        match heard {
            Ok(FromHolder::Ended(Ended::Kept)) => TrialEnd::Kept,
            Ok(FromHolder::Ended(Ended::TakenBack(now))) => TrialEnd::TakenBack(now),
            Ok(FromHolder::Ended(Ended::Stuck(message))) => TrialEnd::Stuck { message },
            Ok(_) => TrialEnd::Stuck {
                message: Self::confused().message,
            },
            Err(error) => TrialEnd::Stuck {
                message: error.message,
            },
        }
    }

    /// Says it; where that fails, the end of its input says enough.
    async fn tell(&mut self, said: ToHolder) {
        if let Err(error) = self.say(&said).await {
            tracing::debug!(%error, "a trial was not told what was decided");
            self.input = None;
        }
    }

    /// Lets it end, without waiting for one that hangs.
    async fn reap(&mut self) {
        self.input = None;
        if timeout(Duration::from_secs(1), self.process.wait())
            .await
            .is_err()
        {
            tracing::debug!("the process that held a setting is still there");
        }
    }
}
