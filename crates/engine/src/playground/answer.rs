//! An answer as it is kept for whoever looks at it.

use std::time::Duration;

use strata_api::{
    frames::KeyedRow,
    playground::Way,
    rows::{
        Row,
        playground::{AnswerPieceRow, AnswerRow, TrialFault, TrialState},
    },
};
use tokio::time::Instant;

use super::{measure::Measure, openai::Said};
use crate::project::Rows;

/// How much text is kept of an answer.
const MOST_BYTES: usize = 1024 * 1024;
/// How much text a row has: what changes from frame to frame is the last one.
const PIECE_BYTES: usize = 2 * 1024;

/// An answer, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Answer {
    state: TrialState,
    fault: Option<TrialFault>,
    pod: String,
    way: Option<Way>,
    connect: Option<Duration>,
    measure: Option<Measure>,
    model: String,
    finish_reason: String,
    pieces: Vec<AnswerPieceRow>,
    bytes: usize,
    is_cut: bool,
}

impl Answer {
    pub(super) fn state(&self) -> TrialState {
        self.state
    }

    /// There is a way to the server in `pod`.
    pub(super) fn connected(&mut self, pod: String, way: Way, took: Duration) {
        self.pod = pod;
        self.way = Some(way);
        self.connect = Some(took);
    }

    /// It was asked.
    pub(super) fn asked(&mut self, at: Instant) {
        self.state = TrialState::Waiting;
        self.measure = Some(Measure::from(at));
    }

    /// Something of it was heard.
    pub(super) fn hear(&mut self, said: Vec<Said>, at: Instant) {
        for said in said {
            if let Some(measure) = &mut self.measure {
                measure.hear(&said, at);
            }
            match said {
                Said::Text(text) => self.add(&text, false),
                Said::Reasoning(text) => self.add(&text, true),
                Said::Finish(reason) => self.finish_reason = reason,
                Said::Model(model) => self.model = model,
                // Counted by the measure; a failure comes by itself.
                Said::Usage { .. } | Said::Error(_) => {}
            }
        }
    }

    /// It came to its end, or failed.
    pub(super) fn end(&mut self, outcome: Result<(), TrialFault>) {
        match outcome {
            Ok(()) => self.state = TrialState::Done,
            Err(fault) => {
                self.state = TrialState::Failed;
                self.fault = Some(fault);
            }
        }
    }

    /// It was stopped.
    pub(super) fn stop(&mut self) {
        self.state = TrialState::Stopped;
    }

    fn add(&mut self, text: &str, is_reasoning: bool) {
        self.state = TrialState::Running;
        if self.bytes + text.len() > MOST_BYTES {
            self.is_cut = true;
            return;
        }
        self.bytes += text.len();
        let last = self.pieces.last_mut().filter(|piece| {
            piece.is_reasoning == is_reasoning && piece.text.len() + text.len() <= PIECE_BYTES
        });
        match last {
            Some(piece) => piece.text.push_str(text),
            None => self.pieces.push(AnswerPieceRow {
                text: text.to_owned(),
                is_reasoning,
            }),
        }
    }

    /// Itself and its text.
    pub(super) fn rows(&self, now: Instant) -> Rows {
        let running = Some(now).filter(|_| !self.state.is_over());
        let measure = self.measure.as_ref();
        let mut times = measure.map(|measure| measure.times(self.connect, running));
        let times = times.get_or_insert_default();
        times.connect_seconds = self.connect.map(|took| took.as_secs_f64());
        let answer = AnswerRow {
            state: self.state,
            fault: self.fault.clone(),
            pod: self.pod.clone(),
            way: self.way,
            model: self.model.clone(),
            finish_reason: self.finish_reason.clone(),
            is_cut: self.is_cut,
            times: times.clone(),
            tokens: measure.map(Measure::tokens).unwrap_or_default(),
        };
        let pieces = self.pieces.iter().enumerate().map(|(at, piece)| KeyedRow {
            id: at.to_string(),
            row: Row::AnswerPiece(piece.clone()),
        });
        let answer = KeyedRow {
            id: "answer".to_owned(),
            row: Row::Answer(Box::new(answer)),
        };
        Rows::all(std::iter::once(answer).chain(pieces).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(answer: &Answer) -> Vec<(&str, bool)> {
        let pieces = answer.pieces.iter();
        pieces
            .map(|piece| (piece.text.as_str(), piece.is_reasoning))
            .collect()
    }

    #[test]
    fn thoughts_and_answer_are_pieces_of_their_own() {
        let mut answer = Answer::default();
        let at = Instant::now();
        answer.asked(at);
        answer.hear(vec![Said::Reasoning("h".to_owned())], at);
        answer.hear(vec![Said::Reasoning("m".to_owned())], at);
        answer.hear(vec![Said::Text("Yes".to_owned())], at);
        assert_eq!(pieces(&answer), [("hm", true), ("Yes", false)]);
    }

    #[test]
    fn an_answer_without_end_takes_a_bounded_amount_of_memory() {
        let mut answer = Answer::default();
        let at = Instant::now();
        answer.asked(at);
        let text = "x".repeat(1_000);
        for _ in 0..2_000 {
            answer.hear(vec![Said::Text(text.clone())], at);
        }
        assert!(answer.is_cut);
        let kept: usize = answer.pieces.iter().map(|piece| piece.text.len()).sum();
        assert!(kept <= MOST_BYTES, "{kept}");
        let longest = answer.pieces.iter().map(|piece| piece.text.len()).max();
        assert!(longest.unwrap() <= PIECE_BYTES);
    }
}
