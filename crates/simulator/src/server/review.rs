//! Reviews: questions about the user that are asked by creating an object.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{ResponseBody, Server, failure::Failure, json_response, path::ResourcePath};
use crate::json;

/// The answer, if `path` is that of a review.
pub(super) fn answer(
    server: &Server,
    path: &ResourcePath,
    request: &Request<Bytes>,
) -> Result<Option<Response<ResponseBody>>, Failure> {
    let is_review = ["authorization.k8s.io", "authentication.k8s.io"].contains(&&*path.group);
    if !is_review || *request.method() != Method::POST {
        return Ok(None);
    }
    let mut review: Value = serde_json::from_slice(request.body())
        .map_err(|error| Failure::bad_request(format!("the body is not JSON: {error}")))?;
    let access = server.access();
    let status = match path.plural.as_str() {
        "selfsubjectaccessreviews" => {
            let allowed = match review.pointer("/spec/resourceAttributes") {
                Some(attributes) => {
                    access.allows(json::text(attributes, "/verb"), &named(attributes))
                }
                None => true,
            };
            json!({ "allowed": allowed })
        }
        "selfsubjectrulesreviews" => json!({
            "resourceRules": [{ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] }],
            "nonResourceRules": [{ "verbs": ["*"], "nonResourceURLs": ["*"] }],
            // The rules cannot say what is forbidden, only what is allowed.
            "incomplete": true,
        }),
        "selfsubjectreviews" => json!({
            "userInfo": { "username": access.user(), "groups": ["system:authenticated"] },
        }),
        _ => return Ok(None),
    };
    json::as_object(&mut review).insert("status".to_owned(), status);
    json::object_at(&mut review, "metadata");
    Ok(Some(json_response(StatusCode::CREATED, review.to_string())))
}

fn named(attributes: &Value) -> String {
    let resource = json::text(attributes, "/resource");
    match json::text(attributes, "/group") {
        "" => resource.to_owned(),
        group => format!("{resource}.{group}"),
    }
}
