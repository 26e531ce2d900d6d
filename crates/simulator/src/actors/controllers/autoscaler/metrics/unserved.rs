//! Metrics that nobody serves: those of pods and objects, and external ones.

use serde_json::Value;

use super::Unable;
use crate::json;

const NO_CUSTOM: &str = "unable to fetch metrics from custom metrics API: no custom metrics API \
    (custom.metrics.k8s.io) registered";

/// Why the metric `spec` of an autoscaler in `namespace` asks for nothing.
pub(super) fn unable(spec: &Value, namespace: &str) -> Unable {
    match json::text(spec, "/type") {
        "Pods" => {
            let name = json::text(spec, "/pods/metric/name");
            let why = format!("unable to get metric {name}: {NO_CUSTOM}");
            Unable {
                reason: "FailedGetPodsMetric",
                outer: format!("failed to get pods metric value: {why}"),
                why,
            }
        }
        "Object" => {
            let name = json::text(spec, "/object/metric/name");
            let kind = json::text(spec, "/object/describedObject/kind");
            let object = json::text(spec, "/object/describedObject/name");
            let why =
                format!("unable to get metric {name}: {kind} on {namespace} {object}/{NO_CUSTOM}");
            let inner = if json::text(spec, "/object/target/type") == "Value" {
                why.clone()
            } else {
                format!("failed to get {name} object metric: {why}")
            };
            Unable {
                reason: "FailedGetObjectMetric",
                outer: format!("failed to get object metric value: {inner}"),
                why,
            }
        }
        _ => external(spec, namespace),
    }
}

fn external(spec: &Value, namespace: &str) -> Unable {
    let name = json::text(spec, "/external/metric/name");
    let selector = written(spec.pointer("/external/metric/selector"));
    let why = format!(
        "unable to get external metric {namespace}/{name}/{selector}: unable to fetch metrics from \
         external metrics API: the server could not find the requested resource (get \
         {name}.external.metrics.k8s.io)"
    );
    let inner = if spec.pointer("/external/target/averageValue").is_some() {
        format!("failed to get {name} external metric: {why}")
    } else {
        format!("failed to get external metric {name}: {why}")
    };
    Unable {
        reason: "FailedGetExternalMetric",
        outer: format!("failed to get {name} external metric value: {inner}"),
        why,
    }
}

/// A selector as Go prints it.
fn written(selector: Option<&Value>) -> String {
    let Some(selector) = selector else {
        return "nil".to_owned();
    };
    let labels = selector.get("matchLabels").and_then(Value::as_object);
    let labels: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(label, value)| format!("{label}: {},", value.as_str().unwrap_or_default()))
        .collect();
    let requirements: Vec<String> = json::items(selector, "/matchExpressions")
        .iter()
        .map(|it| {
            let values: Vec<&str> = json::items(it, "/values")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            format!(
                "LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},",
                json::text(it, "/key"),
                json::text(it, "/operator"),
                values.join(" ")
            )
        })
        .collect();
    let (labels, requirements) = (labels.concat(), requirements.concat());
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:\
         []LabelSelectorRequirement{{{requirements}}},}}"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_selector_is_written_as_go_prints_it() {
        assert_eq!(written(None), "nil");
        assert_eq!(
            written(Some(&json!({ "matchLabels": { "a": "b" } }))),
            "&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:\
             []LabelSelectorRequirement{},}"
        );
    }
}
