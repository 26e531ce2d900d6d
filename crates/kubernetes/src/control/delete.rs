//! Deleting an object, and what it owns as the propagation says.

use http::Method;
use serde_json::json;
use strata_ports::control::{Effect, Propagation, Written};

use super::{Target, pruned, refused::Refused, send::Request};

/// Deletes the object.
pub(super) async fn delete(
    target: &Target<'_>,
    propagation: Propagation,
    uid: &str,
) -> Result<Written, Refused> {
    let before = target.read_existing().await?;
    let policy = match propagation {
        Propagation::Background => "Background",
        Propagation::Foreground => "Foreground",
        Propagation::Orphan => "Orphan",
    };
    let meant = (!uid.is_empty()).then(|| json!({ "uid": uid }));
    // A server that gets options in the body ignores those of the query: a dry run that is asked for
    // there would delete.
    let dry_run: &[&str] = if target.is_dry_run { &["All"] } else { &[] };
    let options = json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": policy,
        "preconditions": meant,
        "dryRun": dry_run,
    });
    let path = target.path("");
    let answer = target
        .send(Request::of(Method::DELETE, &path).with(&options))
        .await?;
    // What has finalizers is still there, and comes in the answer; else the answer is a status.
    let stays = answer.body.get("kind") == before.get("kind");
    Ok(Written {
        effect: Effect::Deleted,
        fields: Vec::new(),
        conflicts: Vec::new(),
        is_forced: false,
        before: Some(pruned(before)),
        after: stays.then(|| pruned(answer.body)),
        warnings: answer.warnings,
    })
}
