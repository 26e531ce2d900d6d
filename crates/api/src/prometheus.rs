//! A Prometheus that is given for a cluster, beside those that are found in it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is given for a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GivePrometheus {
    /// The cluster's id.
    pub cluster: String,
    /// What is given; absent: nothing, so that those found in the cluster are asked.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<PrometheusAddress>,
}

/// What was given for a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrometheusSetting {
    /// The cluster's id.
    pub cluster: String,
    /// What was given; absent where nothing was.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<PrometheusAddress>,
}

/// Where a Prometheus answers, and what it is shown. Never a secret: only where one lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrometheusAddress {
    /// Its address, without the paths of its API.
    pub url: String,
    /// What it is shown.
    pub credentials: PrometheusCredentials,
    /// A file with the certificates that sign for it, in PEM; empty: those that the system trusts.
    pub authority: String,
}

/// What a Prometheus is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum PrometheusCredentials {
    /// Nothing.
    Nothing {},
    /// A bearer token.
    Bearer {
        /// Where the token lies.
        token: SecretPlace,
    },
    /// A name and a password.
    Basic {
        /// The name.
        user: String,
        /// Where the password lies.
        password: SecretPlace,
    },
}

/// Where a secret lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
pub enum SecretPlace {
    /// In a file.
    File {
        /// Its path; a leading `~` is the home folder.
        path: String,
    },
    /// In a variable of the environment that Strata was started with.
    Environment {
        /// Its name.
        name: String,
    },
}

/// What answers at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrometheusFound {
    /// The version that it tells; empty where it tells none.
    pub version: String,
    /// Accelerators of which it has readings of the last minutes.
    pub devices: u32,
    /// What it says is missing from that, such as a store that it does not reach; empty where it is whole.
    pub missing: String,
    /// How long it took to say so, in milliseconds.
    pub took_milliseconds: u32,
}
