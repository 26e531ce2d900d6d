//! One question to a server, and its answer as it comes.

use std::{collections::VecDeque, time::Duration};

use futures::{StreamExt as _, stream::BoxStream};
use strata_api::rows::playground::{TrialFault, TrialFaultKind};
use strata_ports::{
    error::{PortError, PortErrorKind},
    tunnel::{Question, Tunnel},
};
use tokio::time::{Instant, timeout};

use super::{
    openai::{self, Said},
    sse::{Event, Events},
};

/// How long a server may think: before its answer, and between two pieces of it. A model that is
/// loaded on the first question takes minutes.
const PATIENCE: Duration = Duration::from_mins(5);

/// What an answer that is no stream, or a fault, may hold.
const LONGEST: usize = 8 * 1024 * 1024;

/// How long a connection may take to come to rest after the last event, so that it can be used again.
const REST: Duration = Duration::from_secs(1);

/// An answer on its way.
pub(super) struct Exchange {
    body: BoxStream<'static, Result<Vec<u8>, PortError>>,
    form: Form,
    /// What came in one piece with what was told last.
    waiting: VecDeque<Event>,
    has_finished: bool,
    is_over: bool,
}

/// How an answer is told.
enum Form {
    /// In events.
    Events(Events),
    /// In one.
    Whole(Vec<u8>),
}

/// What was heard at once, and when.
pub(super) type Heard = (Vec<Said>, Instant);

impl Exchange {
    /// Asks, and waits for the head of the answer.
    pub(super) async fn begin(
        tunnel: &mut dyn Tunnel,
        question: Question,
    ) -> Result<Self, TrialFault> {
        let asked = timeout(PATIENCE, tunnel.ask(question)).await;
        let mut reply = asked
            .map_err(|_| silent())?
            .map_err(|error| unreached(&error))?;
        if !(200..300).contains(&reply.status) {
            let body = whole(&mut reply.body).await.unwrap_or_default();
            return Err(openai::fault(reply.status, &body));
        }
        let is_stream = reply.content_type.starts_with("text/event-stream");
        Ok(Self {
            body: reply.body,
            form: if is_stream {
                Form::Events(Events::default())
            } else {
                Form::Whole(Vec::new())
            },
            waiting: VecDeque::new(),
            has_finished: false,
            is_over: false,
        })
    }

    /// The next that is heard; none at the end. A failure is the last.
    pub(super) async fn next(&mut self) -> Option<Result<Heard, TrialFault>> {
        if self.is_over {
            return None;
        }
        let heard = self.hear().await.transpose()?;
        self.is_over |= heard.is_err();
        Some(heard)
    }

    /// Waits until the connection can carry another question; false where it cannot.
    pub(super) async fn come_to_rest(mut self) -> bool {
        let ended = async {
            while let Some(piece) = self.body.next().await {
                if piece.is_err() {
                    return false;
                }
            }
            true
        };
        timeout(REST, ended).await.unwrap_or(false)
    }

    async fn hear(&mut self) -> Result<Option<Heard>, TrialFault> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                let Some(said) = self.of_event(&event)? else {
                    self.is_over = true;
                    return Ok(None);
                };
                return Ok(Some((said, Instant::now())));
            }
            let piece = timeout(PATIENCE, self.body.next()).await;
            let piece = piece.map_err(|_| silent())?;
            let is_end = piece.is_none();
            let piece = match piece {
                Some(piece) => piece.map_err(|error| broken(&error.to_string()))?,
                None => Vec::new(),
            };
            match &mut self.form {
                Form::Events(events) => {
                    let came = events
                        .of(&piece)
                        .map_err(|_| unreadable("an event without end"))?;
                    self.waiting.extend(came);
                    if is_end {
                        self.waiting.extend(events.rest());
                    }
                    if is_end && self.waiting.is_empty() {
                        self.is_over = true;
                        return if self.has_finished {
                            Ok(None)
                        } else {
                            Err(broken("the stream ended before the answer did"))
                        };
                    }
                }
                Form::Whole(body) => {
                    body.extend(piece);
                    if body.len() > LONGEST {
                        return Err(unreadable("an answer without end"));
                    }
                    if is_end {
                        self.is_over = true;
                        let text = String::from_utf8_lossy(body);
                        let said = openai::read(&text).ok_or_else(|| unreadable(&text))?;
                        return failing(said).map(|said| Some((said, Instant::now())));
                    }
                }
            }
        }
    }

    /// What an event says; none for the last one.
    fn of_event(&mut self, event: &Event) -> Result<Option<Vec<Said>>, TrialFault> {
        let data = event.data.trim();
        if data == openai::DONE {
            return Ok(None);
        }
        if event.kind == "error" {
            return Err(in_answer(openai::error_of_event(data)));
        }
        let said = failing(openai::read(data).ok_or_else(|| unreadable(data))?)?;
        self.has_finished |= said.iter().any(|said| matches!(said, Said::Finish(_)));
        Ok(Some(said))
    }
}

/// An error among what was said is a failure of the whole.
fn failing(said: Vec<Said>) -> Result<Vec<Said>, TrialFault> {
    let error = said.iter().find_map(|said| match said {
        Said::Error(error) => Some(error.clone()),
        _ => None,
    });
    match error {
        Some(error) => Err(in_answer(error)),
        None => Ok(said),
    }
}

/// The whole of a body, as far as it is bounded.
pub(super) async fn whole(
    body: &mut BoxStream<'static, Result<Vec<u8>, PortError>>,
) -> Result<Vec<u8>, PortError> {
    let mut read = Vec::new();
    while let Some(piece) = body.next().await {
        read.extend(piece?);
        if read.len() > LONGEST {
            break;
        }
    }
    Ok(read)
}

/// Why there is no way to a server, or none back.
pub(super) fn unreached(error: &PortError) -> TrialFault {
    let kind = match error.kind {
        // A key that does not get through wants another permission.
        PortErrorKind::Forbidden | PortErrorKind::Unauthorized | PortErrorKind::Unsupported => {
            TrialFaultKind::Forbidden
        }
        PortErrorKind::Timeout => TrialFaultKind::Timeout,
        PortErrorKind::InvalidInput => TrialFaultKind::Refused,
        PortErrorKind::NotFound
        | PortErrorKind::Conflict
        | PortErrorKind::Unavailable
        | PortErrorKind::Internal => TrialFaultKind::Unreachable,
    };
    let said = std::iter::once(error.message.clone()).chain(error.causes());
    TrialFault {
        kind,
        said: said.collect::<Vec<_>>().join(": "),
    }
}

fn silent() -> TrialFault {
    TrialFault {
        kind: TrialFaultKind::Timeout,
        said: format!("nothing came for {} s", PATIENCE.as_secs()),
    }
}

fn broken(said: &str) -> TrialFault {
    TrialFault {
        kind: TrialFaultKind::BrokenOff,
        said: said.to_owned(),
    }
}

fn in_answer(said: String) -> TrialFault {
    TrialFault {
        kind: TrialFaultKind::FailedInAnswer,
        said,
    }
}

fn unreadable(said: &str) -> TrialFault {
    TrialFault {
        kind: TrialFaultKind::Unreadable,
        said: said.chars().take(500).collect(),
    }
}
