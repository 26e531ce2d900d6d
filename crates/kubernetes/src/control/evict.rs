//! Evicting a pod: deleting it as far as its disruption budgets let it go.

use http::{Method, StatusCode};
use serde_json::json;
use strata_ports::control::{Effect, Written};

use super::{Target, pruned, query, refused::Refused, send::Request};

/// Evicts the pod.
pub(super) async fn evict(target: &Target<'_>, uid: &str) -> Result<Written, Refused> {
    let pod = target.read_existing().await?;
    let key = &target.object.key;
    let meant = (!uid.is_empty()).then(|| json!({ "uid": uid }));
    let eviction = json!({
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": { "name": key.name.as_str(), "namespace": key.namespace.as_str() },
        "deleteOptions": { "preconditions": meant },
    });
    let path = format!("{}{}", target.path("/eviction"), query(target.is_dry_run));
    let request = Request::of(Method::POST, &path).with(&eviction);
    let (effect, warnings) = match target.send(request).await {
        Ok(answer) => (Effect::Deleted, answer.warnings),
        Err(Refused::Said { code, status }) if code == StatusCode::TOO_MANY_REQUESTS => {
            let refused = Refused::Said { code, status };
            let causes = refused.causes().iter();
            let why = causes.map(|cause| cause.message.clone()).collect();
            (Effect::Held, why)
        }
        Err(refused) => return Err(refused),
    };
    Ok(Written {
        effect,
        fields: Vec::new(),
        conflicts: Vec::new(),
        is_forced: false,
        before: Some(pruned(pod)),
        after: None,
        warnings,
    })
}
