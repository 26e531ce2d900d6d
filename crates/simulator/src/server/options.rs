//! What a list or a watch is asked for: its options, read and checked as
//! `k8s.io/apimachinery/pkg/apis/meta/internalversion` does.

use serde_json::{Value, json};

use super::{failure::Failure, query::Query};

/// Which versions a list may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Exact,
    NotOlderThan,
}

/// The options of a list or a watch, without its selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListOptions {
    /// The version as it was written; it is a number to those alone that ask for it.
    pub(super) version: Option<String>,
    pub(super) version_match: Option<Match>,
    pub(super) limit: Option<usize>,
    pub(super) token: Option<String>,
    pub(super) timeout_seconds: Option<u64>,
    pub(super) wants_bookmarks: bool,
    /// Whether a watch begins with what is there.
    pub(super) sends_initial_events: Option<bool>,
}

impl ListOptions {
    pub(super) fn read(query: &Query, is_watch: bool) -> Result<Self, Failure> {
        let text = |name: &str| query.get(name).map(str::to_owned);
        let limit = integer(query, "limit")?;
        let timeout = integer(query, "timeoutSeconds")?;
        let mut options = Self {
            version: text("resourceVersion"),
            version_match: None,
            limit: limit
                .and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| *limit > 0),
            token: text("continue"),
            timeout_seconds: timeout
                .and_then(|seconds| u64::try_from(seconds).ok())
                .filter(|seconds| *seconds > 0),
            wants_bookmarks: query.flag("allowWatchBookmarks"),
            sends_initial_events: query
                .has("sendInitialEvents")
                .then(|| query.flag("sendInitialEvents")),
        };
        let mut asked_match = query.get("resourceVersionMatch");
        // A watch from no version in particular has always begun with what is there.
        let is_from_anywhere = matches!(options.version.as_deref(), None | Some("0"));
        if is_watch
            && is_from_anywhere
            && options.sends_initial_events.is_none()
            && asked_match.is_none()
        {
            options.sends_initial_events = Some(true);
            asked_match = Some("NotOlderThan");
        }
        let problems = if is_watch {
            options.problems_of_watch(asked_match)
        } else {
            options.problems_of_list(asked_match)
        };
        if !problems.is_empty() {
            return Err(refused(&problems));
        }
        options.version_match = match asked_match {
            Some("Exact") => Some(Match::Exact),
            Some(_) => Some(Match::NotOlderThan),
            None => None,
        };
        Ok(options)
    }

    fn problems_of_list(&self, asked_match: Option<&str>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(asked) = asked_match {
            if self.version.is_none() {
                problems.push(Problem::forbidden(
                    "resourceVersionMatch is forbidden unless resourceVersion is provided",
                ));
            }
            if self.token.is_some() {
                problems.push(Problem::forbidden(
                    "resourceVersionMatch is forbidden when continue is provided",
                ));
            }
            if !["Exact", "NotOlderThan"].contains(&asked) {
                problems.push(Problem::unsupported(
                    asked,
                    "\"Exact\", \"NotOlderThan\", \"\"",
                ));
            }
            if asked == "Exact" && self.version.as_deref() == Some("0") {
                problems.push(Problem::forbidden(
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
                ));
            }
        }
        if self.sends_initial_events.is_some() {
            problems.push(Problem {
                field: "sendInitialEvents",
                ..Problem::forbidden("sendInitialEvents is forbidden for list")
            });
        }
        problems
    }

    fn problems_of_watch(&self, asked_match: Option<&str>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.sends_initial_events.is_some() && asked_match != Some("NotOlderThan") {
            problems.push(Problem::forbidden(
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            ));
        }
        if let Some(asked) = asked_match {
            if self.sends_initial_events.is_none() {
                problems.push(Problem::forbidden(
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is \
                     provided",
                ));
            }
            if asked != "NotOlderThan" {
                problems.push(Problem::unsupported(asked, "\"NotOlderThan\""));
            }
            if self.token.is_some() {
                problems.push(Problem::forbidden(
                    "resourceVersionMatch is forbidden when continue is provided",
                ));
            }
        }
        problems
    }
}

/// The number of a resource version, and why there is none where it is not written as one.
pub(super) fn version_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        format!(
            "resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": \
             invalid syntax"
        )
    })
}

fn integer(query: &Query, name: &str) -> Result<Option<i64>, Failure> {
    let Some(text) = query.get(name) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| {
        Failure::bad_request(format!(
            "strconv.ParseInt: parsing \"{text}\": invalid syntax"
        ))
    })?;
    Ok(Some(number))
}

/// One thing that is wrong with the options.
struct Problem {
    field: &'static str,
    reason: &'static str,
    message: String,
}

impl Problem {
    fn forbidden(why: &str) -> Self {
        Self {
            field: "resourceVersionMatch",
            reason: "FieldValueForbidden",
            message: format!("Forbidden: {why}"),
        }
    }

    fn unsupported(value: &str, supported: &str) -> Self {
        Self {
            field: "resourceVersionMatch",
            reason: "FieldValueNotSupported",
            message: format!("Unsupported value: \"{value}\": supported values: {supported}"),
        }
    }
}

fn refused(problems: &[Problem]) -> Failure {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect();
    let causes: Vec<Value> = problems
        .iter()
        .map(|problem| {
            json!({ "reason": problem.reason, "message": problem.message, "field": problem.field })
        })
        .collect();
    let text = match texts.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Failure::invalid_options(&text, &causes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_from_nowhere_begins_with_what_is_there() {
        let read = |query: &str| ListOptions::read(&Query::parse(query), true).unwrap();
        assert_eq!(read("watch=1").sends_initial_events, Some(true));
        assert_eq!(read("resourceVersion=0").sends_initial_events, Some(true));
        assert_eq!(read("resourceVersion=5").sends_initial_events, None);
    }
}
