//! The engine as a shell holds it: four calls, a start and an end.

use std::sync::Arc;

use strata_api::{error::ApiError, topics::Topic};
use strata_catalog::Catalog;
use strata_ports::{
    clock::Clock, cluster::ClusterSource, containers::ContainerHost, contexts::ContextSource,
    control::Control, journal::Journal, logs::LogSource, objects::ObjectReader,
    prometheus::PrometheusProbe, recipes::RecipeFolder, series::SeriesStore,
    settings::SettingsStore, telemetry::TelemetrySource, tunnel::TunnelMaker,
    workstation::WorkstationProbe,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    change::Gate,
    error::closing,
    inbox::Command,
    machine::trials::Trials,
    operations::{self, Beginnings, KeptSchemas, Operations, Recipes},
    stream::{FrameSink, SubscriptionId},
    supervise::TaskScope,
    writer::Writer,
};

/// Everything that the engine sees of the world.
pub struct Parts {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Yields what happens in clusters.
    pub clusters: Arc<dyn ClusterSource>,
    /// Reads whole objects when somebody asks for them.
    pub objects: Arc<dyn ObjectReader>,
    /// Changes clusters.
    pub control: Arc<dyn Control>,
    /// Yields what containers write.
    pub logs: Arc<dyn LogSource>,
    /// Makes ways to programs in pods.
    pub tunnels: Arc<dyn TunnelMaker>,
    /// Tells what exporters measure.
    pub telemetry: Arc<dyn TelemetrySource>,
    /// Tries out a Prometheus that is given.
    pub prometheus: Arc<dyn PrometheusProbe>,
    /// Keeps what was changed.
    pub journal: Arc<dyn Journal>,
    /// Samples the machine that Strata runs on.
    pub workstation: Arc<dyn WorkstationProbe>,
    /// Whether that is sampled also while nobody looks, seldom, and what is measured of it kept.
    pub keeps_machine: bool,
    /// Lists the contexts.
    pub contexts: Arc<dyn ContextSource>,
    /// Keeps what the user chose.
    pub settings: Arc<dyn SettingsStore>,
    /// Keeps what was measured.
    pub series: Arc<dyn SeriesStore>,
    /// Holds the user's own recipes.
    pub recipes: Arc<dyn RecipeFolder>,
    /// Runs recipes on this machine.
    pub containers: Arc<dyn ContainerHost>,
    /// Knows the components.
    pub catalog: Arc<Catalog>,
}

/// A running engine. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Engine {
    commands: mpsc::UnboundedSender<Command>,
    operations: Arc<Operations>,
    scope: TaskScope,
}

impl Engine {
    /// Starts the engine, within a tokio runtime. It runs until [`Engine::shutdown`].
    pub fn start(parts: Parts) -> Self {
        // Without a bound: a shell sends what its user does, and at most two acknowledgements for
        // each subscription.
        let (commands, inbox) = mpsc::unbounded_channel();
        let scope = TaskScope::default();
        let operations = Operations {
            clock: Arc::clone(&parts.clock),
            clusters: Arc::clone(&parts.clusters),
            objects: Arc::clone(&parts.objects),
            logs: Arc::clone(&parts.logs),
            tunnels: Arc::clone(&parts.tunnels),
            gate: Gate::new(Arc::clone(&parts.control)),
            journal: Arc::clone(&parts.journal),
            contexts: Arc::clone(&parts.contexts),
            settings: Arc::clone(&parts.settings),
            series: Arc::clone(&parts.series),
            prometheus: Arc::clone(&parts.prometheus),
            workstation: Arc::clone(&parts.workstation),
            trials: Trials::default(),
            recipes: Recipes::of(Arc::clone(&parts.recipes)),
            schemas: KeptSchemas::default(),
            containers: Arc::clone(&parts.containers),
            beginnings: Beginnings::default(),
            catalog: Arc::clone(&parts.catalog),
            commands: commands.clone(),
            scope: scope.clone(),
        };
        scope.spawn(Writer::new(parts, inbox, scope.clone()).run());
        Self {
            commands,
            operations: Arc::new(operations),
            scope,
        }
    }

    /// Asks the operation `operation` of [`strata_api::operations`].
    pub async fn call(
        &self,
        operation: &str,
        request: serde_json::Value,
    ) -> Result<serde_json::Value, ApiError> {
        tokio::select! {
            biased;
            () = self.scope.closing() => Err(closing()),
            answer = operations::call(&self.operations, operation, request) => answer,
        }
    }

    /// Subscribes `sink` to `topic`. The first frame is a snapshot; it may arrive before this
    /// returns.
    pub async fn subscribe(
        &self,
        topic: Topic,
        sink: Box<dyn FrameSink>,
    ) -> Result<SubscriptionId, ApiError> {
        ask(&self.commands, |reply| Command::Subscribe {
            topic,
            sink,
            reply,
        })
        .await
    }

    /// Says that the frame `seq` and all before it have arrived. What is unknown is ignored: the
    /// subscription may have ended meanwhile.
    pub fn acknowledge(&self, subscription: SubscriptionId, seq: u32) {
        self.tell(Command::Acknowledge { subscription, seq });
    }

    /// Ends a subscription, without a last frame.
    pub fn unsubscribe(&self, subscription: SubscriptionId) {
        self.tell(Command::Unsubscribe { subscription });
    }

    /// Ends every subscription with a last frame, closes every connection, and returns when all
    /// of that is done.
    pub async fn shutdown(&self) {
        self.scope.close().await;
    }

    fn tell(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::debug!("the engine has stopped; nothing is left to tell");
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Sends a command, and waits for its answer.
pub(crate) async fn ask<T>(
    commands: &mpsc::UnboundedSender<Command>,
    command: impl FnOnce(oneshot::Sender<Result<T, ApiError>>) -> Command,
) -> Result<T, ApiError> {
    let (reply, answer) = oneshot::channel();
    commands.send(command(reply)).map_err(|_| closing())?;
    answer.await.map_err(|_| closing())?
}
