//! Having a recipe run on this machine: what it comes to, what stands in its way, and beginning it.

use serde_json::Value;
use strata_api::{
    change::Intent,
    error::ApiError,
    operations::{LocalRun, PlanModel, RunLocally},
    phrases::{Phrase, PhraseCode},
    recipes::{Check, SizingInputs},
};
use strata_ports::containers::{GpuAccess, Runtime, RuntimeKind, Wanted};
use strata_recipes::Rendered;

use super::{beginnings::begin, kind_of, sampled::machine, told_kind};
use crate::{
    local::{
        self, Local,
        checks::{Trial, given, judge},
        machine::Machine,
    },
    operations::{
        Operations,
        recipes::{error, known, render, written},
        sizing::plan,
    },
};

/// The recipe that Ollama runs by itself.
const OLLAMA: &str = "ollama";

/// What would run and what stands in its way; where that is asked for, it is begun.
pub(in crate::operations) async fn run_locally(
    operations: &Operations,
    request: RunLocally,
) -> Result<LocalRun, ApiError> {
    let mut answer = LocalRun {
        errors: Vec::new(),
        obstacle: None,
        runtime: request.runtime,
        name: String::new(),
        image: String::new(),
        ports: Vec::new(),
        gpus: 0,
        notes: Vec::new(),
        command: String::new(),
        configuration: String::new(),
        checks: Vec::new(),
        is_begun: false,
    };
    let known = known(operations).await?;
    let recipe = known.recipe(&request.recipe.recipe)?;
    let rendered = render(recipe, request.recipe, &None)?;
    if !rendered.faults.is_empty() {
        answer.errors = rendered.faults.into_iter().map(error).collect();
        return Ok(answer);
    }
    let wanted_kind = request.runtime.map(kind_of);
    let runtimes = operations.containers.runtimes().await;
    let Some(runtime) = suited(&runtimes, wanted_kind, &recipe.id) else {
        answer.obstacle = Some(Phrase::new(PhraseCode::LocalNoRuntime));
        return Ok(answer);
    };
    answer.runtime = Some(told_kind(runtime.kind));
    let local = match runtime.kind {
        RuntimeKind::Ollama => model_of(&rendered, &recipe.id),
        _ => local::container_of(&rendered.objects, &rendered.release, &recipe.id),
    };
    let Local { wanted, notes } = match local {
        Ok(local) => local,
        Err(obstacle) => {
            answer.obstacle = Some(obstacle);
            return Ok(answer);
        }
    };
    answer.name.clone_from(&wanted.name);
    answer.image.clone_from(&wanted.image);
    answer.ports.clone_from(&wanted.ports);
    answer.gpus = wanted.gpus;
    answer.notes = notes;
    answer.command = local::command(runtime.kind, &wanted, runtime.gpus);
    // A container that cannot have what it asks for has no configuration: the checks say why.
    if let Ok(body) = operations
        .containers
        .request(runtime.kind, runtime.gpus, &wanted)
    {
        answer.configuration = written(&[body])?;
    }
    if request.intent == Intent::Preview {
        let model = (rendered.sizing, request.config);
        answer.checks = checks(operations, runtime, &wanted, model).await;
    }
    if wanted.gpus > 0 && runtime.gpus == GpuAccess::None {
        answer.obstacle = Some(Phrase::new(PhraseCode::LocalNoGpus));
    } else if operations.beginnings.is_busy(runtime.kind, &wanted.name) {
        answer.obstacle =
            Some(Phrase::new(PhraseCode::LocalBusy).with("name", wanted.name.as_str()));
    } else if request.intent == Intent::Apply {
        begin(operations, runtime, wanted).await?;
        answer.is_begun = true;
    }
    Ok(answer)
}

/// The runtime that is meant, or else the one that suits the recipe.
fn suited<'a>(
    runtimes: &'a [Runtime],
    wanted: Option<RuntimeKind>,
    recipe: &str,
) -> Option<&'a Runtime> {
    let of = |kind: RuntimeKind| runtimes.iter().find(|runtime| runtime.kind == kind);
    match wanted {
        Some(kind) => of(kind),
        None if recipe == OLLAMA => of(RuntimeKind::Ollama).or_else(|| runtimes.first()),
        None => of(RuntimeKind::Docker).or_else(|| of(RuntimeKind::Podman)),
    }
}

/// What stands in the way, by what the runtime and this machine tell now.
async fn checks(
    operations: &Operations,
    runtime: &Runtime,
    wanted: &Wanted,
    (sizing, config): (Option<Value>, String),
) -> Vec<Check> {
    let room = operations.containers.room(runtime.kind, wanted.clone());
    let (room, machine) = futures::join!(room, machine(operations));
    let machine = machine.unwrap_or_else(|_| Machine::unread());
    // Sizes in a form that is not read are told where the recipe is rendered.
    let sizing = sizing.and_then(|sizing| serde_json::from_value::<SizingInputs>(sizing).ok());
    let planned = sizing.map(|sizing| {
        let task = sizing.task;
        let gpus = machine.gpus.as_deref().unwrap_or_default();
        let given = given(runtime.gpus, wanted.gpus, gpus);
        let planned = plan(&PlanModel {
            sizing,
            config,
            gpu_memory_bytes: given.iter().filter_map(|gpu| gpu.memory).min(),
        });
        (task, planned)
    });
    judge(&Trial {
        runtime,
        wanted,
        room: room.map_err(|error| error.to_string()),
        machine: &machine,
        planned,
    })
}

/// The model that Ollama itself would run.
fn model_of(rendered: &Rendered, recipe: &str) -> Result<Local, Phrase> {
    let model = rendered
        .endpoint
        .as_ref()
        .and_then(|endpoint| endpoint.get("model")?.as_str())
        .filter(|_| recipe == OLLAMA);
    let Some(model) = model else {
        return Err(Phrase::new(PhraseCode::LocalNotOllama).with("recipe", recipe));
    };
    Ok(Local {
        wanted: Wanted {
            name: model.to_owned(),
            image: model.to_owned(),
            recipe: recipe.to_owned(),
            ..Wanted::default()
        },
        notes: vec![Phrase::new(PhraseCode::LocalOllamaOwn)],
    })
}
