//! Probes: what a kubelet finds when it asks a container how it is.
//!
//! Nothing is asked. A probe fails where the program does not listen (it is a script, has not come
//! up, or the container declares ports and this is none of them), where the path says of itself that
//! it is not there, and where a command looks for a file that is not there.

use std::time::Duration;

use serde_json::Value;

use super::program::Program;
use crate::json;

/// What a probe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Startup,
    Readiness,
    Liveness,
}

impl Kind {
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Startup => "/startupProbe",
            Self::Readiness => "/readinessProbe",
            Self::Liveness => "/livenessProbe",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Readiness => "Readiness",
            Self::Liveness => "Liveness",
        }
    }
}

/// When a probe asks: the first time after the start, and how long between two times.
pub(super) fn first(probe: &Value) -> Duration {
    Duration::from_secs(json::count(probe, "/initialDelaySeconds").max(1))
}

pub(super) fn period(probe: &Value) -> Duration {
    let seconds = json::count(probe, "/periodSeconds");
    Duration::from_secs(if seconds == 0 { 10 } else { seconds })
}

/// After how many failures in a row a probe has failed.
pub(super) fn threshold(probe: &Value) -> u64 {
    match json::count(probe, "/failureThreshold") {
        0 => 3,
        threshold => threshold,
    }
}

/// What the probe finds when the container has run for `age`; the failure in the prober's words.
pub(super) fn ask(
    pod: &Value,
    container: &Value,
    probe: &Value,
    program: &Program,
    age: Duration,
) -> Result<(), String> {
    if let Some(command) = probe.pointer("/exec/command").and_then(Value::as_array) {
        let words: Vec<&str> = command.iter().filter_map(Value::as_str).collect();
        return run(&words, program, age);
    }
    let address = json::text(pod, "/status/podIP");
    let port = ["/httpGet/port", "/tcpSocket/port", "/grpc/port"]
        .into_iter()
        .find_map(|pointer| probe.pointer(pointer));
    let port = port.map_or(0, |port| number_of(container, port));
    let declared = json::items(container, "/ports");
    let is_open = program.listens
        && age >= program.startup
        && (declared.is_empty()
            || declared
                .iter()
                .any(|known| json::count(known, "/containerPort") == port));
    let refused = format!("dial tcp {address}:{port}: connect: connection refused");
    let Some(request) = probe.get("httpGet") else {
        return if is_open {
            Ok(())
        } else if probe.get("grpc").is_some() {
            Err(format!(
                "timeout: failed to connect service \"{address}:{port}\" within 1s: context deadline exceeded"
            ))
        } else {
            Err(refused)
        };
    };
    let path = json::text(request, "/path");
    let path = if path.is_empty() { "/" } else { path };
    let scheme = json::text(request, "/scheme").to_lowercase();
    let scheme = if scheme.is_empty() { "http" } else { &scheme };
    if !is_open {
        return Err(format!(
            "Get \"{scheme}://{address}:{port}{path}\": {refused}"
        ));
    }
    if [
        "nope",
        "does-not-exist",
        "nonexistent",
        "not-found",
        "missing",
    ]
    .iter()
    .any(|word| path.contains(word))
    {
        return Err("HTTP probe failed with statuscode: 404".to_owned());
    }
    Ok(())
}

/// Runs a probe's command as far as it looks at files.
fn run(words: &[&str], program: &Program, age: Duration) -> Result<(), String> {
    match words {
        ["false"] => Err(String::new()),
        ["cat", file] if !program.has_file(file, age) && is_watched(program, file) => Err(format!(
            "cat: can't open '{file}': No such file or directory\n"
        )),
        ["ls", file] if !program.has_file(file, age) && is_watched(program, file) => {
            Err(format!("ls: {file}: No such file or directory\n"))
        }
        ["test", "-f" | "-e", file]
            if !program.has_file(file, age) && is_watched(program, file) =>
        {
            Err(String::new())
        }
        ["sh" | "/bin/sh" | "bash" | "/bin/bash", "-c", script] => {
            let inner: Vec<&str> = script.split_whitespace().collect();
            match inner.as_slice() {
                ["exit", code] if *code != "0" => Err(String::new()),
                ["exit" | "true", ..] => Ok(()),
                inner => run(inner, program, age),
            }
        }
        _ => Ok(()),
    }
}

/// Whether the rules know if the file is there: scripts make it, or nothing does.
fn is_watched(program: &Program, file: &str) -> bool {
    !program.listens || !program.files.is_empty() || file.contains("does-not-exist")
}

/// A port by its number, or by its name among those of the container.
fn number_of(container: &Value, port: &Value) -> u64 {
    if let Some(number) = port.as_u64() {
        return number;
    }
    let name = port.as_str().unwrap_or_default();
    json::items(container, "/ports")
        .iter()
        .find(|known| json::text(known, "/name") == name)
        .map_or(0, |known| json::count(known, "/containerPort"))
}
