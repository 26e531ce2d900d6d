//! An answer of the query API, as Prometheus and those that speak its API write it.
//!
//! An answer may be a success and yet not be whole: Thanos and Mimir answer with what the stores that
//! they reach have, and say so in `warnings`; VictoriaMetrics says it by `isPartial`. A device that is
//! missing from such an answer may be there.

use serde::{Deserialize, de::DeserializeOwned};
use strata_ports::{error::PortErrorKind, telemetry::Failure};

/// More of a warning than this explains nothing.
const LONGEST_WARNING: usize = 300;

/// What was found, series by series.
pub(super) struct Found<S> {
    pub(super) series: Vec<S>,
    /// What is said to be missing from it; empty where it is whole.
    pub(super) missing: String,
}

/// The series in `answer`.
pub(super) fn read<S: DeserializeOwned>(answer: &[u8]) -> Result<Found<S>, Failure> {
    let read: Result<Answer<S>, _> = serde_json::from_slice(answer);
    let answer = read.map_err(|error| {
        let starts = answer.iter().find(|byte| !byte.is_ascii_whitespace());
        if starts == Some(&b'<') {
            // A page for people: Grafana, the user interface of a gateway, a page for signing in.
            return unreadable(
                "what answers there is a page, and not the API of Prometheus; the API may lie below \
                 a path of it",
            );
        }
        unreadable(&format!("Prometheus's answer cannot be read: {error}"))
    })?;
    if answer.status != "success" {
        return Err(unreadable(&format!(
            "Prometheus does not answer the question: {}",
            answer.error
        )));
    }
    let missing = answer.warnings.into_iter().find(|told| !told.is_empty());
    let missing = match missing {
        Some(told) => told.chars().take(LONGEST_WARNING).collect(),
        None if answer.is_partial => "not all that store its series answer".to_owned(),
        None => String::new(),
    };
    Ok(Found {
        series: answer.data.result,
        missing,
    })
}

/// What Prometheus complains of in an answer that is no success; empty where it says nothing.
pub(super) fn complaint(answer: &[u8]) -> String {
    serde_json::from_slice(answer)
        .map(|answer: Answer<serde::de::IgnoredAny>| answer.error)
        .unwrap_or_default()
}

fn unreadable(message: &str) -> Failure {
    Failure {
        kind: PortErrorKind::Unsupported,
        message: message.to_owned(),
    }
}

#[derive(Deserialize)]
struct Answer<S> {
    status: String,
    #[serde(default)]
    error: String,
    /// What it warns of. What it remarks on a query (`infos`) concerns nobody here.
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default, rename = "isPartial")]
    is_partial: bool,
    #[serde(default = "nothing")]
    data: Results<S>,
}

fn nothing<S>() -> Results<S> {
    Results { result: Vec::new() }
}

#[derive(Deserialize)]
struct Results<S> {
    #[serde(default = "Vec::new")]
    result: Vec<S>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(answer: &str) -> Result<(usize, String), String> {
        let found = read::<serde_json::Value>(answer.as_bytes());
        found
            .map(|found| (found.series.len(), found.missing))
            .map_err(|failure| failure.message)
    }

    #[test]
    fn an_answer_that_is_not_whole_says_what_is_missing() {
        let whole = r#"{"status":"success","data":{"resultType":"matrix","result":[{}]},
            "infos":["PromQL info: metric might not be a counter"]}"#;
        assert_eq!(told(whole), Ok((1, String::new())));
        let thanos = r#"{"status":"success","data":{"resultType":"matrix","result":[{}]},
            "warnings":["","no StoreAPIs matched for this query"]}"#;
        assert_eq!(
            told(thanos),
            Ok((1, "no StoreAPIs matched for this query".to_owned()))
        );
        let victoria = r#"{"status":"success","isPartial":true,
            "data":{"resultType":"matrix","result":[]}}"#;
        assert!(told(victoria).unwrap().1.contains("not all"));
    }

    #[test]
    fn what_is_no_answer_is_no_empty_one() {
        let page = told("\n<!doctype html><title>Grafana</title>").unwrap_err();
        assert!(page.contains("not the API of Prometheus"), "{page}");
        let refused =
            told(r#"{"status":"error","errorType":"execution","error":"too many samples"}"#);
        assert!(refused.unwrap_err().ends_with("too many samples"));
        assert!(told("404 page not found").is_err());
        assert_eq!(complaint(b"404 page not found"), "");
        assert_eq!(
            complaint(br#"{"status":"error","error":"timed out"}"#),
            "timed out"
        );
    }
}
