//! Completion indexes of a job, written as the API writes them: `1-3,5`.

use std::{collections::BTreeSet, fmt};

use serde_json::{Value, json};

use crate::json;

/// A set of completion indexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Indexes(BTreeSet<u64>);

impl Indexes {
    pub(super) fn read(text: &str) -> Self {
        let mut indexes = BTreeSet::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            if let (Ok(first), Ok(last)) = (first.parse(), last.parse()) {
                indexes.extend::<std::ops::RangeInclusive<u64>>(first..=last);
            }
        }
        Self(indexes)
    }

    pub(super) fn insert(&mut self, index: u64) {
        self.0.insert(index);
    }

    pub(super) fn contains(&self, index: u64) -> bool {
        self.0.contains(&index)
    }

    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Indexes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for index in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == index => *last = index,
                _ => runs.push((index, index)),
            }
        }
        for (at, (first, last)) in runs.into_iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            match last - first {
                0 => write!(formatter, "{comma}{first}")?,
                1 => write!(formatter, "{comma}{first},{last}")?,
                _ => write!(formatter, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// Tells the pod of an index which it is: by host name and environment.
pub(super) fn inject(template: &mut Value, job: &str, index: u64) {
    let variable = json!({ "name": "JOB_COMPLETION_INDEX", "valueFrom": { "fieldRef": {
        "apiVersion": "v1",
        "fieldPath": "metadata.labels['batch.kubernetes.io/job-completion-index']" } } });
    let spec = json::object_at(template, "spec");
    spec.entry("hostname")
        .or_insert_with(|| format!("{job}-{index}").into());
    for list in ["initContainers", "containers"] {
        for container in spec
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let environment = json::as_object(container)
                .entry("env")
                .or_insert_with(|| json!([]));
            if let Some(variables) = environment.as_array_mut() {
                variables.push(variable.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_written_as_runs() {
        let indexes = Indexes::read("0,2-4,6,7");
        assert_eq!(indexes.len(), 6);
        assert_eq!(indexes.to_string(), "0,2-4,6,7");
    }
}
