//! `strata jobs`: the jobs of every kind, as a table or as JSON.

use std::process::ExitCode;

use serde_json::{Value, json};
use strata_api::{
    rows::{Row, job::JobRow},
    topics::{JobSort, Topic},
};
use strata_app::Launch;

use crate::{
    arguments::{Jobs, Output},
    exit::{INCOMPLETE, answer, remark},
    session::Session,
    table::{columns, visible},
};

/// Lists the jobs once every list has been read. Ends with 4 where that is not all of them.
pub(crate) async fn run(launch: Launch, jobs: &Jobs) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&jobs.target).await?;
    let complete = session
        .connect(&cluster, jobs.target.approve_plugin, jobs.timeout)
        .await?;
    let filter = jobs.words.join(" ");
    let topic = |window| Topic::Jobs {
        cluster: cluster.clone(),
        namespaces: jobs.namespace.clone(),
        states: Vec::new(),
        filter: filter.clone(),
        group: None,
        lanes: Vec::new(),
        sort: JobSort::default(),
        past: None,
        window,
    };
    let job = |row: &Row| match row {
        Row::Job(job) => Some(job.clone()),
        _ => None,
    };
    let found: Vec<JobRow> = session.all(topic, job).await?;
    match jobs.output {
        Output::Json => answer(&format!("{:#}\n", as_json(&cluster, complete, &found)))?,
        Output::Table if found.is_empty() => remark(if jobs.words.is_empty() {
            "no jobs here"
        } else {
            "no job has all of these words; they are looked for in names, kinds, queues, owners, states \
             (queued, admitted, starting, running, suspended, succeeded, failed, unknown) and reasons"
        }),
        Output::Table => answer(&as_table(&found))?,
    }
    if !complete {
        remark(&format!(
            "some lists did not come within {:?}; what is shown is not whole",
            jobs.timeout
        ));
    }
    session.end().await;
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

fn as_json(cluster: &str, complete: bool, jobs: &[JobRow]) -> Value {
    let jobs: Vec<Value> = jobs
        .iter()
        .map(|job| {
            json!({
                "namespace": job.namespace,
                "kind": job.kind,
                "group": job.group,
                "name": job.name,
                "state": job.state,
                "severity": job.severity,
                "reason": job.reason.as_ref().map(|reason| json!({
                    "code": reason.code,
                    "sentence": reason.english(),
                })),
                "progress": job.progress,
                "ready": job.ready,
                "gpus_asked": job.gpus_asked,
                "gpus_held": job.gpus_held,
                "queue": job.queue,
                "position": job.position,
                "priority": job.priority,
                "owner": job.owner,
                "queued_at": job.queued_at,
                "started_at": job.started_at,
                "finished_at": job.finished_at,
                "retries": job.retries,
                "evictions": job.evictions,
            })
        })
        .collect();
    json!({ "cluster": cluster, "complete": complete, "jobs": jobs })
}

fn as_table(jobs: &[JobRow]) -> String {
    let head = [
        "NAMESPACE",
        "KIND",
        "NAME",
        "STATE",
        "READY",
        "GPUS",
        "QUEUE",
        "REASON",
    ];
    let line = |job: &JobRow| {
        vec![
            job.namespace.clone(),
            job.kind.clone(),
            job.name.clone(),
            job.state.word().to_owned(),
            job.ready
                .map(|ready| format!("{}/{}", ready.ready, ready.desired))
                .unwrap_or_default(),
            job.gpus_asked
                .map(|gpus| gpus.to_string())
                .unwrap_or_default(),
            match job.position {
                Some(position) => format!("{} ({} of {})", job.queue, position.at, position.of),
                None => job.queue.clone(),
            },
            job.reason
                .as_ref()
                .map(|reason| visible(&reason.english()))
                .unwrap_or_default(),
        ]
    };
    let lines: Vec<Vec<String>> = std::iter::once(head.map(str::to_owned).to_vec())
        .chain(jobs.iter().map(line))
        .collect();
    columns(&lines, 0)
}
