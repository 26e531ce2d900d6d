//! A cluster that is followed: its ground state, and what was computed from it last.

use std::sync::Arc;

use jiff::Timestamp;
use strata_api::{
    phrases::Phrase,
    playground::ModelServer,
    rows::{Row, gpu::GpuExporters},
    topics::Topic,
};
use strata_catalog::Catalog;
use strata_domain::ids::Uid;
use strata_domain::pod::Pod;
use strata_ports::{
    cluster::ClusterEvent, connection::ConnectionState, past_jobs::PastJob,
    prometheus::PrometheusAddress, series::Record, telemetry::Answer,
};
use tokio::time::{Duration, Instant};

use crate::{
    derive::{
        self, Derived, attention,
        exporters::Exporters,
        gpus::Gpus,
        jobs::{Job, past},
        survey::Ground,
    },
    fleet::{cluster::Cluster, telemetry::Telemetry, trends::Trends},
    fold::{self, Changed, Dirty},
    inbox::{KeptMoment, MapOfMoment},
    playground::servers::{self, FoundServer},
    project::{
        Rows,
        clusters::FollowedCluster,
        gpus,
        jobs::{self, JobBook},
        namespaces,
        pods::{Picture, PodBook},
        releases, stack, survey, trace, watches,
    },
    record::Recorder,
    stream::PACE,
    supervise::{OpenStream, OpenTelemetry},
};

/// Deriving takes at most one part in this many of the time.
const DERIVE_SHARE: u32 = 10;

/// GPUs are joined with what was measured at most this often.
const MEASURE_PACE: Duration = Duration::from_secs(1);

/// How long kubelets are still asked how full volumes are after nobody looks at that any more. On a
/// large cluster their summaries are megabytes a minute, so they are not asked unless somebody does.
const VOLUMES_KEPT: Duration = Duration::from_mins(2);

/// A cluster that is followed.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) stream: OpenStream,
    pub(crate) measuring: OpenTelemetry,
    pub(crate) hue: u8,
    cluster: Cluster,
    derived: Derived,
    /// Whether every list had come when that was derived.
    derived_whole: bool,
    trends: Trends,
    pods: PodBook,
    exporters: Exporters,
    telemetry: Telemetry,
    /// The Prometheus that was given for this cluster.
    prometheus: Option<Arc<PrometheusAddress>>,
    /// Until when kubelets are asked how full volumes are.
    volumes_until: Option<Instant>,
    gpus: Gpus,
    recorder: Recorder,
    /// How the exporters did when the GPUs were joined, and whether every list had come by then.
    told_by: GpuExporters,
    joined_whole: bool,
    /// Whether the GPUs may be otherwise than they were joined last.
    are_gpus_stale: bool,
    join_again_at: Instant,
    jobs: JobBook,
    /// Jobs that ended or were missed, and are still to be kept.
    ended: Vec<PastJob>,
    /// What changed since the book of pods took note.
    news: Dirty,
    /// What changed since the derivation, as far as the book of pods took note of it.
    dirty: Dirty,
    derive_again_at: Instant,
    criticals: u32,
}

impl Followed {
    pub(crate) fn new(
        stream: OpenStream,
        measuring: OpenTelemetry,
        hue: u8,
        catalog: &Catalog,
        now: Timestamp,
        moment: Instant,
    ) -> Self {
        let cluster = Cluster::default();
        let dirty = Dirty::everything();
        let derived = derive::derive(&cluster, catalog, None, &dirty, now);
        Self {
            stream,
            measuring,
            hue,
            cluster,
            derived,
            derived_whole: false,
            trends: Trends::default(),
            pods: PodBook::default(),
            exporters: Exporters::default(),
            telemetry: Telemetry::default(),
            prometheus: None,
            volumes_until: None,
            gpus: Gpus::default(),
            recorder: Recorder::default(),
            told_by: GpuExporters::default(),
            joined_whole: false,
            are_gpus_stale: false,
            join_again_at: moment,
            jobs: JobBook::default(),
            ended: Vec::new(),
            news: Dirty::default(),
            dirty: Dirty::default(),
            derive_again_at: moment,
            criticals: 0,
        }
    }

    /// Takes in what the cluster said.
    pub(crate) fn fold(&mut self, events: Vec<ClusterEvent>, now: Timestamp) {
        for event in events {
            fold::apply(&mut self.cluster, event, now, &mut self.news);
        }
    }

    /// The pod `uid`, as the workstation's processes name it.
    pub(crate) fn pod(&self, uid: &Uid) -> Option<&Pod> {
        self.cluster.pod(uid)
    }

    /// Takes in what exporters told.
    pub(crate) fn measure(&mut self, answers: Vec<Answer>) {
        for answer in answers {
            self.are_gpus_stale |= self.telemetry.take(answer);
        }
    }

    /// Keeps what a trace of the job `uid` found, so that it is shown wherever the job is.
    pub(crate) fn explained(&mut self, uid: &Uid, found: Option<Phrase>, now: Timestamp) {
        let Some(job) = self.derived.jobs.get(uid).map(Arc::clone) else {
            return;
        };
        Arc::make_mut(&mut self.derived.jobs).note_trace(&job, found, now);
        let mut news = Dirty::default();
        news.kinds.insert(job.kind.clone());
        news.objects = Changed::Some([uid.clone()].into());
        self.news.merge(news);
    }

    /// When to join the GPUs anew; `None` while nothing was measured.
    pub(crate) fn join_at(&self) -> Option<Instant> {
        self.are_gpus_stale.then_some(self.join_again_at)
    }

    /// Joins the GPUs anew with what was measured.
    pub(crate) fn join(&mut self, now: Timestamp) {
        let began = Instant::now();
        self.gpus = Gpus::join(&self.cluster, &self.derived, &self.telemetry, now);
        self.told_by = gpus::exporters(&self.telemetry, now);
        attention::attend(&mut self.derived, &self.gpus, now);
        self.criticals = self.derived.criticals();
        self.joined_whole = self.derived_whole;
        self.are_gpus_stale = false;
        let ended = Instant::now();
        self.join_again_at = ended + ((ended - began) * DERIVE_SHARE).max(MEASURE_PACE);
    }

    /// What is known of the cluster now.
    pub(crate) fn picture<'a>(&'a self, catalog: &'a Catalog, now: Timestamp) -> Picture<'a> {
        Picture {
            cluster: &self.cluster,
            derived: &self.derived,
            catalog,
            now,
        }
    }

    /// The server of models that `asked` names.
    pub(crate) fn server(
        &self,
        asked: &ModelServer,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Option<FoundServer> {
        servers::find(self.picture(catalog, now), &self.telemetry, asked)
    }

    /// What is to be kept of this step, if it was not told yet. What is heard of a cluster that does
    /// not answer is not kept as if it were so.
    pub(crate) fn record(&mut self, now: Timestamp) -> Option<Record> {
        // Before every exporter was asked once, what is held would seem not to be measured.
        let told = &self.told_by;
        let is_asked = told.live + told.stale + told.failed >= told.asked;
        if !self.is_live() || !self.joined_whole || !is_asked {
            return None;
        }
        let attention = &self.derived.attention;
        let jobs = &self.derived.jobs;
        self.recorder
            .record(&self.gpus, &self.telemetry, attention, jobs, now)
    }

    /// Which jobs are not over, to be kept when the cluster is followed no more.
    pub(crate) fn last_seen(&mut self, now: Timestamp) -> Option<Record> {
        let living = (self.is_live() && self.joined_whole)
            .then(|| self.recorder.living(&self.derived.jobs, now))?;
        Some(Record {
            living: Some(living),
            ..Record::default()
        })
    }

    fn is_live(&self) -> bool {
        matches!(
            self.cluster.connection(),
            Some(ConnectionState::Live { .. })
        )
    }

    /// The map of the GPUs at a moment that is kept.
    pub(crate) fn map_of(&self, moment: &KeptMoment, now: Timestamp) -> Option<MapOfMoment> {
        let picture = gpus::Picture {
            cluster: &self.cluster,
            derived: &self.derived,
            gpus: &self.gpus,
            telemetry: &self.telemetry,
            exporters: &self.told_by,
            is_whole: self.joined_whole,
            now,
        };
        let KeptMoment {
            by,
            colour,
            filter,
            at,
            values,
        } = moment;
        let (head, blocks) = gpus::map_of_moment(picture, *by, *colour, filter, *at, values);
        head.map(|head| MapOfMoment { head, blocks })
    }

    /// The rows of `topic`, which is about this cluster.
    pub(crate) fn rows(
        &mut self,
        topic: &Topic,
        catalog: &Catalog,
        now: Timestamp,
        moment: Instant,
    ) -> Rows {
        self.note_news(catalog, now);
        if matches!(topic, Topic::Storage { .. } | Topic::Map { .. }) {
            self.want_volumes(moment);
        }
        let Self {
            cluster,
            derived,
            trends,
            pods,
            telemetry,
            gpus,
            told_by,
            joined_whole,
            jobs: job_book,
            ..
        } = self;
        let picture = Picture {
            cluster,
            derived,
            catalog,
            now,
        };
        match topic {
            // About all clusters, not about this one; and logs and trials are their desks'.
            Topic::Clusters {}
            | Topic::Workstation {}
            | Topic::Answer { .. }
            | Topic::LoadTest { .. }
            | Topic::JobLogs { .. }
            | Topic::JobLogSummary { .. } => Rows::default(),
            Topic::Stack { namespaces, .. } => {
                Rows::all(stack::rows(cluster, derived, catalog, namespaces, trends))
            }
            Topic::Trace {
                subject, direction, ..
            } => Rows::all(trace::rows(
                cluster, derived, catalog, subject, *direction, now,
            )),
            Topic::Pods { .. } => pods.topic_rows(picture, topic, moment),
            Topic::GpuMap { .. }
            | Topic::Gpus { .. }
            | Topic::Gpu { .. }
            | Topic::GpuCapacity { .. }
            | Topic::GpuNodes { .. }
            | Topic::DeviceClaims { .. } => gpus::rows(
                gpus::Picture {
                    cluster,
                    derived,
                    gpus,
                    telemetry,
                    exporters: told_by,
                    is_whole: *joined_whole,
                    now,
                },
                topic,
            ),
            Topic::Jobs { .. }
            | Topic::JobSummary { .. }
            | Topic::Job { .. }
            | Topic::Queues { .. } => jobs::topic_rows(picture, gpus, job_book, topic, moment),
            Topic::Releases { namespaces, .. } => {
                Rows::all(releases::rows(cluster, derived, namespaces, now))
            }
            Topic::ModelServers { .. } => servers::topic_rows(picture, telemetry, topic),
            Topic::Watches { .. } => Rows::all(watches::rows(cluster)),
            Topic::Namespaces { .. } => Rows::all(namespaces::rows(cluster, pods.healths())),
            Topic::Map { .. }
            | Topic::Needs { .. }
            | Topic::Lifecycle { .. }
            | Topic::Storage { .. }
            | Topic::Conformance { .. } => {
                let ground = Ground {
                    cluster,
                    derived,
                    catalog,
                    telemetry,
                    now,
                };
                survey::topic_rows(ground, topic)
            }
        }
    }

    /// Brings the book of pods up to date: it does not wait for the derivation, which may take a
    /// while.
    fn note_news(&mut self, catalog: &Catalog, now: Timestamp) {
        if self.news.is_stale() {
            let news = std::mem::take(&mut self.news);
            self.pods.note(&news, &self.cluster, now);
            if self.exporters.note(&news, &self.cluster, catalog) {
                self.ask_exporters();
            }
            self.dirty.merge(news);
        }
    }

    fn ask_exporters(&mut self) {
        let list = self
            .exporters
            .list(self.volumes_until.is_some(), self.prometheus.as_ref());
        self.telemetry
            .keep(&list, |node| self.cluster.node(node).is_some());
        self.measuring.ask(list);
    }

    /// Has `given` asked from now on, or again what was found.
    pub(crate) fn give_prometheus(&mut self, given: Option<PrometheusAddress>) {
        if self.prometheus.as_deref() != given.as_ref() {
            self.prometheus = given.map(Arc::new);
            self.ask_exporters();
        }
    }

    /// Somebody looks at how full volumes are.
    fn want_volumes(&mut self, moment: Instant) {
        let before = self.volumes_until.replace(moment + VOLUMES_KEPT);
        if before.is_none() {
            self.ask_exporters();
        }
    }

    /// When to compute anew what follows from the ground state; `None` while nothing changed.
    pub(crate) fn derive_at(&self) -> Option<Instant> {
        (self.news.is_stale() || self.dirty.is_stale()).then_some(self.derive_again_at)
    }

    /// Computes anew what follows from the ground state.
    pub(crate) fn derive(&mut self, catalog: &Catalog, now: Timestamp) {
        let began = Instant::now();
        self.note_news(catalog, now);
        let dirty = std::mem::take(&mut self.dirty);
        let before = Arc::clone(&self.derived.jobs);
        self.derived = derive::derive(&self.cluster, catalog, Some(&self.derived), &dirty, now);
        let jobs = &self.derived.jobs;
        if !Arc::ptr_eq(&before, jobs) {
            let news = jobs.news().iter().filter_map(|job| past::kept(job, now));
            self.ended.extend(news);
        }
        attention::attend(&mut self.derived, &self.gpus, now);
        self.derived_whole = self.cluster.is_complete();
        self.criticals = self.derived.criticals();
        self.pods.note_paths();
        self.are_gpus_stale = true;
        let ended = Instant::now();
        let rest: Duration = (ended - began) * DERIVE_SHARE;
        self.derive_again_at = ended + rest.max(PACE);
    }

    /// The jobs that ended or were missed since this was asked last.
    pub(crate) fn take_ended(&mut self) -> Vec<PastJob> {
        std::mem::take(&mut self.ended)
    }

    /// Takes in what was kept of jobs of the past.
    pub(crate) fn remember(&mut self, kept: Vec<Arc<Job>>) {
        Arc::make_mut(&mut self.derived.jobs).remember(kept);
    }

    /// Computes anew what time alone changes, and keeps the headline figures of this step.
    pub(crate) fn step(&mut self, catalog: &Catalog, now: Timestamp, moment: Instant) {
        self.derive(catalog, now);
        self.pods.note_time(&self.cluster, now);
        self.pods.forget_unused(moment);
        if self.volumes_until.is_some_and(|until| until < moment) {
            self.volumes_until = None;
            self.ask_exporters();
        }
        let rows = stack::rows(&self.cluster, &self.derived, catalog, &[], &self.trends);
        let is_live = self.is_live();
        self.trends.push(|layer| {
            let value = rows.iter().find_map(|keyed| match &keyed.row {
                Row::Layer(row) if row.layer == layer.into() => row.headline.as_ref(),
                _ => None,
            });
            value.filter(|_| is_live).map(|headline| headline.value)
        });
    }

    /// The cluster as far as its row shows it.
    pub(crate) fn as_row(&self) -> FollowedCluster<'_> {
        FollowedCluster {
            cluster: &self.cluster,
            is_derived: self.derived_whole,
            criticals: self.criticals,
            hue: self.hue,
        }
    }

    /// Whether connecting once more may help now: the last try has ended for good.
    pub(crate) fn has_given_up(&self) -> bool {
        matches!(
            self.cluster.connection(),
            Some(ConnectionState::Failed { .. } | ConnectionState::NeedsApproval { .. })
        )
    }

    /// Whether it waits until the credential plugin with `digest` is approved.
    pub(crate) fn waits_for(&self, digest: &str) -> bool {
        matches!(
            self.cluster.connection(),
            Some(ConnectionState::NeedsApproval { digest: awaited, .. }) if awaited == digest
        )
    }
}
