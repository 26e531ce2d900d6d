//! A corpus of failures: ways not to run, each labelled with its true cause.
//!
//! `corpus/*.yaml` holds the cases ([`case`]): objects to be written, what is done to them then, and
//! the reason that must be named first. `tests/integration` plays them ([`play`]) on the demo cluster;
//! those for a real control plane say so, and write what only a kubelet writes as a kubelet writes
//! it. The labels stand here, the program under test knows none of them.

pub mod case;
mod paths;
pub mod play;
