//! Refusals of versions that are gone, or not there yet.

use http::StatusCode;
use serde_json::json;

use super::Failure;

impl Failure {
    /// The history does not reach back to the version of a list.
    pub(in crate::server) fn list_expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "Expired",
            "The resourceVersion for the provided list is too old.",
        )
    }

    /// The history does not reach back to the version of a watch.
    pub(in crate::server) fn expired(asked: u64, oldest: u64) -> Self {
        Self::new(
            StatusCode::GONE,
            "Expired",
            format!("too old resource version: {asked} ({oldest})"),
        )
    }

    /// The history does not reach back to the version of a page; `token` leads to the rest of the
    /// list as it is now.
    pub(in crate::server) fn page_expired(token: &str) -> Self {
        let mut failure = Self::new(
            StatusCode::GONE,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You \
             can start a new list without the continue parameter, or use the continue token in \
             this response to retrieve the remainder of the results. Continuing with the provided \
             token results in an inconsistent list - objects that were created, modified, or \
             deleted between the time the first chunk was returned and now may show up in the \
             list.",
        );
        failure.metadata = json!({ "continue": token });
        failure
    }

    /// A version from the future.
    pub(in crate::server) fn too_large_version(asked: u64, current: u64) -> Self {
        let message = format!("Too large resource version: {asked}, current: {current}");
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "Timeout",
            format!("Timeout: {message}"),
        )
        .with_details(json!({
            "causes": [{ "reason": "ResourceVersionTooLarge", "message": "Too large resource version" }],
            "retryAfterSeconds": 1,
        }))
    }
}
