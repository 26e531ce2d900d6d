//! `scale`: how many replicas a workload is to have, the same for every kind that has them
//! (`autoscaling/v1`).

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{changed, is_dry_run};
use crate::{
    json, kinds,
    label_selector::LabelSelector,
    server::{
        ResponseBody, Server, Target,
        failure::{Cause, Failure},
        json_response,
        query::Query,
    },
    store::{Refused, Store},
};

/// Where an object keeps what its scale shows.
pub(crate) struct Fields {
    pub(crate) replicas: String,
    observed: String,
    /// Where the selector stands as text; built-in kinds have it as an object in their spec.
    pub(crate) selector: Option<String>,
}

impl Fields {
    /// Those of built-in kinds.
    pub(crate) fn built_in() -> Self {
        Self {
            replicas: "/spec/replicas".to_owned(),
            observed: "/status/replicas".to_owned(),
            selector: None,
        }
    }

    /// Those that a definition, `PLURAL.GROUP`, says for a version.
    pub(crate) fn of_custom(store: &Store, qualified: &str, version: &str) -> Self {
        let name = ObjectKey::new("", qualified);
        let Some(definition) = store.get(&kinds::definition(), &name) else {
            return Self::built_in();
        };
        let definition = definition.value();
        let version = json::items(&definition, "/spec/versions")
            .iter()
            .find(|known| json::text(known, "/name") == version);
        let pointer = |field: &str| {
            let path = json::text(version?, &format!("/subresources/scale/{field}"));
            (!path.is_empty()).then(|| path.replace('.', "/"))
        };
        Self {
            replicas: pointer("specReplicasPath").unwrap_or_default(),
            observed: pointer("statusReplicasPath").unwrap_or_default(),
            selector: Some(pointer("labelSelectorPath").unwrap_or_default()),
        }
    }
}

impl Server {
    /// The scale of an object.
    pub(super) fn scale(&self, target: &Target<'_>) -> Result<Response<ResponseBody>, Failure> {
        let object = self.current(target)?.value();
        let scale = read(&object, &self.fields_of(target))?;
        Ok(json_response(StatusCode::OK, scale.to_string()))
    }

    /// Gives an object the scale that a request asks for.
    pub(super) fn rescale(
        &self,
        target: &Target<'_>,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let fields = self.fields_of(target);
        let live = self.current(target)?.value();
        let asked = changed(&read(&live, &fields)?, request)?;
        let replicas = check(target, &asked)?;
        let mut object = live.clone();
        set(&mut object, &fields.replicas, replicas.into());
        self.own_part(target, query, request, &live, &mut object)?;
        let metadata = json::object_at(&mut object, "metadata");
        match asked.pointer("/metadata/resourceVersion") {
            Some(version) => metadata.insert("resourceVersion".to_owned(), version.clone()),
            None => metadata.remove("resourceVersion"),
        };
        if is_dry_run(query) {
            return Ok(json_response(
                StatusCode::OK,
                read(&object, &fields)?.to_string(),
            ));
        }
        let stored =
            self.store
                .replace(&target.kind(), object)
                .map_err(|refused| match refused {
                    Refused::NotFound => Failure::not_found(target.path),
                    Refused::Conflict | Refused::AlreadyExists => Failure::conflict(target.path),
                })?;
        let scale = read(&stored.value(), &fields)?;
        Ok(json_response(StatusCode::OK, scale.to_string()))
    }

    fn fields_of(&self, target: &Target<'_>) -> Fields {
        if target.is_custom() {
            Fields::of_custom(&self.store, &target.path.qualified(), &target.path.version)
        } else {
            Fields::built_in()
        }
    }
}

/// The scale of `object`.
pub(crate) fn read(object: &Value, fields: &Fields) -> Result<Value, Failure> {
    let replicas = object.pointer(&fields.replicas).and_then(Value::as_i64);
    let replicas = match (replicas, &fields.selector) {
        (Some(replicas), _) => replicas,
        (None, None) => 1,
        (None, Some(_)) => {
            return Err(Failure::internal(&format!(
                "the spec replicas field \"{}\" does not exist",
                fields.replicas.replace('/', ".")
            )));
        }
    };
    let selector = match &fields.selector {
        Some(pointer) if pointer.is_empty() => String::new(),
        Some(pointer) => json::text(object, pointer).to_owned(),
        None => match object.pointer("/spec/selector") {
            Some(map) if is_plain_map(map) => LabelSelector::of_map(map).to_string(),
            Some(value) => LabelSelector::read(value).unwrap_or_default().to_string(),
            None => String::new(),
        },
    };
    let mut metadata = json!({});
    let kept = json::as_object(&mut metadata);
    for field in [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
    ] {
        if let Some(value) = object.pointer(&format!("/metadata/{field}")) {
            kept.insert(field.to_owned(), value.clone());
        }
    }
    let mut spec = json!({});
    // What is 0 is left out, as the API leaves it out.
    if replicas != 0 {
        json::as_object(&mut spec).insert("replicas".to_owned(), replicas.into());
    }
    let mut status = json!({ "replicas": json::count(object, &fields.observed) });
    if !selector.is_empty() {
        json::as_object(&mut status).insert("selector".to_owned(), selector.into());
    }
    Ok(
        json!({ "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
        "spec": spec, "status": status }),
    )
}

/// Whether a selector is a map of labels, as replication controllers have it.
pub(crate) fn is_plain_map(selector: &Value) -> bool {
    selector
        .as_object()
        .is_some_and(|fields| fields.values().all(Value::is_string))
}

/// How many replicas a scale asks for, if it may.
fn check(target: &Target<'_>, scale: &Value) -> Result<i64, Failure> {
    let kind = json::text(scale, "/kind");
    if !kind.is_empty() && kind != "Scale" {
        let api_version = json::text(scale, "/apiVersion");
        let version = api_version.rsplit('/').next().unwrap_or_default();
        return Err(Failure::bad_request(format!(
            "{kind} in version \"{version}\" cannot be handled as a Scale: converting \
             ({version}.{kind}) to (autoscaling.Scale): unknown conversion"
        )));
    }
    let on_url = target.path.name.as_deref().unwrap_or_default();
    let name = json::text(scale, "/metadata/name");
    if !name.is_empty() && name != on_url {
        return Err(Failure::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({on_url})"
        )));
    }
    let replicas = match scale.pointer("/spec/replicas") {
        None | Some(Value::Null) => 0,
        Some(value) => value.as_i64().ok_or_else(|| {
            Failure::bad_request(
                "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal \
                 string into Go struct field ScaleSpec.spec.replicas of type int32",
            )
        })?,
    };
    if replicas < 0 {
        let why = "must be greater than or equal to 0";
        let cause = Cause::invalid("spec.replicas", &replicas.to_string(), why);
        return Err(Failure::invalid_because(
            "autoscaling",
            "Scale",
            on_url,
            &[cause],
        ));
    }
    Ok(replicas)
}

/// Sets what `pointer` names, and makes the objects on the way to it.
pub(crate) fn set(object: &mut Value, pointer: &str, value: Value) {
    let mut place = object;
    for field in pointer.split('/').skip(1) {
        place = json::as_object(place).entry(field).or_insert(Value::Null);
    }
    *place = value;
}
