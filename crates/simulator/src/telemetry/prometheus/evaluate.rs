//! Evaluates PromQL: expressions over the series that are scraped, at an instant.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc, time::SystemTime};

use promql_parser::parser::{
    AtModifier, Expr, MatrixSelector, Offset, SubqueryExpr, VectorSelector,
};

use super::{
    aggregate, binary, functions,
    targets::{self, LabelSet, NAME, Scraped},
};
use crate::server::Server;

/// How old a sample may be to count as the present value, in seconds.
const LOOKBACK: f64 = 300.0;

/// How many samples a query may load, as `--query.max-samples`.
const MOST_SAMPLES: usize = 50_000_000;

/// The result of an expression at an instant.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Scalar(f64),
    Vector(Vec<Sample>),
    Matrix(Vec<Track>),
    Text(String),
}

/// A series' value.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) labels: Arc<LabelSet>,
    pub(super) value: f64,
    /// When it was taken.
    pub(super) time: f64,
}

/// A series' samples in a range of time, each with its time.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) labels: Arc<LabelSet>,
    pub(super) samples: Vec<(f64, f64)>,
}

/// Why a query has no result: its type in Prometheus's answer, and the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryError {
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl QueryError {
    pub(super) fn execution(message: impl Into<String>) -> Self {
        Self {
            kind: "execution",
            message: message.into(),
        }
    }

    pub(super) fn bad_data(message: impl Into<String>) -> Self {
        Self {
            kind: "bad_data",
            message: message.into(),
        }
    }
}

/// A query being evaluated.
pub(super) struct Query<'a> {
    server: &'a Server,
    now: f64,
    /// The range of the query; both the same for an instant query.
    start: f64,
    end: f64,
    /// The step of subqueries that say none.
    default_step: f64,
    selected: RefCell<HashMap<String, Rc<Vec<Scraped>>>>,
    loaded: RefCell<usize>,
}

impl<'a> Query<'a> {
    pub(super) fn new(server: &'a Server, now: f64, start: f64, end: f64) -> Self {
        Self {
            server,
            now,
            start,
            end,
            default_step: 60.0,
            selected: RefCell::default(),
            loaded: RefCell::default(),
        }
    }

    /// The result of `expr` at `time`.
    pub(super) fn evaluate(&self, expr: &Expr, time: f64) -> Result<Outcome, QueryError> {
        match expr {
            Expr::NumberLiteral(number) => Ok(Outcome::Scalar(number.val)),
            Expr::StringLiteral(text) => Ok(Outcome::Text(text.val.clone())),
            Expr::Paren(inner) => self.evaluate(&inner.expr, time),
            Expr::Unary(inner) => Ok(match self.evaluate(&inner.expr, time)? {
                Outcome::Scalar(value) => Outcome::Scalar(-value),
                Outcome::Vector(samples) => {
                    Outcome::Vector(functions::map(samples, |value| -value))
                }
                other => other,
            }),
            Expr::VectorSelector(selector) => self.vector(selector, time).map(Outcome::Vector),
            Expr::MatrixSelector(selector) => self.matrix(selector, time).map(Outcome::Matrix),
            Expr::Subquery(inner) => self.subquery(inner, time).map(Outcome::Matrix),
            Expr::Aggregate(aggregate) => aggregate::evaluate(self, aggregate, time),
            Expr::Binary(binary) => binary::evaluate(self, binary, time),
            Expr::Call(call) => functions::call(self, call, time),
            Expr::Extension(_) => Err(QueryError::execution("unknown expression")),
        }
    }

    /// The vector that `expr` is at `time`; a scalar is none.
    pub(super) fn vector_of(&self, expr: &Expr, time: f64) -> Result<Vec<Sample>, QueryError> {
        match self.evaluate(expr, time)? {
            Outcome::Vector(samples) => Ok(samples),
            _ => Err(QueryError::execution("expected an instant vector")),
        }
    }

    /// The scalar that `expr` is at `time`.
    pub(super) fn scalar_of(&self, expr: &Expr, time: f64) -> Result<f64, QueryError> {
        match self.evaluate(expr, time)? {
            Outcome::Scalar(value) => Ok(value),
            _ => Err(QueryError::execution("expected a scalar")),
        }
    }

    fn vector(&self, selector: &VectorSelector, time: f64) -> Result<Vec<Sample>, QueryError> {
        let time_of_data = self.shifted(selector.at.as_ref(), selector.offset.as_ref(), time);
        let series = self.select(selector);
        self.load(series.len())?;
        Ok(series
            .iter()
            .filter_map(|series| {
                let (taken, value) = series.at(time_of_data, LOOKBACK)?;
                Some(Sample {
                    labels: Arc::clone(&series.labels),
                    value,
                    time: taken,
                })
            })
            .collect())
    }

    fn matrix(&self, selector: &MatrixSelector, time: f64) -> Result<Vec<Track>, QueryError> {
        let inner = &selector.vs;
        let until = self.shifted(inner.at.as_ref(), inner.offset.as_ref(), time);
        let from = until - selector.range.as_secs_f64();
        let mut tracks = Vec::new();
        for series in self.select(inner).iter() {
            let samples = series.between(from, until);
            self.load(samples.len())?;
            if !samples.is_empty() {
                tracks.push(Track {
                    labels: Arc::clone(&series.labels),
                    samples,
                });
            }
        }
        Ok(tracks)
    }

    fn subquery(&self, inner: &SubqueryExpr, time: f64) -> Result<Vec<Track>, QueryError> {
        let until = self.shifted(inner.at.as_ref(), inner.offset.as_ref(), time);
        let from = until - inner.range.as_secs_f64();
        let step = inner
            .step
            .map_or(self.default_step, |step| step.as_secs_f64());
        if step <= 0.0 {
            return Err(QueryError::bad_data("zero step in a subquery"));
        }
        let mut tracks: Vec<Track> = Vec::new();
        let mut places: HashMap<Arc<LabelSet>, usize> = HashMap::new();
        // Steps of a subquery are aligned, so that it gives the same whenever it is asked.
        let mut at = (from / step).floor() * step + step;
        while at <= until {
            let samples = match self.evaluate(&inner.expr, at)? {
                Outcome::Vector(samples) => samples,
                Outcome::Scalar(value) => vec![Sample {
                    labels: Arc::default(),
                    value,
                    time: at,
                }],
                _ => return Err(QueryError::execution("a subquery needs a vector")),
            };
            for sample in samples {
                let place = *places.entry(Arc::clone(&sample.labels)).or_insert_with(|| {
                    tracks.push(Track {
                        labels: Arc::clone(&sample.labels),
                        samples: Vec::new(),
                    });
                    tracks.len() - 1
                });
                if let Some(track) = tracks.get_mut(place) {
                    track.samples.push((at, sample.value));
                }
            }
            at += step;
        }
        Ok(tracks)
    }

    /// The time that a selector with these modifiers looks at, at `time`.
    fn shifted(&self, at: Option<&AtModifier>, offset: Option<&Offset>, time: f64) -> f64 {
        let base = match at {
            None => time,
            Some(AtModifier::Start) => self.start,
            Some(AtModifier::End) => self.end,
            Some(AtModifier::At(at)) => at
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0.0, |since| since.as_secs_f64()),
        };
        match offset {
            None => base,
            Some(Offset::Pos(by)) => base - by.as_secs_f64(),
            Some(Offset::Neg(by)) => base + by.as_secs_f64(),
        }
    }

    fn select(&self, selector: &VectorSelector) -> Rc<Vec<Scraped>> {
        let mut alternatives: Vec<Vec<promql_parser::label::Matcher>> = Vec::new();
        if selector.matchers.or_matchers.is_empty() {
            alternatives.push(selector.matchers.matchers.clone());
        } else {
            alternatives.clone_from(&selector.matchers.or_matchers);
        }
        if let Some(name) = &selector.name {
            for matchers in &mut alternatives {
                matchers.push(promql_parser::label::Matcher::new(
                    promql_parser::label::MatchOp::Equal,
                    NAME,
                    name,
                ));
            }
        }
        let key = format!("{alternatives:?}");
        if let Some(known) = self.selected.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut found: Vec<Scraped> = Vec::new();
        for matchers in &alternatives {
            for series in targets::select(self.server, matchers, self.now) {
                if alternatives.len() == 1 || found.iter().all(|it| it.labels != series.labels) {
                    found.push(series);
                }
            }
        }
        let found = Rc::new(found);
        self.selected.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn load(&self, samples: usize) -> Result<(), QueryError> {
        let mut loaded = self.loaded.borrow_mut();
        *loaded += samples;
        if *loaded > MOST_SAMPLES {
            return Err(QueryError::execution(
                "query processing would load too many samples into memory in query execution",
            ));
        }
        Ok(())
    }
}

/// The labels without the series' name.
pub(super) fn nameless(labels: &Arc<LabelSet>) -> Arc<LabelSet> {
    if labels.iter().all(|(name, _)| name != NAME) {
        return Arc::clone(labels);
    }
    Arc::new(
        labels
            .iter()
            .filter(|(name, _)| name != NAME)
            .cloned()
            .collect(),
    )
}
