//! Where a pod wants to be: node selector, node affinity, and where its volumes are.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_api::{explanation::ReasonCode, phrases::PhraseCode};

use super::{
    super::super::{
        case::Known,
        words::{finding, say, some},
    },
    Found, Machine, Waiting, read,
};

const TERMS: &str =
    "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

/// Whether the pod's selector and required node affinity choose the node.
pub(super) fn chooses(pod: &Value, machine: &Machine<'_>) -> bool {
    let by_selector = read::texts(pod, "/spec/nodeSelector")
        .all(|(key, value)| machine.label(key).as_deref() == Some(value));
    let terms = read::list(pod, TERMS);
    by_selector && (terms.is_empty() || terms.iter().any(|term| term_holds(term, machine)))
}

fn term_holds(term: &Value, machine: &Machine<'_>) -> bool {
    let expressions = read::list(term, "/matchExpressions");
    let fields = read::list(term, "/matchFields");
    let holds = |expression: &Value| read::expression_holds(expression, &|key| machine.label(key));
    let field_holds = |field: &Value| {
        read::expression_holds(field, &|key| {
            (key == "metadata.name").then(|| machine.name.to_owned())
        })
    };
    // An empty term matches nothing.
    !(expressions.is_empty() && fields.is_empty())
        && expressions.iter().all(holds)
        && fields.iter().all(field_holds)
}

/// What the pod wants of a node, piece by piece, as people read it.
struct Wish {
    key: String,
    said: String,
    field: &'static str,
    /// How many of the nodes grant it.
    granted: usize,
}

/// None of the nodes that could hold it matches.
pub(super) fn no_match(waiting: &Waiting<'_>, able: &[&Machine<'_>]) -> Found {
    let mut wishes = wishes(waiting.pod, able);
    wishes.sort_by_key(|wish| wish.granted);
    let said = wishes
        .first()
        .map_or_else(String::new, |wish| wish.said.clone());
    let field = wishes.first().map_or("spec.affinity", |wish| wish.field);
    let key = wishes.first().map_or("", |wish| wish.key.as_str());
    let present: BTreeSet<String> = able
        .iter()
        .filter_map(|machine| {
            if key == "metadata.name" {
                Some(machine.name.to_owned())
            } else {
                machine.label(key)
            }
        })
        .collect();
    let sentence = if present.is_empty() {
        say(PhraseCode::WhyNodeAffinityKey).with("key", key)
    } else {
        let present = some(present.iter().map(String::as_str));
        say(PhraseCode::WhyNodeAffinity).with("present", present)
    };
    let sentence = sentence
        .with("term", said.as_str())
        .with("nodes", able.len());
    Found::new(
        ReasonCode::NodeAffinity,
        sentence,
        say(PhraseCode::ActNodeAffinity),
    )
    .because(finding(waiting.pod, field, &said))
    .because(waiting.said.clone())
}

fn wishes(pod: &Value, able: &[&Machine<'_>]) -> Vec<Wish> {
    let mut wishes: Vec<Wish> = read::texts(pod, "/spec/nodeSelector")
        .map(|(key, value)| Wish {
            key: key.to_owned(),
            said: format!("{key}={value}"),
            field: "spec.nodeSelector",
            granted: able
                .iter()
                .filter(|machine| machine.label(key).as_deref() == Some(value))
                .count(),
        })
        .collect();
    for term in read::list(pod, TERMS) {
        for expression in read::list(term, "/matchExpressions") {
            let holds = |machine: &&&Machine<'_>| {
                read::expression_holds(expression, &|key| machine.label(key))
            };
            wishes.push(wish(expression, able.iter().filter(holds).count()));
        }
        for expression in read::list(term, "/matchFields") {
            let holds = |machine: &&&Machine<'_>| {
                read::expression_holds(expression, &|_| Some(machine.name.to_owned()))
            };
            wishes.push(wish(expression, able.iter().filter(holds).count()));
        }
    }
    wishes
}

fn wish(expression: &Value, granted: usize) -> Wish {
    let key = read::text(expression, "/key");
    let values: Vec<&str> = read::list(expression, "/values")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let said = format!(
        "{key} {} {}",
        read::text(expression, "/operator"),
        values.join(", ")
    );
    Wish {
        key: key.to_owned(),
        said: said.trim_end().to_owned(),
        field: "spec.affinity.nodeAffinity",
        granted,
    }
}

/// The volume of the pod that cannot be used on the node, with its claim's name.
pub(super) fn volume_elsewhere<'a>(
    waiting: &Waiting<'a>,
    machine: &Machine<'_>,
) -> Option<(&'a str, &'a Value)> {
    volumes(waiting).find(|(_, volume)| {
        let terms = read::list(volume, "/spec/nodeAffinity/required/nodeSelectorTerms");
        !terms.is_empty() && !terms.iter().any(|term| term_holds(term, machine))
    })
}

/// The bound volumes of the pod's claims.
fn volumes<'a>(waiting: &Waiting<'a>) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let case = waiting.case;
    let namespace = read::namespace(waiting.pod);
    super::super::volumes::claims(waiting.pod).filter_map(move |claim| {
        let known = case.known("", "PersistentVolumeClaim", namespace, &claim);
        let Known::There(claim) = known else {
            return None;
        };
        let volume = read::text(claim, "/spec/volumeName");
        match case.known("", "PersistentVolume", "", volume) {
            Known::There(volume) => Some((read::name(claim), volume)),
            Known::Absent | Known::Unknown => None,
        }
    })
}

/// Its volumes are where none of the nodes that it chooses is.
pub(super) fn wrong_place(waiting: &Waiting<'_>, chosen: &[&Machine<'_>]) -> Found {
    let elsewhere = chosen
        .iter()
        .find_map(|machine| volume_elsewhere(waiting, machine));
    let (claim, place, evidence) = elsewhere.map_or_else(
        || (String::new(), String::new(), None),
        |(claim, volume)| {
            let terms = read::list(volume, "/spec/nodeAffinity/required/nodeSelectorTerms");
            let said: Vec<String> = terms
                .iter()
                .flat_map(|term| read::list(term, "/matchExpressions"))
                .map(|expression| wish(expression, 0).said)
                .collect();
            let said = said.join("; ");
            let evidence = finding(volume, "spec.nodeAffinity", &said);
            (claim.to_owned(), said, Some(evidence))
        },
    );
    let sentence = say(PhraseCode::WhyVolumeZone)
        .with("claim", claim)
        .with("place", place)
        .with("nodes", chosen.len());
    Found::new(
        ReasonCode::VolumeZone,
        sentence,
        say(PhraseCode::ActVolumeZone),
    )
    .also(evidence)
    .because(waiting.said.clone())
}
