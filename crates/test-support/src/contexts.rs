//! Contexts as a test lists them.

use std::sync::{Mutex, PoisonError};

use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::{
    contexts::{Context, ContextList, ContextProblem, ContextSource},
    error::{PortError, PortErrorKind},
};
use tokio::sync::watch;

/// A list of contexts that a test changes.
#[derive(Debug)]
pub struct ScriptedContexts {
    list: watch::Sender<ContextList>,
    approved: Mutex<Vec<String>>,
}

impl ScriptedContexts {
    /// A list with the contexts `names`, whose ids are the same.
    pub fn of(names: &[&str]) -> Self {
        let list = ContextList {
            contexts: names.iter().copied().map(context).collect(),
            problems: Vec::new(),
        };
        Self {
            list: watch::Sender::new(list),
            approved: Mutex::default(),
        }
    }

    /// Removes the context `name`, as when its file no longer has it.
    pub fn remove(&self, name: &str) {
        self.list
            .send_modify(|list| list.contexts.retain(|context| context.name != name));
    }

    /// Has the context `name` lie in `namespace`, as when its file says so now.
    pub fn move_into(&self, name: &str, namespace: &str) {
        self.list.send_modify(|list| {
            for context in &mut list.contexts {
                if context.name == name {
                    namespace.clone_into(&mut context.namespace);
                }
            }
        });
    }

    /// Adds a problem of the file `file`.
    pub fn fail(&self, file: &str, message: &str) {
        self.list.send_modify(|list| {
            list.problems.push(ContextProblem {
                file: file.to_owned(),
                context: String::new(),
                message: message.to_owned(),
            });
        });
    }

    /// The digests of the plugins that were approved.
    pub fn approved(&self) -> Vec<String> {
        self.approved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl ContextSource for ScriptedContexts {
    fn contexts(&self) -> watch::Receiver<ContextList> {
        self.list.subscribe()
    }

    fn add_file(&self, path: &str) -> Result<(), PortError> {
        if !path.starts_with('/') {
            let message = format!("the kubeconfig {path} is not there");
            return Err(PortError::new(PortErrorKind::NotFound, message));
        }
        self.list.send_modify(|list| {
            let file = path.to_owned();
            list.contexts.push(Context {
                file,
                added_by_hand: true,
                ..context(path)
            });
        });
        Ok(())
    }

    fn remove_file(&self, path: &str) -> Result<(), PortError> {
        self.list
            .send_modify(|list| list.contexts.retain(|context| context.file != path));
        Ok(())
    }

    fn approve_plugin(&self, digest: &str) -> Result<(), PortError> {
        let mut approved = self.approved.lock().unwrap_or_else(PoisonError::into_inner);
        approved.push(digest.to_owned());
        Ok(())
    }
}

fn context(name: &str) -> Context {
    Context {
        id: ClusterId(Text::from(name)),
        name: name.to_owned(),
        cluster: name.to_owned(),
        server: format!("https://{name}.example:6443"),
        user: "admin".to_owned(),
        namespace: String::new(),
        file: "/home/ada/.kube/config".to_owned(),
        added_by_hand: false,
        is_current: false,
        is_demo: false,
    }
}
