//! Creating an object that must not be there yet, or whose name the server makes.

use http::Method;
use serde_json::Value;
use strata_ports::control::Written;

use super::{Target, query, refused::Refused, send::Request, told};

/// Creates `object`.
pub(super) async fn create(target: &Target<'_>, object: &Value) -> Result<Written, Refused> {
    let path = format!("{}{}", target.collection(), query(target.is_dry_run));
    let answer = target
        .send(Request::of(Method::POST, &path).with(object))
        .await?;
    Ok(told(None, answer))
}
