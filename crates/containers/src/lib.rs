//! Containers and models of this machine, without Kubernetes.
//!
//! Docker and Podman speak the same Engine API over a socket ([`engine`]), Ollama its own over
//! loopback ([`ollama`]). What is there is found when somebody asks ([`places`]); nothing has to be.

mod engine;
mod host;
mod loopback;
mod ollama;
mod places;
mod ports;

pub use host::LocalContainers;
pub use places::Places;
