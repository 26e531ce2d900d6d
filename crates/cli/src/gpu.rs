//! `strata gpu`: every GPU of a cluster, or where they go by node, model, namespace, queue, workload or
//! owner, or the claims of devices and what there is for them; as a table or as JSON, once or again and again.
//!
//! [`listing`] is one line a GPU, [`nodes`], [`parts`] and [`claims`] with [`devices`] are the others.

use std::process::ExitCode;

use serde_json::Value;
use strata_api::{
    phrases::Phrase,
    rows::{
        Row,
        gpu::{GpuColour, GpuExporters, GpuMapRow, GpuShareOf},
    },
    topics::{GpuGrouping, Topic},
};
use strata_app::Launch;
use tokio::time::{Instant, timeout_at};

use self::{claims::Claims, listing::Listing, nodes::Nodes, parts::Parts};
use crate::{
    arguments::{Gpu, GpuBy, Output},
    exit::{INCOMPLETE, answer, remark},
    plot,
    session::{Rows, Session},
    terminal,
};

mod claims;
mod devices;
mod listing;
mod nodes;
mod parts;
mod rule;

use self::rule::rule_for;

/// Shows what was asked for once every exporter was asked. Ends with 4 where not all is known.
pub(crate) async fn run(launch: Launch, gpu: &Gpu) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&gpu.target).await?;
    let deadline = Instant::now() + gpu.timeout;
    let complete = session
        .connect(&cluster, gpu.target.approve_plugin, gpu.timeout)
        .await?;
    let mut map = session.subscribe(map_of(&cluster, &gpu.filter)).await?;
    let head = wait_for_exporters(&mut map, deadline).await?;
    let is_measured = head.exporters.live == head.exporters.asked;
    let is_whole = complete && (gpu.claims || is_measured);
    let mut seen = Seen::read(&session, &cluster, gpu, head).await?;
    match (&gpu.plot, &seen) {
        (Some(file), Seen::Listing(listing)) => {
            plot::draw(&session, &cluster, gpu, &listing.gpus, file).await?;
        }
        _ => seen.show(&cluster, gpu)?,
    }
    if gpu.watch {
        // Until the program is interrupted.
        loop {
            map.next().await?;
            let Some(head) = head_of(&map) else {
                continue;
            };
            let now = Seen::read(&session, &cluster, gpu, head).await?;
            let before = std::mem::replace(&mut seen, now);
            if !seen.says_as(&before) {
                seen.show(&cluster, gpu)?;
            }
        }
    }
    seen.remark(gpu);
    drop(map);
    session.end().await;
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

pub(crate) fn map_of(cluster: &str, filter: &str) -> Topic {
    Topic::GpuMap {
        cluster: cluster.to_owned(),
        by: GpuGrouping::Rack,
        colour: GpuColour::State,
        seconds_ago: 0,
        filter: filter.to_owned(),
    }
}

/// Waits until every exporter of GPUs was asked once, or it is `deadline`.
pub(crate) async fn wait_for_exporters(
    map: &mut Rows,
    deadline: Instant,
) -> anyhow::Result<GpuMapRow> {
    loop {
        let heard = timeout_at(deadline, map.next()).await;
        let head = head_of(map);
        match (heard, head) {
            (Ok(heard), head) => {
                heard?;
                if let Some(head) = head.filter(|head| head.is_whole && is_asked(&head.exporters)) {
                    return Ok(head);
                }
            }
            (Err(_), Some(head)) => return Ok(head),
            (Err(_), None) => anyhow::bail!("the list of GPUs did not come in time"),
        }
    }
}

fn is_asked(exporters: &GpuExporters) -> bool {
    exporters.live + exporters.stale + exporters.failed >= exporters.asked
}

fn head_of(map: &Rows) -> Option<GpuMapRow> {
    map.iter().find_map(|row| match row {
        Row::GpuMap(head) => Some(head.clone()),
        _ => None,
    })
}

/// What was asked for, as it was at one moment.
enum Seen {
    Listing(Listing),
    Nodes(Nodes),
    Parts(Box<Parts>),
    Claims(Box<Claims>),
}

impl Seen {
    async fn read(
        session: &Session,
        cluster: &str,
        gpu: &Gpu,
        head: GpuMapRow,
    ) -> anyhow::Result<Self> {
        if gpu.claims {
            let claims = Claims::read(session, cluster).await?;
            return Ok(Self::Claims(Box::new(claims)));
        }
        let of = match gpu.by {
            None => {
                let listing = Listing::read(session, cluster, &gpu.filter, head).await?;
                return Ok(Self::Listing(listing));
            }
            Some(GpuBy::Node) => {
                let nodes = Nodes::read(session, cluster, head).await?;
                return Ok(Self::Nodes(nodes));
            }
            Some(GpuBy::Model) => GpuShareOf::Model,
            Some(GpuBy::Namespace) => GpuShareOf::Namespace,
            Some(GpuBy::Queue) => GpuShareOf::Queue,
            Some(GpuBy::Workload) => GpuShareOf::Workload,
            Some(GpuBy::Owner) => GpuShareOf::Owner,
        };
        let parts = Parts::read(session, cluster, of, gpu, head).await?;
        Ok(Self::Parts(Box::new(parts)))
    }

    /// Whether the same is told as in `before`, whenever that was.
    fn says_as(&self, before: &Self) -> bool {
        match (self, before) {
            (Self::Listing(one), Self::Listing(other)) => one.gpus == other.gpus,
            (Self::Nodes(one), Self::Nodes(other)) => one.nodes == other.nodes,
            (Self::Parts(one), Self::Parts(other)) => one.rows == other.rows,
            (Self::Claims(one), Self::Claims(other)) => one == other,
            _ => false,
        }
    }

    fn show(&self, cluster: &str, gpu: &Gpu) -> anyhow::Result<()> {
        match gpu.output {
            Output::Json if gpu.watch => answer(&format!("{}\n", self.json(cluster))),
            Output::Json => answer(&format!("{:#}\n", self.json(cluster))),
            Output::Table => {
                let screen = terminal::screen();
                let text = self.text(screen.map(|screen| screen.columns));
                if gpu.watch {
                    answer(&terminal::anew(&text, screen))
                } else {
                    answer(&text)
                }
            }
        }
    }

    fn text(&self, room: Option<usize>) -> String {
        match self {
            Self::Listing(listing) => listing.text(room),
            Self::Nodes(nodes) => nodes.text(room),
            Self::Parts(parts) => parts.text(room),
            Self::Claims(claims) => claims.text(room),
        }
    }

    fn json(&self, cluster: &str) -> Value {
        match self {
            Self::Listing(listing) => listing.json(cluster),
            Self::Nodes(nodes) => nodes.json(cluster),
            Self::Parts(parts) => parts.json(cluster),
            Self::Claims(claims) => claims.json(cluster),
        }
    }

    /// Says why what is shown is not whole, or nothing.
    fn remark(&self, gpu: &Gpu) {
        let head = match self {
            Self::Listing(listing) => &listing.head,
            Self::Nodes(nodes) => &nodes.head,
            Self::Parts(parts) => {
                if let Some(said) = parts.unused_prices(gpu) {
                    remark(&said);
                }
                &parts.head
            }
            Self::Claims(claims) => {
                if claims.is_empty() {
                    remark("no ResourceClaim is here, or they may not be listed");
                }
                for doubt in claims.devices.doubts() {
                    remark(&doubt);
                }
                return;
            }
        };
        if head.states.total == 0 {
            if gpu.filter.is_empty() {
                remark("no GPUs here: no node has any, by a device plugin or a ResourceSlice");
            } else {
                remark(&format!("no GPU is let through by `{}`", gpu.filter));
            }
            return;
        }
        let exporters = &head.exporters;
        if !exporters.forbidden.is_empty() {
            remark(&format!("not measured: {}", exporters.forbidden));
            if let Some(rule) = rule_for(&exporters.forbidden) {
                remark(&format!("an administrator permits it with: {rule}"));
            }
        }
        if exporters.failed + exporters.stale > 0 && !exporters.failure.is_empty() {
            remark(&format!(
                "{} of {} exporters told nothing: {}",
                exporters.failed + exporters.stale,
                exporters.asked,
                exporters.failure
            ));
        }
        if exporters.asked == 0 {
            remark(
                "no exporter of GPU metrics was found, so only what Kubernetes knows is shown; \
                 the DCGM exporter measures NVIDIA GPUs",
            );
        }
    }
}

/// `row` as JSON, with its reason as a sentence.
fn with_reason(mut row: Value, reason: Option<&Phrase>) -> Value {
    if let (Some(object), Some(reason)) = (row.as_object_mut(), reason) {
        object.insert("reason".to_owned(), Value::from(reason.english()));
    }
    row
}

/// `count` of `one` thing, or of several.
fn counted(count: u32, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// What devices do, added up; `-` where nothing of it is known.
fn added_up(used: Option<f64>) -> String {
    used.map_or_else(|| "-".to_owned(), |used| format!("{used:.1}"))
}
