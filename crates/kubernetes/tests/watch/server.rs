//! A scripted API server: a few kinds of objects, lists in pages, watches from any version that is
//! not forgotten yet, and every fault that a test asks for.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use strata_kubernetes::connect::InProcessServer;
use tokio::sync::mpsc;

use self::answer::Answer;

mod answer;

/// What the server does with a question for a streaming list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Streaming {
    /// 422, as where the feature is off.
    #[default]
    Refused,
    /// It answers.
    Known,
    /// It answers with a plain watch that never says when the list is complete.
    Ignored,
    /// It ends the watch before the list is complete.
    Cut,
}

/// A kind that the server serves.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "as the API calls it")]
pub(crate) struct Kind {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) resource: &'static str,
}

impl Kind {
    pub(crate) const PODS: Self = Self {
        group: "",
        version: "v1",
        kind: "Pod",
        resource: "pods",
    };
    pub(crate) const PODS_OF_A: Self = Self {
        resource: "namespaces/a/pods",
        ..Self::PODS
    };
    pub(crate) const PODS_OF_B: Self = Self {
        resource: "namespaces/b/pods",
        ..Self::PODS
    };
    pub(crate) const NODES: Self = Self {
        group: "",
        version: "v1",
        kind: "Node",
        resource: "nodes",
    };
    pub(crate) const DEFINITIONS: Self = Self {
        group: "apiextensions.k8s.io",
        version: "v1",
        kind: "CustomResourceDefinition",
        resource: "customresourcedefinitions",
    };
    pub(crate) const QUEUES: Self = Self {
        group: "kueue.x-k8s.io",
        version: "v1beta2",
        kind: "ClusterQueue",
        resource: "clusterqueues",
    };

    /// The namespace of its collection, where it is one of a namespace.
    fn namespace(&self) -> Option<&'static str> {
        self.resource.strip_prefix("namespaces/")?.split('/').next()
    }

    /// The path of its collection.
    pub(crate) fn path(&self) -> String {
        if self.group.is_empty() {
            format!("/api/{}/{}", self.version, self.resource)
        } else {
            format!("/apis/{}/{}/{}", self.group, self.version, self.resource)
        }
    }
}

/// Something that happened to an object.
#[derive(Clone)]
struct Happened {
    revision: u64,
    path: String,
    word: &'static str,
    object: Value,
}

impl Happened {
    fn line(&self) -> Bytes {
        line(self.word, &self.object)
    }
}

fn line(word: &str, object: &Value) -> Bytes {
    format!("{}\n", json!({"type": word, "object": object})).into()
}

type Pieces = mpsc::UnboundedSender<Result<Bytes, io::Error>>;

#[derive(Default)]
pub(crate) struct State {
    revision: u64,
    served: Vec<Kind>,
    objects: BTreeMap<(String, String), Value>,
    history: Vec<Happened>,
    /// Versions below this are forgotten.
    oldest: u64,
    watches: Vec<(String, Pieces)>,
    /// Answers that were recorded elsewhere, by path: content type and body.
    recorded: HashMap<String, (&'static str, Bytes)>,
    pub(crate) requests: Vec<String>,
    pub(crate) streaming: Streaming,
    pub(crate) page: usize,
    /// Nothing listens.
    pub(crate) is_down: bool,
    /// Requests are taken and never answered.
    pub(crate) is_silent: bool,
    /// `/readyz` says no, and nobody may do anything yet.
    pub(crate) is_starting: bool,
    /// So many questions for objects are answered with 401.
    pub(crate) refusals_of_credentials: usize,
    pub(crate) forbidden: HashSet<String>,
    /// Kinds that are served and that discovery does not tell of, by path.
    pub(crate) untold: HashSet<String>,
    pub(crate) hanging: HashSet<String>,
}

/// The server; clones are the same server.
#[derive(Clone)]
pub(crate) struct Server(Arc<Mutex<State>>);

impl Server {
    /// A server that serves `kinds`, empty.
    pub(crate) fn serving(kinds: &[Kind]) -> Self {
        Self(Arc::new(Mutex::new(State {
            revision: 100,
            page: usize::MAX,
            served: kinds.to_vec(),
            ..State::default()
        })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn in_process(&self) -> InProcessServer {
        let server = self.clone();
        InProcessServer::new(tower::service_fn(move |request: Request<Bytes>| {
            let server = server.clone();
            async move { server.answer(&request).await }
        }))
    }

    /// Serves one more kind.
    pub(crate) fn serve(&self, kind: Kind) {
        self.state().served.push(kind);
    }

    /// Serves one more collection, that discovery does not tell of.
    pub(crate) fn serve_untold(&self, kind: Kind) {
        self.state().untold.insert(kind.path());
        self.serve(kind);
    }

    /// Serves a kind no more.
    pub(crate) fn drop_kind(&self, kind: &Kind) {
        let path = kind.path();
        let mut state = self.state();
        state.served.retain(|served| served.path() != path);
        state.objects.retain(|(of, _), _| *of != path);
        state.watches.retain(|(of, _)| *of != path);
    }

    /// Answers the list of `kind` with these bytes.
    pub(crate) fn record(&self, kind: &Kind, content_type: &'static str, body: Bytes) {
        self.state()
            .recorded
            .insert(kind.path(), (content_type, body));
    }

    /// Sends bytes as they are on every watch of `kind`.
    pub(crate) fn send_raw(&self, kind: &Kind, piece: &Bytes) {
        let path = kind.path();
        for (_, pieces) in self.state().watches.iter().filter(|(of, _)| *of == path) {
            pieces.send(Ok(piece.clone())).ok();
        }
    }

    /// Creates or changes an object.
    pub(crate) fn put(&self, kind: &Kind, name: &str) {
        self.put_with(kind, name, &json!({}));
    }

    /// Creates or changes an object, with labels.
    pub(crate) fn put_with(&self, kind: &Kind, name: &str, labels: &Value) {
        let mut state = self.state();
        state.revision += 1;
        let revision = state.revision;
        let key = (kind.path(), name.to_owned());
        let known = state
            .objects
            .get(&key)
            .map(|object| object["metadata"]["uid"].clone());
        let word = if known.is_some() { "MODIFIED" } else { "ADDED" };
        let uid = known.unwrap_or_else(|| json!(format!("{name}-{revision}")));
        let mut object = json!({
            "kind": kind.kind,
            "metadata": {"name": name, "uid": uid, "resourceVersion": revision.to_string(), "labels": labels},
        });
        if let Some(namespace) = kind.namespace() {
            object["metadata"]["namespace"] = json!(namespace);
        }
        state.objects.insert(key, object.clone());
        state.happen(kind.path(), word, object);
    }

    /// Deletes an object.
    pub(crate) fn delete(&self, kind: &Kind, name: &str) {
        let mut state = self.state();
        if let Some(mut object) = state.objects.remove(&(kind.path(), name.to_owned())) {
            state.revision += 1;
            object["metadata"]["resourceVersion"] = json!(state.revision.to_string());
            state.happen(kind.path(), "DELETED", object);
        }
    }

    /// Tells every watch of `kind` how far it is.
    pub(crate) fn bookmark(&self, kind: &Kind) {
        let mut state = self.state();
        state.revision += 1;
        let object = json!({"metadata": {"resourceVersion": state.revision.to_string()}});
        let path = kind.path();
        for (_, pieces) in state.watches.iter().filter(|(of, _)| *of == path) {
            pieces.send(Ok(line("BOOKMARK", &object))).ok();
        }
    }

    /// Ends every watch in good order.
    pub(crate) fn end_watches(&self) {
        self.state().watches.clear();
    }

    /// Breaks every watch off.
    pub(crate) fn break_watches(&self) {
        for (_, pieces) in self.state().watches.drain(..) {
            pieces.send(Err(io::ErrorKind::ConnectionReset.into())).ok();
        }
    }

    /// Forgets what happened so far, and tells the watches of `kind` that they are too old.
    pub(crate) fn expire(&self, kind: &Kind) {
        let mut state = self.state();
        state.revision += 1;
        state.oldest = state.revision;
        let path = kind.path();
        let error =
            json!({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"});
        for (of, pieces) in &state.watches {
            if *of == path {
                pieces.send(Ok(line("ERROR", &error))).ok();
            }
        }
        state.watches.retain(|(of, _)| *of != path);
    }

    /// Stops: watches break off, nothing listens.
    pub(crate) fn stop(&self) {
        self.break_watches();
        self.state().is_down = true;
    }

    pub(crate) fn start(&self) {
        self.state().is_down = false;
    }

    /// The requests so far that are for `kind`, without the time limits that are chosen by chance.
    pub(crate) fn requests_for(&self, kind: &Kind) -> Vec<String> {
        let path = kind.path();
        self.state()
            .requests
            .iter()
            .filter(|request| request.split('?').next() == Some(path.as_str()))
            .map(|request| {
                request
                    .split('&')
                    .filter(|part| !part.starts_with("timeoutSeconds="))
                    .collect::<Vec<_>>()
                    .join("&")
            })
            .collect()
    }

    /// How many lists of `kind` were asked for, pages counted one by one.
    pub(crate) fn lists_of(&self, kind: &Kind) -> usize {
        self.requests_for(kind)
            .iter()
            .filter(|request| !request.contains("watch=true"))
            .count()
    }

    pub(crate) fn open_watches(&self) -> usize {
        self.state()
            .watches
            .iter()
            .filter(|(_, pieces)| !pieces.is_closed())
            .count()
    }

    /// The names of the objects of `kind`, sorted.
    pub(crate) fn names(&self, kind: &Kind) -> Vec<String> {
        let path = kind.path();
        let state = self.state();
        state
            .objects
            .keys()
            .filter(|(of, _)| *of == path)
            .map(|(_, name)| name.clone())
            .collect()
    }

    async fn answer(&self, request: &Request<Bytes>) -> Result<Response<Answer>, io::Error> {
        let (is_down, is_silent, hangs) = {
            let mut state = self.state();
            state.requests.push(request.uri().to_string());
            (
                state.is_down,
                state.is_silent,
                state.hanging.contains(request.uri().path()),
            )
        };
        if is_down {
            return Err(io::Error::new(
                io::ErrorKind::ConnectionRefused,
                "connection refused",
            ));
        }
        if is_silent || hangs {
            std::future::pending::<()>().await;
        }
        let query: HashMap<String, String> = request
            .uri()
            .query()
            .unwrap_or_default()
            .split('&')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(self.state().answer(request.uri().path(), &query))
    }
}

impl State {
    fn happen(&mut self, path: String, word: &'static str, object: Value) {
        let happened = Happened {
            revision: self.revision,
            path,
            word,
            object,
        };
        for (of, pieces) in &self.watches {
            if *of == happened.path {
                pieces.send(Ok(happened.line())).ok();
            }
        }
        self.history.push(happened);
    }
}
