//! Prometheus: its HTTP API over what the exporters of the cluster tell.
//!
//! It keeps nothing. A series is a function of time that is read where Prometheus would have scraped
//! it, so ranges reach as far back as what they tell of is known, at most as long as Prometheus
//! keeps its samples. Forms and messages: prometheus/prometheus `web/api/v1/api.go`.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use promql_parser::{label::Matcher, parser::Expr};
use serde_json::{Map, Value, json};

use self::{
    evaluate::{Outcome, Query, QueryError, Sample},
    parameters::Parameters,
    targets::{LabelSet, NAME},
};
use super::seconds;
use crate::{behind::response, server::Server};

mod aggregate;
mod binary;
mod evaluate;
mod functions;
mod known;
mod labelling;
mod parameters;
mod ranges;
mod targets;

/// How many points of a series a range query may have.
const MOST_POINTS: f64 = 11_000.0;

/// What Prometheus answers.
pub(super) fn answer(server: &Server, request: &Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path();
    match path {
        "/-/ready" => return plain("Prometheus Server is Ready.\n"),
        "/-/healthy" => return plain("Prometheus Server is Healthy.\n"),
        _ => {}
    }
    let Some(operation) = path.strip_prefix("/api/v1/") else {
        let mut missing = plain("404 page not found\n");
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    if ![Method::GET, Method::POST].contains(request.method()) {
        let mut refused = plain("Method Not Allowed\n");
        *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        return refused;
    }
    let parameters = Parameters::of(request);
    let api = Api {
        server,
        parameters: &parameters,
        now: seconds(server.clock.now()),
    };
    match api.answer(operation) {
        Ok(Some(data)) => respond(
            StatusCode::OK,
            &json!({ "status": "success", "data": data }),
        ),
        Ok(None) => {
            let mut missing = plain("404 page not found\n");
            *missing.status_mut() = StatusCode::NOT_FOUND;
            missing
        }
        Err(error) => {
            let status = match error.kind {
                "execution" => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::BAD_REQUEST,
            };
            let body =
                json!({ "status": "error", "errorType": error.kind, "error": error.message });
            respond(status, &body)
        }
    }
}

struct Api<'a> {
    server: &'a Server,
    parameters: &'a Parameters,
    now: f64,
}

impl Api<'_> {
    fn answer(&self, operation: &str) -> Result<Option<Value>, QueryError> {
        Ok(Some(match operation {
            "query" => self.query()?,
            "query_range" => self.query_range()?,
            "series" => self.series()?,
            "labels" => self.labels()?,
            "metadata" => self.metadata(),
            "targets" => self.targets(),
            "status/buildinfo" => self.build(),
            "rules" => json!({ "groups": [] }),
            "alerts" => json!({ "alerts": [] }),
            other => {
                let label = other
                    .strip_prefix("label/")
                    .and_then(|rest| rest.strip_suffix("/values"));
                match label {
                    Some(label) => self.label_values(label)?,
                    None => return Ok(None),
                }
            }
        }))
    }

    fn query(&self) -> Result<Value, QueryError> {
        let time = self.parameters.time("time", self.now)?;
        let expr = self.parameters.expression("query")?;
        let query = Query::new(self.server, self.now, time, time);
        Ok(match query.evaluate(&expr, time)? {
            Outcome::Scalar(value) => {
                json!({ "resultType": "scalar", "result": point(time, value) })
            }
            Outcome::Text(text) => {
                json!({ "resultType": "string", "result": [number_of(time), text] })
            }
            Outcome::Vector(samples) => {
                require_unique(&samples)?;
                let result: Vec<Value> = samples
                    .iter()
                    .map(|sample| {
                        json!({ "metric": object(&sample.labels), "value": point(time, sample.value) })
                    })
                    .collect();
                json!({ "resultType": "vector", "result": result })
            }
            Outcome::Matrix(tracks) => {
                let result: Vec<Value> = tracks
                    .iter()
                    .map(|track| {
                        let values: Vec<Value> = track
                            .samples
                            .iter()
                            .map(|(at, value)| point(*at, *value))
                            .collect();
                        json!({ "metric": object(&track.labels), "values": values })
                    })
                    .collect();
                json!({ "resultType": "matrix", "result": result })
            }
        })
    }

    fn query_range(&self) -> Result<Value, QueryError> {
        let start = self.parameters.required_time("start")?;
        let end = self.parameters.required_time("end")?;
        if end < start {
            return Err(QueryError::bad_data(
                "invalid parameter \"end\": end timestamp must not be before start time",
            ));
        }
        let step = self.parameters.duration("step")?;
        if step <= 0.0 {
            return Err(QueryError::bad_data(
                "invalid parameter \"step\": zero or negative query resolution step widths are \
                 not accepted. Try a positive integer",
            ));
        }
        if (end - start) / step > MOST_POINTS {
            return Err(QueryError::bad_data(
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the \
                 query resolution (?step=XX)",
            ));
        }
        let expr = self.parameters.expression("query")?;
        let query = Query::new(self.server, self.now, start, end);
        let mut series: std::collections::BTreeMap<Arc<LabelSet>, Vec<Value>> =
            std::collections::BTreeMap::new();
        let mut steps = 0_u32;
        loop {
            let time = start + f64::from(steps) * step;
            if time > end {
                break;
            }
            match query.evaluate(&expr, time)? {
                Outcome::Scalar(value) => {
                    series
                        .entry(Arc::default())
                        .or_default()
                        .push(point(time, value));
                }
                Outcome::Vector(samples) => {
                    require_unique(&samples)?;
                    for sample in samples {
                        let values = series.entry(sample.labels).or_default();
                        values.push(point(time, sample.value));
                    }
                }
                other => {
                    let kind = match other {
                        Outcome::Text(_) => "string",
                        _ => "range vector",
                    };
                    return Err(QueryError::bad_data(format!(
                        "invalid parameter \"query\": invalid expression type \"{kind}\" for range \
                         query, must be Scalar or instant Vector"
                    )));
                }
            }
            steps += 1;
        }
        let result: Vec<Value> = series
            .into_iter()
            .map(|(labels, values)| json!({ "metric": object(&labels), "values": values }))
            .collect();
        Ok(json!({ "resultType": "matrix", "result": result }))
    }
}

/// Refuses a vector in which two samples have the same labels.
fn require_unique(samples: &[Sample]) -> Result<(), QueryError> {
    let mut seen = std::collections::HashSet::new();
    if samples.iter().all(|sample| seen.insert(&sample.labels)) {
        return Ok(());
    }
    Err(QueryError::execution(
        "vector cannot contain metrics with the same labelset",
    ))
}

/// The matchers of a selector.
fn matchers_of(expr: &Expr) -> Option<Vec<Matcher>> {
    let Expr::VectorSelector(selector) = expr else {
        return None;
    };
    let mut matchers = selector.matchers.matchers.clone();
    if let Some(name) = &selector.name {
        let equal = promql_parser::label::MatchOp::Equal;
        matchers.push(Matcher::new(equal, NAME, name));
    }
    Some(matchers)
}

fn object(labels: &LabelSet) -> Value {
    labels
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect::<Map<_, _>>()
        .into()
}

/// `{name="value", …}`, as messages write labels.
fn labels_text(labels: &LabelSet) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

/// A time and a value, as answers write them.
fn point(time: f64, value: f64) -> Value {
    json!([number_of(time), number_text(value)])
}

/// A time in seconds, whole where it is.
fn number_of(time: f64) -> Value {
    if time.fract() == 0.0 {
        super::whole(time).into()
    } else {
        ((time * 1000.0).round() / 1000.0).into()
    }
}

/// A value as text: the shortest digits that mean it.
fn number_text(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        format!("{value}")
    }
}

fn plain(body: &str) -> Response<Bytes> {
    response(StatusCode::OK, "text/plain; charset=utf-8", body.to_owned())
}

fn respond(status: StatusCode, body: &Value) -> Response<Bytes> {
    response(status, "application/json", body.to_string())
}
