//! Whether one may do something, and as whom: asked of the API server itself.

use http::Method;
use serde_json::{Value, json};
use strata_ports::{
    control::{Permission, Permit},
    error::{PortError, PortErrorKind},
};

use super::{
    refused::Refused,
    send::{Request, send},
};
use crate::objects::{self, line::Line};

const ACCESS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const SELF: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// Asks whether `permission` is given.
pub(super) async fn ask(line: &Line, permission: &Permission) -> Result<Permit, PortError> {
    let served = line.kind(&permission.object.kind)?;
    let namespace = if served.is_namespaced {
        permission.object.key.namespace.as_str()
    } else {
        ""
    };
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": {
            "verb": permission.verb,
            "group": served.kind.group.as_str(),
            "resource": served.resource,
            "subresource": permission.subresource,
            "namespace": namespace,
            "name": permission.object.key.name.as_str(),
        } },
    });
    let answer = send(
        line.client(),
        Request::of(Method::POST, ACCESS).with(&review),
    )
    .await;
    let answer = answer.map_err(|refused| unasked(refused, "whether this is permitted"))?;
    let status = |field: &str| answer.body.pointer(&format!("/status/{field}"));
    let group = &served.kind.group;
    let mut resource = served.resource.clone();
    if !group.is_empty() {
        resource = format!("{resource}.{group}");
    }
    if !permission.subresource.is_empty() {
        resource = format!("{resource}/{}", permission.subresource);
    }
    Ok(Permit {
        is_allowed: status("allowed").and_then(Value::as_bool) == Some(true),
        name: objects::permission(&permission.verb, &resource, namespace),
        reason: text(status("reason")),
    })
}

/// Asks as whom the server knows us. A server older than 1.28 has no such question.
pub(super) async fn user(line: &Line) -> Result<String, PortError> {
    let review = json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
    });
    match send(line.client(), Request::of(Method::POST, SELF).with(&review)).await {
        Ok(answer) => Ok(text(answer.body.pointer("/status/userInfo/username"))),
        Err(Refused::Said { .. }) => Ok(String::new()),
        Err(refused) => Err(unasked(refused, "who we are to it")),
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn unasked(refused: Refused, what: &str) -> PortError {
    let message = format!("the API server does not tell {what}");
    match refused {
        Refused::Unheard(failure) => {
            PortError::new(PortErrorKind::Unavailable, message).because(failure)
        }
        Refused::Said { code, status } => {
            let kind = match code {
                http::StatusCode::UNAUTHORIZED => PortErrorKind::Unauthorized,
                http::StatusCode::FORBIDDEN => PortErrorKind::Forbidden,
                _ => PortErrorKind::Unavailable,
            };
            PortError::new(kind, format!("{message}: {}", status.message))
        }
    }
}
