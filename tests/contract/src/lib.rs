//! The contract: what a client sees of a Kubernetes API server, as cases.
//!
//! The same cases, with the same assertions, run against the demo cluster (`tests/simulator.rs`)
//! and against a real kube-apiserver, scheduler and controller manager
//! (`tests/control-plane/tests/contract.rs`). What the demo cluster does otherwise stands in
//! `differences.yaml` with its reason; a difference that is gone fails the suite until its line is
//! removed.
//!
//! In reading order: a [`case`] is data, read from `cases/*.yaml`; a [`door`] is how a server is
//! asked; [`run`] walks through a case's steps, fills in its [`names`], reads an [`answer`] and
//! holds it to what is [`expected`]; [`suite`] makes tests of the cases and [`differences`].

pub mod answer;
pub mod case;
pub mod differences;
pub mod door;
pub mod expected;
pub mod names;
pub mod run;
pub mod suite;
