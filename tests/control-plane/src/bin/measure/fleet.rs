//! The engine in a process of its own, so that its memory is its own: connected as the application
//! connects, held once every list is in the fleet, and read from outside.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use strata_api::{
    frames::{Body, Frame},
    rows::{Row, cluster::Connection},
    topics::{PodColumn, PodSort, Topic, Window},
};
use strata_app::{Engine, Launch, SinkClosed};
use strata_control_plane_tests::cost::{self, Memory};
use tokio::sync::mpsc;

/// The first argument that makes this program the measured process.
pub(crate) const MODE: &str = "hold-fleet";

/// How long the fleet is left alone before what it holds, and what idling costs, is read.
const REST: Duration = Duration::from_secs(5);

/// What the engine took to hold a cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FleetCost {
    /// From the start of the process until every list was in the fleet and said so.
    pub(crate) wall: Duration,
    /// Processor time until then, in seconds.
    pub(crate) cpu_seconds: f64,
    /// What it holds after a rest.
    pub(crate) memory: Memory,
    /// The share of one core while it rested.
    pub(crate) idle: f64,
}

/// Starts the engine in a process, waits until it holds the cluster with its `pods`, and ends it.
pub(crate) fn measure(kubeconfig: &Path, pods: usize) -> Result<FleetCost> {
    let start = Instant::now();
    let mut held = Held::start(kubeconfig)?;
    let pid = held.process.id();
    held.expect("live")?;
    let wall = start.elapsed();
    let cpu_seconds = cost::cpu_seconds(pid)?;
    std::thread::sleep(REST);
    let memory = cost::memory(pid)?;
    let idle = (cost::cpu_seconds(pid)? - cpu_seconds) / REST.as_secs_f64();
    // Counting comes last: it costs the engine a projection of all pods.
    held.ask("count")?;
    held.expect(&pods.to_string())?;
    Ok(FleetCost {
        wall,
        cpu_seconds,
        memory,
        idle,
    })
}

/// The measured process. It ends when its standard input closes.
struct Held {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Held {
    fn start(kubeconfig: &Path) -> Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(MODE)
            .arg(kubeconfig)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().context("its input is piped")?;
        let from = process.stdout.take().context("its output is piped")?;
        Ok(Self {
            process,
            to,
            from: BufReader::new(from),
        })
    }

    fn ask(&mut self, what: &str) -> Result<()> {
        Ok(writeln!(self.to, "{what}")?)
    }

    fn expect(&mut self, answer: &str) -> Result<()> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let line = line.trim();
        ensure!(line == answer, "the fleet says {line:?}, not {answer:?}");
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // It may have ended already; waiting collects it either way.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The measured process: connects, says `live`, and answers every line with how many pods it holds.
pub(crate) async fn hold(kubeconfig: PathBuf) -> Result<()> {
    let launch = Launch {
        kubeconfigs: Some(vec![kubeconfig]),
        ..Launch::isolated()
    };
    let engine = strata_app::start(launch).await?;
    let mut clusters = follow(&engine, Topic::Clusters {}).await?;
    let mut asked = None;
    let cluster = loop {
        let body = clusters.recv().await.context("the engine stopped")?;
        let Some(row) = body.upsert.into_iter().find_map(|keyed| match keyed.row {
            Row::Cluster(row) if !row.is_demo => Some(row),
            _ => None,
        }) else {
            continue;
        };
        if asked.is_none() {
            let request = json!({ "cluster": row.cluster });
            engine.call("connect_cluster", request).await?;
            asked = Some(row.cluster);
            continue;
        }
        match row.connection {
            Connection::Live { complete: true, .. } => break row.cluster,
            Connection::Failed { message, .. } => bail!("not connected: {message}"),
            _ => {}
        }
    };
    answer("live");
    for line in std::io::stdin().lines() {
        line?;
        answer(&count(&engine, &cluster).await?.to_string());
    }
    engine.shutdown().await;
    Ok(())
}

async fn count(engine: &Engine, cluster: &str) -> Result<u32> {
    let topic = Topic::Pods {
        cluster: cluster.to_owned(),
        of: None,
        namespaces: Vec::new(),
        filter: String::new(),
        sort: PodSort {
            by: PodColumn::Name,
            descending: false,
        },
        window: Window { first: 0, count: 1 },
    };
    let mut pods = follow(engine, topic).await?;
    Ok(pods.recv().await.context("the engine stopped")?.total)
}

/// Subscribes; what changed, frame by frame.
async fn follow(engine: &Engine, topic: Topic) -> Result<mpsc::UnboundedReceiver<Body>> {
    let (frames, mut coming) = mpsc::unbounded_channel();
    let sink = move |frame: Frame| frames.send(frame).map_err(|_| SinkClosed);
    let subscription = engine.subscribe(topic, Box::new(sink)).await?;
    let (bodies, changes) = mpsc::unbounded_channel();
    let engine = engine.clone();
    tokio::spawn(async move {
        while let Some(frame) = coming.recv().await {
            engine.acknowledge(subscription, frame.seq());
            if let Frame::Snapshot { body, .. } | Frame::Delta { body, .. } = frame
                && bodies.send(body).is_err()
            {
                break;
            }
        }
        engine.unsubscribe(subscription);
    });
    Ok(changes)
}

#[expect(clippy::print_stdout, reason = "it answers whoever started it")]
fn answer(line: &str) {
    println!("{line}");
}
