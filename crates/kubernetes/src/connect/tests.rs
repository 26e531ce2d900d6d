//! Connections to small servers on loopback: good ones, and each way to fail.

use std::{fs, path::PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures::FutureExt as _;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use strata_ports::{
    connection::StepOutcome, contexts::ContextSource as _, settings::SettingsStore,
};

use super::*;
use crate::{contexts::Places, login_environment::Environment};

mod failures;
mod good;
mod plugins;
mod server;

use server::{Authority, Leaf, Seen, Server, healthy, proxy, refusal, socks_proxy};

/// Settings that last as long as the test.
#[derive(Default)]
struct MemorySettings(Mutex<HashMap<String, String>>);

impl SettingsStore for MemorySettings {
    fn read(&self, name: &str) -> Result<Option<String>, PortError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn write(&self, name: &str, json: &str) -> Result<(), PortError> {
        self.0
            .lock()
            .unwrap()
            .insert(name.to_owned(), json.to_owned());
        Ok(())
    }
}

/// A clock that is set by hand.
struct HandClock(Mutex<Timestamp>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A user's computer: a folder with one kubeconfig, and what connects by it.
struct Desk {
    folder: tempfile::TempDir,
    contexts: Arc<KubeconfigContexts>,
    clock: Arc<HandClock>,
    connector: Connector,
}

impl Desk {
    /// A desk with the files `files` and a kubeconfig whose one context is `lab`: `cluster` and
    /// `user` are what the entries say, in YAML's flow style.
    fn with_files(cluster: &str, user: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            write(&folder, name, text);
        }
        write(&folder, "config", &kubeconfig(cluster, user));
        let places = Places {
            kubeconfig: Some(folder.path().join("config").into()),
            ..Places::default()
        };
        let settings = Arc::<MemorySettings>::default();
        let contexts = Arc::new(KubeconfigContexts::open(&places, settings));
        let clock = Arc::new(HandClock(Mutex::new(
            "2026-01-01T00:00:00Z".parse().unwrap(),
        )));
        let environment = Environment::from([
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("OF_THE_LOGIN_SHELL".into(), "yes".into()),
        ]);
        let connector = Connector::with_environment(
            Arc::clone(&contexts),
            None,
            clock.clone(),
            LoginEnvironment::fixed(environment),
            plugin::TIME_LIMIT,
        );
        Self {
            folder,
            contexts,
            clock,
            connector,
        }
    }

    fn new(cluster: &str, user: &str) -> Self {
        Self::with_files(cluster, user, &[])
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.folder, name, text);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lab(&self) -> ClusterId {
        ClusterId::of_context(&self.path("config").to_string_lossy(), "lab")
    }

    async fn connect(&self) -> Result<Connection, ConnectFailure> {
        self.connector.connect(&self.lab(), &|_| {}).await
    }

    async fn diagnose(&self) -> Vec<StepReport> {
        self.connector.diagnose(&self.lab()).await.unwrap()
    }

    fn pass(&self, seconds: i64) {
        *self.clock.0.lock().unwrap() += jiff::SignedDuration::from_secs(seconds);
    }
}

fn kubeconfig(cluster: &str, user: &str) -> String {
    format!(
        "clusters: [{{name: c, cluster: {cluster}}}]\n\
         users: [{{name: u, user: {user}}}]\n\
         contexts: [{{name: lab, context: {{cluster: c, user: u}}}}]\n"
    )
}

/// Writes a file; `$HERE` in it is the folder.
fn write(folder: &tempfile::TempDir, name: &str, text: &str) {
    let here = folder.path().to_string_lossy();
    fs::write(folder.path().join(name), text.replace("$HERE", &here)).unwrap();
}

/// A cluster entry for a server that bears the name `localhost`.
fn tls_entry(server: &Server, authority: &Authority) -> String {
    format!(
        "{{server: 'https://localhost:{}', certificate-authority-data: {}}}",
        server.address.port(),
        BASE64_STANDARD.encode(authority.pem())
    )
}

fn plain_entry(server: &Server) -> String {
    format!("{{server: 'http://{}'}}", server.address)
}

/// The first year in which no certificate of these tests is good any more.
const LONG: i32 = 2100;

fn good_leaf(authority: &Authority) -> Leaf {
    authority.leaf(&["localhost", "127.0.0.1"], LONG)
}

/// Step, message and advice of a failure.
fn told(outcome: Result<Connection, ConnectFailure>) -> (Step, String, String) {
    match outcome {
        Err(ConnectFailure::Failed {
            step,
            message,
            advice,
            ..
        }) => (step, message, advice),
        Err(other) => panic!("{other:?}"),
        Ok(connection) => panic!("it connected to {}", connection.version),
    }
}

fn outcome(outcome: &StepOutcome) -> String {
    match outcome {
        StepOutcome::Passed(text) => format!("Passed {text}"),
        StepOutcome::NotNeeded(text) => format!("NotNeeded {text}"),
        StepOutcome::Limited(text) => format!("Limited {text}"),
        StepOutcome::Failed { message, advice } => format!("Failed {message} | {advice}"),
        StepOutcome::Skipped => "Skipped".to_owned(),
    }
}
