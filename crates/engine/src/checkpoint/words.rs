//! What would be lost, in a sentence.

use jiff::Timestamp;
use strata_api::phrases::{Phrase, PhraseCode, PhraseValue};

use super::{Known, Work};

/// Says what is `known` of the last checkpoint, and what of `work` would be lost.
pub(super) fn say(known: &Known, work: &Work, now: Timestamp) -> Phrase {
    let all = GpuHours(work.hours_since(Timestamp::MIN));
    match known {
        Known::Saved {
            at,
            pod,
            is_finished,
        } => {
            let code = if *is_finished {
                PhraseCode::CheckpointSaved
            } else {
                PhraseCode::CheckpointBegun
            };
            let age = now.duration_since(*at).as_secs_f64();
            Phrase::new(code)
                .with("age", PhraseValue::Seconds(age.max(0.0)))
                .with("pod", pod.as_str())
                .with("hours", GpuHours(work.hours_since(*at)))
        }
        Known::Untold => Phrase::new(PhraseCode::CheckpointUntold).with("hours", all),
        Known::NotSince(since) => {
            let reach = now.duration_since(*since).as_secs_f64();
            Phrase::new(PhraseCode::CheckpointNotSince)
                .with("reach", PhraseValue::Seconds(reach.max(0.0)))
                .with("least", GpuHours(work.hours_since(*since)))
                .with("hours", all)
        }
        Known::Unread(error) => Phrase::new(PhraseCode::CheckpointUnread)
            .with("why", error.message.as_str())
            .with("hours", all),
    }
}

/// An amount that is said with one digit behind the point, and is never said to be none.
struct GpuHours(f64);

impl From<GpuHours> for PhraseValue {
    fn from(GpuHours(hours): GpuHours) -> Self {
        Self::Number(((hours * 10.0).ceil() / 10.0).max(0.1))
    }
}
