//! Custom resource definitions as projects ship them.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Pairs;

/// The definitions of one project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    /// Its groups.
    pub(crate) groups: Vec<Group>,
    /// Labels of each definition.
    #[serde(default)]
    pub(crate) labels: Pairs,
    /// Annotations of each definition.
    #[serde(default)]
    pub(crate) annotations: Pairs,
}

/// The kinds of one group in the same versions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    #[serde(rename = "group")]
    name: String,
    /// The version that is stored first.
    versions: Vec<String>,
    #[serde(default)]
    namespaced: Vec<String>,
    #[serde(default)]
    cluster: Vec<String>,
}

/// Plural names that do not follow the rule.
const PLURALS: [(&str, &str); 4] = [
    ("EndpointGateway", "endpointgateways"),
    ("CiliumLoadBalancerIPPool", "ciliumloadbalancerippools"),
    ("IPAMBlock", "ipamblocks"),
    ("KVCache", "kvcaches"),
];

static PROJECTS: LazyLock<BTreeMap<String, Project>> = LazyLock::new(read);

#[expect(clippy::expect_used, reason = "an embedded file, which a test reads")]
fn read() -> BTreeMap<String, Project> {
    toml::from_str(include_str!(
        "../../../../assets/scenarios/definitions.toml"
    ))
    .expect("the embedded definitions.toml is valid")
}

/// The definitions of `project`, if it is known.
pub(crate) fn definitions_of(project: &str) -> Option<Vec<Value>> {
    let project = PROJECTS.get(project)?;
    let mut definitions = Vec::new();
    for group in &project.groups {
        for (kinds, scope) in [
            (&group.namespaced, "Namespaced"),
            (&group.cluster, "Cluster"),
        ] {
            definitions.extend(
                kinds
                    .iter()
                    .map(|kind| definition(project, group, kind, scope)),
            );
        }
    }
    Some(definitions)
}

fn definition(project: &Project, group: &Group, kind: &str, scope: &str) -> Value {
    let plural = plural(kind);
    let singular = kind.to_lowercase();
    let versions: Vec<Value> = group
        .versions
        .iter()
        .enumerate()
        .map(|(at, version)| {
            json!({
                "name": version,
                "served": true,
                "storage": at == 0,
                "subresources": { "status": {} },
                "schema": { "openAPIV3Schema": {
                    "type": "object",
                    "x-kubernetes-preserve-unknown-fields": true,
                } },
            })
        })
        .collect();
    let names = json!({ "plural": plural, "singular": singular, "kind": kind, "listKind": format!("{kind}List") });
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), format!("{plural}.{}", group.name).into());
    for (field, pairs) in [
        ("labels", &project.labels),
        ("annotations", &project.annotations),
    ] {
        if !pairs.is_empty() {
            metadata.insert(field.to_owned(), json!(pairs));
        }
    }
    json!({
        "metadata": metadata,
        "spec": {
            "group": group.name,
            "names": names,
            "scope": scope,
            "versions": versions,
            "conversion": { "strategy": "None" },
        },
        "status": {
            "acceptedNames": names,
            "conditions": [
                { "type": "NamesAccepted", "status": "True", "reason": "NoConflicts",
                  "message": "no conflicts found" },
                { "type": "Established", "status": "True", "reason": "InitialNamesAccepted",
                  "message": "the initial names have been accepted" },
            ],
            "storedVersions": group.versions.iter().take(1).collect::<Vec<_>>(),
        },
    })
}

/// The plural as code generators make it.
fn plural(kind: &str) -> String {
    if let Some((_, plural)) = PLURALS.iter().find(|(known, _)| *known == kind) {
        return (*plural).to_owned();
    }
    let singular = kind.to_lowercase();
    let is_vowel = |letter: Option<char>| letter.is_some_and(|letter| "aeiou".contains(letter));
    if let Some(stem) = singular.strip_suffix('y')
        && !is_vowel(stem.chars().next_back())
    {
        return format!("{stem}ies");
    }
    if ["s", "x", "ch", "sh"]
        .iter()
        .any(|end| singular.ends_with(end))
    {
        return format!("{singular}es");
    }
    format!("{singular}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_those_of_the_projects() {
        for (kind, expected) in [
            ("ClusterPolicy", "clusterpolicies"),
            ("InferenceService", "inferenceservices"),
            ("Gateway", "gateways"),
            ("Prometheus", "prometheuses"),
            ("Topology", "topologies"),
            ("PodClique", "podcliques"),
        ] {
            assert_eq!(plural(kind), expected);
        }
    }

    #[test]
    fn a_project_brings_its_definitions() {
        let names: Vec<String> = definitions_of("kueue")
            .unwrap()
            .iter()
            .map(|definition| definition["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        assert!(names.contains(&"clusterqueues.kueue.x-k8s.io".to_owned()));
    }
}
