//! In which form a client wants the answer.

use bytes::Bytes;
use http::{Request, header};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::failure::Failure;
use crate::store::Stored;

/// The media types that a client accepts, best first.
pub(super) struct Accept {
    types: Vec<MediaType>,
}

/// One media type with the parameters that Kubernetes gives it.
struct MediaType {
    name: String,
    /// The parameter `as`: the kind to convert to.
    converted_to: String,
    /// The parameter `v`: the version to convert to.
    version: String,
}

/// The forms that objects are answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As they are.
    Object,
    /// As `PartialObjectMetadata`.
    Metadata,
}

impl Accept {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let mut types = Vec::new();
        for value in request.headers().get_all(header::ACCEPT) {
            let Ok(value) = value.to_str() else { continue };
            types.extend(value.split(',').map(MediaType::parse));
        }
        if types.is_empty() {
            types.push(MediaType::parse("application/json"));
        }
        Self { types }
    }

    /// The best form that this server can answer in. Protobuf and Table are not among them; clients
    /// that ask for these list JSON after them.
    pub(super) fn form(&self) -> Result<Form, Failure> {
        self.json()
            .find_map(|media| match media.converted_to.as_str() {
                "" => Some(Form::Object),
                "PartialObjectMetadata" | "PartialObjectMetadataList" if media.version == "v1" => {
                    Some(Form::Metadata)
                }
                _ => None,
            })
            .ok_or_else(Failure::not_acceptable)
    }

    /// Whether the best form is aggregated discovery; the other is plain.
    pub(super) fn wants_aggregated_discovery(&self) -> Result<bool, Failure> {
        self.json()
            .find_map(
                |media| match (media.converted_to.as_str(), media.version.as_str()) {
                    ("", _) => Some(false),
                    ("APIGroupDiscoveryList", "v2") => Some(true),
                    _ => None,
                },
            )
            .ok_or_else(Failure::not_acceptable)
    }

    fn json(&self) -> impl Iterator<Item = &MediaType> {
        self.types
            .iter()
            .filter(|media| ["application/json", "application/*", "*/*"].contains(&&*media.name))
    }
}

impl MediaType {
    fn parse(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let mut media = Self {
            name: parts.next().unwrap_or_default().to_ascii_lowercase(),
            converted_to: String::new(),
            version: String::new(),
        };
        for part in parts {
            match part.split_once('=') {
                Some(("as", value)) => value.clone_into(&mut media.converted_to),
                Some(("v", value)) => value.clone_into(&mut media.version),
                _ => {}
            }
        }
        media
    }
}

/// Appends the object as `PartialObjectMetadata`.
pub(super) fn write_metadata(stored: &Stored, bytes: &mut Vec<u8>) {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        metadata: &'a RawValue,
    }
    let head: Option<Head<'_>> = serde_json::from_slice(&stored.json).ok();
    bytes.extend_from_slice(
        b"{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":",
    );
    bytes.extend_from_slice(head.map_or("{}", |head| head.metadata.get()).as_bytes());
    bytes.push(b'}');
}
