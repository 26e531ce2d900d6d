//! From the world's failures to those that cross the wire, in one place.

use strata_api::error::{ApiError, ErrorCode};
use strata_ports::error::{PortError, PortErrorKind};

/// The failure of an adapter, as a shell hears it.
pub(crate) fn of_port(error: &PortError) -> ApiError {
    let code = match error.kind {
        PortErrorKind::Unauthorized => ErrorCode::Unauthorized,
        PortErrorKind::Forbidden => ErrorCode::Forbidden,
        PortErrorKind::NotFound => ErrorCode::NotFound,
        PortErrorKind::Conflict => ErrorCode::Conflict,
        PortErrorKind::Unavailable => ErrorCode::Unavailable,
        PortErrorKind::Timeout => ErrorCode::Timeout,
        PortErrorKind::InvalidInput => ErrorCode::InvalidInput,
        PortErrorKind::Unsupported => ErrorCode::Unsupported,
        PortErrorKind::Internal => ErrorCode::Internal,
    };
    ApiError {
        code,
        message: error.message.clone(),
        causes: error.causes(),
    }
}

/// The engine has stopped, or is about to.
pub(crate) fn closing() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "Strata is closing; start it again to go on",
    )
}

/// No context has the id `cluster`.
pub(crate) fn no_such_cluster(cluster: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!(
            "no kubeconfig file has the context `{cluster}` any more; \
             choose one of the contexts that are listed"
        ),
    )
}

/// `cluster` is known, and what was asked is of what it has now.
pub(crate) fn not_connected(cluster: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        format!(
            "`{cluster}` is not connected, so which GPUs it has is not known; \
             connect it first, then ask again"
        ),
    )
}

/// Logs are kept only while somebody looks at them.
pub(crate) fn logs_not_open() -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        "these logs are not open; open the logs of the job, then try again",
    )
}

/// Nothing that serves models is called so.
pub(crate) fn no_such_server(called: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!(
            "{called} is not there, or serves no model by OpenAI's interface; choose one of those \
             that are listed"
        ),
    )
}

/// What was tried is forgotten some time after it is over.
pub(crate) fn no_such_trial(trial: &str) -> ApiError {
    ApiError::new(
        ErrorCode::NotFound,
        format!("there is no trial {trial} any more"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_keeps_its_sentence_and_its_causes() {
        let cause = std::io::Error::other("disk full");
        let error = PortError::new(
            PortErrorKind::Internal,
            "could not write the setting `theme`",
        )
        .because(cause);
        let crossed = of_port(&error);
        assert_eq!(crossed.code, ErrorCode::Internal);
        assert_eq!(
            crossed.to_string(),
            "could not write the setting `theme`: disk full"
        );
    }
}
