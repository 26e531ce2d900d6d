//! Kinds that definitions add.

use std::sync::Arc;

use serde_json::Value;

use super::{Custom, Group, GroupName, Resource, ResponseKind, Scope, Subresource, Version};
use crate::json;

/// Adds what `definition` defines to `groups`.
pub(super) fn add_definition(groups: &mut Vec<Group>, definition: &Value) {
    const VERBS: [&str; 8] = [
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "create",
        "update",
        "watch",
    ];
    let name = json::text(definition, "/spec/group");
    let texts = |pointer: &str| -> Vec<String> {
        json::items(definition, pointer)
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let at = groups
        .iter()
        .position(|group| group.metadata.name == name)
        .unwrap_or_else(|| {
            groups.push(Group {
                metadata: GroupName {
                    name: name.to_owned(),
                },
                versions: Vec::new(),
            });
            groups.len() - 1
        });
    let Some(group) = groups.get_mut(at) else {
        return;
    };
    for version in json::items(definition, "/spec/versions") {
        if !json::flag(version, "/served") {
            continue;
        }
        let version_name = json::text(version, "/name");
        let response_kind = ResponseKind {
            group: name.to_owned(),
            version: version_name.to_owned(),
            kind: json::text(definition, "/spec/names/kind").to_owned(),
        };
        let subresources = custom_subresources(version, &response_kind);
        let resource = Resource {
            plural: json::text(definition, "/spec/names/plural").to_owned(),
            response_kind,
            scope: match json::text(definition, "/spec/scope") {
                "Namespaced" => Scope::Namespaced,
                _ => Scope::Cluster,
            },
            singular: json::text(definition, "/spec/names/singular").to_owned(),
            verbs: VERBS.map(str::to_owned).to_vec(),
            short_names: texts("/spec/names/shortNames"),
            categories: texts("/spec/names/categories"),
            subresources,
            custom: Some(Arc::new(Custom::read(definition, version))),
        };
        match group
            .versions
            .iter_mut()
            .find(|known| known.version == version_name)
        {
            Some(known) => known.resources.push(resource),
            None => group.versions.push(Version {
                version: version_name.to_owned(),
                resources: vec![resource],
            }),
        }
    }
}

/// The parts with a path of their own that a version of a definition has.
fn custom_subresources(version: &Value, response_kind: &ResponseKind) -> Vec<Subresource> {
    let scale = ResponseKind {
        group: "autoscaling".to_owned(),
        version: "v1".to_owned(),
        kind: "Scale".to_owned(),
    };
    [("status", response_kind), ("scale", &scale)]
        .into_iter()
        .filter(|(name, _)| version.pointer(&format!("/subresources/{name}")).is_some())
        .map(|(name, response_kind)| Subresource {
            name: name.to_owned(),
            response_kind: response_kind.clone(),
            verbs: ["get", "patch", "update"].map(str::to_owned).to_vec(),
        })
        .collect()
}

impl Custom {
    /// What `version` of `definition` says.
    fn read(definition: &Value, version: &Value) -> Self {
        let mut versions = json::items(definition, "/spec/versions").iter();
        let kept = versions.find(|version| json::flag(version, "/storage"));
        Self {
            selectable: json::items(version, "/selectableFields")
                .iter()
                .map(|field| {
                    json::text(field, "/jsonPath")
                        .trim_start_matches('.')
                        .to_owned()
                })
                .collect(),
            columns: json::items(version, "/additionalPrinterColumns").to_vec(),
            kept_as: kept
                .map_or("", |version| json::text(version, "/name"))
                .to_owned(),
        }
    }
}
