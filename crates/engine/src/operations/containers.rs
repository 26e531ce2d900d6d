//! Recipes on this machine: what runtimes there are, what runs by them, and having something run.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::StreamExt as _;
use strata_api::{
    change::Intent,
    containers as api,
    error::ApiError,
    operations::{
        LocalContainers, LocalLog, LocalRun, LocalRuntimes, Nothing, OneLocalContainer,
        OneLocalRuntime, RunLocally,
    },
    phrases::{Phrase, PhraseCode},
};
use strata_ports::{
    containers::{Container, ContainerHost, GpuAccess, Runtime, RuntimeKind, Wanted},
    error::PortError,
};
use strata_recipes::Rendered;

use super::{
    Operations,
    recipes::{error, known, render},
};
use crate::{
    error::of_port,
    local::{self, Local},
};

/// The most lines of a log.
const LINES: u32 = 2_000;
/// The recipe that Ollama runs by itself.
const OLLAMA: &str = "ollama";

/// What is on its way to run, by runtime and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginnings(Arc<Mutex<BTreeMap<(RuntimeKind, String), api::LocalBeginning>>>);

impl Beginnings {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(RuntimeKind, String), api::LocalBeginning>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, kind: RuntimeKind, told: api::LocalBeginning) {
        self.lock().insert((kind, told.name.clone()), told);
    }

    /// Whether it is on its way now.
    fn is_busy(&self, kind: RuntimeKind, name: &str) -> bool {
        let known = self.lock();
        known.get(&(kind, name.to_owned())).is_some_and(|one| {
            matches!(
                one.stage,
                api::LocalStage::Pulling | api::LocalStage::Starting
            )
        })
    }

    fn of(&self, kind: RuntimeKind) -> Vec<api::LocalBeginning> {
        let known = self.lock();
        let ours = known.iter().filter(|((of, _), _)| *of == kind);
        ours.map(|(_, one)| one.clone()).collect()
    }
}

pub(super) async fn read_local_runtimes(
    operations: &Operations,
    _: Nothing,
) -> Result<LocalRuntimes, ApiError> {
    let found = operations.containers.runtimes().await;
    let runtimes = found.into_iter().map(|runtime| api::LocalRuntime {
        kind: told_kind(runtime.kind),
        has_gpus: runtime.gpus != GpuAccess::None,
        version: runtime.version,
        place: runtime.place,
    });
    Ok(LocalRuntimes {
        runtimes: runtimes.collect(),
    })
}

pub(super) async fn read_local_containers(
    operations: &Operations,
    request: OneLocalRuntime,
) -> Result<LocalContainers, ApiError> {
    let kind = kind_of(request.runtime);
    let found = operations.containers.list(kind).await;
    let found = found.map_err(|error| of_port(&error))?;
    Ok(LocalContainers {
        containers: found.into_iter().map(container).collect(),
        beginnings: operations.beginnings.of(kind),
    })
}

pub(super) async fn run_locally(
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
    if wanted.gpus > 0 && runtime.gpus == GpuAccess::None {
        answer.obstacle = Some(Phrase::new(PhraseCode::LocalNoGpus));
    } else if operations.beginnings.is_busy(runtime.kind, &wanted.name) {
        answer.obstacle =
            Some(Phrase::new(PhraseCode::LocalBusy).with("name", wanted.name.as_str()));
    } else if request.intent == Intent::Apply {
        answer.is_begun = true;
        begin(operations, runtime.kind, wanted);
    }
    Ok(answer)
}

pub(super) async fn read_local_log(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<LocalLog, ApiError> {
    let kind = kind_of(request.runtime);
    let read = operations.containers.log(kind, request.name, LINES).await;
    let text = read.map_err(|error| of_port(&error))?;
    Ok(LocalLog { text })
}

pub(super) async fn stop_locally(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<Nothing, ApiError> {
    let kind = kind_of(request.runtime);
    done(operations.containers.stop(kind, request.name).await)
}

pub(super) async fn remove_locally(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<Nothing, ApiError> {
    let kind = kind_of(request.runtime);
    done(operations.containers.remove(kind, request.name).await)
}

fn done(came: Result<(), PortError>) -> Result<Nothing, ApiError> {
    came.map(|()| Nothing {}).map_err(|error| of_port(&error))
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

/// Fetches and starts beside the one who asked: an image may take an hour.
fn begin(operations: &Operations, kind: RuntimeKind, wanted: Wanted) {
    let beginnings = operations.beginnings.clone();
    let host = Arc::clone(&operations.containers);
    let mut told = api::LocalBeginning {
        name: wanted.name.clone(),
        stage: api::LocalStage::Pulling,
        status: String::new(),
        done_bytes: 0,
        total_bytes: 0,
    };
    beginnings.tell(kind, told.clone());
    let scope = operations.scope.clone();
    operations.scope.spawn(async move {
        let work = async {
            match fetch(&host, &beginnings, (kind, &wanted), &mut told).await {
                Ok(()) => {
                    told.stage = api::LocalStage::Starting;
                    beginnings.tell(kind, told.clone());
                    host.start(kind, wanted).await
                }
                Err(error) => Err(error),
            }
        };
        let came = tokio::select! {
            came = work => came,
            () = scope.closing() => return,
        };
        (told.stage, told.status) = match came {
            Ok(()) => (api::LocalStage::Started, String::new()),
            Err(error) => (api::LocalStage::Failed, error.message),
        };
        beginnings.tell(kind, told);
    });
}

async fn fetch(
    host: &Arc<dyn ContainerHost>,
    beginnings: &Beginnings,
    (kind, wanted): (RuntimeKind, &Wanted),
    told: &mut api::LocalBeginning,
) -> Result<(), PortError> {
    let mut steps = host.pull(kind, wanted.image.clone());
    while let Some(step) = steps.next().await {
        let step = step?;
        told.status = step.status;
        told.done_bytes = step.done_bytes;
        told.total_bytes = step.total_bytes;
        beginnings.tell(kind, told.clone());
    }
    Ok(())
}

fn container(found: Container) -> api::LocalContainer {
    api::LocalContainer {
        name: found.name,
        image: found.image,
        is_running: found.is_running,
        status: found.status,
        ports: found.ports,
        recipe: found.recipe,
    }
}

fn kind_of(kind: api::LocalRuntimeKind) -> RuntimeKind {
    match kind {
        api::LocalRuntimeKind::Docker => RuntimeKind::Docker,
        api::LocalRuntimeKind::Podman => RuntimeKind::Podman,
        api::LocalRuntimeKind::Ollama => RuntimeKind::Ollama,
    }
}

fn told_kind(kind: RuntimeKind) -> api::LocalRuntimeKind {
    match kind {
        RuntimeKind::Docker => api::LocalRuntimeKind::Docker,
        RuntimeKind::Podman => api::LocalRuntimeKind::Podman,
        RuntimeKind::Ollama => api::LocalRuntimeKind::Ollama,
    }
}
