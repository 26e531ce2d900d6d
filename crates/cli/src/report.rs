//! `strata report`: what the GPUs of a cluster did over some time, and who held them, as one HTML file.
//!
//! [`facts`] gathers and adds up, [`page`] writes. The file asks for nothing from anywhere, and what
//! comes from a cluster is text in it.

use std::process::ExitCode;

use anyhow::Context;
use strata_api::rows::gpu::GpuMapRow;
use strata_app::Launch;
use tokio::time::Instant;

use crate::{
    arguments::Report,
    exit::{INCOMPLETE, Unreachable, remark},
    gpu::{map_of, wait_for_exporters},
    plot,
    prices::unused,
    session::Session,
};

mod facts;
mod page;

/// Writes the report. Ends with 4 where the cluster could not be asked how it is now.
pub(crate) async fn run(launch: Launch, report: &Report) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&report.target).await?;
    // What was kept is told whether the cluster answers now or not.
    let now = match ask_now(&session, &cluster, report).await {
        Ok(now) => Ok(now),
        Err(error) => match error.downcast::<Unreachable>() {
            Ok(Unreachable(why)) => Err(why),
            Err(error) => return Err(error),
        },
    };
    let is_whole = now.is_ok();
    let facts = facts::gather(&session, &cluster, report, now).await?;
    let html = page::write(&facts, report.theme.map(Into::into))?;
    std::fs::write(&report.output, html)
        .with_context(|| format!("writing {}", report.output.display()))?;
    let models: Vec<&str> = facts.models.iter().map(|share| &*share.part.name).collect();
    if let Some(said) = unused(&report.price, &models) {
        remark(&said);
    }
    remark(&format!("written to {}", report.output.display()));
    session.end().await;
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// Connects, and waits until this moment is known, so that it is in the report.
async fn ask_now(session: &Session, cluster: &str, report: &Report) -> anyhow::Result<GpuMapRow> {
    let deadline = Instant::now() + report.timeout;
    session
        .connect(cluster, report.target.approve_plugin, report.timeout)
        .await?;
    let mut map = session.subscribe(map_of(cluster, "")).await?;
    let head = wait_for_exporters(&mut map, deadline).await?;
    if head.states.total > 0 {
        plot::wait_until_kept(session, cluster, deadline).await?;
    }
    Ok(head)
}
