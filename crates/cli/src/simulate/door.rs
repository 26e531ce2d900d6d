//! From a connection to the demo cluster: who may come in, and what goes through.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Response, StatusCode, header},
};
use serde_json::{Value, json};
use strata_app::Simulation;

use crate::loopback::{Token, names};

/// The largest body that an API server takes.
const LARGEST_BODY: usize = 3 * 1024 * 1024;

/// What a request is answered from.
pub(super) struct Door {
    pub(super) simulation: Simulation,
    pub(super) token: Token,
    pub(super) port: u16,
}

pub(super) fn router(door: Door) -> Router {
    Router::new().fallback(pass).with_state(Arc::new(door))
}

async fn pass(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    if let Some(refused) = door.refuse(request.headers()) {
        return refused;
    }
    // The extensions go along: among them is what an upgrade needs of the connection.
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return status(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            &format!("Request entity too large: limit is {LARGEST_BODY}"),
        );
    };
    match door
        .simulation
        .answer(Request::from_parts(parts, body))
        .await
    {
        Ok(response) => response.map(Body::new),
        Err(error) => status(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            &format!("{error:#}"),
        ),
    }
}

impl Door {
    fn refuse(&self, headers: &HeaderMap) -> Option<Response<Body>> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_ours = |host: &str| names(self.port).iter().any(|name| name == host);
        // A page that had its own name point to loopback would be here under that name.
        if !text(header::HOST).is_some_and(is_ours) {
            return Some(status(
                StatusCode::FORBIDDEN,
                "Forbidden",
                "the demo cluster answers to its loopback address only",
            ));
        }
        let offered = text(header::AUTHORIZATION)
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        if offered.is_some_and(|offered| self.token.matches(offered)) {
            return None;
        }
        Some(status(
            StatusCode::UNAUTHORIZED,
            "Unauthorized",
            "Unauthorized",
        ))
    }
}

fn status(code: StatusCode, reason: &str, message: &str) -> Response<Body> {
    let status: Value = json!({
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code.as_u16(),
    });
    let mut response = Response::new(Body::from(status.to_string()));
    *response.status_mut() = code;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    response
}
