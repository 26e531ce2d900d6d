//! What Prometheus scrapes, and the series that it has from there.

use std::sync::Arc;

use promql_parser::label::{MatchOp, Matcher};
use strata_domain::ids::ObjectKey;

use super::super::{
    curve,
    exporters::Exporter,
    exposition::{Labels, Page, Reading},
    facts::PodFacts,
    inventory::RETENTION,
};
use crate::{json, random, server::Server, store::Stored, world::pod_kind};

/// The name of a series, as a label.
pub(super) const NAME: &str = "__name__";

/// Labels by name.
pub(super) type LabelSet = Vec<(String, String)>;

/// A pod that is scraped.
pub(super) struct Target {
    pub(super) key: ObjectKey,
    pub(super) exporter: Exporter,
    facts: PodFacts,
    /// What relabelling makes of the pod.
    pub(super) labels: LabelSet,
    /// When in each interval it is scraped.
    phase: f64,
    /// Since when its scrapes succeed, if they do.
    pub(super) up_since: Option<f64>,
}

/// A series as Prometheus has it: a value at each scrape.
#[derive(Clone)]
pub(super) struct Scraped {
    pub(super) labels: Arc<LabelSet>,
    reading: Reading,
    interval: f64,
    phase: f64,
    /// When data begins and ends.
    from: f64,
    until: f64,
}

impl Scraped {
    /// The value at `time`: that of the last scrape, none if that is older than `lookback` or the
    /// series was not there.
    pub(super) fn at(&self, time: f64, lookback: f64) -> Option<(f64, f64)> {
        let scrape = self.last_scrape(time);
        if scrape <= time - lookback {
            return None;
        }
        self.scrape(scrape)
    }

    /// The samples after `from`, up to and with `until`.
    pub(super) fn between(&self, from: f64, until: f64) -> Vec<(f64, f64)> {
        let mut samples = Vec::new();
        let mut scrape = self.last_scrape(from) + self.interval;
        let last = until.min(self.until);
        while scrape <= last {
            samples.extend(self.scrape(scrape));
            scrape += self.interval;
        }
        samples
    }

    fn last_scrape(&self, time: f64) -> f64 {
        let time = time.min(self.until);
        ((time - self.phase) / self.interval).floor() * self.interval + self.phase
    }

    fn scrape(&self, time: f64) -> Option<(f64, f64)> {
        (time >= self.from && time <= self.until)
            .then(|| (self.reading)(time))
            .flatten()
            .map(|value| (time, value))
    }
}

/// Everything that is scraped.
pub(super) fn targets(server: &Server) -> Vec<Target> {
    server
        .inventory
        .exporters()
        .into_iter()
        .filter_map(|(key, exporter)| {
            let stored = server.store.get(&pod_kind(), &key)?;
            let facts = PodFacts::read(&stored);
            let is_there = !facts.is_over() && !facts.status.pod_ip.is_empty();
            is_there.then(|| Target::new(&stored, exporter, facts))
        })
        .collect()
}

impl Target {
    fn new(stored: &Stored, exporter: Exporter, facts: PodFacts) -> Self {
        let key = stored.key.clone();
        let workload = workload_of(stored);
        let (job, endpoint) = exporter.job(&key, &workload);
        let container = facts.spec.containers.first();
        let mut labels: LabelSet = vec![
            (
                "container".to_owned(),
                container.map_or_else(String::new, |it| it.name.clone()),
            ),
            ("endpoint".to_owned(), endpoint.to_owned()),
            (
                "instance".to_owned(),
                format!("{}:{}", facts.status.pod_ip, exporter.port()),
            ),
            ("job".to_owned(), job.clone()),
            ("namespace".to_owned(), key.namespace.to_string()),
            ("pod".to_owned(), key.name.to_string()),
        ];
        if !job.contains('/') {
            labels.push(("service".to_owned(), job));
        }
        let spread = curve::unit(random::hash(&stored.uid));
        Self {
            phase: (spread * exporter.interval() * 1000.0).floor() / 1000.0,
            up_since: facts.ready_since(),
            key,
            exporter,
            facts,
            labels,
        }
    }

    /// Tells what its exporter tells.
    pub(super) fn tell(&self, server: &Server, page: &mut Page<'_>) {
        self.exporter.tell(server, &self.key, &self.facts, page);
    }

    /// The value of its label `job`.
    pub(super) fn job(&self) -> &str {
        value_of(&self.labels, "job")
    }

    /// The version in the image's tag, where this is Prometheus itself.
    pub(super) fn version_of_prometheus(&self) -> Option<String> {
        let image = &self.facts.spec.containers.first()?.image;
        let (_, tag) = image.rsplit_once(':')?;
        (self.exporter == Exporter::Prometheus).then(|| tag.trim_start_matches('v').to_owned())
    }

    /// When it was scraped last before `now`.
    pub(super) fn last_scrape(&self, now: f64) -> f64 {
        let interval = self.exporter.interval();
        ((now - self.phase) / interval).floor() * interval + self.phase
    }

    /// Whether what the target is contradicts `matchers`.
    fn is_excluded(&self, matchers: &[Matcher]) -> bool {
        let is_own = |name: &str| {
            !(self.exporter.honors_labels() && ["container", "namespace", "pod"].contains(&name))
        };
        self.labels.iter().any(|(name, value)| {
            is_own(name)
                && matchers
                    .iter()
                    .any(|matcher| matcher.name == *name && !matcher.is_match(value))
        })
    }

    fn series(&self, labels: LabelSet, reading: Reading, from: f64, now: f64) -> Scraped {
        Scraped {
            labels: Arc::new(labels),
            reading,
            interval: self.exporter.interval(),
            phase: self.phase,
            from: from.max(now - RETENTION),
            until: now,
        }
    }

    /// What Prometheus writes itself at each scrape.
    fn own_series(&self, now: f64) -> Vec<Scraped> {
        let created = self.facts.created();
        let up_since = self.up_since;
        let up: Reading = Arc::new(move |time| {
            Some(if up_since.is_some_and(|since| time >= since) {
                1.0
            } else {
                0.0
            })
        });
        let seed = curve::mix(random::hash(&self.key.name));
        let duration: Reading =
            Arc::new(move |time| Some(curve::between(seed ^ time.to_bits(), 0.004, 0.031)));
        [("up", up), ("scrape_duration_seconds", duration)]
            .into_iter()
            .map(|(name, reading)| {
                let mut labels = self.labels.clone();
                labels.push((NAME.to_owned(), name.to_owned()));
                labels.sort();
                self.series(labels, reading, created, now)
            })
            .collect()
    }
}

/// The series that all of `matchers` match.
pub(super) fn select(server: &Server, matchers: &[Matcher], now: f64) -> Vec<Scraped> {
    let names: Vec<&Matcher> = matchers.iter().filter(|it| it.name == NAME).collect();
    let is_named = |name: &str| names.iter().all(|matcher| matcher.is_match(name));
    let wants = |family: &str| {
        is_named(family)
            || ["_bucket", "_sum", "_count"]
                .iter()
                .any(|suffix| is_named(&format!("{family}{suffix}")))
    };
    let scope: Vec<(String, String)> = matchers
        .iter()
        .filter(|matcher| matcher.op == MatchOp::Equal && !matcher.value.is_empty())
        .map(|matcher| (matcher.name.clone(), matcher.value.clone()))
        .collect();
    let mut found = Vec::new();
    for target in targets(server) {
        if target.is_excluded(matchers) {
            continue;
        }
        let own = target.own_series(now);
        found.extend(
            own.into_iter()
                .filter(|series| is_match(&series.labels, matchers)),
        );
        let Some(up_since) = target.up_since else {
            continue;
        };
        let mut page = Page::of(&wants, &scope);
        target.tell(server, &mut page);
        for family in page.families {
            for series in family.series {
                let name = format!("{}{}", family.name, series.suffix);
                if !is_named(&name) {
                    continue;
                }
                let labels = target.merge(name, &series.labels);
                if is_match(&labels, matchers) {
                    found.push(target.series(labels, series.reading, up_since, now));
                }
            }
        }
    }
    found
}

impl Target {
    /// The labels of a scraped series: what both have is the target's, and the exporter's under
    /// another name, unless the exporter's is honoured.
    fn merge(&self, name: String, told: &Labels) -> LabelSet {
        let mut labels = self.labels.clone();
        labels.push((NAME.to_owned(), name));
        for (name, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
            let known = labels.iter_mut().find(|(known, _)| known == name);
            match known {
                Some(known) if self.exporter.honors_labels() => known.1.clone_from(value),
                Some(_) => labels.push((format!("exported_{name}"), value.clone())),
                None => labels.push((name.to_string(), value.clone())),
            }
        }
        labels.sort();
        labels
    }
}

fn is_match(labels: &LabelSet, matchers: &[Matcher]) -> bool {
    matchers
        .iter()
        .all(|matcher| matcher.is_match(value_of(labels, &matcher.name)))
}

/// The value of the label `name`; empty where there is none.
pub(super) fn value_of<'a>(labels: &'a LabelSet, name: &str) -> &'a str {
    labels
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value.as_str())
}

/// The name of the workload that a pod is of: what controls it, without the hash of a template.
fn workload_of(stored: &Stored) -> String {
    let Some(owner) = stored.controller() else {
        return stored.key.name.to_string();
    };
    let name = owner.name.as_str();
    let object = stored.value();
    let hash = json::text(&object, "/metadata/labels/pod-template-hash");
    name.strip_suffix(hash)
        .and_then(|rest| rest.strip_suffix('-'))
        .filter(|_| !hash.is_empty())
        .unwrap_or(name)
        .to_owned()
}
