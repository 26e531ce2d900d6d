//! Series of samples on disk: what was measured, and what needed attention when.
//!
//! Time is parted into steps of half a minute. What is handed over is written at once into the
//! *head*, rows of whole steps of many series; what is an hour old becomes *chunks*, rows of one
//! series over an hour, then over a day, beside which its five minutes and its hours are summed up.
//! Which pod had which GPU is kept beside them ([`holdings`]), jobs that are over ([`past_jobs`]), and
//! those that were not when they were seen last ([`living_jobs`]).
//! Read in this order: [`file`](mod@file) (the tables; opening; what is damaged), [`column`] and
//! [`chunk`] (how numbers are packed), [`head`], [`seal`] (from the head to chunks), [`retention`],
//! [`thread`] (the one that writes), [`read`] (series over time), [`moment`] (every GPU at one time).
//!
//! The file is in WAL mode: the thread that writes and those that read do not wait for each other,
//! and what was committed is whole however the program ends.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

use jiff::Timestamp;
use rusqlite::Connection;
use strata_domain::{
    ids::ClusterId,
    series::{SeriesKind, SeriesName},
};
use strata_ports::{
    error::{PortError, PortErrorKind},
    holdings::HeldPast,
    objects::ObjectAddress,
    past_jobs::PastJob,
    series::{
        Incident, Keeping, Moment, MomentQuestion, Record, SeriesPoints, SeriesQuestion,
        SeriesStore,
    },
};

mod chunk;
mod column;
mod file;
mod head;
mod holdings;
mod incidents;
mod living_jobs;
mod moment;
mod names;
mod past_jobs;
mod read;
mod retention;
mod seal;
mod thread;

pub use file::SeriesError;
use file::SeriesFile;
pub use retention::Retention;
use thread::{Order, Writer};

/// Seconds of a step. Of several samples of a series in one step the last stays.
pub const STEP_SECONDS: i64 = 30;

/// How many records may wait for the thread that writes.
const QUEUE: usize = 64;

/// The step that `at` is in.
fn step_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP_SECONDS)
}

/// Keeps series in a file of their own. Dropping it writes what was handed over.
pub struct SeriesDatabase {
    orders: Option<mpsc::SyncSender<Order>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread that writes shares with those that read.
struct Shared {
    reader: Arc<Mutex<Connection>>,
    keeping: Mutex<Keeping>,
    /// How many files were set aside.
    files: AtomicU64,
}

impl Shared {
    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keeping(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SeriesDatabase {
    /// Opens the file at `path`, and makes it where there is none. A file that is damaged is set
    /// aside under another name, which [`Keeping::set_aside`] tells, and a new one begun.
    pub fn open(path: &Path, retention: Retention) -> Result<Self, SeriesError> {
        Self::start(SeriesFile::open(path)?, retention)
    }

    /// Keeps series in memory, gone when this is dropped.
    pub fn in_memory() -> Result<Self, SeriesError> {
        Self::start(SeriesFile::in_memory()?, Retention::default())
    }

    fn start(file: SeriesFile, retention: Retention) -> Result<Self, SeriesError> {
        let shared = Arc::new(Shared {
            reader: Arc::clone(&file.reader),
            keeping: Mutex::new(Keeping {
                file: file.path.clone(),
                set_aside: file.set_aside.clone(),
                ..Keeping::default()
            }),
            files: AtomicU64::new(0),
        });
        let (orders, inbox) = mpsc::sync_channel(QUEUE);
        let writer = Writer::new(file, retention, Arc::clone(&shared));
        let thread = std::thread::Builder::new()
            .name("series".to_owned())
            .spawn(move || writer.run(&inbox))
            .map_err(SeriesError::Thread)?;
        Ok(Self {
            orders: Some(orders),
            shared,
            thread: Some(thread),
        })
    }

    /// Waits until everything that was handed over is written, or could not be.
    pub fn settle(&self) {
        let (done, settled) = mpsc::sync_channel(1);
        let sent = self
            .orders
            .as_ref()
            .is_some_and(|orders| orders.send(Order::Settle(done)).is_ok());
        if sent && settled.recv().is_err() {
            tracing::debug!("the thread that keeps series has ended");
        }
    }
}

impl SeriesStore for SeriesDatabase {
    fn record(&self, cluster: &ClusterId, record: Record) {
        let count = record.samples.len() as u64;
        let order = Order::Record {
            cluster: cluster.clone(),
            record,
        };
        let orders = self.orders.as_ref();
        if orders.is_none_or(|orders| orders.try_send(order).is_err()) {
            self.shared.keeping().lost += count;
        }
    }

    fn names(
        &self,
        cluster: &ClusterId,
        kinds: &[SeriesKind],
        name: Option<&str>,
    ) -> Result<Vec<SeriesName>, PortError> {
        self.look(|reader| names::of_kinds(reader, &cluster.0, kinds, name))
    }

    fn read(&self, question: &SeriesQuestion) -> Result<Vec<SeriesPoints>, PortError> {
        self.look(|reader| read::points(reader, question))
    }

    fn moment(&self, question: &MomentQuestion) -> Result<Moment, PortError> {
        self.look(|reader| moment::of_gpus(reader, question))
    }

    fn incidents(
        &self,
        cluster: &ClusterId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Incident>, PortError> {
        self.look(|reader| incidents::between(reader, &cluster.0, from, until))
    }

    fn held_by(&self, cluster: &ClusterId, owner: &ObjectAddress) -> Result<HeldPast, PortError> {
        self.look(|reader| holdings::of_owner(reader, &cluster.0, owner))
    }

    fn past_jobs(&self, cluster: &ClusterId) -> Result<Vec<PastJob>, PortError> {
        self.look(|reader| past_jobs::of_cluster(reader, &cluster.0))
    }

    fn keeping(&self, _: &ClusterId) -> Keeping {
        self.shared.keeping().clone()
    }
}

impl SeriesDatabase {
    /// Reads; tells the thread that writes where the file is found to be damaged.
    fn look<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, SeriesError>,
    ) -> Result<T, PortError> {
        let reader = self.shared.reader();
        let file = self.shared.files.load(Ordering::Acquire);
        let found = read(&reader);
        drop(reader);
        found.map_err(|cause| self.failure(cause, file))
    }

    fn failure(&self, cause: SeriesError, file: u64) -> PortError {
        if cause.is_damage()
            && let Some(orders) = &self.orders
            && orders.send(Order::Damaged(file)).is_err()
        {
            tracing::warn!("the thread that keeps series has ended");
        }
        let place = self
            .shared
            .keeping()
            .file
            .clone()
            .unwrap_or_else(|| PathBuf::from(":memory:"));
        PortError::new(
            PortErrorKind::Unavailable,
            format!("what was measured cannot be read from {}", place.display()),
        )
        .because(cause)
    }
}

impl Drop for SeriesDatabase {
    fn drop(&mut self) {
        // Closing the channel ends the thread once it has written what is in it.
        self.orders = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that keeps series has a fault");
        }
    }
}

impl std::fmt::Debug for SeriesDatabase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SeriesDatabase")
            .field("keeping", &*self.shared.keeping())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
