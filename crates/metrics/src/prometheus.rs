//! Prometheus: what it remembers of devices, how they are now, and the way to one that answers at an
//! address of its own.

pub(crate) mod address;
mod answer;
pub mod past;
pub mod present;
mod probe;

pub use probe::AddressedPrometheus;
