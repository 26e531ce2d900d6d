//! What can be subscribed to, and which cluster it is of.

use strata_api::{
    error::{ApiError, ErrorCode},
    topics::{JobLog, Topic, Window},
};
use tokio::time::Instant;

use super::Writer;
use crate::stream::{FrameSink, Subscription, SubscriptionId};

impl Writer {
    pub(super) fn subscribe(
        &mut self,
        topic: Topic,
        sink: Box<dyn FrameSink>,
    ) -> Result<SubscriptionId, ApiError> {
        if let Some(cluster) = cluster_of(&topic) {
            self.check(cluster)?;
        }
        if let Topic::Pods { window, .. }
        | Topic::Gpus { window, .. }
        | Topic::GpuNodes { window, .. }
        | Topic::DeviceClaims { window, .. }
        | Topic::Jobs { window, .. }
        | Topic::ModelServers { window, .. }
        | Topic::JobLogs { window, .. } = &topic
            && window.count > Window::MOST
        {
            return Err(ApiError::new(
                ErrorCode::InvalidInput,
                format!(
                    "a window of {} rows is asked for; it may have at most {}",
                    window.count,
                    Window::MOST
                ),
            ));
        }
        let id = SubscriptionId(self.next_subscription);
        self.next_subscription = self.next_subscription.wrapping_add(1);
        self.subscriptions
            .insert(id, Subscription::new(topic, sink, Instant::now()));
        Ok(id)
    }
}

/// The cluster that `topic` is about.
pub(super) fn cluster_of(topic: &Topic) -> Option<&str> {
    match topic {
        Topic::Clusters {}
        | Topic::Workstation {}
        | Topic::Answer { .. }
        | Topic::LoadTest { .. } => None,
        Topic::Stack { cluster, .. }
        | Topic::Trace { cluster, .. }
        | Topic::Pods { cluster, .. }
        | Topic::GpuMap { cluster, .. }
        | Topic::Gpus { cluster, .. }
        | Topic::Gpu { cluster, .. }
        | Topic::GpuCapacity { cluster }
        | Topic::GpuNodes { cluster, .. }
        | Topic::DeviceClaims { cluster, .. }
        | Topic::Jobs { cluster, .. }
        | Topic::JobSummary { cluster, .. }
        | Topic::Job { cluster, .. }
        | Topic::JobLogs {
            of: JobLog { cluster, .. },
            ..
        }
        | Topic::JobLogSummary {
            of: JobLog { cluster, .. },
        }
        | Topic::Queues { cluster }
        | Topic::Releases { cluster, .. }
        | Topic::Watches { cluster }
        | Topic::Map { cluster }
        | Topic::Needs { cluster }
        | Topic::Lifecycle { cluster }
        | Topic::Storage { cluster }
        | Topic::Conformance { cluster }
        | Topic::ModelServers { cluster, .. }
        | Topic::Namespaces { cluster } => Some(cluster),
    }
}
