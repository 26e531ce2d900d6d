//! Is the server still there? What a connection is asked, and what happens when it does not answer.
//!
//! While the connection is up, the server is asked for its version every two seconds, and at once
//! when a watch has its doubts. When it does not answer, every watch is stopped and the state is
//! stale, with its age; when it answers again, the watches go on from where they were. Credentials
//! that the server stops accepting are renewed once; when that does not help, only the user can.

use std::time::Duration;

use jiff::Timestamp;
use strata_domain::ids::ClusterId;
use strata_ports::connection::{ConnectionState, Step};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout},
};

use super::session::{after, is_retryable, state_of, tell};
use crate::{
    connect::{Changes, ConnectFailure, Connection, Connector},
    watch::{
        ask::{self, Failure},
        backoff::{Backoff, jittered},
        hub::{Doubt, Hub, Line},
    },
};

/// How often the server is asked.
const PROBE_PERIOD: Duration = Duration::from_secs(2);

/// How long it may think.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// How long making a new connection may take when there was one before.
const RECONNECT_LIMIT: Duration = Duration::from_secs(15);

/// Between two tries in the first minute without an answer: long enough for a server that starts.
const QUICK_RETRY: Duration = Duration::from_millis(1200);

/// How long tries are quick.
const QUICK_PHASE: Duration = Duration::from_mins(1);

/// How long a server that answers may still say that it is not ready, before it is believed to be
/// ready all the same.
const READY_LIMIT: Duration = Duration::from_secs(30);

/// Credentials that are refused again within this time were not renewed.
const RENEWAL_HOLDS: Duration = Duration::from_mins(1);

/// A wall clock that is so far ahead of the running time tells that the computer slept.
const SLEPT: Duration = Duration::from_secs(5);

/// How often strings that nobody uses any more are dropped.
const TIDY_PERIOD: Duration = Duration::from_mins(2);

/// Watches over one connection.
pub(super) struct Liveness<'a> {
    pub(super) connector: &'a Connector,
    pub(super) cluster: &'a ClusterId,
    pub(super) hub: &'a Hub,
    pub(super) line: &'a watch::Sender<Line>,
    pub(super) doubts: mpsc::Receiver<Doubt>,
    pub(super) changes: &'a mut Changes,
    pub(super) connection: Connection,
    /// When the credentials were renewed last.
    pub(super) renewed: Option<Instant>,
    /// The generation of the line.
    pub(super) generation: u64,
}

/// What to do next.
enum Next {
    /// Nothing until something happens.
    Wait,
    /// Ask whether the server is there.
    Probe,
    /// It is not, for this reason: stop every watch, and try until it is.
    Recover(String),
    /// Replace the connection while the old one may still be good.
    Reconnect,
    /// The server does not accept the credentials, for this reason: get others.
    Renew(String),
    /// The watches go on, with the client there is now.
    Resume,
    /// Only the user can help.
    GiveUp(ConnectFailure),
    /// The context's entries changed: this connection is over.
    End,
}

/// What a question came to.
enum Answer {
    Alive,
    /// Nothing came in time.
    Silence,
    Unauthorized(String),
    /// It failed, for this reason.
    Failed(String),
}

impl Liveness<'_> {
    /// Watches over the connection until its context changes.
    pub(super) async fn run(mut self) {
        let mut tidied = Instant::now();
        let mut next = Next::Wait;
        loop {
            next = match next {
                Next::Wait => self.wait().await,
                Next::Probe => self.probe().await,
                Next::Recover(reason) => self.recover(reason).await,
                Next::Reconnect => self.reconnect().await,
                Next::Renew(reason) => self.renew(reason).await,
                Next::Resume => self.resume().await,
                Next::GiveUp(failure) => self.give_up(failure).await,
                Next::End => return,
            };
            if tidied.elapsed() >= TIDY_PERIOD {
                tidied = Instant::now();
                self.hub.mapping().names.prune();
            }
        }
    }

    async fn wait(&mut self) -> Next {
        let (wall, running) = (self.hub.now(), Instant::now());
        let renewal = self
            .connection
            .valid_until
            .map(|until| Duration::try_from(until.duration_since(wall)).unwrap_or_default());
        let next = tokio::select! {
            biased;
            () = self.changes.changed() => Next::End,
            Some(doubt) = self.doubts.recv() => match doubt {
                Doubt::Unreachable => Next::Probe,
                Doubt::Unauthorized { reason, generation } if generation == self.generation => {
                    Next::Renew(reason)
                }
                // It was about credentials that have been replaced since.
                Doubt::Unauthorized { .. } => Next::Wait,
            },
            () = sleep(renewal.unwrap_or_default()), if renewal.is_some() => Next::Reconnect,
            () = sleep(PROBE_PERIOD) => Next::Probe,
        };
        let by_the_wall =
            Duration::try_from(self.hub.now().duration_since(wall)).unwrap_or_default();
        let has_slept = by_the_wall > running.elapsed() + SLEPT;
        // Connections that were open while the computer slept may be dead without knowing it.
        if has_slept && matches!(next, Next::Probe) {
            Next::Reconnect
        } else {
            next
        }
    }

    /// Asks once.
    async fn probe(&mut self) -> Next {
        match self.ask("/version").await {
            Answer::Alive => {
                self.forget_doubts();
                self.is_alive();
                Next::Wait
            }
            // A server that is busy with an answer to somebody else's question is not gone.
            Answer::Silence if self.hub.silence() < PROBE_LIMIT => Next::Wait,
            Answer::Silence => {
                let seconds = PROBE_LIMIT.as_secs();
                Next::Recover(format!("the API server said nothing for {seconds} s"))
            }
            Answer::Unauthorized(reason) => Next::Renew(reason),
            Answer::Failed(reason) => Next::Recover(reason),
        }
    }

    async fn ask(&self, path: &str) -> Answer {
        let question = ask::read(&self.connection.client, path, "application/json", |_| ());
        match timeout(PROBE_LIMIT, question).await {
            Err(_) => Answer::Silence,
            Ok(Err(Failure::Unauthorized(reason))) => Answer::Unauthorized(reason),
            Ok(Err(failure)) if failure.casts_doubt() => Answer::Failed(failure.to_string()),
            // Whatever it says: it says something.
            Ok(Ok(_) | Err(_)) => Answer::Alive,
        }
    }

    fn is_alive(&self) {
        self.hub.heard();
        self.hub.pulse.send_replace(Some(self.hub.now()));
    }

    /// Doubts that were cast before an answer came are answered by it.
    fn forget_doubts(&mut self) {
        while let Ok(doubt) = self.doubts.try_recv() {
            if let Doubt::Unauthorized { .. } = doubt {
                // Asking for the version needs no credentials on every server.
                self.hub.doubt(doubt);
                return;
            }
        }
    }

    /// Stops every watch, and tries until the server answers.
    async fn recover(&mut self, mut reason: String) -> Next {
        let since = self.hub.last_heard();
        self.line.send_replace(Line::Down(reason.clone()));
        let begun = Instant::now();
        let mut answers_since = None;
        let mut backoff = Backoff::default();
        loop {
            let wait = if begun.elapsed() < QUICK_PHASE {
                jittered(QUICK_RETRY)
            } else {
                backoff.next()
            };
            self.tell_stale(since, &reason, Some(wait)).await;
            tokio::select! {
                biased;
                () = self.changes.changed() => return Next::End,
                () = sleep(wait) => {}
            }
            let answer = self.ask("/version").await;
            if !matches!(answer, Answer::Alive) {
                answers_since = None;
            }
            match answer {
                Answer::Alive => {
                    let answers_since = *answers_since.get_or_insert_with(Instant::now);
                    match self.ask("/readyz").await {
                        // Until it is ready, it forbids what it will allow and does not know what
                        // it serves.
                        Answer::Failed(_) if answers_since.elapsed() < READY_LIMIT => {
                            "the API server is starting".clone_into(&mut reason);
                        }
                        _ => return Next::Resume,
                    }
                }
                // The client may hold connections that are dead: a new one has none.
                Answer::Silence => match self.connect().await {
                    Ok(connection) => {
                        self.connection = connection;
                        return Next::Resume;
                    }
                    Err(failure) if is_retryable(&failure) => reason = message_of(failure),
                    Err(failure) => return Next::GiveUp(failure),
                },
                Answer::Unauthorized(reason) => return Next::Renew(reason),
                Answer::Failed(failed) => reason = failed,
            }
        }
    }

    /// Every watch goes on, with the client there is now.
    async fn resume(&mut self) -> Next {
        self.forget_doubts();
        self.is_alive();
        let version = self.connection.version.clone();
        tell(self.hub, ConnectionState::Live { version }).await;
        self.generation += 1;
        self.line.send_replace(Line::Up {
            client: self.connection.client.clone(),
            generation: self.generation,
        });
        Next::Wait
    }

    /// Replaces the connection while the old one may still be good.
    async fn reconnect(&mut self) -> Next {
        match self.connect().await {
            Ok(connection) => {
                self.connection = connection;
                Next::Resume
            }
            Err(failure) if is_retryable(&failure) => Next::Recover(message_of(failure)),
            Err(failure) => Next::GiveUp(failure),
        }
    }

    /// Renews credentials that the server does not accept, once.
    async fn renew(&mut self, reason: String) -> Next {
        if self
            .renewed
            .is_some_and(|renewed| renewed.elapsed() < RENEWAL_HOLDS)
        {
            return Next::GiveUp(ConnectFailure::Failed {
                step: Step::Authentication,
                message: format!("the API server does not accept the credentials: {reason}"),
                advice: "Log in again as you do for kubectl; Strata connects by itself when the \
                         kubeconfig changes."
                    .to_owned(),
                is_retryable: false,
            });
        }
        self.renewed = Some(Instant::now());
        let is_worth_a_try = self.connector.refresh(self.cluster).await;
        tracing::debug!(cluster = %self.cluster, reason, is_worth_a_try, "renewing credentials");
        // Where it is not, connecting says best what is wrong and what to do.
        Next::Reconnect
    }

    async fn connect(&self) -> Result<Connection, ConnectFailure> {
        let connecting = self.connector.connect(self.cluster, &|_| ());
        timeout(RECONNECT_LIMIT, connecting)
            .await
            .unwrap_or_else(|_| {
                Err(ConnectFailure::Failed {
                    step: Step::Tcp,
                    message: format!("no connection within {} s", RECONNECT_LIMIT.as_secs()),
                    advice: "Check the network, or the VPN that leads to the cluster.".to_owned(),
                    is_retryable: true,
                })
            })
    }

    /// Stops every watch until the user has done something about it.
    async fn give_up(&mut self, failure: ConnectFailure) -> Next {
        let reason = message_of(failure.clone());
        tell(self.hub, state_of(failure, None)).await;
        self.line.send_replace(Line::Down(reason));
        self.changes.changed().await;
        Next::End
    }

    async fn tell_stale(&self, since: Timestamp, reason: &str, wait: Option<Duration>) {
        let retry_at = wait.map(|wait| after(self.hub.now(), wait));
        tell(
            self.hub,
            ConnectionState::Stale {
                since,
                reason: reason.to_owned(),
                retry_at,
            },
        )
        .await;
    }
}

/// What happened, for people.
fn message_of(failure: ConnectFailure) -> String {
    match failure {
        ConnectFailure::NeedsApproval { command, .. } => {
            format!("the credential plugin was not approved: {command}")
        }
        ConnectFailure::Failed { message, .. } => message,
    }
}
