//! Services, endpoints, network policies.

use super::{Value, each, has, json, or, or_if_empty, within};
use crate::json as read;

pub(super) fn service(object: &mut Value) {
    let spec = read::object_at(object, "spec");
    or_if_empty(spec, "type", "ClusterIP");
    or_if_empty(spec, "sessionAffinity", "None");
    let kind = spec
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if spec
        .get("sessionAffinity")
        .is_some_and(|affinity| affinity == "ClientIP")
    {
        or(
            spec,
            "sessionAffinityConfig",
            json!({ "clientIP": { "timeoutSeconds": 10800 } }),
        );
    }
    if ["NodePort", "LoadBalancer"].contains(&kind.as_str()) {
        or_if_empty(spec, "externalTrafficPolicy", "Cluster");
    }
    if kind != "ExternalName" {
        or_if_empty(spec, "internalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        or(spec, "allocateLoadBalancerNodePorts", true);
    }
    let is_headless = spec
        .get("clusterIP")
        .is_some_and(|address| address == "None");
    if kind != "ExternalName" {
        if let Some(address) = spec
            .get("clusterIP")
            .filter(|address| **address != "")
            .cloned()
        {
            or(spec, "clusterIPs", json!([address]));
        }
        // What has neither an address nor a selector may be reached by either family.
        let (families, policy) = if is_headless && !spec.contains_key("selector") {
            (json!(["IPv4", "IPv6"]), "RequireDualStack")
        } else {
            (json!(["IPv4"]), "SingleStack")
        };
        or(spec, "ipFamilies", families);
        or(spec, "ipFamilyPolicy", policy);
    }
    within(object, "spec", |spec| {
        each(spec, "ports", |port| {
            or_if_empty(read::as_object(port), "protocol", "TCP");
            let is_unsaid = match port.get("targetPort") {
                None => true,
                Some(target) => target == 0 || target == "",
            };
            if is_unsaid && let Some(number) = port.get("port").cloned() {
                read::as_object(port).insert("targetPort".to_owned(), number);
            }
        });
    });
}

pub(super) fn endpoints(object: &mut Value) {
    each(object, "subsets", |subset| {
        each(subset, "ports", |port| {
            or_if_empty(read::as_object(port), "protocol", "TCP");
        });
    });
}

pub(super) fn endpoint_slice(object: &mut Value) {
    each(object, "ports", |port| {
        let fields = read::as_object(port);
        or(fields, "name", "");
        or(fields, "protocol", "TCP");
    });
}

pub(super) fn policy(object: &mut Value) {
    let spec = read::object_at(object, "spec");
    if !spec.contains_key("policyTypes") {
        let mut types = vec!["Ingress"];
        if spec.contains_key("egress") {
            types.push("Egress");
        }
        spec.insert("policyTypes".to_owned(), types.into());
    }
    within(object, "spec", |spec| {
        for direction in ["ingress", "egress"] {
            each(spec, direction, |rule| {
                each(rule, "ports", |port| {
                    if !has(port, "protocol") {
                        read::as_object(port).insert("protocol".to_owned(), "TCP".into());
                    }
                });
            });
        }
    });
}
