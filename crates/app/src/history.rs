//! Where what was measured is kept: a file for the clusters and this machine, memory for the demo.
//!
//! The demo cluster begins anew with every start, so its past ends with the program; several programs
//! may show a demo of their own at once.

use std::path::Path;

use jiff::Timestamp;
use strata_domain::{
    ids::ClusterId,
    series::{SeriesKind, SeriesName},
};
use strata_ports::{
    error::PortError,
    holdings::HeldPast,
    objects::ObjectAddress,
    past_jobs::PastJob,
    series::{
        Incident, Keeping, Moment, MomentQuestion, Record, SeriesPoints, SeriesQuestion,
        SeriesStore,
    },
};
use strata_storage::series::{Retention, SeriesDatabase, SeriesError};

/// Keeps series.
#[derive(Debug)]
pub(crate) struct History {
    clusters: SeriesDatabase,
    demo: SeriesDatabase,
}

impl History {
    /// Keeps series in `folder`; without one, in memory.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, SeriesError> {
        Ok(Self {
            clusters: match folder {
                Some(folder) => {
                    SeriesDatabase::open(&folder.join("history.db"), Retention::default())?
                }
                None => SeriesDatabase::in_memory()?,
            },
            demo: SeriesDatabase::in_memory()?,
        })
    }

    fn of(&self, cluster: &ClusterId) -> &SeriesDatabase {
        if *cluster == ClusterId::demo() {
            &self.demo
        } else {
            &self.clusters
        }
    }
}

impl SeriesStore for History {
    fn record(&self, cluster: &ClusterId, record: Record) {
        self.of(cluster).record(cluster, record);
    }

    fn names(
        &self,
        cluster: &ClusterId,
        kinds: &[SeriesKind],
        name: Option<&str>,
    ) -> Result<Vec<SeriesName>, PortError> {
        self.of(cluster).names(cluster, kinds, name)
    }

    fn read(&self, question: &SeriesQuestion) -> Result<Vec<SeriesPoints>, PortError> {
        self.of(&question.cluster).read(question)
    }

    fn moment(&self, question: &MomentQuestion) -> Result<Moment, PortError> {
        self.of(&question.cluster).moment(question)
    }

    fn incidents(
        &self,
        cluster: &ClusterId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Incident>, PortError> {
        self.of(cluster).incidents(cluster, from, until)
    }

    fn held_by(&self, cluster: &ClusterId, owner: &ObjectAddress) -> Result<HeldPast, PortError> {
        self.of(cluster).held_by(cluster, owner)
    }

    fn past_jobs(&self, cluster: &ClusterId) -> Result<Vec<PastJob>, PortError> {
        self.of(cluster).past_jobs(cluster)
    }

    fn keeping(&self, cluster: &ClusterId) -> Keeping {
        self.of(cluster).keeping(cluster)
    }
}
