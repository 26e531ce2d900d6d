//! A Prometheus that answers at an address of its own, beside the API server.

use std::{path::PathBuf, time::Duration};

use futures::future::BoxFuture;

use crate::error::PortError;

/// Where it answers, and what it is shown. No secret is in it: only where one lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrometheusAddress {
    /// The address, without the paths of the API: `https://prometheus.example/team`.
    pub url: String,
    /// What it is shown.
    pub credentials: Credentials,
    /// A file with the certificates that sign for it, in PEM; none: those that the system trusts. Here
    /// as below a leading `~` is the home folder.
    pub authority: Option<PathBuf>,
}

/// What a Prometheus is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing.
    Nothing,
    /// A bearer token.
    Bearer(SecretPlace),
    /// A name and a password (HTTP's basic authentication).
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: SecretPlace,
    },
}

/// Where a secret lies. It is read anew for every question, so that it may change there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// In a file, white space around it left out.
    File(PathBuf),
    /// In a variable of the environment that Strata was started with.
    Environment(String),
}

/// Tries an address out.
pub trait PrometheusProbe: Send + Sync {
    /// What answers at `address`, and what it knows of GPUs.
    fn look(
        &self,
        address: &PrometheusAddress,
    ) -> BoxFuture<'static, Result<PrometheusFound, PortError>>;
}

/// What answers at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrometheusFound {
    /// The version that it tells; empty where it tells none, as some that speak its API do.
    pub version: String,
    /// Accelerators of which it has readings of the last minutes.
    pub devices: u32,
    /// What it says is missing from that, such as a store that it does not reach; empty where it is whole.
    pub missing: String,
    /// How long it took to say so.
    pub took: Duration,
}
