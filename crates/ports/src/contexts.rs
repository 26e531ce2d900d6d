//! The contexts that one can connect to, and where they come from.

use strata_domain::ids::ClusterId;
use tokio::sync::watch;

use crate::error::PortError;

/// Lists the contexts of the user's kubeconfig files, and keeps the list current.
pub trait ContextSource: Send + Sync {
    /// The list now and whenever a file changes. Reading files is the adapter's; the first value is
    /// there at once.
    fn contexts(&self) -> watch::Receiver<ContextList>;

    /// Adds a kubeconfig file that the user chose. The file must exist and parse.
    fn add_file(&self, path: &str) -> Result<(), PortError>;

    /// Forgets a file that the user had added; files from `KUBECONFIG` and the home folder stay.
    fn remove_file(&self, path: &str) -> Result<(), PortError>;

    /// Remembers that the credential plugin with this digest may be run.
    fn approve_plugin(&self, digest: &str) -> Result<(), PortError>;
}

/// Every context that could be read, and every file or entry that could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextList {
    /// The contexts, in the order of their files.
    pub contexts: Vec<Context>,
    /// What could not be read, and why.
    pub problems: Vec<ContextProblem>,
}

/// One context of one file (or the demo cluster).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Its identity.
    pub id: ClusterId,
    /// The context's name.
    pub name: String,
    /// The name of its cluster entry.
    pub cluster: String,
    /// The API server's address; empty for the demo cluster.
    pub server: String,
    /// The name of its user entry; may be empty.
    pub user: String,
    /// Its namespace; empty where none is set.
    pub namespace: String,
    /// The file it stands in; empty for the demo cluster.
    pub file: String,
    /// Whether the file was added by hand.
    pub added_by_hand: bool,
    /// Whether its file names it as `current-context`.
    pub is_current: bool,
    /// Whether it is the embedded demo cluster.
    pub is_demo: bool,
}

/// A file or an entry that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextProblem {
    /// The file.
    pub file: String,
    /// The context it concerns, or empty for the whole file.
    pub context: String,
    /// What is wrong with it, for people.
    pub message: String,
}
