//! What the demo cluster costs with 100,000 pods, beside a real API server in the same run.
//!
//! `cargo run --release -p strata-control-plane-tests --bin measure-demo-cluster -- [--rounds N]`
//!
//! Both are asked the same questions by the same client, one after the other, so that what else
//! the machine does falls on both alike; the medians are printed. The real one is filled with as
//! many nodes and pods as the scenario `fleet` has. `docs/guides/performance.md` says what the
//! figures mean.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use strata_control_plane_tests::{
    Component, ControlPlane,
    cost::{self, median, megabytes},
    load::{self, nodes, pods},
};

mod demo;
mod question;

use demo::Demo;
use question::{Answer, QUESTIONS, Question};

/// The namespace of the real pods.
const NAMESPACE: &str = "load";

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 5,
        (Some("--rounds"), Some(number)) => number.parse().context("--rounds wants a number")?,
        (Some(other), _) => bail!("{other} is not: --rounds N"),
    };
    ensure!(rounds > 0, "0 rounds measure nothing");
    measure(rounds).await
}

async fn measure(rounds: usize) -> Result<()> {
    let start = Instant::now();
    let demo = Demo::start()?;
    let at_start = cost::memory(demo.pid())?;
    let inside = demo.client().await?;
    let (nodes, pods) = (
        question::count(&inside, "/api/v1/nodes").await?,
        question::count(&inside, "/api/v1/pods").await?,
    );
    println!(
        "the demo cluster of {nodes} nodes and {pods} pods answers after {:.1} s and {:.1} s of processor time, \
         with {:.0} MB",
        demo.started_in.as_secs_f64(),
        demo.cpu_seconds,
        megabytes(at_start.resident),
    );
    let mut control_plane = ControlPlane::start().await?;
    let real = control_plane.client().await?;
    fill(&mut control_plane, nodes, pods).await?;
    println!(
        "a real one has as many after {:.0} s",
        start.elapsed().as_secs_f64()
    );
    let server = control_plane
        .pid(Component::ApiServer)
        .context("the API server ended")?;
    let store = control_plane
        .pid(Component::Etcd)
        .context("the store ended")?;
    cost::until_at_rest(server)?;
    let rested = (cost::memory(server)?, cost::memory(store)?);
    println!(
        "the processors are {:.0} % busy",
        100.0 * cost::busy_share()?
    );

    println!("| question | demo cluster, s | real, s | demo beside real | demo, MB | real, MB |");
    println!("|---|--:|--:|--:|--:|--:|");
    for question in QUESTIONS {
        let mut answers = Vec::new();
        for _ in 0..rounds {
            answers.push((question.ask(&inside).await?, question.ask(&real).await?));
        }
        row(question, &answers);
    }
    let after = cost::memory(demo.pid())?;
    let (server, store) = (cost::memory(server)?, cost::memory(store)?);
    println!("| memory, MB | demo cluster | real API server | its store |");
    println!("|---|--:|--:|--:|");
    for (when, demo, server, store) in [
        (
            "before the questions",
            at_start.resident,
            rested.0.resident,
            rested.1.resident,
        ),
        ("after", after.resident, server.resident, store.resident),
        ("at most", after.peak, server.peak, store.peak),
    ] {
        let [demo, server, store] = [demo, server, store].map(megabytes);
        println!("| {when} | {demo:.0} | {server:.0} | {store:.0} |");
    }
    Ok(())
}

/// Puts nodes and running pods into a real control plane, and ends what would keep copies of them:
/// the question is what the API server costs, and all together want more than 24 GiB.
async fn fill(control_plane: &mut ControlPlane, nodes: usize, pods: usize) -> Result<()> {
    let client = &control_plane.client().await?;
    let names: Vec<String> = (0..nodes).map(|index| format!("gpu-{index}")).collect();
    let planned: Vec<nodes::Node> = names
        .iter()
        .map(|name| nodes::Node::with_gpus(name, nodes::H100))
        .collect();
    nodes::create(client, &planned).await?;
    load::namespace(client, NAMESPACE).await?;
    control_plane.stop_controllers()?;
    let batch = pods::Batch {
        namespace: NAMESPACE.to_owned(),
        prefix: "engine".to_owned(),
        count: pods,
        nodes: names,
    };
    pods::create(client, &batch).await?;
    pods::run(client, &batch).await
}

fn row(question: &Question, answers: &[(Answer, Answer)]) {
    let seconds = |of: fn(&(Answer, Answer)) -> Answer| {
        median(answers.iter().map(|both| of(both).wall.as_secs_f64()))
    };
    let size = |of: fn(&(Answer, Answer)) -> Answer| {
        median(answers.iter().map(|both| megabytes(of(both).bytes)))
    };
    let (demo, real) = (seconds(|both| both.0), seconds(|both| both.1));
    println!(
        "| {} | {demo:.3} | {real:.3} | {:.2} | {:.1} | {:.1} |",
        question.name,
        demo / real,
        size(|both| both.0),
        size(|both| both.1),
    );
}
