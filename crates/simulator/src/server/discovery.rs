//! Discovery: what is served, aggregated and plain.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use super::{ResponseBody, accept::Accept, failure::Failure, json_response, response};
use crate::kinds::{Group, Resource, ResponseKind, Scope, Served, Subresource, Version};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// `/api`.
pub(super) fn core(
    served: &Served,
    request: &Request<Bytes>,
) -> Result<Response<ResponseBody>, Failure> {
    if Accept::of(request).wants_aggregated_discovery()? {
        return Ok(aggregated(&[&served.core], request));
    }
    let versions: Vec<&str> = served
        .core
        .versions
        .iter()
        .map(|version| version.version.as_str())
        .collect();
    let answer = json!({
        "kind": "APIVersions",
        "versions": versions,
        "serverAddressByClientCIDRs": [{ "clientCIDR": "0.0.0.0/0", "serverAddress": "10.96.0.1:443" }],
    });
    Ok(json_response(StatusCode::OK, answer.to_string()))
}

/// `/apis`.
pub(super) fn groups(
    served: &Served,
    request: &Request<Bytes>,
) -> Result<Response<ResponseBody>, Failure> {
    if Accept::of(request).wants_aggregated_discovery()? {
        return Ok(aggregated(
            &served.groups.iter().collect::<Vec<_>>(),
            request,
        ));
    }
    let groups: Vec<Value> = served.groups.iter().map(plain_group).collect();
    let answer = json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups });
    Ok(json_response(StatusCode::OK, answer.to_string()))
}

/// `/apis/GROUP`.
pub(super) fn group(served: &Served, name: &str) -> Result<Response<ResponseBody>, Failure> {
    let group = served.group(name).ok_or_else(Failure::no_page)?;
    let mut answer = plain_group(group);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("kind".to_owned(), "APIGroup".into());
        fields.insert("apiVersion".to_owned(), "v1".into());
    }
    Ok(json_response(StatusCode::OK, answer.to_string()))
}

/// `/api/v1` and `/apis/GROUP/VERSION`.
pub(super) fn version(
    served: &Served,
    group: &str,
    version: &str,
) -> Result<Response<ResponseBody>, Failure> {
    let known_group = served.group(group).ok_or_else(Failure::no_page)?;
    let found = known_group
        .versions
        .iter()
        .find(|known| known.version == version)
        .ok_or_else(|| no_resource(known_group))?;
    let mut answer = json!({
        "kind": "APIResourceList",
        "groupVersion": group_version(group, version),
        "resources": found
            .resources
            .iter()
            .flat_map(|resource| plain_resources(group, version, resource))
            .collect::<Vec<_>>(),
    });
    if !group.is_empty()
        && let Some(fields) = answer.as_object_mut()
    {
        fields.insert("apiVersion".to_owned(), "v1".into());
    }
    Ok(json_response(StatusCode::OK, answer.to_string()))
}

/// What is answered where `group` has no such version or resource: custom groups are no part of the
/// server that writes a `Status`.
pub(super) fn no_resource(group: &Group) -> Failure {
    if group.is_custom() {
        Failure::no_page()
    } else {
        Failure::no_such_path()
    }
}

/// The groups in full. Clients keep the answer and ask whether it is still that one.
fn aggregated(groups: &[&Group], request: &Request<Bytes>) -> Response<ResponseBody> {
    let items: Vec<Value> = groups
        .iter()
        .map(|group| {
            let metadata = match group.metadata.name.as_str() {
                "" => json!({}),
                name => json!({ "name": name }),
            };
            let versions: Vec<Value> = group.versions.iter().map(aggregated_version).collect();
            json!({ "metadata": metadata, "versions": versions })
        })
        .collect();
    let answer = json!({
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    });
    let text = answer.to_string();
    let tag = format!("\"{:X}\"", Sha512::digest(&text));
    let is_known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer = if is_known {
        let mut unchanged = response(StatusCode::NOT_MODIFIED, AGGREGATED, Bytes::new());
        unchanged.headers_mut().remove(header::CONTENT_TYPE);
        unchanged
    } else {
        response(StatusCode::OK, AGGREGATED, text)
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    answer
}

fn aggregated_version(version: &Version) -> Value {
    let resources: Vec<Value> = version.resources.iter().map(aggregated_resource).collect();
    json!({ "version": version.version, "resources": resources, "freshness": "Current" })
}

fn aggregated_resource(resource: &Resource) -> Value {
    let mut answer = Map::new();
    answer.insert("resource".to_owned(), resource.plural.as_str().into());
    answer.insert(
        "responseKind".to_owned(),
        response_kind(&resource.response_kind),
    );
    let scope = match resource.scope {
        Scope::Namespaced => "Namespaced",
        Scope::Cluster => "Cluster",
    };
    answer.insert("scope".to_owned(), scope.into());
    answer.insert(
        "singularResource".to_owned(),
        resource.singular.as_str().into(),
    );
    answer.insert("verbs".to_owned(), resource.verbs.clone().into());
    if !resource.short_names.is_empty() {
        answer.insert("shortNames".to_owned(), resource.short_names.clone().into());
    }
    if !resource.categories.is_empty() {
        answer.insert("categories".to_owned(), resource.categories.clone().into());
    }
    if !resource.subresources.is_empty() {
        let subresources: Vec<Value> = resource
            .subresources
            .iter()
            .map(aggregated_subresource)
            .collect();
        answer.insert("subresources".to_owned(), subresources.into());
    }
    answer.into()
}

fn aggregated_subresource(subresource: &Subresource) -> Value {
    json!({
        "subresource": subresource.name,
        "responseKind": response_kind(&subresource.response_kind),
        "verbs": subresource.verbs,
    })
}

fn response_kind(kind: &ResponseKind) -> Value {
    json!({ "group": kind.group, "version": kind.version, "kind": kind.kind })
}

fn plain_group(group: &Group) -> Value {
    let name = &group.metadata.name;
    let versions: Vec<Value> = group
        .versions
        .iter()
        .map(|version| {
            json!({
                "groupVersion": group_version(name, &version.version),
                "version": version.version,
            })
        })
        .collect();
    let preferred = versions.first().cloned().unwrap_or_default();
    json!({ "name": name, "versions": versions, "preferredVersion": preferred })
}

/// A resource and its subresources, as the plain list has them: one line each.
fn plain_resources(group: &str, version: &str, resource: &Resource) -> Vec<Value> {
    let is_namespaced = resource.scope == Scope::Namespaced;
    let mut line = json!({
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": is_namespaced,
        "kind": resource.response_kind.kind,
        "verbs": resource.verbs,
    });
    if let Some(fields) = line.as_object_mut() {
        if !resource.short_names.is_empty() {
            fields.insert("shortNames".to_owned(), resource.short_names.clone().into());
        }
        if !resource.categories.is_empty() {
            fields.insert("categories".to_owned(), resource.categories.clone().into());
        }
        if let Some(hash) = storage_version_hash(group, version, resource) {
            fields.insert("storageVersionHash".to_owned(), hash.into());
        }
    }
    let mut lines = vec![line];
    for subresource in &resource.subresources {
        let kind = &subresource.response_kind;
        let mut line = json!({
            "name": format!("{}/{}", resource.plural, subresource.name),
            "singularName": "",
            "namespaced": is_namespaced,
            "kind": kind.kind,
            "verbs": subresource.verbs,
        });
        // A kind of another group says so; `scale` is of `autoscaling`.
        if kind.group != resource.response_kind.group
            && let Some(fields) = line.as_object_mut()
        {
            fields.insert("group".to_owned(), kind.group.as_str().into());
            fields.insert("version".to_owned(), kind.version.as_str().into());
        }
        lines.push(line);
    }
    lines
}

/// A word for the version in which a resource is kept; none where nothing is kept
/// (`k8s.io/apiserver/pkg/endpoints/discovery`, `StorageVersionHash`).
fn storage_version_hash(group: &str, version: &str, resource: &Resource) -> Option<String> {
    let has = |verb: &str| resource.verbs.iter().any(|known| known == verb);
    if !has("create") || !has("list") {
        return None;
    }
    let kind = resource.response_kind.kind.as_str();
    let (group, version) = match (group, kind) {
        _ if resource.custom.is_some() => (group, resource.custom.as_ref()?.kept_as.as_str()),
        ("events.k8s.io", _) => ("", "v1"),
        ("autoscaling", _) => (group, "v2"),
        (
            "apiextensions.k8s.io" | "admissionregistration.k8s.io",
            "CustomResourceDefinition"
            | "MutatingAdmissionPolicy"
            | "MutatingAdmissionPolicyBinding",
        ) => (group, "v1beta1"),
        _ => (group, version),
    };
    let hash = Sha256::digest(format!("{group}/{version}/{kind}"));
    Some(STANDARD.encode(hash.get(..8)?))
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_owned()
    } else {
        format!("{group}/{version}")
    }
}
