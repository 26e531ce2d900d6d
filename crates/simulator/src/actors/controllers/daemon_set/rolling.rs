//! Rolling a daemon set over to a new template.

use serde_json::Value;
use strata_domain::text::Text;

use super::{super::share, Daemons, Steps};
use crate::{actors::pods::Pod, json};

/// How far a rolling update may go at once.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) is_rolling: bool,
    pub(super) surge: usize,
    unavailable: usize,
}

impl Limits {
    /// The limits of a set that is to have `desired` pods.
    pub(super) fn of(set: &Value, desired: usize) -> Self {
        let whole = u64::try_from(desired).unwrap_or(u64::MAX);
        let share = |field: &str, default: &str| {
            let value = set.pointer(&format!("/spec/updateStrategy/rollingUpdate/{field}"));
            usize::try_from(share(value, default, whole, true)).unwrap_or(usize::MAX)
        };
        let is_rolling = json::text(set, "/spec/updateStrategy/type") != "OnDelete";
        let (surge, unavailable) = match (share("maxSurge", "0"), share("maxUnavailable", "1")) {
            _ if !is_rolling => (0, 0),
            (0, 0) => (0, 1),
            both => both,
        };
        Self {
            is_rolling,
            surge,
            unavailable,
        }
    }
}

/// A node's pod of the latest template, and that of an older one; none where there are several.
fn versions<'a>(
    daemons: &Daemons<'_>,
    pods: &'a [Pod],
) -> Option<(Option<&'a Pod>, Option<&'a Pod>)> {
    let (mut latest, mut old) = (None, None);
    for pod in pods.iter().filter(|pod| !pod.is_stopping) {
        let place = if daemons.is_updated(pod) {
            &mut latest
        } else {
            &mut old
        };
        if place.replace(pod).is_some() {
            return None;
        }
    }
    Some((latest, old))
}

/// The next steps of an update.
pub(super) fn roll(daemons: &Daemons<'_>) -> Steps {
    if daemons.limits.surge == 0 {
        replace(daemons)
    } else {
        surge(daemons)
    }
}

/// The nodes that have a pod or are to have one, with their pods.
fn nodes<'a>(daemons: &'a Daemons<'_>) -> impl Iterator<Item = (&'a Text, &'a [Pod])> {
    let without = daemons
        .fits
        .iter()
        .filter(|(node, fit)| fit.should_run && !daemons.pods.contains_key(*node))
        .map(|(node, _)| (node, &[][..]));
    daemons
        .pods
        .iter()
        .map(|(node, pods)| (node, pods.as_slice()))
        .chain(without)
}

/// Deletes old pods, no more than may be unavailable; those that are so already do not count.
fn replace(daemons: &Daemons<'_>) -> Steps {
    let mut unavailable = 0;
    let mut steps = Steps::default();
    let mut candidates = Vec::new();
    for (_, pods) in nodes(daemons) {
        match versions(daemons, pods) {
            Some((Some(latest), None)) => unavailable += usize::from(!daemons.is_available(latest)),
            Some((None, Some(old))) if !daemons.is_available(old) => {
                unavailable += 1;
                steps.delete.push(old.clone());
            }
            Some((None, Some(old))) => candidates.push(old),
            // One of both, none, or several: that is put right first.
            _ => unavailable += 1,
        }
    }
    let room = daemons.limits.unavailable.saturating_sub(unavailable);
    steps
        .delete
        .extend(candidates.into_iter().take(room).cloned());
    steps
}

/// Makes pods beside the old ones, no more than may be too many, and deletes those whose successor
/// is available.
fn surge(daemons: &Daemons<'_>) -> Steps {
    let mut steps = Steps::default();
    let (mut surging, mut available) = (0, 0_usize);
    let mut candidates = Vec::new();
    let mut misplaced = Vec::new();
    for (node, pods) in nodes(daemons) {
        let Some((latest, old)) = versions(daemons, pods) else {
            surging += 1;
            continue;
        };
        let told = old.or(latest);
        available += usize::from(told.is_some_and(|pod| daemons.is_available(pod)));
        let may_run = daemons.fits.get(node).is_some_and(|fit| fit.should_run);
        match (latest, old) {
            (_, None) => {}
            (None, Some(old)) => match (daemons.is_available(old), may_run) {
                (false, false) => steps.delete.push(old.clone()),
                (false, true) => steps.create.push(node.clone()),
                (true, false) => misplaced.push(old),
                (true, true) => candidates.push(node),
            },
            (Some(latest), Some(_)) if !daemons.is_available(latest) => surging += 1,
            (Some(_), Some(old)) => steps.delete.push(old.clone()),
        }
    }
    let desired = daemons.fits.values().filter(|fit| fit.should_run).count();
    let spare = available.saturating_sub(desired);
    steps
        .delete
        .extend(misplaced.into_iter().take(spare).cloned());
    let room = daemons.limits.surge.saturating_sub(surging);
    steps
        .create
        .extend(candidates.into_iter().take(room).cloned());
    steps
}
