//! From manifests to a plan: each document is applied, in the order in which they need each other.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_api::{
    change::{ChangeObjects, ChangeReport, Choice, FieldChoice},
    error::ApiError,
    explanation::ObjectName,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::GroupKind;
use strata_ports::{
    cluster::ServedKind,
    contexts::Context,
    control::{self, Verb},
    objects::ObjectAddress,
};

use super::{
    carry_out,
    kubectl::Kubectl,
    manifest::{self, Document, broken},
    obstacle::called,
    order,
    plan::{Plan, Planned, Source},
    shown,
};
use crate::{error::of_port, operations::Operations, why::read};

/// Has the objects as the manifests say.
pub(crate) async fn change_objects(
    operations: &Operations,
    context: &Context,
    request: ChangeObjects,
) -> Result<ChangeReport, ApiError> {
    change_prepared(operations, context, request, &|_| {}).await
}

/// The same, where each object is prepared before it is sent: the manifests stay those that somebody
/// sees, with their lines.
pub(crate) async fn change_prepared(
    operations: &Operations,
    context: &Context,
    request: ChangeObjects,
    prepare: &(dyn Fn(&mut Value) + Sync),
) -> Result<ChangeReport, ApiError> {
    let served = operations.objects.served(&context.id).await;
    let served = served.map_err(|error| of_port(&error))?;
    let namespace = [
        request.namespace.as_str(),
        context.namespace.as_str(),
        "default",
    ]
    .into_iter()
    .find(|namespace| !namespace.is_empty())
    .unwrap_or_default();
    let mut plan = plan(
        &request.manifests,
        &Ground {
            namespace,
            served: &served,
            kubectl: Kubectl::of(context),
            prepare,
        },
        &request.choices,
    );
    plan.release = request.release;
    carry_out(operations, context, plan, request.intent).await
}

/// What manifests are read against.
struct Ground<'a> {
    /// The namespace of those that name none.
    namespace: &'a str,
    /// What the cluster serves.
    served: &'a [ServedKind],
    kubectl: Kubectl,
    /// What is done to each object before it is sent.
    prepare: &'a (dyn Fn(&mut Value) + Sync),
}

/// The plan of `manifests`.
fn plan(manifests: &str, ground: &Ground<'_>, choices: &[FieldChoice]) -> Plan {
    let (documents, obstacles) = manifest::read(manifests);
    let mut plan = Plan {
        obstacles,
        ..Plan::default()
    };
    let defined = defined(&documents);
    let mut seen = BTreeSet::new();
    for document in documents {
        match planned(document, ground, &defined, choices) {
            Ok(step) if seen.insert(step.object.clone()) => plan.steps.push(step),
            Ok(step) => {
                let sentence =
                    Phrase::new(PhraseCode::ManifestTwice).with("object", called(&step.object));
                let line = step.source.map(|source| source.lines.line);
                plan.obstacles.push(broken(sentence, line));
            }
            Err(obstacle) => plan.obstacles.push(*obstacle),
        }
    }
    plan.steps
        .sort_by_key(|step| order::rank(&step.object.kind));
    needs(&mut plan.steps, ground.served);
    plan
}

/// The kinds that the documents define themselves, and whether they lie in namespaces.
fn defined(documents: &[Document]) -> Vec<(GroupKind, bool)> {
    let definitions = documents.iter().map(|document| &document.object);
    definitions
        .filter(|object| read::is_a(object, "apiextensions.k8s.io", "CustomResourceDefinition"))
        .map(|object| {
            let kind = read::text(object, "/spec/names/kind");
            let kind = GroupKind::new(read::text(object, "/spec/group"), kind);
            (kind, read::text(object, "/spec/scope") == "Namespaced")
        })
        .collect()
}

/// The step of one document.
fn planned(
    document: Document,
    ground: &Ground<'_>,
    defined: &[(GroupKind, bool)],
    choices: &[FieldChoice],
) -> Result<Planned, Box<strata_api::change::Obstacle>> {
    let Document { mut object, lines } = document;
    let kind = read::group_kind(&object);
    let version = read::text(&object, "/apiVersion");
    let version = version.rsplit('/').next().unwrap_or(version).to_owned();
    let served = ground.served.iter().find(|served| served.kind == kind);
    let fault =
        |sentence: Phrase, field: &str| Box::new(broken(sentence, Some(lines.at(&object, field))));
    let is_namespaced = match served {
        Some(served) if !served.versions.contains(&version) => {
            let sentence = Phrase::new(PhraseCode::VersionNotServed)
                .with("kind", kind.to_string())
                .with("version", version.as_str())
                .with("versions", served.versions.join(", "));
            return Err(fault(sentence, ".apiVersion"));
        }
        Some(served) => served.is_namespaced,
        None => {
            let ours = defined.iter().find(|(defined, _)| *defined == kind);
            let Some((_, is_namespaced)) = ours else {
                let sentence =
                    Phrase::new(PhraseCode::KindNotServed).with("kind", kind.to_string());
                return Err(fault(sentence, ".kind"));
            };
            *is_namespaced
        }
    };
    let named = read::namespace(&object).to_owned();
    if !is_namespaced && !named.is_empty() {
        let sentence = Phrase::new(PhraseCode::KindHasNoNamespace).with("kind", kind.to_string());
        return Err(fault(sentence, ".metadata.namespace"));
    }
    let namespace = match (is_namespaced, named.is_empty()) {
        (false, _) => "",
        (true, true) => ground.namespace,
        (true, false) => named.as_str(),
    };
    if is_namespaced && let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    (ground.prepare)(&mut object);
    let address = ObjectAddress::new(&kind.group, &kind.kind, namespace, read::name(&object));
    let name = shown::named(&address);
    let verb = Verb::Apply {
        object: object.clone(),
        choices: choices_of(&name, choices),
    };
    let command = ground.kubectl.apply(&address);
    Ok(Planned {
        version,
        source: Some(Source { object, lines }),
        ..Planned::new(address, verb, command)
    })
}

fn choices_of(object: &ObjectName, choices: &[FieldChoice]) -> Vec<control::Choice> {
    let ours = choices.iter().filter(|choice| choice.object == *object);
    ours.map(|choice| control::Choice {
        path: choice.path.clone(),
        take: choice.choice == Choice::Take,
    })
    .collect()
}

/// Finds which steps need an earlier one: their namespace or their kind is not there before.
fn needs(steps: &mut [Planned], served: &[ServedKind]) {
    let namespace = GroupKind::new("", "Namespace");
    let definition = GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition");
    let makers: Vec<(ObjectAddress, Value)> = steps
        .iter()
        .map(|step| {
            let object = step.source.as_ref().map(|source| source.object.clone());
            (step.object.clone(), object.unwrap_or_default())
        })
        .collect();
    for step in steps {
        let lies_in = &step.object.key.namespace;
        let is_served = served.iter().any(|served| served.kind == step.object.kind);
        step.needs = makers.iter().position(|(maker, object)| {
            (maker.kind == namespace && !lies_in.is_empty() && maker.key.name == *lies_in)
                || (maker.kind == definition
                    && !is_served
                    && read::text(object, "/spec/names/kind") == step.object.kind.kind.as_str()
                    && read::text(object, "/spec/group") == step.object.kind.group.as_str())
        });
    }
}
