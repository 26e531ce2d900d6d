//! The page of a program that has no interface of its own here.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

use super::response;
use crate::json;

/// Paths that programs answer for probes.
const HEALTH: [&str; 7] = [
    "/healthz",
    "/readyz",
    "/livez",
    "/health",
    "/ready",
    "/v2/health/ready",
    "/-/healthy",
];

pub(super) fn answer(pod: &Value, container: &Value, request: &Request<Bytes>) -> Response<Bytes> {
    if HEALTH.contains(&request.uri().path()) {
        return response(StatusCode::OK, "text/plain; charset=utf-8", "ok".to_owned());
    }
    if request.uri().path() != "/" {
        let text = "404 page not found\n".to_owned();
        return response(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text);
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let text = "Method Not Allowed\n".to_owned();
        return response(
            StatusCode::METHOD_NOT_ALLOWED,
            "text/plain; charset=utf-8",
            text,
        );
    }
    let name = json::text(container, "/name");
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>{name}</title></head>\n<body>\n\
         <h1>{name}</h1>\n<p>Pod {}/{} on node {}, image {}.</p>\n</body>\n</html>\n",
        json::text(pod, "/metadata/namespace"),
        json::text(pod, "/metadata/name"),
        json::text(pod, "/spec/nodeName"),
        escaped(json::text(container, "/image")),
    );
    response(StatusCode::OK, "text/html; charset=utf-8", body)
}

// Names follow Kubernetes's rules; an image is any text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
