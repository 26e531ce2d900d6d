//! Which clusters are followed: their streams opened, closed, and opened anew.

use strata_api::error::ApiError;
use strata_catalog::Catalog;
use strata_domain::{
    ids::{ClusterId, GroupKind},
    text::Text,
};
use strata_ports::{
    cluster::{PlannedKind, WatchPlan},
    contexts::Context,
    prometheus::PrometheusAddress,
};
use tokio::time::Instant;

use super::Writer;
use crate::{
    followed::Followed,
    inbox::StreamId,
    project::clusters::free_hue,
    supervise::{OpenStream, OpenTelemetry},
};

impl Writer {
    pub(super) fn connect(
        &mut self,
        cluster: &ClusterId,
        prometheus: Option<PrometheusAddress>,
        named: Vec<Text>,
    ) -> Result<(), ApiError> {
        self.check(&cluster.0)?;
        if let Some(followed) = self.followed.get(cluster) {
            if followed.has_given_up() {
                self.reopen(cluster);
            }
            return Ok(());
        }
        let taken: Vec<u8> = self
            .followed
            .values()
            .map(|followed| followed.hue)
            .collect();
        let stream = self.open(cluster, &named);
        let hue = free_hue(&cluster.0, &taken);
        let measuring = OpenTelemetry::open(
            self.next_id(),
            cluster,
            &self.telemetry,
            &self.scope,
            self.measuring.clone(),
        );
        let mut followed = Followed::new(
            stream,
            measuring,
            hue,
            &self.catalog,
            self.clock.now(),
            Instant::now(),
        );
        followed.give_prometheus(prometheus);
        followed.named = named;
        self.remember_jobs(cluster, followed.measuring.id);
        self.followed.insert(cluster.clone(), followed);
        self.everything_changed(cluster);
        Ok(())
    }

    pub(super) fn disconnect(&mut self, cluster: &ClusterId) -> Result<(), ApiError> {
        self.check(&cluster.0)?;
        self.trials.leave(cluster);
        if let Some(left) = self.followed.remove(cluster) {
            self.keep_last_seen_of(cluster, left);
            self.everything_changed(cluster);
        }
        Ok(())
    }

    /// Connects the clusters once more that waited until the plugin with `digest` was approved.
    pub(super) fn go_on_with(&mut self, digest: &str) {
        let waiting: Vec<ClusterId> = self
            .followed
            .iter()
            .filter(|(_, followed)| followed.waits_for(digest))
            .map(|(id, _)| id.clone())
            .collect();
        for cluster in &waiting {
            self.reopen(cluster);
        }
    }

    /// Has these namespaces of `cluster` watched where the whole may not be listed.
    pub(super) fn name_namespaces(&mut self, cluster: &ClusterId, named: Vec<Text>) {
        if let Some(followed) = self.followed.get_mut(cluster) {
            followed.named = named;
            self.replan();
        }
    }

    /// Opens the streams anew that watch other namespaces than they should by now.
    pub(super) fn replan(&mut self) {
        let outdated: Vec<ClusterId> = self
            .followed
            .iter()
            .filter(|(id, followed)| {
                followed.stream.namespaces != self.namespaces_of(id, &followed.named)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for cluster in &outdated {
            self.reopen(cluster);
        }
    }

    /// Opens the stream of a followed cluster anew; what it said last is shown until then.
    fn reopen(&mut self, cluster: &ClusterId) {
        let Some(followed) = self.followed.get(cluster) else {
            return;
        };
        let named = followed.named.clone();
        let stream = self.open(cluster, &named);
        if let Some(followed) = self.followed.get_mut(cluster) {
            followed.stream = stream;
        }
    }

    fn next_id(&mut self) -> StreamId {
        let id = StreamId(self.next_stream);
        self.next_stream += 1;
        id
    }

    /// Where kinds are watched that may not be listed in the whole cluster: the context's own
    /// namespace, and those that were named, each once.
    fn namespaces_of(&self, cluster: &ClusterId, named: &[Text]) -> Vec<Text> {
        let mut contexts = self.known.contexts.iter();
        let own = contexts
            .find(|context| context.id == *cluster)
            .map_or(DEFAULT_NAMESPACE, own_namespace);
        let others = named.iter().filter(|name| **name != own).cloned();
        std::iter::once(Text::from(own)).chain(others).collect()
    }

    fn open(&mut self, cluster: &ClusterId, named: &[Text]) -> OpenStream {
        let id = self.next_id();
        let plan = WatchPlan {
            kinds: planned_kinds(&self.catalog),
            namespaces: self.namespaces_of(cluster, named),
        };
        OpenStream::open(
            id,
            cluster,
            plan,
            &self.clusters,
            &self.scope,
            self.inbox.clone(),
        )
    }
}

/// The namespace that kubectl takes where a context has none.
const DEFAULT_NAMESPACE: &str = "default";

/// The namespace that kubectl takes for `context`.
pub(crate) fn own_namespace(context: &Context) -> &str {
    if context.namespace.is_empty() {
        DEFAULT_NAMESPACE
    } else {
        &context.namespace
    }
}

/// Everything that the catalogue asks to be watched, and schedules.
fn planned_kinds(catalog: &Catalog) -> Vec<PlannedKind> {
    let kinds = catalog.watch_kinds().into_iter().map(|rule| PlannedKind {
        kind: rule.kind.clone(),
        fields: rule.fields.iter().map(Text::to_string).collect(),
    });
    // No component's, but a job's: it starts them.
    let schedules = PlannedKind {
        kind: GroupKind::new("batch", "CronJob"),
        fields: Vec::new(),
    };
    // No component's either: which volume is on which node.
    let attachments = PlannedKind {
        kind: GroupKind::new("storage.k8s.io", "VolumeAttachment"),
        fields: [
            "spec.source.persistentVolumeName",
            "spec.nodeName",
            "status.attached",
            "status.attachError.message",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    kinds.chain([schedules, attachments]).collect()
}
