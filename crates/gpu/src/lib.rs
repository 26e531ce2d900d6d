//! This machine: its accelerators, the processes on them, and the machine itself.
//!
//! In reading order: [`cgroup`] and [`process`] find whose a process is; [`nvml`] asks NVIDIA's driver,
//! [`sysfs`] reads what AMD's and Intel's put into files; [`sampler`] is the process of its own in
//! which that is done, since a driver may hang, and [`wire`] what it says; [`machine`] reads
//! processors, memory, disks and networks; [`privileges`] says what may be done here, [`ending`] ends a
//! process, [`holder`] is the process of its own that sets a device and takes that back; [`supervise`]
//! watches both and is what the engine sees.

pub mod cgroup;
pub mod privileges;
pub mod process;

pub mod nvml;
pub mod sysfs;

pub mod sampler;
pub mod wire;

pub mod machine;

pub mod ending;
pub mod holder;
pub mod supervise;
