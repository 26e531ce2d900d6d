//! The way to a Prometheus at an address of its own: TLS, what it is shown, and what its refusals mean.
//!
//! Everything is made anew for each question, which is asked a few times a minute at most: so a token
//! or a certificate that was exchanged is noticed, and no secret is held between two questions.

use std::{
    error::Error as _,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use strata_ports::{
    error::{PortError, PortErrorKind},
    prometheus::{Credentials, PrometheusAddress, SecretPlace},
};

use super::answer;

/// More than this is no answer to a question of ours.
const MOST_BYTES: usize = 256 << 20;

/// A secret is not longer than this.
const LONGEST_SECRET: u64 = 64 << 10;

/// What `address` answers to a `GET` of `path` below it.
pub(crate) async fn get(
    address: &PrometheusAddress,
    path: &str,
    within: Duration,
) -> Result<Vec<u8>, PortError> {
    let asked = tokio::time::timeout(within, ask(address, path));
    asked.await.unwrap_or_else(|_| {
        Err(PortError::new(
            PortErrorKind::Timeout,
            format!(
                "Prometheus at {} did not answer within {} s",
                address.url,
                within.as_secs()
            ),
        ))
    })
}

async fn ask(address: &PrometheusAddress, path: &str) -> Result<Vec<u8>, PortError> {
    let url = below(&address.url, path)?;
    let client = client(address).await?;
    let request = show(client.get(url), &address.credentials).await?;
    let answer = request
        .send()
        .await
        .map_err(|error| unreached(address, error))?;
    let status = answer.status();
    if status.is_success() {
        return body(address, answer).await;
    }
    Err(refused(address, answer).await)
}

/// `path` below `address`, which may itself have one.
fn below(address: &str, path: &str) -> Result<Url, PortError> {
    let unusable = |why: &str| {
        PortError::new(
            PortErrorKind::InvalidInput,
            format!("the address of Prometheus {why}; it is like https://prometheus.example:9090"),
        )
    };
    let url: Url = address
        .parse()
        .map_err(|_| unusable("cannot be read as a URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(unusable(
            "does not begin with http:// or https:// and a name",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable(
            "has a name or a password in it, which are kept in a file or a variable instead",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(unusable("has a question in it"));
    }
    format!("{}{path}", url.as_str().trim_end_matches('/'))
        .parse()
        .map_err(|_| unusable("cannot be read as a URL"))
}

async fn client(address: &PrometheusAddress) -> Result<Client, PortError> {
    // A page for signing in is no answer, and what is shown here is for this address alone.
    let mut builder = Client::builder().redirect(redirect::Policy::none());
    if let Some(file) = &address.authority {
        builder = builder.tls_certs_only(certificates(file).await?);
    }
    builder.build().map_err(|error| {
        PortError::new(
            PortErrorKind::Internal,
            "no connection to Prometheus can be set up",
        )
        .because(error)
    })
}

async fn certificates(file: &Path) -> Result<Vec<Certificate>, PortError> {
    let unusable = |why: String| {
        PortError::new(
            PortErrorKind::InvalidInput,
            format!(
                "the certificates for Prometheus in {} {why}",
                file.display()
            ),
        )
    };
    let pem = tokio::fs::read(&at_home(file))
        .await
        .map_err(|error| unusable(format!("cannot be read: {error}")))?;
    let found = Certificate::from_pem_bundle(&pem)
        .map_err(|error| unusable(format!("are not in PEM: {error}")))?;
    if found.is_empty() {
        return Err(unusable("are none: the file has no certificate".to_owned()));
    }
    Ok(found)
}

/// Adds what Prometheus is to be shown. The client marks it as not to be logged.
async fn show(
    request: RequestBuilder,
    credentials: &Credentials,
) -> Result<RequestBuilder, PortError> {
    Ok(match credentials {
        Credentials::Nothing => request,
        Credentials::Bearer(place) => {
            request.bearer_auth(secret("token", place).await?.expose_secret())
        }
        Credentials::Basic { user, password } => {
            let password = secret("password", password).await?;
            request.basic_auth(user, Some(password.expose_secret()))
        }
    })
}

/// `file`, a leading `~` read as the home folder.
fn at_home(file: &Path) -> PathBuf {
    let within = file.strip_prefix("~").ok();
    within
        .and_then(|rest| Some(std::env::home_dir()?.join(rest)))
        .unwrap_or_else(|| file.to_owned())
}

/// The secret that lies at `place`; `what` names it where it cannot be read.
async fn secret(what: &str, place: &SecretPlace) -> Result<SecretString, PortError> {
    let missing = |why: String| PortError::new(PortErrorKind::Unauthorized, why);
    let (text, shown) = match place {
        SecretPlace::File(file) => {
            let shown = format!("the file {}", file.display());
            let read = async {
                let file = at_home(file);
                let length = tokio::fs::metadata(&file).await?.len();
                if length > LONGEST_SECRET {
                    return Err(std::io::Error::other("it is too long to be one"));
                }
                tokio::fs::read_to_string(file).await
            };
            let text = read.await.map_err(|error| {
                missing(format!(
                    "the {what} for Prometheus cannot be read from {shown}: {error}"
                ))
            })?;
            (text, shown)
        }
        SecretPlace::Environment(name) => {
            let shown = format!("the variable {name}");
            let text = std::env::var(name).map_err(|_| {
                missing(format!(
                    "the {what} for Prometheus is in {shown}, which Strata was not started with"
                ))
            })?;
            (text, shown)
        }
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(missing(format!(
            "the {what} for Prometheus is missing: {shown} is empty"
        )));
    }
    Ok(SecretString::from(text))
}

async fn body(address: &PrometheusAddress, mut answer: Response) -> Result<Vec<u8>, PortError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| unreached(address, error))?
    {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(PortError::new(
                PortErrorKind::Unsupported,
                format!(
                    "Prometheus at {} answers with more than {} MiB",
                    address.url,
                    MOST_BYTES >> 20
                ),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer that is no success means.
async fn refused(address: &PrometheusAddress, answer: Response) -> PortError {
    let at = &address.url;
    let status = answer.status();
    let number = status.as_u16();
    let (kind, message) = match status {
        StatusCode::UNAUTHORIZED if address.credentials == Credentials::Nothing => (
            PortErrorKind::Unauthorized,
            format!("Prometheus at {at} asks for credentials (401); give it a token or a password"),
        ),
        StatusCode::UNAUTHORIZED => (
            PortErrorKind::Unauthorized,
            format!("Prometheus at {at} does not accept the credentials (401)"),
        ),
        StatusCode::FORBIDDEN => (
            PortErrorKind::Forbidden,
            format!("whoever these credentials name may not ask Prometheus at {at} (403)"),
        ),
        StatusCode::NOT_FOUND => (
            PortErrorKind::NotFound,
            format!("there is no API of Prometheus at {at} (404); it may lie below a path there"),
        ),
        _ if status.is_redirection() => (
            PortErrorKind::InvalidInput,
            format!(
                "{at} leads elsewhere ({number}), as a page for signing in does; give the address \
                 at which the API itself answers"
            ),
        ),
        _ if status.is_server_error() => {
            let why = complaint(address, answer).await;
            (
                PortErrorKind::Unavailable,
                format!("Prometheus at {at} cannot answer now ({number}){why}"),
            )
        }
        _ => {
            let why = complaint(address, answer).await;
            (
                PortErrorKind::Unsupported,
                format!("Prometheus at {at} does not answer the question ({number}){why}"),
            )
        }
    };
    PortError::new(kind, message)
}

/// What Prometheus complains of in an answer that is no success, as the end of a sentence; empty where it
/// says nothing. A query that takes too long or loads too much is told so.
async fn complaint(address: &PrometheusAddress, answer: Response) -> String {
    let said = body(address, answer).await.unwrap_or_default();
    let said = answer::complaint(&said);
    if said.is_empty() {
        return String::new();
    }
    format!(": {said}")
}

/// Why nothing came, in the innermost cause's words: the outer ones say no more than that.
fn unreached(address: &PrometheusAddress, error: reqwest::Error) -> PortError {
    let kind = if error.is_timeout() {
        PortErrorKind::Timeout
    } else {
        PortErrorKind::Unavailable
    };
    // The client's own words repeat the address, which may be long.
    let error = error.without_url();
    let mut innermost = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        innermost = cause.to_string();
        next = cause.source();
    }
    PortError::new(
        kind,
        format!(
            "Prometheus at {} cannot be reached: {innermost}",
            address.url
        ),
    )
    .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_api_stands_below_the_path_of_the_address() {
        let url = |address| below(address, "/api/v1/query?query=up").map(String::from);
        assert_eq!(
            url("https://metrics.example/team/").unwrap(),
            "https://metrics.example/team/api/v1/query?query=up"
        );
        assert_eq!(
            url("http://[::1]:9090").unwrap(),
            "http://[::1]:9090/api/v1/query?query=up"
        );
    }

    #[test]
    fn an_address_with_a_password_in_it_is_not_taken_and_not_repeated() {
        for address in [
            "https://me:hidden@metrics.example",
            "ftp://metrics.example",
            "metrics.example",
            "https://metrics.example/?token=hidden",
        ] {
            let error = below(address, "/api/v1/query").unwrap_err();
            assert_eq!(error.kind, PortErrorKind::InvalidInput, "{address}");
            assert!(!error.message.contains("hidden"), "{}", error.message);
        }
    }

    #[tokio::test]
    async fn a_secret_is_read_where_it_lies_without_what_is_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        tokio::fs::write(&file, "  s3cret\n").await.unwrap();
        let place = SecretPlace::File(file.clone());
        let read = secret("token", &place).await.unwrap();
        assert_eq!(read.expose_secret(), "s3cret");
        tokio::fs::write(&file, "\n").await.unwrap();
        let error = secret("token", &place).await.unwrap_err();
        assert!(error.message.ends_with("is empty"), "{}", error.message);
        let gone = SecretPlace::Environment("STRATA_TEST_NO_SUCH_VARIABLE".to_owned());
        let error = secret("password", &gone).await.unwrap_err();
        assert_eq!(error.kind, PortErrorKind::Unauthorized);
    }
}
