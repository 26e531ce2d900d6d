//! Over how many GPUs of this machine a model has to be split, by what each has free now.

use strata_api::{
    operations::{FitModel, ModelFit},
    phrases::{Phrase, PhraseCode as P},
    recipes::{Check, CheckState, CheckSubject},
    sizing::SplitChoice,
};

use super::split;
use crate::{
    deploy::judge::{failed, ok},
    local::{
        checks::bytes,
        machine::{Gpu, Machine},
    },
};

/// The least split over GPUs of one model that finds room now, or else the widest one.
pub(super) fn fit(machine: &Machine, request: &FitModel) -> ModelFit {
    let unknown = |phrase: Phrase| ModelFit {
        unknown: Some(phrase),
        choices: Vec::new(),
    };
    let gpus = match &machine.gpus {
        Ok(gpus) if gpus.is_empty() => return unknown(Phrase::new(P::CheckHereNoGpu)),
        Ok(gpus) => gpus,
        Err(why) => return unknown(why.clone()),
    };
    let mut models: Vec<&str> = gpus.iter().map(|gpu| gpu.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    let mut choices = Vec::new();
    for model in models {
        let ours: Vec<&Gpu> = gpus.iter().filter(|gpu| gpu.model == model).collect();
        match choice(&ours, request) {
            Ok(found) => choices.extend(found),
            Err(why) => return unknown(why),
        }
    }
    if choices.is_empty() {
        return unknown(Phrase::new(P::LocalMemoryUntold));
    }
    ModelFit {
        unknown: None,
        choices,
    }
}

/// What comes of `gpus`, all of one model; none where their memory is not told.
fn choice(gpus: &[&Gpu], request: &FitModel) -> Result<Option<SplitChoice>, Phrase> {
    // The emptiest first: a split takes as many of them as it needs.
    let mut known: Vec<(u64, u64, &Gpu)> = gpus
        .iter()
        .filter_map(|gpu| Some((gpu.free?, gpu.memory?, *gpu)))
        .collect();
    known.sort_by_key(|(free, _, gpu)| (std::cmp::Reverse(*free), gpu.index));
    let mut found = None;
    let widths = (0..).map(|power| 1_usize << power);
    for width in widths.take_while(|width| *width <= known.len()) {
        let Some((free, memory, last)) = known.get(width - 1) else {
            break;
        };
        let count = u32::try_from(width).unwrap_or(u32::MAX);
        let plan = split(request, count, 1, *memory)?;
        let held = plan.total_bytes;
        let is_enough = plan.fits == Some(true) && held <= *free;
        let say = |code| {
            Phrase::new(code)
                .with("index", last.index)
                .with("wanted", bytes(held))
                .with("free", bytes(*free))
                .with("memory", bytes(*memory))
        };
        let check = if is_enough {
            ok(CheckSubject::Fit, say(P::CheckHereFits))
        } else if plan.fits == Some(true) {
            Check {
                state: CheckState::Warning,
                ..failed(
                    CheckSubject::Fit,
                    say(P::CheckHereFull),
                    P::CheckHereFullRemedy,
                )
            }
        } else {
            failed(
                CheckSubject::Fit,
                say(P::CheckHereNever),
                P::FitOnNoSplitRemedy,
            )
        };
        // What would fit once something else ends is kept until a wider split fits now.
        let is_better = found
            .as_ref()
            .is_none_or(|before: &SplitChoice| check.state < before.check.state);
        if is_better {
            found = Some(SplitChoice {
                model: last.model.clone(),
                gpu_memory_bytes: *memory,
                tensor_parallel: count,
                pipeline_parallel: 1,
                per_gpu_bytes: held,
                check,
            });
        }
        if is_enough {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use strata_api::recipes::SizingInputs;

    use super::*;
    use crate::local::machine::tests::machine;

    const GIB: u64 = 1 << 30;

    fn on(gpus: &[(u64, Option<u64>)]) -> ModelFit {
        let request = FitModel {
            sizing: SizingInputs {
                model: "meta-llama/Llama-3.1-8B-Instruct".to_owned(),
                context: Some(8_192),
                concurrency: 4,
                memory_fraction: 0.92,
                ..SizingInputs::default()
            },
            ..FitModel::default()
        };
        fit(&machine(gpus, 0), &request)
    }

    #[test]
    fn what_is_free_now_decides_over_how_many_gpus_it_is_split() {
        let alone = on(&[(48 * GIB, Some(40 * GIB))]);
        assert_eq!(
            (
                alone.choices[0].tensor_parallel,
                alone.choices[0].check.state
            ),
            (1, CheckState::Ok)
        );
        // Neither has room for all of it; both together have.
        let both = on(&[(48 * GIB, Some(18 * GIB)), (48 * GIB, Some(18 * GIB))]);
        assert_eq!(
            (both.choices[0].tensor_parallel, both.choices[0].check.state),
            (2, CheckState::Ok)
        );
        let later = on(&[(48 * GIB, Some(2 * GIB))]);
        assert_eq!(later.choices[0].check.state, CheckState::Warning);
        let never = on(&[(8 * GIB, Some(8 * GIB))]);
        assert_eq!(never.choices[0].check.state, CheckState::Failed);
    }

    #[test]
    fn memory_that_is_not_told_is_unknown() {
        let untold = on(&[(48 * GIB, None)]);
        assert_eq!(
            untold.unknown.map(|phrase| phrase.code),
            Some(P::LocalMemoryUntold)
        );
        let unread = fit(&Machine::unread(), &FitModel::default());
        assert_eq!(
            unread.unknown.map(|phrase| phrase.code),
            Some(P::LocalGpusUnread)
        );
    }
}
