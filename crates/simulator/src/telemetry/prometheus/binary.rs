//! Operators between two operands: arithmetic, comparison, and the set operators.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use promql_parser::parser::{BinModifier, BinaryExpr, LabelModifier, VectorMatchCardinality};

use super::{
    evaluate::{Outcome, Query, QueryError, Sample, nameless},
    targets::{LabelSet, NAME},
};

/// The result of `left OPERATOR right` at `time`.
pub(super) fn evaluate(
    query: &Query<'_>,
    binary: &BinaryExpr,
    time: f64,
) -> Result<Outcome, QueryError> {
    let left = query.evaluate(&binary.lhs, time)?;
    let right = query.evaluate(&binary.rhs, time)?;
    let operator = binary.op.to_string();
    let modifier = binary.modifier.as_ref();
    let is_bool = modifier.is_some_and(|modifier| modifier.return_bool);
    Ok(match (left, right) {
        (Outcome::Scalar(left), Outcome::Scalar(right)) => {
            Outcome::Scalar(apply(&operator, left, right).into_number())
        }
        (Outcome::Vector(samples), Outcome::Scalar(scalar)) => {
            Outcome::Vector(with_scalar(&samples, is_bool, |value| {
                apply(&operator, value, scalar)
            }))
        }
        (Outcome::Scalar(scalar), Outcome::Vector(samples)) => {
            Outcome::Vector(with_scalar(&samples, is_bool, |value| {
                apply(&operator, scalar, value)
            }))
        }
        (Outcome::Vector(left), Outcome::Vector(right)) => {
            Outcome::Vector(match operator.as_str() {
                "and" | "or" | "unless" => combine_sets(&operator, modifier, left, right),
                _ => match_vectors(&operator, modifier, left, right, time)?,
            })
        }
        _ => {
            return Err(QueryError::execution(
                "operands must be scalars or instant vectors",
            ));
        }
    })
}

/// What an operator makes of two values.
enum Applied {
    Number(f64),
    Comparison(bool),
}

impl Applied {
    fn into_number(self) -> f64 {
        match self {
            Self::Number(value) => value,
            Self::Comparison(holds) => {
                if holds {
                    1.0
                } else {
                    0.0
                }
            }
        }
    }
}

#[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
fn apply(operator: &str, left: f64, right: f64) -> Applied {
    Applied::Number(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "%" => left % right,
        "^" => left.powf(right),
        "atan2" => left.atan2(right),
        "==" => return Applied::Comparison(left == right),
        "!=" => return Applied::Comparison(left != right),
        ">" => return Applied::Comparison(left > right),
        "<" => return Applied::Comparison(left < right),
        ">=" => return Applied::Comparison(left >= right),
        "<=" => return Applied::Comparison(left <= right),
        _ => f64::NAN,
    })
}

/// What an operator with a scalar leaves of `samples`: a comparison keeps a sample or drops it,
/// unless it is to be a number.
fn with_scalar(samples: &[Sample], is_bool: bool, apply: impl Fn(f64) -> Applied) -> Vec<Sample> {
    samples
        .iter()
        .filter_map(|sample| match apply(sample.value) {
            Applied::Comparison(holds) if !is_bool => holds.then(|| sample.clone()),
            applied => Some(Sample {
                labels: nameless(&sample.labels),
                value: applied.into_number(),
                time: sample.time,
            }),
        })
        .collect()
}

/// The labels by which the sides are matched.
fn signature(labels: &LabelSet, modifier: Option<&BinModifier>) -> LabelSet {
    let matching = modifier.and_then(|modifier| modifier.matching.as_ref());
    labels
        .iter()
        .filter(|(name, _)| match matching {
            Some(LabelModifier::Include(on)) => on.labels.iter().any(|it| it == name),
            Some(LabelModifier::Exclude(ignored)) => {
                name != NAME && !ignored.labels.iter().any(|it| it == name)
            }
            None => name != NAME,
        })
        .cloned()
        .collect()
}

fn combine_sets(
    operator: &str,
    modifier: Option<&BinModifier>,
    left: Vec<Sample>,
    right: Vec<Sample>,
) -> Vec<Sample> {
    let keys = |samples: &[Sample]| -> HashSet<LabelSet> {
        samples
            .iter()
            .map(|sample| signature(&sample.labels, modifier))
            .collect()
    };
    if operator == "or" {
        let known = keys(&left);
        let more = right
            .into_iter()
            .filter(|sample| !known.contains(&signature(&sample.labels, modifier)));
        return left.into_iter().chain(more).collect();
    }
    let others = keys(&right);
    left.into_iter()
        .filter(|sample| {
            others.contains(&signature(&sample.labels, modifier)) == (operator == "and")
        })
        .collect()
}

fn match_vectors(
    operator: &str,
    modifier: Option<&BinModifier>,
    left: Vec<Sample>,
    right: Vec<Sample>,
    time: f64,
) -> Result<Vec<Sample>, QueryError> {
    let card = modifier.map(|modifier| &modifier.card);
    let (many, one, is_swapped) = match card {
        Some(VectorMatchCardinality::OneToMany(_)) => (right, left, true),
        _ => (left, right, false),
    };
    let extra = match card {
        Some(
            VectorMatchCardinality::ManyToOne(extra) | VectorMatchCardinality::OneToMany(extra),
        ) => Some(&extra.labels),
        _ => None,
    };
    let is_bool = modifier.is_some_and(|modifier| modifier.return_bool);
    let mut ones: HashMap<LabelSet, Sample> = HashMap::new();
    for sample in one {
        let key = signature(&sample.labels, modifier);
        if let Some(other) = ones.insert(key.clone(), sample.clone()) {
            let side = if is_swapped { "left" } else { "right" };
            return Err(QueryError::execution(format!(
                "found duplicate series for the match group {} on the {side} hand-side of the \
                 operation: [{}, {}];many-to-many matching not allowed: matching labels must be \
                 unique on one side",
                super::labels_text(&key),
                super::labels_text(&sample.labels),
                super::labels_text(&other.labels)
            )));
        }
    }
    let mut seen: HashSet<LabelSet> = HashSet::new();
    let mut result = Vec::new();
    for sample in many {
        let key = signature(&sample.labels, modifier);
        let Some(other) = ones.get(&key) else {
            continue;
        };
        if extra.is_none() && !seen.insert(key) {
            return Err(QueryError::execution(
                "multiple matches for labels: many-to-one matching must be explicit \
                 (group_left/group_right)",
            ));
        }
        let applied = if is_swapped {
            apply(operator, other.value, sample.value)
        } else {
            apply(operator, sample.value, other.value)
        };
        let kept = match applied {
            Applied::Comparison(false) if !is_bool => continue,
            Applied::Comparison(true) if !is_bool => {
                if is_swapped {
                    other.value
                } else {
                    sample.value
                }
            }
            applied => applied.into_number(),
        };
        let is_filter = matches!(operator, "==" | "!=" | ">" | "<" | ">=" | "<=") && !is_bool;
        result.push(Sample {
            labels: Arc::new(result_labels(&sample, other, modifier, extra, is_filter)),
            value: kept,
            time,
        });
    }
    Ok(result)
}

fn result_labels(
    many: &Sample,
    one: &Sample,
    modifier: Option<&BinModifier>,
    extra: Option<&Vec<String>>,
    is_filter: bool,
) -> LabelSet {
    let matching = modifier.and_then(|modifier| modifier.matching.as_ref());
    let mut labels: LabelSet = many
        .labels
        .iter()
        .filter(|(name, _)| {
            (is_filter || name != NAME)
                && match (extra, matching) {
                    (None, Some(LabelModifier::Include(on))) => {
                        on.labels.iter().any(|it| it == name)
                    }
                    (None, Some(LabelModifier::Exclude(ignored))) => {
                        !ignored.labels.iter().any(|it| it == name)
                    }
                    _ => true,
                }
        })
        .cloned()
        .collect();
    for name in extra.into_iter().flatten() {
        labels.retain(|(known, _)| known != name);
        if let Some(taken) = one.labels.iter().find(|(known, _)| known == name) {
            labels.push(taken.clone());
        }
    }
    labels.sort();
    labels
}
