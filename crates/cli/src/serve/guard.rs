//! Who may come in: the right name, the right origin, the token of this start.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Served;
use crate::loopback::names;

/// The subprotocol under which a page sends its token: `strata.token.TOKEN`.
const TOKEN_PREFIX: &str = "strata.token.";

/// Refuses a request that calls this server by another name: a page elsewhere that had its own
/// name point to loopback (DNS rebinding).
pub(crate) async fn check_host(
    State(served): State<Arc<Served>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| names(served.port).iter().any(|name| name == host)) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "Strata answers to its loopback address only.\n",
        )
            .into_response()
    }
}

/// Refuses a socket from another origin, or without the token; none where it may come in.
pub(crate) fn refuse_socket(served: &Served, headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = names(served.port).map(|name| format!("http://{name}"));
    if !text(header::ORIGIN).is_some_and(|origin| ours.iter().any(|ours| ours == origin)) {
        let reason = "Another origin may not come in.\n";
        return Some((StatusCode::FORBIDDEN, reason).into_response());
    }
    let offered = text(header::SEC_WEBSOCKET_PROTOCOL)
        .into_iter()
        .flat_map(|protocols| protocols.split(','))
        .find_map(|protocol| protocol.trim().strip_prefix(TOKEN_PREFIX));
    if offered.is_some_and(|offered| served.token.matches(offered)) {
        return None;
    }
    let reason = "The token is missing or of an earlier start; open the link that \
                  `strata serve` printed.\n";
    Some((StatusCode::UNAUTHORIZED, reason).into_response())
}
