//! Running another image in a container of a workload.

use serde_json::Value;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::field_path::FieldPath;

use super::{Found, Ground, Steps, cannot, not_of_kind};
use crate::{change::kubectl::quoted, why::read};

pub(super) fn set_image(ground: &Ground<'_>, found: &Found, container: &str, image: &str) -> Steps {
    let spec = if found.is_a("", "Pod") {
        FieldPath::of(["spec"])
    } else if found.is_a("batch", "CronJob") {
        FieldPath::of(["spec", "jobTemplate", "spec", "template", "spec"])
    } else {
        FieldPath::of(["spec", "template", "spec"])
    };
    let Some(pod) = spec.get(&found.object) else {
        return Err(not_of_kind(found));
    };
    let lists = ["containers", "initContainers"];
    let Some(list) = lists
        .into_iter()
        .find(|list| named(pod, list).contains(&container))
    else {
        let there: Vec<&str> = lists.iter().flat_map(|list| named(pod, list)).collect();
        let sentence = Phrase::new(PhraseCode::ContainerMissing)
            .with("container", container)
            .with("containers", there.join(", "));
        return Err(cannot(sentence));
    };
    let path = spec.field(list).keyed("name", container).field("image");
    let mut step = ground.set(&found.address, vec![(path, Some(image.into()))]);
    let after = format!(" {}", quoted(&format!("{container}={image}")));
    step.kubectl = ground.kubectl.command("set image", &found.address, &after);
    Ok(vec![step])
}

/// The names of the containers in a list of a pod's spec.
fn named<'a>(pod: &'a Value, list: &str) -> Vec<&'a str> {
    let listed = pod.get(list).and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .map(|container| read::text(container, "/name"))
        .collect()
}
