//! Kueue's admission webhooks, as its project ships them, but asked at a loopback address.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::definitions;

/// Where they lie in Kueue's module.
const FILE: &str = "config/components/webhook/manifests.yaml";

/// The groups whose kinds Kueue is set up for here; of another it would know nothing to say.
const GROUPS: [&str; 4] = ["kueue.x-k8s.io", "batch", "jobset.x-k8s.io", "ray.io"];

/// The project's manifests.
pub(super) fn manifests() -> Result<Vec<Value>> {
    let file = definitions::project("Kueue")?.folder()?.join(FILE);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    // The parser's limits are meant for documents that a stranger sends.
    let unlimited = serde_saphyr::options! { budget: None };
    serde_saphyr::from_multiple_with_options(&text, unlimited)
        .with_context(|| format!("reading {}", file.display()))
}

/// The same, with the groups of [`GROUPS`] alone, at a loopback port whose certificate
/// `authority` (PEM) signed.
pub(super) fn on_loopback(manifests: Vec<Value>, authority: &str, port: u16) -> Result<Vec<Value>> {
    let bundle = STANDARD.encode(authority);
    manifests
        .into_iter()
        .map(|mut manifest| {
            let webhooks = manifest
                .pointer_mut("/webhooks")
                .and_then(Value::as_array_mut)
                .context("a manifest without webhooks")?;
            webhooks.retain(is_served);
            ensure!(!webhooks.is_empty(), "no webhook of a served group");
            for webhook in webhooks {
                let path = webhook.pointer("/clientConfig/service/path");
                let path = path.and_then(Value::as_str).context("a webhook's path")?;
                let address = format!("https://127.0.0.1:{port}{path}");
                let client = json!({ "url": address, "caBundle": bundle });
                let fields = webhook.as_object_mut().context("a webhook")?;
                fields.insert("clientConfig".to_owned(), client);
            }
            let name = manifest.pointer_mut("/metadata/name").context("a name")?;
            *name = format!("kueue-{}", name.as_str().unwrap_or_default()).into();
            Ok(manifest)
        })
        .collect()
}

/// Whether everything that a webhook is asked about is of a served group.
fn is_served(webhook: &Value) -> bool {
    let rules = webhook.pointer("/rules").and_then(Value::as_array);
    rules.into_iter().flatten().all(|rule| {
        let groups = rule.pointer("/apiGroups").and_then(Value::as_array);
        groups
            .into_iter()
            .flatten()
            .all(|group| group.as_str().is_some_and(|group| GROUPS.contains(&group)))
    })
}

/// The resource name of a configuration.
pub(super) fn plural(configuration: &Value) -> Result<&'static str> {
    match configuration.pointer("/kind").and_then(Value::as_str) {
        Some("MutatingWebhookConfiguration") => Ok("mutatingwebhookconfigurations"),
        Some("ValidatingWebhookConfiguration") => Ok("validatingwebhookconfigurations"),
        other => anyhow::bail!("{other:?} is no webhook configuration"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::on_loopback;

    #[test]
    fn a_webhook_is_asked_at_loopback_and_others_are_left_out() {
        let webhook = |group: &str| {
            json!({
                "name": group, "rules": [{"apiGroups": [group]}],
                "clientConfig": {"service": {"name": "webhook-service", "path": "/mutate-job"}},
            })
        };
        let manifest = json!({
            "kind": "MutatingWebhookConfiguration", "metadata": {"name": "mutating"},
            "webhooks": [webhook("batch"), webhook("kubeflow.org")],
        });
        let all = on_loopback(vec![manifest], "PEM", 1234).unwrap();
        assert_eq!(all.len(), 1);
        let made = &all[0];
        assert_eq!(made["webhooks"].as_array().map(Vec::len), Some(1));
        assert_eq!(
            made["webhooks"][0]["clientConfig"],
            json!({"url": "https://127.0.0.1:1234/mutate-job", "caBundle": "UEVN"})
        );
        assert_eq!(made["metadata"]["name"], "kueue-mutating");
    }
}
