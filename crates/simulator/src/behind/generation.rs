//! How long the demo's models take: tokens come in the cluster's own time, as fast as the engine's own
//! metrics say, slower while others ask it too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use strata_domain::text::Text;
use tokio::sync::watch;

use crate::{
    clock::{self, VirtualClock},
    random,
    server::{BoxError, ResponseBody, Server, stream_body::stream_body},
    store::Stored,
    telemetry::{self, Speed},
};

/// Requests that an engine works on at once; more wait (`--max-num-seqs`).
const AT_ONCE: f64 = 64.0;
/// How long a request waits for each that is too many, in seconds.
const IN_LINE: f64 = 0.35;
/// Tokens of a prompt that are read in a second.
const PREFILL: f64 = 16_000.0;

/// The answers that clients listen to, by the pod that gives them.
#[derive(Debug)]
pub(crate) struct Generating {
    by_pod: Mutex<HashMap<Text, u32>>,
    all: watch::Sender<u32>,
}

impl Generating {
    pub(crate) fn new() -> Self {
        Self {
            by_pod: Mutex::default(),
            all: watch::Sender::new(0),
        }
    }

    /// How many there are.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u32> {
        self.all.subscribe()
    }

    fn of(&self, pod: &Text) -> u32 {
        let by_pod = self.by_pod.lock().unwrap_or_else(PoisonError::into_inner);
        by_pod.get(pod).copied().unwrap_or_default()
    }

    fn change(&self, pod: &Text, by: i32) {
        let mut by_pod = self.by_pod.lock().unwrap_or_else(PoisonError::into_inner);
        let now = by_pod.entry(pod.clone()).or_default();
        *now = now.saturating_add_signed(by);
        if *now == 0 {
            by_pod.remove(pod);
        }
        self.all
            .send_modify(|all| *all = all.saturating_add_signed(by));
    }
}

/// A client that listens; it does no longer when this is dropped.
struct Listening {
    generating: Arc<Generating>,
    pod: Text,
}

impl Listening {
    fn begin(generating: &Arc<Generating>, pod: &Text) -> Self {
        generating.change(pod, 1);
        Self {
            generating: Arc::clone(generating),
            pod: pod.clone(),
        }
    }

    /// Those that ask the same engine, this one among them.
    fn beside(&self) -> f64 {
        f64::from(self.generating.of(&self.pod))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.generating.change(&self.pod, -1);
    }
}

/// An answer that takes its time.
struct Telling {
    clock: Arc<VirtualClock>,
    moves: watch::Receiver<()>,
    listening: Listening,
    speed: Speed,
    /// What chance depends on.
    seed: u64,
    pieces: std::vec::IntoIter<Bytes>,
    told: u64,
    due: Timestamp,
}

/// `pieces` as the body of an answer of `pod` to a prompt of `prompt_tokens`: the first after the time
/// to the first token, the others each after another token's.
pub(super) fn body(
    server: &Server,
    pod: &Stored,
    prompt_tokens: usize,
    seed: u64,
    pieces: Vec<Bytes>,
) -> ResponseBody {
    let telling = Telling::begin(server, pod, prompt_tokens, seed, pieces);
    let told = stream::unfold(telling, async |mut telling| {
        let piece = telling.next().await?;
        Some((Ok::<_, BoxError>(piece), telling))
    });
    stream_body(told.boxed())
}

/// The same for an answer in one piece, which comes when its last token would.
pub(super) fn whole(
    server: &Server,
    pod: &Stored,
    prompt_tokens: usize,
    seed: u64,
    tokens: usize,
    answer: Bytes,
) -> ResponseBody {
    let pieces = vec![Bytes::new(); tokens.max(1)];
    let telling = Telling::begin(server, pod, prompt_tokens, seed, pieces);
    let told = stream::once(async move {
        let mut telling = telling;
        while telling.next().await.is_some() {}
        Ok::<_, BoxError>(answer)
    });
    stream_body(told.boxed())
}

impl Telling {
    fn begin(
        server: &Server,
        pod: &Stored,
        prompt_tokens: usize,
        seed: u64,
        pieces: Vec<Bytes>,
    ) -> Self {
        let listening = Listening::begin(&server.generating, &pod.uid);
        let now = server.clock.now();
        let speed = telemetry::speed(server, pod, telemetry::seconds(now));
        let beside = listening.beside();
        let waits = (beside - AT_ONCE).max(0.0) * IN_LINE;
        let prompt = telemetry::number(prompt_tokens as u64);
        let first = speed.first_token * (1.0 + 0.06 * (beside - 1.0)) + prompt / PREFILL + waits;
        Self {
            clock: Arc::clone(&server.clock),
            moves: server.clock.subscribe(),
            listening,
            speed,
            seed,
            pieces: pieces.into_iter(),
            told: 0,
            due: clock::later(now, Duration::from_secs_f64(first)),
        }
    }

    async fn next(&mut self) -> Option<Bytes> {
        let piece = self.pieces.next()?;
        while self.clock.now() < self.due {
            self.moves.changed().await.ok()?;
        }
        self.told += 1;
        self.due = clock::later(self.due, self.until_next());
        Some(piece)
    }

    /// How long the next token takes: more while others ask too, and a little by chance.
    fn until_next(&self) -> Duration {
        let crowd = 1.0 + 0.012 * (self.listening.beside().min(AT_ONCE) - 1.0);
        let drawn = random::hash(&format!("{} {}", self.seed, self.told)) % 1_000;
        let chance = 0.85 + 0.3 * telemetry::number(drawn) / 1_000.0;
        Duration::from_secs_f64(self.speed.between_tokens * crowd * chance)
    }
}
