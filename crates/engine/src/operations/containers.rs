//! Recipes on this machine: what runtimes there are, what runs by them, and having something run.

use std::future::{Ready, ready};

use strata_api::{
    containers as api,
    error::{ApiError, ErrorCode},
    operations::{
        LocalContainers, LocalLog, LocalRuntimes, Nothing, OneLocalContainer, OneLocalRuntime,
    },
};
use strata_ports::containers::{Container, GpuAccess, Place, PlaceState, RuntimeKind};

use self::deed::Deed;
use super::Operations;
use crate::error::of_port;

mod beginnings;
mod deed;
mod noted;
mod run;
mod sampled;

pub(crate) use beginnings::Beginnings;
pub(super) use run::run_locally;
pub(super) use sampled::machine;

/// The most lines of a log.
const LINES: u32 = 2_000;

pub(super) async fn read_local_runtimes(
    operations: &Operations,
    _: Nothing,
) -> Result<LocalRuntimes, ApiError> {
    let host = &operations.containers;
    let (found, places) = futures::join!(host.runtimes(), host.places());
    let runtimes = found.into_iter().map(|runtime| api::LocalRuntime {
        kind: told_kind(runtime.kind),
        has_gpus: runtime.gpus != GpuAccess::None,
        version: runtime.version,
        place: runtime.place,
    });
    Ok(LocalRuntimes {
        runtimes: runtimes.collect(),
        places: places.into_iter().map(place).collect(),
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

pub(super) async fn read_local_log(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<LocalLog, ApiError> {
    let kind = kind_of(request.runtime);
    let read = operations.containers.log(kind, request.name, LINES).await;
    let text = read.map_err(|error| of_port(&error))?;
    Ok(LocalLog { text })
}

/// Calls off what is being fetched.
pub(super) fn cancel_locally(
    operations: &Operations,
    request: OneLocalContainer,
) -> Ready<Result<Nothing, ApiError>> {
    let OneLocalContainer { runtime, name } = request;
    let is_called_off = operations.beginnings.call_off(kind_of(runtime), &name);
    ready(if is_called_off {
        Ok(Nothing {})
    } else {
        let message = format!("nothing is being fetched for {name}");
        Err(ApiError::new(ErrorCode::Conflict, message))
    })
}

pub(super) async fn stop_locally(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<Nothing, ApiError> {
    let kind = kind_of(request.runtime);
    Deed::Stop.do_to(operations, kind, request.name).await?;
    Ok(Nothing {})
}

pub(super) async fn remove_locally(
    operations: &Operations,
    request: OneLocalContainer,
) -> Result<Nothing, ApiError> {
    let kind = kind_of(request.runtime);
    let was_begun = operations.beginnings.forget(kind, &request.name);
    // What never came to run leaves no more than that it was told of.
    if was_begun && is_absent(operations, kind, &request.name).await {
        return Ok(Nothing {});
    }
    Deed::Remove.do_to(operations, kind, request.name).await?;
    Ok(Nothing {})
}

/// Whether the runtime says that it has nothing of that name.
async fn is_absent(operations: &Operations, kind: RuntimeKind, name: &str) -> bool {
    let found = operations.containers.list(kind).await;
    found.is_ok_and(|found| found.iter().all(|one| one.name != name))
}

fn place(found: Place) -> api::LocalPlace {
    let (state, group) = match found.state {
        PlaceState::Absent => (api::LocalPlaceState::Absent, String::new()),
        PlaceState::Silent => (api::LocalPlaceState::Silent, String::new()),
        PlaceState::Forbidden { group } => (api::LocalPlaceState::Forbidden, group),
        PlaceState::Answers => (api::LocalPlaceState::Answers, String::new()),
    };
    api::LocalPlace {
        kind: told_kind(found.kind),
        place: found.place,
        state,
        group,
    }
}

fn container(found: Container) -> api::LocalContainer {
    api::LocalContainer {
        name: found.name,
        image: found.image,
        is_running: found.is_running,
        status: found.status,
        ports: found.ports,
        recipe: found.recipe,
        exit_code: found.exit_code,
        gpus: found.gpus,
        made_at: found.made_at.map(|at| at.to_string()),
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
