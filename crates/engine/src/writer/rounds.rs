//! A round: compute what is due, and tell it to whom it concerns.

use jiff::Timestamp;
use strata_api::{
    frames::EndReason,
    topics::{JobLog, Topic},
};
use strata_domain::{
    ids::{ClusterId, Uid},
    text::Text,
};
use tokio::time::Instant;

use super::{STEP, Writer, subscribing::cluster_of};
use crate::{
    followed::Followed,
    logs::desk::log_of,
    playground::desk::trial_of,
    project::{Rows, clusters, workstation::KnownPod},
    stream::Subscription,
};

impl Writer {
    /// When the next round has something to do, if nothing comes in before.
    pub(super) fn wake_at(&self) -> Instant {
        let derivations = self.followed.values().filter_map(Followed::derive_at);
        let joins = self.followed.values().filter_map(Followed::join_at);
        let subscriptions = self.subscriptions.values().map(Subscription::wake_at);
        let step = if self.followed.is_empty() {
            None
        } else {
            Some(self.next_step)
        };
        let far = Instant::now() + STEP;
        derivations
            .chain(joins)
            .chain(subscriptions)
            .chain(step)
            .min()
            .unwrap_or(far)
    }

    pub(super) fn round(&mut self) {
        let now = self.clock.now();
        let moment = Instant::now();
        self.derive_due(now, moment);
        self.step_if_due(now, moment);
        self.join_due(now, moment);
        self.end_abandoned(moment);
        self.tell_due(now, moment);
        self.logs.forget_unused(moment);
        let topics = self.subscriptions.values().map(|one| &one.topic);
        self.trials.keep_followed(topics, moment);
    }

    fn derive_due(&mut self, now: Timestamp, moment: Instant) {
        let mut derived = Vec::new();
        for (id, followed) in &mut self.followed {
            if followed.derive_at().is_some_and(|at| at <= moment) {
                followed.derive(&self.catalog, now);
                derived.push(id.clone());
            }
        }
        self.keep_ended(&derived);
        for cluster in &derived {
            self.everything_changed(cluster);
        }
    }

    /// Joins the GPUs anew of which something was measured.
    fn join_due(&mut self, now: Timestamp, moment: Instant) {
        let mut joined = Vec::new();
        for (id, followed) in &mut self.followed {
            if followed.join_at().is_some_and(|at| at <= moment) {
                followed.join(now);
                if let Some(record) = followed.record(now) {
                    self.series.record(id, record);
                }
                joined.push(id.clone());
            }
        }
        for cluster in &joined {
            self.mark(|topic| {
                is_about_measures(topic)
                    && cluster_of(topic).is_some_and(|asked| cluster.0 == *asked)
            });
        }
    }

    fn step_if_due(&mut self, now: Timestamp, moment: Instant) {
        if moment < self.next_step {
            return;
        }
        self.next_step = moment + STEP;
        let mut stepped = Vec::new();
        for (id, followed) in &mut self.followed {
            followed.step(&self.catalog, now, moment);
            stepped.push(id.clone());
        }
        self.keep_ended(&stepped);
        for cluster in &stepped {
            self.everything_changed(cluster);
        }
    }

    fn end_abandoned(&mut self, moment: Instant) {
        let abandoned = self
            .subscriptions
            .extract_if(.., |_, one| one.is_abandoned(moment));
        for (id, subscription) in abandoned {
            tracing::debug!(?id, "a subscriber does not answer; its subscription ends");
            subscription.end(EndReason::Abandoned);
        }
    }

    fn tell_due(&mut self, now: Timestamp, moment: Instant) {
        let due: Vec<_> = self
            .subscriptions
            .iter()
            .filter(|(_, one)| one.is_due(moment) || one.is_silent(moment))
            .map(|(id, one)| (*id, one.topic.clone()))
            .collect();
        for (id, topic) in due {
            let rows = self.rows(&topic, now, moment);
            let Some(subscription) = self.subscriptions.get_mut(&id) else {
                continue;
            };
            let told = subscription.update(rows, moment).and_then(|()| {
                if subscription.is_silent(moment) {
                    subscription.heartbeat(moment)
                } else {
                    Ok(())
                }
            });
            if told.is_err() {
                self.subscriptions.remove(&id);
            }
        }
    }

    /// The rows of `topic` as they are now; none where its cluster is not followed.
    fn rows(&mut self, topic: &Topic, now: Timestamp, moment: Instant) -> Rows {
        if matches!(topic, Topic::Workstation {}) {
            return self.workstation_rows();
        }
        if trial_of(topic).is_some() {
            return self.trials.rows(topic, moment);
        }
        let Some(cluster) = cluster_of(topic) else {
            return self.cluster_rows(now);
        };
        let cluster = ClusterId(Text::from(cluster));
        let Some(followed) = self.followed.get_mut(&cluster) else {
            return Rows::default();
        };
        if log_of(topic).is_some() {
            return self
                .logs
                .rows(topic, followed.picture(&self.catalog, now), moment);
        }
        followed.rows(topic, &self.catalog, now, moment)
    }

    /// The rows of this machine; pods on it are named by the clusters that are followed.
    fn workstation_rows(&self) -> Rows {
        self.workstation.rows(|uid| self.known_pod(uid))
    }

    /// The pod `uid` of a cluster that is followed.
    pub(super) fn known_pod(&self, uid: &Uid) -> Option<KnownPod> {
        self.followed.iter().find_map(|(cluster, followed)| {
            let key = &followed.pod(uid)?.metadata.key;
            Some(KnownPod {
                cluster: cluster.to_string(),
                namespace: key.namespace.to_string(),
                name: key.name.to_string(),
            })
        })
    }

    fn cluster_rows(&self, now: Timestamp) -> Rows {
        let followed = |context: &strata_ports::contexts::Context| {
            self.followed.get(&context.id).map(Followed::as_row)
        };
        Rows::all(clusters::rows(
            &self.known.contexts,
            &self.known.problems,
            followed,
            now,
        ))
    }

    /// Anything may be otherwise in `cluster`.
    pub(super) fn everything_changed(&mut self, cluster: &ClusterId) {
        self.mark(|topic| cluster_of(topic).is_none_or(|asked| cluster.0 == *asked));
    }

    /// Something was heard of `cluster`. What is derived from it follows later, but how current it
    /// is can be told now, and which pods there are.
    pub(super) fn was_heard(&mut self, cluster: &ClusterId) {
        self.mark(|topic| match topic {
            Topic::Clusters {} => true,
            Topic::Watches { cluster: asked }
            | Topic::Pods { cluster: asked, .. }
            | Topic::Namespaces { cluster: asked } => cluster.0 == *asked.as_str(),
            _ => false,
        });
    }

    /// Lines of `of` came, or its reading stands otherwise.
    pub(super) fn logs_changed(&mut self, of: &JobLog) {
        self.mark(|topic| log_of(topic) == Some(of));
    }

    /// Something was heard of a trial.
    pub(super) fn trial_changed(&mut self, trial: &str) {
        self.mark(|topic| trial_of(topic) == Some(trial));
    }

    /// This machine was read anew.
    pub(super) fn workstation_changed(&mut self) {
        self.mark(|topic| matches!(topic, Topic::Workstation {}));
    }

    /// The list of contexts is another one.
    pub(super) fn contexts_changed(&mut self) {
        self.mark(|topic| matches!(topic, Topic::Clusters {}));
    }

    fn mark(&mut self, is_stale: impl Fn(&Topic) -> bool) {
        for subscription in self.subscriptions.values_mut() {
            subscription.is_stale |= is_stale(&subscription.topic);
        }
    }
}

/// Whether what is measured is in the rows of `topic`.
fn is_about_measures(topic: &Topic) -> bool {
    matches!(
        topic,
        Topic::GpuMap { .. }
            | Topic::Gpus { .. }
            | Topic::Gpu { .. }
            | Topic::GpuCapacity { .. }
            | Topic::GpuNodes { .. }
            | Topic::Job { .. }
            | Topic::Map { .. }
            | Topic::Lifecycle { .. }
            | Topic::ModelServers { .. }
            | Topic::Storage { .. }
    )
}
