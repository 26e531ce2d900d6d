//! What KubeRay refuses to act on.
//!
//! Source: `controllers/ray/utils/validation.go` of KubeRay 1.6, as far as it judges fields that
//! people write.

use serde_json::Value;

use crate::json;

/// The first Ray that knows tokens.
const TOKENS_SINCE: [u64; 3] = [2, 52, 0];

/// What is wrong with the specification of a cluster.
pub(super) fn of_cluster(spec: &Value) -> Option<String> {
    if json::items(spec, "/headGroupSpec/template/spec/containers").is_empty() {
        return Some("headGroupSpec should have at least one container".to_owned());
    }
    let groups = json::items(spec, "/workerGroupSpecs");
    groups.iter().find_map(of_group).or_else(|| of_tokens(spec))
}

fn of_group(group: &Value) -> Option<String> {
    let name = json::text(group, "/groupName");
    if json::items(group, "/template/spec/containers").is_empty() {
        return Some("workerGroupSpec should have at least one container".to_owned());
    }
    let bound = |field: &str| group.get(field).and_then(Value::as_i64);
    let (least, most) = (bound("minReplicas"), bound("maxReplicas"));
    match (least, most) {
        (Some(least), _) if least < 0 => Some(format!(
            "worker group {name} has negative minReplicas {least}"
        )),
        (_, Some(most)) if most < 0 => Some(format!(
            "worker group {name} has negative maxReplicas {most}"
        )),
        (Some(least), Some(most)) if least > most => Some(format!(
            "worker group {name} has minReplicas {least} greater than maxReplicas {most}"
        )),
        _ => None,
    }
}

/// Tokens need a Ray that knows them.
fn of_tokens(spec: &Value) -> Option<String> {
    if json::text(spec, "/authOptions/mode") != "token" {
        return None;
    }
    let said = json::text(spec, "/rayVersion");
    if said.is_empty() {
        let why = "authOptions.mode is 'token' but RayVersion was not specified. Ray version 2.52.0 \
                   or later is required";
        return Some(why.to_owned());
    }
    match version(said) {
        None => Some(format!(
            "authOptions.mode is 'token' but RayVersion format is invalid: {said}, could not parse \
             \"{said}\" as version"
        )),
        Some(version) if version < TOKENS_SINCE => Some(format!(
            "authOptions.mode is 'token' but minimum Ray version is 2.52.0, got {said}"
        )),
        Some(_) => None,
    }
}

/// A version's first three numbers; none where it is no version.
fn version(text: &str) -> Option<[u64; 3]> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers = text.get(..end.unwrap_or(text.len()))?;
    let mut parts = numbers.trim_end_matches('.').split('.');
    let first = parts.next()?.parse().ok()?;
    let second = parts.next()?.parse().ok()?;
    let third = parts.next().map_or(Ok(0), str::parse).ok()?;
    Some([first, second, third])
}

/// What is wrong with the specification of a job.
pub(super) fn of_job(spec: &Value) -> Option<String> {
    let invalid = |why: &str| Some(format!("The RayJob spec is invalid: {why}"));
    let selects = spec
        .pointer("/clusterSelector")
        .and_then(Value::as_object)
        .is_some_and(|selector| !selector.is_empty());
    let is_suspended = json::flag(spec, "/suspend");
    if is_suspended && !json::flag(spec, "/shutdownAfterJobFinishes") {
        return invalid(
            "a RayJob with shutdownAfterJobFinishes set to false is not allowed to be suspended",
        );
    }
    if is_suspended && selects {
        return invalid("the ClusterSelector mode doesn't support the suspend operation");
    }
    let Some(cluster) = spec.get("rayClusterSpec") else {
        return if selects {
            None
        } else {
            invalid("one of RayClusterSpec or ClusterSelector must be set")
        };
    };
    if let Some(why) = of_cluster(cluster) {
        return invalid(&why);
    }
    let deadline = spec.get("activeDeadlineSeconds").and_then(Value::as_i64);
    if deadline.is_some_and(|seconds| seconds <= 0) {
        return invalid("activeDeadlineSeconds must be a positive integer");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_may_have_a_suffix_and_a_word_is_none() {
        assert_eq!(version("2.52.0"), Some([2, 52, 0]));
        assert_eq!(version("v2.9"), Some([2, 9, 0]));
        assert_eq!(version("3.0.0-rc1"), Some([3, 0, 0]));
        assert_eq!(version("latest"), None);
        assert_eq!(version("2"), None);
    }
}
