//! Where a model fits: the planner's arithmetic against what a cluster, or this machine, has now.

use strata_api::{
    error::ApiError,
    operations::{FitModel, ModelFit, ModelPlan, PlanModel},
    phrases::{Phrase, PhraseCode},
    recipes::{SizingInputs, SizingTask},
};
use strata_ports::objects::Selection;

use super::{Operations, changes::context, containers::machine, sizing::plan};
use crate::{
    deploy::split::{Split, choices},
    error::of_port,
};

mod local;

/// Finds over how many GPUs the model has to be split, for each model of GPUs that the cluster has;
/// without a cluster, of this machine.
pub(super) async fn fit_model(
    operations: &Operations,
    request: FitModel,
) -> Result<ModelFit, ApiError> {
    if request.cluster.is_empty() {
        return Ok(local::fit(&machine(operations).await?, &request));
    }
    let cluster = context(operations, &request.cluster)?.id;
    let nodes = operations
        .objects
        .list(&cluster, Selection::all("", "Node", ""));
    let (nodes, pods) = futures::join!(nodes, operations.objects.pods(&cluster));
    let nodes = nodes.map_err(|error| of_port(&error))?;
    let pods = pods.map_err(|error| of_port(&error))?;
    let planned = |tensor: u32, pipeline: u32, memory: u64| -> Result<Split, Phrase> {
        let plan = split(&request, tensor, pipeline, memory)?;
        Ok(Split {
            tensor_parallel: tensor,
            pipeline_parallel: pipeline,
            per_gpu_bytes: plan.total_bytes,
            fits: plan.fits == Some(true),
        })
    };
    Ok(match choices(&nodes, &pods, planned) {
        Ok(choices) if choices.is_empty() => ModelFit {
            unknown: Some(Phrase::new(PhraseCode::FitOnNoGpus)),
            choices,
        },
        Ok(choices) => ModelFit {
            unknown: None,
            choices,
        },
        Err(unknown) => ModelFit {
            unknown: Some(unknown),
            choices: Vec::new(),
        },
    })
}

/// The plan of the model split over so many GPUs of a node and so many nodes.
fn split(request: &FitModel, tensor: u32, pipeline: u32, memory: u64) -> Result<ModelPlan, Phrase> {
    let sizing = match request.sizing.task {
        SizingTask::Serve => SizingInputs {
            tensor_parallel: tensor,
            pipeline_parallel: pipeline,
            ..request.sizing.clone()
        },
        SizingTask::Train => SizingInputs {
            gpus: tensor.saturating_mul(pipeline),
            ..request.sizing.clone()
        },
    };
    plan(&PlanModel {
        sizing,
        config: request.config.clone(),
        gpu_memory_bytes: Some(memory),
    })
}
