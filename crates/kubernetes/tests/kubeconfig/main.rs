//! The contexts of kubeconfig files: listed, chosen, followed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use strata_domain::ids::ClusterId;
use strata_kubernetes::contexts::{APPROVALS_SETTING, FILES_SETTING, KubeconfigContexts, Places};
use strata_ports::{
    contexts::{ContextList, ContextSource as _},
    error::{PortError, PortErrorKind},
    settings::SettingsStore,
};

/// Settings that last as long as the test.
#[derive(Default)]
struct MemorySettings(Mutex<BTreeMap<String, String>>);

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

/// A folder for kubeconfig files, without links in its path.
struct Folder {
    path: PathBuf,
    _owner: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let owner = tempfile::tempdir().unwrap();
        Self {
            path: owner.path().canonicalize().unwrap(),
            _owner: owner,
        }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/kubeconfig")
        .join(name)
}

/// A kubeconfig with the one context `context` of the cluster at `server`.
fn config(context: &str, server: &str) -> String {
    format!(
        "clusters: [{{name: c, cluster: {{server: '{server}'}}}}]\n\
         contexts: [{{name: {context}, context: {{cluster: c}}}}]\n"
    )
}

/// `KUBECONFIG` with `files`.
fn places(files: &[&Path]) -> Places {
    Places {
        kubeconfig: Some(std::env::join_paths(files).unwrap()),
        home: None,
        with_demo: false,
    }
}

fn open(places: &Places) -> KubeconfigContexts {
    KubeconfigContexts::open(places, Arc::<MemorySettings>::default())
}

fn listed(places: &Places) -> ContextList {
    open(places).contexts().borrow().clone()
}

fn names(list: &ContextList) -> Vec<&str> {
    list.contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect()
}

/// A list in lines that can be compared by eye.
fn summary(list: &ContextList) -> Vec<String> {
    let contexts = list.contexts.iter().map(|context| {
        let current = if context.is_current { "* " } else { "" };
        format!(
            "{current}{} | {} | {} | {} | {}",
            context.name, context.cluster, context.server, context.user, context.namespace
        )
    });
    let problems = list
        .problems
        .iter()
        .map(|problem| format!("! {} {}", problem.context, problem.message).replace("!  ", "! "));
    contexts.chain(problems).collect()
}

/// Waits until the list is as `is_expected` wants it. The limit only keeps a failing test from
/// hanging.
async fn wait_for(contexts: &KubeconfigContexts, is_expected: impl Fn(&ContextList) -> bool) {
    let mut list = contexts.contexts();
    let waited = tokio::time::timeout(
        Duration::from_mins(1),
        list.wait_for(|list| is_expected(list)),
    )
    .await
    .map(|found| found.map(drop));
    assert!(
        matches!(waited, Ok(Ok(()))),
        "the list stayed {:?}",
        contexts.contexts().borrow()
    );
}

mod choices;
mod files;
mod following;
