//! One question to the API server, and what can come of it.

use std::{error::Error as StdError, time::Duration};

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use http::{
    Request, Response, StatusCode,
    header::{ACCEPT, RETRY_AFTER},
};
use http_body_util::BodyExt as _;
use kube::client::Body;
use tokio::time::timeout;

use crate::{
    credentials::CredentialFailure,
    diagnose,
    slim::{DecodeError, Encoding, envelope, meta::Status},
};

/// How long the server may think before the first byte of an answer. Its own limit for a request
/// that is no watch is 60 s.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_mins(1);

/// How long an answer that has begun may pause.
const PAUSE_LIMIT: Duration = Duration::from_secs(20);

/// What an error's body may hold before it is no explanation any more.
pub(crate) const EXPLANATION_LIMIT: usize = 64 * 1024;

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// 401, or there are no credentials to ask with.
    #[error("{0}")]
    Unauthorized(String),
    /// 403.
    #[error("{0}")]
    Forbidden(String),
    /// 404: no such path.
    #[error("{0}")]
    NotFound(String),
    /// 410: what was asked to go on from is too old.
    #[error("{0}")]
    Expired(String),
    /// 429.
    #[error("the API server asks for patience: {reason}")]
    Throttled {
        /// The server's words.
        reason: String,
        /// How long to wait, if it said so.
        patience: Option<Duration>,
    },
    /// Another 4xx: the server cannot, or does not, answer such a question.
    #[error("{0}")]
    Refused(String),
    /// 5xx: something behind the address cannot answer now.
    #[error("{0}")]
    Unavailable(String),
    /// No answer came, or it broke off.
    #[error("{0}")]
    Unreachable(String),
    /// The answer is not what its content type promises.
    #[error("{0}")]
    Unreadable(String),
}

/// What a failure begins with that came without a `Status`; the code follows. The API server writes one
/// for each of its own, so behind a proxy of its it was said by whoever answers there.
pub(crate) const WITHOUT_STATUS: &str = "the API server answered ";

impl Failure {
    /// What the server's own `Status` says.
    pub(crate) fn of_status(code: StatusCode, status: Status) -> Self {
        let message = if status.message.is_empty() {
            format!("{WITHOUT_STATUS}{code}")
        } else {
            status.message
        };
        match code {
            StatusCode::UNAUTHORIZED => Self::Unauthorized(message),
            StatusCode::FORBIDDEN => Self::Forbidden(message),
            StatusCode::NOT_FOUND => Self::NotFound(message),
            StatusCode::GONE => Self::Expired(message),
            StatusCode::TOO_MANY_REQUESTS => Self::Throttled {
                reason: message,
                patience: None,
            },
            code if code.is_client_error() => Self::Refused(message),
            _ => Self::Unavailable(message),
        }
    }

    pub(crate) fn of_request(error: &kube::Error) -> Self {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(credentials) = error.downcast_ref::<CredentialFailure>() {
                return Self::Unauthorized(credentials.to_string());
            }
            cause = error.source();
        }
        Self::Unreachable(diagnose::sentence(error))
    }

    pub(crate) fn silent(limit: Duration) -> Self {
        Self::Unreachable(format!(
            "the API server said nothing for {} s",
            limit.as_secs()
        ))
    }

    /// Whether the server itself is in doubt, and with it every other watch.
    pub(crate) fn casts_doubt(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Unavailable(_))
    }
}

impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Asks for `path_and_query`, and gives the answer once its head has come and is a success.
pub(crate) async fn open(
    client: &kube::Client,
    path_and_query: &str,
    accept: &str,
) -> Result<Response<Body>, Failure> {
    let request = Request::get(path_and_query)
        .header(ACCEPT, accept)
        .body(Body::empty())
        .map_err(|error| Failure::Refused(format!("{path_and_query} is no address: {error}")))?;
    let response = timeout(ANSWER_LIMIT, client.send(request))
        .await
        .map_err(|_| Failure::silent(ANSWER_LIMIT))?
        .map_err(|error| Failure::of_request(&error))?;
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(refusal(response).await)
    }
}

/// Asks for `path_and_query` and reads the whole answer. `heard` is told the size of each piece.
pub(crate) async fn read(
    client: &kube::Client,
    path_and_query: &str,
    accept: &str,
    mut heard: impl FnMut(usize),
) -> Result<(Encoding, Bytes), Failure> {
    let response = open(client, path_and_query, accept).await?;
    let encoding = Encoding::of(response.headers());
    let mut pieces = response.into_body().into_data_stream();
    let mut body = BytesMut::new();
    loop {
        match timeout(PAUSE_LIMIT, pieces.next()).await {
            Err(_) => return Err(Failure::silent(PAUSE_LIMIT)),
            Ok(None) => return Ok((encoding, body.freeze())),
            Ok(Some(Err(error))) => return Err(Failure::of_request(&error)),
            Ok(Some(Ok(piece))) => {
                heard(piece.len());
                body.extend_from_slice(&piece);
            }
        }
    }
}

/// Why an answer is no success, in the server's words where it has some.
async fn refusal(response: Response<Body>) -> Failure {
    let code = response.status();
    let patience = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let encoding = Encoding::of(response.headers());
    let limited = http_body_util::Limited::new(response.into_body(), EXPLANATION_LIMIT);
    let body = match timeout(PAUSE_LIMIT, limited.collect()).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        // The code says enough.
        Ok(Err(_)) | Err(_) => Bytes::new(),
    };
    match Failure::of_status(code, status(encoding, &body)) {
        Failure::Throttled { reason, .. } => Failure::Throttled { reason, patience },
        failure => failure,
    }
}

/// The `Status` in a body; an empty one where the body is something else, such as a proxy's page.
pub(crate) fn status(encoding: Encoding, body: &Bytes) -> Status {
    match encoding {
        Encoding::Protobuf => envelope::object(body).unwrap_or_default(),
        Encoding::Json => serde_json::from_slice(body).unwrap_or_default(),
    }
}
