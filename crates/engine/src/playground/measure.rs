//! How long one answer takes, by the clock of this computer.
//!
//! The definitions are those of `vllm bench serve` (vllm-project/vllm, `vllm/benchmarks/serve.py`,
//! `calculate_metrics`; `lib/endpoint_request_func.py` for the times), which NVIDIA's "LLM inference
//! benchmarking: metrics" defines alike:
//!
//! - TTFT, time to first token: from sending the question to the first piece that is not empty.
//! - ITL, inter-token latency: from each such piece to the next. A server may put several tokens into
//!   one piece, so it is of pieces.
//! - TPOT, time per output token: (last piece − sending − TTFT) / (tokens − 1), where there are two
//!   tokens or more.
//!
//! All of them hold the way through the API server, as a user of a forwarded port would have it.

use std::time::Duration;

use strata_api::rows::playground::{AnswerTimes, AnswerTokens};
use tokio::time::Instant;

use super::openai::Said;

/// The times of an answer, as far as it has come.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    sent: Instant,
    first: Option<Instant>,
    last: Option<Instant>,
    pieces: u32,
    usage: Option<(u32, u32)>,
    /// The gap before the last piece, until it is taken.
    gap: Option<Duration>,
}

impl Measure {
    /// Of a question that was sent at `sent`.
    pub(super) fn from(sent: Instant) -> Self {
        Self {
            sent,
            first: None,
            last: None,
            pieces: 0,
            usage: None,
            gap: None,
        }
    }

    /// Takes in what was heard at `at`.
    pub(super) fn hear(&mut self, said: &Said, at: Instant) {
        match said {
            Said::Text(_) | Said::Reasoning(_) => {
                self.gap = self.last.map(|last| at - last);
                self.first = self.first.or(Some(at));
                self.last = Some(at);
                self.pieces += 1;
            }
            Said::Usage { prompt, output } => self.usage = Some((*prompt, *output)),
            Said::Finish(_) | Said::Model(_) | Said::Error(_) => {}
        }
    }

    /// The ITL before the piece that was heard last, once.
    pub(super) fn take_gap(&mut self) -> Option<Duration> {
        self.gap.take()
    }

    /// TTFT.
    pub(super) fn first_token(&self) -> Option<Duration> {
        Some(self.first? - self.sent)
    }

    /// From sending the question to the last piece.
    pub(super) fn whole(&self) -> Option<Duration> {
        Some(self.last? - self.sent)
    }

    /// TPOT.
    pub(super) fn per_token(&self) -> Option<Duration> {
        let after_first = self.output()?.checked_sub(1).filter(|count| *count > 0)?;
        let decoding = self.last? - self.first?;
        // A whole answer comes in one piece, and tells nothing of its tokens.
        (self.pieces > 1).then(|| decoding / after_first)
    }

    /// The tokens of the question and of the answer, as the server counts them.
    pub(super) fn usage(&self) -> Option<(u32, u32)> {
        self.usage
    }

    /// The tokens of the answer: the server's count, else the pieces that came.
    pub(super) fn output(&self) -> Option<u32> {
        match self.usage {
            Some((_, output)) => Some(output),
            None => (self.pieces > 0).then_some(self.pieces),
        }
    }

    /// The times as a row tells them; of an answer that is not over, up to `now`.
    pub(super) fn times(&self, connect: Option<Duration>, now: Option<Instant>) -> AnswerTimes {
        let seconds = |duration: Duration| duration.as_secs_f64();
        let per_token = self.per_token().map(seconds);
        AnswerTimes {
            connect_seconds: connect.map(seconds),
            first_token_seconds: self.first_token().map(seconds),
            total_seconds: match now {
                Some(now) => Some(seconds(now - self.sent)),
                None => self.whole().map(seconds),
            },
            per_token_seconds: per_token,
            tokens_per_second: per_token.filter(|each| *each > 0.0).map(|each| 1.0 / each),
        }
    }

    /// The tokens as a row tells them.
    pub(super) fn tokens(&self) -> AnswerTokens {
        AnswerTokens {
            prompt: self.usage.map(|(prompt, _)| prompt),
            output: self.output(),
            is_told: self.usage.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_after_the_first_takes_its_share_of_what_came_after_the_first() {
        let sent = Instant::now();
        let mut measure = Measure::from(sent);
        let at = |millis| sent + Duration::from_millis(millis);
        for millis in [200, 220, 260] {
            measure.hear(&Said::Text("x".to_owned()), at(millis));
        }
        assert_eq!(measure.take_gap(), Some(Duration::from_millis(40)));
        assert_eq!(measure.first_token(), Some(Duration::from_millis(200)));
        // Without a count of the server, three pieces are three tokens.
        assert_eq!(measure.per_token(), Some(Duration::from_millis(30)));
        measure.hear(
            &Said::Usage {
                prompt: 5,
                output: 7,
            },
            at(261),
        );
        assert_eq!(measure.per_token(), Some(Duration::from_millis(10)));
        assert_eq!(measure.whole(), Some(Duration::from_millis(260)));
    }

    #[test]
    fn a_whole_answer_tells_nothing_of_its_tokens() {
        let sent = Instant::now();
        let mut measure = Measure::from(sent);
        measure.hear(&Said::Text("all".to_owned()), sent + Duration::from_secs(2));
        measure.hear(
            &Said::Usage {
                prompt: 5,
                output: 40,
            },
            sent + Duration::from_secs(2),
        );
        assert_eq!(measure.per_token(), None);
        assert_eq!(measure.output(), Some(40));
    }
}
