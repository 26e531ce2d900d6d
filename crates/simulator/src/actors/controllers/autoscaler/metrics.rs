//! What metrics make of the number of replicas: those of resources by the metrics API, where one is
//! registered; the APIs of custom and external metrics are not there.
//!
//! Source: `horizontal.go`, from `computeReplicasForMetrics` on, and `metrics/client.go`.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use strata_domain::{ids::GroupKind, quantity};

use super::{
    Autoscaler,
    calculator::{Aim, Outcome, Pods, Tolerances},
    target::Target,
};
use crate::{
    actors::{Subject, events::Event},
    json, kinds,
    store::Stored,
    telemetry::{
        facts::PodFacts,
        seconds,
        usage::{self, ContainerUsage},
        whole,
    },
    world::{World, pod_kind},
};

mod amounts;
mod unserved;

use amounts::{milli, quantity_of};

/// By how much use may differ from the target (`--horizontal-pod-autoscaler-tolerance`).
const TOLERANCE: f64 = 0.1;

/// What all metrics come to.
pub(super) struct Computed {
    /// The replicas that are asked for and by which metric; else why nobody knows.
    pub(super) proposal: Result<(u64, String), String>,
    /// What each metric is now.
    pub(super) statuses: Value,
}

/// What one metric asks for.
struct Proposal {
    replicas: u64,
    metric: String,
    status: Value,
}

/// Why a metric asks for nothing.
struct Unable {
    reason: &'static str,
    why: String,
    /// The same as the sentence about all metrics says it.
    outer: String,
}

/// Holds every metric of the autoscaler against what its target's pods use.
pub(super) fn compute(
    world: &mut World,
    autoscaler: &mut Autoscaler<'_>,
    target: &Target,
) -> Computed {
    let pods = match pods_of(world, autoscaler.subject, target) {
        Ok(pods) => pods,
        Err((event, reason, message, why)) => {
            autoscaler.say(world, Event::warning(event, why.as_str()));
            autoscaler.set("ScalingActive", false, reason, &message);
            return Computed {
                proposal: Err(why),
                statuses: Value::Null,
            };
        }
    };
    let specs = json::items(autoscaler.subject.object, "/spec/metrics");
    let mut statuses = Vec::new();
    let mut best: Option<(u64, String)> = None;
    let mut unable: Vec<Unable> = Vec::new();
    for spec in specs {
        match compute_one(world, autoscaler.subject, target, &pods, spec) {
            Ok(proposal) => {
                statuses.push(proposal.status);
                if best
                    .as_ref()
                    .is_none_or(|(most, _)| proposal.replicas > *most)
                {
                    best = Some((proposal.replicas, proposal.metric));
                }
            }
            Err(found) => {
                statuses.push(json!({ "type": "" }));
                autoscaler.say(world, Event::warning(found.reason, found.why.as_str()));
                unable.push(found);
            }
        }
    }
    let statuses = Value::Array(statuses);
    // What is known may ask for more replicas, and not for fewer while something is unknown.
    let best = best.filter(|(replicas, _)| unable.is_empty() || *replicas >= target.replicas);
    let proposal = match (best, unable.first()) {
        (Some((replicas, metric)), _) => {
            let message =
                format!("the HPA was able to successfully calculate a replica count from {metric}");
            autoscaler.set("ScalingActive", true, "ValidMetricFound", &message);
            Ok((replicas, metric))
        }
        (None, Some(first)) => {
            let why = &first.why;
            let message = format!("the HPA was unable to compute the replica count: {why}");
            autoscaler.set("ScalingActive", false, first.reason, &message);
            Err(format!(
                "invalid metrics ({} invalid out of {}), first error is: {}",
                unable.len(),
                specs.len(),
                first.outer
            ))
        }
        (None, None) => Ok((target.replicas, String::new())),
    };
    Computed { proposal, statuses }
}

type Objection = (&'static str, &'static str, String, String);

/// The pods of the target; an event's reason, a condition's reason and message, and the error where
/// they cannot be told from others'.
fn pods_of(
    world: &World,
    subject: &Subject<'_>,
    target: &Target,
) -> Result<Vec<Arc<Stored>>, Objection> {
    let Some(selector) = &target.selector else {
        let message = "the HPA target's scale is missing a selector".to_owned();
        let why = "selector is required".to_owned();
        return Err(("SelectorRequired", "InvalidSelector", message, why));
    };
    let key = &subject.stored.key;
    let mut pods = world.store.list(&pod_kind(), &key.namespace);
    pods.retain(|pod| selector.matches(pod));
    let kind: &GroupKind = subject.kind;
    let selecting: Vec<String> = world
        .store
        .list(kind, &key.namespace)
        .iter()
        .filter(|other| {
            let object = other.value();
            let other = Subject {
                kind,
                stored: other,
                object: &object,
            };
            let target = Target::find(world, &other).ok();
            let selector = target.and_then(|target| target.selector);
            selector.is_some_and(|selector| pods.iter().any(|pod| selector.matches(pod)))
        })
        .map(|other| format!("{{{} {}}}", other.key.name, other.key.namespace))
        .collect();
    if selecting.len() > 1 {
        let why = format!(
            "pods by selector {} are controlled by multiple HPAs: [{}]",
            target.written,
            selecting.join(" ")
        );
        return Err(("AmbiguousSelector", "AmbiguousSelector", why.clone(), why));
    }
    Ok(pods)
}

fn compute_one(
    world: &World,
    subject: &Subject<'_>,
    target: &Target,
    pods: &[Arc<Stored>],
    spec: &Value,
) -> Result<Proposal, Unable> {
    match json::text(spec, "/type") {
        "Resource" => {
            let name = json::text(spec, "/resource/name");
            resource(world, subject, target, pods, spec, "resource").map_err(|why| Unable {
                reason: "FailedGetResourceMetric",
                outer: format!("failed to get {name} resource metric value: {why}"),
                why,
            })
        }
        "ContainerResource" => {
            let container = json::text(spec, "/containerResource/container");
            let found = resource(world, subject, target, pods, spec, "containerResource");
            found.map_err(|why| Unable {
                reason: "FailedGetContainerResourceMetric",
                outer: format!("failed to get {container} container metric value: {why}"),
                why,
            })
        }
        _ => Err(unserved::unable(spec, &subject.stored.key.namespace)),
    }
}

/// What a resource's use by the pods, or by one container of each, asks for; `field` is where the
/// metric says so.
fn resource(
    world: &World,
    subject: &Subject<'_>,
    target: &Target,
    pods: &[Arc<Stored>],
    spec: &Value,
    field: &str,
) -> Result<Proposal, String> {
    let text = |part: &str| json::text(spec, &format!("/{field}/{part}"));
    let (name, container) = (text("name"), text("container"));
    let aimed = |part: &str| spec.pointer(&format!("/{field}/target/{part}"));
    let value = aimed("averageValue")
        .and_then(Value::as_str)
        .and_then(milli);
    let utilization = aimed("averageUtilization").and_then(Value::as_u64);
    let (aim, what, metric) = match (value, utilization) {
        (Some(value), _) => (Aim::Value(value), "usage", format!("{name} resource")),
        (None, Some(percent)) => {
            let of = if container.is_empty() {
                ""
            } else {
                "container "
            };
            let metric = format!("{name} {of}resource utilization (percentage of request)");
            (Aim::Utilization(percent), "utilization", metric)
        }
        (None, None) => {
            return Err(
                "invalid resource metric source: neither an average utilization target nor an \
                 average value (usage) target was set"
                    .to_owned(),
            );
        }
    };
    let outcome = measure(world, pods, name, container)
        .and_then(|(named, sorted)| {
            if named.is_empty() {
                let why = "no pods returned by selector while calculating replica count";
                return Err(why.to_owned());
            }
            if sorted.is_empty() {
                let why = "did not receive metrics for targeted pods (pods might be unready)";
                return Err(why.to_owned());
            }
            let requests = match aim {
                Aim::Utilization(_) => requests(&named, name, container)?,
                Aim::Value(_) => BTreeMap::new(),
            };
            sorted.replicas(target.replicas, aim, &requests, tolerances(subject.object))
        })
        .map_err(|why| format!("failed to get {name} {what}: {why}"))?;
    let mut status = json!({ "name": name, "current": current(&outcome, name) });
    let kind = if container.is_empty() {
        "Resource"
    } else {
        json::as_object(&mut status).insert("container".to_owned(), container.into());
        "ContainerResource"
    };
    Ok(Proposal {
        replicas: outcome.replicas,
        metric,
        status: json!({ "type": kind, field: status }),
    })
}

fn current(outcome: &Outcome, resource: &str) -> Value {
    let mut current = json!({ "averageValue": quantity_of(resource, outcome.average) });
    if let Some(percent) = outcome.utilization {
        json::as_object(&mut current).insert("averageUtilization".to_owned(), percent.into());
    }
    current
}

/// The pods by name, and sorted by whether their use counts.
fn measure(
    world: &World,
    pods: &[Arc<Stored>],
    resource: &str,
    container: &str,
) -> Result<(Vec<(String, Value)>, Pods), String> {
    let unable = |why: &str| format!("unable to get metrics for resource {resource}: {why}");
    if !kinds::serves_metrics(&world.store) {
        return Err(unable(
            "unable to fetch metrics from resource metrics API: the server could not find the \
             requested resource (get pods.metrics.k8s.io)",
        ));
    }
    let now = seconds(world.now());
    let mut used = BTreeMap::new();
    let mut is_any_measured = false;
    for pod in pods {
        let containers = usage::of_pod(pod, &PodFacts::read(pod));
        is_any_measured |= !containers.is_empty();
        let counted: Vec<&ContainerUsage> = containers
            .iter()
            .filter(|it| container.is_empty() || it.name == container)
            .collect();
        let total: u64 = match resource {
            "cpu" => counted
                .iter()
                .map(|it| whole((it.cpu.at(now) * 1e3).ceil()))
                .sum(),
            "memory" => counted.iter().map(|it| whole(it.memory(now)) * 1000).sum(),
            _ => continue,
        };
        if !counted.is_empty() {
            used.insert(pod.key.name.to_string(), total);
        }
    }
    if !is_any_measured {
        return Err(unable("no metrics returned from resource metrics API"));
    }
    let named: Vec<(String, Value)> = pods
        .iter()
        .map(|pod| (pod.key.name.to_string(), pod.value()))
        .collect();
    let sorted = Pods::sort(&named, used, resource == "cpu", world.now());
    Ok((named, sorted))
}

/// What each pod, or one container of it, requests of a resource, in thousandths.
fn requests(
    pods: &[(String, Value)],
    resource: &str,
    container: &str,
) -> Result<BTreeMap<String, u64>, String> {
    let mut requests = BTreeMap::new();
    for (name, pod) in pods {
        let sidecars = json::items(pod, "/spec/initContainers")
            .iter()
            .filter(|it| json::text(it, "/restartPolicy") == "Always");
        let asked = |of: &Value| {
            let requests = of.pointer("/resources/requests")?;
            milli(requests.get(resource)?.as_str()?)
        };
        let of_pod = pod
            .get("spec")
            .and_then(asked)
            .filter(|_| container.is_empty());
        if let Some(of_pod) = of_pod {
            requests.insert(name.clone(), of_pod);
            continue;
        }
        let containers = json::items(pod, "/spec/containers").iter().chain(sidecars);
        let counted: Vec<&Value> = containers
            .filter(|it| container.is_empty() || json::text(it, "/name") == container)
            .collect();
        if counted.is_empty() {
            return Err(format!("container {container} not found in Pod {name}"));
        }
        let mut total = 0;
        for counted in counted {
            total += asked(counted).ok_or_else(|| {
                let container = json::text(counted, "/name");
                format!("missing request for {resource} in container {container} of Pod {name}")
            })?;
        }
        requests.insert(name.clone(), total);
    }
    Ok(requests)
}

fn tolerances(autoscaler: &Value) -> Tolerances {
    let of = |way: &str| {
        let told = json::text(autoscaler, &format!("/spec/behavior/{way}/tolerance"));
        quantity::parse(told).unwrap_or(TOLERANCE)
    };
    Tolerances {
        down: of("scaleDown"),
        up: of("scaleUp"),
    }
}
