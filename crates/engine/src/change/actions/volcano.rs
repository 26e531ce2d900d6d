//! Volcano's commands: an object that its controller takes up and deletes.
//!
//! Source: `bus.volcano.sh/v1alpha1 Command` and `pkg/cli/util` of Volcano, whose `vcctl` makes the same.

use serde_json::json;
use strata_ports::{control::Verb, objects::ObjectAddress};

use super::{Found, Ground};
use crate::{change::plan::Planned, why::read};

/// Has Volcano do `action` (`AbortJob`, `ResumeJob`, ...) to a job.
pub(super) fn command(ground: &Ground<'_>, found: &Found, action: &str) -> Planned {
    let target = json!({
        "apiVersion": read::text(&found.object, "/apiVersion"),
        "kind": read::text(&found.object, "/kind"),
        "name": read::name(&found.object),
        "uid": read::uid(&found.object),
        "controller": true,
    });
    let prefix = format!("{}-{}-", read::name(&found.object), action.to_lowercase());
    let object = json!({
        "apiVersion": "bus.volcano.sh/v1alpha1",
        "kind": "Command",
        "metadata": {
            "generateName": prefix,
            "namespace": read::namespace(&found.object),
            "ownerReferences": [target],
        },
        "action": action,
        "target": target,
    });
    let address = ObjectAddress::new(
        "bus.volcano.sh",
        "Command",
        &found.address.key.namespace,
        "",
    );
    let command = ground.kubectl.create(&object);
    Planned::new(address, Verb::Create { object }, command)
}
