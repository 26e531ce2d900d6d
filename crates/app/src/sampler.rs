//! The process of its own that asks the drivers of this machine's accelerators: the shell's program,
//! started with [`SAMPLER_ARGUMENT`] alone.

use std::{ffi::OsString, sync::Arc};

use strata_gpu::{
    sampler::{self, Places},
    supervise::SamplerCommand,
};
use strata_ports::clock::SystemClock;

/// Whether this process is the one that asks the drivers, and no start of a user's.
pub fn is_sampler() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    arguments
        .next()
        .is_some_and(|first| first == SAMPLER_ARGUMENT)
        && arguments.next().is_none()
}

/// The one argument with which a shell's program samples accelerators and does nothing else.
const SAMPLER_ARGUMENT: &str = "sample-accelerators";

/// Samples accelerators until standard input ends. A shell calls it before anything else where it
/// [is the sampler](is_sampler).
pub fn sample_accelerators() {
    sampler::run(Places::of_environment(), Arc::new(SystemClock));
}

/// The command that starts the running program as the sampler.
pub fn sampler_of_this_program() -> SamplerCommand {
    SamplerCommand {
        program: std::env::current_exe().unwrap_or_default(),
        arguments: vec![OsString::from(SAMPLER_ARGUMENT)],
    }
}
