//! Why a change did not come about, in the server's words and in ours.

use http::StatusCode;
use serde::Deserialize;
use strata_ports::{
    control::Refusal,
    error::{PortError, PortErrorKind},
};

use super::Target;
use crate::watch::ask::Failure;

/// Why a request did not succeed.
#[derive(Debug)]
pub(super) enum Refused {
    /// The server said no.
    Said {
        /// With which code.
        code: StatusCode,
        /// And in which words.
        status: Status,
    },
    /// Nothing was heard, or nothing that can be read.
    Unheard(Failure),
}

/// The server's `Status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    /// Its sentence.
    pub(super) message: String,
    /// Its word for programs, such as `Conflict`.
    pub(super) reason: String,
    details: Details,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details {
    causes: Option<Vec<Cause>>,
}

/// What exactly is wrong.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cause {
    /// Its word for programs, such as `FieldManagerConflict`.
    pub(super) reason: String,
    /// Its sentence.
    pub(super) message: String,
    /// The field.
    pub(super) field: String,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Unheard(failure)
    }
}

impl Refused {
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Said { code, .. } if *code == StatusCode::NOT_FOUND)
    }

    /// Whether another change overtook this one.
    pub(super) fn is_overtaken(&self) -> bool {
        matches!(self, Self::Said { code, status }
            if *code == StatusCode::CONFLICT && status.reason == "Conflict" && self.owned().is_empty())
    }

    /// The causes.
    pub(super) fn causes(&self) -> &[Cause] {
        match self {
            Self::Said { status, .. } => status.details.causes.as_deref().unwrap_or_default(),
            Self::Unheard(_) => &[],
        }
    }

    /// The causes that are fields of other managers.
    pub(super) fn owned(&self) -> Vec<&Cause> {
        let causes = self.causes().iter();
        causes
            .filter(|cause| cause.reason == "FieldManagerConflict")
            .collect()
    }

    /// The refusal as the engine hears it.
    pub(super) fn into_refusal(self, target: &Target<'_>) -> Refusal {
        let object = &target.object;
        match self {
            Self::Unheard(failure) => {
                let (kind, message) = match &failure {
                    Failure::Unauthorized(_) => (
                        PortErrorKind::Unauthorized,
                        "the API server does not accept the credentials any more".to_owned(),
                    ),
                    Failure::Unreadable(_) => (
                        PortErrorKind::Internal,
                        format!("the answer about {object} cannot be read"),
                    ),
                    // A request that was sent may have been carried out.
                    _ if !target.is_dry_run => (
                        PortErrorKind::Timeout,
                        format!(
                            "no answer came about {object}: whether it was changed is not known"
                        ),
                    ),
                    _ => (
                        PortErrorKind::Unavailable,
                        format!("no answer came about {object}"),
                    ),
                };
                PortError::new(kind, message).because(failure).into()
            }
            Self::Said { code, status } => said(code, status, &object.to_string()),
        }
    }
}

fn said(code: StatusCode, status: Status, object: &str) -> Refusal {
    let causes = status.details.causes.unwrap_or_default();
    let is_immutable = causes.iter().any(|cause| {
        cause.message.contains("field is immutable")
            || cause
                .message
                .contains("updates to statefulset spec for fields other than")
            || cause
                .message
                .contains("pod updates may not change fields other than")
    });
    let kind = match code {
        StatusCode::UNAUTHORIZED => PortErrorKind::Unauthorized,
        StatusCode::FORBIDDEN => PortErrorKind::Forbidden,
        StatusCode::NOT_FOUND => PortErrorKind::NotFound,
        StatusCode::CONFLICT => PortErrorKind::Conflict,
        StatusCode::TOO_MANY_REQUESTS => PortErrorKind::Unavailable,
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            PortErrorKind::Unsupported
        }
        code if code.is_client_error() => PortErrorKind::InvalidInput,
        // So the server answers to an apply whose fields no schema has, and to a webhook's failure.
        StatusCode::INTERNAL_SERVER_ERROR if !status.message.is_empty() => {
            PortErrorKind::InvalidInput
        }
        _ => PortErrorKind::Unavailable,
    };
    let message = if status.message.is_empty() {
        format!("the API server answered {code} about {object}")
    } else {
        status.message
    };
    let mut fields: Vec<String> = causes
        .iter()
        .filter(|cause| !cause.field.is_empty())
        .map(|cause| cause.field.clone())
        .collect();
    fields.extend(named(&message));
    Refusal {
        error: PortError::new(kind, message),
        fields,
        is_immutable,
    }
}

/// The fields that a sentence names: `unknown field "spec.x"`, `.spec.x: field not declared in schema`.
fn named(message: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for part in message.split("field \"").skip(1) {
        if let Some((field, _)) = part.split_once('"') {
            fields.push(field.to_owned());
        }
    }
    for word in message.split_whitespace() {
        if let Some(field) = word.strip_suffix(':')
            && field.starts_with('.')
        {
            fields.push(field.to_owned());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_that_a_sentence_names_are_found() {
        let strict = "strict decoding error: unknown field \"spec.replica\", unknown field \"x\"";
        assert_eq!(named(strict), ["spec.replica", "x"]);
        let typed = "failed to create typed patch object (a/web; apps/v1, Kind=Deployment): \
                     .spec.replica: field not declared in schema";
        assert_eq!(named(typed), [".spec.replica"]);
    }

    #[test]
    fn what_must_be_replaced_is_told_from_what_is_wrong() {
        let status: Status = serde_json::from_value(serde_json::json!({
            "message": "Job.batch \"a\" is invalid", "reason": "Invalid",
            "details": { "causes": [{ "reason": "FieldValueInvalid",
                "message": "Invalid value: {}: field is immutable", "field": "spec.template" }] },
        }))
        .unwrap();
        let refusal = said(StatusCode::UNPROCESSABLE_ENTITY, status, "");
        assert!(refusal.is_immutable);
        assert_eq!(refusal.fields, ["spec.template"]);
        assert_eq!(refusal.error.kind, PortErrorKind::InvalidInput);
    }
}
