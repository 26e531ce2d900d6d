//! Starting: from what the user asked for to a running engine.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use strata_catalog::Catalog;
use strata_containers::LocalContainers;
use strata_engine::{Engine, Parts};
use strata_gpu::supervise::{LocalWorkstation, Patience, SamplerCommand};
use strata_kubernetes::{
    contexts::{KubeconfigContexts, Places},
    source::KubernetesSource,
};
use strata_metrics::{prometheus::AddressedPrometheus, rounds::ProxiedExporters};
use strata_ports::{
    clock::{Clock, SystemClock},
    settings::SettingsStore,
};
use strata_storage::{database::Database, recipes::RecipeFiles};

use crate::{demo, history::History, simulation::Simulation};

/// How Strata is to be started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Opens on the embedded demo cluster, whatever was open last.
    pub open_demo: bool,
    /// What the embedded demo cluster consists of: the name of one of Strata's scenarios, or the path
    /// of a TOML file. Without it, `atlas`.
    pub scenario: Option<String>,
    /// A cluster that is already set up, to be the demo instead of `scenario`'s. Whoever made it lets
    /// its time pass, and Strata goes by that time.
    pub simulation: Option<Simulation>,
    /// How the processes are started that talk to the drivers of this machine's accelerators: this
    /// program with the arguments that give it a [`ChildRole`](crate::ChildRole).
    pub sampler: SamplerCommand,
    /// Whether this machine is sampled also while nobody looks, seldom, so that it has a past. For shells
    /// that stay, and those that show that past.
    pub keeps_machine: bool,
    /// Where settings are kept.
    pub data: DataFolder,
    /// The kubeconfig files to read; none: `KUBECONFIG`, else `~/.kube/config`.
    pub kubeconfigs: Option<Vec<PathBuf>>,
}

/// Where settings are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DataFolder {
    /// In the user's own folder for application data.
    #[default]
    User,
    /// In this folder.
    At(PathBuf),
    /// Nowhere: they are gone with the program.
    Memory,
}

impl Launch {
    /// A start that reads nothing of the user's and leaves nothing behind.
    pub fn isolated() -> Self {
        Self {
            open_demo: false,
            scenario: None,
            simulation: None,
            sampler: SamplerCommand::default(),
            keeps_machine: false,
            data: DataFolder::Memory,
            kubeconfigs: Some(Vec::new()),
        }
    }
}

/// Starts the engine. Call it within a tokio runtime, and [`Engine::shutdown`] at the end.
pub async fn start(launch: Launch) -> anyhow::Result<Engine> {
    let folder = folder(&launch.data)?;
    let database = Arc::new(open_database(folder.as_deref())?);
    let settings: Arc<dyn SettingsStore> = database.clone();
    let series = Arc::new(History::open(folder.as_deref())?);
    let recipes = recipe_files(&launch.data);
    let catalog = Arc::new(Catalog::load().context("the embedded catalogue is damaged")?);
    let clock: Arc<dyn Clock> = match &launch.simulation {
        Some(simulation) => Arc::new(simulation.clone()),
        None => Arc::new(SystemClock),
    };
    let demo = match launch.simulation {
        Some(simulation) => simulation.server(),
        None => demo::server(launch.scenario.as_deref())?,
    };
    let contexts = Arc::new(KubeconfigContexts::open(
        &places(launch.kubeconfigs.as_deref())?,
        Arc::clone(&settings),
    ));
    let clusters = Arc::new(KubernetesSource::new(
        Arc::clone(&contexts),
        Some(demo),
        Arc::clone(&clock),
    ));
    let telemetry = Arc::new(ProxiedExporters::new(
        Arc::new(clusters.pod_proxy()),
        clock.clone(),
    ));
    let prometheus = Arc::new(AddressedPrometheus::new(clock.clone()));
    let engine = Engine::start(Parts {
        clock,
        objects: clusters.clone(),
        control: clusters.clone(),
        logs: clusters.clone(),
        tunnels: clusters.clone(),
        journal: database,
        clusters,
        telemetry,
        prometheus,
        workstation: Arc::new(this_machine(launch.sampler)),
        keeps_machine: launch.keeps_machine,
        contexts,
        settings,
        series,
        recipes: Arc::new(recipes),
        containers: Arc::new(runtimes()),
        catalog,
    });
    if launch.open_demo {
        demo::open(&engine).await?;
    }
    Ok(engine)
}

/// This machine, by its own time.
fn this_machine(command: SamplerCommand) -> LocalWorkstation {
    LocalWorkstation::new(command, Patience::default(), Arc::new(SystemClock))
}

/// The runtimes of this machine, where they usually listen.
fn runtimes() -> LocalContainers {
    LocalContainers::at(strata_containers::Places::usual(|name| {
        std::env::var(name).ok()
    }))
}

/// The folder that `data` means, if it is one.
fn folder(data: &DataFolder) -> anyhow::Result<Option<PathBuf>> {
    Ok(match data {
        DataFolder::Memory => None,
        DataFolder::At(folder) => Some(folder.clone()),
        DataFolder::User => Some(
            directories::ProjectDirs::from("dev", "Strata", "strata")
                .context("this user has no home folder to keep settings in; name one with --data")?
                .data_dir()
                .to_owned(),
        ),
    })
}

fn open_database(folder: Option<&Path>) -> anyhow::Result<Database> {
    Ok(match folder {
        None => Database::in_memory()?,
        Some(folder) => Database::open(&folder.join("strata.db"))?,
    })
}

/// The user's own recipes: in the folder for configuration, or beside the settings where that folder
/// was named.
fn recipe_files(data: &DataFolder) -> RecipeFiles {
    let folder = match data {
        DataFolder::Memory => None,
        DataFolder::At(folder) => Some(folder.clone()),
        DataFolder::User => directories::ProjectDirs::from("dev", "Strata", "strata")
            .map(|folders| folders.config_dir().to_owned()),
    };
    folder.map_or_else(RecipeFiles::default, |folder| {
        RecipeFiles::at(folder.join("recipes"))
    })
}

fn places(kubeconfigs: Option<&[PathBuf]>) -> anyhow::Result<Places> {
    let places = match kubeconfigs {
        None => Places::of_environment(),
        Some(files) => Places {
            kubeconfig: Some(
                std::env::join_paths(files).context("a kubeconfig path is not usable")?,
            ),
            ..Places::default()
        },
    };
    Ok(places.and_demo())
}
