//! Functions of PromQL.

use std::{cmp::Ordering, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};
use promql_parser::parser::{Call, Expr, Offset as Shift};

use super::{
    super::number,
    evaluate::{Outcome, Query, QueryError, Sample, Track, nameless},
    labelling, ranges,
    targets::LabelSet,
};

mod quantiles;

pub(super) use self::quantiles::quantile;

/// The result of a call at `time`.
pub(super) fn call(query: &Query<'_>, call: &Call, time: f64) -> Result<Outcome, QueryError> {
    let name = call.func.name;
    if ["label_replace", "label_join"].contains(&name) {
        return labelling::call(query, call, time);
    }
    let arguments = Arguments { query, call, time };
    if let Some(outcome) = between_kinds(&arguments)? {
        return Ok(outcome);
    }
    if let Some(samples) = of_vectors(&arguments)? {
        return Ok(Outcome::Vector(samples));
    }
    if let Some(of) = of_one_value(name) {
        return Ok(Outcome::Vector(map(arguments.vector(0)?, of)));
    }
    if let Some(of) = of_a_time(name) {
        let samples = if call.args.is_empty() {
            vec![unlabelled(time, time)]
        } else {
            arguments.vector(0)?
        };
        return Ok(Outcome::Vector(map(samples, of)));
    }
    over_time(query, call, time)
}

/// The arguments of a call.
struct Arguments<'a, 'q> {
    query: &'a Query<'q>,
    call: &'a Call,
    time: f64,
}

impl Arguments<'_, '_> {
    fn expression(&self, at: usize) -> Result<&Expr, QueryError> {
        let expr = self.call.args.args.get(at);
        expr.map(|expr| &**expr).ok_or_else(|| {
            QueryError::execution(format!("{} lacks an argument", self.call.func.name))
        })
    }

    fn scalar(&self, at: usize) -> Result<f64, QueryError> {
        self.query.scalar_of(self.expression(at)?, self.time)
    }

    fn vector(&self, at: usize) -> Result<Vec<Sample>, QueryError> {
        self.query.vector_of(self.expression(at)?, self.time)
    }
}

/// Functions that make scalars, or vectors of scalars.
fn between_kinds(arguments: &Arguments<'_, '_>) -> Result<Option<Outcome>, QueryError> {
    let time = arguments.time;
    Ok(Some(match arguments.call.func.name {
        "time" => Outcome::Scalar(time),
        "pi" => Outcome::Scalar(std::f64::consts::PI),
        "vector" => Outcome::Vector(vec![unlabelled(arguments.scalar(0)?, time)]),
        "scalar" => Outcome::Scalar(match arguments.vector(0)?.as_slice() {
            [only] => only.value,
            _ => f64::NAN,
        }),
        _ => return Ok(None),
    }))
}

/// Functions of whole vectors, or with parameters.
fn of_vectors(arguments: &Arguments<'_, '_>) -> Result<Option<Vec<Sample>>, QueryError> {
    let time = arguments.time;
    Ok(Some(match arguments.call.func.name {
        "absent" => {
            if arguments.vector(0)?.is_empty() {
                vec![absence(arguments.expression(0)?, time)]
            } else {
                Vec::new()
            }
        }
        "histogram_quantile" => {
            quantiles::of_histograms(arguments.scalar(0)?, arguments.vector(1)?, time)
        }
        "sort" => sorted(arguments.vector(0)?, ascending),
        "sort_desc" => sorted(arguments.vector(0)?, descending),
        "timestamp" => arguments
            .vector(0)?
            .into_iter()
            .map(|sample| Sample {
                labels: nameless(&sample.labels),
                value: sample.time,
                time,
            })
            .collect(),
        "clamp" => {
            let (low, high) = (arguments.scalar(1)?, arguments.scalar(2)?);
            if low > high {
                Vec::new()
            } else {
                map(arguments.vector(0)?, |value| value.max(low).min(high))
            }
        }
        "clamp_min" => {
            let low = arguments.scalar(1)?;
            map(arguments.vector(0)?, |value| value.max(low))
        }
        "clamp_max" => {
            let high = arguments.scalar(1)?;
            map(arguments.vector(0)?, |value| value.min(high))
        }
        "round" => {
            let has_step = arguments.call.args.len() > 1;
            let step = if has_step { arguments.scalar(1)? } else { 1.0 };
            map(arguments.vector(0)?, |value| {
                (value / step + 0.5).floor() * step
            })
        }
        _ => return Ok(None),
    }))
}

fn sorted(mut samples: Vec<Sample>, order: fn(f64, f64) -> Ordering) -> Vec<Sample> {
    samples.sort_by(|a, b| order(a.value, b.value));
    samples
}

/// Functions of one value.
fn of_one_value(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "sqrt" => f64::sqrt,
        "exp" => f64::exp,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sgn" => |value| if value == 0.0 { value } else { value.signum() },
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "deg" => f64::to_degrees,
        "rad" => f64::to_radians,
        _ => return None,
    })
}

/// Functions of a time that read the calendar.
fn of_a_time(name: &str) -> Option<fn(f64) -> f64> {
    fn part(time: f64, read: fn(DateTime) -> i16) -> f64 {
        SignedDuration::try_from_secs_f64(time)
            .ok()
            .and_then(|since| Timestamp::from_duration(since).ok())
            .map_or(f64::NAN, |at| f64::from(read(Offset::UTC.to_datetime(at))))
    }
    Some(match name {
        "minute" => |time| part(time, |at| at.minute().into()),
        "hour" => |time| part(time, |at| at.hour().into()),
        "day_of_week" => |time| part(time, |at| at.weekday().to_sunday_zero_offset().into()),
        "day_of_month" => |time| part(time, |at| at.day().into()),
        "day_of_year" => |time| part(time, DateTime::day_of_year),
        "days_in_month" => |time| part(time, |at| at.days_in_month().into()),
        "month" => |time| part(time, |at| at.month().into()),
        "year" => |time| part(time, DateTime::year),
        _ => return None,
    })
}

/// Functions of the samples in a range of time.
fn over_time(query: &Query<'_>, call: &Call, time: f64) -> Result<Outcome, QueryError> {
    let name = call.func.name;
    let mut parameter = 0.0;
    let mut range = None;
    for expr in &call.args.args {
        match query.evaluate(expr, time)? {
            Outcome::Scalar(value) => parameter = value,
            Outcome::Matrix(tracks) => range = Some((range_of(expr, time), tracks)),
            _ => {}
        }
    }
    let Some((bounds, tracks)) = range else {
        return Err(QueryError::execution(format!(
            "the function {name} is not known"
        )));
    };
    if name == "absent_over_time" {
        let absent = tracks
            .is_empty()
            .then(|| call.args.first().map(|expr| absence(&expr, time)))
            .flatten();
        return Ok(Outcome::Vector(absent.into_iter().collect()));
    }
    let mut result = Vec::new();
    for track in tracks {
        if let Some(value) = ranges::apply(name, &track.samples, bounds, parameter, time)? {
            result.push(Sample {
                labels: kept_labels(name, &track),
                value,
                time,
            });
        }
    }
    Ok(Outcome::Vector(result))
}

/// Functions that give a sample as it is keep its name.
fn kept_labels(name: &str, track: &Track) -> Arc<LabelSet> {
    if ["last_over_time", "first_over_time"].contains(&name) {
        Arc::clone(&track.labels)
    } else {
        nameless(&track.labels)
    }
}

/// Begin and end of the range that a range selector looks at.
fn range_of(expr: &Expr, time: f64) -> (f64, f64) {
    let shift = |offset: Option<&Shift>| match offset {
        Some(Shift::Pos(by)) => by.as_secs_f64(),
        Some(Shift::Neg(by)) => -by.as_secs_f64(),
        None => 0.0,
    };
    match expr {
        Expr::MatrixSelector(inner) => {
            let until = time - shift(inner.vs.offset.as_ref());
            (until - inner.range.as_secs_f64(), until)
        }
        Expr::Subquery(inner) => {
            let until = time - shift(inner.offset.as_ref());
            (until - inner.range.as_secs_f64(), until)
        }
        Expr::Paren(inner) => range_of(&inner.expr, time),
        _ => (time, time),
    }
}

/// What `absent` says: 1, with the labels that the selector asks to be equal to something.
fn absence(expr: &Expr, time: f64) -> Sample {
    let selector = match expr {
        Expr::VectorSelector(selector) => Some(selector),
        Expr::MatrixSelector(selector) => Some(&selector.vs),
        _ => None,
    };
    let mut labels: LabelSet = selector
        .into_iter()
        .flat_map(|selector| &selector.matchers.matchers)
        .filter(|matcher| matcher.op == promql_parser::label::MatchOp::Equal)
        .filter(|matcher| matcher.name != super::targets::NAME)
        .map(|matcher| (matcher.name.clone(), matcher.value.clone()))
        .collect();
    labels.sort();
    Sample {
        labels: Arc::new(labels),
        value: 1.0,
        time,
    }
}

fn unlabelled(value: f64, time: f64) -> Sample {
    Sample {
        labels: Arc::default(),
        value,
        time,
    }
}

/// Each sample with its value changed; the name goes.
pub(super) fn map(samples: Vec<Sample>, of: impl Fn(f64) -> f64) -> Vec<Sample> {
    samples
        .into_iter()
        .map(|sample| Sample {
            labels: nameless(&sample.labels),
            value: of(sample.value),
            time: sample.time,
        })
        .collect()
}

/// The order of values, those that are no numbers last.
pub(super) fn ascending(a: f64, b: f64) -> Ordering {
    a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(&b))
}

/// The reverse order, those that are no numbers last.
pub(super) fn descending(a: f64, b: f64) -> Ordering {
    a.is_nan().cmp(&b.is_nan()).then(b.total_cmp(&a))
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / number(u64::try_from(values.len()).unwrap_or(u64::MAX))
}

pub(super) fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::min)
}

pub(super) fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::max)
}

pub(super) fn variance(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - middle).powi(2))
        .collect();
    mean(&squares)
}
