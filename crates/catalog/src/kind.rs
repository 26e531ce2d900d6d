//! What is read from the custom objects of a component: which fields, and what they mean.

use serde::Deserialize;
use strata_domain::{custom::Custom, ids::GroupKind, severity::Severity, text::Text};

use crate::{
    component::Profile,
    reading::{Phase, Reading, Test, Verdict, read},
};

/// A custom kind that is watched.
#[derive(Clone, Debug)]
pub struct KindRule {
    /// The id of the component that the kind belongs to.
    pub component: Text,
    /// The kind.
    pub kind: GroupKind,
    /// The versions that belong to this component, where two components share group and kind
    /// (`MPIJob` of `kubeflow.org`); empty for all.
    pub versions: Vec<Text>,
    /// The dotted paths that the watch must keep, sorted: the ones that the file names and all that
    /// the rules below read.
    pub fields: Vec<Text>,
    /// What an object of the kind is to the stack.
    pub role: Role,
    /// How an object says whether the component is well; the first verdict that fits counts.
    pub health: Vec<Verdict<Severity>>,
    /// Whether and as what the objects are counted on the component's tile.
    pub count: Option<Count>,
}

impl KindRule {
    /// How well the component is, by what `object` says of it; `None` where it says nothing.
    pub fn health_of<'a>(&self, object: &'a Custom) -> Option<Reading<'a, Severity>> {
        read(&self.health, object)
    }

    /// What an application of this kind is read by, if the kind is one.
    pub fn application(&self) -> Option<&ApplicationRule> {
        match &self.role {
            Role::Application(rule) => Some(rule),
            _ => None,
        }
    }
}

/// What an object of a kind is to the stack.
#[derive(Clone, Debug)]
pub enum Role {
    /// Nothing of its own: read for health, version or count.
    Plain,
    /// An application of the workloads layer.
    Application(Box<ApplicationRule>),
    /// A queue of the whole cluster (Kueue's `ClusterQueue`, Volcano's and KAI's `Queue`).
    Queue(QueueRule),
    /// A queue of one namespace that leads to a queue of the cluster (Kueue's `LocalQueue`).
    LocalQueue {
        /// The path of the name of the cluster's queue.
        queue: Text,
    },
    /// What waits in a queue on behalf of its owner (Kueue's `Workload`, a `PodGroup`).
    Admission(AdmissionRule),
}

/// How an application is read from its object.
#[derive(Clone, Debug)]
pub struct ApplicationRule {
    /// What it is for.
    pub purpose: Purpose,
    /// What kind of AI it is, or how that is told.
    pub profile: ApplicationProfile,
    /// The path of the count of ready replicas, if the kind has one.
    pub ready: Option<Text>,
    /// The path of the count of wanted replicas, if the kind has one.
    pub desired: Option<Text>,
    /// Paths of the name of the model or runtime that it runs; the first that is there counts.
    pub models: Vec<Text>,
    /// The path of the name of its queue, where the kind names one itself.
    pub queue: Option<Text>,
    /// The path of the engine or model format by which the profile is told.
    pub format: Option<Text>,
    /// Formats that generate, in lower case.
    pub generative_formats: Vec<Text>,
    /// Formats that predict, in lower case.
    pub predictive_formats: Vec<Text>,
    /// How the phase is told; the first verdict that fits counts.
    pub phases: Vec<Verdict<Phase>>,
}

impl ApplicationRule {
    /// The phase that `object` is in. Where no verdict fits, its replicas tell; where it has none,
    /// the phase is [`Phase::Unknown`].
    pub fn phase_of<'a>(&self, object: &'a Custom) -> Reading<'a, Phase> {
        if object.metadata.deleting.is_some() {
            return Reading {
                verdict: Phase::Stopping,
                word: "",
                condition: None,
            };
        }
        read(&self.phases, object).unwrap_or_else(|| Reading {
            verdict: self
                .replicas_of(object)
                .map_or(Phase::Unknown, Replicas::phase),
            word: "",
            condition: None,
        })
    }

    /// So many ready of so many wanted; `None` where the object does not say how many it wants.
    ///
    /// A count of ready replicas that is missing is none: controllers leave zeros out.
    pub fn replicas_of(&self, object: &Custom) -> Option<Replicas> {
        let desired = object.count(self.desired.as_ref()?)?;
        let ready = object.count(self.ready.as_ref()?).unwrap_or(0);
        Some(Replicas { ready, desired })
    }

    /// The name of the model or runtime that `object` runs.
    pub fn model_of<'a>(&self, object: &'a Custom) -> Option<&'a str> {
        self.models
            .iter()
            .find_map(|path| object.field(path))
            .filter(|name| !name.is_empty())
    }

    /// What kind of AI `object` is, as far as its kind and its format tell; where they do not, the
    /// engine that its pods run may ([`Component::profile`](crate::Component::profile)).
    pub fn profile_of(&self, object: &Custom) -> Option<Profile> {
        match self.profile {
            ApplicationProfile::Generative => Some(Profile::Generative),
            ApplicationProfile::Predictive => Some(Profile::Predictive),
            ApplicationProfile::ByEngine => {
                let format = object.field(self.format.as_ref()?)?.to_lowercase();
                let is_in = |formats: &[Text]| formats.iter().any(|known| *known == *format);
                if is_in(&self.generative_formats) {
                    Some(Profile::Generative)
                } else if is_in(&self.predictive_formats) {
                    Some(Profile::Predictive)
                } else {
                    None
                }
            }
        }
    }
}

/// So many ready of so many wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replicas {
    /// How many are ready.
    pub ready: u64,
    /// How many are wanted.
    pub desired: u64,
}

impl Replicas {
    /// The phase of a thing of which only replicas are known.
    pub fn phase(self) -> Phase {
        match (self.ready, self.desired) {
            (_, 0) => Phase::Suspended,
            (0, _) => Phase::Pending,
            (ready, desired) if ready < desired => Phase::Degraded,
            _ => Phase::Running,
        }
    }
}

/// What an application is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Trains or tunes a model.
    Training,
    /// Serves a model.
    Serving,
    /// Someone's workbench.
    Notebook,
    /// Steps that follow each other.
    Pipeline,
    /// Prepares or holds data.
    Data,
    /// Runs to its end; what for, the kind does not tell.
    Batch,
}

/// What kind of AI the objects of a kind are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationProfile {
    /// Always generative.
    Generative,
    /// Always predictive.
    Predictive,
    /// Told by the format or the engine, where they tell.
    ByEngine,
}

/// How a queue of the cluster is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueRule {
    /// The path of the count of workloads that wait, if the kind has one.
    pub pending: Option<Text>,
    /// The path of the count of workloads that were let in, if the kind has one.
    pub admitted: Option<Text>,
    /// Paths of the name of the cohort or parent queue; the first that is there counts.
    pub parents: Vec<Text>,
}

/// How that which waits in a queue is read.
#[derive(Clone, Debug)]
pub struct AdmissionRule {
    /// The path of the name of the cluster's queue: for Kueue, known only once quota is reserved.
    pub queue: Text,
    /// The path of the name of the namespace's queue, where the kind has such.
    pub local_queue: Option<Text>,
    /// How the phase is told; the first verdict that fits counts.
    pub phases: Vec<Verdict<Phase>>,
}

impl AdmissionRule {
    /// The phase that `object` is in; [`Phase::Unknown`] where it does not say.
    pub fn phase_of<'a>(&self, object: &'a Custom) -> Reading<'a, Phase> {
        read(&self.phases, object).unwrap_or(Reading {
            verdict: Phase::Unknown,
            word: "",
            condition: None,
        })
    }
}

/// What a tile counts: the objects of a kind that pass all tests. Several kinds of a component may
/// be counted, by the same noun: their sum is the tile's one figure.
#[derive(Clone, Debug)]
pub struct Count {
    /// What the counted are called.
    pub noun: Noun,
    /// The tests that an object must pass to be counted.
    pub tests: Vec<Test>,
}

impl Count {
    /// Whether `object` is counted.
    pub fn includes(&self, object: &Custom) -> bool {
        self.tests.iter().all(|test| test.passes(object))
    }
}

macro_rules! nouns {
    ($($variant:ident = $word:literal),* $(,)?) => {
        /// What counted objects are called; each shell has the words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Noun {
            $($variant,)*
        }

        impl Noun {
            /// Every noun.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The noun's word in the catalogue's files.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

nouns! {
    Pending = "pending",
    Services = "services",
    Clusters = "clusters",
    Jobs = "jobs",
    TrainJobs = "train_jobs",
    Sets = "sets",
    Groups = "groups",
    Queues = "queues",
    ScaledObjects = "scaled_objects",
    NodePools = "node_pools",
    Notebooks = "notebooks",
    Experiments = "experiments",
    Pipelines = "pipelines",
    Runs = "runs",
    Datasets = "datasets",
    Caches = "caches",
    Volumes = "volumes",
    Backups = "backups",
    Networks = "networks",
    Gateways = "gateways",
    Routes = "routes",
    Pools = "pools",
    Certificates = "certificates",
    Policies = "policies",
    Violations = "violations",
    Releases = "releases",
    Models = "models",
    Apps = "apps",
    Agents = "agents",
    Databases = "databases",
    Collectors = "collectors",
    Monitors = "monitors",
    Stores = "stores",
    Workspaces = "workspaces",
    Domains = "domains",
}
