//! A pod as the services that select it see it.

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::text::Text;

use super::Port;
use crate::{json, store::Stored};

/// What of a pod its endpoints tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) uid: Text,
    pub(super) addresses: Vec<String>,
    pub(super) node: Option<Text>,
    hostname: String,
    subdomain: String,
    pub(super) is_ready: bool,
    pub(super) is_stopping: bool,
    has_ended: bool,
    /// Since when it is ready, or is not.
    pub(super) ready_since: Option<Timestamp>,
    ports: Vec<NamedPort>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct NamedPort {
    name: String,
    protocol: String,
    number: u64,
}

impl Member {
    pub(super) fn read(stored: &Stored) -> Self {
        let pod = stored.value();
        let addresses = json::items(&pod, "/status/podIPs");
        let mut addresses: Vec<String> = addresses
            .iter()
            .map(|address| json::text(address, "/ip").to_owned())
            .collect();
        let first = json::text(&pod, "/status/podIP");
        if addresses.is_empty() && !first.is_empty() {
            addresses.push(first.to_owned());
        }
        let node = json::text(&pod, "/spec/nodeName");
        let ready = json::items(&pod, "/status/conditions")
            .iter()
            .find(|known| json::text(known, "/type") == "Ready");
        let phase = json::text(&pod, "/status/phase");
        Self {
            uid: stored.uid.clone(),
            addresses,
            node: (!node.is_empty()).then(|| node.into()),
            hostname: json::text(&pod, "/spec/hostname").to_owned(),
            subdomain: json::text(&pod, "/spec/subdomain").to_owned(),
            is_ready: ready.is_some_and(|known| json::text(known, "/status") == "True"),
            is_stopping: stored.is_ending,
            has_ended: phase == "Succeeded" || phase == "Failed",
            ready_since: ready
                .and_then(|known| json::text(known, "/lastTransitionTime").parse().ok()),
            ports: named_ports(&pod),
        }
    }

    /// Whether it is told of; one that is being stopped where `with_stopping` says so.
    pub(super) fn is_told(&self, with_stopping: bool) -> bool {
        !self.has_ended && !self.addresses.is_empty() && (with_stopping || !self.is_stopping)
    }

    /// The number of the port that its containers name so.
    pub(super) fn port_named(&self, name: &str, protocol: &str) -> Option<u64> {
        self.ports
            .iter()
            .find(|port| port.name == name && port.protocol == protocol)
            .map(|port| port.number)
    }

    /// The name that it has within the service `service`, if it says that it belongs there.
    pub(super) fn hostname_in(&self, service: &str) -> Option<&str> {
        (!self.hostname.is_empty() && self.subdomain == service).then_some(self.hostname.as_str())
    }

    /// A reference to it, as endpoints hold it.
    pub(super) fn reference(&self, namespace: &str, name: &str) -> Value {
        json!({ "kind": "Pod", "namespace": namespace, "name": name, "uid": self.uid.as_str() })
    }
}

/// The ports with names of what runs beside each other: containers, then sidecars.
fn named_ports(pod: &Value) -> Vec<NamedPort> {
    let sidecars = json::items(pod, "/spec/initContainers")
        .iter()
        .filter(|container| json::text(container, "/restartPolicy") == "Always");
    json::items(pod, "/spec/containers")
        .iter()
        .chain(sidecars)
        .flat_map(|container| json::items(container, "/ports"))
        .filter(|port| !json::text(port, "/name").is_empty())
        .map(|port| NamedPort {
            name: json::text(port, "/name").to_owned(),
            protocol: match json::text(port, "/protocol") {
                "" => "TCP".to_owned(),
                protocol => protocol.to_owned(),
            },
            number: json::count(port, "/containerPort"),
        })
        .collect()
}

impl Port {
    /// As endpoints hold it, where an empty name is left out.
    pub(super) fn of_endpoints(&self) -> Value {
        let mut port = self.of_slice();
        if self.name.is_empty() {
            json::as_object(&mut port).remove("name");
        }
        port
    }

    /// As slices hold it.
    pub(super) fn of_slice(&self) -> Value {
        let mut port = json!({ "name": self.name, "port": self.number, "protocol": self.protocol });
        if let Some(application) = &self.application {
            json::as_object(&mut port)
                .insert("appProtocol".to_owned(), application.as_str().into());
        }
        port
    }
}
