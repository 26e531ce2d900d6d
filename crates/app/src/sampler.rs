//! The processes of their own that talk to the drivers of this machine's accelerators: the shell's
//! program, started with one argument that nobody types.

use std::{ffi::OsString, sync::Arc};

use strata_gpu::{
    holder,
    sampler::{self, Places},
    supervise::SamplerCommand,
};
use strata_ports::clock::SystemClock;

/// What a process of a shell's program is for, where it is not the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildRole {
    /// It samples accelerators until standard input ends.
    Sampler,
    /// It sets a device, and takes that back unless it is told to keep it.
    Holder,
}

impl ChildRole {
    const ALL: [Self; 2] = [Self::Sampler, Self::Holder];

    /// What this process is for; none where it is a start of a user's. A shell asks it before anything
    /// else.
    pub fn of_this_process() -> Option<Self> {
        let mut arguments = std::env::args_os().skip(1);
        let first = arguments.next()?;
        let role = Self::ALL
            .into_iter()
            .find(|role| first == role.argument())?;
        arguments.next().is_none().then_some(role)
    }

    /// Does it, until it is done.
    pub fn run(self) {
        let places = Places::of_environment();
        let clock = Arc::new(SystemClock);
        match self {
            Self::Sampler => sampler::run(places, clock),
            Self::Holder => holder::run(&places, clock),
        }
    }

    /// The one argument that says so.
    fn argument(self) -> &'static str {
        match self {
            Self::Sampler => "sample-accelerators",
            Self::Holder => "hold-accelerator-setting",
        }
    }
}

/// The command that starts the running program as one of these processes.
pub fn sampler_of_this_program() -> SamplerCommand {
    let arguments = |role: ChildRole| vec![OsString::from(role.argument())];
    SamplerCommand {
        program: std::env::current_exe().unwrap_or_default(),
        to_sample: arguments(ChildRole::Sampler),
        to_hold: arguments(ChildRole::Holder),
    }
}
