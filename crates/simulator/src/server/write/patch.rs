//! The patches that a client may send, each by its media type.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{
    Write, decode, json_patch,
    options::Way,
    strategic::{self, Unmergeable},
};
use crate::{
    fields::{self, Refusal},
    json,
    server::{Target, failure::Failure},
};

const JSON: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// A patch as it was sent.
pub(super) struct Patch<'a> {
    kind: Kind,
    body: &'a Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Merge,
    Strategic,
    Apply,
}

impl<'a> Patch<'a> {
    /// The patch in a request. Custom kinds have no Go types, and so no strategic merge patch.
    pub(super) fn of(target: &Target<'_>, request: &'a Request<Bytes>) -> Result<Self, Failure> {
        let kind = match decode::media_type(request) {
            JSON => Kind::Json,
            MERGE => Kind::Merge,
            APPLY => Kind::Apply,
            STRATEGIC if !target.is_custom() => Kind::Strategic,
            _ if target.is_custom() => {
                return Err(Failure::unsupported_media_type(&[JSON, MERGE, APPLY]));
            }
            _ => return Err(Failure::unsupported_patch_type()),
        };
        let body = decode::within_limit(request.body())?;
        Ok(Self { kind, body })
    }

    pub(super) fn way(&self) -> Way {
        match self.kind {
            Kind::Apply => Way::Apply,
            _ => Way::Patch,
        }
    }

    /// The object that the patch makes of `live`; none is there for an apply that creates.
    pub(super) fn applied(
        &self,
        write: &Write<'_>,
        live: Option<&Value>,
    ) -> Result<Value, Failure> {
        let mut object = live.cloned().unwrap_or_default();
        match self.kind {
            Kind::Json => json_patch::apply(&mut object, self.body)?,
            Kind::Merge => json_patch::merge(&mut object, self.body)?,
            Kind::Strategic => self.merge_strategically(write, &mut object)?,
            Kind::Apply => return self.apply(write, live),
        }
        Ok(object)
    }

    /// What a refusal shows of the patch where `object`, which it makes, is none of its kind: what
    /// it makes, or the patch itself.
    pub(super) fn told_with(&self, object: &Value) -> Option<String> {
        let shown = match self.kind {
            Kind::Json | Kind::Merge => object.to_string(),
            Kind::Strategic => strategic::go(&serde_json::from_slice(self.body).ok()?),
            Kind::Apply => return None,
        };
        Some(Value::from(shown).to_string())
    }

    fn merge_strategically(&self, write: &Write<'_>, object: &mut Value) -> Result<(), Failure> {
        let patch: Value = serde_json::from_slice(self.body)
            .map_err(|error| Failure::bad_request(decode::syntax(self.body, &error)))?;
        let Some(fields) = patch.as_object() else {
            return Err(Failure::bad_request(format!(
                "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                json::type_name(&patch)
            )));
        };
        strategic::merge(json::as_object(object), fields, write.shape.schema()).map_err(|problem| {
            match problem {
                Unmergeable::Malformed(message) => Failure::bad_request(message),
                Unmergeable::Internal(message) => Failure::unforeseen(message),
            }
        })
    }

    fn apply(&self, write: &Write<'_>, live: Option<&Value>) -> Result<Value, Failure> {
        let config = decode::yaml(self.body)
            .map_err(|problem| Failure::bad_request(format!("error decoding YAML: {problem}")))?;
        let target = write.target;
        let kind = json::text(&config, "/kind");
        let api_version = json::text(&config, "/apiVersion");
        let is_of_kind = kind == target.resource.response_kind.kind;
        if !is_of_kind || api_version != target.api_version() {
            let version = with_group(api_version);
            return Err(Failure::bad_request(format!(
                "invalid object type: {version}, Kind={kind}"
            )));
        }
        if config.pointer("/metadata/managedFields").is_some() {
            return Err(Failure::bad_request("metadata.managedFields must be nil"));
        }
        let applied =
            write.as_writer(|writer| fields::apply(writer, live, &config, write.options.force));
        applied.map_err(|refusal| match refusal {
            Refusal::Conflicts(conflicts) => Failure::apply_conflict(&conflicts),
            Refusal::NotOfSchema(problem) => Failure::unforeseen(format!(
                "failed to create typed patch object ({}/{}; {}, Kind={kind}): {problem}",
                json::text(&config, "/metadata/namespace"),
                json::text(&config, "/metadata/name"),
                with_group(api_version)
            )),
        })
    }
}

/// A version as Go prints it: with a slash, even where the group has no name.
fn with_group(api_version: &str) -> String {
    if api_version.contains('/') {
        api_version.to_owned()
    } else {
        format!("/{api_version}")
    }
}
