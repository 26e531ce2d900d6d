//! `label_replace` and `label_join`.

use std::sync::Arc;

use promql_parser::parser::Call;
use regex::Regex;

use super::{
    evaluate::{Outcome, Query, QueryError, Sample},
    targets::{LabelSet, value_of},
};

/// The result of either function at `time`.
pub(super) fn call(query: &Query<'_>, call: &Call, time: f64) -> Result<Outcome, QueryError> {
    let mut texts = Vec::new();
    let mut samples = Vec::new();
    for expr in &call.args.args {
        match query.evaluate(expr, time)? {
            Outcome::Text(text) => texts.push(text),
            Outcome::Vector(vector) => samples = vector,
            _ => {}
        }
    }
    let changed: Vec<Sample> = if call.func.name == "label_replace" {
        let [target, replacement, source, pattern] = texts.as_slice() else {
            return Err(QueryError::execution("label_replace needs four strings"));
        };
        let pattern = Regex::new(&format!("^(?s:{pattern})$")).map_err(|_| {
            QueryError::execution(format!(
                "invalid regular expression in label_replace(): {pattern}"
            ))
        })?;
        samples
            .into_iter()
            .map(|sample| {
                let Some(found) = pattern.captures(value_of(&sample.labels, source)) else {
                    return sample;
                };
                let mut value = String::new();
                found.expand(replacement, &mut value);
                with(&sample, target, value)
            })
            .collect()
    } else {
        let [target, separator, sources @ ..] = texts.as_slice() else {
            return Err(QueryError::execution("label_join needs strings"));
        };
        samples
            .into_iter()
            .map(|sample| {
                let values: Vec<&str> = sources
                    .iter()
                    .map(|source| value_of(&sample.labels, source))
                    .collect();
                with(&sample, target, values.join(separator))
            })
            .collect()
    };
    Ok(Outcome::Vector(changed))
}

/// `sample` with the label `name`, or without it where `value` is empty.
fn with(sample: &Sample, name: &str, value: String) -> Sample {
    let mut labels: LabelSet = sample
        .labels
        .iter()
        .filter(|(known, _)| known != name)
        .cloned()
        .collect();
    if !value.is_empty() {
        labels.push((name.to_owned(), value));
        labels.sort();
    }
    Sample {
        labels: Arc::new(labels),
        ..sample.clone()
    }
}
