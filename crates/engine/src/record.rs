//! What is kept of a cluster from one start to the next: what its GPUs do, what is held of them and
//! by whom, which jobs are not over, and what needs attention.

use std::sync::Arc;

use hashbrown::HashMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strata_api::phrases::Phrase;
use strata_domain::{
    reading::Figure,
    series::{Measure, PartBy, SeriesName, SeriesOf},
    severity::Severity,
    text::Text,
};
use strata_ports::{
    past_jobs::LivingNow,
    series::{Incident, Record, Sample},
    telemetry::PastSeries,
};

use crate::{
    derive::{
        attention::Attention,
        gpus::{
            Gpu, GpuState, Gpus,
            shares::{Part, Share, Shares, Sum},
        },
        jobs::Jobs,
        unsaid::unsaid,
    },
    fleet::telemetry::{Device, STEP_SECONDS, Telemetry},
};

mod held;
mod living;
pub(crate) mod machine;

use held::Held;
use living::Living;

/// Makes records of a cluster, one in each step.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    step: Option<i64>,
    /// The names of series, each made once.
    names: HashMap<SeriesName, Arc<SeriesName>>,
    held: Held,
    living: Living,
}

/// What an incident was, as it is kept: without what containers and controllers wrote.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IncidentText {
    pub(crate) title: Phrase,
    pub(crate) reason: Phrase,
    pub(crate) subject: String,
}

impl Recorder {
    /// What is to be kept of this step; `None` where that was told already, or nothing is known yet.
    pub(crate) fn record(
        &mut self,
        gpus: &Gpus,
        telemetry: &Telemetry,
        attention: &[Attention],
        jobs: &Jobs,
        now: Timestamp,
    ) -> Option<Record> {
        let step = now.as_second().div_euclid(i64::from(STEP_SECONDS));
        if self.step == Some(step) {
            return None;
        }
        self.step = Some(step);
        let mut samples = Vec::new();
        for gpu in gpus.iter().filter(|gpu| !gpu.is_stale) {
            let device = telemetry
                .devices_on(&gpu.node)
                .and_then(|devices| devices.get(&gpu.index));
            if let Some(device) = device {
                self.device(gpu, device, &mut samples);
            }
        }
        self.sums(gpus, now, &mut samples);
        let incidents = attention
            .iter()
            .filter(|line| line.severity >= Severity::Warning)
            .filter_map(|line| incident(line, now))
            .collect();
        Some(Record {
            samples,
            incidents,
            held: self.held.tell(gpus, now),
            jobs: Vec::new(),
            living: Some(self.living(jobs, now)),
        })
    }

    /// Which jobs are not over now.
    pub(crate) fn living(&mut self, jobs: &Jobs, now: Timestamp) -> LivingNow {
        self.living.tell(jobs, now)
    }

    fn device(&mut self, gpu: &Gpu, device: &Device, samples: &mut Vec<Sample>) {
        let of = SeriesOf::Gpu(gpu_name(&gpu.uuid, &gpu.node, gpu.index));
        let activity = device.activity().map(|(figure, _)| figure);
        // Prometheus is asked for its past too, so that a chart of it goes on where that ends.
        let engine = (activity != Some(Figure::EngineActive)).then_some(Figure::EngineActive);
        let figures = [Figure::MemoryUsed, Figure::Temperature, Figure::Power];
        for figure in activity.into_iter().chain(engine).chain(figures) {
            if let Some(value) = device.value(figure) {
                samples.push(Sample {
                    series: self.name(of.clone(), Measure::Of(figure)),
                    at: device.at,
                    value,
                });
            }
        }
    }

    fn sums(&mut self, gpus: &Gpus, now: Timestamp, samples: &mut Vec<Sample>) {
        if gpus.is_empty() || gpus.iter().all(|gpu| gpu.state == GpuState::Unknown) {
            return;
        }
        let shares = Shares::of(gpus);
        let mut put = |of: &SeriesOf, measure, value| {
            samples.push(Sample {
                series: self.name(of.clone(), measure),
                at: now,
                value,
            });
        };
        let count = |state| count(gpus.iter().filter(|gpu| gpu.state == state).count());
        let whole = SeriesOf::Cluster;
        put(&whole, Measure::Total, self::count(gpus.len()));
        put(&whole, Measure::Unhealthy, count(GpuState::Unhealthy));
        tell(&whole, shares.whole, shares.figure, &mut put);
        for (part, share) in &shares.parts {
            let Share {
                sum,
                total,
                by_model,
            } = share;
            let (of, name, by) = match part {
                Part::Model(name) => {
                    let of = SeriesOf::Model(Text::from(name.as_str()));
                    put(&of, Measure::Total, f64::from(*total));
                    tell(&of, *sum, shares.figure, &mut put);
                    continue;
                }
                // They come and go; their namespace has their sum.
                Part::Workload { .. } => continue,
                Part::Namespace(name) => {
                    let name = Text::from(name.as_str());
                    (SeriesOf::Namespace(name.clone()), name, PartBy::Namespace)
                }
                Part::Queue(name) => {
                    let name = Text::from(name.as_str());
                    (SeriesOf::Queue(name.clone()), name, PartBy::Queue)
                }
                Part::Owner(name) => {
                    let name = Text::from(name.as_str());
                    (SeriesOf::Owner(name.clone()), name, PartBy::Owner)
                }
            };
            tell(&of, *sum, shares.figure, &mut put);
            for (model, sum) in by_model {
                let of = SeriesOf::PartOfModel {
                    by,
                    name: name.clone(),
                    model: Text::from(model.as_str()),
                };
                tell(&of, *sum, shares.figure, &mut put);
            }
        }
    }

    fn name(&mut self, of: SeriesOf, measure: Measure) -> Arc<SeriesName> {
        let name = SeriesName { of, measure };
        if let Some(known) = self.names.get(&name) {
            return Arc::clone(known);
        }
        let shared = Arc::new(name.clone());
        self.names.insert(name, Arc::clone(&shared));
        shared
    }
}

/// What Prometheus remembers of GPUs, so that a chart begins before Strata did.
pub(crate) fn of_past(past: &[PastSeries]) -> Record {
    let samples = past.iter().flat_map(|past| {
        let series = Arc::new(SeriesName {
            of: SeriesOf::Gpu(past.uuid.clone()),
            measure: Measure::Of(past.figure),
        });
        past.values.iter().map(move |(at, value)| Sample {
            series: Arc::clone(&series),
            at: *at,
            value: *value,
        })
    });
    Record {
        samples: samples.collect(),
        ..Record::default()
    }
}

/// The name by which a GPU's series are kept: its own, which it keeps in whatever node it is.
pub(crate) fn gpu_name(uuid: &str, node: &str, index: u32) -> Text {
    if uuid.is_empty() {
        Text::from(format!("{node}/{index}"))
    } else {
        Text::from(uuid)
    }
}

fn tell(
    of: &SeriesOf,
    sum: Sum,
    figure: Option<Figure>,
    put: &mut impl FnMut(&SeriesOf, Measure, f64),
) {
    put(of, Measure::Held, f64::from(sum.held));
    put(of, Measure::IdleHeld, f64::from(sum.idle_held));
    if let Some(figure) = figure {
        let measured = sum.held - sum.not_measured;
        put(of, Measure::Measured(figure), f64::from(measured));
        put(of, Measure::Used(figure), sum.used);
    }
}

fn incident(line: &Attention, now: Timestamp) -> Option<Incident> {
    let text = IncidentText {
        title: unsaid(&line.title),
        reason: unsaid(&line.reason),
        subject: line.subject.to_string(),
    };
    Some(Incident {
        id: Text::from(line.id.as_str()),
        severity: line.severity,
        what: serde_json::to_string(&text).ok()?,
        began: line.since.filter(|since| *since <= now).unwrap_or(now),
        seen: now,
    })
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
