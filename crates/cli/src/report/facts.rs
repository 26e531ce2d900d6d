//! What stands in a report: gathered from the engine, added up to hours of GPUs.

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    operations::{
        HistoryKeeping, IncidentRow, ModelHours, Nothing, Preferences, Span, Steps, UsageHistory,
        UsageHours, UsagePart,
    },
    rows::gpu::{GpuMapRow, GpuShareOf},
};
use strata_domain::tongue::Tongue;

use crate::{
    arguments::Report,
    language::tongue,
    plot::{self, POINTS},
    prices::{Prices, Waste},
    session::Session,
};

/// What stands in a report.
pub(crate) struct Facts {
    /// In which language it stands.
    pub(crate) tongue: Tongue,
    /// What its context is called.
    pub(crate) cluster: String,
    pub(crate) from: Timestamp,
    /// When it was written, up to which it goes.
    pub(crate) until: Timestamp,
    /// The whole cluster; absent where nothing is kept of this time.
    pub(crate) whole: Option<UsagePart>,
    /// The steps and the lines of the picture: of the whole time, or from where something is kept.
    pub(crate) picture: Option<(Steps, UsagePart)>,
    pub(crate) sums: Sums,
    pub(crate) owners: Vec<Share>,
    pub(crate) namespaces: Vec<Share>,
    pub(crate) queues: Vec<Share>,
    pub(crate) models: Vec<Share>,
    pub(crate) incidents: Vec<IncidentRow>,
    /// Hours of the time of which something is kept.
    pub(crate) known_hours: f64,
    pub(crate) prices: Prices,
    /// How the cluster is as this is written; absent where it does not answer.
    pub(crate) now: Option<GpuMapRow>,
    /// Why the cluster does not answer now.
    pub(crate) unreachable: Option<String>,
    /// How history is kept.
    pub(crate) keeping: HistoryKeeping,
}

/// Hours of GPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) total: f64,
    pub(crate) held: f64,
    /// Of those held, the ones of which it is known what they did.
    pub(crate) measured: f64,
    /// What those did.
    pub(crate) used: f64,
    /// Of those held, the ones on which nothing ran though memory was held.
    pub(crate) idle: f64,
    pub(crate) unhealthy: f64,
}

impl Sums {
    fn of(part: &UsagePart) -> Self {
        let UsageHours {
            total,
            held,
            idle_held,
            unhealthy,
            measured,
            used,
        } = part.hours;
        Self {
            total,
            held,
            measured,
            used,
            idle: idle_held,
            unhealthy,
        }
    }

    /// What was held, and is known not to have been used.
    pub(crate) fn unused(self) -> f64 {
        (self.measured - self.used).max(0.0)
    }

    /// What was held, and of which nobody knows what it did.
    pub(crate) fn not_measured(self) -> f64 {
        (self.held - self.measured).max(0.0)
    }
}

/// A part, with its hours.
pub(crate) struct Share {
    pub(crate) part: UsagePart,
    pub(crate) sums: Sums,
    /// What its hours that were held and not used cost.
    pub(crate) waste: Waste,
}

/// Gathers what is kept of `cluster` over the time that is `wanted`. `now` is how it is, or why that is
/// not known.
pub(crate) async fn gather(
    session: &Session,
    cluster: &str,
    wanted: &Report,
    now: Result<GpuMapRow, String>,
) -> anyhow::Result<Facts> {
    let span = Span {
        until: String::new(),
        seconds: u32::try_from(wanted.since.as_secs()).unwrap_or(u32::MAX),
        points: POINTS,
    };
    let ask = async |by| plot::usage(session, cluster, Some(by), span.clone()).await;
    let by_owner = ask(GpuShareOf::Owner).await?;
    let by_namespace = ask(GpuShareOf::Namespace).await?;
    let by_queue = ask(GpuShareOf::Queue).await?;
    let by_model = ask(GpuShareOf::Model).await?;
    let preferences: Preferences = session.call("read_preferences", &Nothing {}).await?;
    let prices = Prices::of(preferences, &wanted.price, wanted.currency.as_deref());
    // Where there is one model alone, all that was ever held was of it.
    let models: Vec<&UsagePart> = by_model
        .parts
        .iter()
        .filter(|part| part.by.is_some())
        .collect();
    let only = match models.as_slice() {
        [one] => Some(one.name.clone()),
        _ => None,
    };
    let whole = whole_of(&by_owner);
    let picture = match &whole {
        Some(whole) => Some(picture(session, cluster, &by_owner.steps, whole).await?),
        None => None,
    };
    let (now, unreachable) = match now {
        Ok(now) => (Some(now), None),
        Err(why) => (None, Some(why)),
    };
    let (from, until) = times(&by_owner.steps, now.as_ref());
    Ok(Facts {
        tongue: tongue(wanted.language),
        cluster: session.name_of(cluster).await?,
        from,
        until,
        sums: whole.as_ref().map(Sums::of).unwrap_or_default(),
        whole,
        picture,
        owners: shares(by_owner.parts, &prices, only.as_deref()),
        namespaces: shares(by_namespace.parts, &prices, only.as_deref()),
        queues: shares(by_queue.parts, &prices, only.as_deref()),
        models: shares(by_model.parts, &prices, None),
        incidents: by_owner.incidents,
        known_hours: f64::from(by_owner.known_seconds) / 3_600.0,
        prices,
        now,
        unreachable,
        keeping: by_owner.keeping,
    })
}

/// From when until when: until the cluster was seen last, where the last step is not over.
fn times(steps: &Steps, now: Option<&GpuMapRow>) -> (Timestamp, Timestamp) {
    let (from, step) = steps.times();
    let count = i32::try_from(steps.count).unwrap_or(i32::MAX);
    let ends = from.checked_add(step.saturating_mul(count));
    let ends = ends.unwrap_or(from);
    let seen = now.and_then(|now| now.at.parse::<Timestamp>().ok());
    (from, seen.map_or(ends, |seen| seen.clamp(from, ends)))
}

fn whole_of(usage: &UsageHistory) -> Option<UsagePart> {
    usage.parts.iter().find(|part| part.by.is_none()).cloned()
}

/// What the picture shows: where something is kept of the last part of the time alone, that part, in
/// finer steps, since a line of one point tells nothing.
async fn picture(
    session: &Session,
    cluster: &str,
    steps: &Steps,
    whole: &UsagePart,
) -> anyhow::Result<(Steps, UsagePart)> {
    let all = || (steps.clone(), whole.clone());
    let Some(first) = whole.total.iter().position(Option::is_some) else {
        return Ok(all());
    };
    let left = whole.total.len() - first;
    if left * 4 > whole.total.len() {
        return Ok(all());
    }
    let span = Span {
        until: String::new(),
        seconds: u32::try_from(left)
            .unwrap_or(u32::MAX)
            .saturating_mul(steps.seconds)
            .max(SHORTEST_SECONDS),
        points: POINTS,
    };
    let usage = plot::usage(session, cluster, None, span).await?;
    let whole = whole_of(&usage);
    Ok(whole.map_or_else(all, |whole| (usage.steps, whole)))
}

/// The shortest time that is drawn, in seconds.
const SHORTEST_SECONDS: u32 = 1_800;

impl Facts {
    /// How many hours the report spans.
    pub(crate) fn span_hours(&self) -> f64 {
        SignedDuration::as_secs_f64(&self.until.duration_since(self.from)) / 3_600.0
    }
}

/// The parts, those first of which the most is known not to have been used. `only` is the one model
/// that there is.
fn shares(parts: Vec<UsagePart>, prices: &Prices, only: Option<&str>) -> Vec<Share> {
    let mut shares: Vec<Share> = parts
        .into_iter()
        .filter(|part| part.by.is_some())
        .map(|part| {
            let sums = Sums::of(&part);
            let model = match part.by {
                Some(GpuShareOf::Model) => Some(part.name.as_str()),
                _ => only,
            };
            let of_one = model.map(|model| ModelHours {
                model: model.to_owned(),
                held: sums.held,
                measured: sums.measured,
                used: sums.used,
            });
            let of_models = of_one
                .as_ref()
                .map_or(part.by_model.as_slice(), std::slice::from_ref);
            Share {
                waste: prices.waste(sums.unused(), of_models),
                sums,
                part,
            }
        })
        .filter(|share| share.sums.held > 0.0 || share.sums.total > 0.0)
        .collect();
    shares.sort_by(|left, right| {
        let order = |share: &Share| (share.sums.unused(), share.sums.held);
        let (left_order, right_order) = (order(left), order(right));
        right_order
            .0
            .total_cmp(&left_order.0)
            .then(right_order.1.total_cmp(&left_order.1))
            .then_with(|| left.part.name.cmp(&right.part.name))
    });
    shares
}

#[cfg(test)]
pub(super) mod tests {
    use strata_api::{
        operations::GpuPrice,
        phrases::{Phrase, PhraseCode},
        rows::{
            Severity,
            gpu::{Figure, FigureUnit, GpuColour, GpuExporters, GpuStates},
        },
    };

    use super::*;

    /// A part of which `held` GPUs were held, `used` of them used, in two hours of four.
    pub(crate) fn part(by: Option<GpuShareOf>, name: &str, held: f64, used: f64) -> UsagePart {
        let known = |value: f64| vec![Some(value), None, None, Some(value)];
        UsagePart {
            by,
            name: name.to_owned(),
            total: known(16.0),
            held: known(held),
            idle_held: known(1.0),
            unhealthy: known(0.0),
            figure: Some(Figure::SmActive),
            measured: known(held),
            used: known(used),
            hours: UsageHours {
                total: 32.0,
                held: 2.0 * held,
                idle_held: 2.0,
                unhealthy: 0.0,
                measured: 2.0 * held,
                used: 2.0 * used,
            },
            by_model: Vec::new(),
        }
    }

    /// How the cluster is: sixteen GPUs, ten of them held, one exporter of two silent.
    fn now() -> GpuMapRow {
        GpuMapRow {
            colour: GpuColour::State,
            unit: FigureUnit::Ratio,
            least: 0.0,
            most: 1.0,
            at: "2026-03-01T12:00:00Z".to_owned(),
            is_now: true,
            is_whole: true,
            states: GpuStates {
                total: 16,
                free: 6,
                allocated: 10,
                ..GpuStates::default()
            },
            without_value: 0,
            exporters: GpuExporters {
                asked: 2,
                live: 1,
                failed: 1,
                failure: "it answered <500>".to_owned(),
                ..GpuExporters::default()
            },
        }
    }

    /// A report of four hours of which two are known.
    pub(crate) fn facts() -> Facts {
        let steps = Steps {
            begins: "2026-03-01T08:00:00Z".to_owned(),
            seconds: 3_600,
            count: 4,
        };
        let whole = part(None, "", 10.0, 6.0);
        let owners = vec![
            part(
                Some(GpuShareOf::Owner),
                "<img src=x onerror=alert(1)>",
                4.0,
                1.0,
            ),
            part(Some(GpuShareOf::Owner), "", 6.0, 5.5),
        ];
        let models = vec![part(Some(GpuShareOf::Model), "H100 80GB HBM3", 10.0, 6.0)];
        let priced = GpuPrice {
            model: "H100 80GB HBM3".to_owned(),
            per_hour: 2.5,
        };
        let prices = Prices {
            list: vec![priced],
            currency: "€".to_owned(),
        };
        Facts {
            tongue: Tongue::English,
            cluster: "prod".to_owned(),
            from: "2026-03-01T08:00:00Z".parse().unwrap(),
            until: "2026-03-01T12:00:00Z".parse().unwrap(),
            sums: Sums::of(&whole),
            owners: shares(owners, &prices, Some("H100 80GB HBM3")),
            namespaces: Vec::new(),
            queues: Vec::new(),
            models: shares(models, &prices, None),
            incidents: vec![IncidentRow {
                severity: Severity::Critical,
                title: Phrase::new(PhraseCode::XidTitle)
                    .with("xid", 79_u32)
                    .with("name", "GPU has fallen off the bus"),
                reason: Phrase::new(PhraseCode::XidOffBus),
                subject: "node/gpu-<b>1".to_owned(),
                began: "2026-03-01T08:10:00Z".to_owned(),
                seen: "2026-03-01T08:40:00Z".to_owned(),
            }],
            known_hours: 2.0,
            prices,
            picture: Some((steps, whole.clone())),
            whole: Some(whole),
            now: Some(now()),
            unreachable: None,
            keeping: HistoryKeeping::default(),
        }
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "round numbers are exact")]
    fn hours_count_what_is_known_alone_and_the_most_wasteful_comes_first() {
        let facts = facts();
        assert_eq!(facts.sums.held, 20.0, "two hours of ten, and not four");
        assert_eq!(facts.sums.unused(), 8.0);
        let names: Vec<_> = facts
            .owners
            .iter()
            .map(|owner| owner.sums.unused())
            .collect();
        assert_eq!(names, [6.0, 1.0]);
        assert_eq!(facts.span_hours(), 4.0);
    }
}
