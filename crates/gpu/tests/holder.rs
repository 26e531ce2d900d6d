//! The process that sets a device and takes that back: this program is the test, that process, and a
//! Strata that is killed.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "in a test a panic is the report"
)]

use std::{
    ffi::{OsStr, OsString},
    future::Future,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::Arc,
    time::Duration,
};

use libtest_mimic::{Arguments, Failed, Trial as Test};
use strata_domain::workstation::{DeviceChange, Setting};
use strata_fake_nvml::{STATE, Scenario, library};
use strata_gpu::{
    holder,
    privileges::Privileges,
    sampler::Places,
    supervise::{LocalWorkstation, Patience, SamplerCommand},
};
use strata_ports::{
    clock::SystemClock,
    error::{PortError, PortErrorKind},
    workstation::{Changed, Decision, TrialEnd, WorkstationProbe},
};

/// The argument that makes this program the process that sets devices.
const HOLD: &str = "hold";
/// The argument that makes this program a Strata that tries a change and does nothing more.
const TRY: &str = "try";
/// Longer than any of this takes.
const LONG: Duration = Duration::from_mins(10);
/// The first device of the fake library.
const DEVICE: &str = "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01";
/// How that is without a change: its power limit in milliwatts, its clocks not locked.
const AS_MADE: &str = "700000 0 0";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (first, second) = (arguments.next(), arguments.next());
    match (first.as_deref().and_then(OsStr::to_str), second) {
        (Some(HOLD), library) => {
            let places = Places {
                root: PathBuf::from("/"),
                library: library.map(PathBuf::from),
            };
            holder::run(&places, Arc::new(SystemClock));
            ExitCode::SUCCESS
        }
        (Some(TRY), Some(state)) => try_and_wait(Path::new(&state)),
        _ => libtest_mimic::run(&Arguments::from_args(), tests()).exit_code(),
    }
}

fn tests() -> Vec<Test> {
    let test = |name: &str, test: fn() -> Result<(), Failed>| Test::test(name, test);
    vec![
        test("what_the_device_made_of_it_is_read_back", read_back),
        test("a_change_that_is_kept_stays", kept),
        test("a_change_that_nobody_confirms_is_taken_back", time_is_over),
        test("a_change_is_taken_back_at_once_when_asked", taken_back),
        test("a_change_is_taken_back_when_nobody_holds_it", let_go),
        test("a_change_is_taken_back_when_strata_is_killed", killed),
        test("clocks_are_locked_and_unlocked", clocks),
        test("that_it_cannot_be_taken_back_is_said", stuck),
        test("a_value_beyond_the_range_is_refused_with_the_range", beyond),
        test(
            "a_driver_that_takes_nobody_for_an_administrator_is_said",
            read_only,
        ),
        test("a_device_that_is_not_there_is_said", nobody),
        test("how_a_device_stands_is_told_without_a_change", examined),
    ]
}

/// A machine whose devices keep what they are set to.
struct Machine {
    folder: tempfile::TempDir,
    workstation: LocalWorkstation,
}

impl Machine {
    fn new(scenario: Scenario) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let workstation = workstation(scenario, &folder.path().join("state"));
        Self {
            folder,
            workstation,
        }
    }

    fn state_file(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// How the first device is set.
    fn state(&self) -> String {
        let text = std::fs::read_to_string(self.state_file()).unwrap_or_default();
        text.lines().next().unwrap_or(AS_MADE).to_owned()
    }

    async fn change(
        &self,
        setting: Setting,
        trial: Option<Duration>,
    ) -> Result<Changed, PortError> {
        self.workstation.change(change(setting), trial).await
    }
}

fn workstation(scenario: Scenario, state: &Path) -> LocalWorkstation {
    let mut keeps = OsString::from(format!("{STATE}="));
    keeps.push(state);
    let command = SamplerCommand {
        program: PathBuf::from("env"),
        to_sample: Vec::new(),
        to_hold: vec![
            keeps,
            std::env::current_exe()
                .expect("this program has a path")
                .into_os_string(),
            OsString::from(HOLD),
            library(scenario).into_os_string(),
        ],
    };
    LocalWorkstation::new(command, Patience::default(), Arc::new(SystemClock))
}

fn change(setting: Setting) -> DeviceChange {
    DeviceChange {
        device: DEVICE.to_owned(),
        setting,
    }
}

fn run<T>(test: impl Future<Output = T>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    Ok(runtime.block_on(async { tokio::time::timeout(Duration::from_mins(1), test).await })?)
}

fn read_back() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        // The device takes steps of 5 W: what is told is what it has, not what was asked for.
        let made = machine
            .change(Setting::PowerLimit(352.0), None)
            .await
            .unwrap();
        assert_eq!(made.before, Some(Setting::PowerLimit(700.0)));
        assert_eq!(made.now, Setting::PowerLimit(350.0));
        assert!(made.trial.is_none());
        assert_eq!(machine.state(), "350000 0 0");
    })
}

fn kept() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let made = machine
            .change(Setting::PowerLimit(300.0), Some(LONG))
            .await
            .unwrap();
        let trial = made.trial.unwrap();
        (trial.decide)(Decision::Keep);
        assert_eq!(trial.ended.await, TrialEnd::Kept);
        assert_eq!(machine.state(), "300000 0 0");
    })
}

fn time_is_over() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let made = machine
            .change(Setting::PowerLimit(300.0), Some(Duration::from_secs(1)))
            .await
            .unwrap();
        let trial = made.trial.unwrap();
        assert_eq!(
            trial.ended.await,
            TrialEnd::TakenBack(Setting::PowerLimit(700.0))
        );
        assert_eq!(machine.state(), AS_MADE);
        drop(trial.decide);
    })
}

fn taken_back() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let made = machine
            .change(Setting::PowerLimit(300.0), Some(LONG))
            .await
            .unwrap();
        assert_eq!(machine.state(), "300000 0 0");
        let trial = made.trial.unwrap();
        (trial.decide)(Decision::TakeBack);
        assert_eq!(
            trial.ended.await,
            TrialEnd::TakenBack(Setting::PowerLimit(700.0))
        );
        assert_eq!(machine.state(), AS_MADE);
    })
}

fn let_go() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let made = machine
            .change(Setting::PowerLimit(300.0), Some(LONG))
            .await
            .unwrap();
        let trial = made.trial.unwrap();
        drop(trial.decide);
        assert_eq!(
            trial.ended.await,
            TrialEnd::TakenBack(Setting::PowerLimit(700.0))
        );
    })
}

fn killed() -> Result<(), Failed> {
    let machine = Machine::new(Scenario::Healthy);
    let mut strata = Command::new(std::env::current_exe()?)
        .args([OsStr::new(TRY), machine.state_file().as_os_str()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    let output = strata.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut said)?;
    assert_eq!(said.trim(), "tried");
    assert_eq!(machine.state(), "300000 0 0");
    // As by the kernel when memory is short: nothing of it runs any more.
    strata.kill()?;
    strata.wait()?;
    run(async {
        while machine.state() != AS_MADE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

/// Tries a change for a long time, says so, and waits to be killed.
#[expect(clippy::print_stdout, reason = "the test reads it")]
fn try_and_wait(state: &Path) -> ExitCode {
    let workstation = workstation(Scenario::Healthy, state);
    let outcome = run(async {
        let made = workstation
            .change(change(Setting::PowerLimit(300.0)), Some(LONG))
            .await
            .unwrap();
        println!("tried");
        let trial = made.trial.unwrap();
        let ended = trial.ended.await;
        drop(trial.decide);
        ended
    });
    drop(outcome);
    ExitCode::FAILURE
}

fn clocks() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let made = machine
            .change(Setting::LockedClocks(Some((225, 1200))), Some(LONG))
            .await
            .unwrap();
        // The driver does not tell a lock, so nothing is claimed of before.
        assert_eq!(made.before, None);
        assert_eq!(machine.state(), "700000 225 1200");
        let trial = made.trial.unwrap();
        (trial.decide)(Decision::TakeBack);
        assert_eq!(
            trial.ended.await,
            TrialEnd::TakenBack(Setting::LockedClocks(None))
        );
        assert_eq!(machine.state(), AS_MADE);
    })
}

fn stuck() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Stubborn);
        let made = machine
            .change(Setting::PowerLimit(300.0), Some(LONG))
            .await
            .unwrap();
        let trial = made.trial.unwrap();
        (trial.decide)(Decision::TakeBack);
        let TrialEnd::Stuck { message } = trial.ended.await else {
            panic!("it is said to be taken back");
        };
        assert!(message.contains("H100"), "{message}");
        assert_eq!(machine.state(), "300000 0 0");
    })
}

/// How a change is refused.
async fn refusal(machine: &Machine, setting: Setting) -> PortError {
    match machine.change(setting, Some(LONG)).await {
        Err(error) => error,
        Ok(_) => panic!("it is made"),
    }
}

fn beyond() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let error = refusal(&machine, Setting::PowerLimit(900.0)).await;
        assert_eq!(error.kind, PortErrorKind::InvalidInput);
        assert!(error.message.contains("200 to 700 W"), "{error}");
        let error = refusal(&machine, Setting::LockedClocks(Some((100, 1200)))).await;
        assert_eq!(error.kind, PortErrorKind::InvalidInput);
        assert!(error.message.contains("225 to 1980 MHz"), "{error}");
        assert_eq!(machine.state(), AS_MADE);
    })
}

fn read_only() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::ReadOnly);
        for setting in [
            Setting::PowerLimit(300.0),
            Setting::LockedClocks(Some((225, 1200))),
            Setting::LockedClocks(None),
        ] {
            let error = refusal(&machine, setting).await;
            assert_eq!(error.kind, PortErrorKind::Forbidden, "{error}");
        }
    })
}

fn nobody() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let nobody = DeviceChange {
            device: "GPU-0".to_owned(),
            setting: Setting::LockedClocks(None),
        };
        let error = machine.workstation.examine(nobody).await.unwrap_err();
        assert_eq!(error.kind, PortErrorKind::NotFound);
    })
}

fn examined() -> Result<(), Failed> {
    run(async {
        let machine = Machine::new(Scenario::Healthy);
        let standing = machine
            .workstation
            .examine(change(Setting::PowerLimit(300.0)))
            .await
            .unwrap();
        assert_eq!(standing.now, Some(Setting::PowerLimit(700.0)));
        assert!(standing.is_persistent);
        assert_eq!(standing.may_be_set, Privileges::own().may_set_devices());
        assert_eq!(machine.state(), AS_MADE);
    })
}
