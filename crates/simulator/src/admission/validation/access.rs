//! Roles and who has them.

use serde_json::Value;

use super::names;
use crate::{admission::causes::Causes, json};

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(role: &Value, is_namespaced: bool, causes: &mut Causes) {
    for (index, rule) in json::items(role, "/rules").iter().enumerate() {
        let path = format!("rules[{index}]");
        let has = |field: &str| !json::items(rule, &format!("/{field}")).is_empty();
        if !has("verbs") {
            causes.required(
                &format!("{path}.verbs"),
                "verbs must contain at least one value",
            );
        }
        if has("nonResourceURLs") {
            let urls = rule.get("nonResourceURLs").cloned().unwrap_or_default();
            let path = format!("{path}.nonResourceURLs");
            if is_namespaced {
                let detail = "namespaced rules cannot apply to non-resource URLs";
                causes.invalid(&path, urls.clone(), detail);
            }
            if has("apiGroups") || has("resources") || has("resourceNames") {
                let detail = "rules cannot apply to both regular resources and non-resource URLs";
                causes.invalid(&path, urls, detail);
            }
            continue;
        }
        if !has("apiGroups") {
            let detail = "resource rules must supply at least one api group";
            causes.required(&format!("{path}.apiGroups"), detail);
        }
        if !has("resources") {
            let detail = "resource rules must supply at least one resource";
            causes.required(&format!("{path}.resources"), detail);
        }
    }
}

pub(super) fn binding(binding: &Value, is_namespaced: bool, causes: &mut Causes) {
    let group = json::text(binding, "/roleRef/apiGroup");
    causes.one_of("roleRef.apiGroup", group, &[GROUP]);
    let kinds: &[&str] = if is_namespaced {
        &["Role", "ClusterRole"]
    } else {
        &["ClusterRole"]
    };
    causes.one_of("roleRef.kind", json::text(binding, "/roleRef/kind"), kinds);
    match json::text(binding, "/roleRef/name") {
        "" => causes.required("roleRef.name", ""),
        name => causes.each("roleRef.name", name, names::path_segment(name)),
    }
    for (index, subject) in json::items(binding, "/subjects").iter().enumerate() {
        let path = format!("subjects[{index}]");
        let name = json::text(subject, "/name");
        if name.is_empty() {
            causes.required(&format!("{path}.name"), "");
        }
        match json::text(subject, "/kind") {
            "ServiceAccount" => {
                if !name.is_empty() {
                    causes.each(&format!("{path}.name"), name, names::subdomain(name));
                }
                if !is_namespaced && json::text(subject, "/namespace").is_empty() {
                    causes.required(&format!("{path}.namespace"), "");
                }
            }
            "User" | "Group" => {}
            kind => {
                let supported = ["ServiceAccount", "User", "Group"];
                causes.unsupported(&format!("{path}.kind"), kind, &supported);
            }
        }
    }
}
