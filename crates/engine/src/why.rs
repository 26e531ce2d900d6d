//! Why something that should run does not, why it failed, why it was put out.
//!
//! Gathering and judging are apart. [`gather`] reads whatever bears on one object (its owners, its
//! parts and pods, their events, the queue, the nodes, the volumes, the ends of logs) into a
//! [`case::Case`]; [`explain`] judges a case, and is a synchronous function of it. The judges go the
//! way from an object to a running container, one file each: the object itself, its controller,
//! quota, gang, scheduling, node, volume, image, start-up, probes, run. Each says what it finds;
//! [`verdict`] weighs the findings and puts one first.

pub(crate) mod gather;

mod amounts;
pub(crate) mod case;
mod machines;
pub(crate) mod read;
mod words;

mod judge;
mod timeline;
mod verdict;

#[cfg(test)]
mod tests;

use strata_api::{explanation::Explanation, timeline::Timeline};

use case::Case;
pub(crate) use judge::scheduling::devices::claim_name;

/// Judges a case.
pub(crate) fn explain(case: &Case) -> Explanation {
    let mut findings = judge::Findings::default();
    judge::all(case, &mut findings);
    verdict::reach(case, findings)
}

/// The identity of what a case is about.
pub(crate) fn uid(case: &Case) -> &str {
    read::uid(&case.object)
}

/// Tells what happened, and what was derived from it.
pub(crate) fn tell(case: &Case) -> Timeline {
    timeline::tell(case, &explain(case))
}
