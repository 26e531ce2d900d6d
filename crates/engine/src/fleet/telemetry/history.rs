//! The last hour of a device: four figures, one value in each half minute, in a kilobyte.
//!
//! A value is kept in 16 bits, which is finer than any sensor: shares in steps of 1/65,000,
//! temperatures of 1/100 °C, power of 1/10 W. Where nothing was measured there is a gap, which is
//! none of these.

use jiff::Timestamp;
use strata_domain::reading::Figure;

/// Seconds between two values.
pub const STEP_SECONDS: u32 = 30;

/// How many values are kept.
pub const STEPS: usize = 120;

const GAP: u16 = u16::MAX;

/// Which of a device's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// How busy it is, by the definition that [`History::activity_figure`] names; a share.
    Activity,
    /// How much of its memory is used; a share.
    Memory,
    /// The chip's temperature in °C.
    Temperature,
    /// Power in watts.
    Power,
}

impl Series {
    /// Every series.
    pub const ALL: [Self; 4] = [Self::Activity, Self::Memory, Self::Temperature, Self::Power];

    /// What one step of the stored number is worth.
    fn grain(self) -> f64 {
        match self {
            Self::Activity | Self::Memory => 1.0 / 65_000.0,
            Self::Temperature => 0.01,
            Self::Power => 0.1,
        }
    }
}

/// The last hour of a device.
#[derive(Debug)]
pub struct History {
    rows: Box<[[u16; 4]; STEPS]>,
    /// The step of the newest row, counted from the epoch.
    newest: i64,
    activity: Option<Figure>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            rows: Box::new([[GAP; 4]; STEPS]),
            newest: 0,
            activity: None,
        }
    }
}

impl History {
    /// By which definition [`Series::Activity`] is kept.
    pub fn activity_figure(&self) -> Option<Figure> {
        self.activity
    }

    /// Keeps activity by the definition `figure` from now on; what was kept by another is forgotten.
    pub fn begin(&mut self, figure: Figure) {
        if self.activity != Some(figure) {
            for row in self.rows.iter_mut() {
                if let Some(cell) = row.first_mut() {
                    *cell = GAP;
                }
            }
            self.activity = Some(figure);
        }
    }

    /// Enters a value of the moment `at`. Of several in one step the last stays; what is older than
    /// the oldest step is ignored.
    pub fn put(&mut self, series: Series, at: Timestamp, value: f64) {
        let step = step_of(at);
        if step > self.newest {
            let gap = usize::try_from(step - self.newest).unwrap_or(STEPS);
            for missed in 0..gap.min(STEPS) {
                let missed = step - i64::try_from(missed).unwrap_or(0);
                if let Some(row) = self.row_mut(missed) {
                    *row = [GAP; 4];
                }
            }
            self.newest = step;
        } else if step <= self.newest - i64::try_from(STEPS).unwrap_or(0) {
            return;
        }
        let stored = (value / series.grain())
            .round()
            .clamp(0.0, f64::from(GAP - 1));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        let stored = stored as u16;
        let row = self.row_mut(step);
        if let Some(cell) = row.and_then(|row| row.get_mut(series as usize)) {
            *cell = stored;
        }
    }

    /// The value of `series` in the step of the moment `at`.
    pub fn at(&self, series: Series, at: Timestamp) -> Option<f64> {
        self.in_step(series, step_of(at))
    }

    /// The values of the hour that ends at `now`, oldest first.
    pub fn values(&self, series: Series, now: Timestamp) -> Vec<Option<f64>> {
        let last = step_of(now);
        let first = last + 1 - i64::try_from(STEPS).unwrap_or(0);
        (first..=last)
            .map(|step| self.in_step(series, step))
            .collect()
    }

    fn in_step(&self, series: Series, step: i64) -> Option<f64> {
        let steps = i64::try_from(STEPS).unwrap_or(0);
        if step > self.newest || step <= self.newest - steps {
            return None;
        }
        let place = usize::try_from(step.rem_euclid(steps)).ok()?;
        let stored = *self.rows.get(place)?.get(series as usize)?;
        (stored != GAP).then(|| f64::from(stored) * series.grain())
    }

    fn row_mut(&mut self, step: i64) -> Option<&mut [u16; 4]> {
        let steps = i64::try_from(STEPS).ok()?;
        self.rows
            .get_mut(usize::try_from(step.rem_euclid(steps)).ok()?)
    }
}

/// The step that `at` is in.
fn step_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(i64::from(STEP_SECONDS))
}
