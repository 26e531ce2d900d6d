//! What a cluster holds that bears on a deployment.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::{StreamExt as _, future::join_all, stream};
use serde_json::{Value, json};
use strata_api::{phrases::Phrase, recipes::NeededKind};
use strata_domain::{
    ids::{ClusterId, GroupKind},
    pod::Pod,
};
use strata_ports::{
    control::Permission,
    error::{PortError, PortErrorKind},
    objects::{ObjectAddress, ObjectReader, Selection},
};
use strata_recipes::{demand::pod_templates, setting::SecretKey};

use crate::change::Gate;

/// Questions about permissions that are asked at once.
const AT_ONCE: usize = 8;
/// The most kinds of pods that the API server is asked about.
const PODS: usize = 4;

/// What is to be deployed, and what it speaks of.
pub(crate) struct Plan {
    pub(crate) namespace: String,
    pub(crate) objects: Vec<Value>,
    pub(crate) kinds: Vec<NeededKind>,
    /// Keys of Secrets that values name.
    pub(crate) secrets: Vec<SecretKey>,
    /// Objects that values name, besides queues and storage classes.
    pub(crate) references: Vec<ObjectAddress>,
}

/// Something that was read; or why it was not.
pub(crate) type Found<T> = Result<T, String>;

/// What the cluster holds.
pub(crate) struct Facts {
    pub(crate) namespace: Found<bool>,
    pub(crate) nodes: Found<Vec<Value>>,
    pub(crate) pods: Found<Vec<Pod>>,
    pub(crate) quotas: Found<Vec<Value>>,
    /// The namespace's LocalQueues; none where the cluster knows no such kind.
    pub(crate) queues: Found<Option<Vec<Value>>>,
    pub(crate) classes: Found<Vec<Value>>,
    /// Secrets by name; none where one is not there.
    pub(crate) secrets: BTreeMap<String, Found<Option<Value>>>,
    pub(crate) references: BTreeMap<ObjectAddress, Found<bool>>,
    /// The permissions that are missing, by their names.
    pub(crate) missing: Found<BTreeSet<String>>,
    /// What the API server says of pods like those that the objects make; none where the namespace is
    /// not there.
    pub(crate) pods_refused: Vec<Asked>,
}

/// What the API server says of a pod, by a dry run.
pub(crate) struct Asked {
    /// Whose pod: `Deployment team-a/qwen`.
    pub(crate) owner: String,
    /// What it warns of; or why it refuses the pod.
    pub(crate) said: Result<Vec<String>, String>,
}

/// A remark of what was not read, for the check that needs it.
pub(crate) fn unread(why: &str) -> Phrase {
    Phrase::new(strata_api::phrases::PhraseCode::CheckUnread).with("why", why)
}

/// Reads what bears on `plan`.
pub(crate) async fn gather(
    objects: &Arc<dyn ObjectReader>,
    gate: &Gate,
    cluster: &ClusterId,
    plan: &Plan,
) -> Facts {
    let all = |group: &str, kind: &str, namespace: &str| {
        let selection = Selection::all(group, kind, namespace);
        let listed = objects.list(cluster, selection);
        async move { listed.await.map_err(said) }
    };
    let namespace = &plan.namespace;
    let queues = async {
        let selection = Selection::all("kueue.x-k8s.io", "LocalQueue", namespace);
        match objects.list(cluster, selection).await {
            Ok(queues) => Ok(Some(queues)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(said(error)),
        }
    };
    let names: BTreeSet<&str> = plan.secrets.iter().map(|key| key.name.as_str()).collect();
    // Made before they are waited for: what is borrowed by an iterator cannot cross threads.
    let secrets: Vec<_> = names
        .into_iter()
        .map(|name| secret(objects, cluster, namespace, name.to_owned()))
        .collect();
    let secrets = join_all(secrets);
    let references: Vec<_> = plan
        .references
        .iter()
        .map(|address| reference(objects, cluster, address.clone()))
        .collect();
    let references = join_all(references);
    let namespaced = ObjectAddress::new("", "Namespace", "", namespace);
    let (namespace, nodes, pods, quotas, queues, classes, secrets, references, missing) = futures::join!(
        is_there(objects, cluster, namespaced),
        all("", "Node", ""),
        async { objects.pods(cluster).await.map_err(said) },
        all("", "ResourceQuota", namespace),
        queues,
        all("storage.k8s.io", "StorageClass", ""),
        secrets,
        references,
        missing(gate, cluster, plan),
    );
    let pods_refused = if namespace == Ok(true) {
        refused(gate, cluster, plan).await
    } else {
        Vec::new()
    };
    Facts {
        namespace,
        nodes,
        pods,
        quotas,
        queues,
        classes,
        secrets: secrets.into_iter().collect(),
        references: references.into_iter().collect(),
        missing,
        pods_refused,
    }
}

/// Asks of each kind of pod what would be said when its controller makes it.
async fn refused(gate: &Gate, cluster: &ClusterId, plan: &Plan) -> Vec<Asked> {
    let templates = plan.objects.iter().flat_map(|object| {
        let address = ObjectAddress::new(
            "",
            object
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            &plan.namespace,
            object
                .pointer("/metadata/name")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
        let owner = format!("{} {}", address.kind.kind, address.key);
        pod_templates(object).into_iter().map(move |template| {
            let name = format!("{}-dry-run", address.key.name);
            let pod = json!({
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": name,
                    "namespace": &*address.key.namespace,
                    "labels": template.pointer("/metadata/labels"),
                    "annotations": template.pointer("/metadata/annotations"),
                },
                "spec": template.get("spec"),
            });
            (owner.clone(), pod)
        })
    });
    let questions: Vec<_> = templates
        .take(PODS)
        .map(|(owner, pod)| async move {
            let answer = gate.would_create(cluster, pod).await;
            Asked {
                owner,
                said: answer.map_err(said),
            }
        })
        .collect();
    join_all(questions).await
}

async fn secret(
    objects: &Arc<dyn ObjectReader>,
    cluster: &ClusterId,
    namespace: &str,
    name: String,
) -> (String, Found<Option<Value>>) {
    let address = ObjectAddress::new("", "Secret", namespace, &name);
    let found = match objects.get(cluster, address).await {
        Ok(secret) => Ok(Some(secret)),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
        Err(error) => Err(said(error)),
    };
    (name, found)
}

async fn reference(
    objects: &Arc<dyn ObjectReader>,
    cluster: &ClusterId,
    address: ObjectAddress,
) -> (ObjectAddress, Found<bool>) {
    let found = is_there(objects, cluster, address.clone()).await;
    (address, found)
}

async fn is_there(
    objects: &Arc<dyn ObjectReader>,
    cluster: &ClusterId,
    address: ObjectAddress,
) -> Found<bool> {
    match objects.get(cluster, address).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(false),
        Err(error) => Err(said(error)),
    }
}

/// The permissions to apply the objects that are missing.
async fn missing(gate: &Gate, cluster: &ClusterId, plan: &Plan) -> Found<BTreeSet<String>> {
    let kinds: BTreeSet<GroupKind> = plan
        .objects
        .iter()
        .map(strata_recipes::render::kind_of)
        .collect();
    let wanted = kinds.iter().flat_map(|kind| {
        ["create", "patch"].map(|verb| Permission {
            verb: verb.to_owned(),
            object: ObjectAddress::new(&kind.group, &kind.kind, &plan.namespace, ""),
            subresource: String::new(),
        })
    });
    let questions: Vec<_> = wanted
        .map(|permission| gate.is_permitted(cluster, permission))
        .collect();
    let answers = stream::iter(questions)
        .buffered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let mut missing = BTreeSet::new();
    for answer in answers {
        match answer {
            Ok(permit) if permit.is_allowed => {}
            Ok(permit) => {
                missing.insert(permit.name);
            }
            // A kind that is not served is told by the check of kinds.
            Err(error) if error.kind == PortErrorKind::Unsupported => {}
            Err(error) => return Err(said(error)),
        }
    }
    Ok(missing)
}

fn is_absent(error: &PortError) -> bool {
    matches!(
        error.kind,
        PortErrorKind::NotFound | PortErrorKind::Unsupported
    )
}

fn said(error: PortError) -> String {
    error.message
}
