//! Editing any object that is there: the fields that somebody changed in its YAML, and no others.
//!
//! An apply of the whole text would make us an owner of everything in it. What is sent is therefore what
//! differs between the text that was opened and the text that was left, as a `set` of those fields; a
//! list is one field, as a merge patch has it. Where one of them is another by now than it was in the text
//! that was opened, nothing is sent.

use serde_json::Value;
use strata_api::{
    change::{ChangeReport, Obstacle, ObstacleKind},
    edit::{EditObject, Manifest},
    error::ApiError,
    explanation::ObjectName,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::{field_path::FieldPath, ids::GroupKind};
use strata_ports::{contexts::Context, control::Verb, objects::ObjectAddress};

use super::{
    carry_out,
    delete::address,
    kubectl::Kubectl,
    manifest::{self, Document, broken},
    obstacle::{called, obstacle, of_error},
    plan::{Plan, Planned, Source},
    shown,
};
use crate::{error::of_port, operations::Operations, why::read};

/// Fields and the values they get; one without a value goes.
type Edits = Vec<(FieldPath, Option<Value>)>;

/// An object as one would write it.
pub(crate) async fn read_manifest(
    operations: &Operations,
    context: &Context,
    name: &ObjectName,
) -> Result<Manifest, ApiError> {
    let address = find(operations, context, name).await?;
    let object = operations.objects.get(&context.id, address.clone()).await;
    let object = object.map_err(|error| of_port(&error))?;
    Ok(Manifest {
        object: shown::named(&address),
        yaml: shown::yaml(Some(&object)),
    })
}

/// Gives the object what was edited.
pub(crate) async fn edit_object(
    operations: &Operations,
    context: &Context,
    request: EditObject,
) -> Result<ChangeReport, ApiError> {
    let address = find(operations, context, &request.object).await?;
    let planned = match (one(&request.before), one(&request.after)) {
        (Ok(before), Ok(after)) => {
            planned(operations, context, address, &before.object, after).await
        }
        (Err(obstacles), _) | (_, Err(obstacles)) => Err(obstacles),
    };
    let plan = match planned {
        Ok(step) => Plan {
            steps: vec![step],
            ..Plan::default()
        },
        Err(obstacles) => Plan {
            obstacles,
            ..Plan::default()
        },
    };
    carry_out(operations, context, plan, request.intent).await
}

async fn find(
    operations: &Operations,
    context: &Context,
    name: &ObjectName,
) -> Result<ObjectAddress, ApiError> {
    let served = operations.objects.served(&context.id).await;
    let served = served.map_err(|error| of_port(&error))?;
    address(&served, name).map_err(|error| of_port(&error))
}

/// The only document of `text`.
fn one(text: &str) -> Result<Document, Vec<Obstacle>> {
    let (mut documents, obstacles) = manifest::read(text);
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => Ok(document),
        (last, _) => {
            let line = last.map(|document| document.lines.line);
            let sentence = Phrase::new(PhraseCode::EditOneObject);
            Err(vec![broken(sentence, line)])
        }
    }
}

async fn planned(
    operations: &Operations,
    context: &Context,
    address: ObjectAddress,
    before: &Value,
    after: Document,
) -> Result<Planned, Vec<Obstacle>> {
    let fault = |code: PhraseCode, field: &str| {
        let sentence = Phrase::new(code).with("object", called(&address));
        let line = after.lines.at(&after.object, field);
        vec![broken(sentence, Some(line))]
    };
    if let Some(field) = renamed(before, &after.object) {
        return Err(fault(PhraseCode::EditKeepsIdentity, field));
    }
    let edits = edits(before, &after.object);
    let is_secret = address.kind == GroupKind::new("", "Secret");
    let held = ["data", "stringData"].into_iter().find(|part| {
        let touches = |(path, _): &(FieldPath, Option<Value>)| path.starts_with(&[*part]);
        is_secret && edits.iter().any(touches)
    });
    if let Some(part) = held {
        return Err(fault(PhraseCode::EditNoSecret, &format!(".{part}")));
    }
    let live = operations.objects.get(&context.id, address.clone()).await;
    let live = live.map_err(|error| vec![of_error(&error, &address)])?;
    // Read from its text as well, so that nothing differs but what somebody changed.
    let now = one(&shown::yaml(Some(&live)))?.object;
    if edits
        .iter()
        .any(|(path, _)| path.get(&now) != path.get(before))
    {
        let code = PhraseCode::ObjectChangedMeanwhile;
        let sentence = Phrase::new(code).with("object", called(&address));
        return Err(vec![obstacle(ObstacleKind::Stale, sentence)]);
    }
    let mut patch = Value::Null;
    for (path, value) in &edits {
        path.set(&mut patch, value.clone().unwrap_or(Value::Null));
    }
    let command = Kubectl::of(context).merge(&address, &patch);
    let Document { object, lines } = after;
    Ok(Planned {
        source: Some(Source { object, lines }),
        ..Planned::new(address, Verb::Set { fields: edits }, command)
    })
}

/// The field by which `after` is another object than `before`; none where it is the same.
fn renamed(before: &Value, after: &Value) -> Option<&'static str> {
    let fields = [
        ("/apiVersion", ".apiVersion"),
        ("/kind", ".kind"),
        ("/metadata/name", ".metadata.name"),
        ("/metadata/namespace", ".metadata.namespace"),
    ];
    let is_other = |pointer| read::text(before, pointer) != read::text(after, pointer);
    fields
        .into_iter()
        .find_map(|(pointer, field)| is_other(pointer).then_some(field))
}

/// What makes `after` of `before`.
fn edits(before: &Value, after: &Value) -> Edits {
    let mut found = Vec::new();
    differ(&FieldPath::default(), before, after, &mut found);
    found
}

fn differ(path: &FieldPath, before: &Value, after: &Value, found: &mut Edits) {
    let (Value::Object(was), Value::Object(is)) = (before, after) else {
        if before != after {
            found.push((path.clone(), Some(after.clone())));
        }
        return;
    };
    let gone = was.keys().filter(|name| !is.contains_key(*name));
    found.extend(gone.map(|name| (path.field(name), None)));
    for (name, value) in is {
        match was.get(name) {
            Some(was) => differ(&path.field(name), was, value, found),
            None => found.push((path.field(name), Some(value.clone()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_edited_is_sent() {
        let before =
            json!({ "spec": { "replicas": 2, "paused": true, "list": [1, 2] }, "kept": 1 });
        let after = json!({ "kept": 1, "spec": { "list": [1], "more": {}, "replicas": 3 } });
        let spec = FieldPath::of(["spec"]);
        assert_eq!(
            edits(&before, &after),
            [
                (spec.field("paused"), None),
                (spec.field("list"), Some(json!([1]))),
                (spec.field("more"), Some(json!({}))),
                (spec.field("replicas"), Some(json!(3))),
            ]
        );
    }

    #[test]
    fn an_edited_object_stays_the_one_it_is() {
        let one = json!({ "kind": "Job", "metadata": { "name": "one" } });
        let other = json!({ "kind": "Job", "metadata": { "name": "other" } });
        assert_eq!(renamed(&one, &one), None);
        assert_eq!(renamed(&one, &other), Some(".metadata.name"));
    }

    #[test]
    fn two_documents_are_no_edit_of_one() {
        let document = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n";
        assert!(one(document).is_ok());
        assert!(one(&format!("{document}---\n{document}")).is_err());
    }
}
