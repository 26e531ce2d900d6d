//! Whom a cluster that is followed is measured by: exporters, a Prometheus, and, while somebody looks at
//! volumes, kubelets.

use std::sync::Arc;

use strata_ports::prometheus::PrometheusAddress;
use tokio::time::{Duration, Instant};

use super::Followed;

/// How long kubelets are still asked how full volumes are after nobody looks at that any more. On a
/// large cluster their summaries are megabytes a minute, so they are not asked unless somebody does.
const VOLUMES_KEPT: Duration = Duration::from_mins(2);

impl Followed {
    pub(super) fn ask_exporters(&mut self) {
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
    pub(super) fn want_volumes(&mut self, moment: Instant) {
        let before = self.volumes_until.replace(moment + VOLUMES_KEPT);
        if before.is_none() {
            self.ask_exporters();
        }
    }

    /// Lets kubelets be where nobody looked at volumes for a while.
    pub(super) fn leave_volumes(&mut self, moment: Instant) {
        if self.volumes_until.is_some_and(|until| until < moment) {
            self.volumes_until = None;
            self.ask_exporters();
        }
    }
}
