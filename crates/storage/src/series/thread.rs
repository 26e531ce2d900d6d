//! The thread that writes: everything that came meanwhile in one commit, then what is over is sealed.

use std::{
    collections::VecDeque,
    iter,
    sync::{Arc, MutexGuard, PoisonError, atomic::Ordering, mpsc},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use strata_domain::ids::ClusterId;
use strata_ports::series::{NotKept, Record};

use super::{
    Shared,
    file::{self, SeriesError, SeriesFile},
    head::{self, Entry},
    holdings, incidents, living_jobs,
    names::{self, Numbers},
    past_jobs,
    retention::{self, Retention},
    seal, step_of,
};

/// How many records are held while none can be written: an hour of a cluster or two and of this machine.
const MOST_WAITING: usize = 480;
/// How many samples these may have: an hour of 8,000 GPUs.
const MOST_SAMPLES: usize = 4_000_000;

/// What the thread is told.
pub(super) enum Order {
    /// Write this.
    Record { cluster: ClusterId, record: Record },
    /// Whoever reads found the file damaged that was the so-manieth.
    Damaged(u64),
    /// Say when everything before is done.
    Settle(mpsc::SyncSender<()>),
}

pub(super) struct Writer {
    file: SeriesFile,
    retention: Retention,
    shared: Arc<Shared>,
    numbers: Numbers,
    waiting: VecDeque<(ClusterId, Record)>,
    is_tidied: bool,
}

impl Writer {
    pub(super) fn new(file: SeriesFile, retention: Retention, shared: Arc<Shared>) -> Self {
        let mut writer = Self {
            file,
            retention,
            shared,
            numbers: Numbers::default(),
            waiting: VecDeque::new(),
            is_tidied: false,
        };
        writer.tell_size();
        writer
    }

    /// Runs until nobody can order any more.
    pub(super) fn run(mut self, inbox: &mpsc::Receiver<Order>) {
        while let Ok(first) = inbox.recv() {
            let mut settled = Vec::new();
            for order in iter::once(first).chain(inbox.try_iter()) {
                match order {
                    Order::Record { cluster, record } => self.waiting.push_back((cluster, record)),
                    Order::Damaged(file) => {
                        // Several may have found the same.
                        if file == self.shared.files.load(Ordering::Acquire) {
                            let begun = self.begin_anew();
                            self.tell(begun);
                        }
                    }
                    Order::Settle(done) => settled.push(done),
                }
            }
            self.write_waiting();
            for done in settled {
                if done.send(()).is_err() {
                    tracing::debug!("whoever waited for the series no longer does");
                }
            }
        }
    }

    /// Writes what waits; what cannot be written waits on, up to a bound.
    fn write_waiting(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let written = self.with(Self::commit);
        let is_written = written.is_ok();
        self.tell(written);
        if is_written {
            let tidied = self.with(Self::tidy);
            self.tell(tidied);
        }
        self.let_go_of_the_oldest();
        self.tell_size();
    }

    /// Lets go of what waits beyond the bounds, and counts it.
    fn let_go_of_the_oldest(&mut self) {
        let waiting = self.waiting.iter();
        let mut samples: usize = waiting.map(|(_, record)| record.samples.len()).sum();
        while self.waiting.len() > MOST_WAITING || samples > MOST_SAMPLES {
            let Some((_, record)) = self.waiting.pop_front() else {
                return;
            };
            samples = samples.saturating_sub(record.samples.len());
            self.shared.keeping().lost += record.samples.len() as u64;
        }
    }

    /// Does `work`; where that finds the file damaged, begins a new one and does it again.
    fn with<T>(
        &mut self,
        work: impl Fn(&mut Self) -> Result<T, SeriesError>,
    ) -> Result<T, SeriesError> {
        let done = work(self);
        match done {
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "the file of the series is damaged");
                self.begin_anew()?;
                work(self)
            }
            done => done,
        }
    }

    fn commit(&mut self) -> Result<(), SeriesError> {
        // What a commit that failed looked up may not be there.
        let mut numbers = std::mem::take(&mut self.numbers);
        let mut lost = 0;
        let connection = Arc::clone(&self.file.writer);
        let mut connection = lock(&connection);
        let change = begin(&mut connection)?;
        for (cluster, record) in &self.waiting {
            lost += write(&change, &mut numbers, cluster, record)?;
        }
        change.commit()?;
        self.numbers = numbers;
        self.waiting.clear();
        self.shared.keeping().lost += lost;
        Ok(())
    }

    /// Seals what is over, and removes what is too old or too much.
    fn tidy(&mut self) -> Result<(), SeriesError> {
        let shared = Arc::clone(&self.file.writer);
        let mut connection = lock(&shared);
        let clusters: Vec<i64> = {
            let mut list = connection.prepare_cached("SELECT id FROM cluster")?;
            let numbers = list.query_map([], |row| row.get(0))?;
            numbers.collect::<Result<_, _>>()?
        };
        for cluster in clusters {
            let change = begin(&mut connection)?;
            let is_day_over = seal::seal(&change, cluster)?;
            if is_day_over || !self.is_tidied {
                self.retention.by_age(&change, cluster)?;
                self.numbers.forget();
            }
            change.commit()?;
        }
        self.is_tidied = true;
        if retention::size(&connection)? > self.retention.most_bytes {
            let change = begin(&mut connection)?;
            self.retention.by_size(&change)?;
            change.commit()?;
        }
        give_back(&connection)
    }

    /// Sets the file aside and begins a new one.
    fn begin_anew(&mut self) -> Result<(), SeriesError> {
        self.numbers.forget();
        let Some(path) = self.file.path.clone() else {
            let fresh = SeriesFile::in_memory()?;
            swap(&self.file.writer, &fresh.writer);
            return Ok(());
        };
        // Both connections are closed before the file is moved.
        let placeholder = SeriesFile::in_memory()?;
        swap(&self.file.writer, &placeholder.writer);
        drop(placeholder);
        let placeholder = SeriesFile::in_memory()?;
        swap(&self.file.reader, &placeholder.reader);
        drop(placeholder);
        let aside = file::set_aside(&path)?;
        let (writer, reader) = file::connect(&path)?;
        *lock(&self.file.writer) = writer;
        *lock(&self.file.reader) = reader;
        self.shared.files.fetch_add(1, Ordering::Release);
        self.shared.keeping().set_aside = Some(aside);
        Ok(())
    }

    /// Says why nothing is written, or that all is well.
    fn tell(&self, outcome: Result<(), SeriesError>) {
        let mut keeping = self.shared.keeping();
        let Err(error) = outcome else {
            keeping.problem = None;
            return;
        };
        tracing::warn!(%error, "series are not written");
        let waiting = self.waiting.iter();
        keeping.problem = Some(NotKept {
            is_full: error.is_full(),
            since: waiting
                .flat_map(|(_, record)| &record.samples)
                .map(|sample| sample.at)
                .min(),
            message: error.to_string(),
        });
    }

    fn tell_size(&mut self) {
        let size = retention::size(&lock(&self.file.writer));
        self.shared.keeping().bytes = size.unwrap_or(0);
    }
}

/// Writes `record` of `cluster`; tells how many samples came too late.
fn write(
    connection: &Connection,
    numbers: &mut Numbers,
    cluster: &ClusterId,
    record: &Record,
) -> Result<u64, SeriesError> {
    let cluster = names::number_cluster(connection, &cluster.0)?;
    let (sealed, newest_before): (i64, i64) = connection.query_row(
        "SELECT days, newest FROM cluster WHERE id = ?1",
        [cluster],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut entries = Vec::with_capacity(record.samples.len());
    let mut late = 0;
    for sample in &record.samples {
        let step = step_of(sample.at);
        if step < sealed {
            late += 1;
            continue;
        }
        let Some((series, grain)) = numbers.of(connection, cluster, &sample.series)? else {
            continue;
        };
        if let Some(value) = grains(sample.value, grain) {
            entries.push(Entry {
                series,
                step,
                value,
            });
        }
    }
    if let Some(newest) = entries.iter().map(|entry| entry.step).max() {
        connection.execute(
            "UPDATE cluster SET newest = max(newest, ?2) WHERE id = ?1",
            (cluster, newest),
        )?;
    }
    head::add(connection, cluster, entries)?;
    for incident in &record.incidents {
        incidents::note(connection, cluster, incident)?;
    }
    if let Some(held) = &record.held {
        holdings::note(connection, cluster, newest_before, held)?;
    }
    past_jobs::note(connection, cluster, &record.jobs)?;
    living_jobs::forget(connection, cluster, &record.jobs)?;
    if let Some(living) = &record.living {
        living_jobs::note(connection, cluster, living)?;
    }
    Ok(late)
}

/// `value` as a number of grains; `None` for what is no number.
fn grains(value: f64, grain: f64) -> Option<i64> {
    let grains = (value / grain).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast of a float saturates, and no measure comes near"
    )]
    grains.is_finite().then_some(grains as i64)
}

/// Begins a change at once: another Strata may write to the same file, and what was read must hold.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, SeriesError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Gives room that was freed back to the disk.
fn give_back(connection: &Connection) -> Result<(), SeriesError> {
    Ok(connection.execute_batch("PRAGMA incremental_vacuum")?)
}

fn lock(connection: &std::sync::Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Exchanges what two places hold.
fn swap(left: &std::sync::Mutex<Connection>, right: &std::sync::Mutex<Connection>) {
    std::mem::swap(&mut *lock(left), &mut *lock(right));
}
