//! `strata containers`, and `strata deploy --local`: recipes on this machine, without Kubernetes.

use std::{process::ExitCode, time::Duration};

use anyhow::bail;
use strata_api::{
    change::Intent,
    containers::{
        LocalBeginning, LocalContainer, LocalPlace, LocalPlaceState, LocalRuntimeKind, LocalStage,
    },
    operations::{
        LocalContainers, LocalLog, LocalRun, LocalRuntimes, Nothing, OneLocalContainer,
        OneLocalRuntime, RunLocally,
    },
    phrases::Phrase,
    recipes::{Check, CheckState, RenderRecipe},
};
use strata_app::Launch;

use crate::{
    arguments::{Containers, Deploy, DeployOutput, LocalKind, Output},
    deploy::{refused, typed},
    exit::{REFUSED, answer, remark},
    session::Session,
    table::{columns, visible},
};

/// How often a pull is asked how far it is.
const GLANCE: Duration = Duration::from_millis(500);

/// Lists runtimes and what they run; reads, stops or removes one container.
pub(crate) async fn run(launch: Launch, wanted: &Containers) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let runtimes: LocalRuntimes = session.call("read_local_runtimes", &Nothing {}).await?;
    let kinds: Vec<LocalRuntimeKind> = match wanted.runtime {
        Some(kind) => vec![told(kind)],
        None => runtimes
            .runtimes
            .iter()
            .map(|runtime| runtime.kind)
            .collect(),
    };
    let Some(name) = &wanted.name else {
        let mut all = Vec::new();
        for kind in &kinds {
            let request = OneLocalRuntime { runtime: *kind };
            let found: LocalContainers = session.call("read_local_containers", &request).await?;
            all.push((*kind, found));
        }
        session.end().await;
        answer(&match wanted.output {
            Output::Json => {
                let found = all.iter().map(|(kind, found)| {
                    serde_json::json!({ "runtime": kind, "containers": found.containers })
                });
                let all = serde_json::json!({
                    "runtimes": runtimes.runtimes, "found": found.collect::<Vec<_>>(),
                });
                format!("{all:#}\n")
            }
            Output::Table => listed(&runtimes, &all),
        })?;
        return Ok(ExitCode::SUCCESS);
    };
    let ended = one(&session, &kinds, name, wanted).await;
    session.end().await;
    ended?;
    Ok(ExitCode::SUCCESS)
}

/// Does what is wanted to the container `name`.
async fn one(
    session: &Session,
    kinds: &[LocalRuntimeKind],
    name: &str,
    wanted: &Containers,
) -> anyhow::Result<()> {
    for kind in kinds {
        let found: LocalContainers = session
            .call("read_local_containers", &OneLocalRuntime { runtime: *kind })
            .await?;
        let Some(container) = found.containers.iter().find(|one| one.name == name) else {
            continue;
        };
        let meant = OneLocalContainer {
            runtime: *kind,
            name: name.to_owned(),
        };
        if wanted.stop {
            session.call::<_, Nothing>("stop_locally", &meant).await?;
        } else if wanted.remove {
            session.call::<_, Nothing>("remove_locally", &meant).await?;
        } else if wanted.logs {
            let log: LocalLog = session.call("read_local_log", &meant).await?;
            let lines = log.text.lines().map(|line| visible(line) + "\n");
            answer(&lines.collect::<String>())?;
        } else {
            answer(&columns(&[row(*kind, container)], 0))?;
        }
        return Ok(());
    }
    bail!("no container of Strata is called `{name}`; `strata containers` lists them")
}

/// Runs a recipe on this machine, or says what would run.
pub(crate) async fn deploy(launch: Launch, deploy: &Deploy) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let request = RunLocally {
        runtime: deploy.runtime.map(told),
        recipe: RenderRecipe {
            recipe: deploy.recipe.clone(),
            typed: typed(&deploy.set)?,
            ..RenderRecipe::default()
        },
        config: String::new(),
        intent: if deploy.apply {
            Intent::Apply
        } else {
            Intent::Preview
        },
    };
    let run: LocalRun = session.call("run_locally", &request).await?;
    if !run.errors.is_empty() {
        session.end().await;
        bail!(refused(&run.errors));
    }
    let mut code = ExitCode::SUCCESS;
    if run.obstacle.is_some() {
        code = ExitCode::from(REFUSED);
    }
    if let (true, Some(kind)) = (run.is_begun, run.runtime)
        && !until_started(&session, kind, &run.name).await?
    {
        code = ExitCode::from(REFUSED);
    }
    session.end().await;
    answer(&match deploy.output {
        DeployOutput::Json => format!("{:#}\n", serde_json::to_value(&run)?),
        DeployOutput::Table | DeployOutput::Yaml => shown(&run),
    })?;
    Ok(code)
}

/// Follows a beginning to its end; whether it runs then.
async fn until_started(
    session: &Session,
    runtime: LocalRuntimeKind,
    name: &str,
) -> anyhow::Result<bool> {
    let mut last = String::new();
    loop {
        let found: LocalContainers = session
            .call("read_local_containers", &OneLocalRuntime { runtime })
            .await?;
        let Some(beginning) = found.beginnings.iter().find(|one| one.name == name) else {
            return Ok(true);
        };
        let line = progress(beginning);
        if line != last {
            remark(&visible(&line));
            last = line;
        }
        match beginning.stage {
            LocalStage::Started => return Ok(true),
            LocalStage::Failed | LocalStage::CalledOff => return Ok(false),
            LocalStage::Pulling | LocalStage::Starting => tokio::time::sleep(GLANCE).await,
        }
    }
}

fn progress(beginning: &LocalBeginning) -> String {
    let name = &beginning.name;
    match beginning.stage {
        LocalStage::Pulling if beginning.total_bytes > 0 => {
            let part = beginning.done_bytes.saturating_mul(100) / beginning.total_bytes;
            format!(
                "{name}: {part} % of {} MiB fetched",
                beginning.total_bytes >> 20
            )
        }
        LocalStage::Pulling => format!("{name}: {}", beginning.status),
        LocalStage::Starting => format!("{name}: starting"),
        LocalStage::Started => format!("{name}: runs"),
        LocalStage::Failed => beginning.status.clone(),
        LocalStage::CalledOff => format!("{name}: called off"),
    }
}

fn shown(run: &LocalRun) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(run.obstacle.iter().map(Phrase::english));
    if !run.name.is_empty() {
        let ports: Vec<String> = run
            .ports
            .iter()
            .map(|port| format!("http://127.0.0.1:{port}"))
            .collect();
        let gpus = match run.gpus {
            0 => "no GPU".to_owned(),
            1 => "1 GPU".to_owned(),
            count => format!("{count} GPUs"),
        };
        lines.push(format!(
            "{}: {}, {gpus} {}",
            run.name,
            run.image,
            ports.join(" ")
        ));
    }
    lines.extend(run.notes.iter().map(Phrase::english));
    lines.extend(run.checks.iter().map(checked));
    if !run.command.is_empty() {
        lines.push(run.command.clone());
    }
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    lines.join("\n") + "\n"
}

/// A check that is not well, with what to do; a check that is, in its own words.
fn checked(check: &Check) -> String {
    let mark = match check.state {
        CheckState::Ok => "ok",
        CheckState::Warning => "warning",
        CheckState::Failed => "not possible",
        CheckState::Unknown => "unknown",
    };
    let remedy = check.remedy.as_ref().map(Phrase::english);
    let remedy = remedy.map_or_else(String::new, |remedy| format!(". {remedy}"));
    format!("{mark}: {}{remedy}", check.sentence.english())
}

fn listed(runtimes: &LocalRuntimes, all: &[(LocalRuntimeKind, LocalContainers)]) -> String {
    if runtimes.runtimes.is_empty() {
        return nobody(&runtimes.places);
    }
    let runtimes = runtimes.runtimes.iter().map(|runtime| {
        let gpus = if runtime.has_gpus {
            "gives GPUs"
        } else {
            "no GPUs"
        };
        vec![
            word(runtime.kind).to_owned(),
            visible(&runtime.version),
            visible(&runtime.place),
            gpus.to_owned(),
        ]
    });
    let containers = all
        .iter()
        .flat_map(|(kind, found)| found.containers.iter().map(|one| row(*kind, one)));
    let runtimes: Vec<Vec<String>> = runtimes.collect();
    let containers: Vec<Vec<String>> = containers.collect();
    if containers.is_empty() {
        return columns(&runtimes, 0);
    }
    format!("{}\n{}", columns(&runtimes, 0), columns(&containers, 0))
}

/// No runtime answers: where one was looked for, and what was there.
fn nobody(places: &[LocalPlace]) -> String {
    let lines = places.iter().map(|place| {
        let state = match place.state {
            LocalPlaceState::Absent => "nothing is there".to_owned(),
            LocalPlaceState::Silent => "nobody listens there".to_owned(),
            LocalPlaceState::Answers => "something else answers there".to_owned(),
            LocalPlaceState::Forbidden if place.group.is_empty() => {
                "this user may not open it".to_owned()
            }
            LocalPlaceState::Forbidden => format!(
                "this user may not open it; the group {} may: sudo usermod -aG {} $USER",
                place.group, place.group
            ),
        };
        vec![
            word(place.kind).to_owned(),
            visible(&place.place),
            visible(&state),
        ]
    });
    let lines: Vec<Vec<String>> = lines.collect();
    format!(
        "neither Docker nor Podman nor Ollama answers on this machine\n{}",
        columns(&lines, 0)
    )
}

fn row(kind: LocalRuntimeKind, container: &LocalContainer) -> Vec<String> {
    let ports: Vec<String> = container.ports.iter().map(u16::to_string).collect();
    vec![
        word(kind).to_owned(),
        visible(&container.name),
        visible(&container.image),
        visible(&container.status),
        ports.join(","),
    ]
}

fn word(kind: LocalRuntimeKind) -> &'static str {
    match kind {
        LocalRuntimeKind::Docker => "docker",
        LocalRuntimeKind::Podman => "podman",
        LocalRuntimeKind::Ollama => "ollama",
    }
}

fn told(kind: LocalKind) -> LocalRuntimeKind {
    match kind {
        LocalKind::Docker => LocalRuntimeKind::Docker,
        LocalKind::Podman => LocalRuntimeKind::Podman,
        LocalKind::Ollama => LocalRuntimeKind::Ollama,
    }
}
