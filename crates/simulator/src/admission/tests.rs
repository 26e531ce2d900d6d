//! What a real kube-apiserver 1.36.3 answered to an object (`recorded/`), and what we make of it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{Subject, written::Written};
use crate::{
    clock::VirtualClock, kinds::Served, schema::Schemas, server::path::ResourcePath, store::Store,
};

/// A request and its answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recorded {
    api_version: String,
    kind: String,
    given: Value,
    #[serde(default)]
    field_validation: String,
    #[serde(default)]
    warnings: Vec<String>,
    answered: Option<Value>,
    refused: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    code: u16,
    message: String,
}

struct Answer {
    object: Value,
    warnings: Vec<String>,
}

struct Bench {
    store: Arc<Store>,
    schemas: Schemas,
}

impl Bench {
    fn new() -> Self {
        let clock = VirtualClock::starting_at("2026-11-27T08:00:00Z".parse().unwrap());
        let store = Arc::new(Store::new(Arc::new(clock), 1));
        let schemas = Schemas::new(Arc::clone(&store));
        let class = json!({ "metadata": { "name": "models-nfs",
            "annotations": { "storageclass.kubernetes.io/is-default-class": "true" } } });
        let classes = GroupKind::new("storage.k8s.io", "StorageClass");
        store.create(&classes, class).unwrap();
        Self { store, schemas }
    }

    /// Does what the server does with `recorded`; an error is the code and the message.
    fn create(&self, recorded: &Recorded) -> Result<Answer, (u16, String)> {
        let served = Served::read(&self.store);
        let (group, version) = recorded
            .api_version
            .split_once('/')
            .unwrap_or(("", &recorded.api_version));
        let versions = &served.group(group).unwrap().versions;
        let resources = &versions
            .iter()
            .find(|one| one.version == version)
            .unwrap()
            .resources;
        let resource = resources
            .iter()
            .find(|one| one.response_kind.kind == recorded.kind)
            .unwrap();
        let path = ResourcePath {
            group: group.to_owned(),
            version: version.to_owned(),
            namespace: match resource.scope {
                crate::kinds::Scope::Namespaced => "schema".to_owned(),
                crate::kinds::Scope::Cluster => String::new(),
            },
            plural: resource.plural.clone(),
            ..ResourcePath::default()
        };
        let subject = Subject {
            path: &path,
            resource,
            schema: self.schemas.of(group, version, &recorded.kind),
            store: &self.store,
            now: "2026-11-27T08:00:00Z".parse().unwrap(),
            is_dry_run: false,
        };
        let refusal = |failure: crate::server::failure::Failure| {
            let status = failure.status();
            let code = u16::try_from(status["code"].as_u64().unwrap()).unwrap();
            (code, status["message"].as_str().unwrap().to_owned())
        };
        let mut object = recorded.given.clone();
        let oddities = subject
            .decode(&mut object)
            .map_err(|problem| refusal(subject.undecodable(&problem)))?;
        if recorded.field_validation == "Strict"
            && let Some(problem) = oddities.strict_error()
        {
            return Err(refusal(subject.undecodable(&problem)));
        }
        let mut warnings = oddities.lines();
        if recorded.field_validation == "Ignore" {
            warnings.clear();
        }
        warnings.extend(subject.admit(None, &mut object).map_err(refusal)?);
        Ok(Answer { object, warnings })
    }
}

/// An object without what differs from one run to the next.
fn comparable(mut object: Value) -> Value {
    let uid = object["metadata"]["uid"]
        .as_str()
        .unwrap_or("none")
        .to_owned();
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for field in ["uid", "creationTimestamp", "generation"] {
            metadata.remove(field);
        }
    }
    if let Some(fields) = object.as_object_mut() {
        fields.remove("kind");
        fields.remove("apiVersion");
        if let Some(Value::Object(status)) = fields.get_mut("status") {
            status.remove("lastPhaseTransitionTime");
            // A definition is served at once, and its status says so at once.
            status.remove("conditions");
            status.remove("acceptedNames");
        }
    }
    // Addresses and ports are the cluster's to choose.
    if object["spec"]["clusterIP"]
        .as_str()
        .is_some_and(|address| address.starts_with("10."))
    {
        object["spec"]["clusterIP"] = json!("IP");
        object["spec"]["clusterIPs"] = json!(["IP"]);
    }
    for port in ports(&mut object) {
        if port.get("nodePort").is_some() {
            port["nodePort"] = json!(30_000);
        }
    }
    let mut text = without_uids(&object.to_string()).replace(&uid, "UID");
    while let Some(at) = text.find("kube-api-access-") {
        let end = at + "kube-api-access-".len() + 5;
        text.replace_range(at..end, "TOKEN");
    }
    serde_json::from_str(&text).unwrap()
}

fn ports(object: &mut Value) -> &mut [Value] {
    let ports = object
        .pointer_mut("/spec/ports")
        .and_then(Value::as_array_mut);
    ports.map_or(&mut [], Vec::as_mut_slice)
}

fn recorded(text: &str) -> Vec<Recorded> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn objects_are_filled_in_as_a_real_server_does() {
    let bench = Bench::new();
    let mut differing = Vec::new();
    for recorded in recorded(include_str!("recorded/defaults.json")) {
        let Some(answered) = recorded.answered.clone() else {
            continue;
        };
        let made = bench
            .create(&recorded)
            .map(|answer| comparable(answer.object));
        let answered = comparable(answered);
        if made.as_ref() != Ok(&answered) {
            let shown = made.unwrap_or_else(|refusal| json!(refusal));
            differing.push(format!(
                "{}\n  is     {shown}\n  not    {answered}",
                recorded.kind
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn objects_are_refused_in_the_words_of_a_real_server() {
    let bench = Bench::new();
    let mut differing = Vec::new();
    let mut count = 0;
    for recorded in recorded(include_str!("recorded/refusals.json")) {
        count += 1;
        let made = bench.create(&recorded);
        let is = match &made {
            Ok(answer) => format!("201 {:?}", answer.warnings),
            Err((code, message)) => format!("{code} {message}"),
        };
        let wanted = match &recorded.refused {
            None => format!("201 {:?}", recorded.warnings),
            Some(refusal) => format!("{} {}", refusal.code, refusal.message),
        };
        if in_any_order(&is) != in_any_order(&wanted) {
            differing.push(format!(
                "{}\n  is     {is}\n  not    {wanted}",
                recorded.given
            ));
        }
    }
    assert!(
        differing.is_empty(),
        "{} of {count} differ\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// The parts of a message, sorted: what a real server says of the entries of a map comes in any
/// order.
fn in_any_order(text: &str) -> Vec<String> {
    let text = without_uids(text)
        .replace("10.0.0.0/16", "10.96.0.0/16")
        .replace(" [", ", ")
        .replace(']', "");
    let mut parts: Vec<String> = text.split(", ").map(str::to_owned).collect();
    parts.sort();
    parts
}

/// A message with UIDs and made-up names put aside.
fn without_uids(text: &str) -> String {
    let uid = regex::Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
    uid.unwrap().replace_all(text, "UID").into_owned()
}

#[test]
fn a_field_that_is_written_twice_is_an_oddity() {
    let written = Written::parse(br#"{"data":{"a":"b","a":"c"}}"#).unwrap();
    let oddities = super::Oddities {
        duplicates: written.duplicates,
        unknown: vec!["spec.foo".to_owned()],
    };
    assert_eq!(
        oddities.strict_error().unwrap(),
        "strict decoding error: duplicate field \"data.a\", unknown field \"spec.foo\""
    );
}
