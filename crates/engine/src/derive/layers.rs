//! The five bands: the headline of each, what stands under its name, and which kinds it is made of.

use std::collections::BTreeSet;

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::stack::Headline,
};
use strata_catalog::{Catalog, Phase, Profile, Purpose};
use strata_domain::{layer::Layer, pod::Phase as PodPhase, severity::Severity, text::Text};

use super::{Derived, pods::seconds};
use crate::fleet::cluster::Cluster;

mod known;
#[cfg(test)]
mod tests;

use known::{Known, forbidden, kinds_of, seen_in};

/// A band.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerState {
    /// Which layer.
    pub layer: Layer,
    /// What stands under its name.
    pub counts: Vec<Phrase>,
    /// Its figure; absent while nothing it is made of is known.
    pub headline: Option<Headline>,
    /// Missing permissions.
    pub forbidden: Vec<String>,
    /// Where those that are missing in the whole cluster are there: what is told of their kinds is
    /// of these namespaces alone.
    pub namespaces: BTreeSet<Text>,
    /// Whether lists that it is made of are still to come.
    pub is_loading: bool,
}

/// The bands, from top to bottom.
pub(super) fn layers(
    derived: &Derived,
    cluster: &Cluster,
    catalog: &Catalog,
    now: Timestamp,
) -> Vec<LayerState> {
    let made_of = |layer| kinds_of(layer, catalog);
    Layer::TOP_DOWN
        .into_iter()
        .map(|layer| {
            let kinds = made_of(layer);
            let (headline, counts) = match layer {
                Layer::Workloads => (Some(workloads(derived)), profiles(derived)),
                Layer::Lifecycle => (
                    Some(lifecycle(derived, now)),
                    component_count(derived, layer),
                ),
                Layer::Platform => (
                    Some(platform(derived, cluster, now)),
                    component_count(derived, layer),
                ),
                Layer::Infrastructure => {
                    (Some(infrastructure(derived)), machines(derived, cluster))
                }
                Layer::Hardware => (hardware(derived), devices(derived)),
            };
            let known = Known::of(layer, cluster, derived);
            LayerState {
                layer,
                counts: if known.counts { counts } else { Vec::new() },
                headline: headline.filter(|_| known.headline),
                forbidden: forbidden(cluster, &kinds),
                namespaces: seen_in(cluster, &kinds),
                is_loading: cluster
                    .watches()
                    .any(|(kind, watch)| kinds.contains(kind) && !watch.is_settled()),
            }
        })
        .collect()
}

fn count(code: PhraseCode, count: usize) -> Phrase {
    Phrase::new(code).with("count", count)
}

/// A line that is left out where there is nothing to count.
fn some(code: PhraseCode, counted: usize) -> Option<Phrase> {
    (counted > 0).then(|| count(code, counted))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of objects are far below 2^52"
)]
fn figure(count: usize) -> f64 {
    count as f64
}

fn component_count(derived: &Derived, layer: Layer) -> Vec<Phrase> {
    let components = derived
        .components
        .states
        .iter()
        .filter(|state| state.layer == layer)
        .count();
    vec![count(PhraseCode::ComponentCount, components)]
}

fn profiles(derived: &Derived) -> Vec<Phrase> {
    let of = |wanted: Option<Profile>| {
        let all = derived.applications.list.iter();
        all.filter(|application| {
            application
                .profile
                .filter(|profile| *profile != Profile::Both)
                == wanted
        })
        .count()
    };
    let lines = [
        some(PhraseCode::GenerativeCount, of(Some(Profile::Generative))),
        some(PhraseCode::PredictiveCount, of(Some(Profile::Predictive))),
        some(PhraseCode::OtherApplicationCount, of(None)),
    ];
    lines.into_iter().flatten().collect()
}

fn machines(derived: &Derived, cluster: &Cluster) -> Vec<Phrase> {
    let mut lines = vec![count(PhraseCode::MachineCount, derived.nodes.len())];
    let provider = cluster
        .nodes()
        .filter_map(|node| node.provider_id.split_once("://").map(|(scheme, _)| scheme))
        .max();
    let region = cluster
        .nodes()
        .filter_map(|node| node.metadata.labels.get("topology.kubernetes.io/region"))
        .max();
    let place: Vec<&str> = provider.into_iter().chain(region).collect();
    if !place.is_empty() {
        lines.push(Phrase::new(PhraseCode::Place).with("place", place.join(", ")));
    }
    lines
}

fn devices(derived: &Derived) -> Vec<Phrase> {
    let total: u32 = derived
        .accelerators
        .nodes()
        .map(|(_, node)| node.total)
        .sum();
    let nodes = derived.accelerators.nodes().count();
    let mut lines = vec![Phrase::new(PhraseCode::GpuCount).with("count", total)];
    lines.extend(some(PhraseCode::GpuNodeCount, nodes));
    lines
}

fn hardware(derived: &Derived) -> Option<Headline> {
    let sum = |pick: fn(&super::hardware::HardwareModel) -> u32| -> u32 {
        derived
            .hardware
            .iter()
            .filter(|model| model.maker.is_some())
            .map(pick)
            .sum()
    };
    let total = sum(|model| model.total);
    if total == 0 {
        let cores = derived.cpu_cores;
        return (cores > 0).then(|| Headline {
            value: figure(usize::try_from(cores).unwrap_or(usize::MAX)),
            of: None,
            label: Phrase::new(PhraseCode::CpuCores).with("count", cores),
            details: vec![Phrase::new(PhraseCode::NoGpus)],
            source: Phrase::new(PhraseCode::SourceNodeCapacity),
        });
    }
    let allocated = sum(|model| model.allocated);
    let has_pods = derived.are_pods_known;
    let details = [
        some(
            PhraseCode::GpusFree,
            if has_pods { free(derived) } else { 0 },
        ),
        some(
            PhraseCode::GpusUnhealthy,
            sum(|model| model.unhealthy) as usize,
        ),
        some(PhraseCode::GpusUnknown, sum(|model| model.unknown) as usize),
    ];
    let (value, label) = if has_pods {
        (
            allocated,
            Phrase::new(PhraseCode::GpusAllocated).with("total", total),
        )
    } else {
        (
            total,
            Phrase::new(PhraseCode::GpusUntold).with("count", total),
        )
    };
    Some(Headline {
        value: f64::from(value),
        of: None,
        label,
        details: details.into_iter().flatten().collect(),
        source: Phrase::new(PhraseCode::SourceDevices),
    })
}

/// Devices that a pod could get now: healthy, not held, on a node that is ready and takes pods.
fn free(derived: &Derived) -> usize {
    let free = derived.accelerators.nodes().filter_map(|(name, node)| {
        let state = derived.nodes.get(name)?;
        (state.is_ready && !state.is_cordoned)
            .then(|| (node.total - node.unhealthy).saturating_sub(node.allocated) as usize)
    });
    free.sum()
}

fn infrastructure(derived: &Derived) -> Headline {
    let nodes = derived.nodes.values();
    let ready = nodes.clone().filter(|node| node.is_ready).count();
    let cordoned = nodes.clone().filter(|node| node.is_cordoned).count();
    let all = nodes.count();
    let details = [
        some(PhraseCode::NodesNotReady, all - ready),
        some(PhraseCode::NodesCordoned, cordoned),
    ];
    Headline {
        value: figure(ready),
        of: Some(figure(all)),
        label: Phrase::new(PhraseCode::NodesReady),
        details: details.into_iter().flatten().collect(),
        source: Phrase::new(PhraseCode::SourceNodeConditions),
    }
}

fn platform(derived: &Derived, cluster: &Cluster, now: Timestamp) -> Headline {
    let mut details = Vec::new();
    let (value, label, source) = if let Some(waiting) = derived.queues.waiting {
        if let Some(oldest) = derived.queues.oldest {
            details.push(
                Phrase::new(PhraseCode::OldestWaits)
                    .with("waited", seconds(now.duration_since(oldest))),
            );
        }
        let label = Phrase::new(PhraseCode::WorkloadsPending).with("count", waiting);
        (waiting as usize, label, PhraseCode::SourceQueues)
    } else {
        let unplaced = cluster
            .pods()
            .filter(|pod| pod.node.is_empty() && pod.phase == PodPhase::Pending)
            .count();
        let label = count(PhraseCode::PodsUnplaced, unplaced);
        (unplaced, label, PhraseCode::SourcePods)
    };
    if let Some(kubernetes) = derived.components.get("kubernetes") {
        let version = kubernetes.versions.commonest();
        if !version.is_empty() {
            details.push(Phrase::new(PhraseCode::KubernetesVersion).with("version", version));
        }
        if let Some(ready) = kubernetes.ready {
            details.push(
                Phrase::new(PhraseCode::ControlPlaneReady)
                    .with("ready", ready.ready)
                    .with("desired", ready.desired),
            );
        }
    }
    Headline {
        value: figure(value),
        of: None,
        label,
        details,
        source: Phrase::new(source),
    }
}

fn lifecycle(derived: &Derived, now: Timestamp) -> Headline {
    let applications = || derived.applications.list.iter();
    let is_job = |purpose: Option<Purpose>| {
        matches!(
            purpose,
            Some(Purpose::Training | Purpose::Batch | Purpose::Pipeline | Purpose::Data)
        )
    };
    let jobs = || applications().filter(|application| is_job(application.purpose));
    let runs = |phase: Phase| matches!(phase, Phase::Running | Phase::Degraded | Phase::Restarting);
    let running = jobs().filter(|job| runs(job.phase)).count();
    let waiting = || {
        jobs().filter(|job| matches!(job.phase, Phase::Queued | Phase::Admitted | Phase::Pending))
    };
    let of = |purpose: Purpose| {
        applications()
            .filter(|application| application.purpose == Some(purpose) && runs(application.phase))
            .count()
    };
    let oldest = waiting().filter_map(|job| job.since).min();
    let wait = waiting().count();
    let mut details = Vec::new();
    match oldest {
        Some(oldest) if wait > 0 => details.push(
            count(PhraseCode::JobsWaitOldest, wait)
                .with("waited", seconds(now.duration_since(oldest))),
        ),
        _ => details.extend(some(PhraseCode::JobsWait, wait)),
    }
    details.extend(some(PhraseCode::TrainingRuns, of(Purpose::Training)));
    details.extend(some(PhraseCode::ServicesRun, of(Purpose::Serving)));
    details.extend(some(PhraseCode::NotebooksRun, of(Purpose::Notebook)));
    details.extend(some(PhraseCode::PipelinesRun, of(Purpose::Pipeline)));
    Headline {
        value: figure(running),
        of: None,
        label: count(PhraseCode::JobsRunning, running),
        details,
        source: Phrase::new(PhraseCode::SourceApplications),
    }
}

fn workloads(derived: &Derived) -> Headline {
    // What is stopped on purpose is neither ready nor missing.
    let wanted = || {
        let all = derived.applications.list.iter();
        all.filter(|application| application.severity != Severity::Paused)
    };
    let ready = wanted()
        .filter(|application| {
            let is_whole = application
                .ready
                .is_none_or(|ready| ready.ready >= ready.desired);
            application.phase == Phase::Running && is_whole
        })
        .count();
    let paused = derived.applications.list.len() - wanted().count();
    let gpus: u32 = wanted().map(|application| application.gpus).sum();
    let details = [
        (gpus > 0).then(|| Phrase::new(PhraseCode::GpusAsked).with("count", gpus)),
        some(PhraseCode::ApplicationsPaused, paused),
    ];
    Headline {
        value: figure(ready),
        of: Some(figure(wanted().count())),
        label: Phrase::new(PhraseCode::ApplicationsReady),
        details: details.into_iter().flatten().collect(),
        source: Phrase::new(PhraseCode::SourceApplications),
    }
}
