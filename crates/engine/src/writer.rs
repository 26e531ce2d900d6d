//! The one task that owns the fleet: it takes in what is said, and tells what follows.
//!
//! Whatever comes in is applied at once; what follows from it is computed and told in rounds, as
//! often as the pace allows, so that forty changes to a pod in a tenth of a second are one.

use std::{collections::BTreeMap, sync::Arc};

use strata_api::{error::ApiError, frames::EndReason, playground::ModelServer, topics::Topic};
use strata_catalog::Catalog;
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::{
    clock::Clock,
    cluster::ClusterSource,
    contexts::ContextList,
    series::SeriesStore,
    telemetry::{TelemetrySource, Told},
    workstation::WorkstationEvent,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Duration, Instant, sleep_until},
};

use crate::{
    engine::Parts,
    error::{logs_not_open, no_such_cluster, no_such_server, no_such_trial, not_connected},
    fleet::trends::Trends,
    followed::Followed,
    inbox::{AskedMap, CapacityNow, Command, MapOfMoment, Measured, Remembered, Said},
    logs::desk::{LogDesk, Logged},
    playground::{
        desk::{TrialDesk, Tried},
        reach::called,
        servers::FoundServer,
    },
    record,
    stream::{Subscription, SubscriptionId},
    supervise::TaskScope,
    workstation::WorkstationDesk,
};

mod connections;
mod past;
mod rounds;
mod subscribing;

pub(crate) use connections::own_namespace;
use subscribing::cluster_of;

/// How many batches of events may wait, and how many are taken in before the next look at the
/// time.
const INBOX: usize = 256;
/// How many batches of log lines may wait: each has at most some 100 kB.
const LOGS: usize = 64;
/// How many pieces of answers may wait.
const TRIALS: usize = 256;
/// How long lies between two values of the trends.
const STEP: Duration = Duration::from_secs(Trends::STEP_SECONDS as u64);

/// The task that owns the fleet.
pub(crate) struct Writer {
    clock: Arc<dyn Clock>,
    clusters: Arc<dyn ClusterSource>,
    telemetry: Arc<dyn TelemetrySource>,
    series: Arc<dyn SeriesStore>,
    catalog: Arc<Catalog>,
    contexts: watch::Receiver<ContextList>,
    commands: mpsc::UnboundedReceiver<Command>,
    said: mpsc::Receiver<Said>,
    inbox: mpsc::Sender<Said>,
    measured: mpsc::Receiver<Measured>,
    measuring: mpsc::Sender<Measured>,
    remembered: mpsc::UnboundedReceiver<Remembered>,
    remembering: mpsc::UnboundedSender<Remembered>,
    logged: mpsc::Receiver<Logged>,
    logs: LogDesk,
    tried: mpsc::Receiver<Tried>,
    trials: TrialDesk,
    sampled: mpsc::Receiver<WorkstationEvent>,
    workstation: WorkstationDesk,
    scope: TaskScope,
    known: ContextList,
    followed: BTreeMap<ClusterId, Followed>,
    subscriptions: BTreeMap<SubscriptionId, Subscription>,
    next_stream: u64,
    next_subscription: u32,
    next_step: Instant,
}

impl Writer {
    pub(crate) fn new(
        parts: Parts,
        commands: mpsc::UnboundedReceiver<Command>,
        scope: TaskScope,
    ) -> Self {
        let (inbox, said) = mpsc::channel(INBOX);
        let (measuring, measured) = mpsc::channel(INBOX);
        let (remembering, remembered) = mpsc::unbounded_channel();
        let (reading, logged) = mpsc::channel(LOGS);
        let logs = LogDesk::new(parts.logs, scope.clone(), reading);
        let (trying, tried) = mpsc::channel(TRIALS);
        let trials = TrialDesk::new(scope.clone(), trying);
        let (samples, sampled) = mpsc::channel(INBOX);
        let workstation = WorkstationDesk::new(
            parts.workstation,
            parts.keeps_machine,
            scope.clone(),
            samples,
        );
        let mut contexts = parts.contexts.contexts();
        let known = contexts.borrow_and_update().clone();
        Self {
            clock: parts.clock,
            clusters: parts.clusters,
            telemetry: parts.telemetry,
            series: parts.series,
            catalog: parts.catalog,
            contexts,
            commands,
            said,
            inbox,
            measured,
            measuring,
            remembered,
            remembering,
            logged,
            logs,
            tried,
            trials,
            sampled,
            workstation,
            scope,
            known,
            followed: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            next_stream: 0,
            next_subscription: 0,
            next_step: Instant::now() + STEP,
        }
    }

    /// Runs until the engine is shut down.
    pub(crate) async fn run(mut self) {
        let scope = self.scope.clone();
        let mut heard = Vec::new();
        let mut contexts_end = false;
        self.sample_while_looked_at();
        loop {
            let wake_at = self.wake_at();
            tokio::select! {
                biased;
                () = scope.closing() => break,
                command = self.commands.recv() => match command {
                    Some(command) => self.obey(command),
                    // Nobody holds the engine any more.
                    None => break,
                },
                changed = self.contexts.changed(), if !contexts_end => match changed {
                    Ok(()) => self.read_contexts(),
                    // The list stays as it was last.
                    Err(_) => contexts_end = true,
                },
                _ = self.said.recv_many(&mut heard, INBOX) => {
                    for said in heard.drain(..) {
                        self.hear(said);
                    }
                }
                Some(measured) = self.measured.recv() => self.measure(measured),
                Some(remembered) = self.remembered.recv() => self.take_remembered(remembered),
                Some(logged) = self.logged.recv() => self.take_logged(logged),
                Some(tried) = self.tried.recv() => self.take_tried(tried),
                Some(event) = self.sampled.recv() => self.take_sampled(event),
                () = sleep_until(wake_at) => {}
            }
            self.round();
            self.sample_while_looked_at();
        }
        self.keep_last_seen();
        for (_, subscription) in std::mem::take(&mut self.subscriptions) {
            subscription.end(EndReason::Shutdown);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Connect {
                cluster,
                prometheus,
                namespaces,
                reply,
            } => answer(reply, self.connect(&cluster, prometheus, namespaces)),
            Command::NameNamespaces {
                cluster,
                namespaces,
            } => self.name_namespaces(&cluster, namespaces),
            Command::GivePrometheus {
                cluster,
                prometheus,
            } => {
                if let Some(followed) = self.followed.get_mut(&cluster) {
                    followed.give_prometheus(prometheus);
                }
            }
            Command::Disconnect { cluster, reply } => answer(reply, self.disconnect(&cluster)),
            Command::Approved { digest } => self.go_on_with(&digest),
            Command::Subscribe { topic, sink, reply } => answer(reply, self.subscribe(topic, sink)),
            Command::Acknowledge { subscription, seq } => {
                if let Some(subscription) = self.subscriptions.get_mut(&subscription) {
                    subscription.acknowledge(seq, Instant::now());
                }
            }
            Command::Explained {
                cluster,
                uid,
                found,
            } => {
                let now = self.clock.now();
                if let Some(followed) = self.followed.get_mut(&cluster) {
                    followed.explained(&uid, found, now);
                }
            }
            Command::ReadLogs {
                of,
                pod,
                filter,
                reply,
            } => {
                let text = self.logs.text(&of, &pod, &filter);
                answer(reply, text.ok_or_else(logs_not_open));
            }
            Command::FindServer { server, reply } => answer(reply, self.find_server(&server)),
            Command::BeginTrial { plan, reply } => {
                let now = self.clock.now();
                answer(reply, self.trials.begin(*plan, now, Instant::now()));
            }
            Command::StopTrial { trial, reply } => answer(reply, self.stop_trial(&trial)),
            Command::ReadProcess {
                pid,
                started_ticks,
                reply,
            } => {
                let known = |uid: &_| self.known_pod(uid);
                let process = self.workstation.process(pid, started_ticks, known);
                answer(reply, Ok(process));
            }
            Command::ReadMachine { reply } => answer(reply, Ok(self.workstation.machine())),
            Command::ShowMoment {
                cluster,
                moment,
                reply,
            } => answer(reply, self.map_of(&cluster, &moment)),
            Command::ShowCapacity { cluster, reply } => answer(reply, self.capacity_of(&cluster)),
            Command::Tried(tried) => {
                self.workstation.try_out(*tried);
                self.workstation_changed();
            }
            Command::Unsubscribe { subscription } => {
                self.subscriptions.remove(&subscription);
            }
        }
    }

    fn stop_trial(&mut self, trial: &str) -> Result<(), ApiError> {
        let is_known = self.trials.stop(trial);
        self.trial_changed(trial);
        is_known.then_some(()).ok_or_else(|| no_such_trial(trial))
    }

    /// The map of GPUs of a moment.
    fn map_of(&self, cluster: &ClusterId, moment: &AskedMap) -> Result<MapOfMoment, ApiError> {
        self.check(&cluster.0)?;
        let now = self.clock.now();
        let followed = self.followed.get(cluster);
        let shown = followed.and_then(|followed| followed.map_of(moment, now));
        shown.ok_or_else(|| not_connected(&cluster.0))
    }

    /// Where the capacity of GPUs goes now.
    fn capacity_of(&self, cluster: &ClusterId) -> Result<CapacityNow, ApiError> {
        self.check(&cluster.0)?;
        let told = self.followed.get(cluster);
        let told = told.and_then(|followed| followed.capacity_of(self.clock.now()));
        told.ok_or_else(|| not_connected(&cluster.0))
    }

    fn check(&self, cluster: &str) -> Result<(), ApiError> {
        let is_known = self
            .known
            .contexts
            .iter()
            .any(|context| context.id.0 == cluster);
        if is_known {
            Ok(())
        } else {
            Err(no_such_cluster(cluster))
        }
    }

    /// Ends what was asked of contexts that are no longer there.
    fn read_contexts(&mut self) {
        self.known = self.contexts.borrow_and_update().clone();
        let Self {
            known,
            followed,
            subscriptions,
            ..
        } = self;
        followed.retain(|id, _| known.contexts.iter().any(|context| context.id == *id));
        let is_gone = |topic: &Topic| {
            cluster_of(topic).is_some_and(|cluster| {
                !known.contexts.iter().any(|context| context.id.0 == cluster)
            })
        };
        for (_, gone) in
            subscriptions.extract_if(.., |_, subscription| is_gone(&subscription.topic))
        {
            gone.end(EndReason::Gone);
        }
        self.replan();
        self.contexts_changed();
    }

    fn hear(&mut self, said: Said) {
        let now = self.clock.now();
        let speaker = self
            .followed
            .iter_mut()
            .find(|(_, followed)| followed.stream.id == said.stream);
        // The last words of a stream that was closed meanwhile concern nobody.
        let Some((id, followed)) = speaker else {
            return;
        };
        followed.fold(said.events, now);
        let id = id.clone();
        self.was_heard(&id);
    }
}

impl Writer {
    fn measure(&mut self, measured: Measured) {
        let followed = self
            .followed
            .iter_mut()
            .find(|(_, followed)| followed.measuring.id == measured.stream);
        let Some((id, followed)) = followed else {
            return;
        };
        for answer in &measured.answers {
            if let Ok(Told::Past(past)) = &answer.outcome {
                self.series.record(id, record::of_past(past));
            }
        }
        followed.measure(measured.answers);
    }

    fn take_sampled(&mut self, event: WorkstationEvent) {
        if let Some(record) = self.workstation.take(event, self.clock.now()) {
            self.series.record(&ClusterId::this_machine(), record);
        }
        self.workstation_changed();
    }

    /// Samples this machine each second while somebody looks at it.
    fn sample_while_looked_at(&mut self) {
        let is_looked_at = self
            .subscriptions
            .values()
            .any(|subscription| matches!(subscription.topic, Topic::Workstation {}));
        self.workstation.sample_while(is_looked_at);
    }

    fn take_logged(&mut self, logged: Logged) {
        let whose = self.logs.take(logged, self.clock.now(), Instant::now());
        if let Some(whose) = whose {
            self.logs_changed(&whose);
        }
    }
}

impl Writer {
    fn find_server(&mut self, server: &ModelServer) -> Result<FoundServer, ApiError> {
        self.check(&server.cluster)?;
        let cluster = ClusterId(Text::from(server.cluster.as_str()));
        let now = self.clock.now();
        let followed = self.followed.get(&cluster);
        followed
            .and_then(|followed| followed.server(server, &self.catalog, now))
            .ok_or_else(|| no_such_server(&called(server)))
    }

    fn take_tried(&mut self, tried: Tried) {
        if let Some(trial) = self.trials.take(tried) {
            self.trial_changed(&trial.to_string());
        }
    }
}

/// Answers a shell; one that no longer waits needs no answer.
fn answer<T>(
    reply: tokio::sync::oneshot::Sender<Result<T, ApiError>>,
    outcome: Result<T, ApiError>,
) {
    if reply.send(outcome).is_err() {
        tracing::debug!("whoever asked no longer waits for the answer");
    }
}
