//! Conflicts of an apply with other managers, in the server's words.

use std::collections::BTreeMap;

use super::{
    owners::{Manager, Operation},
    set::{FieldSet, Step, written},
};

/// A field that an apply sets and another manager owns with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(super) manager: Manager,
    pub(super) path: Vec<Step>,
}

impl Conflict {
    /// What the cause of the refusal says.
    pub(crate) fn message(&self) -> String {
        format!("conflict with {}", name(&self.manager))
    }

    /// The field, as messages write it.
    pub(crate) fn field(&self) -> String {
        written(&self.path)
    }
}

/// The conflicts with each of `managers` over its fields, in the order of the fields.
pub(super) fn all(managers: &BTreeMap<Manager, FieldSet>) -> Vec<Conflict> {
    let mut conflicts: Vec<Conflict> = managers
        .iter()
        .flat_map(|(manager, fields)| {
            fields.paths().into_iter().map(|path| Conflict {
                manager: manager.clone(),
                path,
            })
        })
        .collect();
    conflicts.sort_by(|a, b| a.path.cmp(&b.path));
    conflicts
}

/// The message of a refused apply.
pub(crate) fn message(conflicts: &[Conflict]) -> String {
    if let [conflict] = conflicts {
        return format!(
            "Apply failed with 1 conflict: {}: {}",
            conflict.message(),
            conflict.field()
        );
    }
    let mut by_manager: BTreeMap<&Manager, Vec<String>> = BTreeMap::new();
    for conflict in conflicts {
        by_manager
            .entry(&conflict.manager)
            .or_default()
            .push(conflict.field());
    }
    let lines: Vec<String> = by_manager
        .into_iter()
        .flat_map(|(manager, fields)| {
            std::iter::once(format!("conflicts with {}:", name(manager)))
                .chain(fields.into_iter().map(|field| format!("- {field}")))
        })
        .collect();
    format!(
        "Apply failed with {} conflicts: {}",
        conflicts.len(),
        lines.join("\n")
    )
}

fn name(manager: &Manager) -> String {
    let mut name = format!("{:?}", manager.name);
    if !manager.subresource.is_empty() {
        name = format!("{name} with subresource {:?}", manager.subresource);
    }
    if manager.operation == Operation::Update {
        name = format!("{name} using {}", manager.api_version);
    }
    name
}
