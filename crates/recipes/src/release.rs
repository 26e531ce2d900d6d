//! Releases: what Strata deployed, kept in the cluster itself, so that everybody's Strata sees it.
//!
//! Every object of a release carries the release's name as a label. Every revision is an immutable
//! ConfigMap beside them: the recipe, the values that were given, the manifests that they came to.
//! Values name Secrets and never hold one, and manifests of Secrets are not taken by any recipe.

use serde_json::{Map, Value, json};

/// The label by which a release's objects and revisions are found; its value is the release's name.
pub const RELEASE_LABEL: &str = "strata.dev/release";
/// The label of a revision's ConfigMap; its value is the number.
pub const REVISION_LABEL: &str = "strata.dev/revision";
/// The annotation that names the recipe.
pub const RECIPE_ANNOTATION: &str = "strata.dev/recipe";
/// The annotation of a revision whose manifests somebody edited.
const EDITED: &str = "strata.dev/edited";
/// The annotation that tells when a revision was applied.
const APPLIED_AT: &str = "strata.dev/applied-at";
/// The annotation that tells who applied it.
const APPLIED_BY: &str = "strata.dev/applied-by";
/// The label by which tools know whose an object is.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";

const VALUES: &str = "values.json";
const MANIFESTS: &str = "manifests.yaml";

/// A revision of a release.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// The release.
    pub release: String,
    /// The namespace in which it is kept.
    pub namespace: String,
    /// Its number, counted from 1.
    pub number: u32,
    /// The recipe's id.
    pub recipe: String,
    /// The values that were given.
    pub values: Map<String, Value>,
    /// The manifests that they came to, as YAML.
    pub manifests: String,
    /// Whether somebody edited them, so that the values no longer say all of them.
    pub is_edited: bool,
    /// When it was applied, in RFC 3339; empty where that is not told.
    pub applied_at: String,
    /// Who applied it; empty where that is not told.
    pub applied_by: String,
}

/// Marks an object as one of the release `release`, made by the recipe `recipe`.
pub fn mark(object: &mut Value, release: &str, recipe: &str) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let mut put = |field: &str, key: &str, value: &str| {
        let map = metadata.entry(field).or_insert_with(|| json!({}));
        if let Some(map) = map.as_object_mut() {
            map.insert(key.to_owned(), json!(value));
        }
    };
    put("labels", RELEASE_LABEL, release);
    put("labels", MANAGED_BY, "strata");
    put("annotations", RECIPE_ANNOTATION, recipe);
}

impl Revision {
    /// The ConfigMap in which it is kept.
    pub fn to_config_map(&self) -> Value {
        let mut object = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": config_map_name(&self.release, self.number),
                "namespace": self.namespace,
                "labels": {
                    MANAGED_BY: "strata",
                    RELEASE_LABEL: self.release,
                    REVISION_LABEL: self.number.to_string(),
                },
                "annotations": {
                    RECIPE_ANNOTATION: self.recipe,
                    APPLIED_AT: self.applied_at,
                    APPLIED_BY: self.applied_by,
                },
            },
            "immutable": true,
            "data": {
                VALUES: Value::Object(self.values.clone()).to_string(),
                MANIFESTS: self.manifests,
            },
        });
        if self.is_edited
            && let Some(Value::Object(notes)) = object.pointer_mut("/metadata/annotations")
        {
            notes.insert(EDITED.to_owned(), json!("true"));
        }
        object
    }

    /// The revision that a ConfigMap keeps; none where it keeps none, or not a whole one.
    pub fn of_config_map(object: &Value) -> Option<Self> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let label = |key| object.get("metadata")?.get("labels")?.get(key)?.as_str();
        let note = |key| {
            object
                .get("metadata")?
                .get("annotations")?
                .get(key)?
                .as_str()
        };
        let data = |key| object.get("data")?.get(key)?.as_str();
        Some(Self {
            release: label(RELEASE_LABEL)?.to_owned(),
            namespace: text("/metadata/namespace")?.to_owned(),
            number: label(REVISION_LABEL)?.parse().ok()?,
            recipe: note(RECIPE_ANNOTATION)?.to_owned(),
            values: serde_json::from_str(data(VALUES)?).ok()?,
            manifests: data(MANIFESTS)?.to_owned(),
            is_edited: note(EDITED) == Some("true"),
            applied_at: note(APPLIED_AT).unwrap_or_default().to_owned(),
            applied_by: note(APPLIED_BY).unwrap_or_default().to_owned(),
        })
    }

    /// The objects of its manifests.
    pub fn objects(&self) -> Vec<Value> {
        let documents = crate::located::documents(&self.manifests).unwrap_or_default();
        documents
            .into_iter()
            .map(|(_, document)| document)
            .collect()
    }
}

/// What the ConfigMap of a revision is called.
pub fn config_map_name(release: &str, number: u32) -> String {
    format!("strata-release.{release}.v{number}")
}

/// The label selector of a release's objects and revisions.
pub fn selector(release: &str) -> String {
    format!("{RELEASE_LABEL}={release}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision() -> Revision {
        Revision {
            release: "qwen".to_owned(),
            namespace: "team-a".to_owned(),
            number: 3,
            recipe: "vllm".to_owned(),
            values: Map::from_iter([("gpus".to_owned(), json!(2))]),
            manifests: "apiVersion: v1\nkind: Service\nmetadata: {name: qwen}\n".to_owned(),
            is_edited: false,
            applied_at: "2026-03-01T12:00:00Z".to_owned(),
            applied_by: "ada".to_owned(),
        }
    }

    #[test]
    fn a_revision_comes_back_from_its_config_map() {
        let kept = revision().to_config_map();
        assert_eq!(kept["metadata"]["name"], "strata-release.qwen.v3");
        assert_eq!(Revision::of_config_map(&kept), Some(revision()));
        assert_eq!(revision().objects().len(), 1);
        let edited = Revision {
            is_edited: true,
            ..revision()
        };
        assert_eq!(
            Revision::of_config_map(&edited.to_config_map()),
            Some(edited)
        );
    }

    #[test]
    fn other_config_maps_are_no_revisions() {
        let mut other = revision().to_config_map();
        other["metadata"]["labels"][REVISION_LABEL] = json!("three");
        assert_eq!(Revision::of_config_map(&other), None);
        assert_eq!(Revision::of_config_map(&json!({})), None);
    }

    #[test]
    fn marking_keeps_what_an_object_says_of_itself() {
        let mut object = json!({ "metadata": { "name": "a", "labels": { "app": "a" } } });
        mark(&mut object, "qwen", "vllm");
        assert_eq!(object["metadata"]["labels"]["app"], "a");
        assert_eq!(object["metadata"]["labels"][RELEASE_LABEL], "qwen");
        assert_eq!(object["metadata"]["annotations"][RECIPE_ANNOTATION], "vllm");
    }
}
