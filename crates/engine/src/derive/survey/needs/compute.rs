//! Computational power, and training.

use strata_api::{
    phrases::{Phrase, PhraseCode, PhraseValue},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_catalog::Capability;
use strata_domain::node::Node;

use super::super::{
    Build, Ground, assessed,
    conformance::GANG_SCHEDULERS,
    facts,
    presence::{Ability, names},
    unlisted,
};

/// Specialized hardware: accelerators that may be used.
pub(super) fn accelerated(ground: Ground<'_>) -> Assessment {
    let models = || {
        let all = ground.derived.hardware.iter();
        all.filter(|model| model.maker.is_some())
    };
    let total: u32 = models().map(|model| model.total).sum();
    if total == 0 {
        return no_accelerators(ground);
    }
    let usable: u32 = models().map(|model| model.usable).sum();
    let counted: Vec<String> = models()
        .map(|model| format!("{} × {}", model.total, model.name))
        .collect();
    let memory = memory_bytes(ground);
    let code = match (usable == total, memory > 0.0) {
        (false, _) => PhraseCode::NeedAcceleratorsIll,
        (true, true) => PhraseCode::NeedAcceleratorsMemory,
        (true, false) => PhraseCode::NeedAccelerators,
    };
    let mut reason = Phrase::new(code)
        .with("count", total)
        .with("models", counted.join(", "));
    match code {
        PhraseCode::NeedAcceleratorsIll => reason = reason.with("usable", usable),
        PhraseCode::NeedAcceleratorsMemory => {
            reason
                .values
                .insert("memory".to_owned(), PhraseValue::Bytes(memory));
        }
        _ => {}
    }
    // One node of each model proves the model.
    let nodes = models().filter_map(|model| ground.cluster.node(model.nodes.iter().next()?));
    let evidence = nodes.flat_map(of_node);
    if usable == 0 {
        let remedy = Phrase::new(PhraseCode::ActMendAccelerators);
        return assessed(Answer::NotMet, reason)
            .remedied(remedy)
            .shown_by(evidence);
    }
    assessed(Answer::Met, reason)
        .shown_by(evidence)
        .shown_by(largest_gang(ground))
}

fn of_node(node: &Node) -> Vec<Evidence> {
    let memory = "nvidia.com/gpu.memory";
    let mut lines: Vec<Evidence> = facts::of_node_accelerators(node).take(1).collect();
    if node.metadata.labels.get(memory).is_some() {
        lines.push(facts::of_node_label(node, memory));
    }
    if lines.is_empty() {
        lines.push(facts::of_node_ready(node));
    }
    lines
}

/// The memory of all accelerators together, as far as nodes tell (in MiB a device, the label that
/// NVIDIA's feature discovery writes).
#[expect(
    clippy::cast_precision_loss,
    reason = "far below 2^53 MiB of memory are in a cluster"
)]
fn memory_bytes(ground: Ground<'_>) -> f64 {
    let of = |(name, known): (_, &crate::derive::accelerators::NodeAccelerators)| {
        let name: &strata_domain::text::Text = name;
        let node = ground.cluster.node(name)?;
        let mebibytes: u64 = node
            .metadata
            .labels
            .get("nvidia.com/gpu.memory")?
            .parse()
            .ok()?;
        Some((mebibytes << 20) as f64 * f64::from(known.total))
    };
    ground.derived.accelerators.nodes().filter_map(of).sum()
}

/// The application that holds the most accelerators.
fn largest_gang(ground: Ground<'_>) -> Option<Evidence> {
    let applications = ground.derived.applications.list.iter();
    let largest = applications.max_by_key(|application| application.gpus)?;
    (largest.gpus > 0).then(|| Evidence {
        group: largest.kind.group.to_string(),
        kind: largest.kind.kind.to_string(),
        namespace: largest.key.namespace.to_string(),
        name: largest.key.name.to_string(),
        field: "GPU".to_owned(),
        value: largest.gpus.to_string(),
        since: largest.since.map(|at| at.to_string()),
        subject: Some(largest.subject.clone()),
    })
}

/// "No node has an accelerator", where nodes were listed.
pub(in super::super) fn no_accelerators(ground: Ground<'_>) -> Assessment {
    if !ground.is_listed("", "Node") {
        return assessed(Answer::Unknown, unlisted(&["Node".to_owned()]));
    }
    assessed(Answer::NotMet, Phrase::new(PhraseCode::NeedNoAccelerators))
        .remedied(Phrase::new(PhraseCode::ActAccelerators))
        .shown_by(ground.cluster.nodes().take(1).map(facts::of_node_ready))
}

/// General-purpose hardware can suffice: cores.
pub(super) fn general(ground: Ground<'_>) -> Assessment {
    if !ground.is_listed("", "Node") {
        return assessed(Answer::Unknown, unlisted(&["Node".to_owned()]));
    }
    let ready = ground.derived.nodes.values().filter(|node| node.is_ready);
    let ready = ready.count();
    let reason = Phrase::new(PhraseCode::NeedCores)
        .with("cores", ground.derived.cpu_cores)
        .with("nodes", ready);
    let answer = if ready > 0 {
        Answer::Met
    } else {
        Answer::NotMet
    };
    let largest = ground
        .cluster
        .nodes()
        .max_by_key(|node| (node.allocatable.cpu_millicores, &node.metadata.key.name));
    let evidence = largest.map(|node| {
        let cores = (node.allocatable.cpu_millicores / 1000).to_string();
        facts::of_node(node, "status.allocatable[cpu]", cores)
    });
    assessed(answer, reason).shown_by(evidence)
}

/// Complex training: an operator that trains, gangs that start whole, accelerators.
pub(super) fn training(ground: Ground<'_>) -> Assessment {
    let operators = ground.serving(Capability::DistributedTraining);
    let gangs = ground.present_of(&GANG_SCHEDULERS);
    let able = |all: &[super::super::presence::Present<'_>]| {
        all.iter().any(|one| one.ability == Ability::Able)
    };
    let evidence = || {
        let both = operators.iter().chain(&gangs);
        both.filter_map(|one| one.evidence.first().cloned())
            .collect::<Vec<_>>()
    };
    let has_devices = ground.derived.accelerators.nodes().next().is_some();
    if operators.is_empty() && gangs.is_empty() {
        return ground.absent(
            Phrase::new(PhraseCode::NeedNoTraining),
            Phrase::new(PhraseCode::ActTraining),
        );
    }
    let (code, remedy) = match (able(&operators), able(&gangs), has_devices) {
        (false, ..) => (PhraseCode::NeedNoTraining, PhraseCode::ActTraining),
        (_, false, _) => (PhraseCode::NeedNoGangs, PhraseCode::ActGangs),
        (.., false) => (PhraseCode::NeedNoAccelerators, PhraseCode::ActAccelerators),
        _ => {
            let works = |all: &[super::super::presence::Present<'_>]| {
                names(all.iter().filter(|one| one.ability == Ability::Able))
            };
            let reason = Phrase::new(PhraseCode::NeedTraining)
                .with("operators", works(&operators))
                .with("gangs", works(&gangs));
            return assessed(Answer::Met, reason).shown_by(evidence());
        }
    };
    assessed(Answer::Partly, Phrase::new(code))
        .remedied(Phrase::new(remedy))
        .shown_by(evidence())
}

/// Moderate training: jobs that run to their end.
pub(super) fn jobs(ground: Ground<'_>) -> Assessment {
    let operators = ground.serving(Capability::DistributedTraining);
    if operators.iter().any(|one| one.ability == Ability::Able) {
        let works = operators.iter().filter(|one| one.ability == Ability::Able);
        let reason = Phrase::new(PhraseCode::SurveyAble).with("names", names(works.clone()));
        return assessed(Answer::Met, reason).shown_by(works.flat_map(|one| one.evidence.clone()));
    }
    match ground.served("batch", "Job") {
        Some(served) => assessed(Answer::Met, Phrase::new(PhraseCode::NeedJobs))
            .shown_by([facts::of_served(ground, served)]),
        None => ground.absent(
            Phrase::new(PhraseCode::NeedNoTraining),
            Phrase::new(PhraseCode::ActTraining),
        ),
    }
}
