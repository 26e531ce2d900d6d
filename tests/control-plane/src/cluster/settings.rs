//! The arguments and files with which each component is started.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::certificates::Certificates;

/// Loopback port numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    pub(super) etcd_client: u16,
    pub(super) etcd_peer: u16,
    pub(super) api: u16,
}

/// What the components are told.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) kubeconfig: PathBuf,
    pub(super) visitor_kubeconfig: PathBuf,
    pub(super) endpoint: String,
    folder: PathBuf,
    certificates: Certificates,
    ports: Ports,
}

const VISITOR_TOKEN: &str = "visitor-of-a-test-cluster";

impl Settings {
    /// Writes the configuration files into `folder`.
    pub(super) fn write(folder: &Path, certificates: Certificates, ports: Ports) -> Result<Self> {
        let settings = Self {
            kubeconfig: folder.join("kubeconfig"),
            visitor_kubeconfig: folder.join("visitor.kubeconfig"),
            endpoint: format!("https://127.0.0.1:{}", ports.api),
            folder: folder.to_owned(),
            certificates,
            ports,
        };
        let administrator = format!(
            "client-certificate: {}, client-key: {}",
            settings.certificates.administrator.certificate.display(),
            settings.certificates.administrator.key.display(),
        );
        settings.put(
            "kubeconfig",
            &settings.kubeconfig_text("administrator", &administrator),
        )?;
        let visitor = format!("token: {VISITOR_TOKEN}");
        settings.put(
            "visitor.kubeconfig",
            &settings.kubeconfig_text("visitor", &visitor),
        )?;
        settings.put(
            "tokens.csv",
            &format!("{VISITOR_TOKEN},visitor,1,strata:visitors\n"),
        )?;
        settings.put("scheduler.yaml", &settings.scheduler_text())?;
        settings.put("stages.yaml", include_str!("../../stages.yaml"))?;
        Ok(settings)
    }

    /// Where the store answers, also to plain requests in JSON.
    pub(super) fn store_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.etcd_client)
    }

    pub(super) fn etcd(&self) -> Vec<String> {
        let client = self.store_endpoint();
        let peer = format!("http://127.0.0.1:{}", self.ports.etcd_peer);
        vec![
            "--name=etcd".into(),
            format!("--data-dir={}", self.file("etcd")),
            format!("--listen-client-urls={client}"),
            format!("--advertise-client-urls={client}"),
            format!("--listen-peer-urls={peer}"),
            format!("--initial-advertise-peer-urls={peer}"),
            format!("--initial-cluster=etcd={peer}"),
            // Nothing here must survive a power cut.
            "--unsafe-no-fsync".into(),
            "--quota-backend-bytes=8589934592".into(),
            "--auto-compaction-retention=10m".into(),
            "--log-level=warn".into(),
        ]
    }

    pub(super) fn api_server(&self) -> Vec<String> {
        let certificates = &self.certificates;
        vec![
            format!("--etcd-servers={}", self.store_endpoint()),
            "--bind-address=127.0.0.1".into(),
            "--advertise-address=127.0.0.1".into(),
            format!("--secure-port={}", self.ports.api),
            // A loopback address is no endpoint that a pod could use.
            "--endpoint-reconciler-type=none".into(),
            "--service-cluster-ip-range=10.0.0.0/16".into(),
            format!("--cert-dir={}", self.file("api-server")),
            format!(
                "--tls-cert-file={}",
                certificates.api_server.certificate.display()
            ),
            format!(
                "--tls-private-key-file={}",
                certificates.api_server.key.display()
            ),
            format!("--client-ca-file={}", certificates.authority.display()),
            format!("--token-auth-file={}", self.file("tokens.csv")),
            "--service-account-issuer=https://kubernetes.default.svc".into(),
            format!(
                "--service-account-key-file={}",
                certificates.service_accounts_public.display()
            ),
            format!(
                "--service-account-signing-key-file={}",
                certificates.service_accounts_private.display()
            ),
            format!(
                "--requestheader-client-ca-file={}",
                certificates.front_proxy_authority.display()
            ),
            "--requestheader-username-headers=X-Remote-User".into(),
            "--requestheader-group-headers=X-Remote-Group".into(),
            "--requestheader-extra-headers-prefix=X-Remote-Extra-".into(),
            format!(
                "--proxy-client-cert-file={}",
                certificates.front_proxy.certificate.display()
            ),
            format!(
                "--proxy-client-key-file={}",
                certificates.front_proxy.key.display()
            ),
            "--authorization-mode=Node,RBAC".into(),
            "--allow-privileged".into(),
            // A load of ten thousand pods is a burst that a default server would put off.
            "--max-requests-inflight=800".into(),
            "--max-mutating-requests-inflight=400".into(),
        ]
    }

    pub(super) fn controller_manager(&self) -> Vec<String> {
        vec![
            format!("--kubeconfig={}", self.kubeconfig.display()),
            "--leader-elect=false".into(),
            "--use-service-account-credentials".into(),
            format!(
                "--service-account-private-key-file={}",
                self.certificates.service_accounts_private.display()
            ),
            format!("--root-ca-file={}", self.certificates.authority.display()),
            // Its readiness is seen in what it makes; it need not listen.
            "--secure-port=0".into(),
            "--kube-api-qps=500".into(),
            "--kube-api-burst=1000".into(),
            "--concurrent-deployment-syncs=20".into(),
            "--concurrent-replicaset-syncs=20".into(),
            "--concurrent-job-syncs=20".into(),
            // The played kubelets renew their leases late when the machine is busy.
            "--node-monitor-grace-period=2m".into(),
        ]
    }

    pub(super) fn scheduler(&self) -> Vec<String> {
        vec![
            format!("--config={}", self.file("scheduler.yaml")),
            "--secure-port=0".into(),
        ]
    }

    pub(super) fn kubelets(&self) -> Vec<String> {
        vec![
            format!("--kubeconfig={}", self.kubeconfig.display()),
            format!("--config={}", self.file("stages.yaml")),
            "--manage-all-nodes=true".into(),
            "--node-lease-duration-seconds=40".into(),
            // Room for a hundred thousand pods.
            "--cidr=10.128.0.1/12".into(),
        ]
    }

    fn scheduler_text(&self) -> String {
        format!(
            "apiVersion: kubescheduler.config.k8s.io/v1\n\
             kind: KubeSchedulerConfiguration\n\
             clientConnection: {{kubeconfig: {}, qps: 500, burst: 1000}}\n\
             leaderElection: {{leaderElect: false}}\n",
            self.kubeconfig.display()
        )
    }

    fn kubeconfig_text(&self, user: &str, credentials: &str) -> String {
        format!(
            "apiVersion: v1\n\
             kind: Config\n\
             current-context: real\n\
             contexts:\n\
             - {{name: real, context: {{cluster: real, user: {user}}}}}\n\
             clusters:\n\
             - {{name: real, cluster: {{server: \"{}\", certificate-authority: {}}}}}\n\
             users:\n\
             - {{name: {user}, user: {{{credentials}}}}}\n",
            self.endpoint,
            self.certificates.authority.display(),
        )
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn put(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder.join(name), text).with_context(|| format!("writing {name}"))
    }
}
