//! What stands in the way of a deployment: a pure function of the manifests and the facts.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_api::{
    phrases::{Phrase, PhraseCode as P},
    recipes::{Check, CheckState, CheckSubject as Subject},
};
use strata_recipes::demand::{PodDemand, images_of, pods_of_all, storage_classes_of};

use super::{
    cost::{self, Prices},
    facts::{Asked, Facts, Found, Plan, unread},
    fit,
};
use crate::change::policy::denial;

mod room;

use room::{queue, quota};

/// The annotation of the class that makes volumes where none is named.
const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";

/// Every check, in the order of the strip.
pub(crate) fn judge(plan: &Plan, facts: &Facts, prices: &Prices) -> Vec<Check> {
    let demands: Vec<PodDemand> = pods_of_all(&plan.objects);
    let mut checks = vec![
        kinds(plan),
        namespace(plan, &facts.namespace),
        images(plan),
        read(Subject::Quota, &facts.quotas, |quotas| {
            quota(&demands, quotas)
        }),
    ];
    checks.extend(queue(plan, &facts.queues));
    checks.push(match (&facts.nodes, &facts.pods) {
        (Ok(nodes), Ok(pods)) => fit::check(&demands, nodes, pods),
        (Err(why), _) | (_, Err(why)) => unknown(Subject::Fit, why),
    });
    checks.extend(storage(plan, &facts.classes));
    checks.extend(secrets(plan, facts));
    checks.extend(references(facts));
    checks.push(read(Subject::Permission, &facts.missing, permission));
    checks.extend(policy(&facts.pods_refused));
    if let Ok(nodes) = &facts.nodes {
        checks.extend(cost::check(&demands, nodes, prices));
    }
    checks
}

pub(crate) fn ok(subject: Subject, sentence: Phrase) -> Check {
    Check {
        subject,
        state: CheckState::Ok,
        sentence,
        remedy: None,
        details: Vec::new(),
    }
}

pub(crate) fn failed(subject: Subject, sentence: Phrase, remedy: P) -> Check {
    Check {
        state: CheckState::Failed,
        remedy: Some(Phrase::new(remedy)),
        ..ok(subject, sentence)
    }
}

pub(crate) fn warning(subject: Subject, sentence: Phrase, remedy: P) -> Check {
    Check {
        state: CheckState::Warning,
        ..failed(subject, sentence, remedy)
    }
}

pub(crate) fn unknown(subject: Subject, why: &str) -> Check {
    Check {
        state: CheckState::Unknown,
        ..ok(subject, unread(why))
    }
}

fn read<T>(subject: Subject, found: &Found<T>, judge: impl FnOnce(&T) -> Check) -> Check {
    match found {
        Ok(found) => judge(found),
        Err(why) => unknown(subject, why),
    }
}

fn kinds(plan: &Plan) -> Check {
    let missing: Vec<String> = plan
        .kinds
        .iter()
        .filter(|kind| kind.served == Some(false))
        .map(|kind| match kind.component.as_str() {
            "" => kind.kind.clone(),
            component => format!("{} ({component})", kind.kind),
        })
        .collect();
    if missing.is_empty() {
        let sentence = Phrase::new(P::CheckKinds).with("count", plan.kinds.len());
        return ok(Subject::Kinds, sentence);
    }
    let sentence = Phrase::new(P::CheckKindsMissing).with("kinds", missing.join(", "));
    failed(Subject::Kinds, sentence, P::CheckKindsRemedy)
}

fn namespace(plan: &Plan, found: &Found<bool>) -> Check {
    let say = |code| Phrase::new(code).with("namespace", plan.namespace.as_str());
    read(Subject::Namespace, found, |is_there| {
        if *is_there {
            ok(Subject::Namespace, say(P::CheckNamespace))
        } else {
            failed(
                Subject::Namespace,
                say(P::CheckNamespaceMissing),
                P::CheckNamespaceRemedy,
            )
        }
    })
}

/// The recipe has read the references; what they name may still change from one start to the next.
fn images(plan: &Plan) -> Check {
    let images: BTreeSet<String> = plan.objects.iter().flat_map(images_of).collect();
    let moving: Vec<&str> = images
        .iter()
        .map(String::as_str)
        .filter(|image| is_moving(image))
        .collect();
    if moving.is_empty() {
        return ok(
            Subject::Image,
            Phrase::new(P::CheckImages).with("count", images.len()),
        );
    }
    let sentence = Phrase::new(P::CheckImageMoves).with("images", moving.join(", "));
    warning(Subject::Image, sentence, P::CheckImageRemedy)
}

/// Whether the reference names no digest, and no tag with a number in it.
pub(crate) fn is_moving(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains('@') {
        return false;
    }
    let tag = last.split_once(':').map_or("", |(_, tag)| tag);
    tag.ends_with("latest") || !tag.contains(|letter: char| letter.is_ascii_digit())
}

fn storage(plan: &Plan, found: &Found<Vec<Value>>) -> Option<Check> {
    let wanted: BTreeSet<String> = plan.objects.iter().flat_map(storage_classes_of).collect();
    if wanted.is_empty() {
        return None;
    }
    Some(read(Subject::Storage, found, |classes| {
        let name = |class: &Value| {
            let name = class.pointer("/metadata/name").and_then(Value::as_str);
            name.unwrap_or_default().to_owned()
        };
        let default = classes.iter().find(|class| {
            let notes = class.pointer("/metadata/annotations");
            notes.and_then(|notes| notes.get(DEFAULT_CLASS)?.as_str()) == Some("true")
        });
        for class in &wanted {
            if class.is_empty() && default.is_none() {
                let sentence = Phrase::new(P::CheckNoDefaultClass);
                return failed(Subject::Storage, sentence, P::CheckStorageRemedy);
            }
            if !class.is_empty() && !classes.iter().any(|known| name(known) == *class) {
                let sentence = Phrase::new(P::CheckClassMissing).with("class", class.as_str());
                let mut check = failed(Subject::Storage, sentence, P::CheckStorageRemedy);
                check.details = classes.iter().map(name).collect();
                return check;
            }
        }
        let said: Vec<String> = wanted
            .iter()
            .map(|class| match default {
                Some(default) if class.is_empty() => name(default),
                _ => class.clone(),
            })
            .collect();
        let sentence = Phrase::new(P::CheckStorage).with("classes", said.join(", "));
        ok(Subject::Storage, sentence)
    }))
}

fn secrets(plan: &Plan, facts: &Facts) -> Option<Check> {
    if plan.secrets.is_empty() {
        return None;
    }
    for wanted in &plan.secrets {
        let say = |code| {
            Phrase::new(code)
                .with("secret", wanted.name.as_str())
                .with("key", wanted.key.as_str())
        };
        match facts.secrets.get(&wanted.name) {
            Some(Ok(Some(secret))) => {
                let has_key = secret
                    .get("data")
                    .is_some_and(|data| data.get(&wanted.key).is_some());
                if !has_key {
                    let sentence = say(P::CheckSecretKeyMissing);
                    return Some(failed(Subject::Secret, sentence, P::CheckSecretRemedy));
                }
            }
            Some(Ok(None)) => {
                let sentence = say(P::CheckSecretMissing);
                return Some(failed(Subject::Secret, sentence, P::CheckSecretRemedy));
            }
            Some(Err(why)) => return Some(unknown(Subject::Secret, why)),
            None => {}
        }
    }
    let sentence = Phrase::new(P::CheckSecrets).with("count", plan.secrets.len());
    Some(ok(Subject::Secret, sentence))
}

fn references(facts: &Facts) -> Option<Check> {
    if facts.references.is_empty() {
        return None;
    }
    for (address, found) in &facts.references {
        match found {
            Ok(true) => {}
            Ok(false) => {
                let sentence =
                    Phrase::new(P::CheckReferenceMissing).with("object", address.to_string());
                let check = failed(Subject::Reference, sentence, P::CheckReferenceRemedy);
                return Some(check);
            }
            Err(why) => return Some(unknown(Subject::Reference, why)),
        }
    }
    let sentence = Phrase::new(P::CheckReferences).with("count", facts.references.len());
    Some(ok(Subject::Reference, sentence))
}

fn permission(missing: &BTreeSet<String>) -> Check {
    if missing.is_empty() {
        return ok(Subject::Permission, Phrase::new(P::CheckPermission));
    }
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let sentence = Phrase::new(P::CheckPermissionMissing).with("permissions", names.join(", "));
    failed(Subject::Permission, sentence, P::CheckPermissionRemedy)
}

/// What the API server says of the pods that the objects make; controllers make them later, when
/// nobody looks.
fn policy(asked: &[Asked]) -> Option<Check> {
    let mut warnings: BTreeSet<&str> = BTreeSet::new();
    let mut why = None;
    for Asked { owner, said } in asked {
        match said {
            Ok(said) => warnings.extend(said.iter().map(String::as_str)),
            Err(refused) => match denial(refused, owner) {
                Some(sentence) => {
                    return Some(failed(Subject::Policy, sentence, P::CheckPolicyRemedy));
                }
                // The check of quotas tells that.
                None if refused.contains("exceeded quota") => {}
                None => why = Some(refused.as_str()),
            },
        }
    }
    if let Some(why) = why {
        return Some(unknown(Subject::Policy, why));
    }
    if asked.is_empty() {
        return None;
    }
    if warnings.is_empty() {
        return Some(ok(Subject::Policy, Phrase::new(P::CheckPolicy)));
    }
    let sentence = Phrase::new(P::CheckPolicyWarns).with("count", warnings.len());
    let mut check = warning(Subject::Policy, sentence, P::CheckPolicyWarnsRemedy);
    check.details = warnings.into_iter().map(str::to_owned).collect();
    Some(check)
}
