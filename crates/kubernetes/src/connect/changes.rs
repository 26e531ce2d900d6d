//! What may help a connection that failed for good: another kubeconfig, an approval.

use std::{collections::BTreeSet, sync::Arc};

use strata_domain::ids::ClusterId;
use tokio::sync::watch;

use crate::contexts::{Files, KubeconfigContexts};

/// Waits for what may help a connection that failed for good.
pub(crate) struct Changes {
    cluster: ClusterId,
    fingerprint: Option<[u8; 32]>,
    files: watch::Receiver<Arc<Files>>,
    approvals: watch::Receiver<BTreeSet<String>>,
}

impl Changes {
    /// What concerns `cluster`, from now on.
    pub(super) fn of(cluster: &ClusterId, contexts: &KubeconfigContexts) -> Self {
        let mut files = contexts.files();
        let fingerprint = fingerprint(&files.borrow_and_update(), cluster);
        Self {
            cluster: cluster.clone(),
            fingerprint,
            files,
            approvals: contexts.approvals(),
        }
    }

    /// Completes when the context's entries are others, or when a plugin was approved.
    pub(crate) async fn changed(&mut self) {
        loop {
            let is_open = tokio::select! {
                changed = self.files.changed() => changed.is_ok(),
                changed = self.approvals.changed() => match changed {
                    Ok(()) => return,
                    Err(_) => false,
                },
            };
            if !is_open {
                // The contexts are gone, and with them whoever could change anything.
                return std::future::pending().await;
            }
            let fingerprint = fingerprint(&self.files.borrow_and_update(), &self.cluster);
            if fingerprint != self.fingerprint {
                self.fingerprint = fingerprint;
                return;
            }
        }
    }
}

fn fingerprint(files: &Files, cluster: &ClusterId) -> Option<[u8; 32]> {
    files
        .definition(cluster)
        .ok()
        .map(|definition| definition.fingerprint)
}
