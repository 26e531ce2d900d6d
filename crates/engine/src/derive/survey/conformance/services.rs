//! What runs beside: metrics, sandboxes, the operators of AI.

use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::survey::{Answer, Assessment, Evidence},
};
use strata_domain::{
    ids::GroupKind,
    plain::{Plain, PlainKind},
    reading::Figure,
    subject::Subject,
    text::Text,
};

use super::{
    super::{
        Build, Ground, assessed, facts,
        presence::{Ability, Present},
        unlisted,
    },
    with_accelerators,
};
use crate::fleet::telemetry::Device;

/// What measures accelerators.
const EXPORTERS: [&str; 3] = ["dcgm-exporter", "amd-metrics-exporter", "npu-exporter"];

/// As many nodes as are named on which accelerators are measured.
const MEASURED: usize = 2;

/// Each accelerator's utilization and memory are exposed: what exporters told when they were asked is
/// the proof that they do.
pub(super) fn accelerator_metrics(ground: Ground<'_>) -> Assessment {
    with_accelerators(ground, || {
        let judged = ground.any_of(&EXPORTERS);
        let mut nodes: Vec<_> = ground.derived.accelerators.nodes().collect();
        nodes.sort_by_key(|(name, _)| *name);
        let measured = nodes
            .into_iter()
            .filter_map(|(name, _)| measured(ground, name));
        judged.shown_by(measured.take(MEASURED).collect::<Vec<_>>())
    })
}

/// How many devices of the node `name` an exporter told utilization and memory of lately.
fn measured(ground: Ground<'_>, name: &str) -> Option<Evidence> {
    let is_told = |device: &&Device| {
        let has_memory = device.value(Figure::MemoryUsed).is_some();
        !device.is_stale(ground.now) && device.activity().is_some() && has_memory
    };
    let devices = ground.telemetry.devices_on(name)?;
    let told: Vec<&Device> = devices.values().filter(is_told).collect();
    let first = told.first()?;
    Some(Evidence {
        group: String::new(),
        kind: "Pod".to_owned(),
        namespace: first.exporter.namespace.to_string(),
        name: first.exporter.name.to_string(),
        field: "/metrics".to_owned(),
        value: format!(
            "{} of {} GPUs: utilization, memory used",
            told.len(),
            devices.len()
        ),
        since: Some(first.at.to_string()),
        subject: Some(Subject::Node(Text::from(name))),
    })
}

/// What finds and collects the metrics of workloads.
const COLLECTORS: [&str; 3] = ["prometheus", "victoria-metrics", "opentelemetry"];

pub(super) fn service_metrics(ground: Ground<'_>) -> Assessment {
    let monitors = ["ServiceMonitor", "PodMonitor"]
        .into_iter()
        .flat_map(|kind| {
            let kind = GroupKind::new("monitoring.coreos.com", kind);
            ground.cluster.custom(&kind).collect::<Vec<_>>()
        });
    let monitors = monitors.take(2).map(|monitor| {
        facts::of_object(
            &monitor.kind,
            &monitor.metadata,
            "metadata.name",
            monitor.metadata.key.name.as_str(),
            None,
        )
    });
    let judged = ground.any_of(&COLLECTORS);
    match judged.answer {
        Answer::Met | Answer::Partly => judged.shown_by(monitors),
        _ => judged,
    }
}

/// Runtimes that put a kernel or a machine of their own between workload and node.
const SANDBOXES: [&str; 2] = ["kata-containers", "gvisor"];

/// The runtime classes of sandboxes, each with its handler.
pub(super) fn sandboxes(ground: Ground<'_>) -> Vec<(&Plain, &Text)> {
    let kind = GroupKind::new("node.k8s.io", "RuntimeClass");
    ground
        .cluster
        .plain_of(&kind)
        .filter_map(|plain| {
            let PlainKind::RuntimeClass { handler } = &plain.kind else {
                return None;
            };
            let known = ground.catalog.recognise_runtime_class(handler)?;
            let is_sandbox = SANDBOXES.contains(&known.id.as_str());
            is_sandbox.then_some((plain, handler))
        })
        .collect()
}

pub(super) fn sandboxing(ground: Ground<'_>) -> Assessment {
    let kind = GroupKind::new("node.k8s.io", "RuntimeClass");
    let classes: Vec<Evidence> = sandboxes(ground)
        .into_iter()
        .map(|(plain, handler)| {
            facts::of_object(&kind, &plain.metadata, "handler", handler.as_str(), None)
        })
        .collect();
    if !classes.is_empty() {
        let names: Vec<&str> = classes.iter().map(|line| line.name.as_str()).collect();
        let reason = Phrase::new(PhraseCode::Sandboxed).with("classes", names.join(", "));
        return assessed(Answer::Met, reason).shown_by(classes);
    }
    if !ground.is_settled("node.k8s.io", "RuntimeClass") {
        return assessed(Answer::Unknown, unlisted(&[kind.to_string()]));
    }
    assessed(Answer::NotMet, Phrase::new(PhraseCode::NotSandboxed))
        .remedied(Phrase::new(PhraseCode::ActSandbox))
        .shown_by(ground.looked_through(&[("node.k8s.io", "RuntimeClass")]))
}

/// The operators of AI with definitions of their own.
const OPERATORS: [&str; 7] = [
    "kuberay",
    "kubeflow-trainer",
    "training-operator",
    "mpi-operator",
    "kserve",
    "katib",
    "kubeflow-pipelines",
];

/// At least one of them runs, its webhooks answer, its objects are reconciled.
pub(super) fn controllers(ground: Ground<'_>) -> Assessment {
    let found = ground.present_of(&OPERATORS);
    let able: Vec<&Present<'_>> = found
        .iter()
        .filter(|one| one.ability == Ability::Able)
        .collect();
    let judged = ground.judge_any(&found, &OPERATORS);
    let proofs = able.iter().flat_map(|one| {
        webhooks(ground, one)
            .into_iter()
            .chain(reconciled(ground, one))
    });
    judged.shown_by(proofs.collect::<Vec<_>>())
}

/// The webhooks whose service lies where the operator does.
fn webhooks(ground: Ground<'_>, operator: &Present<'_>) -> Option<Evidence> {
    let state = ground.derived.components.get(&operator.component.id)?;
    let configurations = [
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    ];
    configurations.into_iter().find_map(|word| {
        let kind = GroupKind::new("admissionregistration.k8s.io", word);
        let mut all = ground.cluster.plain_of(&kind);
        all.find_map(|plain| match &plain.kind {
            PlainKind::AdmissionWebhooks { services, .. } => {
                let service = services
                    .iter()
                    .find(|service| state.namespaces.contains(&service.namespace))?;
                let value = format!("{}/{}", service.namespace, service.name);
                let field = "webhooks[].clientConfig.service";
                Some(facts::of_object(&kind, &plain.metadata, field, value, None))
            }
            _ => None,
        })
    })
}

/// An object of the operator's kinds that bears a condition, which only the operator writes.
fn reconciled(ground: Ground<'_>, operator: &Present<'_>) -> Option<Evidence> {
    operator.component.kinds.iter().find_map(|rule| {
        let mut objects = ground.cluster.custom(&rule.kind);
        objects.find_map(|custom| {
            let condition = custom.conditions.first()?;
            Some(facts::of_condition(custom, &condition.kind))
        })
    })
}
