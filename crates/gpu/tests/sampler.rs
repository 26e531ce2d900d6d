//! The sampler as a process of its own, watched: this program is both the test and the sampler.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream::BoxStream};
use libtest_mimic::{Arguments, Failed, Trial};
use strata_domain::{
    reading::Figure,
    workstation::{AcceleratorSample, DeviceState, PastXids, Remark, Trouble},
};
use strata_fake_nvml::{Scenario, library};
use strata_gpu::{
    sampler::{self, Places},
    supervise::{LocalWorkstation, Patience, SamplerCommand},
};
use strata_ports::{
    clock::SystemClock,
    workstation::{Pace, WorkstationEvent, WorkstationProbe},
};
use tokio::sync::watch;

/// The argument that makes this program the sampler.
const SAMPLE: &str = "sample";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == SAMPLE) {
        let mut path = || arguments.next().filter(|path| !path.is_empty());
        let places = Places {
            library: path().map(PathBuf::from),
            root: path().map_or_else(|| PathBuf::from("/"), PathBuf::from),
        };
        sampler::run(places, Arc::new(SystemClock));
        return ExitCode::SUCCESS;
    }
    libtest_mimic::run(&Arguments::from_args(), trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    vec![
        trial("a_driver_that_answers_is_sampled", is_sampled),
        trial("a_figure_that_nobody_understands_stops_nothing", future),
        trial("a_call_that_hangs_is_named_and_its_process_ended", hangs),
        trial("versions_that_differ_are_named", versions_differ),
        trial("a_missing_permission_is_named", no_permission),
        trial("a_driver_that_is_not_loaded_is_named", no_driver),
        trial("a_library_that_is_none_is_named", no_library),
        trial("a_program_that_cannot_be_started_is_named", cannot_start),
        trial("the_machine_is_told_whatever_the_driver_does", machine),
        trial("a_gpu_that_sleeps_is_told_and_not_woken", sleeps),
        trial("a_machine_of_wsl_is_told_to_be_one", wsl),
        trial("errors_of_before_come_from_the_kernels_log", past_errors),
        trial(
            "whoever_begins_to_look_does_not_wait_for_the_slow_pace",
            hurries,
        ),
    ]
}

fn trial(name: &str, test: fn() -> Result<(), Failed>) -> Trial {
    Trial::test(name, test)
}

fn workstation(library: PathBuf) -> LocalWorkstation {
    rooted(library, Path::new(""))
}

/// The same, of a machine whose file system is at `root`.
fn rooted(library: PathBuf, root: &Path) -> LocalWorkstation {
    let command = SamplerCommand {
        program: std::env::current_exe().expect("this program has a path"),
        to_sample: vec![
            OsString::from(SAMPLE),
            library.into_os_string(),
            root.as_os_str().to_owned(),
        ],
        to_hold: Vec::new(),
    };
    // As little patience as tells a slow machine from a driver that hangs.
    let patience = Patience {
        grace: Duration::from_secs(3),
        end_after: Duration::from_secs(5),
        back_off: Duration::from_millis(200),
    };
    LocalWorkstation::new(command, patience, Arc::new(SystemClock))
}

/// Runs `test` on what the machine with this driver tells each second.
fn with<T>(
    workstation: LocalWorkstation,
    test: impl AsyncFnOnce(&LocalWorkstation, BoxStream<'static, WorkstationEvent>) -> T,
) -> Result<T, Failed> {
    let (_pace, paces) = watch::channel(Pace::Quick);
    paced(workstation, paces, test)
}

/// The same, sampled at the last of `paces`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it ends, and its sampler with it, when the test does"
)]
fn paced<T>(
    workstation: LocalWorkstation,
    paces: watch::Receiver<Pace>,
    test: impl AsyncFnOnce(&LocalWorkstation, BoxStream<'static, WorkstationEvent>) -> T,
) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let events = workstation.follow(paces);
        tokio::time::timeout(Duration::from_mins(1), test(&workstation, events)).await
    });
    // What still waits for a sampler that hangs is nobody's concern here.
    runtime.shutdown_background();
    Ok(outcome?)
}

async fn sample(
    events: &mut BoxStream<'static, WorkstationEvent>,
    is_wanted: impl Fn(&AcceleratorSample) -> bool,
) -> AcceleratorSample {
    loop {
        match events.next().await {
            Some(WorkstationEvent::Accelerators(sample)) if is_wanted(&sample) => return *sample,
            Some(_) => {}
            None => panic!("the stream ended"),
        }
    }
}

async fn trouble(
    events: &mut BoxStream<'static, WorkstationEvent>,
    is_wanted: impl Fn(&Trouble) -> bool,
) -> Trouble {
    loop {
        match events.next().await {
            Some(WorkstationEvent::Sampler(Some(trouble))) if is_wanted(&trouble) => {
                return trouble;
            }
            Some(_) => {}
            None => panic!("the stream ended"),
        }
    }
}

fn is_sampled() -> Result<(), Failed> {
    with(
        workstation(library(Scenario::Healthy)),
        async |_, mut events| {
            let first = sample(&mut events, |_| true).await;
            assert_eq!(first.devices.len(), 2);
            let second = sample(&mut events, |_| true).await;
            let at = |sample: &AcceleratorSample| {
                sample.devices[0]
                    .reading(Figure::Utilization)
                    .map(|one| one.at)
            };
            assert!(at(&second) > at(&first));
        },
    )
}

fn future() -> Result<(), Failed> {
    with(
        workstation(library(Scenario::Future)),
        async |_, mut events| {
            for _ in 0..2 {
                let sample = sample(&mut events, |_| true).await;
                assert_eq!(sample.devices.len(), 2);
                assert_eq!(sample.troubles, []);
            }
        },
    )
}

fn hangs() -> Result<(), Failed> {
    with(
        workstation(library(Scenario::Hang)),
        async |_, mut events| {
            sample(&mut events, |sample| sample.devices.len() == 2).await;
            let Trouble::Hung { device, call, .. } = trouble(
                &mut events,
                |trouble| matches!(trouble, Trouble::Hung { device, .. } if !device.is_empty()),
            )
            .await
            else {
                panic!("it does not hang");
            };
            assert!(device.ends_with("a02"), "{device}");
            assert_eq!(call, "nvmlDeviceGetUtilizationRates");
            trouble(&mut events, |trouble| {
                matches!(trouble, Trouble::Ended { .. })
            })
            .await;
            // It is started anew, and tells something until it hangs again.
            sample(&mut events, |sample| sample.devices.len() == 2).await;
        },
    )
}

/// What the first sample says is wrong.
fn first_trouble(library: PathBuf) -> Result<Trouble, Failed> {
    with(workstation(library), async |_, mut events| {
        let sample = sample(&mut events, |sample| !sample.troubles.is_empty()).await;
        sample.troubles[0].clone()
    })
}

fn versions_differ() -> Result<(), Failed> {
    let Trouble::VersionMismatch { library, .. } = first_trouble(library(Scenario::Mismatch))?
    else {
        return Err("the versions are not told".into());
    };
    assert_eq!(library, "580.95.05");
    Ok(())
}

fn no_permission() -> Result<(), Failed> {
    let trouble = first_trouble(library(Scenario::NoPermission))?;
    assert!(
        matches!(trouble, Trouble::NoPermission { .. }),
        "{trouble:?}"
    );
    Ok(())
}

fn no_driver() -> Result<(), Failed> {
    let trouble = first_trouble(library(Scenario::NoDriver))?;
    assert_eq!(trouble, Trouble::DriverNotLoaded);
    Ok(())
}

fn no_library() -> Result<(), Failed> {
    let Trouble::LibraryUnusable { path, message } =
        first_trouble(PathBuf::from("/nowhere/libnvidia-ml.so.1"))?
    else {
        return Err("the path is not told".into());
    };
    assert_eq!(path, "/nowhere/libnvidia-ml.so.1");
    assert!(!message.is_empty());
    Ok(())
}

fn cannot_start() -> Result<(), Failed> {
    let command = SamplerCommand {
        program: PathBuf::from("/nowhere/strata"),
        ..SamplerCommand::default()
    };
    let workstation = LocalWorkstation::new(command, Patience::default(), Arc::new(SystemClock));
    with(workstation, async |_, mut events| {
        let trouble = trouble(&mut events, |_| true).await;
        assert!(matches!(trouble, Trouble::Ended { .. }), "{trouble:?}");
    })
}

fn machine() -> Result<(), Failed> {
    with(
        workstation(library(Scenario::NoDriver)),
        async |_, mut events| {
            let mut told = 0;
            while told < 2 {
                if let Some(WorkstationEvent::Machine(machine)) = events.next().await {
                    assert!(machine.threads > 0);
                    told += 1;
                }
            }
        },
    )
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn sleeps() -> Result<(), Failed> {
    let root = tempfile::tempdir()?;
    let device = "sys/bus/pci/devices/0000:01:00.0";
    for (file, text) in [
        ("vendor", "0x10de\n"),
        ("class", "0x030200\n"),
        ("power/runtime_status", "suspended\n"),
        ("power/control", "auto\n"),
    ] {
        write(root.path(), &format!("{device}/{file}"), text);
    }
    with(
        rooted(PathBuf::new(), root.path()),
        async |_, mut events| {
            let sample = sample(&mut events, |sample| !sample.devices.is_empty()).await;
            assert_eq!(sample.devices[0].state, DeviceState::Suspended);
            assert_eq!(sample.devices[0].remarks, [Remark::Suspended]);
            // No driver was asked, which would have woken it.
            assert_eq!(sample.cost.calls, 0);
            assert_eq!(sample.troubles, []);
        },
    )
}

fn wsl() -> Result<(), Failed> {
    let root = tempfile::tempdir()?;
    write(
        root.path(),
        "proc/version",
        "Linux version 6.6.87.2-microsoft-standard-WSL2\n",
    );
    with(
        rooted(library(Scenario::Healthy), root.path()),
        async |_, mut events| {
            let sample = sample(&mut events, |sample| sample.devices.len() == 2).await;
            assert_eq!(sample.remarks, [Remark::Wsl]);
        },
    )
}

fn past_errors() -> Result<(), Failed> {
    let root = tempfile::tempdir()?;
    write(
        root.path(),
        "dev/kmsg",
        "6,0,0,-;Linux version 6.8.0\n\
         4,812,1000,-;NVRM: Xid (PCI:0000:17:00): 31, pid=77, name=python3, Ch 00000008\n\
         4,813,2000,-;NVRM: Xid (PCI:0000:41:00): 79, GPU has fallen off the bus.\n\
         12,814,3000,-;NVRM: Xid (PCI:0000:65:00): 48, as a program says\n",
    );
    with(
        rooted(library(Scenario::Healthy), root.path()),
        async |_, mut events| {
            let sample = sample(&mut events, |sample| !sample.troubles.is_empty()).await;
            let of = |place: usize| {
                let xids = sample.devices[place].xids.iter();
                xids.map(|event| event.xid).collect::<Vec<u32>>()
            };
            assert_eq!((of(0), of(1)), (vec![31], Vec::new()));
            let [Trouble::FellOff { pci, xid, at }] = sample.troubles.as_slice() else {
                panic!("{:?}", sample.troubles);
            };
            assert_eq!((pci.as_str(), *xid), ("0000:41:00", 79));
            assert!(*at >= sample.devices[0].xids[0].at);
            assert!(matches!(sample.past_xids, PastXids::Since(since) if since <= *at));
        },
    )
}

fn hurries() -> Result<(), Failed> {
    let (pace, paces) = watch::channel(Pace::Slow);
    paced(
        workstation(library(Scenario::Healthy)),
        paces,
        async |_, mut events| {
            let at = |sample: &AcceleratorSample| {
                sample.devices[0]
                    .reading(Figure::Utilization)
                    .expect("it is measured")
                    .at
            };
            let first = at(&sample(&mut events, |sample| !sample.devices.is_empty()).await);
            pace.send_replace(Pace::Quick);
            let second = at(&sample(&mut events, |sample| at(sample) > first).await);
            let waited = second.duration_since(first).as_secs();
            assert!(waited < i64::from(Pace::Slow.seconds()), "{waited} s");
        },
    )
}
