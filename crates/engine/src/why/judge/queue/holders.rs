//! Who holds the quota that somebody else waits for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::super::{amounts, case::Case, read, words::amount},
    GROUP,
    line::called,
};

/// The jobs that hold most of a flavour of the queue, or of its cohort.
pub(super) fn named(case: &Case, queue: Option<&Value>, resource: &str, flavor: &str) -> String {
    let cohort = |queue: &Value| {
        let name = read::text(queue, "/spec/cohortName");
        let name = if name.is_empty() {
            read::text(queue, "/spec/cohort")
        } else {
            name
        };
        name.to_owned()
    };
    let own = queue.map(|queue| (read::name(queue).to_owned(), cohort(queue)));
    let Some((own, cohort_name)) = own else {
        return String::new();
    };
    let shares = |name: &str| {
        name == own
            || !cohort_name.is_empty()
                && case
                    .listed(GROUP, "ClusterQueue")
                    .unwrap_or_default()
                    .iter()
                    .any(|queue| read::name(queue) == name && cohort(queue) == cohort_name)
    };
    let mut held: BTreeMap<String, u64> = BTreeMap::new();
    for workload in case.listed(GROUP, "Workload").unwrap_or_default() {
        if read::condition_is(workload, "Finished", "True").is_some()
            || !shares(read::text(workload, "/status/admission/clusterQueue"))
        {
            continue;
        }
        let amount: u64 = read::list(workload, "/status/admission/podSetAssignments")
            .iter()
            .filter(|set| {
                let flavors = set.get("flavors").and_then(|flavors| flavors.get(resource));
                flavors.and_then(Value::as_str) == Some(flavor)
            })
            .filter_map(|set| {
                let usage = set.get("resourceUsage")?.get(resource)?;
                amounts::parse(resource, usage.to_string().trim_matches('"'))
            })
            .sum();
        if amount > 0 {
            *held.entry(called(workload)).or_default() += amount;
        }
    }
    said(held, resource)
}

/// Those that hold most with their amounts, and how many others there are.
fn said(held: BTreeMap<String, u64>, resource: &str) -> String {
    let mut held: Vec<(String, u64)> = held.into_iter().collect();
    held.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
    let shown: Vec<String> = held
        .iter()
        .take(3)
        .map(|(name, held)| format!("{name} ({})", amount(resource, *held)))
        .collect();
    let more = held.len().saturating_sub(shown.len());
    if more > 0 {
        format!("{} +{more}", shown.join(", "))
    } else {
        shown.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_hold_most_are_named_and_the_others_counted() {
        let held = |names: &[(&str, u64)]| -> BTreeMap<String, u64> {
            names
                .iter()
                .map(|(name, amount)| ((*name).to_owned(), *amount))
                .collect()
        };
        let gpu = "nvidia.com/gpu";
        assert_eq!(said(held(&[]), gpu), "");
        assert_eq!(
            said(held(&[("a/small", 1), ("b/large", 16)]), gpu),
            "b/large (16), a/small (1)"
        );
        assert_eq!(
            said(held(&[("a", 1), ("b", 4), ("c", 8), ("d", 2)]), gpu),
            "c (8), b (4), d (2) +1"
        );
    }
}
