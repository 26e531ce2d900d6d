//! Which lines of a book are asked for. A question with a filter keeps the places of what it found, and
//! looks only at what came since.

use std::collections::VecDeque;

use strata_api::topics::Window;
use tokio::time::{Duration, Instant};

use super::{Book, Line, Source};
use crate::logs::styles;

/// How long what a question found is kept after it was asked last.
const KEPT: Duration = Duration::from_secs(30);

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::logs) struct Query {
    /// Those of the pod of this name alone; empty for all.
    pub(in crate::logs) pod: String,
    /// Those that this text, in lower case, is a part of; empty for all.
    pub(in crate::logs) filter: String,
}

/// What a question with a filter found.
#[derive(Debug)]
pub(super) struct Found {
    query: Query,
    /// Places, counted from the first line that ever came.
    pub(super) places: VecDeque<u64>,
    /// Up to which place it looked.
    pub(super) looked_to: u64,
    used: Instant,
}

impl Query {
    fn is_for_all(&self) -> bool {
        self.pod.is_empty() && self.filter.is_empty()
    }

    fn lets_through(&self, line: &Line, sources: &[Source]) -> bool {
        let is_of_pod = self.pod.is_empty()
            || sources
                .get(line.source as usize)
                .is_some_and(|source| source.spec.pod.name == *self.pod);
        is_of_pod
            && (self.filter.is_empty()
                || styles::plain(&line.text)
                    .to_lowercase()
                    .contains(&self.filter))
    }
}

impl Book {
    /// The lines of `window` that `query` asks for, and how many there are in all. Where it is
    /// `from_end`, the window's first line is the last of all, and it goes up from there.
    pub(in crate::logs) fn window(
        &mut self,
        query: &Query,
        window: Window,
        from_end: bool,
        moment: Instant,
    ) -> (Vec<&Line>, usize) {
        self.settle();
        self.found
            .retain(|found| found.query == *query || moment < found.used + KEPT);
        if query.is_for_all() {
            let total = self.lines.len();
            let range = range(total, window, from_end);
            return (self.lines.range(range).collect(), total);
        }
        self.look(query, moment);
        let found = self.found.iter().find(|found| found.query == *query);
        let Some(found) = found else {
            return (Vec::new(), 0);
        };
        let total = found.places.len();
        let places = found.places.range(range(total, window, from_end));
        let lines = places.filter_map(|place| self.at(*place)).collect();
        (lines, total)
    }

    /// Every line that `query` asks for.
    pub(in crate::logs) fn all(&mut self, query: &Query) -> impl Iterator<Item = &Line> {
        self.settle();
        let Self { lines, sources, .. } = self;
        lines
            .iter()
            .filter(move |line| line.mark.is_none() && query.lets_through(line, sources))
    }

    fn at(&self, place: u64) -> Option<&Line> {
        let at = place.checked_sub(self.dropped)?;
        self.lines.get(usize::try_from(at).ok()?)
    }

    /// Looks for what `query` asks for among the lines that came since it was asked last.
    fn look(&mut self, query: &Query, moment: Instant) {
        if !self.found.iter().any(|found| found.query == *query) {
            self.found.push(Found {
                query: query.clone(),
                places: VecDeque::new(),
                looked_to: self.dropped,
                used: moment,
            });
        }
        let Self {
            lines,
            sources,
            found,
            dropped,
            ..
        } = self;
        let Some(found) = found.iter_mut().find(|found| found.query == *query) else {
            return;
        };
        found.used = moment;
        let from = found.looked_to.max(*dropped);
        let first = usize::try_from(from - *dropped).unwrap_or(usize::MAX);
        for (line, place) in lines.iter().skip(first).zip(from..) {
            if query.lets_through(line, sources) {
                found.places.push_back(place);
            }
        }
        found.looked_to = *dropped + lines.len() as u64;
    }
}

fn range(total: usize, window: Window, from_end: bool) -> std::ops::Range<usize> {
    let count = window.count.min(Window::MOST) as usize;
    let first = window.first as usize;
    if from_end {
        let end = total.saturating_sub(first);
        end.saturating_sub(count)..end
    } else {
        let first = first.min(total);
        first..(first + count).min(total)
    }
}
