//! A chunk: one series over some time, as it lies in a row.
//!
//! Which steps there are samples of is kept as runs, so that a series without gaps takes two bytes
//! for it; then each column of numbers, packed.

use super::{
    column::{put, put_small, take, take_small},
    file::SeriesError,
};

/// How chunks are written now; the first byte of each.
const FORM: u8 = 1;

/// The samples of a series in one chunk, or what they sum up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The steps of which something is known, in order, counted from the chunk's begin.
    pub(super) steps: Vec<i64>,
    /// The numbers of those steps, column by column: a value for samples; count, sum, least, most for
    /// sums.
    pub(super) columns: Vec<Vec<i64>>,
}

/// What sums consist of.
pub(super) const SUM_COLUMNS: usize = 4;

impl Chunk {
    /// A chunk of samples, a step and a value each; of several in one step the last stays.
    pub(super) fn of_samples(mut samples: Vec<(i64, i64)>) -> Self {
        // Stable: what came later stands later.
        samples.sort_by_key(|(step, _)| *step);
        let mut steps: Vec<i64> = Vec::with_capacity(samples.len());
        let mut values: Vec<i64> = Vec::with_capacity(samples.len());
        for (step, value) in samples {
            if steps.last() == Some(&step) {
                steps.pop();
                values.pop();
            }
            steps.push(step);
            values.push(value);
        }
        Self {
            steps,
            columns: vec![values],
        }
    }

    /// The samples, a step and a value each.
    pub(super) fn samples(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let values = self.columns.first().into_iter().flatten();
        self.steps.iter().copied().zip(values.copied())
    }

    /// Sums up `parts`, which are in the order of time, in steps of `width` of theirs.
    pub(super) fn sums(parts: impl Iterator<Item = (i64, Sum)>, width: i64) -> Self {
        let mut steps: Vec<i64> = Vec::new();
        let mut sums: Vec<Sum> = Vec::new();
        for (step, part) in parts {
            let step = step.div_euclid(width);
            if let Some(sum) = sums.last_mut().filter(|_| steps.last() == Some(&step)) {
                sum.add(part);
            } else {
                steps.push(step);
                sums.push(part);
            }
        }
        let column = |pick: fn(&Sum) -> i64| sums.iter().map(pick).collect();
        Self {
            columns: vec![
                column(|sum| sum.count),
                // Beside the least: small where a step is even.
                column(|sum| sum.total - sum.least.saturating_mul(sum.count)),
                column(|sum| sum.least),
                column(|sum| sum.most - sum.least),
            ],
            steps,
        }
    }

    /// The sums, a step each.
    pub(super) fn each_sum(&self) -> impl Iterator<Item = (i64, Sum)> + '_ {
        let column = |at: usize| self.columns.get(at).into_iter().flatten().copied();
        let numbers = column(0).zip(column(1)).zip(column(2)).zip(column(3));
        self.steps
            .iter()
            .copied()
            .zip(numbers)
            .map(|(step, (((count, over), least), range))| {
                let sum = Sum {
                    count,
                    total: least.saturating_mul(count).saturating_add(over),
                    least,
                    most: least.saturating_add(range),
                };
                (step, sum)
            })
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, SeriesError> {
        let runs = runs(&self.steps);
        let mut bytes = vec![FORM];
        put_small(&mut bytes, runs.len() as u64);
        let mut end = 0;
        for (first, length) in runs {
            put_small(&mut bytes, u64::try_from(first - end).unwrap_or(0));
            put_small(&mut bytes, u64::try_from(length).unwrap_or(0));
            end = first + length;
        }
        put_small(&mut bytes, self.columns.len() as u64);
        for column in &self.columns {
            put(&mut bytes, column)?;
        }
        Ok(bytes)
    }

    pub(super) fn read(mut bytes: &[u8]) -> Result<Self, SeriesError> {
        let unreadable = |what: &str| SeriesError::Unreadable(what.to_owned());
        match bytes.split_first() {
            Some((&FORM, rest)) => bytes = rest,
            _ => return Err(unreadable("a chunk of a form that is not known")),
        }
        let mut steps = Vec::new();
        let mut end = 0;
        for _ in 0..take_small(&mut bytes)? {
            let gap = i64::try_from(take_small(&mut bytes)?).unwrap_or(0);
            let length = i64::try_from(take_small(&mut bytes)?).unwrap_or(0);
            if length > MOST_STEPS || gap > MOST_STEPS {
                return Err(unreadable("a chunk longer than any is written"));
            }
            steps.extend(end + gap..end + gap + length);
            end += gap + length;
        }
        let mut columns = Vec::new();
        for _ in 0..take_small(&mut bytes)?.min(SUM_COLUMNS as u64) {
            columns.push(take(&mut bytes)?);
        }
        if columns.iter().any(|column| column.len() != steps.len()) {
            return Err(unreadable("a chunk whose columns are of different length"));
        }
        Ok(Self { steps, columns })
    }
}

/// No chunk has more steps.
const MOST_STEPS: i64 = 100_000;

/// The samples of a step, summed up, in grains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) count: i64,
    pub(super) total: i64,
    pub(super) least: i64,
    pub(super) most: i64,
}

impl Sum {
    pub(super) fn of(value: i64) -> Self {
        Self {
            count: 1,
            total: value,
            least: value,
            most: value,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.total = self.total.saturating_add(other.total);
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// Steps that follow each other, as first and length.
fn runs(steps: &[i64]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for step in steps {
        match runs.last_mut() {
            Some((first, length)) if *first + *length == *step => *length += 1,
            _ => runs.push((*step, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_with_gaps_are_read_as_they_were_written() {
        let chunk = Chunk::of_samples(vec![(3, 70), (4, -2), (90, 1_000_000), (5, 9), (4, 7)]);
        assert_eq!(chunk.steps, [3, 4, 5, 90]);
        assert_eq!(chunk.columns, [[70, 7, 9, 1_000_000]]);
        assert_eq!(Chunk::read(&chunk.write().unwrap()).unwrap(), chunk);
        let none = Chunk::of_samples(Vec::new());
        assert_eq!(Chunk::read(&none.write().unwrap()).unwrap(), none);
    }

    #[test]
    fn sums_of_sums_are_the_sums_of_the_samples() {
        let samples = [(0, 5), (1, 7), (9, 3), (10, 4), (25, -8)];
        let parts = || samples.iter().map(|(step, value)| (*step, Sum::of(*value)));
        let tens = Chunk::sums(parts(), 10);
        let read = Chunk::read(&tens.write().unwrap()).unwrap();
        assert_eq!(read, tens);
        assert_eq!(
            Chunk::sums(read.each_sum(), 2),
            Chunk::sums(parts(), 20),
            "a fifth of the way or at once"
        );
        let first = read.each_sum().next().unwrap().1;
        assert_eq!(
            (first.count, first.total, first.least, first.most),
            (3, 15, 3, 7)
        );
    }

    #[test]
    fn what_is_no_chunk_is_an_error_and_no_panic() {
        let good = Chunk::of_samples((0..500).map(|step| (step, step * 7 % 31)).collect())
            .write()
            .unwrap();
        for cut in 0..good.len() {
            Chunk::read(&good[..cut]).unwrap_err();
        }
        Chunk::read(b"\x02anything").unwrap_err();
    }
}
