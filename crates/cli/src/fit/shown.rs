//! A plan as lines for people.

use strata_app::planner::{ServingPlan, TrainingPlan};

use super::Sizes;
use crate::arguments::Fit;

type Lines = Vec<Vec<String>>;

pub(super) fn sizes(sizes: &Sizes) -> Lines {
    let parameters = if sizes.parameters == sizes.active_parameters {
        billions(sizes.parameters)
    } else {
        let active = billions(sizes.active_parameters);
        format!("{}, {active} of them active", billions(sizes.parameters))
    };
    vec![
        line("model", &sizes.model_type),
        line("parameters", &parameters),
        line("weights", &bytes(sizes.weights_bytes)),
        line(
            "KV cache",
            &format!("{} a token", bytes(sizes.kv_bytes_per_token)),
        ),
    ]
}

pub(super) fn serving(plan: &ServingPlan, context: u64, fit: &Fit) -> Lines {
    let requests = if fit.concurrency == 1 {
        format!("one request of {context} tokens")
    } else {
        format!("{} requests of {context} tokens each", fit.concurrency)
    };
    let gpus = if plan.ranks == 1 { "GPU" } else { "GPUs" };
    let mut lines = vec![
        Vec::new(),
        line("serving", &format!("{requests} on {} {gpus}", plan.ranks)),
        line("  a GPU's weights", &bytes(plan.per_rank.weights_bytes)),
        line("  its KV cache", &bytes(plan.per_rank.kv_bytes)),
        line("  its activations", &bytes(plan.per_rank.activation_bytes)),
        line("  its runtime", &bytes(plan.per_rank.runtime_bytes)),
        line("  together", &bytes(plan.per_rank.total_bytes)),
    ];
    if plan.ranks > 1 {
        lines.push(line("all GPUs", &bytes(plan.total.total_bytes)));
    }
    if let (Some(fits), Some(budget)) = (plan.fits, plan.kv_budget_bytes) {
        let verdict = if fits { "yes" } else { "no" };
        let left = bytes(budget);
        lines.push(line(
            "fits",
            &format!("{verdict}; {left} a GPU are left for the cache"),
        ));
        if let Some(longest) = plan.max_context {
            lines.push(line("longest context", &format!("{longest} tokens")));
        }
        if let Some(most) = plan.max_concurrency {
            lines.push(line(
                "most requests",
                &format!("{most} of {context} tokens"),
            ));
        }
    }
    lines
}

pub(super) fn training(plan: &TrainingPlan) -> Lines {
    let mut lines = vec![
        Vec::new(),
        line(
            "trained",
            &format!("{} parameters", billions(plan.trainable_parameters)),
        ),
        line("  a GPU's frozen weights", &bytes(plan.frozen_bytes)),
        line(
            "  its weights, gradients, optimizer",
            &bytes(plan.states_bytes),
        ),
        line("  its activations", &bytes(plan.activation_bytes)),
        line("  together", &bytes(plan.total_bytes)),
    ];
    if plan.ranks > 1 {
        let all = bytes(plan.all_ranks_bytes);
        lines.push(line(&format!("all {} GPUs", plan.ranks), &all));
    }
    if let Some(fits) = plan.fits {
        lines.push(line("fits", if fits { "yes" } else { "no" }));
    }
    lines
}

fn line(name: &str, value: &str) -> Vec<String> {
    vec![name.to_owned(), value.to_owned()]
}

/// Bytes with three digits or so, in binary units.
#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes as f64;
    let mut unit = "B";
    for next in UNITS {
        unit = next;
        if amount < 1024.0 || next == "TiB" {
            break;
        }
        amount /= 1024.0;
    }
    if unit == "B" {
        format!("{bytes} B")
    } else {
        format!("{amount:.2} {unit}")
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn billions(count: u64) -> String {
    let count = count as f64;
    if count < 1e9 {
        format!("{:.1} M", count / 1e6)
    } else {
        format!("{:.2} B", count / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_in_the_unit_that_fits() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(131_072), "128.00 KiB");
        assert_eq!(bytes(16_060_522_496), "14.96 GiB");
        assert_eq!(billions(596_049_920), "596.0 M");
        assert_eq!(billions(8_030_261_248), "8.03 B");
    }
}
