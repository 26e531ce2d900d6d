//! Kubernetes objects as they come over the wire, pruned while they are decoded.
//!
//! Each message declares only the fields that Strata keeps, and is both a protobuf message
//! (`prost` skips the fields that a message does not declare) and a JSON one (`serde` does the
//! same), so that a kind is written once for both encodings and mapped once. Field numbers are
//! those of `k8s.io/api/*/generated.proto`, `k8s.io/apimachinery/pkg/**/generated.proto`,
//! `k8s.io/kube-aggregator` and `k8s.io/apiextensions-apiserver` at Kubernetes 1.36, checked
//! against the crate `k8s-pb` 0.9.
//!
//! In reading order: the small values ([`values`], [`meta`]), the kinds ([`pod`], [`node`],
//! [`workloads`], [`plain`], [`resource_slice`]), then how they are packed: [`envelope`] for
//! protobuf, [`json`] for JSON.

pub(crate) mod meta;
pub(crate) mod values;

pub(crate) mod node;
pub(crate) mod plain;
pub(crate) mod pod;
pub(crate) mod resource_slice;
pub(crate) mod scaling;
pub(crate) mod storage;
pub(crate) mod workloads;

pub(crate) mod envelope;
pub(crate) mod json;

use http::{HeaderMap, header::CONTENT_TYPE};

/// How an answer's body is written; each answer says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `application/vnd.kubernetes.protobuf`.
    Protobuf,
    /// `application/json`, and what names nothing else.
    Json,
}

impl Encoding {
    /// The encoding that the headers of an answer name.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_protobuf = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/vnd.kubernetes.protobuf"));
        if is_protobuf {
            Self::Protobuf
        } else {
            Self::Json
        }
    }
}

/// A body that is not what its content type promises.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeError {
    /// A protobuf message that breaks off or contradicts its fields.
    #[error("the server's protobuf cannot be read: {0}")]
    Protobuf(#[from] prost::DecodeError),
    /// JSON that breaks off or contradicts the kind.
    #[error("the server's JSON cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Protobuf without the four bytes that Kubernetes puts first.
    #[error("the server's protobuf does not start with the bytes `k8s\\0`")]
    NoMagic,
    /// A watch frame longer than any object can be.
    #[error("the server announced a watch event of {0} bytes")]
    FrameTooLong(usize),
}
