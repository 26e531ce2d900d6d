//! What keeps aggregated cluster roles: each has the rules of the roles that it selects.

use serde_json::Value;

use crate::{json, rbac, world::World};

/// Gives every aggregated role the rules that it selects now.
pub(super) fn reconcile(world: &mut World) {
    let kind = rbac::kind("ClusterRole");
    let all = world.store.list(&kind, "");
    for stored in &all {
        let role = stored.value();
        if role.get("aggregationRule").is_none_or(Value::is_null) {
            continue;
        }
        let rules = rbac::aggregate(&stored.key.name, &role, &all);
        world.store.update(&kind, &stored.key, |role| {
            json::as_object(role).insert("rules".to_owned(), rules.into());
        });
    }
}
