//! Where the capacity goes: what is held beside what that does, and what the gap costs, by model,
//! namespace, queue, workload or owner; of models also what fits on what is free.

use serde_json::{Value, json};
use strata_api::{
    operations::{ModelHours, Nothing, Preferences},
    rows::{
        Row,
        gpu::{GpuCapacityRow, GpuFitRow, GpuMapRow, GpuModelShare, GpuShareOf, GpuShareRow},
    },
    topics::Topic,
};
use strata_domain::{reading::Figure, tongue::Tongue};

use super::{added_up, counted, with_reason};
use crate::{
    arguments::Gpu,
    prices::{Prices, Waste, unused},
    session::Session,
    table::{columns, fitted},
};

/// The parts of one kind.
pub(super) struct Parts {
    pub(super) head: GpuMapRow,
    pub(super) rows: Held,
    of: GpuShareOf,
    prices: Prices,
}

/// What is told of them.
#[derive(Default, PartialEq)]
pub(super) struct Held {
    whole: Option<GpuCapacityRow>,
    /// The models that are here.
    names: Vec<String>,
    /// What is held, by model, whatever the parts are.
    models: Vec<GpuModelShare>,
    shares: Vec<GpuShareRow>,
    fits: Vec<GpuFitRow>,
}

impl Parts {
    pub(super) async fn read(
        session: &Session,
        cluster: &str,
        of: GpuShareOf,
        gpu: &Gpu,
        head: GpuMapRow,
    ) -> anyhow::Result<Self> {
        let preferences: Preferences = session.call("read_preferences", &Nothing {}).await?;
        let topic = Topic::GpuCapacity {
            cluster: cluster.to_owned(),
        };
        let mut told = session.subscribe(topic).await?;
        told.next().await?;
        let mut rows = Held::default();
        for row in told.iter() {
            if let Row::GpuShare(row) = row
                && row.by == GpuShareOf::Model
            {
                rows.names.push(row.name.clone());
                rows.models.extend(row.by_model.iter().cloned());
            }
            match row {
                Row::GpuCapacity(row) => rows.whole = Some(row.clone()),
                Row::GpuShare(row) if row.by == of => rows.shares.push(row.clone()),
                Row::GpuFit(row) if of == GpuShareOf::Model => rows.fits.push(row.clone()),
                _ => {}
            }
        }
        Ok(Self {
            head,
            rows,
            of,
            prices: Prices::of(preferences, &gpu.price, gpu.currency.as_deref()),
        })
    }

    /// What is to be said of prices that were given and are used nowhere.
    pub(super) fn unused_prices(&self, gpu: &Gpu) -> Option<String> {
        let names: Vec<&str> = self.rows.names.iter().map(String::as_str).collect();
        unused(&gpu.price, &names)
    }

    pub(super) fn json(&self, cluster: &str) -> Value {
        let shares = self.rows.shares.iter();
        let shares: Vec<Value> = shares.map(|share| self.share_json(share)).collect();
        let mut value = json!({
            "cluster": cluster,
            "at": self.head.at,
            "by": self.of,
            "states": self.head.states,
            "told_otherwise": self.otherwise(),
            "used_figure": self.figure().map(|figure| figure.name(Tongue::English)),
            "currency": self.prices.currency,
            "shares": shares,
        });
        if self.of == GpuShareOf::Model
            && let Some(object) = value.as_object_mut()
        {
            let fits = self.rows.fits.iter().map(fit_json).collect::<Vec<_>>();
            object.insert("fits".to_owned(), json!(fits));
        }
        value
    }

    fn share_json(&self, share: &GpuShareRow) -> Value {
        let gap = gap(share);
        let waste = self.waste(gap.unwrap_or(0.0), &share.by_model);
        json!({
            "name": share.name,
            "kind": share.kind,
            "total": share.total,
            "held": share.held,
            "used": used(share),
            "not_used": gap,
            "held_idle": share.idle_held,
            "not_measured": share.not_measured,
            // Of what is not used, as far as its models have a price.
            "cost_per_hour": gap.and(waste.cost),
            "not_used_without_price": gap.map(|_| waste.unpriced),
        })
    }

    pub(super) fn text(&self, room: Option<usize>) -> String {
        let mut text = self.summary();
        if self.rows.shares.is_empty() {
            return text;
        }
        let mut head = vec![noun(self.of).to_uppercase()];
        if self.of == GpuShareOf::Model {
            head.push("IN ALL".to_owned());
        }
        let figures = ["HELD", "USED", "NOT USED", "HELD IDLE", "NOT MEASURED"];
        head.extend(figures.map(str::to_owned));
        head.push("COSTS AN HOUR".to_owned());
        let mut lines = vec![head];
        lines.extend(self.rows.shares.iter().map(|share| self.line(share)));
        text.push('\n');
        text.push_str(&fitted(&lines, &LESSER, room));
        let told: u32 = self.rows.shares.iter().map(|share| share.held).sum();
        let left = self.held().saturating_sub(told);
        if left > 0 {
            let others = format!("… and {} of others\n", counted(left, "GPU"));
            text.push_str(&others);
        }
        if !self.rows.fits.is_empty() {
            text.push_str("\nWhat fits now\n");
            text.push_str(&fits(&self.rows.fits, room));
        }
        text
    }

    /// What is held and what that does, over all.
    fn summary(&self) -> String {
        let Some(whole) = &self.rows.whole else {
            return String::new();
        };
        let held = self.held();
        let mut said = vec![
            counted(whole.states.total, "GPU"),
            format!("{held} held"),
            format!("{} held idle", whole.states.idle_held),
        ];
        match self.figure() {
            Some(figure) => {
                let measured = f64::from(held.saturating_sub(whole.not_measured));
                let not_used = (measured - whole.used).max(0.0);
                said.push(format!(
                    "{:.1} used by {}",
                    whole.used,
                    figure.name(Tongue::English)
                ));
                let waste = self.waste(not_used, &self.rows.models);
                said.push(match self.money(waste).as_str() {
                    "no price" => format!("{not_used:.1} not used"),
                    money => format!("{not_used:.1} not used, {money} an hour"),
                });
                let otherwise: u32 = whole.otherwise.iter().map(|one| one.gpus).sum();
                for one in &whole.otherwise {
                    let by = Figure::from(one.figure).name(Tongue::English);
                    said.push(format!("{} told by {by}, in no sum", one.gpus));
                }
                let not_measured = whole.not_measured.saturating_sub(otherwise);
                if not_measured > 0 {
                    said.push(format!("{not_measured} not measured"));
                }
            }
            None => said.push("nothing is measured".to_owned()),
        }
        format!("{}\n", said.join(" · "))
    }

    /// How many are held in all.
    fn held(&self) -> u32 {
        self.rows.models.iter().map(|model| model.held).sum()
    }

    /// By which definition they are called used.
    fn figure(&self) -> Option<Figure> {
        let whole = self.rows.whole.as_ref()?;
        whole.used_figure.map(Figure::from)
    }

    /// Held ones that are told by another definition, how many by which.
    fn otherwise(&self) -> Vec<Value> {
        let all = self.rows.whole.iter().flat_map(|whole| &whole.otherwise);
        all.map(|one| json!({ "figure": Figure::from(one.figure).name(Tongue::English), "gpus": one.gpus }))
            .collect()
    }

    fn line(&self, share: &GpuShareRow) -> Vec<String> {
        let mut line = vec![self.name(share)];
        if let Some(total) = share.total {
            line.push(total.to_string());
        }
        line.extend([
            share.held.to_string(),
            added_up(used(share)),
            added_up(gap(share)),
            share.idle_held.to_string(),
            share.not_measured.to_string(),
            self.cost(share),
        ]);
        line
    }

    fn name(&self, share: &GpuShareRow) -> String {
        match (share.name.as_str(), share.kind.as_str()) {
            ("", _) => format!("no {}", noun(self.of)),
            ("*", _) => format!("several {}s at once", noun(self.of)),
            (name, "") => name.to_owned(),
            (name, kind) => format!("{name} ({kind})"),
        }
    }

    fn cost(&self, share: &GpuShareRow) -> String {
        gap(share).map_or_else(
            || "-".to_owned(),
            |gap| self.money(self.waste(gap, &share.by_model)),
        )
    }

    fn money(&self, waste: Waste) -> String {
        let money = |amount: f64| format!("{}{amount:.2}", self.prices.currency);
        match waste.cost {
            Some(cost) if waste.unpriced > 0.0 => {
                format!("{} and {:.1} without a price", money(cost), waste.unpriced)
            }
            Some(cost) => money(cost),
            None if waste.unpriced > 0.0 || self.prices.list.is_empty() => "no price".to_owned(),
            None => money(0.0),
        }
    }

    /// What an hour of `not_used` GPUs of `models` costs.
    fn waste(&self, not_used: f64, models: &[GpuModelShare]) -> Waste {
        let an_hour = |model: &GpuModelShare| ModelHours {
            model: model.model.clone(),
            held: f64::from(model.held),
            measured: f64::from(model.held.saturating_sub(model.not_measured)),
            used: model.used,
        };
        let models: Vec<ModelHours> = models.iter().map(an_hour).collect();
        self.prices.waste(not_used, &models)
    }
}

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["NOT MEASURED", "HELD IDLE", "USED"];

/// What the held ones do, where that is known of one of them; nothing held does nothing.
fn used(share: &GpuShareRow) -> Option<f64> {
    (share.held == 0 || share.held > share.not_measured).then_some(share.used)
}

/// Those held and measured, and not used.
fn gap(share: &GpuShareRow) -> Option<f64> {
    let measured = f64::from(share.held.saturating_sub(share.not_measured));
    used(share).map(|used| (measured - used).max(0.0))
}

fn noun(of: GpuShareOf) -> &'static str {
    match of {
        GpuShareOf::Model => "model",
        GpuShareOf::Namespace => "namespace",
        GpuShareOf::Queue => "queue",
        GpuShareOf::Workload => "workload",
        GpuShareOf::Owner => "owner",
    }
}

fn fit_json(fit: &GpuFitRow) -> Value {
    let stranded = fit.stranded.iter();
    let stranded: Vec<Value> = stranded
        .map(|one| with_reason(json!(one), Some(&one.reason)))
        .collect();
    let mut value = json!(fit);
    if let Some(object) = value.as_object_mut() {
        object.insert("stranded".to_owned(), json!(stranded));
    }
    value
}

/// How many pods of each size fit at once, and what is stranded.
fn fits(fits: &[GpuFitRow], room: Option<usize>) -> String {
    let sizes = fits.first().map_or(&[][..], |fit| &fit.gangs);
    let mut head = ["MODEL", "FREE", "LARGEST POD"].map(str::to_owned).to_vec();
    head.extend(
        sizes
            .iter()
            .map(|gang| format!("PODS OF {}", gang.gpus_each)),
    );
    let mut lines = vec![head];
    for fit in fits {
        let mut line = vec![
            if fit.model.is_empty() {
                "no model".to_owned()
            } else {
                fit.model.clone()
            },
            fit.free.to_string(),
            fit.largest_pod.to_string(),
        ];
        line.extend(fit.gangs.iter().map(|gang| gang.pods.to_string()));
        lines.push(line);
    }
    let mut text = columns(&lines, 0);
    let stranded: Vec<Vec<String>> = fits
        .iter()
        .flat_map(|fit| &fit.stranded)
        .map(|one| vec![one.node.clone(), one.free.to_string(), one.reason.english()])
        .collect();
    if !stranded.is_empty() {
        let mut lines = vec![["NODE", "STRANDED", "WHY"].map(str::to_owned).to_vec()];
        lines.extend(stranded);
        text.push('\n');
        text.push_str(&fitted(&lines, &[], room));
    }
    text
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::{
        Figure as Wire, FigureUnit, GpuColour, GpuExporters, GpuStates, GpusByFigure,
    };

    use super::*;

    fn share(held: u32, used: f64, not_measured: u32) -> GpuShareRow {
        GpuShareRow {
            by: GpuShareOf::Namespace,
            name: "llm-prod".to_owned(),
            kind: String::new(),
            held,
            used,
            idle_held: 0,
            not_measured,
            total: None,
            by_model: vec![GpuModelShare {
                model: "H100 80GB HBM3".to_owned(),
                held,
                used,
                not_measured,
            }],
        }
    }

    fn parts(price: f64) -> Parts {
        let more = [("H100 80GB HBM3".to_owned(), price)];
        let preferences = Preferences::default();
        Parts {
            head: GpuMapRow {
                colour: GpuColour::State,
                unit: FigureUnit::Ratio,
                least: 0.0,
                most: 1.0,
                at: String::new(),
                is_now: true,
                is_whole: true,
                states: GpuStates::default(),
                without_value: 0,
                exporters: GpuExporters::default(),
            },
            rows: Held::default(),
            of: GpuShareOf::Namespace,
            prices: Prices::of(preferences, &more, Some("€")),
        }
    }

    #[test]
    fn what_is_not_used_is_what_is_measured_less_what_that_does_and_has_a_price() {
        let line = parts(2.0).line(&share(10, 4.0, 1));
        assert_eq!(
            line,
            ["llm-prod", "10", "4.0", "5.0", "0", "1", "€10.00"].map(str::to_owned)
        );
    }

    #[test]
    fn what_another_definition_tells_is_named_and_in_no_sum() {
        let mut parts = parts(2.0);
        parts.rows.models = vec![GpuModelShare {
            model: "H100 80GB HBM3".to_owned(),
            held: 10,
            used: 4.0,
            not_measured: 3,
        }];
        parts.rows.whole = Some(GpuCapacityRow {
            states: GpuStates::default(),
            used: 4.0,
            used_figure: Some(Wire::SmActive),
            not_measured: 3,
            otherwise: vec![GpusByFigure {
                figure: Wire::AiCoreUtilization,
                gpus: 2,
            }],
        });
        let told = parts.summary();
        assert!(
            told.contains("4.0 used by SM active · 3.0 not used, €6.00 an hour · 2 told by AI Core utilization, in no sum · 1 not measured"),
            "{told}"
        );
        assert_eq!(
            parts.otherwise(),
            [json!({ "figure": "AI Core utilization", "gpus": 2 })]
        );
    }

    #[test]
    fn where_nobody_measures_nothing_is_called_zero() {
        let parts = parts(2.0);
        let unknown = share(8, 0.0, 8);
        let line = parts.line(&unknown);
        assert_eq!(
            line,
            ["llm-prod", "8", "-", "-", "0", "8", "-"].map(str::to_owned)
        );
        let value = parts.share_json(&unknown);
        for key in ["used", "not_used", "cost_per_hour"] {
            assert!(value.get(key).is_some_and(Value::is_null), "{key}");
        }
    }
}
