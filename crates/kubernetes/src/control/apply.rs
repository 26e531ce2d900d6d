//! Server-side apply, and what is done about conflicts.
//!
//! A conflict is never forced as a whole. A field that its owner keeps is taken out of what we apply,
//! so that we have no say in it. Fields that we take over are forced while the object is the very one
//! that the choice was made about: `metadata.resourceVersion` makes the server refuse otherwise, and
//! what has changed is looked at again.

use http::Method;
use serde_json::Value;
use strata_domain::field_path::FieldPath;
use strata_ports::control::{Choice, Conflict, Effect, Written};

use super::{ATTEMPTS, Target, conflict, query, refused::Refused, send::Answer, told};
use crate::control::send::Request;

/// JSON is YAML.
const FORM: &str = "application/apply-patch+yaml";

/// Has the object as `wanted` says.
pub(super) async fn apply(
    target: &Target<'_>,
    wanted: &Value,
    choices: &[Choice],
) -> Result<Written, Refused> {
    let mut attempt = 1;
    loop {
        match once(target, wanted, choices).await {
            Err(refused) if refused.is_overtaken() && attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

async fn once(target: &Target<'_>, wanted: &Value, choices: &[Choice]) -> Result<Written, Refused> {
    let before = target.read().await?;
    // Choices are about conflicts, so these are asked for first; without choices the first request
    // is the change itself.
    let is_question = target.is_dry_run || !choices.is_empty();
    let refused = match patch(target, wanted, is_question, false).await {
        Ok(answer) if target.is_dry_run || choices.is_empty() => return Ok(told(before, answer)),
        Ok(_) => {
            let answer = patch(target, wanted, false, false).await?;
            return Ok(told(before, answer));
        }
        Err(refused) if !refused.owned().is_empty() => refused,
        Err(refused) => return Err(refused),
    };
    let conflicts = conflict::all(&refused, before.as_ref(), wanted, choices);
    if conflicts.iter().any(|conflict| conflict.taken.is_none()) {
        return undecided(target, before, wanted, conflicts).await;
    }
    let mut ours = wanted.clone();
    for kept in conflicts
        .iter()
        .filter(|conflict| conflict.taken == Some(false))
    {
        FieldPath::follow(&ours, &kept.path).path.remove(&mut ours);
    }
    let is_forced = conflicts
        .iter()
        .any(|conflict| conflict.taken == Some(true));
    if is_forced && let Some(version) = before.as_ref().and_then(version) {
        FieldPath::of(["metadata", "resourceVersion"]).set(&mut ours, version);
    }
    let answer = patch(target, &ours, target.is_dry_run, is_forced).await?;
    Ok(Written {
        conflicts,
        is_forced,
        ..told(before, answer)
    })
}

/// What the change would be if every field were taken over; nothing is written.
async fn undecided(
    target: &Target<'_>,
    before: Option<Value>,
    wanted: &Value,
    conflicts: Vec<Conflict>,
) -> Result<Written, Refused> {
    let answer = patch(target, wanted, true, true).await?;
    Ok(Written {
        effect: Effect::Undecided,
        conflicts,
        ..told(before, answer)
    })
}

async fn patch(
    target: &Target<'_>,
    object: &Value,
    is_dry_run: bool,
    is_forced: bool,
) -> Result<Answer, Refused> {
    let force = if is_forced { "&force=true" } else { "" };
    let path = format!("{}{}{force}", target.path(""), query(is_dry_run));
    let request = Request::of(Method::PATCH, &path).with_form(FORM, object);
    target.send(request).await
}

fn version(object: &Value) -> Option<Value> {
    object.pointer("/metadata/resourceVersion").cloned()
}
