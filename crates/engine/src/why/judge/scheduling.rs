//! Why a pod has no node.
//!
//! The nodes are narrowed as intent goes before chance: those that could ever hold the pod (`room`),
//! those that it chooses (`places`), those that let it in, those that have room beside what is there
//! (`room`, `neighbours`). Where a step leaves none, that step is the reason. What is not computed
//! here is taken from the scheduler's own message (`message`).

pub(crate) mod devices;
mod message;
mod neighbours;
mod places;
mod room;

use std::collections::BTreeMap;

use serde_json::Value;
use strata_api::{
    explanation::{Finding, ReasonCode},
    phrases::PhraseCode,
};

use super::{
    super::{
        amounts::{self, Amounts},
        case::Case,
        machines::{Barred, Machine},
        read,
        words::{date, finding, of_condition, say, seconds, some},
    },
    Findings, Found, Weight,
};

/// How long a scheduler may take to look at a pod, in seconds.
const PATIENCE: f64 = 30.0;

/// A pod without a node, and what the judges of its place look at.
struct Waiting<'a> {
    case: &'a Case,
    pod: &'a Value,
    asked: Amounts,
    /// What the scheduler said, as evidence.
    said: Finding,
    /// The same, in its words.
    message: &'a str,
}

/// Judges a pod without a node. `is_held` says that its volumes already keep it from every node.
pub(super) fn judge(
    case: &Case,
    machines: &[Machine<'_>],
    pod: &Value,
    is_held: bool,
    findings: &mut Findings,
) {
    if judge_gates(case, pod, findings) || is_held || devices::judge(case, pod, findings) {
        return;
    }
    let Some(condition) = read::condition_is(pod, "PodScheduled", "False") else {
        return judge_unseen(case, pod, findings);
    };
    let waiting = Waiting {
        case,
        pod,
        asked: amounts::requests(pod.get("spec").unwrap_or(&Value::Null)),
        said: of_condition(case, pod, condition),
        message: read::text(condition, "/message"),
    };
    let nominated = read::text(pod, "/status/nominatedNodeName");
    if !nominated.is_empty() {
        let sentence = say(PhraseCode::WhyWaitsForVictims).with("node", nominated);
        let found = Found::new(
            ReasonCode::WaitsForVictims,
            sentence,
            say(PhraseCode::ActWait),
        );
        let said = finding(pod, "status.nominatedNodeName", nominated);
        return findings.add_pod(found.because(said).because(waiting.said));
    }
    match case.nodes() {
        None => message::judge(&waiting, false, findings),
        Some([]) => {
            let act = say(PhraseCode::ActAddNode);
            let found = Found::new(ReasonCode::NoNodes, say(PhraseCode::WhyNoNodes), act);
            findings.add_pod(found.because(waiting.said));
        }
        Some(_) => narrow(&waiting, machines, findings),
    }
}

/// Gates hold a pod back from the scheduler. True where there are some.
fn judge_gates(case: &Case, pod: &Value, findings: &mut Findings) -> bool {
    let gates = read::list(pod, "/spec/schedulingGates");
    let names: Vec<&str> = gates.iter().map(|gate| read::text(gate, "/name")).collect();
    if names.is_empty() {
        return false;
    }
    let sentence = say(PhraseCode::WhyGated).with("gates", some(names.iter().copied()));
    let found = Found::new(
        ReasonCode::SchedulingGated,
        sentence,
        say(PhraseCode::ActGate),
    );
    // A queue's gate opens when the queue lets it in: the queue has the reason.
    let is_of_queue = names.iter().all(|name| name.starts_with("kueue.x-k8s.io/"));
    let weight = if is_of_queue {
        Weight::Symptom
    } else {
        Weight::Cause
    };
    let mut said = finding(pod, "spec.schedulingGates", &some(names));
    date(case, &mut said, read::created(pod));
    findings.add_pod(found.because(said).weighing(weight));
    true
}

/// No scheduler has said anything.
fn judge_unseen(case: &Case, pod: &Value, findings: &mut Findings) {
    let waited = read::created(pod).map_or(0.0, |created| case.age(created));
    if waited < PATIENCE {
        return;
    }
    let scheduler = match read::text(pod, "/spec/schedulerName") {
        "" => "default-scheduler",
        name => name,
    };
    let sentence = say(PhraseCode::PodNotScheduled)
        .with("scheduler", scheduler)
        .with("waited", seconds(waited));
    let found = Found::new(
        ReasonCode::NoScheduler,
        sentence,
        say(PhraseCode::ActScheduler),
    );
    let mut said = finding(pod, "spec.schedulerName", scheduler);
    date(case, &mut said, read::created(pod));
    findings.add_pod(found.because(said));
}

/// Narrows the nodes until none is left, and says where that was.
fn narrow(waiting: &Waiting<'_>, machines: &[Machine<'_>], findings: &mut Findings) {
    let all: Vec<&Machine<'_>> = machines.iter().collect();
    let able: Vec<&Machine<'_>> = all
        .iter()
        .copied()
        .filter(|machine| room::could_hold(machine, &waiting.asked))
        .collect();
    if able.is_empty() {
        return findings.add_pod(room::never(waiting, &all));
    }
    let chosen: Vec<&Machine<'_>> = able
        .iter()
        .copied()
        .filter(|machine| places::chooses(waiting.pod, machine))
        .collect();
    if chosen.is_empty() {
        return findings.add_pod(places::no_match(waiting, &able));
    }
    let reachable: Vec<&Machine<'_>> = chosen
        .iter()
        .copied()
        .filter(|machine| places::volume_elsewhere(waiting, machine).is_none())
        .collect();
    if reachable.is_empty() {
        return findings.add_pod(places::wrong_place(waiting, &chosen));
    }
    let mut barred: BTreeMap<Barred, Vec<&Machine<'_>>> = BTreeMap::new();
    let mut open = Vec::new();
    for machine in reachable.iter().copied() {
        match machine.bars(waiting.pod.get("spec").unwrap_or(&Value::Null)) {
            None => open.push(machine),
            Some(bar) => barred.entry(bar).or_default().push(machine),
        }
    }
    if open.is_empty() {
        // The bar that keeps it from most nodes first; the others are lesser.
        let mut bars: Vec<(Barred, Vec<&Machine<'_>>)> = barred.into_iter().collect();
        bars.sort_by_key(|(_, machines)| std::cmp::Reverse(machines.len()));
        for (at, (bar, machines)) in bars.iter().enumerate() {
            let weight = if at == 0 {
                Weight::Cause
            } else {
                Weight::Symptom
            };
            findings.add_pod(behind(waiting, bar, machines).weighing(weight));
        }
        return;
    }
    // Domains count by the nodes that it chooses, whatever their size and their bars.
    let eligible: Vec<&Machine<'_>> = all
        .iter()
        .copied()
        .filter(|machine| places::chooses(waiting.pod, machine))
        .collect();
    if let Some(found) = full(waiting, &open, &eligible) {
        findings.add_pod(found);
        for (bar, machines) in &barred {
            let with_room: Vec<&Machine<'_>> = machines
                .iter()
                .copied()
                .filter(|machine| room::lacks(machine, &waiting.asked).is_none())
                .collect();
            if !with_room.is_empty() {
                findings.add(behind(waiting, bar, &with_room).weighing(Weight::Symptom));
            }
        }
    } else {
        message::judge(waiting, true, findings);
    }
}

/// Why none of the open nodes has a place now; none where one of them seems to have.
fn full(waiting: &Waiting<'_>, open: &[&Machine<'_>], eligible: &[&Machine<'_>]) -> Option<Found> {
    let neighbours = neighbours::Rules::of(waiting, eligible);
    let mut alone: BTreeMap<Obstacle, usize> = BTreeMap::new();
    let mut overall: BTreeMap<Obstacle, usize> = BTreeMap::new();
    for machine in open {
        let mut obstacles = neighbours.obstacles(machine);
        if room::lacks(machine, &waiting.asked).is_some() {
            obstacles.push(Obstacle::Room);
        }
        match obstacles.as_slice() {
            [] => return None,
            [one] => *alone.entry(*one).or_default() += 1,
            _ => {}
        }
        for obstacle in obstacles {
            *overall.entry(obstacle).or_default() += 1;
        }
    }
    let most = |counts: &BTreeMap<Obstacle, usize>| {
        let most = counts.iter().max_by_key(|(_, count)| **count);
        most.map(|(obstacle, _)| *obstacle)
    };
    let obstacle = most(&alone).or_else(|| most(&overall))?;
    Some(match obstacle {
        Obstacle::Room => room::short(waiting, open),
        other => neighbours.found(other, open.len()),
    })
}

/// What a node that would let the pod in has against it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    /// The topology spread.
    Spread,
    /// Pods beside which it must run are not there.
    Affinity,
    /// Pods beside which it must not run are there.
    AntiAffinity,
    /// Too little is free.
    Room,
}

/// Nodes that could hold the pod, behind the same bar.
fn behind(waiting: &Waiting<'_>, bar: &Barred, machines: &[&Machine<'_>]) -> Found {
    let names = some(machines.iter().map(|machine| machine.name));
    let nodes = machines.len();
    let said = |field: &str, message: &str| {
        machines
            .iter()
            .take(2)
            .map(|machine| finding(machine.node, field, message))
            .collect::<Vec<_>>()
    };
    let (code, sentence, action, evidence) = match bar {
        Barred::Taint(taint) => (
            ReasonCode::Taint,
            say(PhraseCode::WhyTaint).with("taint", taint.as_str()),
            say(PhraseCode::ActTaint).with("taint", taint.as_str()),
            said("spec.taints", taint),
        ),
        Barred::Cordoned => (
            ReasonCode::NodesCordoned,
            say(PhraseCode::WhyCordoned),
            say(PhraseCode::ActUncordon),
            said("spec.unschedulable", "true"),
        ),
        Barred::NotReady => (
            ReasonCode::NodesNotReady,
            say(PhraseCode::WhyNodesNotReady),
            say(PhraseCode::ActNode),
            machines
                .iter()
                .take(2)
                .filter_map(|machine| {
                    let ready = read::condition(machine.node, "Ready")?;
                    Some(of_condition(waiting.case, machine.node, ready))
                })
                .collect(),
        ),
    };
    let sentence = sentence.with("nodes", nodes).with("names", names);
    Found::new(code, sentence, action)
        .also(evidence)
        .because(waiting.said.clone())
}
