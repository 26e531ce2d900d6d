use strata_domain::ids::ObjectKey;

use super::*;
use crate::derive::{fixture, scenario};

/// The path as lines that one can read.
fn path(subject: &str, direction: Direction) -> String {
    let cluster = fixture::cluster(scenario::objects());
    let catalog = fixture::catalog();
    let derived = fixture::derived(&cluster, &catalog);
    let subject: Subject = subject.parse().unwrap();
    let rows = rows(&cluster, &derived, &catalog, &subject, direction, fixture::now());
    let lines: Vec<String> = rows.iter().map(|keyed| said(&keyed.row)).collect();
    lines.join("\n")
}

fn said(row: &Row) -> String {
    let Row::Trace(trace) = row else { panic!("no path: {row:?}") };
    let crumbs: Vec<String> = trace.crumbs.iter().map(Phrase::english).collect();
    let mut lines = vec![format!(
        "{} ({:?}, {} faults, {} pods)",
        crumbs.join(" > "),
        trace.severity,
        trace.faults,
        trace.pods
    )];
    for stop in &trace.stops {
        let tiles: Vec<String> = stop.tiles.iter().map(ToString::to_string).collect();
        let nodes: Vec<String> = stop
            .nodes
            .iter()
            .map(|node| {
                format!("{} {} {}/{} {}p", node.node, node.rack, node.gpus_used, node.gpus, node.pods)
            })
            .collect();
        lines.push(format!("{:?}: {} [{}]", stop.layer, tiles.join(", "), nodes.join("; ")));
        if let Some(join) = &stop.join {
            lines.push(format!("  - {}", join.english()));
        }
    }
    lines.extend(trace.consequence.as_ref().map(Phrase::english));
    lines.join("\n")
}

#[test]
fn all_paths() {
    let mut out = String::new();
    for (s, d) in [
        ("application/llm-prod/InferenceService/chat-assist", Direction::DependsOn),
        ("application/llm-prod/InferenceService/chat-assist", Direction::WouldFail),
        ("application/research/TrainJob/llama-ft", Direction::DependsOn),
        ("application/shop/Deployment/web", Direction::DependsOn),
        ("pod/llm-prod/c3", Direction::DependsOn),
        ("queue/inference", Direction::DependsOn),
        ("queue/inference", Direction::WouldFail),
        ("node/gpu-2", Direction::DependsOn),
        ("node/gpu-2", Direction::WouldFail),
        ("node/cp-1", Direction::WouldFail),
        ("accelerator/H100 80GB HBM3", Direction::DependsOn),
        ("accelerator/H100 80GB HBM3", Direction::WouldFail),
        ("accelerator/x86-64 CPU", Direction::WouldFail),
        ("component/kueue", Direction::DependsOn),
        ("component/kueue", Direction::WouldFail),
        ("component/kserve", Direction::WouldFail),
        ("component/cilium", Direction::WouldFail),
        ("component/containerd", Direction::WouldFail),
        ("component/containerd", Direction::DependsOn),
        ("component/kubernetes", Direction::DependsOn),
        ("component/nvidia-device-plugin", Direction::WouldFail),
        ("component/operating-system", Direction::DependsOn),
    ] {
        out += &format!("=== {s} {d:?}\n{}\n", path(s, d));
    }
    println!("{out}");
}
