//! Trying out an address: what answers there, and what it knows of GPUs.

use std::{sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use serde::Deserialize;
use strata_ports::{
    clock::Clock,
    error::{PortError, PortErrorKind},
    prometheus::{PrometheusAddress, PrometheusFound, PrometheusProbe},
};
use tokio::time::Instant;

use super::{address, present};

/// How long it may take to answer somebody who waits for it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Any Prometheus at an address of its own.
pub struct AddressedPrometheus {
    clock: Arc<dyn Clock>,
}

impl AddressedPrometheus {
    /// Tries addresses out by the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl PrometheusProbe for AddressedPrometheus {
    fn look(
        &self,
        address: &PrometheusAddress,
    ) -> BoxFuture<'static, Result<PrometheusFound, PortError>> {
        let address = address.clone();
        let now = self.clock.now();
        async move {
            let began = Instant::now();
            let version = version(&address).await?;
            let path = present::path(now);
            let answer = address::get(&address, &path, PATIENCE).await?;
            let read = tokio::task::spawn_blocking(move || {
                present::devices(&answer, &present::Places::default())
            });
            let present = read
                .await
                .map_err(|error| PortError::new(PortErrorKind::Internal, error.to_string()))?
                .map_err(|failure| PortError::new(failure.kind, failure.message))?;
            let whole = present
                .devices
                .iter()
                .filter(|device| device.instance.is_none());
            Ok(PrometheusFound {
                version,
                devices: u32::try_from(whole.count()).unwrap_or(u32::MAX),
                missing: present.missing,
                took: began.elapsed(),
            })
        }
        .boxed()
    }
}

/// The version that is told. Thanos, Mimir and others speak the API without telling one.
async fn version(address: &PrometheusAddress) -> Result<String, PortError> {
    #[derive(Deserialize)]
    struct Answer {
        data: Build,
    }
    #[derive(Deserialize)]
    struct Build {
        #[serde(default)]
        version: String,
    }
    match address::get(address, "/api/v1/status/buildinfo", PATIENCE).await {
        Ok(body) => Ok(serde_json::from_slice(&body)
            .map(|answer: Answer| answer.data.version)
            .unwrap_or_default()),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}
