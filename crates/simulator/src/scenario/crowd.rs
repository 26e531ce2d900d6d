//! Workloads that are alike, by number: what a large cluster has hundreds of.

use serde::Deserialize;

use super::Workload;

/// So many workloads that differ in name and namespace alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    /// How many.
    pub count: usize,
    /// Over how many namespaces they are spread.
    pub namespaces: usize,
    /// What each of them is. A number follows its name and its namespace's.
    pub workload: Workload,
}

impl Crowd {
    /// Its workloads, one by one.
    pub(crate) fn workloads(&self) -> impl Iterator<Item = Workload> {
        (0..self.count).map(|at| {
            let mut workload = self.workload.clone();
            workload.name = format!("{}-{at:04}", workload.name);
            workload.namespace = self.namespace(at);
            workload
        })
    }

    fn namespace(&self, at: usize) -> String {
        let number = at % self.namespaces.max(1);
        format!("{}-{number:03}", self.workload.namespace)
    }
}
