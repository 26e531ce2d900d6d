//! What Kueue is told.

use std::path::Path;

/// The kinds of jobs that Kueue lets in here.
const FRAMEWORKS: [&str; 4] = [
    "batch/job",
    "jobset.x-k8s.io/jobset",
    "ray.io/raycluster",
    "ray.io/rayjob",
];

/// How long the pods of an admitted job may take until they are ready; half an hour by default,
/// which no test can wait for.
const PATIENCE: &str = "15s";

/// Kueue's configuration: its own defaults, but on loopback, alone, with certificates from `folder`,
/// and with less patience.
pub(super) fn kueue(folder: &Path, webhooks: u16, probes: u16) -> String {
    format!(
        "apiVersion: config.kueue.x-k8s.io/v1beta2\n\
         kind: Configuration\n\
         namespace: kueue-system\n\
         health: {{healthProbeBindAddress: \"127.0.0.1:{probes}\"}}\n\
         metrics: {{bindAddress: \"0\"}}\n\
         webhook: {{host: 127.0.0.1, port: {webhooks}, certDir: \"{}\"}}\n\
         leaderElection: {{leaderElect: false}}\n\
         internalCertManagement: {{enable: false}}\n\
         waitForPodsReady: {{timeout: {PATIENCE}}}\n\
         controller:\n  \
           groupKindConcurrency:\n    \
             Job.batch: 5\n    \
             Workload.kueue.x-k8s.io: 10\n    \
             LocalQueue.kueue.x-k8s.io: 5\n    \
             ClusterQueue.kueue.x-k8s.io: 5\n\
         integrations: {{frameworks: [\"{}\"]}}\n",
        folder.display(),
        FRAMEWORKS.join("\", \""),
    )
}
