//! OpenAPI v3: the index of documents, those of the built-in kinds as a real server wrote them, and
//! one for each version of a group that definitions define.

use std::{collections::BTreeMap, sync::LazyLock};

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::{ResponseBody, failure::Failure, json_response};
use crate::{json, kinds, random, schema::documents, store::Store};

/// A small document that has the schemas of the metadata.
const WITH_METADATA: &str = "apis/coordination.k8s.io/v1";
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.";

static BUILT_IN: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    documents::paths()
        .filter_map(|path| Some((path, hash(documents::text(path)?))))
        .collect()
});

/// `/openapi/v3`: where the documents are, with a hash for each, by which clients keep them.
pub(super) fn index(store: &Store) -> Response<ResponseBody> {
    let mut paths = Map::new();
    let mut add = |path: &str, hash: &str| {
        let at = format!("/openapi/v3/{path}?hash={hash}");
        paths.insert(path.to_owned(), json!({ "serverRelativeURL": at }));
    };
    for (path, hash) in &*BUILT_IN {
        add(path, hash);
    }
    for (path, document) in of_definitions(store) {
        add(&path, &hash(&document.to_string()));
    }
    json_response(StatusCode::OK, json!({ "paths": paths }).to_string())
}

/// The document at `path` below `/openapi/v3/`.
pub(super) fn document(store: &Store, path: &str) -> Result<Response<ResponseBody>, Failure> {
    if let Some(text) = documents::text(path) {
        let bytes = Bytes::from_static(text.as_bytes());
        return Ok(json_response(StatusCode::OK, bytes));
    }
    let document = of_definitions(store)
        .remove(path)
        .ok_or_else(Failure::no_page)?;
    Ok(json_response(StatusCode::OK, document.to_string()))
}

fn hash(text: &str) -> String {
    format!("{:016X}", random::hash(text))
}

/// The documents of custom kinds, by path.
fn of_definitions(store: &Store) -> BTreeMap<String, Value> {
    let mut documents = BTreeMap::new();
    for stored in store.list(&kinds::definition(), "") {
        let definition = stored.value();
        let group = json::text(&definition, "/spec/group");
        for version in json::items(&definition, "/spec/versions") {
            if json::flag(version, "/served") {
                let path = format!("apis/{group}/{}", json::text(version, "/name"));
                let document = documents.entry(path).or_insert_with(empty);
                add(document, &definition, version);
            }
        }
    }
    documents
}

/// The schemas of the metadata that every object has.
static METADATA_SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let text = documents::text(WITH_METADATA).unwrap_or_default();
    let known: Value = serde_json::from_str(text).unwrap_or_default();
    let schemas = known
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flatten()
        .filter(|(name, _)| name.starts_with(METADATA))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect()
});

fn empty() -> Value {
    json!({
        "openapi": "3.0.0",
        "info": { "title": "Kubernetes CRD Swagger", "version": "v0.1.0" },
        "paths": {},
        "components": { "schemas": METADATA_SCHEMAS.clone() },
    })
}

/// Adds the kind that `version` of `definition` defines to `document`.
fn add(document: &mut Value, definition: &Value, version: &Value) {
    let group = json::text(definition, "/spec/group");
    let kind = json::text(definition, "/spec/names/kind");
    let version_name = json::text(version, "/name");
    let meaning = json!({ "group": group, "version": version_name, "kind": kind });
    let reversed: Vec<&str> = group.rsplit('.').collect();
    let name = format!("{}.{version_name}.{kind}", reversed.join("."));
    let plural = json::text(definition, "/spec/names/plural");
    let place = match json::text(definition, "/spec/scope") {
        "Namespaced" => format!("/apis/{group}/{version_name}/namespaces/{{namespace}}/{plural}"),
        _ => format!("/apis/{group}/{version_name}/{plural}"),
    };
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let parameters = ["dryRun", "fieldManager", "fieldValidation"].map(|name| {
        json!({ "name": name, "in": "query",
            "schema": { "type": "string", "uniqueItems": true } })
    });
    let operation = |action: &str| {
        let content = json!({ "application/json": { "schema": reference } });
        json!({
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": meaning,
            "parameters": parameters,
            "responses": { "200": { "description": "OK", "content": content } },
        })
    };
    let paths = json::object_at(document, "paths");
    paths.insert(
        format!("{place}/{{name}}"),
        json!({ "get": operation("get"), "put": operation("put"),
            "patch": operation("patch"), "delete": operation("delete") }),
    );
    paths.insert(
        place,
        json!({ "get": operation("list"), "post": operation("post") }),
    );
    let mut schema = version
        .pointer("/schema/openAPIV3Schema")
        .cloned()
        .unwrap_or_else(|| json!({ "type": "object" }));
    let fields = json::as_object(&mut schema);
    fields.insert(
        "x-kubernetes-group-version-kind".to_owned(),
        json!([meaning]),
    );
    let properties = fields.entry("properties").or_insert_with(|| json!({}));
    let properties = json::as_object(properties);
    for field in ["apiVersion", "kind"] {
        properties.insert(field.to_owned(), json!({ "type": "string" }));
    }
    let metadata = json!({ "$ref": format!("#/components/schemas/{METADATA}ObjectMeta") });
    properties.insert("metadata".to_owned(), json!({ "allOf": [metadata] }));
    let components = json::object_at(document, "components");
    let schemas = components.entry("schemas").or_insert_with(|| json!({}));
    json::as_object(schemas).insert(name, schema);
}
