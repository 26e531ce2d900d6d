//! What the containers of a pod ask for and may use together
//! (`k8s.io/component-helpers/resource`).

use serde_json::Value;

use super::quantity::{self, Quantities, Quantity};
use crate::json;

/// What a pod as a whole can say of its own resources.
const OF_PODS: [&str; 2] = ["cpu", "memory"];

/// The `requests` or `limits` of the pod's containers together, or of an init container that needs
/// more; what the pod says itself goes before.
pub(super) fn of_pod(pod: &Value, field: &str) -> Quantities {
    let of = |container: &Value| {
        let resources = container.get("resources");
        quantity::quantities(resources.and_then(|resources| resources.get(field)))
    };
    let mut total = Quantities::new();
    for container in json::items(pod, "/spec/containers") {
        quantity::add(&mut total, &of(container));
    }
    let mut beside = Quantities::new();
    let mut before = Quantities::new();
    for container in json::items(pod, "/spec/initContainers") {
        let mut own = of(container);
        if json::text(container, "/restartPolicy") == "Always" {
            quantity::add(&mut total, &own);
            quantity::add(&mut beside, &own);
            own.clone_from(&beside);
        } else {
            quantity::add(&mut own, &beside);
        }
        raise(&mut before, &own);
    }
    raise(&mut total, &before);
    let of_pod = pod
        .pointer("/spec/resources")
        .and_then(|resources| resources.get(field));
    let mut of_pod = quantity::quantities(of_pod);
    of_pod.retain(|name, _| OF_PODS.contains(&name.as_str()));
    total.extend(of_pod);
    total
}

fn raise(most: &mut Quantities, amounts: &Quantities) {
    for (name, amount) in amounts {
        let known = most.entry(name.clone()).or_insert(Quantity::whole(0));
        if known.compare(*amount).is_lt() {
            *known = *amount;
        }
    }
}
