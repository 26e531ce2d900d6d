//! The namespaces that the user names for a cluster of which they may not read the whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which namespaces to watch where a kind may not be listed in the whole cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NameNamespaces {
    /// The cluster's id.
    pub cluster: String,
    /// The namespaces, beside the context's own; none: that one alone.
    pub namespaces: Vec<String>,
}

/// The namespaces that are watched where a kind may not be listed in the whole cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedNamespaces {
    /// The cluster's id.
    pub cluster: String,
    /// The context's own: `default` where it names none.
    pub own: String,
    /// Those that were named beside it, in order.
    pub namespaces: Vec<String>,
    /// How many may be named.
    pub most: u32,
}
