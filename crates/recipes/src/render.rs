//! From values to manifests.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use strata_domain::ids::GroupKind;

use crate::{
    error::{Flaw, RecipeError},
    fault::{Fault, FieldFault},
    formula::Settings,
    recipe::Recipe,
    release,
    setting::Setting,
};

/// What somebody filled in.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Values by parameter.
    pub values: Map<String, Value>,
    /// Values as they were typed on a command line; they come before `values`.
    pub typed: BTreeMap<String, String>,
}

/// Where it is to be deployed.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The namespace.
    pub namespace: &'a str,
    /// Whether objects of a kind lie in no namespace.
    pub is_cluster_wide: &'a dyn Fn(&GroupKind) -> bool,
}

/// A recipe with values in it.
#[derive(Debug)]
pub struct Rendered {
    /// What became of each parameter, in the recipe's order.
    pub fields: Vec<Field>,
    /// What is wrong with the values. With any, nothing else is there.
    pub faults: Vec<FieldFault>,
    /// The name of the release.
    pub release: String,
    /// The objects, in the order in which they are applied.
    pub objects: Vec<Value>,
    /// How a client talks to what is served.
    pub endpoint: Option<Value>,
    /// What the model's memory is planned from.
    pub sizing: Option<Value>,
}

/// What became of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The parameter.
    pub parameter: String,
    /// Whether it applies, by the parameters before it.
    pub applies: bool,
    /// Its value, given or by default.
    pub setting: Option<Setting>,
    /// Whether it was given: a value, or that there is none.
    pub is_given: bool,
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Place")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Recipe {
    /// The manifests that `order` comes to. An error is a fault of the recipe; what is wrong with
    /// the values is told in the answer.
    pub fn render(&self, order: &Order, place: Place<'_>) -> Result<Rendered, RecipeError> {
        self.render_at(order, place)
            .map_err(|flaw| flaw.in_file(self.origin()))
    }

    /// The file that the recipe was read from, for people.
    fn origin(&self) -> &str {
        if self.file.is_empty() {
            &self.id
        } else {
            &self.file
        }
    }

    fn render_at(&self, order: &Order, place: Place<'_>) -> Result<Rendered, Flaw> {
        let (fields, faults) = self.read(order)?;
        let mut rendered = Rendered {
            fields,
            faults,
            release: String::new(),
            objects: Vec::new(),
            endpoint: None,
            sizing: None,
        };
        if !rendered.faults.is_empty() {
            return Ok(rendered);
        }
        let settings: Settings = rendered
            .fields
            .iter()
            .map(|field| {
                let setting = field.setting.clone().filter(|_| field.applies);
                (field.parameter.clone(), setting)
            })
            .collect();
        if let Some(Some(Setting::Text(name))) = settings.get("name") {
            rendered.release.clone_from(name);
        }
        rendered.objects = self.objects(&settings)?;
        for object in &mut rendered.objects {
            settle(object, place);
            release::mark(object, &rendered.release, &self.id);
        }
        let filled = |node: &Option<crate::template::Node>| {
            node.as_ref().map_or(Ok(None), |node| node.fill(&settings))
        };
        rendered.endpoint = filled(&self.endpoint)?;
        rendered.sizing = filled(&self.sizing)?;
        Ok(rendered)
    }

    /// What becomes of each parameter, and what is wrong.
    fn read(&self, order: &Order) -> Result<(Vec<Field>, Vec<FieldFault>), Flaw> {
        let given = order.values.keys().chain(order.typed.keys());
        let mut faults: Vec<FieldFault> = given
            .filter(|id| self.parameter(id).is_none())
            .map(|id| FieldFault::new(id.chars().take(80).collect::<String>(), Fault::Unknown))
            .collect();
        let mut settings = Settings::new();
        let mut fields = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            let applies = match &parameter.when {
                Some(when) => when.holds(&settings)?,
                None => true,
            };
            let value = match order.typed.get(&parameter.id) {
                Some(text) => Some(parameter.typed(text)),
                None => order.values.get(&parameter.id).cloned(),
            };
            let given = value
                .filter(|_| applies)
                .map(|value| parameter.read(&value));
            let is_faulty = matches!(given, Some(Err(_)));
            let (setting, is_given) = match given {
                Some(Ok(Some(setting))) => (Some(setting), true),
                // Nothing is a value where nothing is needed: it takes the default away.
                Some(Ok(None)) if !parameter.required => (None, true),
                Some(Err(fault)) => {
                    faults.push(FieldFault::new(&parameter.id, fault));
                    (None, true)
                }
                Some(Ok(None)) | None => (parameter.default.clone(), false),
            };
            if applies && parameter.required && setting.is_none() && !is_given {
                faults.push(FieldFault::new(&parameter.id, Fault::Required));
            }
            // Whether others apply is judged by the default where the value is no good.
            let judged = if is_faulty {
                &parameter.default
            } else {
                &setting
            };
            settings.insert(parameter.id.clone(), judged.clone().filter(|_| applies));
            fields.push(Field {
                parameter: parameter.id.clone(),
                applies,
                setting,
                is_given,
            });
        }
        Ok((fields, faults))
    }

    fn objects(&self, settings: &Settings) -> Result<Vec<Value>, Flaw> {
        let line = self.manifests_line;
        let Some(Value::Array(objects)) = self.manifests.fill(settings)? else {
            return Err(Flaw::new(line, "the manifests are no list"));
        };
        for object in &objects {
            let text = |pointer| object.pointer(pointer).and_then(Value::as_str);
            let is_whole = ["/apiVersion", "/kind", "/metadata/name"]
                .into_iter()
                .all(|pointer| text(pointer).is_some_and(|text| !text.is_empty()));
            if !is_whole {
                let message = "a manifest lacks its `apiVersion`, `kind` or `metadata.name`";
                return Err(Flaw::new(line, message));
            }
        }
        Ok(objects)
    }
}

/// Makes an object that somebody wrote one of the release `release` of the recipe `recipe`, in `place`.
pub fn take_in(object: &mut Value, place: Place<'_>, (release, recipe): (&str, &str)) {
    settle(object, place);
    release::mark(object, release, recipe);
}

/// Puts an object into the namespace, unless it says one or lies in none.
fn settle(object: &mut Value, place: Place<'_>) {
    let kind = kind_of(object);
    if place.namespace.is_empty() || (place.is_cluster_wide)(&kind) {
        return;
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata
            .entry("namespace")
            .or_insert_with(|| json!(place.namespace));
    }
}

/// The kind of an object.
pub fn kind_of(object: &Value) -> GroupKind {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let version = text("apiVersion");
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    GroupKind::new(group, text("kind"))
}

/// Kubernetes' own kinds that lie in no namespace, for where no server can be asked.
pub fn is_cluster_wide_by_itself(kind: &GroupKind) -> bool {
    matches!(
        (kind.group.as_str(), kind.kind.as_str()),
        ("", "Namespace" | "Node" | "PersistentVolume")
            | (
                "rbac.authorization.k8s.io",
                "ClusterRole" | "ClusterRoleBinding"
            )
            | ("storage.k8s.io", "StorageClass" | "CSIDriver" | "CSINode")
            | ("scheduling.k8s.io", "PriorityClass")
            | ("node.k8s.io", "RuntimeClass")
            | ("networking.k8s.io", "IngressClass")
            | ("resource.k8s.io", "DeviceClass")
            | ("apiextensions.k8s.io", "CustomResourceDefinition")
            | (
                "admissionregistration.k8s.io",
                "MutatingWebhookConfiguration"
                    | "ValidatingWebhookConfiguration"
                    | "ValidatingAdmissionPolicy"
                    | "ValidatingAdmissionPolicyBinding"
            )
    )
}

/// Objects as YAML, a document each.
pub fn yaml_of(objects: &[Value]) -> Result<String, serde_saphyr::SerializeError> {
    let mut text = String::new();
    for object in objects {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&serde_saphyr::to_string(object)?);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
