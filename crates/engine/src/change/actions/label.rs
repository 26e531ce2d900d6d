//! Giving an object a label, or taking it away.

use strata_domain::field_path::FieldPath;

use super::{Found, Ground};
use crate::change::{kubectl::quoted, plan::Planned};

pub(super) fn label(ground: &Ground<'_>, found: &Found, key: &str, value: Option<&str>) -> Planned {
    let path = FieldPath::of(["metadata", "labels"]).field(key);
    let mut step = ground.set(&found.address, vec![(path, value.map(Into::into))]);
    let written = value.map_or_else(|| format!("{key}-"), |value| format!("{key}={value}"));
    let overwrite = if value.is_some() { " --overwrite" } else { "" };
    let after = format!(" {}{overwrite}", quoted(&written));
    step.kubectl = ground.kubectl.command("label", &found.address, &after);
    step
}
