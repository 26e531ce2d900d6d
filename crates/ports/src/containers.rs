//! Containers and models of this machine, without Kubernetes: Docker, Podman, Ollama.

use futures::{future::BoxFuture, stream::BoxStream};
use jiff::Timestamp;
use serde_json::Value;

use crate::{error::PortError, tunnel::Tunnel};

/// Runs things on this machine by whatever runtime is there. None has to be.
pub trait ContainerHost: Send + Sync {
    /// The runtimes that answer now.
    fn runtimes(&self) -> BoxFuture<'static, Vec<Runtime>>;

    /// Every place where a runtime is looked for, and what is there now.
    fn places(&self) -> BoxFuture<'static, Vec<Place>>;

    /// What bears on whether `wanted` can be started now.
    fn room(
        &self,
        runtime: RuntimeKind,
        wanted: Wanted,
    ) -> BoxFuture<'static, Result<Room, PortError>>;

    /// What [`ContainerHost::start`] asks of the runtime, as the runtime takes it. Nothing is asked here.
    fn request(
        &self,
        runtime: RuntimeKind,
        gpus: GpuAccess,
        wanted: &Wanted,
    ) -> Result<Value, PortError>;

    /// The containers that Strata made, whether they run or not; of Ollama its models.
    fn list(&self, runtime: RuntimeKind) -> BoxFuture<'static, Result<Vec<Container>, PortError>>;

    /// Fetches an image, or a model of Ollama. The stream ends once it is there; a failure is its last
    /// item.
    fn pull(
        &self,
        runtime: RuntimeKind,
        image: String,
    ) -> BoxStream<'static, Result<PullStep, PortError>>;

    /// Makes a container of an image that is there, and starts it; has Ollama load a model.
    fn start(
        &self,
        runtime: RuntimeKind,
        wanted: Wanted,
    ) -> BoxFuture<'static, Result<(), PortError>>;

    /// The end of what a container wrote, as text.
    fn log(
        &self,
        runtime: RuntimeKind,
        name: String,
        lines: u32,
    ) -> BoxFuture<'static, Result<String, PortError>>;

    /// A way to the program that answers at `port` of this machine. Nothing is asked before the first
    /// question.
    fn tunnel(&self, port: u16) -> Box<dyn Tunnel>;

    /// Stops a container; it stays. Has Ollama take a model out of memory.
    fn stop(&self, runtime: RuntimeKind, name: String)
    -> BoxFuture<'static, Result<(), PortError>>;

    /// Removes a container that Strata made, also one that runs; its volumes stay. Has Ollama delete a
    /// model.
    fn remove(
        &self,
        runtime: RuntimeKind,
        name: String,
    ) -> BoxFuture<'static, Result<(), PortError>>;
}

/// What runs containers or models here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuntimeKind {
    /// Docker, by its Engine API.
    Docker,
    /// Podman, by the same.
    Podman,
    /// Ollama, by its own.
    Ollama,
}

/// A runtime that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Which.
    pub kind: RuntimeKind,
    /// Its version.
    pub version: String,
    /// Where it listens: a socket's path, an address.
    pub place: String,
    /// How a container gets GPUs.
    pub gpus: GpuAccess,
}

/// A place where a runtime may listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which runtime usually does there.
    pub kind: RuntimeKind,
    /// A socket's path, an address.
    pub place: String,
    /// What is there.
    pub state: PlaceState,
}

/// What is at a place where a runtime may listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// Nothing.
    Absent,
    /// A socket that nobody listens at, or that says nothing.
    Silent,
    /// A socket that this user may not open.
    Forbidden {
        /// The group that may: its name, or its number where it has none.
        group: String,
    },
    /// Something that takes connections.
    Answers,
}

/// What bears on whether something can be started, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Whether the image, or the model, is here already.
    pub has_image: bool,
    /// Whether there is a container of that name, running or not.
    pub is_name_taken: bool,
    /// Those of the wanted ports at which something of this machine answers.
    pub taken_ports: Vec<u16>,
    /// The folder of this machine that images and volumes lie in; none where that is not told, or lies
    /// in a machine of the runtime's own.
    pub store: Option<String>,
}

/// How a container gets GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GpuAccess {
    /// Not at all: neither CDI devices nor NVIDIA's runtime are set up.
    None,
    /// By the names of the Container Device Interface: `nvidia.com/gpu=0`.
    Cdi,
    /// By a request of Docker's for devices that can `gpu`.
    Request,
    /// The runtime takes them itself.
    Own,
}

/// A container, or a model of Ollama.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// What it is called.
    pub name: String,
    /// Its image; of a model its size on disk and in memory, for people.
    pub image: String,
    /// Whether it runs; whether the model is loaded.
    pub is_running: bool,
    /// How it stands, in the runtime's words: `Up 3 minutes`.
    pub status: String,
    /// The ports of this machine under which it answers.
    pub ports: Vec<u16>,
    /// The recipe that it was made of; empty where that is not told.
    pub recipe: String,
    /// With which code it ended; none while it runs, and where that is not told.
    pub exit_code: Option<i32>,
    /// How many GPUs it was given; none where that is not told.
    pub gpus: Option<u32>,
    /// When it was made, or the model was fetched.
    pub made_at: Option<Timestamp>,
}

/// How far a pull is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullStep {
    /// What is being done, in the runtime's words.
    pub status: String,
    /// Bytes that are here, of all layers whose size is known.
    pub done_bytes: u64,
    /// Bytes of all these layers; 0 where none is known.
    pub total_bytes: u64,
}

/// What is to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the container is called.
    pub name: String,
    /// Its image, or Ollama's model.
    pub image: String,
    /// The program instead of the image's; empty: the image's.
    pub command: Vec<String>,
    /// The program's arguments; empty: the image's.
    pub arguments: Vec<String>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// Ports that are opened on this machine alone, under the same numbers.
    pub ports: Vec<u16>,
    /// Volumes by name, and where each lies in the container.
    pub volumes: Vec<(String, String)>,
    /// The most memory, in bytes; 0: no limit.
    pub memory_bytes: u64,
    /// Memory that its processes share, in bytes; 0: the runtime's default.
    pub shared_memory_bytes: u64,
    /// How many GPUs, counted from the first.
    pub gpus: u32,
    /// The recipe that it is made of.
    pub recipe: String,
}
