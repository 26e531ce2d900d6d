//! A corpus of failures: ways not to run, each labelled with its true cause.
//!
//! `corpus/*.yaml` holds the cases ([`case`]): objects to be written, what is done to them then, and
//! the reason that must be named first. `tests/integration` plays all of them ([`whole`], each by
//! [`play`]) on the demo cluster, `tests/control-plane` on a real control plane, where what only a kubelet
//! writes is written as a kubelet writes it. The labels stand here, the program under test knows none of them.

pub mod case;
mod paths;
pub mod play;
pub mod whole;
