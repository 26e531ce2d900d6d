//! Reviews: questions about who somebody is and what they may do, asked by creating an object that
//! is kept nowhere.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    ResponseBody, Server,
    failure::{Cause, Failure},
    json_response,
    path::ResourcePath,
};
use crate::{
    clock, json,
    rbac::{Action, Decision, Rule, User},
};

const GROUPS: [&str; 2] = ["authorization.k8s.io", "authentication.k8s.io"];

/// The answer, if `path` is that of a review.
pub(super) fn answer(
    server: &Server,
    path: &ResourcePath,
    request: &Request<Bytes>,
) -> Result<Option<Response<ResponseBody>>, Failure> {
    if !GROUPS.contains(&&*path.group) || *request.method() != Method::POST {
        return Ok(None);
    }
    let mut review: Value = serde_json::from_slice(request.body()).map_err(|error| {
        Failure::bad_request(format!(
            "couldn't get version/kind; json parse error: {error}"
        ))
    })?;
    let (kind, status) = match path.plural.as_str() {
        "selfsubjectaccessreviews" => ("SelfSubjectAccessReview", own_access(server, &review)?),
        "subjectaccessreviews" => ("SubjectAccessReview", access(server, &review)?),
        "localsubjectaccessreviews" => {
            check_namespace(path, &review)?;
            ("LocalSubjectAccessReview", access(server, &review)?)
        }
        "selfsubjectrulesreviews" => ("SelfSubjectRulesReview", rules(server, &review)?),
        "selfsubjectreviews" => {
            let stamp = clock::stamp(server.clock.now());
            json::object_at(&mut review, "metadata")
                .insert("creationTimestamp".to_owned(), stamp.into());
            let access = server.access();
            let user = access.user();
            let who = json!({ "username": user.name, "groups": user.groups });
            ("SelfSubjectReview", json!({ "userInfo": who }))
        }
        _ => return Ok(None),
    };
    json::object_at(&mut review, "metadata");
    let fields = json::as_object(&mut review);
    fields.insert("kind".to_owned(), kind.into());
    fields.insert("apiVersion".to_owned(), path.api_version().into());
    fields.insert("status".to_owned(), status);
    Ok(Some(json_response(StatusCode::CREATED, review.to_string())))
}

/// May the one who asks?
fn own_access(server: &Server, review: &Value) -> Result<Value, Failure> {
    let action = action(review)?;
    Ok(written(&server.decide(&action)))
}

/// May the one that the review names?
fn access(server: &Server, review: &Value) -> Result<Value, Failure> {
    let action = action(review)?;
    let user = User {
        name: json::text(review, "/spec/user").to_owned(),
        groups: json::items(review, "/spec/groups")
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    };
    if user.name.is_empty() && user.groups.is_empty() {
        let why = "at least one of user or group must be specified";
        return Err(senseless(Cause::invalid("spec.user", "\"\"", why)));
    }
    let decision = if user.name == server.access().user().name {
        server.decide(&action)
    } else {
        server.rbac.get(&server.store).decide(&user, &action)
    };
    Ok(written(&decision))
}

fn written(decision: &Decision) -> Value {
    let mut status = json!({ "allowed": decision.is_allowed });
    if !decision.reason.is_empty() {
        json::as_object(&mut status).insert("reason".to_owned(), decision.reason.as_str().into());
    }
    status
}

/// What a review asks about.
fn action(review: &Value) -> Result<Action<'_>, Failure> {
    let at = |field: &str| review.pointer(&format!("/spec/{field}"));
    let at = |field: &str| at(field).filter(|value| !value.is_null());
    match (at("resourceAttributes"), at("nonResourceAttributes")) {
        (Some(on), None) => Ok(Action::Resource {
            verb: json::text(on, "/verb"),
            group: json::text(on, "/group"),
            resource: json::text(on, "/resource"),
            subresource: json::text(on, "/subresource"),
            namespace: json::text(on, "/namespace"),
            name: json::text(on, "/name"),
        }),
        (None, Some(on)) => Ok(Action::Path {
            verb: json::text(on, "/verb"),
            path: json::text(on, "/path"),
        }),
        (None, None) => Err(senseless(Cause::invalid(
            "spec.resourceAttributes",
            "null",
            "exactly one of nonResourceAttributes or resourceAttributes must be specified",
        ))),
        (Some(_), Some(path)) => {
            let value = format!(
                "{{\"Path\":{},\"Verb\":{}}}",
                json!(json::text(path, "/path")),
                json!(json::text(path, "/verb"))
            );
            Err(senseless(Cause::invalid(
                "spec.nonResourceAttributes",
                &value,
                "cannot be specified in combination with resourceAttributes",
            )))
        }
    }
}

/// A local review is about the namespace that it is asked in.
fn check_namespace(path: &ResourcePath, review: &Value) -> Result<(), Failure> {
    let namespace = json::text(review, "/spec/resourceAttributes/namespace");
    if namespace == path.namespace {
        return Ok(());
    }
    Err(senseless(Cause::invalid(
        "spec.resourceAttributes.namespace",
        &json!(namespace).to_string(),
        "must match metadata.namespace",
    )))
}

/// The real server forgets the kind in this message, so it is missing here too.
fn senseless(cause: Cause) -> Failure {
    Failure::invalid_because("authorization.k8s.io", "", "", &[cause])
}

/// Everything that the one who asks may do in a namespace.
fn rules(server: &Server, review: &Value) -> Result<Value, Failure> {
    let namespace = json::text(review, "/spec/namespace");
    if namespace.is_empty() {
        return Err(Failure::bad_request("no namespace on request"));
    }
    let access = server.access();
    let rbac = server.rbac.get(&server.store);
    let rules = rbac.rules(access.user(), namespace);
    let resources: Vec<Rule> = rules
        .iter()
        .filter(|rule| !rule.resources.is_empty())
        .map(|rule| Rule {
            paths: Vec::new(),
            ..(*rule).clone()
        })
        .collect();
    let paths: Vec<Rule> = rules
        .iter()
        .filter(|rule| !rule.paths.is_empty())
        .map(|rule| Rule {
            verbs: rule.verbs.clone(),
            paths: rule.paths.clone(),
            ..Rule::default()
        })
        .collect();
    Ok(json!({
        "resourceRules": resources,
        "nonResourceRules": paths,
        // Rules cannot say what a scenario forbids, only what is allowed.
        "incomplete": access.is_restricted(),
    }))
}
