//! `strata releases` and `strata rollback`: what Strata deployed, and how it was before.

use std::process::ExitCode;

use strata_api::{
    change::{ChangeReport, Intent},
    operations::{
        ChangeRelease, DeleteRelease, OneRelease, ReadReleases, ReleaseDetail, Releases as Read,
        RollBackRelease,
    },
};
use strata_app::Launch;

use crate::{
    arguments::{Output, Releases, RollBack},
    change_report::tell,
    deploy::typed,
    exit::{answer, remark},
    session::Session,
    table::columns,
};

/// Lists releases, tells one, or deletes one.
pub(crate) async fn run(launch: Launch, wanted: &Releases) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let Some(name) = &wanted.release else {
        let request = ReadReleases {
            cluster,
            namespace: wanted.namespace.clone().unwrap_or_default(),
        };
        let read: Read = session.call("read_releases", &request).await?;
        match wanted.output {
            Output::Json => answer(&format!("{:#}\n", serde_json::to_value(&read)?))?,
            Output::Table if read.releases.is_empty() => {
                remark("no releases here; `strata deploy RECIPE --apply` makes one");
            }
            Output::Table => answer(&listed(&read))?,
        }
        session.end().await;
        return Ok(ExitCode::SUCCESS);
    };
    let namespace = match &wanted.namespace {
        Some(namespace) => namespace.clone(),
        None => session.namespace(&cluster).await?,
    };
    if wanted.delete {
        let request = DeleteRelease {
            cluster,
            namespace,
            name: name.clone(),
            intent: Intent::Apply,
        };
        let came: ChangeReport = session.call("delete_release", &request).await?;
        session.end().await;
        return tell(&came, wanted.output);
    }
    if !wanted.set.is_empty() {
        let request = ChangeRelease {
            cluster,
            namespace,
            name: name.clone(),
            values: serde_json::Map::new(),
            typed: typed(&wanted.set)?,
            intent: if wanted.apply {
                Intent::Apply
            } else {
                Intent::Preview
            },
            choices: Vec::new(),
        };
        let came: ChangeReport = session.call("change_release", &request).await?;
        session.end().await;
        return tell(&came, wanted.output);
    }
    let request = OneRelease {
        cluster,
        namespace,
        name: name.clone(),
    };
    let detail: ReleaseDetail = session.call("read_release", &request).await?;
    session.end().await;
    answer(&match wanted.output {
        Output::Json => format!("{:#}\n", serde_json::to_value(&detail)?),
        Output::Table => told(&detail),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Has a release as one of its revisions was.
pub(crate) async fn roll_back(launch: Launch, wanted: &RollBack) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let namespace = match &wanted.namespace {
        Some(namespace) => namespace.clone(),
        None => session.namespace(&cluster).await?,
    };
    let request = RollBackRelease {
        cluster,
        namespace,
        name: wanted.release.clone(),
        to: wanted.to,
        intent: if wanted.preview {
            Intent::Preview
        } else {
            Intent::Apply
        },
        choices: Vec::new(),
    };
    let came: ChangeReport = session.call("roll_back_release", &request).await?;
    session.end().await;
    tell(&came, wanted.output)
}

fn listed(read: &Read) -> String {
    let heads = [
        "NAMESPACE",
        "RELEASE",
        "RECIPE",
        "REVISION",
        "APPLIED",
        "BY",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines.extend(read.releases.iter().map(|release| {
        vec![
            release.namespace.clone(),
            release.name.clone(),
            release.recipe.clone(),
            release.revision.to_string(),
            release.applied_at.clone(),
            release.applied_by.clone(),
        ]
    }));
    columns(&lines, 0)
}

fn told(detail: &ReleaseDetail) -> String {
    let heads = ["REVISION", "RECIPE", "APPLIED", "BY", "VALUES"];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines.extend(detail.revisions.iter().map(|revision| {
        let values = revision.values.iter();
        let values: Vec<String> = values
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        vec![
            revision.number.to_string(),
            revision.recipe.clone(),
            revision.applied_at.clone(),
            revision.applied_by.clone(),
            if revision.is_edited {
                format!("{} (and edited by hand)", values.join(" "))
            } else {
                values.join(" ")
            },
        ]
    }));
    let objects: Vec<Vec<String>> = detail
        .objects
        .iter()
        .map(|object| vec![object.to_string()])
        .collect();
    format!("{}\n{}", columns(&lines, 0), columns(&objects, 0))
}
