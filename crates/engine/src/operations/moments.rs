//! How all GPUs of a cluster were at a moment of the past: what is kept of that moment, laid on the map
//! of the GPUs that there are now.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{GpuMoment, GpuMomentQuestion},
};
use strata_domain::{ids::ClusterId, series::Measure, text::Text};
use strata_ports::series::{Moment, MomentQuestion};

use super::{Operations, keeping::kept};
use crate::{
    engine::ask,
    inbox::{AskedMap, Command, MapOfMoment, MapTime},
    project::gpus::figure_of,
};

/// The longest step whose mean is told: a day.
const LONGEST_STEP: u32 = 86_400;

pub(super) async fn gpu_moment(
    operations: &Operations,
    request: GpuMomentQuestion,
) -> Result<GpuMoment, ApiError> {
    let at: Timestamp = request.at.parse().map_err(|error: jiff::Error| {
        ApiError::new(ErrorCode::InvalidInput, format!("`at` is no time: {error}"))
    })?;
    let cluster = ClusterId(Text::from(request.cluster));
    let step = SignedDuration::from_secs(i64::from(request.step_seconds.clamp(1, LONGEST_STEP)));
    let series = Arc::clone(&operations.series);
    let of = cluster.clone();
    let measure = figure_of(request.colour).map(Measure::Of);
    let read = move || {
        let keeping = series.keeping(&of);
        let moment = match measure {
            Some(measure) => series.moment(&MomentQuestion {
                cluster: of,
                measure,
                at,
                step,
            })?,
            // Who had which GPU is not kept as a state of it.
            None => Moment {
                begins: at,
                step,
                values: Vec::new(),
            },
        };
        Ok((moment, keeping))
    };
    let (moment, keeping) = operations.on_disk(read).await?;
    let values = moment.values.into_iter();
    let told = AskedMap {
        by: request.by,
        colour: request.colour,
        filter: request.filter,
        when: MapTime::Kept {
            at,
            values: values.map(|(name, point)| (name, point.mean)).collect(),
        },
    };
    let MapOfMoment { head, blocks } = ask(&operations.commands, |reply| Command::ShowMoment {
        cluster,
        moment: Box::new(told),
        reply,
    })
    .await?;
    Ok(GpuMoment {
        head,
        blocks,
        begins: moment.begins.to_string(),
        step_seconds: u32::try_from(moment.step.as_secs()).unwrap_or(u32::MAX),
        keeping: kept(&keeping),
    })
}
