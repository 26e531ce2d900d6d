//! Amounts of resources, and what a pod asks for in all.

use std::collections::BTreeMap;

use strata_domain::{
    node::{Resources, is_extended_resource},
    quantity::{parse_count, parse_millicores},
    text::Interner,
};

use crate::slim::{
    pod::{Container, PodSpec, Requirements},
    values::ResourceList,
};

/// Amounts while they are added up. CPU in thousandths of a core, everything else in its own unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts<'a> {
    cpu_millicores: u64,
    memory_bytes: u64,
    pods: u64,
    extended: BTreeMap<&'a str, u64>,
}

impl<'a> Amounts<'a> {
    /// The amounts of a list; what Strata has no use for (storage, huge pages) is left out.
    pub(super) fn of(list: &'a ResourceList) -> Self {
        let mut amounts = Self::default();
        for (name, quantity) in list {
            amounts.set(name, &quantity.text);
        }
        amounts
    }

    fn set(&mut self, name: &'a str, quantity: &str) {
        match name {
            "cpu" => self.cpu_millicores = parse_millicores(quantity).unwrap_or_default(),
            "memory" => self.memory_bytes = parse_count(quantity).unwrap_or_default(),
            "pods" => self.pods = parse_count(quantity).unwrap_or_default(),
            extended if is_extended_resource(extended) => {
                // What cannot be read is left out: unknown is not none.
                if let Some(amount) = parse_count(quantity) {
                    self.extended.insert(extended, amount);
                }
            }
            _ => {}
        }
    }

    /// The requests of a container. An extended resource may stand under the limits alone, since
    /// there the two must be equal.
    pub(super) fn requested(requirements: &'a Requirements) -> Self {
        let mut amounts = Self::of(&requirements.requests);
        for (name, amount) in Self::of(&requirements.limits).extended {
            amounts.extended.entry(name).or_insert(amount);
        }
        amounts
    }

    fn add(&mut self, other: &Self) {
        self.add_times(other, 1);
    }

    /// Adds `other` so many times.
    pub(super) fn add_times(&mut self, other: &Self, times: u64) {
        self.cpu_millicores += other.cpu_millicores.saturating_mul(times);
        self.memory_bytes += other.memory_bytes.saturating_mul(times);
        for (name, amount) in &other.extended {
            *self.extended.entry(name).or_default() += amount.saturating_mul(times);
        }
    }

    fn raise_to(&mut self, other: &Self) {
        self.cpu_millicores = self.cpu_millicores.max(other.cpu_millicores);
        self.memory_bytes = self.memory_bytes.max(other.memory_bytes);
        for (name, amount) in &other.extended {
            let known = self.extended.entry(name).or_default();
            *known = (*known).max(*amount);
        }
    }

    /// The same amounts as the domain keeps them.
    pub(super) fn into_resources(self, names: &mut Interner) -> Resources {
        Resources {
            cpu_millicores: self.cpu_millicores,
            memory_bytes: self.memory_bytes,
            pods: self.pods,
            extended: self
                .extended
                .into_iter()
                .map(|(name, amount)| (names.intern(name), amount))
                .collect(),
        }
    }
}

/// What a pod asks for in all, as the scheduler counts it.
///
/// Source: `k8s.io/component-helpers/resource` `PodRequests`: the containers and the sidecars (init
/// containers that restart always) together, or the largest init container with the sidecars
/// started before it, if that is more; what the pod as a whole asks for instead (KEP-2837); plus
/// the overhead of its runtime class.
pub(super) fn requested_by(spec: &PodSpec) -> Amounts<'_> {
    let mut requests = Amounts::default();
    for container in &spec.containers {
        requests.add(&Amounts::requested(&container.resources));
    }
    let mut sidecars = Amounts::default();
    let mut initial = Amounts::default();
    for container in &spec.init_containers {
        let mut own = Amounts::requested(&container.resources);
        if is_sidecar(container) {
            requests.add(&own);
            sidecars.add(&own);
            initial.raise_to(&sidecars);
        } else {
            own.add(&sidecars);
            initial.raise_to(&own);
        }
    }
    requests.raise_to(&initial);
    if let Some(whole) = &spec.resources {
        let whole = &whole.requests;
        for name in ["cpu", "memory"] {
            if let Some((name, quantity)) = whole.get_key_value(name) {
                requests.set(name, &quantity.text);
            }
        }
    }
    requests.add(&Amounts::of(&spec.overhead));
    requests
}

fn is_sidecar(container: &Container) -> bool {
    container.restart_policy == "Always"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(spec: &str) -> Resources {
        let spec: PodSpec = serde_json::from_str(spec).unwrap();
        requested_by(&spec).into_resources(&mut Interner::default())
    }

    #[test]
    fn containers_add_up_and_an_init_container_counts_when_it_is_larger() {
        let requests = requests(
            r#"{"initContainers":[{"resources":{"requests":{"cpu":"2","memory":"1Gi"}}}],
                "containers":[{"resources":{"requests":{"cpu":"500m","memory":"1Gi"}}},
                              {"resources":{"requests":{"cpu":"250m","memory":"1Gi"}}}]}"#,
        );
        assert_eq!(
            (requests.cpu_millicores, requests.memory_bytes),
            (2000, 2 << 30)
        );
    }

    #[test]
    fn a_sidecar_counts_beside_containers_and_beside_later_init_containers() {
        let requests = requests(
            r#"{"initContainers":[{"restartPolicy":"Always","resources":{"requests":{"cpu":"1"}}},
                                  {"resources":{"requests":{"cpu":"3"}}}],
                "containers":[{"resources":{"requests":{"cpu":"2"}}}]}"#,
        );
        assert_eq!(requests.cpu_millicores, 4000);
    }

    #[test]
    fn gpus_named_by_limits_alone_are_requested() {
        let requests = requests(
            r#"{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"4","cpu":"8"}}}]}"#,
        );
        assert_eq!(requests.extended("nvidia.com/gpu"), Some(4));
        assert_eq!(requests.cpu_millicores, 0);
    }

    #[test]
    fn gpus_of_sidecars_and_of_init_containers_are_counted_like_any_request() {
        // Two beside the sidecar's one while they run; three for the step before, with the sidecar's.
        let requests = requests(
            r#"{"initContainers":[
                    {"restartPolicy":"Always","resources":{"limits":{"nvidia.com/gpu":"1"}}},
                    {"resources":{"limits":{"nvidia.com/gpu":"3"}}}],
                "containers":[{"resources":{"limits":{"nvidia.com/gpu":"2"}}}],
                "overhead":{"nvidia.com/gpu":"1"}}"#,
        );
        assert_eq!(requests.extended("nvidia.com/gpu"), Some(5));
    }

    #[test]
    fn what_the_whole_pod_asks_for_replaces_the_sum_and_overhead_is_added() {
        let requests = requests(
            r#"{"containers":[{"resources":{"requests":{"cpu":"1","nvidia.com/gpu":"1"}}}],
                "resources":{"requests":{"cpu":"4"}},"overhead":{"cpu":"250m","memory":"64Mi"}}"#,
        );
        assert_eq!(
            (requests.cpu_millicores, requests.memory_bytes),
            (4250, 64 << 20)
        );
        assert_eq!(requests.extended("nvidia.com/gpu"), Some(1));
    }
}
