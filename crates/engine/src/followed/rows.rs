//! What a cluster that is followed answers: the rows of a topic, a server of models, the map of GPUs of
//! a moment.

use jiff::Timestamp;
use strata_api::{playground::ModelServer, topics::Topic};
use strata_catalog::Catalog;
use tokio::time::Instant;

use super::Followed;
use crate::{
    derive::survey::Ground,
    inbox::{AskedMap, CapacityNow, MapOfMoment},
    playground::servers::{self, FoundServer},
    project::{
        Rows, gpus, jobs, namespaces, pods::Picture, releases, stack, survey, trace, watches,
    },
};

impl Followed {
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

    /// The server of models that `asked` names.
    pub(crate) fn server(
        &self,
        asked: &ModelServer,
        catalog: &Catalog,
        now: Timestamp,
    ) -> Option<FoundServer> {
        servers::find(self.picture(catalog, now), &self.telemetry, asked)
    }

    /// The map of the GPUs at a moment.
    pub(crate) fn map_of(&self, moment: &AskedMap, now: Timestamp) -> Option<MapOfMoment> {
        let picture = self.gpu_picture(now);
        let AskedMap {
            by,
            colour,
            filter,
            when,
        } = moment;
        let (head, blocks) = gpus::map_of_moment(picture, *by, *colour, filter, when);
        head.map(|head| MapOfMoment { head, blocks })
    }

    /// Where the capacity of the GPUs goes now.
    pub(crate) fn capacity_of(&self, now: Timestamp) -> Option<CapacityNow> {
        let (whole, shares) = gpus::capacity_of(self.gpu_picture(now));
        whole.map(|whole| CapacityNow {
            at: now,
            whole,
            shares,
        })
    }

    fn gpu_picture(&self, now: Timestamp) -> gpus::Picture<'_> {
        gpus::Picture {
            cluster: &self.cluster,
            derived: &self.derived,
            gpus: &self.gpus,
            telemetry: &self.telemetry,
            exporters: &self.told_by,
            is_whole: self.joined_whole,
            now,
        }
    }
}
