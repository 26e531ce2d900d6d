//! A cluster that is followed: its ground state, and what was computed from it last.
//!
//! What it answers stands in `rows`, whom it is measured by in `asking`, what is kept of it in `kept`.

use std::sync::Arc;

use jiff::Timestamp;
use strata_api::{
    phrases::Phrase,
    rows::{Row, gpu::GpuExporters},
};
use strata_catalog::Catalog;
use strata_domain::{ids::Uid, pod::Pod, text::Text};
use strata_ports::{
    cluster::ClusterEvent, connection::ConnectionState, past_jobs::PastJob,
    prometheus::PrometheusAddress, telemetry::Answer,
};
use tokio::time::{Duration, Instant};

use crate::{
    derive::{self, Derived, attention, exporters::Exporters, gpus::Gpus, jobs::past},
    fleet::{cluster::Cluster, telemetry::Telemetry, trends::Trends},
    fold::{self, Changed, Dirty},
    project::{
        clusters::FollowedCluster,
        gpus,
        jobs::JobBook,
        pods::{Picture, PodBook},
        stack,
    },
    record::Recorder,
    stream::PACE,
    supervise::{OpenStream, OpenTelemetry},
};

mod asking;
mod kept;
mod rows;

/// Deriving takes at most one part in this many of the time.
const DERIVE_SHARE: u32 = 10;

/// GPUs are joined with what was measured at most this often.
const MEASURE_PACE: Duration = Duration::from_secs(1);

/// A cluster that is followed.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) stream: OpenStream,
    pub(crate) measuring: OpenTelemetry,
    pub(crate) hue: u8,
    /// The namespaces that were named for it.
    pub(crate) named: Vec<Text>,
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
            named: Vec::new(),
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

    fn is_live(&self) -> bool {
        matches!(
            self.cluster.connection(),
            Some(ConnectionState::Live { .. })
        )
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

    /// Computes anew what time alone changes, and keeps the headline figures of this step.
    pub(crate) fn step(&mut self, catalog: &Catalog, now: Timestamp, moment: Instant) {
        self.derive(catalog, now);
        self.pods.note_time(&self.cluster, now);
        self.pods.forget_unused(moment);
        self.leave_volumes(moment);
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
