//! Asking one exporter one question, by the way that leads to it.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use strata_domain::ids::ClusterId;
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    proxy::{ClusterProxy, PodPort},
    telemetry::{Answer, Exporter, Failure, Told},
};
use tokio::time::Instant;

use super::LIMIT;
use crate::{
    prometheus::{
        address, past,
        present::{self, Places},
    },
    read,
};

/// What an exporter is asked for.
pub(super) enum Question {
    /// Its page.
    Page,
    /// A kubelet's summary.
    Summary,
    /// What a Prometheus remembers.
    Past,
    /// How devices were when a Prometheus scraped their exporters last, which run at these places.
    Present(Arc<Places>),
}

/// Asks the exporters of one cluster.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) proxy: Arc<dyn ClusterProxy>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cluster: ClusterId,
}

impl Asker {
    /// What `exporter` tells on the port at `port` of its list.
    pub(super) fn ask(
        &self,
        question: Question,
        exporter: &Exporter,
        port: usize,
        within: Duration,
    ) -> BoxFuture<'static, Answer> {
        let asker = self.clone();
        let exporter = exporter.clone();
        async move {
            let at = asker.clock.now();
            let began = Instant::now();
            let mut bytes = 0;
            let outcome = match question {
                Question::Page => asker.page(&exporter, port, within, &mut bytes).await,
                Question::Summary => asker.summary(&exporter, within, &mut bytes).await,
                Question::Past => asker.past(&exporter, port, &mut bytes).await,
                Question::Present(places) => {
                    asker.present(&exporter, port, places, &mut bytes).await
                }
            };
            Answer {
                pod: exporter.pod,
                at,
                took: began.elapsed(),
                bytes,
                outcome,
            }
        }
        .boxed()
    }

    async fn page(
        &self,
        exporter: &Exporter,
        port: usize,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let page = self.get(exporter, port, "/metrics", within, bytes).await?;
        let mut told = read::page(exporter.dialect, &String::from_utf8_lossy(&page));
        if let Told::Devices(devices) = &mut told {
            // Some name no node, and some their own pod in its place: they measure where they run.
            for device in devices {
                device.node = exporter.node.clone();
            }
        }
        Ok(told)
    }

    async fn summary(
        &self,
        exporter: &Exporter,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let node = exporter.node.as_str();
        let asked = self
            .proxy
            .kubelet(&self.cluster, node, "/stats/summary", within);
        let summary = asked.await.map_err(failure)?;
        *bytes += u64::try_from(summary.len()).unwrap_or(u64::MAX);
        // Some hundred kilobytes on a full node: off the threads that serve others.
        let volumes = beside(move || read::kubelet_volumes(&summary)).await?;
        Ok(Told::Volumes(volumes))
    }

    async fn past(
        &self,
        exporter: &Exporter,
        port: usize,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let mut all = Vec::new();
        for metric in past::METRICS {
            let path = past::path(metric, self.clock.now());
            let answer = self.get(exporter, port, &path, LIMIT, bytes).await?;
            // Tens of megabytes for thousands of devices, as below.
            all.extend(beside(move || past::series(metric, &answer)).await?);
        }
        Ok(Told::Past(all))
    }

    async fn present(
        &self,
        exporter: &Exporter,
        port: usize,
        places: Arc<Places>,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let path = present::path(self.clock.now());
        let answer = self.get(exporter, port, &path, LIMIT, bytes).await?;
        let mut devices = beside(move || present::devices(&answer, &places))
            .await?
            .devices;
        // What is on no known node can be joined with nothing.
        devices.retain(|device| !device.node.is_empty());
        Ok(Told::Devices(devices))
    }

    async fn get(
        &self,
        exporter: &Exporter,
        port: usize,
        path: &str,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Vec<u8>, Failure> {
        let answer = if let Some(address) = &exporter.address {
            address::get(address, path, within).await
        } else {
            let Some(port) = exporter.ports.get(port) else {
                return Err(Failure {
                    kind: PortErrorKind::InvalidInput,
                    message: "no port is known on which it tells its metrics".to_owned(),
                });
            };
            let pod = PodPort {
                pod: exporter.pod.clone(),
                port: *port,
                is_tls: exporter.is_tls,
            };
            self.proxy.get(&self.cluster, pod, path, within).await
        };
        let body = answer.map_err(failure)?;
        *bytes += u64::try_from(body.len()).unwrap_or(u64::MAX);
        Ok(body)
    }
}

/// Runs `read`, which may take a while, beside the threads that serve others.
async fn beside<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| Failure {
            kind: PortErrorKind::Internal,
            message: error.to_string(),
        })?
}

fn failure(error: PortError) -> Failure {
    Failure {
        kind: error.kind,
        message: error.message,
    }
}
