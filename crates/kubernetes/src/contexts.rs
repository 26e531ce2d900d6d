//! What one can connect to: the contexts of the user's kubeconfig files, kept current.
//!
//! The files are those that kubectl reads (`KUBECONFIG`, several joined by the system's path
//! separator, else `~/.kube/config`) and those that the user added by hand. kubectl merges its
//! files into one, where the first entry of a name wins and hides the others; here each file is a
//! world of its own, so that equal context names in two files are two clusters. As in kubectl a
//! context of one file of `KUBECONFIG` may name a cluster or user that stands in another of them:
//! its own file is asked first, then the others in order. A file added by hand stands alone.
//!
//! The user's choices (files added, plugins approved) are settings, see [`FILES_SETTING`] and
//! [`APPROVALS_SETTING`].

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use strata_ports::{
    contexts::{ContextList, ContextProblem, ContextSource},
    error::{PortError, PortErrorKind},
    settings::SettingsStore,
};
use tokio::sync::watch;

mod files;
mod follow;

pub(crate) use files::{Definition, Files};
use files::{Listing, Origin};
use follow::Signal;

use crate::kubeconfig::Kubeconfig;

/// The setting that holds the paths of the files added by hand: a JSON array of texts.
pub const FILES_SETTING: &str = "kubeconfig.files";

/// The setting that holds the digests of the credential plugins that may be run: a JSON array of
/// texts.
pub const APPROVALS_SETTING: &str = "kubeconfig.approved-plugins";

/// Where kubeconfig files are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The value of `KUBECONFIG`; none or empty: `.kube/config` in the home folder.
    pub kubeconfig: Option<OsString>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Whether the embedded demo cluster is listed, after all others.
    pub with_demo: bool,
}

impl Places {
    /// Where kubectl looks, by this process's environment.
    pub fn of_environment() -> Self {
        Self {
            kubeconfig: std::env::var_os("KUBECONFIG"),
            home: std::env::home_dir(),
            with_demo: false,
        }
    }

    /// The same places, and the demo cluster.
    #[must_use]
    pub fn and_demo(self) -> Self {
        Self {
            with_demo: true,
            ..self
        }
    }

    /// The files that are read without having been added by hand, each once, as absolute paths.
    fn files(&self) -> Vec<PathBuf> {
        let named: Vec<PathBuf> = match &self.kubeconfig {
            Some(list) if !list.is_empty() => std::env::split_paths(list)
                .filter(|path| !path.as_os_str().is_empty())
                .collect(),
            _ => self
                .home
                .iter()
                .map(|home| home.join(".kube").join("config"))
                .collect(),
        };
        let mut files = Vec::with_capacity(named.len());
        for path in named {
            let path = std::path::absolute(&path).unwrap_or(path);
            if !files.contains(&path) {
                files.push(path);
            }
        }
        files
    }
}

/// The contexts of the user's kubeconfig files; re-read when a file changes.
///
/// Files are read and followed on a thread of its own, which ends when this is dropped.
pub struct KubeconfigContexts {
    shared: Arc<Shared>,
    signals: mpsc::Sender<Signal>,
}

impl KubeconfigContexts {
    /// Reads the files of `places` and those that `settings` name, and begins to follow them.
    /// Nothing here fails: what cannot be read is a problem in the list.
    pub fn open(places: &Places, settings: Arc<dyn SettingsStore>) -> Self {
        let mut problems = Vec::new();
        let mut stored = |name, what| {
            read_texts(settings.as_ref(), name).unwrap_or_else(|error| {
                problems.push(ContextProblem {
                    file: String::new(),
                    context: String::new(),
                    message: format!("{what} are forgotten: {error}"),
                });
                Vec::new()
            })
        };
        let added = stored(FILES_SETTING, "the kubeconfig files added by hand");
        let approved = stored(APPROVALS_SETTING, "the approvals of credential plugins");
        let shared = Arc::new(Shared {
            listed: places.files(),
            with_demo: places.with_demo,
            problems,
            settings,
            added: Mutex::new(added.into_iter().map(PathBuf::from).collect()),
            files: watch::Sender::new(Arc::new(Files::default())),
            contexts: watch::Sender::new(ContextList::default()),
            approvals: watch::Sender::new(approved.into_iter().collect()),
        });
        shared.reload();
        let signals = follow::start(&shared);
        Self { shared, signals }
    }

    /// The files as they were last read, and whenever they are read anew.
    pub(crate) fn files(&self) -> watch::Receiver<Arc<Files>> {
        self.shared.files.subscribe()
    }

    /// The digests of the credential plugins that may be run.
    pub(crate) fn approvals(&self) -> watch::Receiver<BTreeSet<String>> {
        self.shared.approvals.subscribe()
    }
}

impl Drop for KubeconfigContexts {
    fn drop(&mut self) {
        // Where the thread ended before, there is nobody to be told.
        self.signals.send(Signal::Stop).ok();
    }
}

impl ContextSource for KubeconfigContexts {
    fn contexts(&self) -> watch::Receiver<ContextList> {
        self.shared.contexts.subscribe()
    }

    fn add_file(&self, path: &str) -> Result<(), PortError> {
        let path = absolute(path)?;
        let bytes = std::fs::read(&path).map_err(|error| {
            let kind = match error.kind() {
                std::io::ErrorKind::NotFound => PortErrorKind::NotFound,
                std::io::ErrorKind::PermissionDenied => PortErrorKind::Forbidden,
                _ => PortErrorKind::InvalidInput,
            };
            PortError::new(kind, format!("{} cannot be read", path.display())).because(error)
        })?;
        let unusable = |reason: &str| {
            let message = format!("{} is not added: {reason}", path.display());
            PortError::new(PortErrorKind::InvalidInput, message)
        };
        let config = Kubeconfig::parse(&bytes, &path).map_err(|reason| unusable(&reason))?;
        if config.contexts.is_empty() {
            return Err(unusable("it has no contexts"));
        }
        if self.shared.listed.contains(&path) {
            return Ok(());
        }
        self.shared.change_added(|added| {
            if !added.contains(&path) {
                added.push(path);
            }
        })?;
        self.reread();
        Ok(())
    }

    fn remove_file(&self, path: &str) -> Result<(), PortError> {
        let path = absolute(path)?;
        if self.shared.listed.contains(&path) {
            let message = format!(
                "{} stays: it is listed by KUBECONFIG or is the home folder's",
                path.display()
            );
            return Err(PortError::new(PortErrorKind::InvalidInput, message));
        }
        self.shared
            .change_added(|added| added.retain(|known| *known != path))?;
        self.reread();
        Ok(())
    }

    fn approve_plugin(&self, digest: &str) -> Result<(), PortError> {
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = "a credential plugin is approved by its digest of 64 hexadecimal digits";
            return Err(PortError::new(PortErrorKind::InvalidInput, message));
        }
        let _writing = self
            .shared
            .added
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut approved = self.shared.approvals.borrow().clone();
        approved.insert(digest.to_owned());
        write_texts(self.shared.settings.as_ref(), APPROVALS_SETTING, &approved)?;
        self.shared.approvals.send_replace(approved);
        Ok(())
    }
}

impl KubeconfigContexts {
    fn reread(&self) {
        self.shared.reload();
        // The set of folders to follow may be another now.
        self.signals.send(Signal::Changed).ok();
    }
}

/// What the owner and the following thread share.
struct Shared {
    /// The files that kubectl would read.
    listed: Vec<PathBuf>,
    with_demo: bool,
    /// What was wrong from the start.
    problems: Vec<ContextProblem>,
    settings: Arc<dyn SettingsStore>,
    /// The files added by hand. Held while settings are written and while files are read, so that
    /// none overtakes another.
    added: Mutex<Vec<PathBuf>>,
    files: watch::Sender<Arc<Files>>,
    contexts: watch::Sender<ContextList>,
    approvals: watch::Sender<BTreeSet<String>>,
}

impl Shared {
    /// Reads every file again and publishes what is different.
    fn reload(&self) {
        let added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = self
            .listed
            .iter()
            .map(|path| (path.clone(), Origin::Listed));
        let by_hand = added
            .iter()
            .filter(|path| !self.listed.contains(path))
            .map(|path| (path.clone(), Origin::ByHand));
        let before = self.files.borrow().clone();
        let files = Files::read(listed.chain(by_hand), &before);
        if !files.is_same_as(&before) {
            self.files.send_replace(Arc::new(files));
        }
        let list = self.files.borrow().list(&Listing {
            problems: &self.problems,
            with_demo: self.with_demo,
        });
        self.contexts.send_if_modified(|current| {
            let is_other = *current != list;
            *current = list;
            is_other
        });
    }

    /// Changes the files added by hand, in the settings first.
    fn change_added(&self, change: impl FnOnce(&mut Vec<PathBuf>)) -> Result<(), PortError> {
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = added.clone();
        change(&mut changed);
        let names: Vec<String> = changed
            .iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        write_texts(self.settings.as_ref(), FILES_SETTING, &names)?;
        *added = changed;
        Ok(())
    }

    /// Every file, there or not.
    fn paths(&self) -> Vec<PathBuf> {
        let added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        self.listed.iter().chain(added.iter()).cloned().collect()
    }
}

/// The absolute path that the user means; a leading `~/` is the home folder.
fn absolute(path: &str) -> Result<PathBuf, PortError> {
    let meant = match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(path).to_owned(),
    };
    std::path::absolute(&meant).map_err(|error| {
        PortError::new(
            PortErrorKind::InvalidInput,
            format!("\"{path}\" is not a path"),
        )
        .because(error)
    })
}

fn read_texts(settings: &dyn SettingsStore, name: &str) -> Result<Vec<String>, PortError> {
    let Some(json) = settings.read(name)? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&json).map_err(|error| {
        let message = format!("the setting {name} is not a list of texts");
        PortError::new(PortErrorKind::Internal, message).because(error)
    })
}

fn write_texts(
    settings: &dyn SettingsStore,
    name: &str,
    texts: &impl serde::Serialize,
) -> Result<(), PortError> {
    let json = serde_json::to_string(texts).map_err(|error| {
        let message = format!("the setting {name} cannot be written");
        PortError::new(PortErrorKind::Internal, message).because(error)
    })?;
    settings.write(name, &json)
}
