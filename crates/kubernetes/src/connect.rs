//! From a context to a client that answers.
//!
//! `Connector::connect` takes the quick way: read what the context means (`target`), get
//! credentials, build a client, ask for the version. Only when that fails are the steps tried one
//! by one to say which it was (`diagnose`).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use strata_domain::ids::ClusterId;
use strata_ports::{
    clock::Clock,
    connection::{Step, StepReport},
    error::{PortError, PortErrorKind},
};

mod changes;
pub(crate) mod client;
mod in_process;
mod proxy;
pub(crate) mod target;

pub(crate) use changes::Changes;
pub use in_process::InProcessServer;
use target::Target;

use crate::{
    contexts::KubeconfigContexts,
    credentials::{
        Authorizer, CredentialFailure, Identity,
        plugin::{self, Plugins},
    },
    diagnose::{self, Answer, Complaint},
    login_environment::LoginEnvironment,
};

/// The name of a version that may not be read.
const UNKNOWN_VERSION: &str = "unknown";

/// A cluster that answered.
#[derive(Clone)]
pub(crate) struct Connection {
    /// The client. It adds credentials to each request and renews them before they end; it does
    /// not retry, so that its user sees every answer.
    pub(crate) client: kube::Client,
    /// The server's `gitVersion`; `unknown` where it may not be read.
    pub(crate) version: String,
    /// When the client certificate that a plugin gave should be replaced, by connecting anew.
    /// Tokens renew themselves.
    pub(crate) valid_until: Option<Timestamp>,
}

/// Why a connection did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConnectFailure {
    /// The context's credential plugin was never approved.
    NeedsApproval {
        /// The command line, as it would be run.
        command: String,
        /// The digest to approve.
        digest: String,
    },
    /// A step failed.
    Failed {
        /// Which step.
        step: Step,
        /// What happened.
        message: String,
        /// The next thing to do, for people.
        advice: String,
        /// Whether trying again may help without anybody's doing.
        is_retryable: bool,
    },
}

impl ConnectFailure {
    pub(crate) fn at(step: Step, complaint: Complaint) -> Self {
        // A kubeconfig, a login and an answer "who are you?" change by somebody's doing alone, and
        // a plugin that is run again and again opens a browser each time.
        let is_retryable = !matches!(
            step,
            Step::Configuration | Step::Credentials | Step::Authentication
        );
        let Complaint { message, advice } = complaint;
        Self::Failed {
            step,
            message,
            advice,
            is_retryable,
        }
    }

    pub(crate) fn of_credentials(step: Step, failure: CredentialFailure) -> Self {
        match failure {
            CredentialFailure::NeedsApproval { command, digest } => {
                Self::NeedsApproval { command, digest }
            }
            CredentialFailure::Failed { message, advice } => {
                Self::at(step, Complaint { message, advice })
            }
        }
    }
}

/// Makes connections; one for all clusters.
pub(crate) struct Connector {
    contexts: Arc<KubeconfigContexts>,
    demo: Option<InProcessServer>,
    environment: Arc<LoginEnvironment>,
    plugins: Plugins,
    /// What gives the requests of each connected cluster their header.
    in_use: Mutex<HashMap<ClusterId, Authorizer>>,
    /// The client of each connection that came about last.
    clients: Mutex<HashMap<ClusterId, kube::Client>>,
}

impl Connector {
    /// Connects to the contexts of `contexts` and to the embedded `demo` cluster.
    pub(crate) fn new(
        contexts: Arc<KubeconfigContexts>,
        demo: Option<InProcessServer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let environment = LoginEnvironment::of_this_user();
        Self::with_environment(contexts, demo, clock, environment, plugin::TIME_LIMIT)
    }

    /// The same, where plugins find `environment` and may take `time_limit`.
    fn with_environment(
        contexts: Arc<KubeconfigContexts>,
        demo: Option<InProcessServer>,
        clock: Arc<dyn Clock>,
        environment: LoginEnvironment,
        time_limit: Duration,
    ) -> Self {
        // Both this crate and kube's client take the process's provider; where one is installed
        // already it is as good.
        rustls::crypto::aws_lc_rs::default_provider()
            .install_default()
            .ok();
        let environment = Arc::new(environment);
        let approved = contexts.approvals();
        let plugins = Plugins::new(Arc::clone(&environment), approved, clock, time_limit);
        Self {
            contexts,
            demo,
            environment,
            plugins,
            in_use: Mutex::default(),
            clients: Mutex::default(),
        }
    }

    /// Connects; `at` hears of each step as it begins.
    pub(crate) async fn connect(
        &self,
        cluster: &ClusterId,
        at: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<Connection, ConnectFailure> {
        let connection = self.connect_anew(cluster, at).await?;
        self.clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cluster.clone(), connection.client.clone());
        Ok(connection)
    }

    /// The client of the connection to `cluster` that came about last, if one did.
    pub(crate) fn client(&self, cluster: &ClusterId) -> Option<kube::Client> {
        self.clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(cluster)
            .cloned()
    }

    async fn connect_anew(
        &self,
        cluster: &ClusterId,
        at: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<Connection, ConnectFailure> {
        at(Step::Configuration);
        let target = match self.find(cluster).await? {
            Place::InProcess(server) => return self.connect_in_process(server, at).await,
            Place::Far(target) => target,
        };
        at(Step::Credentials);
        let mut credentials = self.credentials(&target).await?;
        at(Step::Name);
        let mut prepared = self.build(&target, &credentials).await?;
        let mut asked = diagnose::version(&prepared).await;
        if let Ok(Answer::Unauthorized(_)) = &asked
            && credentials.reject().await
        {
            // What a plugin told earlier may have been revoked: once more, with what it tells now.
            at(Step::Credentials);
            credentials = self.credentials(&target).await?;
            prepared = self.build(&target, &credentials).await?;
            at(Step::Authentication);
            asked = diagnose::version(&prepared).await;
        }
        let version = match asked {
            Ok(Answer::Given(version)) => version,
            Ok(Answer::Forbidden(_)) => UNKNOWN_VERSION.to_owned(),
            Ok(Answer::Unauthorized(reason)) => {
                let complaint = diagnose::rejected(&target, &credentials.authorizer, &reason);
                return Err(ConnectFailure::at(Step::Authentication, complaint));
            }
            Ok(Answer::Odd(complaint)) => {
                return Err(ConnectFailure::at(Step::Version, complaint));
            }
            Err(error) => return Err(diagnose::find_step(&target, &prepared, &error).await),
        };
        self.in_use
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cluster.clone(), credentials.authorizer.clone());
        Ok(Connection {
            client: prepared.client,
            version,
            valid_until: credentials.valid_until,
        })
    }

    /// To be called when a server answers 401 to a connection that was good. True where a new
    /// connection is worth a try at once; false where only the user can help.
    pub(crate) async fn refresh(&self, cluster: &ClusterId) -> bool {
        let authorizer = self
            .in_use
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(cluster)
            .cloned();
        match authorizer {
            Some(Authorizer::Plugin(plugin)) => plugin.reject().await,
            // The file is read with each request, so it may hold another token by now.
            Some(Authorizer::TokenFile(_)) => true,
            Some(Authorizer::Fixed(_) | Authorizer::Nobody) | None => false,
        }
    }

    /// Tries each step once and says how it went.
    pub(crate) async fn diagnose(&self, cluster: &ClusterId) -> Result<Vec<StepReport>, PortError> {
        if *cluster == ClusterId::demo() && self.demo.is_none() {
            return Err(PortError::new(
                PortErrorKind::NotFound,
                "there is no demo cluster here",
            ));
        }
        Ok(diagnose::walk(self, cluster).await)
    }

    /// Tells when a connection that failed for good is worth a try. To be taken before
    /// [`Self::connect`] is called, so that nothing is missed between.
    pub(crate) fn changes(&self, cluster: &ClusterId) -> Changes {
        Changes::of(cluster, &self.contexts)
    }

    /// What `cluster` means now.
    pub(crate) async fn find(&self, cluster: &ClusterId) -> Result<Place, ConnectFailure> {
        if *cluster == ClusterId::demo() {
            return self.demo.clone().map(Place::InProcess).ok_or_else(|| {
                let complaint = Complaint::new(
                    "there is no demo cluster here",
                    "Start Strata with the demo cluster.",
                );
                ConnectFailure::at(Step::Configuration, complaint)
            });
        }
        let definition = self.contexts.files().borrow().definition(cluster);
        let definition = definition.map_err(|reason| {
            let advice = "Correct the kubeconfig; it is read again as soon as it changes.";
            ConnectFailure::at(Step::Configuration, Complaint::new(reason, advice))
        })?;
        let target = Target::of(definition, &self.environment)
            .await
            .map_err(|complaint| ConnectFailure::at(Step::Configuration, complaint))?;
        Ok(Place::Far(Box::new(target)))
    }

    /// Credentials for a new connection to `target`.
    pub(crate) async fn credentials(&self, target: &Target) -> Result<Credentials, ConnectFailure> {
        let definition = &target.definition;
        let user = &definition.user;
        let configuration = |failure| ConnectFailure::of_credentials(Step::Configuration, failure);
        let plugin = user.exec.as_ref().map(|exec| {
            self.plugins
                .get(exec, &definition.cluster, target.authority.as_deref())
        });
        let authorizer = Authorizer::of_user(user, plugin).map_err(configuration)?;
        let mut identity = Identity::of_user(user).await.map_err(configuration)?;
        let mut valid_until = None;
        match &authorizer {
            Authorizer::Plugin(plugin) => {
                let issued = plugin.issued_anew().await.map_err(|failure| {
                    ConnectFailure::of_credentials(Step::Credentials, failure)
                })?;
                if let Some(issued_identity) = &issued.identity {
                    identity = Some(issued_identity.clone());
                    valid_until = plugin.renewal_of(&issued);
                }
            }
            Authorizer::TokenFile(file) => {
                file.header().await.map_err(configuration)?;
            }
            Authorizer::Fixed(_) | Authorizer::Nobody => {}
        }
        Ok(Credentials {
            authorizer,
            identity,
            valid_until,
        })
    }

    /// A client for `target`. Certificates are parsed on a thread where that may take its time.
    pub(crate) async fn build(
        &self,
        target: &Target,
        credentials: &Credentials,
    ) -> Result<client::Prepared, ConnectFailure> {
        client::prepare(target, credentials)
            .await
            .map_err(|complaint| ConnectFailure::at(Step::Configuration, complaint))
    }

    async fn connect_in_process(
        &self,
        server: InProcessServer,
        at: &(dyn Fn(Step) + Send + Sync),
    ) -> Result<Connection, ConnectFailure> {
        at(Step::Version);
        server.awake().await;
        let client = server.client();
        let complaint = match diagnose::version_of(&client).await {
            Ok(Answer::Given(version)) => {
                return Ok(Connection {
                    client,
                    version,
                    valid_until: None,
                });
            }
            Ok(Answer::Odd(complaint)) => complaint,
            Ok(Answer::Unauthorized(reason) | Answer::Forbidden(reason)) => {
                Complaint::new(reason, "Start the demo cluster again.")
            }
            Err(error) => {
                Complaint::new(diagnose::sentence(&error), "Start the demo cluster again.")
            }
        };
        Err(ConnectFailure::at(Step::Version, complaint))
    }
}

/// Where a cluster is.
pub(crate) enum Place {
    /// In this process.
    InProcess(InProcessServer),
    /// Somewhere else.
    Far(Box<Target>),
}

/// What a connection proves itself with.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    /// What gives each request its header.
    pub(crate) authorizer: Authorizer,
    /// The client certificate.
    pub(crate) identity: Option<Identity>,
    /// When the client certificate should be replaced, where a plugin told that.
    pub(crate) valid_until: Option<Timestamp>,
}

impl Credentials {
    /// The server rejected them. True where there may be others to be had.
    async fn reject(&self) -> bool {
        match &self.authorizer {
            Authorizer::Plugin(plugin) => plugin.reject().await,
            Authorizer::TokenFile(_) | Authorizer::Fixed(_) | Authorizer::Nobody => false,
        }
    }
}

#[cfg(test)]
mod tests;
