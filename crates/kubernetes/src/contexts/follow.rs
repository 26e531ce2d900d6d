//! The thread that follows the files.
//!
//! Editors and kubectl replace a file by renaming another over it, so not the files but their
//! folders are watched: the folder of the file, that of what it links to, and where a folder isn't
//! there yet the nearest one above it. Where the system tells of no changes (network file systems,
//! no watches left), looking every few seconds has to do.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak, mpsc},
    time::{Duration, Instant},
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode},
};

use super::Shared;

/// How long a folder must be quiet before the files are read: a save is several events.
const QUIET: Duration = Duration::from_millis(100);

/// How long a folder that is never quiet is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often is looked without being told.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// How often is looked where nothing tells.
const LOOK_OFTEN_EVERY: Duration = Duration::from_secs(3);

/// How many folders may come into being, one in the other, while they are being watched.
const MOST_LAYERS: usize = 16;

/// What the thread is told.
pub(super) enum Signal {
    /// A file may have changed.
    Changed,
    /// The owner is gone.
    Stop,
}

/// Starts the thread.
pub(super) fn start(shared: &Arc<Shared>) -> mpsc::Sender<Signal> {
    let (signals, inbox) = mpsc::channel();
    let mut folders = Folders::open(signals.clone());
    let shared = Arc::downgrade(shared);
    let follow = move || {
        let mut wait = Duration::ZERO;
        loop {
            match inbox.recv_timeout(wait) {
                Ok(Signal::Changed) => {
                    if !settle(&inbox) {
                        return;
                    }
                }
                Ok(Signal::Stop) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            let Some(is_told) = look(&shared, &mut folders) else {
                return;
            };
            wait = if is_told {
                LOOK_EVERY
            } else {
                LOOK_OFTEN_EVERY
            };
        }
    };
    let thread = std::thread::Builder::new()
        .name("kubeconfig".to_owned())
        .spawn(follow);
    if let Err(error) = thread {
        tracing::warn!(%error, "kubeconfig files are not followed: no thread");
    }
    signals
}

/// Watches what is to be watched, then reads: in this order nothing is missed between the two.
/// Tells whether changes will be told of; none where the owner is gone.
fn look(shared: &Weak<Shared>, folders: &mut Folders) -> Option<bool> {
    let shared = shared.upgrade()?;
    let is_told = folders.follow(&shared.paths());
    shared.reload();
    Some(is_told)
}

/// Waits until nothing was heard for a while. False where the owner is gone.
fn settle(inbox: &mpsc::Receiver<Signal>) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match inbox.recv_timeout(QUIET) {
            Ok(Signal::Changed) => {}
            Ok(Signal::Stop) | Err(mpsc::RecvTimeoutError::Disconnected) => return false,
            Err(mpsc::RecvTimeoutError::Timeout) => break,
        }
    }
    true
}

/// The folders that are watched.
struct Folders {
    /// None where the system has no more watches to give.
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    /// The paths that an event must concern, shared with the watcher's own thread.
    wanted: Arc<Mutex<Vec<PathBuf>>>,
}

impl Folders {
    fn open(signals: mpsc::Sender<Signal>) -> Self {
        let wanted: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let concerning = Arc::clone(&wanted);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let wanted = concerning.lock().unwrap_or_else(PoisonError::into_inner);
            // An error may have swallowed an event.
            if event.map_or(true, |event| concerns(&event, &wanted)) {
                signals.send(Signal::Changed).ok();
            }
        });
        let watcher = watcher
            .inspect_err(|error| tracing::info!(%error, "kubeconfig files are looked at by turns"))
            .ok();
        Self {
            watcher,
            watched: BTreeSet::new(),
            wanted,
        }
    }

    /// Watches the folders of `files`. False where one of them cannot be watched.
    fn follow(&mut self, files: &[PathBuf]) -> bool {
        for _ in 0..MOST_LAYERS {
            let (wanted, folders) = places(files);
            let is_told = self.watch(wanted, folders);
            // A folder that was made before the one above it was watched is told of by nobody.
            if !is_told || places(files).1 == self.watched {
                return is_told;
            }
        }
        false
    }

    fn watch(&mut self, wanted: Vec<PathBuf>, folders: BTreeSet<PathBuf>) -> bool {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = wanted;

        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        for gone in self.watched.difference(&folders) {
            // The system drops the watch of a folder that was removed by itself.
            watcher.unwatch(gone).ok();
        }
        // Those watched already are asked for again: a folder that was removed and made anew
        // bears the same name but no watch.
        let is_told = folders.iter().fold(true, |is_told, folder| {
            match watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => is_told,
                Err(error) => {
                    tracing::info!(%error, folder = %folder.display(), "a folder is not watched");
                    false
                }
            }
        });
        self.watched = folders;
        is_told
    }
}

/// The `files` with what they link to, and the folders to watch for them.
fn places(files: &[PathBuf]) -> (Vec<PathBuf>, BTreeSet<PathBuf>) {
    let mut wanted = Vec::with_capacity(files.len());
    for file in files {
        wanted.push(file.clone());
        wanted.extend(resolve(file).filter(|target| target != file));
    }
    let folders = wanted
        .iter()
        .filter_map(|path| nearest_folder(path))
        .collect();
    (wanted, folders)
}

/// Whether an event may change what one of the `wanted` files says: it concerns the file, a folder
/// it lies in, or a neighbour (a Kubernetes volume swaps a link beside the file).
fn concerns(event: &Event, wanted: &[PathBuf]) -> bool {
    let is_read_only = matches!(event.kind, EventKind::Access(kind)
        if kind != AccessKind::Close(AccessMode::Write));
    // Reading a file is an event too: heeding it would go round for ever.
    if is_read_only {
        return false;
    }
    event.need_rescan()
        || event.paths.iter().any(|path| {
            wanted
                .iter()
                .any(|file| file.starts_with(path) || file.parent() == path.parent())
        })
}

/// The file behind every link; of one that isn't there, where it would be.
fn resolve(file: &Path) -> Option<PathBuf> {
    file.canonicalize()
        .ok()
        .or_else(|| Some(file.parent()?.canonicalize().ok()?.join(file.file_name()?)))
}

/// The folder of `path`, or the nearest one above it that is there.
fn nearest_folder(path: &Path) -> Option<PathBuf> {
    path.ancestors()
        .skip(1)
        .find(|folder| folder.is_dir())
        .map(Path::to_owned)
}
