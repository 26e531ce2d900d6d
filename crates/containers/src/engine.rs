//! Docker and Podman, by the Engine API.

use std::{collections::HashMap, path::Path};

use bollard::{
    API_DEFAULT_VERSION, Docker,
    container::LogOutput,
    errors::Error,
    models::{ContainerSummary, ContainerSummaryStateEnum, SystemInfo},
    query_parameters::{
        CreateContainerOptionsBuilder, CreateImageOptionsBuilder, ListContainersOptionsBuilder,
        LogsOptionsBuilder, RemoveContainerOptionsBuilder,
    },
};
use futures::{StreamExt, stream, stream::BoxStream};
use jiff::Timestamp;
use strata_ports::{
    containers::{Container, GpuAccess, PullStep, Room, Runtime, RuntimeKind, Wanted},
    error::{PortError, PortErrorKind},
};

use self::layers::Layers;
use crate::ports::taken;

mod layers;
mod wanted;

pub(crate) use wanted::request;

/// How long an answer may take, in seconds; a stream may take longer.
const PATIENCE: u64 = 30;
/// The most bytes of a log.
const LOG_BYTES: usize = 256 * 1024;
/// The label by which containers of ours are found; its value is the recipe.
const RECIPE: &str = "strata.dev/recipe";
/// The label that says how many GPUs a container was given: the list of containers does not tell.
const GPUS: &str = "strata.dev/gpus";
/// What the engine runs on where it brings a machine of its own, whose disks are not this one's.
const DESKTOP: &str = "Docker Desktop";
/// NVIDIA's devices, by the names of the Container Device Interface.
const CDI: &str = "nvidia.com/gpu";

/// An engine that answers.
pub(crate) struct Engine {
    docker: Docker,
    kind: RuntimeKind,
    version: String,
    place: String,
}

impl Engine {
    /// The engine that listens at `socket`; none where none answers.
    pub(crate) async fn at(socket: &Path) -> Option<Self> {
        let place = socket.to_str()?;
        let docker = Docker::connect_with_unix(place, PATIENCE, API_DEFAULT_VERSION).ok()?;
        let docker = docker.negotiate_version().await.ok()?;
        let version = docker.version().await.ok()?;
        let components = version.components.unwrap_or_default();
        let is_podman = components
            .iter()
            .any(|component| component.name.contains("Podman"));
        Some(Self {
            docker,
            kind: if is_podman {
                RuntimeKind::Podman
            } else {
                RuntimeKind::Docker
            },
            version: version.version.unwrap_or_default(),
            place: place.to_owned(),
        })
    }

    pub(crate) fn kind(&self) -> RuntimeKind {
        self.kind
    }

    /// What it is and what it can do.
    pub(crate) async fn told(&self) -> Runtime {
        Runtime {
            kind: self.kind,
            version: self.version.clone(),
            place: self.place.clone(),
            gpus: self.gpu_access().await,
        }
    }

    async fn gpu_access(&self) -> GpuAccess {
        match self.docker.info().await {
            Ok(info) => gpu_access(self.kind, &info),
            Err(_) => GpuAccess::None,
        }
    }

    /// The containers that Strata made.
    pub(crate) async fn containers(&self) -> Result<Vec<Container>, PortError> {
        let ours = HashMap::from([("label", vec![RECIPE])]);
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&ours)
            .build();
        let found = self.docker.list_containers(Some(options)).await;
        let found = found.map_err(|error| failed("the containers", error))?;
        Ok(found.into_iter().map(container).collect())
    }

    /// Fetches an image. One that is there is not fetched again: its reference says which it is.
    pub(crate) async fn pull(
        &self,
        image: &str,
    ) -> BoxStream<'static, Result<PullStep, PortError>> {
        let image = with_tag(image);
        if self.docker.inspect_image(&image).await.is_ok() {
            let step = PullStep {
                status: "it is here already".to_owned(),
                ..PullStep::default()
            };
            return stream::iter([Ok(step)]).boxed();
        }
        let options = CreateImageOptionsBuilder::new().from_image(&image).build();
        let steps = self.docker.create_image(Some(options), None, None);
        let mut layers = Layers::default();
        steps
            .map(move |step| match step {
                Ok(step) => layers.after(step),
                Err(error) => Err(failed(&format!("the image {image}"), error)),
            })
            .boxed()
    }

    /// What bears on whether `wanted` can be started now.
    pub(crate) async fn room(&self, wanted: &Wanted) -> Result<Room, PortError> {
        let name = format!("^/?{}$", wanted.name);
        let named = HashMap::from([("name", vec![name.as_str()])]);
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&named)
            .build();
        let of_that_name = self.docker.list_containers(Some(options)).await;
        let of_that_name = of_that_name.map_err(|error| failed("the containers", error))?;
        let info = self.docker.info().await;
        let info = info.map_err(|error| failed("the engine", error))?;
        Ok(Room {
            has_image: self
                .docker
                .inspect_image(&with_tag(&wanted.image))
                .await
                .is_ok(),
            is_name_taken: of_that_name
                .into_iter()
                .any(|found| container(found).name == wanted.name),
            taken_ports: taken(&wanted.ports).await,
            store: store(info),
        })
    }

    /// Makes a container and starts it. One that cannot be started is not left behind.
    pub(crate) async fn start(&self, wanted: &Wanted) -> Result<(), PortError> {
        let access = if wanted.gpus > 0 {
            self.gpu_access().await
        } else {
            GpuAccess::None
        };
        let what = format!("the container {}", wanted.name);
        let body = wanted::body(wanted, access)?;
        let options = CreateContainerOptionsBuilder::new()
            .name(&wanted.name)
            .build();
        let made = self.docker.create_container(Some(options), body).await;
        made.map_err(|error| failed(&what, error))?;
        let started = self.docker.start_container(&wanted.name, None).await;
        if let Err(error) = started {
            let options = RemoveContainerOptionsBuilder::new().force(true).build();
            let removed = self
                .docker
                .remove_container(&wanted.name, Some(options))
                .await;
            let mut failure = failed(&what, error);
            if let Err(error) = removed {
                failure.message = format!("{}; it was left behind: {error}", failure.message);
            }
            return Err(failure);
        }
        Ok(())
    }

    /// The end of what a container wrote.
    pub(crate) async fn log(&self, name: &str, lines: u32) -> Result<String, PortError> {
        self.check_ours(name).await?;
        let options = LogsOptionsBuilder::new()
            .stdout(true)
            .stderr(true)
            .tail(&lines.to_string())
            .build();
        let mut written = self.docker.logs(name, Some(options)).boxed();
        let mut log: Vec<u8> = Vec::new();
        while let Some(piece) = written.next().await {
            let piece = piece.map_err(|error| failed(&format!("the log of {name}"), error))?;
            let (LogOutput::StdOut { message }
            | LogOutput::StdErr { message }
            | LogOutput::StdIn { message }
            | LogOutput::Console { message }) = piece;
            log.extend_from_slice(&message);
        }
        let first = log.len().saturating_sub(LOG_BYTES);
        let kept = log.get(first..).unwrap_or_default();
        Ok(String::from_utf8_lossy(kept).into_owned())
    }

    /// Stops a container.
    pub(crate) async fn stop(&self, name: &str) -> Result<(), PortError> {
        self.check_ours(name).await?;
        let stopped = self.docker.stop_container(name, None).await;
        stopped.map_err(|error| failed(&format!("the container {name}"), error))
    }

    /// Removes a container, its volumes stay.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), PortError> {
        self.check_ours(name).await?;
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        let removed = self.docker.remove_container(name, Some(options)).await;
        removed.map_err(|error| failed(&format!("the container {name}"), error))
    }

    /// Whether Strata made the container: others are not ours to touch.
    async fn check_ours(&self, name: &str) -> Result<(), PortError> {
        let found = self.docker.inspect_container(name, None).await;
        let found = found.map_err(|error| failed(&format!("the container {name}"), error))?;
        let labels = found.config.and_then(|config| config.labels);
        if labels.is_some_and(|labels| labels.contains_key(RECIPE)) {
            return Ok(());
        }
        let message = format!("the container {name} was not made by Strata and is left alone");
        Err(PortError::new(PortErrorKind::Forbidden, message))
    }
}

/// How containers get GPUs, by what the engine says of itself.
fn gpu_access(kind: RuntimeKind, info: &SystemInfo) -> GpuAccess {
    let devices = info.discovered_devices.as_deref().unwrap_or_default();
    let has_cdi = devices.iter().any(|device| {
        let id = device.id.as_deref().unwrap_or_default();
        id.starts_with(CDI)
    });
    let has_runtime = info
        .runtimes
        .as_ref()
        .is_some_and(|runtimes| runtimes.contains_key("nvidia"));
    match kind {
        _ if has_cdi => GpuAccess::Cdi,
        RuntimeKind::Docker if has_runtime => GpuAccess::Request,
        // Podman lists no devices: where CDI is set up, its specifications lie here.
        RuntimeKind::Podman if has_specification() => GpuAccess::Cdi,
        _ => GpuAccess::None,
    }
}

/// Where images and volumes lie on this machine.
fn store(info: SystemInfo) -> Option<String> {
    let is_elsewhere = info.operating_system.as_deref() == Some(DESKTOP);
    info.docker_root_dir
        .filter(|folder| !is_elsewhere && !folder.is_empty())
}

/// Whether NVIDIA's devices are described for CDI on this machine.
fn has_specification() -> bool {
    ["/etc/cdi", "/var/run/cdi"].iter().any(|folder| {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .map(|file| file.file_name())
            .any(|name| name.to_string_lossy().contains("nvidia"))
    })
}

fn container(found: ContainerSummary) -> Container {
    let names = found.names.unwrap_or_default();
    let name = names.first().map(|name| name.trim_start_matches('/'));
    let mut ports: Vec<u16> = found
        .ports
        .unwrap_or_default()
        .iter()
        .filter_map(|port| port.public_port)
        .collect();
    ports.sort_unstable();
    ports.dedup();
    let mut labels = found.labels.unwrap_or_default();
    let status = found.status.unwrap_or_default();
    Container {
        name: name.unwrap_or_default().to_owned(),
        image: found.image.unwrap_or_default(),
        is_running: found.state == Some(ContainerSummaryStateEnum::RUNNING),
        exit_code: exit_code(&status),
        status,
        ports,
        recipe: labels.remove(RECIPE).unwrap_or_default(),
        gpus: labels.get(GPUS).and_then(|count| count.parse().ok()),
        made_at: found
            .created
            .and_then(|seconds| Timestamp::from_second(seconds).ok()),
    }
}

/// The code in `Exited (137) 3 minutes ago`: a list of containers has it nowhere else.
fn exit_code(status: &str) -> Option<i32> {
    let (code, _) = status.strip_prefix("Exited (")?.split_once(')')?;
    code.parse().ok()
}

/// A reference without a tag would mean every tag.
fn with_tag(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains([':', '@']) {
        image.to_owned()
    } else {
        format!("{image}:latest")
    }
}

/// Why something did not come about, in the engine's words.
fn failed(what: &str, error: Error) -> PortError {
    let (kind, said) = match &error {
        Error::DockerResponseServerError {
            status_code,
            message,
        } => {
            let kind = match status_code {
                400 => PortErrorKind::InvalidInput,
                401 | 403 => PortErrorKind::Forbidden,
                404 => PortErrorKind::NotFound,
                409 => PortErrorKind::Conflict,
                _ => PortErrorKind::Unavailable,
            };
            (kind, message.clone())
        }
        Error::DockerStreamError { error } => (PortErrorKind::Unavailable, error.clone()),
        Error::RequestTimeoutError => (PortErrorKind::Timeout, "no answer came".to_owned()),
        other => (PortErrorKind::Unavailable, other.to_string()),
    };
    PortError::new(kind, format!("{what}: {said}")).because(error)
}

#[cfg(test)]
mod tests {
    use bollard::models::DeviceInfo;

    use super::*;

    #[test]
    fn a_reference_without_a_tag_is_the_latest_and_not_all_of_them() {
        assert_eq!(with_tag("nginx"), "nginx:latest");
        assert_eq!(
            with_tag("registry:5000/team/nginx"),
            "registry:5000/team/nginx:latest"
        );
        assert_eq!(
            with_tag("vllm/vllm-openai:v0.24.0"),
            "vllm/vllm-openai:v0.24.0"
        );
        assert_eq!(with_tag("a/b@sha256:00"), "a/b@sha256:00");
    }

    #[test]
    fn the_code_of_a_container_that_ended_is_read_from_its_status() {
        assert_eq!(exit_code("Exited (137) 3 minutes ago"), Some(137));
        assert_eq!(exit_code("Up 3 minutes"), None);
    }

    #[test]
    fn the_disks_of_a_machine_of_the_engine_s_own_are_not_this_one_s() {
        let info = |system: &str| SystemInfo {
            docker_root_dir: Some("/var/lib/docker".to_owned()),
            operating_system: Some(system.to_owned()),
            ..SystemInfo::default()
        };
        assert_eq!(store(info("Debian 12")).as_deref(), Some("/var/lib/docker"));
        assert_eq!(store(info(DESKTOP)), None);
    }

    #[test]
    fn gpus_come_by_cdi_or_by_a_request_or_not_at_all() {
        let of = |info: &SystemInfo| gpu_access(RuntimeKind::Docker, info);
        assert_eq!(of(&SystemInfo::default()), GpuAccess::None);
        let described = SystemInfo {
            discovered_devices: Some(vec![DeviceInfo {
                source: Some("cdi".to_owned()),
                id: Some("nvidia.com/gpu=0".to_owned()),
            }]),
            ..SystemInfo::default()
        };
        assert_eq!(of(&described), GpuAccess::Cdi);
        let by_runtime = SystemInfo {
            runtimes: Some(HashMap::from([(
                "nvidia".to_owned(),
                bollard::models::Runtime::default(),
            )])),
            ..SystemInfo::default()
        };
        assert_eq!(of(&by_runtime), GpuAccess::Request);
    }
}
