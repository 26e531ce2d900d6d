//! For tests alone: objects in a line, a world that does what a test says, and an eye on frames.
//!
//! [`objects`] builds nodes, pods, workloads and custom objects; [`clock`], [`settings`],
//! [`contexts`], [`clusters`], [`containers`], [`control`], [`journal`], [`exporters`], [`logs`],
//! [`prometheus`], [`reading`] and [`recipes`] are the outside world under a test's hand;
//! [`model_server`] is a real one on loopback, and [`tunnels`] lead to it;
//! [`frames`] keeps what a subscription says and waits for a state of it.

pub mod objects;

pub mod clock;
pub mod clusters;
pub mod containers;
pub mod contexts;
pub mod control;
pub mod exporters;
pub mod journal;
pub mod logs;
pub mod model_server;
pub mod prometheus;
pub mod reading;
pub mod recipes;
pub mod series;
pub mod settings;
pub mod tunnels;
pub mod workstation;

pub mod frames;
