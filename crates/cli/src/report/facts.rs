//! What stands in a report: gathered from the engine, added up to hours of GPUs.

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    operations::{IncidentRow, ModelHours, Nothing, Preferences, Span, Steps, UsagePart},
    rows::gpu::GpuShareOf,
};

use crate::{
    arguments::Report,
    plot::{self, POINTS, hours},
    report::prices::{Prices, Waste},
    session::Session,
};

/// What stands in a report.
pub(crate) struct Facts {
    pub(crate) cluster: String,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) steps: Steps,
    /// The whole cluster; absent where nothing is kept of this time.
    pub(crate) whole: Option<UsagePart>,
    pub(crate) sums: Sums,
    pub(crate) owners: Vec<Share>,
    pub(crate) namespaces: Vec<Share>,
    pub(crate) models: Vec<Share>,
    pub(crate) incidents: Vec<IncidentRow>,
    /// Hours of the time of which something is kept.
    pub(crate) known_hours: f64,
    pub(crate) prices: Prices,
    /// Why the cluster does not answer now.
    pub(crate) unreachable: Option<String>,
    /// Why nothing is kept now; empty where all is well.
    pub(crate) problem: String,
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

/// Gathers what is kept of `cluster` over the time that is `wanted`.
pub(crate) async fn gather(
    session: &Session,
    cluster: &str,
    wanted: &Report,
    unreachable: Option<String>,
) -> anyhow::Result<Facts> {
    let span = Span {
        until: String::new(),
        seconds: u32::try_from(wanted.since.as_secs()).unwrap_or(u32::MAX),
        points: POINTS,
    };
    let ask = async |by| plot::usage(session, cluster, Some(by), span.clone()).await;
    let by_owner = ask(GpuShareOf::Owner).await?;
    let by_namespace = ask(GpuShareOf::Namespace).await?;
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
    let steps = by_owner.steps.clone();
    let whole = by_owner
        .parts
        .iter()
        .find(|part| part.by.is_none())
        .cloned();
    let (from, step) = steps.times();
    let count = i32::try_from(steps.count).unwrap_or(i32::MAX);
    let until = from.checked_add(step.saturating_mul(count)).unwrap_or(from);
    let known = whole
        .as_ref()
        .map_or(0, |whole| whole.total.iter().flatten().count());
    let known = u32::try_from(known).unwrap_or(u32::MAX);
    Ok(Facts {
        cluster: cluster.to_owned(),
        from,
        until,
        sums: whole
            .as_ref()
            .map(|whole| sums(&steps, whole))
            .unwrap_or_default(),
        owners: shares(&steps, by_owner.parts, &prices, only.as_deref()),
        namespaces: shares(&steps, by_namespace.parts, &prices, only.as_deref()),
        models: shares(&steps, by_model.parts, &prices, None),
        incidents: by_owner.incidents,
        known_hours: f64::from(known) * f64::from(steps.seconds) / 3_600.0,
        prices,
        problem: by_owner
            .keeping
            .problem
            .map(|problem| problem.english())
            .unwrap_or_default(),
        steps,
        whole,
        unreachable,
    })
}

impl Facts {
    /// How many hours the report spans.
    pub(crate) fn span_hours(&self) -> f64 {
        SignedDuration::as_secs_f64(&self.until.duration_since(self.from)) / 3_600.0
    }
}

/// The parts, those first of which the most is known not to have been used. `only` is the one model
/// that there is.
fn shares(steps: &Steps, parts: Vec<UsagePart>, prices: &Prices, only: Option<&str>) -> Vec<Share> {
    let mut shares: Vec<Share> = parts
        .into_iter()
        .filter(|part| part.by.is_some())
        .map(|part| {
            let sums = sums(steps, &part);
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

fn sums(steps: &Steps, part: &UsagePart) -> Sums {
    Sums {
        total: hours(steps, &part.total),
        held: hours(steps, &part.held),
        measured: hours(steps, &part.measured),
        used: hours(steps, &part.used),
        idle: hours(steps, &part.idle_held),
        unhealthy: hours(steps, &part.unhealthy),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use strata_api::{
        operations::GpuPrice,
        phrases::{Phrase, PhraseCode},
        rows::{Severity, gpu::Figure},
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
            by_model: Vec::new(),
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
            cluster: "prod".to_owned(),
            from: "2026-03-01T08:00:00Z".parse().unwrap(),
            until: "2026-03-01T12:00:00Z".parse().unwrap(),
            sums: sums(&steps, &whole),
            owners: shares(&steps, owners, &prices, Some("H100 80GB HBM3")),
            namespaces: Vec::new(),
            models: shares(&steps, models, &prices, None),
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
            problem: String::new(),
            steps,
            whole: Some(whole),
            unreachable: None,
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
