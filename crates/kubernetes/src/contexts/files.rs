//! The files as they were last read, and what a context in them means.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sha2::{Digest, Sha256};
use strata_domain::ids::ClusterId;
use strata_ports::contexts::{Context, ContextList, ContextProblem};

use crate::kubeconfig::{ClusterEntry, ContextEntry, Entry, Kubeconfig, UserEntry, find};

/// A file larger than this is no kubeconfig. One with a thousand contexts has about 5 MiB.
const LARGEST_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Why a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// kubectl would read it.
    Listed,
    /// The user added it.
    ByHand,
}

/// Every file, in order.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: Vec<File>,
}

/// One file as it was last read.
#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    /// The path as it stands in ids.
    name: String,
    origin: Origin,
    /// What it says; of a file that broke, what it last said.
    content: Option<Content>,
    /// Why it cannot be read now, for people.
    problem: Option<String>,
}

#[derive(Clone, Debug)]
struct Content {
    config: Arc<Kubeconfig>,
    /// SHA-256 of the text.
    digest: [u8; 32],
}

/// What a context means: everything that a connection is made of.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The context's name.
    pub(crate) context: String,
    /// The file it stands in.
    pub(crate) file: String,
    /// The name of its cluster entry.
    pub(crate) cluster_name: String,
    /// How to reach the cluster.
    pub(crate) cluster: Arc<ClusterEntry>,
    /// The name of its user entry; empty for none.
    pub(crate) user_name: String,
    /// Who one is to it; all empty for a context without a user.
    pub(crate) user: Arc<UserEntry>,
    /// Its namespace; empty where none is set.
    pub(crate) namespace: String,
    /// Tells whether any of this changed.
    pub(crate) fingerprint: [u8; 32],
}

/// What a list has besides what is in the files.
pub(super) struct Listing<'a> {
    /// What was wrong from the start.
    pub(super) problems: &'a [ContextProblem],
    /// Whether the demo cluster is in it.
    pub(super) with_demo: bool,
}

impl Files {
    /// Reads the files `paths`. What `before` had is kept of a file that did not change, and of one
    /// that can no longer be read though it is there.
    pub(super) fn read(paths: impl Iterator<Item = (PathBuf, Origin)>, before: &Self) -> Self {
        let files = paths
            .map(|(path, origin)| {
                let last = before.files.iter().find(|file| file.path == path);
                File::read(path, origin, last)
            })
            .collect();
        Self { files }
    }

    /// Whether reading found the same as before.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        let digest = |file: &File| file.content.as_ref().map(|content| content.digest);
        self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(|(one, another)| {
                one.path == another.path
                    && one.problem == another.problem
                    && digest(one) == digest(another)
            })
    }

    /// The contexts and problems, for people.
    pub(super) fn list(&self, listing: &Listing<'_>) -> ContextList {
        let mut list = ContextList {
            contexts: Vec::new(),
            problems: listing.problems.to_vec(),
        };
        for (position, file) in self.files.iter().enumerate() {
            self.list_file(position, file, &mut list);
        }
        if listing.with_demo {
            list.contexts.push(demo());
        }
        list
    }

    fn list_file(&self, position: usize, file: &File, list: &mut ContextList) {
        let mut complain = |context: &str, message: String| {
            list.problems.push(ContextProblem {
                file: file.name.clone(),
                context: context.to_owned(),
                message,
            });
        };
        if let Some(problem) = &file.problem {
            complain("", problem.clone());
        }
        let Some(content) = &file.content else { return };
        for problem in &content.config.problems {
            complain(&problem.context, problem.message.clone());
        }
        for entry in &content.config.contexts {
            let Ok(context) = &entry.value else { continue };
            let definition = self.define(position, file, entry, context);
            let server = match &definition {
                Ok(definition) => definition.cluster.server.clone(),
                Err(reason) => {
                    complain(&entry.name, reason.clone());
                    self.look_up(position, &context.cluster, |config| &config.clusters)
                        .and_then(|cluster| cluster.value.as_ref().ok())
                        .map(|cluster| cluster.server.clone())
                        .unwrap_or_default()
                }
            };
            list.contexts.push(Context {
                id: ClusterId::of_context(&file.name, &entry.name),
                name: entry.name.clone(),
                cluster: context.cluster.clone(),
                server,
                user: context.user.clone(),
                namespace: context.namespace.clone(),
                file: file.name.clone(),
                added_by_hand: file.origin == Origin::ByHand,
                is_current: content.config.current_context == entry.name,
                is_demo: false,
            });
        }
    }

    /// What the context `id` means. Fails with a sentence for people.
    pub(crate) fn definition(&self, id: &ClusterId) -> Result<Definition, String> {
        for (position, file) in self.files.iter().enumerate() {
            let Some(content) = &file.content else {
                continue;
            };
            for entry in &content.config.contexts {
                if ClusterId::of_context(&file.name, &entry.name) != *id {
                    continue;
                }
                let context = entry.value.as_ref().map_err(|reason| {
                    format!("the context \"{}\" cannot be used: {reason}", entry.name)
                })?;
                return self.define(position, file, entry, context);
            }
        }
        Err(format!("no kubeconfig file has the context {id} any more"))
    }

    fn define(
        &self,
        position: usize,
        file: &File,
        entry: &Entry<ContextEntry>,
        context: &ContextEntry,
    ) -> Result<Definition, String> {
        if context.cluster.is_empty() {
            return Err("the context names no cluster".to_owned());
        }
        let mut fingerprint = Sha256::new();
        fingerprint.update(entry.fingerprint);
        let cluster = self.look_up(position, &context.cluster, |config| &config.clusters);
        let cluster = usable("cluster", &context.cluster, cluster)?;
        fingerprint.update(cluster.fingerprint);
        let user = if context.user.is_empty() {
            Arc::default()
        } else {
            let user = self.look_up(position, &context.user, |config| &config.users);
            let user = usable("user", &context.user, user)?;
            fingerprint.update(user.fingerprint);
            user.value
        };
        Ok(Definition {
            context: entry.name.clone(),
            file: file.name.clone(),
            cluster_name: context.cluster.clone(),
            cluster: cluster.value,
            user_name: context.user.clone(),
            user,
            namespace: context.namespace.clone(),
            fingerprint: fingerprint.finalize().into(),
        })
    }

    /// Finds the entry `name` that a context of the file at `position` means: in its own file, else
    /// in the other files that kubectl would merge with it.
    fn look_up<T>(
        &self,
        position: usize,
        name: &str,
        entries: impl Fn(&Kubeconfig) -> &Vec<Entry<T>>,
    ) -> Option<&Entry<T>> {
        let own = self.files.get(position)?;
        let others = self.files.iter().filter(|file| {
            own.origin == Origin::Listed && file.origin == Origin::Listed && file.path != own.path
        });
        std::iter::once(own)
            .chain(others)
            .filter_map(|file| file.content.as_ref())
            .find_map(|content| find(entries(&content.config), name))
    }
}

/// An entry that is there and can be used.
struct Usable<T> {
    value: Arc<T>,
    fingerprint: [u8; 32],
}

fn usable<T>(noun: &str, name: &str, entry: Option<&Entry<T>>) -> Result<Usable<T>, String> {
    let entry = entry.ok_or_else(|| format!("its {noun} \"{name}\" is in no file"))?;
    let value = entry
        .value
        .as_ref()
        .map_err(|reason| format!("its {noun} \"{name}\" cannot be used: {reason}"))?;
    Ok(Usable {
        value: Arc::clone(value),
        fingerprint: entry.fingerprint,
    })
}

impl File {
    fn read(path: PathBuf, origin: Origin, last: Option<&Self>) -> Self {
        let name = path.to_string_lossy().into_owned();
        let kept = last.and_then(|last| last.content.clone());
        let (content, problem) = match read_bytes(&path, last) {
            // Whoever writes a file without renaming empties it first.
            Ok(Some(bytes)) if bytes.trim_ascii().is_empty() && kept.is_some() => {
                (kept, Some("the file is empty".to_owned()))
            }
            Ok(Some(bytes)) => {
                let digest = Sha256::digest(&bytes).into();
                match kept {
                    Some(kept) if kept.digest == digest => (Some(kept), None),
                    kept => match Kubeconfig::parse(&bytes, &path) {
                        Ok(config) => (
                            Some(Content {
                                config: Arc::new(config),
                                digest,
                            }),
                            None,
                        ),
                        Err(reason) => (kept, Some(reason)),
                    },
                }
            }
            Ok(None) => (kept, last.and_then(|last| last.problem.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match origin {
                // As in kubectl: `KUBECONFIG` may name files that are not there yet.
                Origin::Listed => (None, None),
                Origin::ByHand => (None, Some("the file is no longer there".to_owned())),
            },
            Err(error) => (kept, Some(format!("the file cannot be read: {error}"))),
        };
        let problem = match (&content, problem) {
            (Some(content), Some(reason)) if !content.config.contexts.is_empty() => {
                Some(format!("{reason}; its last good contexts are kept"))
            }
            (_, problem) => problem,
        };
        Self {
            path,
            name,
            origin,
            content,
            problem,
        }
    }
}

/// The bytes of the file at `path`. None of one that can be read only once and was: a pipe, as in
/// `KUBECONFIG=<(...)`.
fn read_bytes(path: &Path, last: Option<&File>) -> io::Result<Option<Vec<u8>>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if metadata.len() > LARGEST_FILE_BYTES {
        return Err(io::Error::other("it is too large for a kubeconfig"));
    }
    if !metadata.is_file() && last.is_some() {
        return Ok(None);
    }
    std::fs::read(path).map(Some)
}

fn demo() -> Context {
    Context {
        id: ClusterId::demo(),
        name: "demo".to_owned(),
        cluster: "demo".to_owned(),
        server: String::new(),
        user: String::new(),
        namespace: String::new(),
        file: String::new(),
        added_by_hand: false,
        is_current: false,
        is_demo: true,
    }
}
