//! What the engine costs on a real control plane, beside `curl` and `kubectl` in the same run.
//!
//! `cargo run --release -p strata-control-plane-tests --bin measure-control-plane -- [--nodes N] [--pods N] [--rounds N]`
//!
//! 500 nodes, 10,000 pods and five rounds unless told otherwise. A round asks each program once,
//! one after the other, so that what else the machine does falls on all of them alike; the medians
//! are printed. `docs/guides/performance.md` says what the figures mean.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use kube::config::Kubeconfig;
use strata_control_plane_tests::{
    Component, ControlPlane,
    cost::{self, Cost, finish},
    load::{self, nodes, pods},
};

mod fleet;
mod owned;
mod report;

use fleet::FleetCost;

/// How many pods there are when the fleet's memory is read for the first time: every list has
/// something, and the rest of the pods is the only difference to the second time.
const FEW: usize = 100;

/// The namespace of the pods.
const NAMESPACE: &str = "load";

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let runtime = tokio::runtime::Runtime::new()?;
    if arguments.peek().is_some_and(|first| first == fleet::MODE) {
        let kubeconfig = arguments.nth(1).context("a kubeconfig is missing")?;
        return runtime.block_on(fleet::hold(kubeconfig.into()));
    }
    let arguments = arguments.map(|one| one.to_string_lossy().into_owned());
    runtime.block_on(measure(&Wanted::from_arguments(arguments)?))
}

/// What was asked for.
struct Wanted {
    nodes: usize,
    pods: usize,
    rounds: usize,
}

impl Wanted {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self {
            nodes: 500,
            pods: 10_000,
            rounds: 5,
        };
        while let Some(argument) = arguments.next() {
            let number = match argument.as_str() {
                "--nodes" => &mut wanted.nodes,
                "--pods" => &mut wanted.pods,
                "--rounds" => &mut wanted.rounds,
                other => bail!("{other} is none of: --nodes N, --pods N, --rounds N"),
            };
            let text = arguments.next().context("a number is missing")?;
            *number = text
                .parse()
                .with_context(|| format!("{text} is no number"))?;
        }
        ensure!(
            wanted.pods > FEW,
            "--pods must be more than {FEW}, with which the fleet is compared"
        );
        ensure!(wanted.nodes > 0 && wanted.rounds > 0, "0 measures nothing");
        Ok(wanted)
    }
}

/// What one round found, in the order of [`Peers`].
struct Round {
    curl: Cost,
    bytes: u64,
    kubectl: Option<Cost>,
    fleet: FleetCost,
    stack: Option<Cost>,
}

async fn measure(wanted: &Wanted) -> Result<()> {
    let start = Instant::now();
    let control_plane = ControlPlane::start().await?;
    let client = control_plane.client().await?;
    let names: Vec<String> = (0..wanted.nodes)
        .map(|index| format!("gpu-{index}"))
        .collect();
    let planned: Vec<nodes::Node> = names
        .iter()
        .map(|name| nodes::Node::with_gpus(name, nodes::H100))
        .collect();
    nodes::create(&client, &planned).await?;
    load::namespace(&client, NAMESPACE).await?;
    let add = async |prefix: &str, count| -> Result<()> {
        let batch = pods::Batch {
            namespace: NAMESPACE.to_owned(),
            prefix: prefix.to_owned(),
            count,
            nodes: names.clone(),
        };
        owned::create(&client, &batch).await
    };

    add("first", FEW).await?;
    report::step(start, &format!("{} nodes, {FEW} pods", wanted.nodes));
    let peers = Peers::find(control_plane.kubeconfig_path())?;
    let mut with_few = Vec::new();
    for _ in 0..wanted.rounds {
        with_few.push(peers.fleet(FEW)?);
    }

    add("engine", wanted.pods - FEW).await?;
    report::step(start, &format!("{} pods run", wanted.pods));
    let server = control_plane
        .pid(Component::ApiServer)
        .context("the API server ended")?;
    cost::until_at_rest(server)?;
    let busy_before = cost::busy_share()?;
    let mut rounds = Vec::new();
    for number in 1..=wanted.rounds {
        rounds.push(peers.round(wanted.pods)?);
        report::step(start, &format!("round {number} of {}", wanted.rounds));
    }

    println!(
        "\nthe machine's processors were {:.0} % busy before the rounds, {:.0} % after; \
         the API server holds {} MB\n",
        100.0 * busy_before,
        100.0 * cost::busy_share()?,
        cost::memory(server)?.resident / 1_000_000,
    );
    report::table(&rounds);
    report::memory(&with_few, &rounds, wanted.pods - FEW);
    Ok(())
}

/// The programs that are asked, all of the same API server.
struct Peers {
    kubeconfig: PathBuf,
    /// The arguments that make curl the kubeconfig's user, and the server's address.
    curl: Vec<String>,
    server: String,
    /// `strata`, where it was built beside this program.
    strata: Option<PathBuf>,
    has_kubectl: bool,
}

impl Peers {
    fn find(kubeconfig: &Path) -> Result<Self> {
        let file = Kubeconfig::read_from(kubeconfig)?;
        let cluster = file
            .clusters
            .first()
            .and_then(|named| named.cluster.clone());
        let user = file
            .auth_infos
            .first()
            .and_then(|named| named.auth_info.clone());
        let (cluster, user) = cluster.zip(user).context("the kubeconfig is empty")?;
        let curl = [
            ("--cacert", cluster.certificate_authority),
            ("--cert", user.client_certificate),
            ("--key", user.client_key),
        ]
        .into_iter()
        .filter_map(|(option, file)| Some([option.to_owned(), file?]))
        .flatten()
        .collect();
        let strata = std::env::current_exe()?.with_file_name("strata");
        Ok(Self {
            kubeconfig: kubeconfig.to_owned(),
            curl,
            server: cluster.server.context("the kubeconfig has no server")?,
            strata: strata.exists().then_some(strata),
            has_kubectl: cost::on_the_path("kubectl"),
        })
    }

    fn round(&self, pods: usize) -> Result<Round> {
        let (curl, bytes) = self.curl()?;
        Ok(Round {
            curl,
            bytes,
            kubectl: self.has_kubectl.then(|| self.kubectl(pods)).transpose()?,
            fleet: self.fleet(pods)?,
            stack: self
                .strata
                .as_deref()
                .map(|it| self.stack(it))
                .transpose()?,
        })
    }

    /// The whole list of pods in protobuf, thrown away: what the server takes. With its bytes.
    fn curl(&self) -> Result<(Cost, u64)> {
        let mut command = std::process::Command::new("curl");
        command
            .args([
                "--silent",
                "--show-error",
                "--fail",
                "--output",
                "/dev/null",
            ])
            .args(["--write-out", "%{size_download}"])
            .args(["--header", "Accept: application/vnd.kubernetes.protobuf"])
            .args(&self.curl)
            .arg(format!("{}/api/v1/pods", self.server));
        let (cost, output) = finish(&mut command)?;
        Ok((cost, output.trim().parse()?))
    }

    fn kubectl(&self, pods: usize) -> Result<Cost> {
        let mut command = std::process::Command::new("kubectl");
        command
            .args(["get", "pods", "--all-namespaces", "--kubeconfig"])
            .arg(&self.kubeconfig);
        let (cost, output) = finish(&mut command)?;
        let lines = output.lines().count().saturating_sub(1);
        ensure!(lines == pods, "kubectl shows {lines} pods of {pods}");
        Ok(cost)
    }

    fn fleet(&self, pods: usize) -> Result<FleetCost> {
        fleet::measure(&self.kubeconfig, pods)
    }

    fn stack(&self, strata: &Path) -> Result<Cost> {
        let data = tempfile::tempdir()?;
        let mut command = std::process::Command::new(strata);
        command
            .args(["stack", "--context", "real", "--data"])
            .arg(data.path())
            .env("KUBECONFIG", &self.kubeconfig);
        Ok(finish(&mut command)?.0)
    }
}
