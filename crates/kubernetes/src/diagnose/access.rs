//! The steps that are questions to the API server: who am I, what may I, which version are you.

use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Complaint;
use crate::{
    connect::{client::Prepared, target::Target},
    credentials::Authorizer,
};

/// How long the server may think about a question, TLS and all included.
const ANSWER_LIMIT: std::time::Duration = std::time::Duration::from_secs(20);

/// A longer answer is none to these questions.
const LONGEST_ANSWER_BYTES: usize = 1024 * 1024;

/// How the server answered.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    /// It told.
    Given(T),
    /// It does not know who asks (401).
    Unauthorized(String),
    /// It knows, and does not tell (403).
    Forbidden(String),
    /// It said something else.
    Odd(Complaint),
}

impl<T> Answer<T> {
    fn and_then<U>(self, next: impl FnOnce(T) -> Answer<U>) -> Answer<U> {
        match self {
            Self::Given(value) => next(value),
            Self::Unauthorized(reason) => Answer::Unauthorized(reason),
            Self::Forbidden(reason) => Answer::Forbidden(reason),
            Self::Odd(complaint) => Answer::Odd(complaint),
        }
    }
}

/// The server's `gitVersion`.
pub(crate) async fn version(prepared: &Prepared) -> Result<Answer<String>, kube::Error> {
    version_of(&prepared.client).await
}

/// The server's `gitVersion`.
pub(crate) async fn version_of(client: &kube::Client) -> Result<Answer<String>, kube::Error> {
    let answer = ask(client, Method::GET, "/version", None).await?;
    Ok(answer.and_then(
        |(status, body)| match body.get("gitVersion").and_then(Value::as_str) {
            Some(version) if status.is_success() => Answer::Given(version.to_owned()),
            _ => Answer::Odd(odd(status, &body)),
        },
    ))
}

/// The user that the server takes one for.
pub(super) async fn who_am_i(client: &kube::Client) -> Result<Answer<String>, kube::Error> {
    let review = json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "SelfSubjectReview",
    });
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let answer = ask(client, Method::POST, path, Some(&review)).await?;
    let name = match &answer {
        Answer::Given((_, body)) => body
            .pointer("/status/userInfo/username")
            .and_then(Value::as_str),
        Answer::Unauthorized(reason) => return Ok(Answer::Unauthorized(reason.clone())),
        Answer::Forbidden(_) | Answer::Odd(_) => None,
    };
    match name {
        Some("system:anonymous") => Ok(Answer::Forbidden(
            "the server takes you for nobody (system:anonymous): add a user to the context"
                .to_owned(),
        )),
        Some(name) => Ok(Answer::Given(format!("the server knows you as {name}"))),
        None => {
            // Servers before 1.28 don't have this review.
            let answer = ask(client, Method::GET, "/api", None).await?;
            Ok(answer.and_then(|(status, body)| {
                if status.is_success() {
                    Answer::Given("the server takes the credentials".to_owned())
                } else {
                    Answer::Odd(odd(status, &body))
                }
            }))
        }
    }
}

/// Whether one may list nodes.
pub(super) async fn may_list_nodes(client: &kube::Client) -> Result<Answer<bool>, kube::Error> {
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": { "verb": "list", "resource": "nodes" } },
    });
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let answer = ask(client, Method::POST, path, Some(&review)).await?;
    if let Answer::Given((_, body)) = &answer
        && let Some(is_allowed) = body.pointer("/status/allowed").and_then(Value::as_bool)
    {
        return Ok(Answer::Given(is_allowed));
    }
    // Where one may not even ask, trying tells as much.
    let answer = ask(client, Method::GET, "/api/v1/nodes?limit=1", None).await?;
    Ok(match answer {
        Answer::Given((status, _)) if status.is_success() => Answer::Given(true),
        Answer::Given((status, body)) => Answer::Odd(odd(status, &body)),
        Answer::Forbidden(_) => Answer::Given(false),
        Answer::Unauthorized(reason) => Answer::Unauthorized(reason),
        Answer::Odd(complaint) => Answer::Odd(complaint),
    })
}

/// Asks one question; the answer is JSON.
async fn ask(
    client: &kube::Client,
    method: Method,
    path: &str,
    question: Option<&Value>,
) -> Result<Answer<(StatusCode, Value)>, kube::Error> {
    let body = question.map_or_else(Vec::new, |question| question.to_string().into_bytes());
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "application/json");
    if question.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request = request.body(body.into()).map_err(kube::Error::HttpError)?;
    let asking = async {
        let response = client.send(request).await?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER_BYTES)
            .collect()
            .await
            .map_err(kube::Error::Service)?
            .to_bytes();
        Ok::<_, kube::Error>((parts.status, body))
    };
    let Ok(asked) = timeout(ANSWER_LIMIT, asking).await else {
        let late = format!("no answer within {} s", ANSWER_LIMIT.as_secs());
        return Err(kube::Error::Service(late.into()));
    };
    let (status, body) = asked?;
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let reason = || match body.get("message").and_then(Value::as_str) {
        Some(message) if !message.is_empty() => message.to_owned(),
        _ => status.to_string(),
    };
    Ok(match status {
        StatusCode::UNAUTHORIZED => Answer::Unauthorized(reason()),
        StatusCode::FORBIDDEN => Answer::Forbidden(reason()),
        _ => Answer::Given((status, body)),
    })
}

/// Something that a Kubernetes API server does not say.
fn odd(status: StatusCode, body: &Value) -> Complaint {
    match body.get("message").and_then(Value::as_str) {
        Some(message) => Complaint::new(
            format!("the API server answers {status}: {message}"),
            "Look whether the API server is starting or overloaded.",
        ),
        None if status.is_server_error() => Complaint::new(
            format!("the server answers {status}"),
            "Look whether the API server, or what stands before it, is starting or overloaded.",
        ),
        None => Complaint::new(
            format!("something answers ({status}), but not as a Kubernetes API server"),
            "Correct server in the kubeconfig: its host, port and path.",
        ),
    }
}

/// The server does not accept the credentials.
pub(crate) fn rejected(target: &Target, authorizer: &Authorizer, reason: &str) -> Complaint {
    let user = &target.definition.user_name;
    let advice = match authorizer {
        Authorizer::Plugin(plugin) => {
            format!(
                "Log in again with the tool that {} belongs to, then try again.",
                plugin.name()
            )
        }
        Authorizer::TokenFile(_) => {
            "Put a new token into the token file; it is read again with the next try.".to_owned()
        }
        Authorizer::Fixed(_) => format!(
            "The token or password of \"{user}\" has ended or is wrong: fetch the kubeconfig anew."
        ),
        Authorizer::Nobody if user.is_empty() => {
            "The context has no user: add one to the kubeconfig.".to_owned()
        }
        Authorizer::Nobody => format!(
            "The client certificate of \"{user}\" has ended or is not this cluster's: fetch the \
             kubeconfig anew."
        ),
    };
    Complaint::new(
        format!("the server does not accept the credentials: {reason}"),
        advice,
    )
}
