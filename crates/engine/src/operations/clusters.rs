//! Connecting, disconnecting, and finding out why that does not work.

use std::sync::Arc;

use strata_api::{
    error::ApiError,
    operations::{
        ApproveCredentialPlugin, ConnectionReport, Nothing, OneCluster, StepOutcome, StepReport,
    },
    rows::cluster::Step,
};
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::connection as port;

use super::{Operations, changes::context, namespaces, prometheus};
use crate::{
    engine::ask,
    error::{closing, of_port},
    inbox::Command,
};

/// Follows a cluster until it is disconnected. Answers at once: how far the connection came is told
/// by the topic of clusters.
pub(super) async fn connect_cluster(
    operations: &Operations,
    request: OneCluster,
) -> Result<Nothing, ApiError> {
    let prometheus = prometheus::given(operations, &request.cluster).await?;
    let namespaces = namespaces::named(operations, &request.cluster).await?;
    let cluster = ClusterId(Text::from(request.cluster));
    ask(&operations.commands, |reply| Command::Connect {
        cluster,
        prometheus,
        namespaces,
        reply,
    })
    .await?;
    Ok(Nothing {})
}

pub(super) async fn disconnect_cluster(
    operations: &Operations,
    request: OneCluster,
) -> Result<Nothing, ApiError> {
    let cluster = ClusterId(Text::from(request.cluster));
    ask(&operations.commands, |reply| Command::Disconnect {
        cluster,
        reply,
    })
    .await?;
    Ok(Nothing {})
}

pub(super) async fn diagnose_connection(
    operations: &Operations,
    request: OneCluster,
) -> Result<ConnectionReport, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let reports = operations
        .clusters
        .diagnose(&cluster)
        .await
        .map_err(|error| of_port(&error))?;
    Ok(ConnectionReport {
        steps: reports.into_iter().map(step_report).collect(),
    })
}

/// Remembers that a plugin may be run, and goes on with the clusters that waited for it.
pub(super) async fn approve_credential_plugin(
    operations: &Operations,
    request: ApproveCredentialPlugin,
) -> Result<Nothing, ApiError> {
    let contexts = Arc::clone(&operations.contexts);
    let digest = request.digest.clone();
    operations
        .on_disk(move || contexts.approve_plugin(&digest))
        .await?;
    let approved = Command::Approved {
        digest: request.digest,
    };
    operations.commands.send(approved).map_err(|_| closing())?;
    Ok(Nothing {})
}

fn step_report(report: port::StepReport) -> StepReport {
    let (outcome, message, advice) = match report.outcome {
        port::StepOutcome::Passed(found) => (StepOutcome::Passed, found, String::new()),
        port::StepOutcome::NotNeeded(why) => (StepOutcome::NotNeeded, why, String::new()),
        port::StepOutcome::Limited(why) => (StepOutcome::Limited, why, String::new()),
        port::StepOutcome::Failed { message, advice } => (StepOutcome::Failed, message, advice),
        port::StepOutcome::Skipped => (StepOutcome::Skipped, String::new(), String::new()),
    };
    StepReport {
        step: step(report.step),
        outcome,
        message,
        advice,
        took_milliseconds: u32::try_from(report.took.as_millis()).unwrap_or(u32::MAX),
    }
}

/// A step as it crosses the wire.
pub(crate) fn step(step: port::Step) -> Step {
    match step {
        port::Step::Configuration => Step::Configuration,
        port::Step::Credentials => Step::Credentials,
        port::Step::Name => Step::Name,
        port::Step::Tcp => Step::Tcp,
        port::Step::Tls => Step::Tls,
        port::Step::Authentication => Step::Authentication,
        port::Step::Permission => Step::Permission,
        port::Step::Version => Step::Version,
    }
}
