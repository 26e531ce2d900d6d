//! The demo cluster: a Kubernetes API server in the process, with nodes and everything on them.
//!
//! [`Simulator::start`] sets up what a [`Scenario`] says, [`Simulator::service`] is the API server
//! that a client is built on, and time passes by [`Simulator::run`] or [`Simulator::advance`].
//!
//! Read in this order: the store (what etcd holds), the kinds' schemas and admission (what is let
//! into it), the server (what a client sees), the scenario (what there is, as data) and its
//! manifests, the world (time, chance and order) and its actors; then what is behind the API: logs,
//! the shell, telemetry.

mod clock;
mod cron;
mod json;
mod random;

mod kinds;
mod label_selector;
mod schema;
mod store;

mod admission;

mod disruption;
mod fields;
mod rbac;

mod line;
mod server;

mod behind;
mod logs;
mod program;
mod shell;

mod telemetry;

mod manifest;
mod scenario;

mod actors;
mod world;

mod pace;
mod simulator;
mod steering;

pub use line::LineCut;
pub use pace::{Pace, PaceError};
pub use scenario::{
    Crowd, Fault, Flap, Gpu, Happening, Named, Pairs, Pool, PowerLoss, Publisher, Rack, Scenario,
    ScenarioError, Story, Swelling, Trouble, TroubleKind, Workload,
};
pub use server::{BoxError, ResponseBody};
pub use simulator::{ApiServer, Options, Simulator};
pub use steering::{Steering, SteeringError};
