//! The engine as a command uses it: subscribe, and wait for a state.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, bail};
use serde::{Serialize, de::DeserializeOwned};
use strata_api::{
    frames::{Body, Frame},
    operations::{ApproveCredentialPlugin, Nothing, OneCluster},
    rows::{
        Row,
        cluster::{ClusterRow, Connection, ContextProblemRow},
    },
    topics::{Topic, Window},
};
use strata_app::{Engine, Launch, SinkClosed, SubscriptionId};
use tokio::sync::mpsc;

use crate::{
    arguments::Target,
    exit::{Unreachable, remark},
    journal,
    table::visible,
};

/// A started engine.
pub(crate) struct Session {
    pub(crate) engine: Engine,
}

impl Session {
    pub(crate) async fn start(launch: Launch) -> anyhow::Result<Self> {
        let session = Self {
            engine: strata_app::start(launch).await?,
        };
        for told in journal::interrupted(&session).await? {
            remark(&visible(&told));
        }
        Ok(session)
    }

    /// Asks one operation.
    pub(crate) async fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        operation: &str,
        request: &Q,
    ) -> anyhow::Result<A> {
        let answer = self
            .engine
            .call(operation, serde_json::to_value(request)?)
            .await?;
        serde_json::from_value(answer).with_context(|| format!("reading the answer to {operation}"))
    }

    /// Subscribes; the rows are kept in order.
    pub(crate) async fn subscribe(&self, topic: Topic) -> anyhow::Result<Rows> {
        let (sender, frames) = mpsc::unbounded_channel();
        let sink = move |frame: Frame| sender.send(frame).map_err(|_| SinkClosed);
        let subscription = self.engine.subscribe(topic, Box::new(sink)).await?;
        Ok(Rows {
            engine: self.engine.clone(),
            subscription,
            frames,
            ids: Vec::new(),
            by_id: HashMap::new(),
        })
    }

    /// Every row that `pick` takes of the topic that `topic` makes for a window, window by window.
    pub(crate) async fn all<T>(
        &self,
        topic: impl Fn(Window) -> Topic,
        pick: impl Fn(&Row) -> Option<T>,
    ) -> anyhow::Result<Vec<T>> {
        let mut all = Vec::new();
        loop {
            let window = Window {
                first: u32::try_from(all.len())?,
                count: Window::MOST,
            };
            let mut rows = self.subscribe(topic(window)).await?;
            rows.next().await?;
            let before = all.len();
            all.extend(rows.iter().filter_map(&pick));
            if all.len() - before < Window::MOST as usize {
                return Ok(all);
            }
        }
    }

    /// The contexts and the problems of their files.
    pub(crate) async fn contexts(
        &self,
    ) -> anyhow::Result<(Vec<ClusterRow>, Vec<ContextProblemRow>)> {
        let mut rows = self.subscribe(Topic::Clusters {}).await?;
        rows.next().await?;
        let mut contexts = Vec::new();
        let mut problems = Vec::new();
        for row in rows.iter() {
            match row {
                Row::Cluster(row) => contexts.push(row.clone()),
                Row::ContextProblem(row) => problems.push(row.clone()),
                _ => {}
            }
        }
        Ok((contexts, problems))
    }

    /// The id of the cluster that the command line names.
    pub(crate) async fn choose(&self, target: &Target) -> anyhow::Result<String> {
        let (contexts, problems) = self.contexts().await?;
        if target.demo {
            let demo = contexts.iter().find(|context| context.is_demo);
            return Ok(demo
                .context("this build has no demo cluster")?
                .cluster
                .clone());
        }
        let real = || contexts.iter().filter(|context| !context.is_demo);
        let Some(name) = &target.context else {
            return real()
                .find(|context| context.is_current)
                .map(|context| context.cluster.clone())
                .context(
                    "no current context: name one with --context (`strata contexts` lists them), \
                     or take --demo",
                );
        };
        let named: Vec<&ClusterRow> = real()
            .filter(|context| context.name == *name || context.cluster == *name)
            .collect();
        match named.as_slice() {
            [one] => Ok(one.cluster.clone()),
            [] => {
                for problem in &problems {
                    remark(&format!("{}: {}", problem.file, problem.message));
                }
                bail!("no context is called `{name}`; `strata contexts` lists them")
            }
            several => {
                let files: Vec<String> = several
                    .iter()
                    .map(|context| format!("--context '{}'", context.cluster))
                    .collect();
                bail!(
                    "several files have a context `{name}`; choose one of\n  {}",
                    files.join("\n  ")
                )
            }
        }
    }

    /// What the context of `cluster` is called.
    pub(crate) async fn name_of(&self, cluster: &str) -> anyhow::Result<String> {
        let (contexts, _) = self.contexts().await?;
        let named = contexts.into_iter().find(|one| one.cluster == cluster);
        Ok(named.map_or_else(|| cluster.to_owned(), |one| one.name))
    }

    /// The namespace that the context of `cluster` names; `default` where it names none.
    pub(crate) async fn namespace(&self, cluster: &str) -> anyhow::Result<String> {
        let (contexts, _) = self.contexts().await?;
        let context = contexts
            .into_iter()
            .find(|context| context.cluster == cluster);
        Ok(context
            .map(|context| context.namespace)
            .filter(|namespace| !namespace.is_empty())
            .unwrap_or_else(|| "default".to_owned()))
    }

    /// Connects, and waits until every list has been read once or `timeout` has passed. Returns
    /// whether all lists came.
    pub(crate) async fn connect(
        &self,
        cluster: &str,
        approve_plugin: bool,
        timeout: Duration,
    ) -> anyhow::Result<bool> {
        let mut rows = self.subscribe(Topic::Clusters {}).await?;
        let request = OneCluster {
            cluster: cluster.to_owned(),
        };
        let Nothing {} = self.call("connect_cluster", &request).await?;
        let mut last = Connection::Idle;
        let waited = tokio::time::timeout(timeout, async {
            loop {
                rows.next().await?;
                let Some(row) = rows.cluster(cluster) else {
                    continue;
                };
                if row.connection == last {
                    continue;
                }
                last = row.connection.clone();
                match &last {
                    Connection::Live { complete: true, .. } => return Ok(()),
                    Connection::Failed {
                        message, advice, ..
                    } => {
                        bail!(Unreachable(format!("{message}. {advice}")));
                    }
                    Connection::NeedsApproval { command, digest } => {
                        self.approve(approve_plugin, command, digest).await?;
                    }
                    _ => {}
                }
            }
        })
        .await;
        match waited {
            Ok(outcome) => outcome.map(|()| true),
            Err(_)
                if matches!(
                    rows.cluster(cluster).map(|row| &row.connection),
                    Some(Connection::Live { .. })
                ) =>
            {
                Ok(false)
            }
            Err(_) => bail!(Unreachable(format!(
                "{cluster} did not answer within {timeout:?}; `strata doctor` tries each step"
            ))),
        }
    }

    async fn approve(&self, approve: bool, command: &str, digest: &str) -> anyhow::Result<()> {
        if !approve {
            bail!(Unreachable(format!(
                "the context runs a credential plugin that was not approved yet: `{command}`; \
                 run again with --approve-plugin to run it now and later"
            )));
        }
        let request = ApproveCredentialPlugin {
            digest: digest.to_owned(),
        };
        let Nothing {} = self.call("approve_credential_plugin", &request).await?;
        Ok(())
    }

    pub(crate) async fn end(self) {
        self.engine.shutdown().await;
    }
}

/// The rows of a subscription, as of the last frame that was waited for.
pub(crate) struct Rows {
    engine: Engine,
    subscription: SubscriptionId,
    frames: mpsc::UnboundedReceiver<Frame>,
    ids: Vec<String>,
    by_id: HashMap<String, Row>,
}

impl Rows {
    /// Waits for the next frame and applies it.
    pub(crate) async fn next(&mut self) -> anyhow::Result<()> {
        let frame = self.frames.recv().await.context("the engine stopped")?;
        let seq = frame.seq();
        match frame {
            Frame::Snapshot { body, .. } => {
                self.by_id.clear();
                self.ids.clear();
                self.apply(body);
            }
            Frame::Delta { body, .. } => self.apply(body),
            Frame::Heartbeat { .. } => {}
            Frame::End { reason, .. } => bail!("the subscription ended: {reason:?}"),
        }
        self.engine.acknowledge(self.subscription, seq);
        Ok(())
    }

    fn apply(&mut self, body: Body) {
        for id in &body.drop {
            self.by_id.remove(id);
        }
        for keyed in body.upsert {
            self.by_id.insert(keyed.id, keyed.row);
        }
        if let Some(order) = body.order {
            self.ids = order;
        }
    }

    /// The rows, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.ids.iter().filter_map(|id| self.by_id.get(id))
    }

    fn cluster(&self, id: &str) -> Option<&ClusterRow> {
        self.iter().find_map(|row| match row {
            Row::Cluster(row) if row.cluster == id => Some(row),
            _ => None,
        })
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.engine.unsubscribe(self.subscription);
    }
}
