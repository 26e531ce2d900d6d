//! Every GPU at one moment: a step of each series, read tier by tier in one statement each, so that ten
//! thousand series cost four walks over an index and not ten thousand questions.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use strata_domain::text::Text;
use strata_ports::series::{Moment, MomentQuestion, Point};

use super::{
    STEP_SECONDS,
    chunk::{Chunk, Sum},
    file::SeriesError,
    head::{self, BLOCK},
    names,
    read::{Range, entries, point},
    seal::Tier,
    step_of,
};

/// What is kept of every GPU for the step that `question` names.
pub(super) fn of_gpus(
    connection: &Connection,
    question: &MomentQuestion,
) -> Result<Moment, SeriesError> {
    let width = (question.step.as_secs() / STEP_SECONDS).max(1);
    let first = step_of(question.at).div_euclid(width) * width;
    let range = Range {
        first,
        end: first + width,
        width,
    };
    let mut found = match names::cluster(connection, &question.cluster.0)? {
        Some(cluster) => Found::of(connection, cluster, question)?,
        None => Found::default(),
    };
    found.take_head(connection, range)?;
    for tier in range.tiers() {
        found.take_tier(connection, range, tier)?;
    }
    Ok(Moment {
        begins: Timestamp::from_second(first * STEP_SECONDS).unwrap_or(question.at),
        step: SignedDuration::from_secs(width * STEP_SECONDS),
        values: found.values(),
    })
}

/// What was found of each series so far.
#[derive(Default)]
struct Found {
    cluster: i64,
    measure: String,
    series: HashMap<i64, OfSeries>,
}

struct OfSeries {
    name: Text,
    grain: f64,
    sum: Option<Sum>,
    /// The spans of which a better tier told all that there is.
    answered: Vec<(i64, i64)>,
}

impl OfSeries {
    fn is_answered(&self, step: i64) -> bool {
        self.answered
            .iter()
            .any(|(from, until)| (*from..*until).contains(&step))
    }

    /// Whether there are steps of which no tier told yet.
    fn is_open(&self, range: Range) -> bool {
        (range.first..range.end).any(|step| !self.is_answered(step))
    }
}

impl Found {
    /// The series of GPUs that there are, nothing found of them yet.
    fn of(
        connection: &Connection,
        cluster: i64,
        question: &MomentQuestion,
    ) -> Result<Self, SeriesError> {
        let Some(measure) = question.measure.code() else {
            return Ok(Self::default());
        };
        let mut find = connection.prepare_cached(
            "SELECT id, name, grain FROM series
             WHERE cluster = ?1 AND kind = 'gpu' AND measure = ?2",
        )?;
        let mut rows = find.query((cluster, &measure))?;
        let mut series = HashMap::new();
        while let Some(row) = rows.next()? {
            let own = OfSeries {
                name: Text::from(row.get::<_, String>(1)?),
                grain: row.get(2)?,
                sum: None,
                answered: Vec::new(),
            };
            series.insert(row.get(0)?, own);
        }
        Ok(Self {
            cluster,
            measure,
            series,
        })
    }

    /// What was handed over lately.
    fn take_head(&mut self, connection: &Connection, range: Range) -> Result<(), SeriesError> {
        let mut blocks: Vec<i64> = self
            .series
            .keys()
            .map(|series| series.div_euclid(BLOCK))
            .collect();
        blocks.sort_unstable();
        blocks.dedup();
        for block in blocks {
            for entry in head::entries(connection, self.cluster, block, range.first, range.end)? {
                if let Some(own) = self.series.get_mut(&entry.series) {
                    range.add(
                        std::slice::from_mut(&mut own.sum),
                        entry.step,
                        1,
                        Sum::of(entry.value),
                    );
                }
            }
        }
        Ok(())
    }

    /// What `tier` tells of the steps of which no better one told.
    fn take_tier(
        &mut self,
        connection: &Connection,
        range: Range,
        tier: Tier,
    ) -> Result<(), SeriesError> {
        if !self.series.values().any(|own| own.is_open(range)) {
            return Ok(());
        }
        let mut find = connection.prepare_cached(
            "SELECT chunk.series, chunk.begins, chunk.body
             FROM series JOIN chunk ON chunk.tier = ?3 AND chunk.series = series.id
             WHERE series.cluster = ?1 AND series.kind = 'gpu' AND series.measure = ?2
               AND chunk.begins > ?4 AND chunk.begins < ?5",
        )?;
        let from = range.first - tier.span;
        let mut rows = find.query((self.cluster, &self.measure, tier.number, from, range.end))?;
        while let Some(row) = rows.next()? {
            let (series, begins): (i64, i64) = (row.get(0)?, row.get(1)?);
            let Some(own) = self.series.get_mut(&series) else {
                continue;
            };
            if !own.is_open(range) {
                continue;
            }
            let chunk = Chunk::read(&row.get::<_, Vec<u8>>(2)?)?;
            for (step, sum) in entries(tier, begins, &chunk) {
                if !own.is_answered(step) {
                    range.add(std::slice::from_mut(&mut own.sum), step, tier.width, sum);
                }
            }
            // Chunks of one tier do not overlap, so none of them hides another.
            own.answered.push((begins, begins + tier.span));
        }
        Ok(())
    }

    fn values(self) -> Vec<(Text, Point)> {
        self.series
            .into_values()
            .filter_map(|own| Some((own.name, point(own.sum.as_ref(), own.grain)?)))
            .collect()
    }
}
