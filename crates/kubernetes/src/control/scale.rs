//! Scaling by the scale subresource, which knows for every kind where its replicas stand.

use http::Method;
use serde_json::{Value, json};
use strata_domain::field_path::FieldPath;
use strata_ports::control::{Effect, FieldChange, Written};

use super::{Target, pruned, query, refused::Refused, send::Request};

const FORM: &str = "application/merge-patch+json";

/// Has the object have `replicas` replicas.
pub(super) async fn scale(target: &Target<'_>, replicas: u32) -> Result<Written, Refused> {
    let object = target.read_existing().await?;
    let path = target.path("/scale");
    let before = target.send(Request::of(Method::GET, &path)).await?.body;
    let path = format!("{path}{}", query(target.is_dry_run));
    let patch = json!({ "spec": { "replicas": replicas } });
    let request = Request::of(Method::PATCH, &path).with_form(FORM, &patch);
    let answer = target.send(request).await?;
    // A scale leaves out 0.
    let count = |scale: &Value| scale.pointer("/spec/replicas").cloned().unwrap_or(json!(0));
    let (was, is) = (count(&before), count(&answer.body));
    let is_same = was == is;
    let change = FieldChange {
        path: FieldPath::of(["spec", "replicas"]),
        before: Some(was),
        after: Some(is),
        is_secret: false,
    };
    Ok(Written {
        effect: if is_same {
            Effect::Unchanged
        } else {
            Effect::Changed
        },
        fields: if is_same { Vec::new() } else { vec![change] },
        conflicts: Vec::new(),
        is_forced: false,
        before: Some(pruned(object)),
        after: None,
        warnings: answer.warnings,
    })
}
