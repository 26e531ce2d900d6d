//! `strata fit --on` and `--here`: where a cluster, or this machine, has room for the model, and over how
//! many GPUs it is then split.

use strata_api::{
    operations::{FitModel, ModelFit},
    recipes::{CheckState, SizingInputs, SizingTask},
};
use strata_app::Launch;

use super::shown::bytes;
use crate::{
    arguments::{Fit, Target, Train},
    session::Session,
    table::visible,
};

/// What is asked of the cluster; its id is known later.
pub(super) fn question(fit: &Fit, config: String, context: u64) -> FitModel {
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let method = match fit.train {
        None => "",
        Some(Train::Full) => "full",
        Some(Train::Lora) => "lora",
        Some(Train::Qlora) => "qlora",
    };
    let name = |format: Option<strata_app::planner::Dtype>| {
        format.map_or_else(String::new, |format| format.to_string())
    };
    FitModel {
        cluster: String::new(),
        sizing: SizingInputs {
            task: if fit.train.is_some() {
                SizingTask::Train
            } else {
                SizingTask::Serve
            },
            weights: name(fit.weights),
            kv: name(fit.kv),
            context: Some(small(context)),
            concurrency: small(fit.concurrency),
            memory_fraction: f64::from(small(fit.utilization())) / 1000.0,
            method: method.to_owned(),
            rank: small(fit.rank),
            ..SizingInputs::default()
        },
        config,
    }
}

/// Asks about the GPUs of this machine.
pub(super) async fn ask_here(launch: Launch, question: &FitModel) -> anyhow::Result<ModelFit> {
    let session = Session::start(launch).await?;
    let found = session.call("fit_model", question).await?;
    session.end().await;
    Ok(found)
}

/// Asks the cluster of the context `name`.
pub(super) async fn ask(
    launch: Launch,
    name: &str,
    mut question: FitModel,
) -> anyhow::Result<ModelFit> {
    let session = Session::start(launch).await?;
    let target = Target {
        context: Some(name.to_owned()),
        demo: false,
        approve_plugin: false,
    };
    question.cluster = session.choose(&target).await?;
    let found = session.call("fit_model", &question).await?;
    session.end().await;
    Ok(found)
}

/// The answer, a line for each model of GPUs.
pub(super) fn shown(name: &str, found: &ModelFit) -> Vec<Vec<String>> {
    let mut lines = vec![Vec::new(), vec!["on".to_owned(), visible(name)]];
    if let Some(unknown) = &found.unknown {
        lines.push(vec!["  unknown".to_owned(), visible(&unknown.english())]);
    }
    for choice in &found.choices {
        let state = match choice.check.state {
            CheckState::Ok => "now",
            CheckState::Warning => "later",
            CheckState::Failed => "never",
            CheckState::Unknown => "unknown",
        };
        let split = match (choice.tensor_parallel, choice.pipeline_parallel) {
            (1, 1) => "1 GPU".to_owned(),
            (gpus, 1) => format!("{gpus} GPUs of one node"),
            (gpus, nodes) => format!("{gpus} GPUs of {nodes} nodes each"),
        };
        let held = bytes(choice.per_gpu_bytes);
        let memory = bytes(choice.gpu_memory_bytes);
        lines.push(vec![
            visible(&format!("  {}", choice.model)),
            format!("{state}: {split}, {held} of {memory} on each"),
        ]);
        lines.push(vec![
            String::new(),
            visible(&choice.check.sentence.english()),
        ]);
        let details = choice.check.details.iter();
        lines.extend(details.map(|detail| vec![String::new(), visible(&format!("  {detail}"))]));
    }
    lines
}
