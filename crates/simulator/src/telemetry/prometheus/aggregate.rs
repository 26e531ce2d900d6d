//! Aggregations: `sum by (…)`, `topk`, `quantile` and their like.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use promql_parser::parser::{AggregateExpr, Expr, LabelModifier};

use super::{
    super::number,
    evaluate::{Outcome, Query, QueryError, Sample},
    functions,
    targets::{LabelSet, NAME},
};

/// The result of an aggregation at `time`.
pub(super) fn evaluate(
    query: &Query<'_>,
    aggregate: &AggregateExpr,
    time: f64,
) -> Result<Outcome, QueryError> {
    let samples = query.vector_of(&aggregate.expr, time)?;
    let operator = aggregate.op.to_string();
    if operator == "count_values" {
        return count_values(query, aggregate, samples, time);
    }
    let parameter = match &aggregate.param {
        Some(expr) => query.scalar_of(expr, time)?,
        None => 0.0,
    };
    let mut groups: BTreeMap<LabelSet, Vec<Sample>> = BTreeMap::new();
    for sample in samples {
        let group = group_of(&sample.labels, aggregate.modifier.as_ref());
        groups.entry(group).or_default().push(sample);
    }
    let mut result = Vec::new();
    for (labels, members) in groups {
        match operator.as_str() {
            "topk" | "bottomk" | "limitk" => result.extend(first_of(members, &operator, parameter)),
            _ => result.push(Sample {
                labels: Arc::new(labels),
                value: combine(&operator, &members, parameter)?,
                time,
            }),
        }
    }
    Ok(Outcome::Vector(result))
}

/// The labels that the members of a sample's group share.
fn group_of(labels: &LabelSet, modifier: Option<&LabelModifier>) -> LabelSet {
    match modifier {
        None => LabelSet::new(),
        Some(LabelModifier::Include(kept)) => {
            let kept: HashSet<&str> = kept.labels.iter().map(String::as_str).collect();
            labels
                .iter()
                .filter(|(name, _)| kept.contains(name.as_str()))
                .cloned()
                .collect()
        }
        Some(LabelModifier::Exclude(dropped)) => labels
            .iter()
            .filter(|(name, _)| name != NAME && !dropped.labels.iter().any(|it| it == name))
            .cloned()
            .collect(),
    }
}

fn combine(operator: &str, members: &[Sample], parameter: f64) -> Result<f64, QueryError> {
    let values: Vec<f64> = members.iter().map(|member| member.value).collect();
    Ok(match operator {
        "sum" => values.iter().sum(),
        "avg" => functions::mean(&values),
        "count" => number(u64::try_from(values.len()).unwrap_or(u64::MAX)),
        "group" => 1.0,
        "min" => functions::least(&values),
        "max" => functions::most(&values),
        "stddev" => functions::variance(&values).sqrt(),
        "stdvar" => functions::variance(&values),
        "quantile" => functions::quantile(parameter, &values),
        other => {
            return Err(QueryError::execution(format!(
                "the aggregation {other} is not known"
            )));
        }
    })
}

/// The `count` members with the highest or lowest values, those first.
fn first_of(mut members: Vec<Sample>, operator: &str, count: f64) -> Vec<Sample> {
    match operator {
        "topk" => members.sort_by(|a, b| functions::descending(a.value, b.value)),
        "bottomk" => members.sort_by(|a, b| functions::ascending(a.value, b.value)),
        _ => {}
    }
    let count = usize::try_from(super::super::whole(count.max(0.0))).unwrap_or(usize::MAX);
    members.truncate(count);
    members
}

/// How often each value occurs; the value becomes a label.
fn count_values(
    query: &Query<'_>,
    aggregate: &AggregateExpr,
    samples: Vec<Sample>,
    time: f64,
) -> Result<Outcome, QueryError> {
    let label = match aggregate.param.as_deref() {
        Some(expr @ Expr::StringLiteral(_)) => match query.evaluate(expr, time)? {
            Outcome::Text(text) => text,
            _ => String::new(),
        },
        _ => String::new(),
    };
    let mut counts: BTreeMap<LabelSet, f64> = BTreeMap::new();
    for sample in samples {
        let mut group = group_of(&sample.labels, aggregate.modifier.as_ref());
        group.retain(|(name, _)| *name != label);
        group.push((label.clone(), super::number_text(sample.value)));
        group.sort();
        *counts.entry(group).or_default() += 1.0;
    }
    Ok(Outcome::Vector(
        counts
            .into_iter()
            .map(|(labels, value)| Sample {
                labels: Arc::new(labels),
                value,
                time,
            })
            .collect(),
    ))
}
