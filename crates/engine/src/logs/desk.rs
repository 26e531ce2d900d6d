//! The books that are open, and who reads for them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use strata_api::{
    phrases::{Phrase, PhraseCode},
    rows::log::LogText,
    topics::{JobLog, Topic},
};
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::{
    error::{PortError, PortErrorKind},
    logs::{LogLine, LogRequest, LogSource},
};
use tokio::{
    sync::mpsc,
    time::{Duration, Instant},
};

use super::{
    book::{Book, MOST_LINES, Query, Reading, Source},
    rows,
    sources::{self, Spec},
};
use crate::{
    project::{Rows, pods::Picture},
    supervise::{OpenLog, TaskScope},
};

/// How long a book is kept that nobody looks at: scrolling ends one window and opens another.
const KEPT: Duration = Duration::from_secs(10);
/// How long to wait before a log that broke off is asked for again.
const RETRY: Duration = Duration::from_secs(5);
/// Fewest lines of a container that are read from the end of what is there.
const FEWEST: usize = 1_000;

/// What a reader says.
pub(crate) struct Logged {
    pub(crate) id: LogId,
    pub(crate) said: LogSaid,
}

/// Which reading of which container for which book.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogId {
    book: u64,
    source: u32,
    generation: u32,
}

/// What comes of reading a log.
pub(crate) enum LogSaid {
    Lines(Vec<LogLine>),
    Failed(PortError),
    Ended,
}

/// Every open book.
pub(crate) struct LogDesk {
    source: Arc<dyn LogSource>,
    scope: TaskScope,
    inbox: mpsc::Sender<Logged>,
    books: BTreeMap<JobLog, OpenBook>,
    next: u64,
}

struct OpenBook {
    number: u64,
    book: Book,
    readers: BTreeMap<u32, OpenLog>,
    used: Instant,
}

impl LogDesk {
    pub(crate) fn new(
        source: Arc<dyn LogSource>,
        scope: TaskScope,
        inbox: mpsc::Sender<Logged>,
    ) -> Self {
        Self {
            source,
            scope,
            inbox,
            books: BTreeMap::new(),
            next: 0,
        }
    }

    /// The rows of `topic`, where it is one about logs; the book is opened where it is not.
    pub(crate) fn rows(&mut self, topic: &Topic, picture: Picture<'_>, moment: Instant) -> Rows {
        let Some(of) = log_of(topic) else {
            return Rows::default();
        };
        self.bring_up(of, picture, moment);
        let Some(open) = self.books.get_mut(of) else {
            return Rows::default();
        };
        match topic {
            Topic::JobLogs {
                pod,
                filter,
                window,
                from_end,
                ..
            } => {
                let query = query(pod, filter);
                rows::lines(&mut open.book, &query, *window, *from_end, moment)
            }
            _ => rows::summary(&mut open.book, picture.now),
        }
    }

    /// All lines as a text; none where nobody looks at these logs.
    pub(crate) fn text(&mut self, of: &JobLog, pod: &str, filter: &str) -> Option<LogText> {
        let open = self.books.get_mut(of)?;
        Some(rows::text(&mut open.book, &query(pod, filter)))
    }

    /// Takes in what a reader says; whose logs these are.
    pub(crate) fn take(
        &mut self,
        logged: Logged,
        now: Timestamp,
        moment: Instant,
    ) -> Option<JobLog> {
        let Logged { id, said } = logged;
        let (of, open) = self
            .books
            .iter_mut()
            .find(|(_, open)| open.number == id.book)?;
        let source = open.book.sources.get_mut(id.source as usize)?;
        // The last words of a reading that was given up.
        if source.generation != id.generation {
            return None;
        }
        match said {
            LogSaid::Lines(lines) => {
                source.reading = Reading::Following;
                open.book.take(id.source, lines, now);
            }
            LogSaid::Failed(error) => {
                source.reading = Reading::Failed {
                    at: moment,
                    message: error.message,
                    is_forbidden: error.kind == PortErrorKind::Forbidden,
                };
            }
            // A failure was the last word already.
            LogSaid::Ended if matches!(source.reading, Reading::Failed { .. }) => {}
            LogSaid::Ended => source.reading = Reading::Ended(moment),
        }
        Some(of.clone())
    }

    /// Closes the books that nobody has looked at lately.
    pub(crate) fn forget_unused(&mut self, moment: Instant) {
        self.books.retain(|_, open| moment < open.used + KEPT);
    }

    /// Opens the book of `of` where it is not open, and the readers that it lacks.
    fn bring_up(&mut self, of: &JobLog, picture: Picture<'_>, moment: Instant) {
        let next = &mut self.next;
        let open = self.books.entry(of.clone()).or_insert_with(|| {
            *next += 1;
            OpenBook {
                number: *next,
                book: Book::default(),
                readers: BTreeMap::new(),
                used: moment,
            }
        });
        open.used = moment;
        let (specs, more) = sources::of(picture, of);
        enter(&mut open.book, specs, more);
        let tail = MOST_LINES / open.book.sources.len().max(1);
        let tail = u32::try_from(tail.max(FEWEST)).ok();
        let cluster = ClusterId(Text::from(of.cluster.as_str()));
        let mut marks = Vec::new();
        for (source, number) in open.book.sources.iter_mut().zip(0_u32..) {
            if !is_to_be_read(source, moment) {
                continue;
            }
            let is_anew = source
                .run
                .is_some_and(|run| source.spec.restarts > run && !of.previous);
            if is_anew {
                let mark = Phrase::new(PhraseCode::LogRestarted)
                    .with("container", source.spec.container.as_str())
                    .with("restarts", source.spec.restarts);
                let at = source.spec.began.or(source.last_at);
                marks.push((number, at.unwrap_or(picture.now), mark));
            }
            source.run = Some(source.spec.restarts);
            source.reading = Reading::Loading;
            source.generation += 1;
            let id = LogId {
                book: open.number,
                source: number,
                generation: source.generation,
            };
            let asked = LogRequest {
                pod: source.spec.pod.clone(),
                container: source.spec.container.clone(),
                previous: of.previous,
                follow: source.spec.is_running,
                tail: tail.filter(|_| source.last_at.is_none()),
                since: source.last_at.and_then(just_after),
            };
            let reader = OpenLog::open(
                id,
                &cluster,
                asked,
                &self.source,
                &self.scope,
                self.inbox.clone(),
            );
            open.readers.insert(number, reader);
        }
        for (number, at, mark) in marks {
            open.book.mark(number, at, mark);
        }
    }
}

/// Enters the containers that there are now into `book`, and that `more` are not told of.
fn enter(book: &mut Book, specs: Vec<Spec>, more: usize) {
    book.more = more;
    // Of pods that are gone, what was read stays; there is nothing more to come.
    for source in &mut book.sources {
        source.spec.has_log = false;
        source.spec.is_running = false;
    }
    for spec in specs {
        let has_room = book.sources.len() < 2 * sources::MOST;
        let known = book
            .sources
            .iter_mut()
            .find(|source| source.is(&spec.uid, &spec.container));
        match known {
            Some(known) => known.spec = spec,
            None if has_room => book.sources.push(Source::new(spec)),
            None => book.more += 1,
        }
    }
}

/// Whether the log of `source` is to be asked for, now.
fn is_to_be_read(source: &Source, moment: Instant) -> bool {
    if !source.spec.has_log {
        return false;
    }
    let is_another_run = source.run.is_some_and(|run| run != source.spec.restarts);
    match &source.reading {
        Reading::Waiting => true,
        // It ends by itself when its container does.
        Reading::Loading | Reading::Following => is_another_run && !source.spec.is_running,
        Reading::Ended(at) => is_another_run || (source.spec.is_running && moment >= *at + RETRY),
        Reading::Failed {
            at, is_forbidden, ..
        } => (is_another_run || !is_forbidden) && moment >= *at + RETRY,
    }
}

fn just_after(at: Timestamp) -> Option<Timestamp> {
    at.checked_add(jiff::SignedDuration::from_nanos(1)).ok()
}

fn query(pod: &str, filter: &str) -> Query {
    Query {
        pod: pod.to_owned(),
        filter: filter.to_lowercase(),
    }
}

/// Whose logs `topic` is about.
pub(crate) fn log_of(topic: &Topic) -> Option<&JobLog> {
    match topic {
        Topic::JobLogs { of, .. } | Topic::JobLogSummary { of } => Some(of),
        _ => None,
    }
}
