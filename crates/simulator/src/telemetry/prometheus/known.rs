//! What there is to ask about: series, labels, metrics, targets, and which Prometheus it is.

use std::{collections::BTreeSet, sync::Arc};

use promql_parser::label::Matcher;
use serde_json::{Map, Value, json};

use super::{
    Api,
    evaluate::QueryError,
    object,
    targets::{self, LabelSet},
};
use crate::telemetry::{
    exposition::{Kind, Page},
    stamp,
};

impl Api<'_> {
    /// The label sets that the selectors of `match[]` match, in the range that is asked for.
    fn matched(&self, selectors: &[Vec<Matcher>]) -> Result<BTreeSet<Arc<LabelSet>>, QueryError> {
        let end = self.parameters.time("end", self.now)?;
        let start = self.parameters.time("start", end - 3600.0)?;
        let mut found = BTreeSet::new();
        for matchers in selectors {
            for series in targets::select(self.server, matchers, self.now) {
                let is_there = series.at(end, end - start).is_some()
                    || series.at(start, 300.0).is_some()
                    || !series.between(start, end.min(start + 600.0)).is_empty();
                if is_there {
                    found.insert(series.labels);
                }
            }
        }
        Ok(found)
    }

    pub(super) fn series(&self) -> Result<Value, QueryError> {
        let selectors = self.parameters.selectors()?;
        if selectors.is_empty() {
            return Err(QueryError::bad_data("no match[] parameter provided"));
        }
        let found = self.matched(&selectors)?;
        Ok(found.iter().map(|labels| object(labels)).collect())
    }

    /// The selectors that are asked for; everything where there is none.
    fn selectors_or_all(&self) -> Result<Vec<Vec<Matcher>>, QueryError> {
        let selectors = self.parameters.selectors()?;
        Ok(if selectors.is_empty() {
            vec![Vec::new()]
        } else {
            selectors
        })
    }

    pub(super) fn labels(&self) -> Result<Value, QueryError> {
        let found = self.matched(&self.selectors_or_all()?)?;
        let names: BTreeSet<&str> = found
            .iter()
            .flat_map(|labels| labels.iter().map(|(name, _)| name.as_str()))
            .collect();
        Ok(json!(names))
    }

    pub(super) fn label_values(&self, label: &str) -> Result<Value, QueryError> {
        let found = self.matched(&self.selectors_or_all()?)?;
        let values: BTreeSet<&str> = found
            .iter()
            .map(|labels| targets::value_of(labels, label))
            .filter(|value| !value.is_empty())
            .collect();
        Ok(json!(values))
    }

    pub(super) fn metadata(&self) -> Value {
        let only = self.parameters.get("metric");
        let mut all = Map::new();
        for target in targets::targets(self.server) {
            let wants =
                |name: &str| only.is_none_or(|only| only == name) && !all.contains_key(name);
            let mut page = Page::of(&wants, &[]);
            target.tell(self.server, &mut page);
            for family in page.families {
                let kind = match family.kind {
                    Kind::Counter => "counter",
                    Kind::Gauge => "gauge",
                    Kind::Histogram => "histogram",
                };
                all.insert(
                    family.name.to_string(),
                    json!([{ "type": kind, "unit": "", "help": family.help }]),
                );
            }
        }
        Value::Object(all)
    }

    pub(super) fn targets(&self) -> Value {
        let active: Vec<Value> = targets::targets(self.server)
            .iter()
            .map(|target| {
                let at = targets::value_of(&target.labels, "instance");
                let pool = format!("serviceMonitor/{}/{}/0", target.key.namespace, target.job());
                let is_up = target.up_since.is_some();
                json!({
                    "discoveredLabels": {
                        "__address__": at,
                        "__metrics_path__": "/metrics",
                        "__scheme__": "http",
                        "__meta_kubernetes_namespace": target.key.namespace.as_str(),
                        "__meta_kubernetes_pod_name": target.key.name.as_str(),
                        "job": pool,
                    },
                    "labels": object(&target.labels),
                    "scrapePool": pool,
                    "scrapeUrl": format!("http://{at}/metrics"),
                    "globalUrl": format!("http://{at}/metrics"),
                    "lastError": if is_up { "" } else { "server returned HTTP status 500 Internal Server Error" },
                    "lastScrape": stamp(target.last_scrape(self.now)),
                    "lastScrapeDuration": 0.012,
                    "health": if is_up { "up" } else { "down" },
                    "scrapeInterval": format!("{}s", target.exporter.interval()),
                    "scrapeTimeout": "10s",
                })
            })
            .collect();
        json!({ "activeTargets": active, "droppedTargets": [], "droppedTargetCounts": {} })
    }

    /// The version is that of the image that runs.
    pub(super) fn build(&self) -> Value {
        let version = targets::targets(self.server)
            .iter()
            .find_map(targets::Target::version_of_prometheus)
            .unwrap_or_default();
        json!({ "version": version, "revision": "", "branch": "HEAD", "buildUser": "",
            "buildDate": "", "goVersion": "go1.25.4" })
    }
}
