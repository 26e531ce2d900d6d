//! Which step of a connection fails, and what to do about it.
//!
//! [`walk`] tries every step once, for people who ask. [`find_step`] is what a failed connection
//! calls: kube's errors say that a connection failed but often not at what, so the steps are tried
//! by hand, from the name to TLS.

use std::{
    error::Error as StdError,
    time::{Duration, Instant},
};

use strata_domain::ids::ClusterId;
use strata_ports::connection::{Step, StepOutcome, StepReport};

mod access;
mod network;
mod tls;

pub(crate) use access::{Answer, rejected, version, version_of};

use crate::{
    connect::{ConnectFailure, Connector, Credentials, Place, client::Prepared, target::Target},
    credentials::{Authorizer, CredentialFailure},
};

/// How long one step may take.
const STEP_LIMIT: Duration = Duration::from_secs(10);

/// What happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// What happened, for people: no trailing full stop.
    pub(crate) message: String,
    /// The next thing to do.
    pub(crate) advice: String,
}

impl Complaint {
    /// What happened, and what to do next.
    pub(crate) fn new(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            advice: advice.into(),
        }
    }
}

/// Why the transport failed: the steps up to TLS are tried by hand.
pub(crate) async fn find_step(
    target: &Target,
    prepared: &Prepared,
    error: &kube::Error,
) -> ConnectFailure {
    if let Some(failure) = find_cause::<CredentialFailure>(error) {
        return ConnectFailure::of_credentials(Step::Credentials, failure.clone());
    }
    let addresses = match network::resolve(target).await {
        Ok(addresses) => addresses,
        Err(complaint) => return ConnectFailure::at(Step::Name, complaint),
    };
    let (stream, _) = match network::reach(target, &addresses).await {
        Ok(reached) => reached,
        Err(complaint) => return ConnectFailure::at(Step::Tcp, complaint),
    };
    if let Some(error) = find_cause::<rustls::Error>(error) {
        let complaint = tls::explain(target, error, &addresses).await;
        return ConnectFailure::at(Step::Tls, complaint);
    }
    if target.proxy.is_some() {
        return ConnectFailure::at(
            Step::Tcp,
            network::refused_by_proxy(target, &sentence(error)),
        );
    }
    if target.is_tls
        && let Err(complaint) = tls::handshake(target, prepared, stream, &addresses).await
    {
        return ConnectFailure::at(Step::Tls, complaint);
    }
    let complaint = Complaint::new(
        format!(
            "{} took the connection but gave no answer: {}",
            target.server,
            sentence(error)
        ),
        "Look whether the API server is starting or overloaded.",
    );
    ConnectFailure::at(Step::Version, complaint)
}

/// Tries every step once, each after the one before went well.
pub(crate) async fn walk(connector: &Connector, cluster: &ClusterId) -> Vec<StepReport> {
    let mut walk = Walk {
        reports: Vec::with_capacity(Step::ALL.len()),
        begun: Instant::now(),
    };
    let end = walk.all(connector, cluster).await;
    if let Err(Stop) = end {
        let tried = walk.reports.len();
        walk.reports
            .extend(Step::ALL.into_iter().skip(tried).map(|step| StepReport {
                step,
                outcome: StepOutcome::Skipped,
                took: Duration::ZERO,
            }));
    }
    walk.reports
}

/// The steps that were tried.
struct Walk {
    reports: Vec<StepReport>,
    /// When the step that is being tried was begun.
    begun: Instant,
}

/// A step failed, so the next ones make no sense.
struct Stop;

impl Walk {
    async fn all(&mut self, connector: &Connector, cluster: &ClusterId) -> Result<(), Stop> {
        let place = connector.find(cluster).await;
        match self.settle(Step::Configuration, place)? {
            Place::InProcess(server) => {
                self.report(
                    Step::Configuration,
                    StepOutcome::Passed("the demo cluster, inside Strata".to_owned()),
                );
                for step in [Step::Credentials, Step::Name, Step::Tcp, Step::Tls] {
                    let why = "the demo cluster is inside Strata".to_owned();
                    self.report(step, StepOutcome::NotNeeded(why));
                }
                server.awake().await;
                self.access(&server.client(), |reason| {
                    Complaint::new(reason, "Start the demo cluster again.")
                })
                .await
            }
            Place::Far(target) => self.far(connector, &target).await,
        }
    }

    async fn far(&mut self, connector: &Connector, target: &Target) -> Result<(), Stop> {
        let definition = &target.definition;
        self.report(
            Step::Configuration,
            StepOutcome::Passed(format!(
                "the context \"{}\" of {} leads to {}",
                definition.context, definition.file, target.server
            )),
        );

        let credentials = connector.credentials(target).await;
        let credentials = self.settle(Step::Credentials, credentials)?;
        let prepared = connector.build(target, &credentials).await;
        let prepared = self.settle(Step::Credentials, prepared)?;
        self.report(Step::Credentials, describe(&credentials));

        let addresses = network::resolve(target).await;
        let addresses = self.settle_complaint(Step::Name, addresses)?;
        self.report(Step::Name, network::describe_name(target, &addresses));

        let reached = network::reach(target, &addresses).await;
        let (stream, address) = self.settle_complaint(Step::Tcp, reached)?;
        self.report(
            Step::Tcp,
            StepOutcome::Passed(network::describe_reached(target, address)),
        );

        let outcome = if !target.is_tls {
            StepOutcome::NotNeeded("the server's address begins with http:".to_owned())
        } else if target.proxy.is_some() {
            let asked = version(&prepared).await;
            if let Err(error) = asked {
                let failure = find_step(target, &prepared, &error).await;
                return self.settle(Step::Tls, Err(failure));
            }
            StepOutcome::Passed("negotiated through the proxy".to_owned())
        } else {
            let shaken = tls::handshake(target, &prepared, stream, &addresses).await;
            StepOutcome::Passed(self.settle_complaint(Step::Tls, shaken)?)
        };
        self.report(Step::Tls, outcome);

        self.access(&prepared.client, |reason| {
            rejected(target, &credentials.authorizer, &reason)
        })
        .await
    }

    /// The steps that are questions to the server.
    async fn access(
        &mut self,
        client: &kube::Client,
        rejected: impl Fn(String) -> Complaint,
    ) -> Result<(), Stop> {
        let who = access::who_am_i(client).await;
        let outcome = match self.settle_answer(Step::Authentication, who)? {
            Answer::Given(user) => StepOutcome::Passed(user),
            Answer::Forbidden(reason) => StepOutcome::Limited(reason),
            Answer::Unauthorized(reason) => failed(rejected(reason)),
            Answer::Odd(complaint) => failed(complaint),
        };
        self.report_and_go_on(Step::Authentication, outcome)?;

        let may = access::may_list_nodes(client).await;
        let outcome = match self.settle_answer(Step::Permission, may)? {
            Answer::Given(true) => StepOutcome::Passed("may list nodes".to_owned()),
            Answer::Given(false) => StepOutcome::Limited(
                "may not list nodes: what concerns machines stays empty. A cluster role with \
                 get, list and watch of nodes would show it."
                    .to_owned(),
            ),
            Answer::Forbidden(reason) | Answer::Unauthorized(reason) => {
                StepOutcome::Limited(reason)
            }
            Answer::Odd(complaint) => StepOutcome::Limited(complaint.message),
        };
        self.report_and_go_on(Step::Permission, outcome)?;

        let version = version_of(client).await;
        let outcome = match self.settle_answer(Step::Version, version)? {
            Answer::Given(version) => StepOutcome::Passed(version),
            Answer::Forbidden(reason) | Answer::Unauthorized(reason) => {
                StepOutcome::Limited(reason)
            }
            Answer::Odd(complaint) => failed(complaint),
        };
        self.report_and_go_on(Step::Version, outcome)
    }

    fn report(&mut self, step: Step, outcome: StepOutcome) {
        let took = self.begun.elapsed();
        self.begun = Instant::now();
        self.reports.push(StepReport {
            step,
            outcome,
            took,
        });
    }

    fn report_and_go_on(&mut self, step: Step, outcome: StepOutcome) -> Result<(), Stop> {
        let has_failed = matches!(outcome, StepOutcome::Failed { .. });
        self.report(step, outcome);
        if has_failed { Err(Stop) } else { Ok(()) }
    }

    fn settle<T>(&mut self, step: Step, outcome: Result<T, ConnectFailure>) -> Result<T, Stop> {
        outcome.map_err(|failure| {
            self.report(step, failed(complaint_of(failure)));
            Stop
        })
    }

    fn settle_complaint<T>(
        &mut self,
        step: Step,
        outcome: Result<T, Complaint>,
    ) -> Result<T, Stop> {
        outcome.map_err(|complaint| {
            self.report(step, failed(complaint));
            Stop
        })
    }

    fn settle_answer<T>(
        &mut self,
        step: Step,
        outcome: Result<Answer<T>, kube::Error>,
    ) -> Result<Answer<T>, Stop> {
        let outcome = outcome.map_err(|error| {
            let advice = "Look whether the API server is starting or overloaded.";
            Complaint::new(sentence(&error), advice)
        });
        self.settle_complaint(step, outcome)
    }
}

fn failed(complaint: Complaint) -> StepOutcome {
    let Complaint { message, advice } = complaint;
    StepOutcome::Failed { message, advice }
}

fn complaint_of(failure: ConnectFailure) -> Complaint {
    match failure {
        ConnectFailure::Failed {
            message, advice, ..
        } => Complaint { message, advice },
        ConnectFailure::NeedsApproval { command, .. } => Complaint::new(
            format!("the context runs a command that was never approved: {command}"),
            "Approve it in Strata if you know what it does.",
        ),
    }
}

fn describe(credentials: &Credentials) -> StepOutcome {
    match &credentials.authorizer {
        Authorizer::Plugin(plugin) => {
            StepOutcome::Passed(format!("the credential plugin {} told some", plugin.name()))
        }
        Authorizer::Nobody if credentials.identity.is_some() => {
            StepOutcome::NotNeeded("a client certificate in the kubeconfig".to_owned())
        }
        Authorizer::Nobody => {
            StepOutcome::NotNeeded("none: the context has no user, or an empty one".to_owned())
        }
        other => StepOutcome::NotNeeded(other.describe()),
    }
}

/// The cause of the kind `T`, however deep it lies.
pub(crate) fn find_cause<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        // What an I/O error was made of is not its source: that is the source of what it was made
        // of.
        if let Some(inner) = cause
            .downcast_ref::<std::io::Error>()
            .and_then(|io| io.get_ref())
            && let Some(found) = find_cause::<T>(inner)
        {
            return Some(found);
        }
        next = cause.source();
    }
    None
}

/// A client's error in a sentence: the innermost causes, which say what happened, without the outer
/// ones, which say only who noticed.
pub(crate) fn sentence(error: &kube::Error) -> String {
    if let kube::Error::Api(status) = error {
        return status.message.clone();
    }
    if let Some(failure) = find_cause::<CredentialFailure>(error) {
        return failure.to_string();
    }
    let mut causes: Vec<String> = Vec::new();
    let mut next: Option<&dyn StdError> = Some(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.pop().unwrap_or_default()
}
