//! A scenario: what a demo cluster consists of and what happens in it, as data.
//!
//! Scenarios are TOML files in `assets/scenarios`; `atlas` is the one that the program opens. What
//! custom resource definitions a project ships is data beside them (`definitions.toml`).

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde::Deserialize;
use serde_json::Value;

pub(crate) use self::definitions::definitions_of;
pub use self::{
    crowd::Crowd,
    pool::{Gpu, Pool, Publisher},
    racks::Rack,
    story::{Flap, Happening, Named, PowerLoss, Story},
    swelling::Swelling,
};

mod crowd;
mod definitions;
pub(crate) mod duration;
mod pool;
mod racks;
mod story;
mod swelling;

/// Labels, annotations, selectors: names to values.
pub type Pairs = BTreeMap<String, String>;

/// What a cluster consists of and what happens in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The scenario's name, such as `atlas`.
    pub name: String,
    /// The version that the API server tells, such as `v1.36.2`.
    pub kubernetes: String,
    /// The user that the demo acts as.
    #[serde(default = "default_user")]
    pub user: String,
    /// The groups that the user is in, besides `system:authenticated`, to which roles can be bound;
    /// without any the user is in `system:masters` and may do everything.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What the user may not do, as `list secrets` or `watch workloads.kueue.x-k8s.io`.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// The projects whose custom resource definitions are installed.
    #[serde(default)]
    pub definitions: Vec<String>,
    /// The machines.
    #[serde(default, rename = "pool")]
    pub pools: Vec<Pool>,
    /// Objects that nothing in the simulator acts on, as they are written to the server.
    #[serde(default, rename = "object")]
    pub objects: Vec<Value>,
    /// What of those is made larger than a file can say.
    #[serde(default, rename = "swelling")]
    pub swellings: Vec<Swelling>,
    /// What runs.
    #[serde(default, rename = "workload")]
    pub workloads: Vec<Workload>,
    /// What runs by the hundred.
    #[serde(default, rename = "crowd")]
    pub crowds: Vec<Crowd>,
    /// What is broken from the start.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
    /// What happens, and when.
    #[serde(default, rename = "story")]
    pub stories: Vec<Story>,
}

/// Something that runs: an object of a kind that keeps pods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The kind, such as `Deployment` or `InferenceService`; `Pod` for pods without a controller,
    /// `StaticPod` for those that a kubelet reads from a file.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How many replicas, workers or completions.
    #[serde(default = "one")]
    pub replicas: u64,
    /// How many pods a replica consists of, for kinds that have groups.
    #[serde(default = "one")]
    pub size: u64,
    /// The images of its containers, the main one first.
    #[serde(default)]
    pub images: Vec<String>,
    /// The arguments of the main container.
    #[serde(default)]
    pub args: Vec<String>,
    /// Labels of the object and its pods.
    #[serde(default)]
    pub labels: Pairs,
    /// Annotations of the object.
    #[serde(default)]
    pub annotations: Pairs,
    /// CPU of a pod.
    #[serde(default = "default_cpu")]
    pub cpu: String,
    /// Memory of a pod.
    #[serde(default = "default_memory")]
    pub memory: String,
    /// Accelerators of a pod.
    #[serde(default)]
    pub gpus: u64,
    /// Whether it claims its accelerators by DRA.
    #[serde(default)]
    pub claims: bool,
    /// Labels that its nodes must have.
    #[serde(default)]
    pub node_selector: Pairs,
    /// Whether it runs on every node, tainted or not.
    #[serde(default)]
    pub tolerates_all: bool,
    /// When a cron job runs, in cron's words.
    pub schedule: Option<String>,
    /// The local queue that it waits in.
    pub queue: Option<String>,
    /// The volume claims that its pods mount, each with the path.
    #[serde(default)]
    pub mounts: Pairs,
    /// What is served or trained, such as `hf://meta-llama/Llama-3.3-70B-Instruct`.
    pub model: Option<String>,
    /// How long ago it was created.
    #[serde(default = "default_age", deserialize_with = "duration::read")]
    pub age: Duration,
    /// How long its pods run until they have done their work; without it they run on.
    #[serde(default, deserialize_with = "duration::read_optional")]
    pub run_for: Option<Duration>,
    /// How long a container takes until it is ready.
    #[serde(default = "default_startup", deserialize_with = "duration::read")]
    pub startup: Duration,
    /// What is wrong with some of its pods.
    pub trouble: Option<Trouble>,
}

/// What is wrong with some pods of a workload.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// How many pods have it.
    #[serde(default = "one")]
    pub pods: u64,
}

/// What can be wrong with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TroubleKind {
    /// Its container ends with an error soon after each start.
    CrashLoop,
    /// Its container is killed for want of memory, again and again.
    OutOfMemory,
    /// Its image cannot be pulled.
    ImagePull,
    /// Its container runs but does not become ready.
    NeverReady,
}

/// What is broken from the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "kind")]
pub enum Fault {
    /// A GPU fell off the bus (XID 79): the device plugin marks it unhealthy, so the node can
    /// allocate one less, and the pod that used it has failed.
    GpuLost {
        /// The node.
        node: String,
        /// The namespace of the workload whose pod there failed.
        namespace: String,
        /// The beginning of that pod's name.
        workload: String,
    },
}

/// A scenario that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// There is none of that name.
    #[error(
        "there is no scenario {name}; choose one of {}, or give the path of a .toml file",
        Scenario::NAMES.join(", ")
    )]
    Unknown {
        /// The name.
        name: String,
    },
    /// The file cannot be read.
    #[error("the scenario {path} cannot be read; check that the file is there")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is no scenario.
    #[error("the scenario {name} is not valid: {message}")]
    Invalid {
        /// The scenario or its file.
        name: String,
        /// Where and why.
        message: String,
    },
}

/// The scenarios that the program carries, and their texts.
const EMBEDDED: [(&str, &str); 5] = [
    (
        "atlas",
        include_str!("../../../assets/scenarios/atlas.toml"),
    ),
    (
        "fleet",
        include_str!("../../../assets/scenarios/fleet.toml"),
    ),
    (
        "workstation",
        include_str!("../../../assets/scenarios/workstation.toml"),
    ),
    (
        "outage",
        include_str!("../../../assets/scenarios/outage.toml"),
    ),
    ("edge", include_str!("../../../assets/scenarios/edge.toml")),
];

impl Scenario {
    /// The names of the scenarios that the program carries.
    pub const NAMES: [&str; EMBEDDED.len()] = ["atlas", "fleet", "workstation", "outage", "edge"];

    /// The AI platform of 24 GPU nodes that the program opens.
    pub fn atlas() -> Result<Self, ScenarioError> {
        Self::named("atlas")
    }

    /// The scenario of that name that the program carries.
    pub fn named(name: &str) -> Result<Self, ScenarioError> {
        let Some((_, text)) = EMBEDDED.iter().find(|(known, _)| *known == name) else {
            return Err(ScenarioError::Unknown {
                name: name.to_owned(),
            });
        };
        Self::parse(name, text)
    }

    /// Reads a scenario file.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| ScenarioError::Unreadable {
            path: name.clone(),
            source,
        })?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a scenario; `name` stands in errors.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let invalid = |message: String| ScenarioError::Invalid {
            name: name.to_owned(),
            message,
        };
        let scenario: Self = toml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        for project in &scenario.definitions {
            if definitions_of(project).is_none() {
                return Err(invalid(format!(
                    "`definitions` names {project}, which definitions.toml does not have"
                )));
            }
        }
        for workload in scenario.every_workload() {
            if !crate::manifest::is_known(&workload.kind) {
                return Err(invalid(format!(
                    "the workload {} is of kind {}, which the simulator does not run",
                    workload.name, workload.kind
                )));
            }
        }
        for swelling in &scenario.swellings {
            if !scenario.objects.iter().any(|object| swelling.is_of(object)) {
                return Err(invalid(format!(
                    "`swelling` names the {} {}, which is not among the objects",
                    swelling.kind, swelling.name
                )));
            }
        }
        Ok(scenario)
    }

    /// What it says of workloads: each by itself, and one for each crowd.
    fn every_workload(&self) -> impl Iterator<Item = &Workload> {
        let of_crowds = self.crowds.iter().map(|crowd| &crowd.workload);
        self.workloads.iter().chain(of_crowds)
    }
}

impl Workload {
    /// The main container's image.
    pub(crate) fn image(&self) -> &str {
        self.images
            .first()
            .map_or("registry.k8s.io/pause:3.10.1", String::as_str)
    }
}

fn default_user() -> String {
    "demo".to_owned()
}

fn default_cpu() -> String {
    "100m".to_owned()
}

fn default_memory() -> String {
    "128Mi".to_owned()
}

fn default_age() -> Duration {
    Duration::from_hours(984)
}

fn default_startup() -> Duration {
    Duration::from_secs(4)
}

fn one() -> u64 {
    1
}
