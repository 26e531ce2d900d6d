//! A person's session: commands in a namespace that was made for them.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use crate::cluster::{Cluster, Ended};

/// Gives up on what never comes. Never what a test measures.
const PATIENCE: Duration = Duration::from_mins(2);
/// Between two runs of a line that does not end well yet.
const PAUSE: Duration = Duration::from_millis(250);

/// Commands in one namespace. Dropping it deletes the namespace.
pub(crate) struct Session {
    cluster: Arc<Cluster>,
    /// The namespace.
    pub(crate) namespace: String,
}

impl Session {
    /// Makes a namespace, and waits until pods can be created in it.
    pub(crate) fn begin(cluster: Arc<Cluster>, number: usize) -> Result<Self> {
        let namespace = format!("kubectl-{}-{number}", std::process::id());
        cluster
            .run(&["create", "namespace", &namespace], "")?
            .success()?;
        let session = Self { cluster, namespace };
        session
            .run("wait --for=create serviceaccount/default --timeout=120s")
            .success()?;
        Ok(session)
    }

    /// Runs a line without its `kubectl`, as it is typed: words between single quotes are one.
    pub(crate) fn run(&self, line: &str) -> Ended {
        self.run_given(line, "")
    }

    /// Runs a line that reads `input`.
    pub(crate) fn run_given(&self, line: &str, input: &str) -> Ended {
        let words = self.words(line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        self.cluster.run(&arguments, input).unwrap()
    }

    /// What a line says that must end well.
    pub(crate) fn says(&self, line: &str) -> String {
        self.says_given(line, "")
    }

    /// What a line says that reads `input` and must end well.
    pub(crate) fn says_given(&self, line: &str, input: &str) -> String {
        let ended = self.run_given(line, input);
        assert_eq!(ended.code, Some(0), "{ended}");
        ended.said
    }

    /// What a line says once it ends well: it is run again until it does.
    pub(crate) fn comes_to_say(&self, line: &str) -> String {
        let begun = Instant::now();
        loop {
            let ended = self.run(line);
            if ended.code == Some(0) {
                return ended.said;
            }
            assert!(begun.elapsed() < PATIENCE, "{ended}");
            thread::sleep(PAUSE);
        }
    }

    /// What a line remarks that must end with code 1.
    pub(crate) fn refuses(&self, line: &str) -> String {
        self.refuses_given(line, "")
    }

    /// What a line remarks that reads `input` and must end with code 1.
    pub(crate) fn refuses_given(&self, line: &str, input: &str) -> String {
        let ended = self.run_given(line, input);
        assert_eq!(ended.code, Some(1), "{ended}");
        ended.remarked
    }

    /// Runs a line with this variable in its environment.
    pub(crate) fn run_with(&self, variable: (&str, &str), line: &str) -> Ended {
        let words = self.words(line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = self.cluster.command(&arguments);
        command.env(variable.0, variable.1);
        Ended::of(command, &arguments, "").unwrap()
    }

    /// Starts a line that does not end by itself.
    pub(crate) fn start(&self, line: &str) -> Going {
        let words = self.words(line);
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let command = self.cluster.command(&arguments);
        Going::start(command, line).unwrap()
    }

    /// The words of a line, in this session's namespace. A namespace that the line names wins.
    fn words(&self, line: &str) -> Vec<String> {
        let mut words = vec![format!("--namespace={}", self.namespace)];
        let mut word: Option<String> = None;
        let mut is_quoted = false;
        for letter in line.chars() {
            if letter == '\'' {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            } else if letter.is_whitespace() && !is_quoted {
                words.extend(word.take());
            } else {
                word.get_or_insert_default().push(letter);
            }
        }
        words.extend(word);
        words
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let line = ["delete", "namespace", &self.namespace, "--wait=false"];
        // A case that deleted it has nothing left to delete.
        drop(self.cluster.run(&line, ""));
    }
}

/// A kubectl that goes on. Dropping it ends it.
pub(crate) struct Going {
    line: String,
    child: Child,
    said: Receiver<String>,
}

impl Going {
    fn start(mut command: std::process::Command, line: &str) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting kubectl")?;
        let output = child.stdout.take().context("its output is a pipe")?;
        let (sender, said) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            line: line.to_owned(),
            child,
            said,
        })
    }

    /// Waits for the next line that `is_it`.
    pub(crate) fn until(&self, is_it: impl Fn(&str) -> bool) -> String {
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) if is_it(&line) => return line,
                Ok(_) => {}
                Err(error) => panic!("kubectl {}: {error}", self.line),
            }
        }
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The words of each line of a table, so that its widths do not matter.
pub(crate) fn rows(table: &str) -> Vec<Vec<&str>> {
    table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect()
}

/// A deployment named `web` of `replicas` pods with this image, as a file has it.
pub(crate) fn web(replicas: u32, image: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {{app: web}}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: web}}
  template:
    metadata:
      labels: {{app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: {image}
        resources:
          requests: {{cpu: 100m, memory: 64Mi}}
"
    )
}
