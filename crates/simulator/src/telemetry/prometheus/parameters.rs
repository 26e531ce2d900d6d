//! The parameters of a request to Prometheus: of its query, and of its form where it is posted.

use bytes::Bytes;
use http::{Request, header};
use promql_parser::{label::Matcher, parser::Expr};

use super::evaluate::QueryError;

/// Parameters by name, as often as they are there.
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let form: &[u8] = if is_form { request.body() } else { b"" };
        Self {
            pairs: form_urlencoded::parse(form)
                .chain(form_urlencoded::parse(query.as_bytes()))
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The time `name`; `otherwise` where there is none.
    pub(super) fn time(&self, name: &str, otherwise: f64) -> Result<f64, QueryError> {
        match self.get(name) {
            None => Ok(otherwise),
            Some(text) => parse_time(text).ok_or_else(|| no_time(name, text)),
        }
    }

    pub(super) fn required_time(&self, name: &str) -> Result<f64, QueryError> {
        let text = self.get(name).unwrap_or_default();
        parse_time(text).ok_or_else(|| no_time(name, text))
    }

    /// The duration `name`, in seconds.
    pub(super) fn duration(&self, name: &str) -> Result<f64, QueryError> {
        let text = self.get(name).unwrap_or_default();
        text.parse()
            .ok()
            .or_else(|| {
                let duration = promql_parser::util::parse_duration(text).ok()?;
                Some(duration.as_secs_f64())
            })
            .ok_or_else(|| {
                QueryError::bad_data(format!(
                    "invalid parameter \"{name}\": cannot parse \"{text}\" to a valid duration"
                ))
            })
    }

    /// The expression `name`.
    pub(super) fn expression(&self, name: &str) -> Result<Expr, QueryError> {
        let text = self.get(name).unwrap_or_default();
        parse(text).map_err(|message| {
            QueryError::bad_data(format!("invalid parameter \"{name}\": {message}"))
        })
    }

    /// The selectors of every `match[]`.
    pub(super) fn selectors(&self) -> Result<Vec<Vec<Matcher>>, QueryError> {
        self.pairs
            .iter()
            .filter(|(name, _)| name == "match[]")
            .map(|(_, text)| {
                let expr = parse(text).map_err(|message| {
                    QueryError::bad_data(format!("invalid parameter \"match[]\": {message}"))
                })?;
                super::matchers_of(&expr).ok_or_else(|| {
                    QueryError::bad_data(
                        "invalid parameter \"match[]\": the expression is no series selector",
                    )
                })
            })
            .collect()
    }
}

fn parse(text: &str) -> Result<Expr, String> {
    if text.is_empty() {
        return Err("1:1: parse error: no expression found in input".to_owned());
    }
    promql_parser::parser::parse(text).map_err(|message| format!("1:1: parse error: {message}"))
}

fn parse_time(text: &str) -> Option<f64> {
    text.parse()
        .ok()
        .filter(|time: &f64| time.is_finite())
        .or_else(|| text.parse().ok().map(super::super::seconds))
}

fn no_time(name: &str, text: &str) -> QueryError {
    QueryError::bad_data(format!(
        "invalid parameter \"{name}\": cannot parse \"{text}\" to a valid timestamp"
    ))
}
