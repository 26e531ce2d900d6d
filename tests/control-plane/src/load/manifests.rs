//! Applies manifests as a person would, and statuses as a controller would.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use kube::core::{GroupVersionKind, TypeMeta};
use kube::discovery::{self, Scope};
use kube::{Api, Client};
use serde_json::{Value, json};

const FIELD_MANAGER: &str = "strata-tests";

/// Applies objects of any kind that the API server serves; it remembers what it learnt of a kind.
pub struct Applier {
    client: Client,
    kinds: HashMap<GroupVersionKind, Kind>,
}

/// What the API server says of a kind.
#[derive(Clone)]
struct Kind {
    resource: ApiResource,
    scope: Scope,
    has_status: bool,
}

impl Applier {
    /// With this client's rights.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            kinds: HashMap::new(),
        }
    }

    /// Applies every document of a YAML text, in its order.
    ///
    /// # Errors
    ///
    /// When the text is no YAML, or as [`Self::apply`].
    pub async fn apply_yaml(&mut self, text: &str) -> Result<()> {
        let objects: Vec<Value> = serde_saphyr::from_multiple(text)?;
        for object in objects {
            self.apply(object).await?;
        }
        Ok(())
    }

    /// Applies one object on the server's side; a `status` in it is applied to the status
    /// subresource, if the kind has one, in place of the controller that does not run here.
    ///
    /// # Errors
    ///
    /// When the kind is not served, or the object is refused.
    pub async fn apply(&mut self, mut object: Value) -> Result<()> {
        let name = text(&object, "/metadata/name")?;
        let types = TypeMeta {
            api_version: text(&object, "/apiVersion")?,
            kind: text(&object, "/kind")?,
        };
        let described = format!("{} {name}", types.kind);
        let kind = self.kind(&types).await.with_context(|| described.clone())?;
        let api = self.api(&kind, &object);

        let status = object
            .as_object_mut()
            .filter(|_| kind.has_status)
            .and_then(|fields| fields.remove("status"));
        // Strict: a misspelt field would vanish without a word.
        let parameters = PatchParams::apply(FIELD_MANAGER)
            .force()
            .validation_strict();
        api.patch(&name, &parameters, &Patch::Apply(&object))
            .await
            .with_context(|| format!("applying {described}"))?;
        if let Some(status) = status {
            let object = json!({
                "apiVersion": types.api_version,
                "kind": types.kind,
                "metadata": { "name": name },
                "status": status,
            });
            api.patch_status(&name, &parameters, &Patch::Apply(&object))
                .await
                .with_context(|| format!("applying the status of {described}"))?;
        }
        Ok(())
    }

    async fn kind(&mut self, types: &TypeMeta) -> Result<Kind> {
        let name = GroupVersionKind::try_from(types.clone())?;
        if let Some(known) = self.kinds.get(&name) {
            return Ok(known.clone());
        }
        let (resource, capabilities) = discovery::pinned_kind(&self.client, &name).await?;
        let mut subresources = capabilities.subresources.iter();
        let kind = Kind {
            resource,
            scope: capabilities.scope,
            has_status: subresources.any(|(subresource, _)| subresource.plural == "status"),
        };
        self.kinds.insert(name, kind.clone());
        Ok(kind)
    }

    /// The API of an object's kind, in its namespace if the kind has namespaces.
    fn api(&self, kind: &Kind, object: &Value) -> Api<DynamicObject> {
        let namespace = object
            .pointer("/metadata/namespace")
            .and_then(Value::as_str)
            .unwrap_or("default");
        let client = self.client.clone();
        match kind.scope {
            Scope::Cluster => Api::all_with(client, &kind.resource),
            Scope::Namespaced => Api::namespaced_with(client, namespace, &kind.resource),
        }
    }
}

fn text(object: &Value, pointer: &str) -> Result<String> {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("an object without {pointer}"))
}
