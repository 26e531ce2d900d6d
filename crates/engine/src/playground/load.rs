//! A small load test: so many requests, so many at a time, each worker on a way of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use strata_api::{
    playground::{ChatMessage, ChatRole, Load, Prompt, SamplingParameters, Way},
    rows::playground::{TrialFault, TrialFaultKind},
};
use strata_ports::tunnel::{self, Question, Tunnel};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{
    desk::{News, Tried},
    exchange::Exchange,
    measure::Measure,
    noted::Noted,
    openai,
    reach::Reach,
    tally::{Outcome, Took},
};

/// How long a worker waits that found no way to the server, so that it does not hammer.
const PAUSE: Duration = Duration::from_millis(500);

/// After so many faults that no other request would be spared, without one answer, it is given up.
const HOPELESS: usize = 3;

/// Words that most tokenizers have as one token each, with the space before.
const WORDS: [&str; 32] = [
    "time", "water", "light", "house", "river", "stone", "paper", "green", "north", "music",
    "world", "night", "table", "small", "white", "round", "field", "heart", "plant", "story",
    "glass", "train", "cloud", "bread", "horse", "ocean", "metal", "bridge", "garden", "winter",
    "summer", "silver",
];

/// What is to be done.
pub(crate) struct LoadPlan {
    pub(crate) reach: Reach,
    pub(crate) load: Load,
    /// Its entry of the journal, which ends with it.
    pub(crate) noted: Option<Noted>,
}

/// What all workers share.
struct Shared {
    plan: LoadPlan,
    trial: u64,
    tell: mpsc::Sender<Tried>,
    next: AtomicU32,
    answered: AtomicUsize,
    hopeless: AtomicUsize,
}

/// Runs the test, and tells of each request.
pub(super) async fn run(trial: u64, plan: LoadPlan, tell: mpsc::Sender<Tried>) {
    let workers = plan.load.concurrency.min(plan.load.requests);
    let shared = Arc::new(Shared {
        plan,
        trial,
        tell,
        next: AtomicU32::new(0),
        answered: AtomicUsize::new(0),
        hopeless: AtomicUsize::new(0),
    });
    // Tasks of their own, so that one that reads holds up no other's clock; dropped with this.
    let mut working = JoinSet::new();
    for worker in 0..workers {
        working.spawn(work(Arc::clone(&shared), worker as usize));
    }
    let longest = Duration::from_secs(u64::from(Load::LONGEST_SECONDS));
    let mut given_up = None;
    let all = async {
        while let Some(ended) = working.join_next().await {
            if let Ok(Err(fault)) = ended {
                given_up.get_or_insert(fault);
            }
        }
    };
    let outcome = match timeout(longest, all).await {
        Err(_) => Err(TrialFault {
            kind: TrialFaultKind::Timeout,
            said: format!("it was ended after {} min", longest.as_secs() / 60),
        }),
        Ok(()) => match given_up {
            Some(fault) => Err(fault),
            None => Ok(()),
        },
    };
    shared.tell(News::Ended(outcome)).await;
}

/// Asks until nothing is left to ask, or nothing can come of it.
async fn work(shared: Arc<Shared>, worker: usize) -> Result<(), TrialFault> {
    let mut way: Option<Box<dyn Tunnel>> = None;
    loop {
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        if number >= shared.plan.load.requests {
            return Ok(());
        }
        shared.tell(News::RequestSent).await;
        let (sent, took) = shared.request(&mut way, worker, number).await;
        let fault = took.as_ref().err().cloned();
        shared
            .tell(News::RequestOver(Outcome {
                sent,
                ended: Instant::now(),
                took,
            }))
            .await;
        match fault {
            None => {
                shared.answered.fetch_add(1, Ordering::Relaxed);
            }
            Some(fault) => shared.weigh(fault).await?,
        }
    }
}

impl Shared {
    async fn tell(&self, news: News) {
        let tried = Tried {
            trial: self.trial,
            news,
        };
        if self.tell.send(tried).await.is_err() {
            tracing::debug!("the engine stopped before a load test ended");
        }
    }

    /// One request, on the worker's own way where that is still good.
    async fn request(
        &self,
        way: &mut Option<Box<dyn Tunnel>>,
        worker: usize,
        number: u32,
    ) -> (Option<Instant>, Result<Took, TrialFault>) {
        let mut open = match way.take() {
            Some(open) => open,
            None => match self.plan.reach.open(worker).await {
                Ok(open) => {
                    self.tell(News::LoadWay(way_of(open.as_ref()))).await;
                    open
                }
                Err(fault) => return (None, Err(fault)),
            },
        };
        let question = self.question(number);
        let sent = Instant::now();
        match answered(open.as_mut(), question, sent).await {
            Ok((took, is_good)) => {
                *way = Some(open).filter(|_| is_good);
                (Some(sent), Ok(took))
            }
            Err(fault) => (Some(sent), Err(fault)),
        }
    }

    fn question(&self, number: u32) -> Question {
        let load = &self.plan.load;
        let content = if load.prompt.is_empty() {
            made_up(number, load.prompt_tokens)
        } else {
            load.prompt.clone()
        };
        let prompt = Prompt::Chat {
            messages: vec![ChatMessage {
                role: ChatRole::User,
                content,
            }],
        };
        let sampling = SamplingParameters {
            temperature: load.temperature,
            max_tokens: Some(load.max_tokens),
        };
        let body = openai::question(&load.model, &prompt, sampling, true);
        Question {
            path: openai::path(&self.plan.reach.base, &prompt),
            body: Some(body.to_string().into_bytes()),
            key: self.plan.reach.key.clone(),
        }
    }

    /// Whether to go on after a fault.
    async fn weigh(&self, fault: TrialFault) -> Result<(), TrialFault> {
        let is_for_all = matches!(
            fault.kind,
            TrialFaultKind::Forbidden
                | TrialFaultKind::Unauthorized
                | TrialFaultKind::NotFound
                | TrialFaultKind::Refused
                | TrialFaultKind::Unreadable
                | TrialFaultKind::Unreachable
        );
        if is_for_all
            && self.answered.load(Ordering::Relaxed) == 0
            && self.hopeless.fetch_add(1, Ordering::Relaxed) + 1 >= HOPELESS
        {
            // Nobody asks any more.
            self.next.store(self.plan.load.requests, Ordering::Relaxed);
            return Err(fault);
        }
        if fault.kind == TrialFaultKind::Unreachable {
            sleep(PAUSE).await;
        }
        Ok(())
    }
}

/// What an answered request took, and whether the way is good for another.
async fn answered(
    tunnel: &mut dyn Tunnel,
    question: Question,
    sent: Instant,
) -> Result<(Took, bool), TrialFault> {
    let mut measure = Measure::from(sent);
    let mut gaps = Vec::new();
    let mut exchange = Exchange::begin(tunnel, question).await?;
    while let Some(heard) = exchange.next().await {
        let (said, at) = heard?;
        for said in &said {
            measure.hear(said, at);
            gaps.extend(measure.take_gap());
        }
    }
    let took = Took {
        first_token: measure.first_token(),
        per_token: measure.per_token(),
        whole: measure.whole(),
        gaps,
        usage: measure.usage(),
        output: measure.output().unwrap_or_default(),
    };
    Ok((took, exchange.come_to_rest().await))
}

/// A prompt of about so many tokens that no other request has.
fn made_up(number: u32, tokens: u32) -> String {
    let mut text = format!("Request {number}. Tell a story with these words:");
    // Numerical Recipes' generator: another order for each request, the same in each test.
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    for _ in 0..tokens.saturating_sub(12) {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = WORDS.get((state >> 27) as usize).copied();
        text.push(' ');
        text.push_str(word.unwrap_or("time"));
    }
    text
}

/// How a tunnel leads to its pod, as it crosses the wire.
pub(super) fn way_of(tunnel: &dyn Tunnel) -> Way {
    match tunnel.way() {
        tunnel::Way::Forwarded => Way::Forwarded,
        tunnel::Way::Proxied => Way::Proxied,
        tunnel::Way::Here => Way::Here,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_prompts_are_as_long_as_asked_and_none_begins_like_another() {
        let words = |number, tokens| made_up(number, tokens).split_whitespace().count();
        for tokens in [32, 512, 4_096] {
            let words = u32::try_from(words(3, tokens)).unwrap();
            assert!(words.abs_diff(tokens) < 8, "{words} for {tokens}");
        }
        assert_ne!(made_up(1, 64), made_up(2, 64));
        assert_eq!(made_up(1, 64), made_up(1, 64));
    }
}
