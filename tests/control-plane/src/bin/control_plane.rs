//! A real control plane to look at and to measure against, until Ctrl-C.
//!
//! `cargo run -p strata-control-plane-tests --bin control-plane -- [stack] [operators] [--nodes N] [--pods N]`
//!
//! `stack` installs the custom resource definitions and the small cluster of `load::stack`;
//! `operators` starts Kueue and KubeRay beside it;
//! `--nodes` adds that many nodes with eight GPUs each, `--pods` that many pods bound to them.
//! Prints a line for each step with its time in seconds, then the kubeconfig and the process ids.
#![expect(clippy::print_stdout, reason = "it talks to the person who started it")]

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use kube::Client;
use strata_control_plane_tests::load::{self, nodes, pods, stack};
use strata_control_plane_tests::{Component, ControlPlane, Operators, definitions};

/// What was asked for.
#[derive(Default)]
struct Wanted {
    stack: bool,
    operators: bool,
    nodes: usize,
    pods: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = Wanted::from_arguments(std::env::args().skip(1))?;
    let start = Instant::now();
    let control_plane = ControlPlane::start().await?;
    report(start, "control plane");
    let client = control_plane.client().await?;
    // Held until the end: dropping it stops its processes.
    let _operators = if wanted.operators {
        let start = Instant::now();
        let operators = Operators::start(&control_plane).await?;
        report(start, "Kueue and KubeRay");
        Some(operators)
    } else {
        None
    };
    wanted.create(&client).await?;

    println!(
        "\nexport KUBECONFIG={}",
        control_plane.kubeconfig_path().display()
    );
    for component in [
        Component::Etcd,
        Component::ApiServer,
        Component::ControllerManager,
        Component::Scheduler,
        Component::Kubelets,
    ] {
        println!(
            "{component:?}: {}",
            control_plane.pid(component).unwrap_or_default()
        );
    }
    println!("Ctrl-C ends it");
    tokio::signal::ctrl_c().await?;
    Ok(())
}

impl Wanted {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self::default();
        while let Some(argument) = arguments.next() {
            let mut number = || -> Result<usize> {
                let text = arguments.next().context("a number is missing")?;
                text.parse().with_context(|| format!("{text} is no number"))
            };
            match argument.as_str() {
                "stack" => wanted.stack = true,
                "operators" => wanted.operators = true,
                "--nodes" => wanted.nodes = number()?,
                "--pods" => wanted.pods = number()?,
                other => bail!("{other} is none of: stack, operators, --nodes N, --pods N"),
            }
        }
        Ok(wanted)
    }

    async fn create(&self, client: &Client) -> Result<()> {
        if self.stack {
            let start = Instant::now();
            definitions::install(client, &definitions::catalogue_kinds()).await?;
            report(start, "custom resource definitions");
            let start = Instant::now();
            stack::create(client).await?;
            report(start, "stack");
        }
        let names: Vec<String> = (0..self.nodes)
            .map(|index| format!("gpu-{index}"))
            .collect();
        let start = Instant::now();
        let planned: Vec<nodes::Node> = names
            .iter()
            .map(|name| nodes::Node::with_gpus(name, nodes::H100))
            .collect();
        nodes::create(client, &planned).await?;
        report(start, &format!("{} nodes", self.nodes));
        if self.pods > 0 {
            let start = Instant::now();
            load::namespace(client, "load").await?;
            let batch = pods::Batch {
                namespace: "load".into(),
                prefix: "engine".into(),
                count: self.pods,
                nodes: names,
            };
            pods::create(client, &batch).await?;
            report(start, &format!("{} pods created", self.pods));
            pods::until_running(client, "load", Duration::from_mins(10)).await?;
            report(start, &format!("{} pods running", self.pods));
        }
        Ok(())
    }
}

fn report(start: Instant, what: &str) {
    println!("{:7.1} s  {what}", start.elapsed().as_secs_f64());
}
