//! Fields in the schemas of an API version, as its OpenAPI v3 document has them: pure.

use serde_json::{Map, Value};
use strata_api::schema::{DescribedField, SchemaField};

const REFERENCE: &str = "#/components/schemas/";
const KINDS: &str = "x-kubernetes-group-version-kind";
/// References lead on to references, and no real ones so far.
const DEEPEST: usize = 16;

/// Which kind.
#[derive(Clone, Copy)]
pub(crate) struct Meant<'a> {
    pub(crate) group: &'a str,
    pub(crate) version: &'a str,
    pub(crate) kind: &'a str,
}

/// The field at `path` of `meant`; none where the kind has no such field, or there is no such kind.
pub(crate) fn describe(
    schemas: &Map<String, Value>,
    meant: Meant<'_>,
    path: &[String],
) -> Option<DescribedField> {
    let mut schema = schemas.values().find(|schema| is_of(schema, meant))?;
    let mut about = SchemaField {
        type_name: type_name(schemas, schema),
        description: description(schemas, schema),
        ..SchemaField::default()
    };
    for name in path {
        let holder = entry(schemas, schema);
        schema = child(holder, name)?;
        about = told(schemas, name, schema, is_required(holder, name));
    }
    let holder = entry(schemas, schema);
    let fields = holder.get("properties").and_then(Value::as_object);
    let mut fields: Vec<SchemaField> = fields
        .into_iter()
        .flatten()
        .map(|(name, field)| told(schemas, name, field, is_required(holder, name)))
        .collect();
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    let values = holder.get("enum").and_then(Value::as_array);
    Some(DescribedField {
        is_known: true,
        about,
        values: values
            .into_iter()
            .flatten()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect(),
        fields,
    })
}

fn is_of(schema: &Value, meant: Meant<'_>) -> bool {
    let kinds = schema.get(KINDS).and_then(Value::as_array);
    kinds.into_iter().flatten().any(|kind| {
        let says = |key: &str, wanted: &str| kind.get(key).and_then(Value::as_str) == Some(wanted);
        says("group", meant.group) && says("version", meant.version) && says("kind", meant.kind)
    })
}

/// What a schema refers to, itself where it refers to nothing.
fn resolved<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        let through = schema.pointer("/allOf/0").unwrap_or(schema);
        let named = through.get("$ref").and_then(Value::as_str);
        let Some(next) = named
            .and_then(|named| named.strip_prefix(REFERENCE))
            .and_then(|name| schemas.get(name))
        else {
            break;
        };
        schema = next;
    }
    schema
}

/// What a schema refers to; of a list, what its entries are.
fn entry<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut schema = resolved(schemas, schema);
    while let Some(items) = schema.get("items") {
        schema = resolved(schemas, items);
    }
    schema
}

fn child<'a>(holder: &'a Value, name: &str) -> Option<&'a Value> {
    let named = holder.get("properties").and_then(|fields| fields.get(name));
    named.or_else(|| {
        holder
            .get("additionalProperties")
            .filter(|schema| schema.is_object())
    })
}

fn is_required(holder: &Value, name: &str) -> bool {
    let required = holder.get("required").and_then(Value::as_array);
    required
        .into_iter()
        .flatten()
        .any(|field| field.as_str() == Some(name))
}

fn told(
    schemas: &Map<String, Value>,
    name: &str,
    schema: &Value,
    is_required: bool,
) -> SchemaField {
    SchemaField {
        name: name.to_owned(),
        type_name: type_name(schemas, schema),
        description: description(schemas, schema),
        is_required,
    }
}

/// A field's own words, else those of what it refers to.
fn description(schemas: &Map<String, Value>, schema: &Value) -> String {
    let own = schema.get("description").and_then(Value::as_str);
    let said = own.or_else(|| resolved(schemas, schema).get("description")?.as_str());
    said.unwrap_or_default().to_owned()
}

fn type_name(schemas: &Map<String, Value>, schema: &Value) -> String {
    let schema = resolved(schemas, schema);
    if schema.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true))
        || schema.get("format").and_then(Value::as_str) == Some("int-or-string")
    {
        return "integer or string".to_owned();
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", named_or_any(type_name(schemas, items)));
    }
    if let Some(values) = schema
        .get("additionalProperties")
        .filter(|values| values.is_object())
    {
        return format!("map of {}", named_or_any(type_name(schemas, values)));
    }
    let named = schema.get("type").and_then(Value::as_str);
    named.unwrap_or_default().to_owned()
}

fn named_or_any(name: String) -> String {
    if name.is_empty() {
        "any".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DEPLOYMENT: Meant<'_> = Meant {
        group: "apps",
        version: "v1",
        kind: "Deployment",
    };

    fn schemas() -> Map<String, Value> {
        let schemas = json!({
            "Deployment": {
                "type": "object",
                "description": "Keeps pods.",
                "x-kubernetes-group-version-kind":
                    [{ "group": "apps", "version": "v1", "kind": "Deployment" }],
                "properties": {
                    "spec": { "allOf": [{ "$ref": "#/components/schemas/Spec" }], "default": {} },
                },
            },
            "Spec": {
                "type": "object",
                "description": "What is wanted.",
                "required": ["containers"],
                "properties": {
                    "replicas": { "type": "integer", "description": "How many." },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    "containers": {
                        "type": "array",
                        "items": { "allOf": [{ "$ref": "#/components/schemas/Container" }] },
                    },
                },
            },
            "Container": {
                "type": "object",
                "description": "A program.",
                "properties": {
                    "image": { "type": "string" },
                    "imagePullPolicy": { "type": "string", "enum": ["Always", "Never"] },
                    "port": { "x-kubernetes-int-or-string": true },
                },
            },
        });
        schemas.as_object().cloned().unwrap_or_default()
    }

    fn at(path: &[&str]) -> Option<DescribedField> {
        let path: Vec<String> = path.iter().map(|&name| name.to_owned()).collect();
        describe(&schemas(), DEPLOYMENT, &path)
    }

    #[test]
    fn references_are_followed_and_required_fields_are_told() {
        let spec = at(&["spec"]).unwrap();
        assert_eq!(spec.about.type_name, "object");
        assert_eq!(spec.about.description, "What is wanted.");
        let told: Vec<(&str, &str, bool)> = spec
            .fields
            .iter()
            .map(|field| (&*field.name, &*field.type_name, field.is_required))
            .collect();
        assert_eq!(
            told,
            [
                ("containers", "list of object", true),
                ("labels", "map of string", false),
                ("replicas", "integer", false),
            ]
        );
    }

    #[test]
    fn an_entry_of_a_list_has_no_name_of_its_own() {
        let container = at(&["spec", "containers"]).unwrap();
        let names: Vec<&str> = container.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names, ["image", "imagePullPolicy", "port"]);
        let policy = at(&["spec", "containers", "imagePullPolicy"]).unwrap();
        assert_eq!(policy.values, ["Always", "Never"]);
        let port = at(&["spec", "containers", "port"]).unwrap();
        assert_eq!(port.about.type_name, "integer or string");
    }

    #[test]
    fn a_map_takes_any_name_and_a_kind_none_that_it_does_not_have() {
        assert_eq!(
            at(&["spec", "labels", "app"]).unwrap().about.type_name,
            "string"
        );
        assert_eq!(at(&["spec", "replica"]), None);
        let other = Meant {
            kind: "Deploy",
            ..DEPLOYMENT
        };
        assert_eq!(describe(&schemas(), other, &[]), None);
    }
}
