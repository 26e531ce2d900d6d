//! What the GPUs of a job did over its life: who held what, joined with what was measured.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{HistoryChart, JobHistory, JobHistoryQuestion, JobHolding, Steps},
};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    series::{Measure, SeriesName, SeriesOf},
    text::Text,
};
use strata_ports::{
    holdings::PastHolding,
    objects::ObjectAddress,
    series::{Point, SeriesPoints},
};

use super::{
    Operations,
    history::{FIGURES, Range, chart},
    keeping::kept,
};

/// How many holdings are told and drawn: 64 nodes of 8 GPUs.
const MOST: usize = 512;

/// What the GPUs of one job did.
pub(super) async fn job_history(
    operations: &Operations,
    request: JobHistoryQuestion,
) -> Result<JobHistory, ApiError> {
    let asked = Asked::of(&request)?;
    let series = Arc::clone(&operations.series);
    let now = operations.clock.now();
    let told = operations
        .on_disk(move || {
            let held = series.held_by(&asked.cluster, &asked.job)?;
            let mut ours: Vec<PastHolding> = held.holdings;
            let began = ours.iter().map(|past| past.holding.began).min();
            let lasts = ours.iter().any(|past| past.ended.is_none());
            let ended = ours.iter().filter_map(|past| past.ended).max();
            let ended = ended.filter(|_| !lasts);
            let more = ours.len().saturating_sub(MOST);
            // Of too many the latest: that is what is asked about.
            ours.drain(..more);
            let range = Range::between(
                asked.from.or(began).unwrap_or(now),
                asked.until.or(ended).unwrap_or(now),
                request.points,
            );
            let is_asked = |past: &&PastHolding| {
                request.pod.is_empty() || past.holding.pod.as_str() == request.pod
            };
            let drawn = Drawn::of(ours.iter().filter(is_asked));
            let points = series.read(&range.question(request.cluster, drawn.names.clone()))?;
            let keeping = kept(&series.keeping(&asked.cluster));
            Ok(JobHistory {
                kept_since: held.since.map(|since| since.to_string()),
                began_at: began.map(|began| began.to_string()),
                ended_at: ended.map(|ended| ended.to_string()),
                holdings: ours.iter().map(holding).collect(),
                more: u32::try_from(more).unwrap_or(u32::MAX),
                steps: range.steps(&points),
                charts: drawn.charts(&points, &range.steps(&points), now),
                keeping,
            })
        })
        .await?;
    Ok(told)
}

/// What is asked, as it is looked for.
struct Asked {
    cluster: ClusterId,
    job: ObjectAddress,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Asked {
    fn of(request: &JobHistoryQuestion) -> Result<Self, ApiError> {
        let time = |name: &str, text: &str| {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|error| {
                let message = format!("`{name}` is no time: {error}");
                ApiError::new(ErrorCode::InvalidInput, message)
            })
        };
        Ok(Self {
            cluster: ClusterId(Text::from(request.cluster.as_str())),
            job: ObjectAddress::new(
                &request.group,
                &request.kind,
                &request.namespace,
                &request.name,
            ),
            from: time("from", &request.from)?,
            until: time("until", &request.until)?,
        })
    }
}

/// The GPUs that are drawn, each with the times in which it was held.
struct Drawn {
    gpus: Vec<Vec<(Timestamp, Option<Timestamp>)>>,
    /// The series of the first GPU, one a figure, then those of the next.
    names: Vec<SeriesName>,
}

impl Drawn {
    fn of<'a>(holdings: impl Iterator<Item = &'a PastHolding>) -> Self {
        let mut times: BTreeMap<&Text, Vec<(Timestamp, Option<Timestamp>)>> = BTreeMap::new();
        for PastHolding { holding, ended } in holdings {
            let of_gpu = times.entry(&holding.gpu).or_default();
            of_gpu.push((holding.began, *ended));
        }
        let names = times.keys().flat_map(|gpu| {
            FIGURES.map(|figure| SeriesName {
                of: SeriesOf::Gpu((*gpu).clone()),
                measure: Measure::Of(figure),
            })
        });
        Self {
            names: names.collect(),
            gpus: times.into_values().collect(),
        }
    }

    /// A chart for each figure of which something was measured while a GPU was held.
    fn charts(&self, points: &[SeriesPoints], steps: &Steps, now: Timestamp) -> Vec<HistoryChart> {
        let Ok(begins) = steps.begins.parse() else {
            return Vec::new();
        };
        let step = SignedDuration::from_secs(i64::from(steps.seconds));
        let drawn = FIGURES.iter().enumerate().filter_map(|(at, figure)| {
            let of_figure = points.iter().skip(at).step_by(FIGURES.len());
            let mut sums = vec![Sum::default(); steps.count as usize];
            for (times, points) in self.gpus.iter().zip(of_figure) {
                let mut at: Timestamp = begins;
                for (sum, point) in sums.iter_mut().zip(&points.points) {
                    if let Some(point) = point
                        && times.iter().any(|time| covers(*time, at, step, now))
                    {
                        sum.add(*point);
                    }
                    at = at.checked_add(step).unwrap_or(at);
                }
            }
            drawn(*figure, begins, step, &sums)
        });
        drawn.collect()
    }
}

fn drawn(
    figure: Figure,
    begins: Timestamp,
    step: SignedDuration,
    sums: &[Sum],
) -> Option<HistoryChart> {
    let points: Vec<Option<Point>> = sums.iter().map(Sum::point).collect();
    let is_measured = points.iter().any(Option::is_some);
    let points = SeriesPoints {
        begins,
        step,
        points,
    };
    is_measured.then(|| chart(figure, &points))
}

/// Whether a GPU was held in the most of the step that begins at `begins`: what it did in the rest was
/// somebody else's. Of a step that is longer than the time all of that time is enough.
fn covers(
    (began, ended): (Timestamp, Option<Timestamp>),
    begins: Timestamp,
    step: SignedDuration,
    now: Timestamp,
) -> bool {
    let ends = begins.checked_add(step).unwrap_or(begins).min(now);
    let until = ended.unwrap_or(now);
    let shared = until.min(ends).duration_since(began.max(begins));
    let whole = ends.duration_since(begins).min(until.duration_since(began));
    let was_over = ended.is_some_and(|ended| ended <= begins);
    !was_over && !shared.is_negative() && shared.saturating_mul(2) >= whole
}

/// What the GPUs of one step did together.
#[derive(Clone, Copy, Default)]
struct Sum {
    total: f64,
    count: u32,
    least: f64,
    most: f64,
    samples: u32,
}

impl Sum {
    fn add(&mut self, point: Point) {
        if self.count == 0 {
            (self.least, self.most) = (point.least, point.most);
        }
        self.total += point.mean;
        self.count += 1;
        self.samples += point.samples;
        self.least = self.least.min(point.least);
        self.most = self.most.max(point.most);
    }

    fn point(&self) -> Option<Point> {
        (self.count > 0).then(|| Point {
            mean: self.total / f64::from(self.count),
            least: self.least,
            most: self.most,
            samples: self.samples,
        })
    }
}

fn holding(past: &PastHolding) -> JobHolding {
    let PastHolding { holding, ended } = past;
    JobHolding {
        pod: holding.pod.to_string(),
        node: holding.node.to_string(),
        index: holding.index,
        began_at: holding.began.to_string(),
        ended_at: ended.map(|ended| ended.to_string()),
        is_counted: holding.is_counted,
        is_shared: holding.is_shared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn is_held(time: (i64, Option<i64>), begins: i64) -> bool {
        let time = (at(time.0), time.1.map(at));
        covers(time, at(begins), SignedDuration::from_secs(60), at(1_000))
    }

    #[test]
    fn a_step_belongs_to_whoever_held_the_gpu_in_most_of_it() {
        let steps = (0..240).step_by(60);
        let held = steps.map(|begins| is_held((40, Some(130)), begins));
        assert_eq!(held.collect::<Vec<_>>(), [false, true, false, false]);
        assert!(is_held((70, Some(75)), 60), "shorter than a step");
        assert!(is_held((70, None), 900), "while it lasts");
        assert!(is_held((70, None), 960), "a step that is not over");
        assert!(is_held((70, None), 1_000), "a step that has just begun");
        assert!(!is_held((70, Some(960)), 960), "it ended as the step began");
        assert!(
            !is_held((70, Some(1_000)), 1_000),
            "and the step is not over"
        );
    }

    #[test]
    fn the_mean_is_over_those_that_were_measured() {
        let mut sum = Sum::default();
        assert_eq!(sum.point(), None);
        for mean in [0.5, 0.25] {
            sum.add(Point {
                mean,
                least: mean - 0.125,
                most: mean,
                samples: 2,
            });
        }
        let point = Point {
            mean: 0.375,
            least: 0.125,
            most: 0.5,
            samples: 4,
        };
        assert_eq!(sum.point(), Some(point));
    }
}
