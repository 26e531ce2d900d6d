//! The demo cluster as its clients see it: requests and answers.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it should do"
)]

mod client;

mod access;
mod admission;
mod apply;
mod atlas;
mod autoscaling;
mod cron;
mod daemons;
mod delete;
mod discovery;
mod endpoints;
mod frameworks;
mod history;
mod kubelet;
mod list;
mod log;
mod lost_nodes;
mod ollama;
mod openapi;
mod operators;
mod patch;
mod preemption;
mod proxy;
mod queues;
mod reading;
mod representation;
mod scenario;
mod scheduling;
mod session;
mod stateful;
mod subresource;
mod telemetry;
mod volumes;
mod watch;
mod workloads;
mod write;
