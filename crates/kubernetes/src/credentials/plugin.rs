//! Credential plugins: commands that tell credentials, run when these are needed and kept until
//! they end.
//!
//! A plugin may open a browser, so it is run as seldom as can be: contexts with the same plugin
//! share one run, several requests wait for the same one, what it told is used until shortly before
//! it ends, and after a failure only a new connection runs it again, not each request.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use strata_ports::clock::Clock;
use tokio::sync::{Mutex, watch};

pub(crate) use super::run::Issued;
use super::{CredentialFailure, command::ResolvedCommand, run};
use crate::{
    kubeconfig::{ClusterEntry, ExecPlugin, InteractiveMode},
    login_environment::LoginEnvironment,
};

/// How long a plugin may take.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Credentials are renewed this long before they end, or a fifth of their life before where that
/// is less.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(60);

/// Credentials younger than this are not renewed when a server rejects them: the plugin would tell
/// the same again.
const TOO_YOUNG_TO_RENEW: SignedDuration = SignedDuration::from_secs(10);

/// The API version of the protocol that plugins should speak.
const CURRENT_VERSION: &str = "client.authentication.k8s.io/v1";
/// The one before, still spoken.
const BETA_VERSION: &str = "client.authentication.k8s.io/v1beta1";

/// Every plugin that was asked for, each once.
pub(crate) struct Plugins {
    known: StdMutex<HashMap<[u8; 32], Arc<Plugin>>>,
    surroundings: Arc<Surroundings>,
}

/// What all plugins have in common.
struct Surroundings {
    environment: Arc<LoginEnvironment>,
    approved: watch::Receiver<BTreeSet<String>>,
    clock: Arc<dyn Clock>,
    time_limit: Duration,
}

/// One plugin with its arguments, and what it last told.
pub(crate) struct Plugin {
    definition: ExecPlugin,
    /// What it is told, in JSON.
    exec_info: String,
    surroundings: Arc<Surroundings>,
    last: Mutex<Last>,
}

/// What a plugin last told.
#[derive(Default)]
enum Last {
    #[default]
    Nothing,
    Issued {
        issued: Arc<Issued>,
        at: Timestamp,
    },
    Failed(CredentialFailure),
}

impl Plugins {
    /// No plugin yet. Those whose digest is among the `approved` may be run, for at most
    /// `time_limit` each.
    pub(crate) fn new(
        environment: Arc<LoginEnvironment>,
        approved: watch::Receiver<BTreeSet<String>>,
        clock: Arc<dyn Clock>,
        time_limit: Duration,
    ) -> Self {
        let surroundings = Surroundings {
            environment,
            approved,
            clock,
            time_limit,
        };
        Self {
            known: StdMutex::default(),
            surroundings: Arc::new(surroundings),
        }
    }

    /// The plugin `definition` for `cluster`, whose certificate authority in PEM is `authority`.
    pub(crate) fn get(
        &self,
        definition: &ExecPlugin,
        cluster: &ClusterEntry,
        authority: Option<&[u8]>,
    ) -> Arc<Plugin> {
        let exec_info = exec_info(definition, cluster, authority);
        let key = key(definition, &exec_info);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let plugin = known.entry(key).or_insert_with(|| {
            Arc::new(Plugin {
                definition: definition.clone(),
                exec_info,
                surroundings: Arc::clone(&self.surroundings),
                last: Mutex::default(),
            })
        });
        Arc::clone(plugin)
    }
}

impl Plugin {
    /// Credentials that are good now, for a request: a plugin that failed is not run again.
    pub(crate) async fn issued(&self) -> Result<Arc<Issued>, CredentialFailure> {
        let mut last = self.last.lock().await;
        match &*last {
            Last::Failed(failure) => Err(failure.clone()),
            Last::Issued { issued, at } if self.is_good(issued, *at) => Ok(Arc::clone(issued)),
            Last::Issued { .. } | Last::Nothing => self.run(&mut last).await,
        }
    }

    /// Credentials that are good now, for a new connection: a plugin that failed is run again.
    pub(crate) async fn issued_anew(&self) -> Result<Arc<Issued>, CredentialFailure> {
        let mut last = self.last.lock().await;
        match &*last {
            Last::Issued { issued, at } if self.is_good(issued, *at) => Ok(Arc::clone(issued)),
            _ => self.run(&mut last).await,
        }
    }

    /// The server rejected what the plugin told: it is run again when credentials are next needed,
    /// unless it told them just now. Says whether it will be.
    pub(crate) async fn reject(&self) -> bool {
        let mut last = self.last.lock().await;
        let now = self.surroundings.clock.now();
        match &*last {
            Last::Issued { at, .. } if now.duration_since(*at) < TOO_YOUNG_TO_RENEW => false,
            Last::Issued { .. } | Last::Failed(_) | Last::Nothing => {
                *last = Last::Nothing;
                true
            }
        }
    }

    /// The program's name, for people.
    pub(crate) fn name(&self) -> &str {
        &self.definition.command
    }

    /// When what was issued now should be replaced.
    pub(crate) fn renewal_of(&self, issued: &Issued) -> Option<Timestamp> {
        renewal(issued.expires_at?, self.surroundings.clock.now())
    }

    fn is_good(&self, issued: &Issued, at: Timestamp) -> bool {
        issued.expires_at.is_none_or(|end| {
            renewal(end, at).is_some_and(|due| self.surroundings.clock.now() < due)
        })
    }

    async fn run(&self, last: &mut Last) -> Result<Arc<Issued>, CredentialFailure> {
        let outcome = self.try_run().await;
        *last = match &outcome {
            Ok(issued) => Last::Issued {
                issued: Arc::clone(issued),
                at: self.surroundings.clock.now(),
            },
            // It was not run: as soon as it is approved, a request may.
            Err(CredentialFailure::NeedsApproval { .. }) => Last::Nothing,
            Err(failure) => Last::Failed(failure.clone()),
        };
        outcome
    }

    async fn try_run(&self) -> Result<Arc<Issued>, CredentialFailure> {
        let name = self.name();
        self.check_protocol()?;
        let environment = self.surroundings.environment.get().await;
        let Some(command) = ResolvedCommand::find(&self.definition, environment) else {
            let advice = self.definition.install_hint.clone().unwrap_or_else(|| {
                format!("Install {name}, or correct the command of the user in the kubeconfig.")
            });
            return Err(CredentialFailure::new(
                format!("the credential plugin {name} is not installed: it is not in PATH"),
                advice,
            ));
        };
        if !self
            .surroundings
            .approved
            .borrow()
            .contains(&command.digest)
        {
            let ResolvedCommand { line, digest, .. } = command;
            return Err(CredentialFailure::NeedsApproval {
                command: line,
                digest,
            });
        }
        let limit = self.surroundings.time_limit;
        let issued = run::run(
            &self.definition,
            &command,
            &self.exec_info,
            environment,
            limit,
        )
        .await?;
        let now = self.surroundings.clock.now();
        if let Some(end) = issued.expires_at
            && end <= now
        {
            return Err(CredentialFailure::new(
                format!("the credential plugin {name} told credentials that ended at {end}"),
                "Log in again with the tool it belongs to, and check this computer's clock.",
            ));
        }
        Ok(Arc::new(issued))
    }

    /// Whether we can talk to it at all.
    fn check_protocol(&self) -> Result<(), CredentialFailure> {
        let ExecPlugin {
            api_version,
            interactive_mode,
            ..
        } = &self.definition;
        let name = self.name();
        if api_version != CURRENT_VERSION && api_version != BETA_VERSION {
            return Err(CredentialFailure::new(
                format!(
                    "the credential plugin {name} is to speak apiVersion \"{api_version}\", which \
                     Kubernetes does not have any more"
                ),
                format!(
                    "Update {name} and have its tool write the kubeconfig anew, with apiVersion \
                     {CURRENT_VERSION}."
                ),
            ));
        }
        if *interactive_mode == InteractiveMode::Always {
            return Err(CredentialFailure::new(
                format!("the credential plugin {name} asks at a terminal, and here is none"),
                "Use another way to log in: a token, or a plugin with interactiveMode Never or \
                 IfAvailable.",
            ));
        }
        Ok(())
    }
}

/// When credentials that were issued at `begin` and end at `end` should be replaced.
fn renewal(end: Timestamp, begin: Timestamp) -> Option<Timestamp> {
    let margin = RENEW_BEFORE.min(end.duration_since(begin) / 5);
    end.checked_sub(margin).ok()
}

/// Nothing of what a plugin was given or told.
impl fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Plugin")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

/// What the plugin is told: `ExecCredentialSpec`, and the cluster where it asked for it.
fn exec_info(plugin: &ExecPlugin, cluster: &ClusterEntry, authority: Option<&[u8]>) -> String {
    let mut spec = json!({ "interactive": false });
    if plugin.provide_cluster {
        let mut told = serde_json::Map::new();
        let mut tell = |name: &str, value: Value| {
            told.insert(name.to_owned(), value);
        };
        tell("server", json!(cluster.server));
        if let Some(name) = &cluster.tls_server_name {
            tell("tls-server-name", json!(name));
        }
        if cluster.insecure_skip_tls_verify {
            tell("insecure-skip-tls-verify", json!(true));
        }
        if let Some(pem) = authority {
            tell(
                "certificate-authority-data",
                json!(BASE64_STANDARD.encode(pem)),
            );
        }
        if let Some(proxy) = &cluster.proxy_url {
            tell("proxy-url", json!(proxy.expose_secret()));
        }
        if cluster.disable_compression {
            tell("disable-compression", json!(true));
        }
        if let Some(config) = &cluster.plugin_config {
            tell("config", config.clone());
        }
        if let Some(spec) = spec.as_object_mut() {
            spec.insert("cluster".to_owned(), Value::Object(told));
        }
    }
    json!({ "apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec }).to_string()
}

/// What makes two plugins the same.
fn key(plugin: &ExecPlugin, exec_info: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    };
    add(plugin.command.as_bytes());
    add(plugin.folder.as_os_str().as_encoded_bytes());
    add(exec_info.as_bytes());
    add(format!("{:?}", plugin.interactive_mode).as_bytes());
    add(plugin
        .install_hint
        .as_deref()
        .unwrap_or_default()
        .as_bytes());
    add(&plugin.args.len().to_be_bytes());
    for arg in &plugin.args {
        add(arg.as_bytes());
    }
    for (name, value) in &plugin.env {
        add(name.as_bytes());
        add(value.expose_secret().as_bytes());
    }
    hash.finalize().into()
}
