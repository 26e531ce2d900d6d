//! NVIDIA's driver, through its library NVML.
//!
//! [`library`] finds and opens the library, or tells what is wrong; a [`session::Session`] holds its
//! devices and asks each figure as often as its cost allows ([`device`]); [`watch`] opens it again when
//! the driver comes and goes, and leaves a device alone that wants to sleep; `kernel_log` knows the errors
//! of before that. `change` sets what a device can be set to. Every call goes through [`calls`], so that it
//! is known what reading costs and which call hangs.

pub mod calls;
pub mod library;

pub(crate) mod change;
mod device;
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "other systems have no such log")
)]
mod kernel_log;
mod processes;
mod raw;
pub mod session;
pub mod watch;
