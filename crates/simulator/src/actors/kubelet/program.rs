//! What a container's program does: how long it runs, how it ends, and what a probe finds.
//!
//! Nothing is executed. The rules read the command as a person would: `sleep`, `exit`, `true`,
//! `false`, loops and files of a simple shell script are followed, interactive images without a
//! command end at once, a `stress` that wants more memory than its limit is killed, and what is not
//! known serves for ever, or, where a pod may complete, works for a minute or so.

use std::time::Duration;

use serde_json::Value;
use strata_domain::quantity;

use self::shell::Script;
use crate::{json, program::name_of, random};

mod shell;

/// What a container does after its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Program {
    /// When and how it ends by itself; none for one that runs on.
    pub(super) end: Option<End>,
    /// How long it takes until it answers.
    pub(super) startup: Duration,
    /// Whether it ends when it is asked to (SIGTERM), and not only when it is killed.
    pub(super) heeds_signals: bool,
    /// Whether anything listens on its ports.
    pub(super) listens: bool,
    /// The file that cannot be executed, where that is so.
    pub(super) missing: Option<String>,
    /// Files, since when and until when they are there.
    pub(super) files: Vec<(String, Duration, Option<Duration>)>,
}

/// How a container ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) after: Duration,
    pub(crate) exit_code: i64,
    pub(crate) is_out_of_memory: bool,
}

impl End {
    pub(super) fn with(after: Duration, exit_code: i64) -> Self {
        Self {
            after,
            exit_code,
            is_out_of_memory: false,
        }
    }

    /// The reason that a kubelet gives.
    pub(super) fn reason(self) -> &'static str {
        match self.exit_code {
            _ if self.is_out_of_memory => "OOMKilled",
            0 => "Completed",
            _ => "Error",
        }
    }
}

/// Images whose program is a shell: without a command it has no terminal and ends.
const SHELLS: [&str; 15] = [
    "busybox",
    "alpine",
    "ubuntu",
    "debian",
    "centos",
    "fedora",
    "rockylinux",
    "almalinux",
    "bash",
    "python",
    "node",
    "golang",
    "hello-world",
    "amazonlinux",
    "perl",
];

/// Images that take long until they answer: they load a model or a runtime.
const SLOW: [&str; 6] = ["vllm", "tritonserver", "sglang", "tgi", "nim/", "trtllm"];

impl Program {
    /// Reads what `container` of `pod` does.
    pub(super) fn of(pod: &Value, container: &Value) -> Self {
        let image = json::text(container, "/image");
        let words: Vec<&str> = ["/command", "/args"]
            .into_iter()
            .flat_map(|field| json::items(container, field))
            .filter_map(Value::as_str)
            .collect();
        let is_shell = SHELLS.contains(&name_of(image));
        let has_command =
            container.pointer("/command").is_some() || (is_shell && !words.is_empty());
        let mut program = Self {
            end: None,
            startup: Duration::from_secs(if SLOW.iter().any(|slow| image.contains(slow)) {
                40
            } else {
                1
            }),
            heeds_signals: true,
            listens: !is_shell,
            missing: None,
            files: Vec::new(),
        };
        let is_known = if let Some(end) = out_of_memory(container, &words) {
            program.end = Some(end);
            true
        } else if has_command {
            program.follow(&words)
        } else if is_shell {
            program.end = Some(End::with(Duration::from_millis(60), 0));
            true
        } else {
            false
        };
        let may_complete = json::text(pod, "/spec/restartPolicy") != "Always"
            && !json::text(pod, "/spec/restartPolicy").is_empty()
            && json::text(container, "/restartPolicy") != "Always";
        if !is_known && may_complete {
            let spread = random::hash(json::text(pod, "/metadata/uid")) % 60;
            program.end = Some(End::with(Duration::from_secs(45 + spread), 0));
        }
        program
    }

    /// Follows a command line; false where it is not known how long it runs.
    fn follow(&mut self, words: &[&str]) -> bool {
        let Some((first, rest)) = words.split_first() else {
            return false;
        };
        let name = first.rsplit('/').next().unwrap_or(first);
        if [
            "nope",
            "does-not-exist",
            "no-such",
            "nonexistent",
            "not-found",
        ]
        .iter()
        .any(|word| name.contains(word))
        {
            self.missing = Some((*first).to_owned());
            return true;
        }
        let script = match (name, rest) {
            ("sh" | "bash" | "ash" | "dash" | "zsh", [flag, script, ..])
                if flag.starts_with('-') && flag.ends_with('c') =>
            {
                Script::read(script)
            }
            _ => Script::of_command(words),
        };
        let Some(script) = script else {
            return false;
        };
        self.listens = false;
        self.heeds_signals = false;
        self.files = script.files;
        self.end = script
            .runs_for
            .map(|after| End::with(after.max(Duration::from_millis(60)), script.exit_code));
        true
    }

    /// Whether `file` is there when the program has run for `age`.
    pub(super) fn has_file(&self, file: &str, age: Duration) -> bool {
        self.files.iter().any(|(name, from, until)| {
            name == file && age >= *from && until.is_none_or(|until| age < until)
        })
    }
}

/// A `stress --vm-bytes` beyond the container's limit.
fn out_of_memory(container: &Value, words: &[&str]) -> Option<End> {
    let limit = quantity::parse_count(json::text(container, "/resources/limits/memory"))?;
    let at = words.iter().position(|word| *word == "--vm-bytes")?;
    let wanted = words.get(at + 1)?;
    let wanted = match wanted.strip_suffix(['M', 'm']) {
        Some(number) => format!("{number}Mi"),
        None => wanted.replace(['G', 'g'], "Gi"),
    };
    (quantity::parse_count(&wanted)? > limit).then_some(End {
        after: Duration::from_secs(1),
        exit_code: 137,
        is_out_of_memory: true,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn end(restart_policy: &str, container: &Value) -> Option<(u64, i64)> {
        let pod = json!({ "spec": { "restartPolicy": restart_policy } });
        Program::of(&pod, container)
            .end
            .map(|end| (end.after.as_secs(), end.exit_code))
    }

    #[test]
    fn commands_end_as_they_say() {
        let run = |words: Value| end("Never", &json!({ "image": "busybox", "command": words }));
        assert_eq!(run(json!(["false"])), Some((0, 1)));
        assert_eq!(run(json!(["sleep", "90"])), Some((90, 0)));
        assert_eq!(run(json!(["sh", "-c", "sleep 5; exit 3"])), Some((5, 3)));
        assert_eq!(
            run(json!([
                "sh",
                "-c",
                "echo hi && sleep 2 && false && sleep 9"
            ])),
            Some((2, 1))
        );
        assert_eq!(
            run(json!([
                "sh",
                "-c",
                "for i in 1 2 3; do echo $i; sleep 4; done"
            ])),
            Some((12, 0))
        );
        assert_eq!(
            run(json!(["sh", "-c", "while true; do date; sleep 1; done"])),
            None
        );
        assert_eq!(run(json!(["sleep", "infinity"])), None);
    }

    #[test]
    fn a_shell_without_a_terminal_ends_and_a_server_does_not() {
        assert_eq!(
            end("Always", &json!({ "image": "busybox:1.37" })),
            Some((0, 0))
        );
        assert_eq!(end("Always", &json!({ "image": "nginx:1.29" })), None);
        assert!(end("Never", &json!({ "image": "ghcr.io/acme/train:v3" })).is_some());
    }

    #[test]
    fn a_program_that_wants_more_than_its_limit_is_killed() {
        let container = json!({ "image": "polinux/stress", "command": ["stress"],
            "args": ["--vm", "1", "--vm-bytes", "250M"],
            "resources": { "limits": { "memory": "100Mi" } } });
        assert_eq!(end("Always", &container), Some((1, 137)));
    }

    #[test]
    fn a_file_is_there_between_its_making_and_its_removal() {
        let pod = json!({});
        let program = Program::of(
            &pod,
            &json!({ "image": "busybox", "args": ["/bin/sh", "-c",
                "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"] }),
        );
        assert!(program.has_file("/tmp/healthy", Duration::from_secs(29)));
        assert!(!program.has_file("/tmp/healthy", Duration::from_secs(30)));
    }
}
