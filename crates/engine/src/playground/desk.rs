//! Every trial that somebody follows, and who works for it.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use strata_api::{
    error::{ApiError, ErrorCode},
    frames::KeyedRow,
    playground::Way,
    rows::{
        Row,
        playground::{TrialFault, TrialState},
    },
    topics::Topic,
};
use strata_domain::ids::ClusterId;
use strata_ports::tunnel::Question;
use tokio::{sync::mpsc, time::Instant};

use super::{
    answer::Answer,
    exchange::Exchange,
    load::{self, LoadPlan, way_of},
    noted::Noted,
    openai::Said,
    reach::Reach,
    tally::{Outcome, Tally},
};
use crate::{
    project::Rows,
    supervise::{OpenTrial, TaskScope},
};

/// How long a trial goes on that nobody follows.
const UNFOLLOWED: Duration = Duration::from_secs(30);
/// How long one is kept that is over.
const KEPT: Duration = Duration::from_mins(10);
/// Trials that run at once at most.
const MOST_RUNNING: usize = 16;
/// Trials that are kept at once at most.
const MOST_KEPT: usize = 64;

/// What is to be tried.
pub(crate) enum Plan {
    /// Asking once.
    Answer(AnswerPlan),
    /// Asking many times.
    Load(LoadPlan),
}

/// One question to a server.
pub(crate) struct AnswerPlan {
    pub(crate) reach: Reach,
    pub(crate) question: Question,
    /// Which of the pods is asked.
    pub(crate) turn: usize,
}

/// What a trial tells.
pub(crate) struct Tried {
    pub(super) trial: u64,
    pub(super) news: News,
}

/// What happened in a trial.
pub(super) enum News {
    /// There is a way to a pod, which took so long to make.
    Connected(String, Way, Duration),
    /// The question was sent.
    Asked(Instant),
    /// Something of the answer was heard.
    Heard(Vec<Said>, Instant),
    /// A load test has found this way.
    LoadWay(Way),
    /// A request of a load test is under way.
    RequestSent,
    /// One is over.
    RequestOver(Outcome),
    /// All of it is over.
    Ended(Result<(), TrialFault>),
}

/// Every trial.
pub(crate) struct TrialDesk {
    scope: TaskScope,
    inbox: mpsc::Sender<Tried>,
    trials: BTreeMap<u64, Trial>,
    next: u64,
}

struct Trial {
    cluster: ClusterId,
    kind: Kind,
    /// Works for it; dropped when it is over or stopped.
    open: Option<OpenTrial>,
    followed: Instant,
    /// Its entry of the journal, until that is ended.
    noted: Option<Noted>,
}

enum Kind {
    Answer(Box<Answer>),
    Load(Box<Tally>),
}

impl Trial {
    fn state(&self) -> TrialState {
        match &self.kind {
            Kind::Answer(answer) => answer.state(),
            Kind::Load(tally) => tally.state(),
        }
    }

    fn is_over(&self) -> bool {
        self.state().is_over()
    }

    fn stop(&mut self) {
        if self.is_over() {
            return;
        }
        match &mut self.kind {
            Kind::Answer(answer) => answer.stop(),
            Kind::Load(tally) => tally.stop(),
        }
        self.settle();
    }

    /// Nobody works any longer for what is over, and what came of it is noted down.
    fn settle(&mut self) {
        self.open = None;
        if let (Some(noted), Kind::Load(tally)) = (self.noted.take(), &self.kind) {
            noted.end(tally.answered(), tally.stopped_by());
        }
    }
}

impl TrialDesk {
    pub(crate) fn new(scope: TaskScope, inbox: mpsc::Sender<Tried>) -> Self {
        Self {
            scope,
            inbox,
            trials: BTreeMap::new(),
            next: 1,
        }
    }

    /// Begins what `plan` says; its number.
    pub(crate) fn begin(
        &mut self,
        plan: Plan,
        now: Timestamp,
        moment: Instant,
    ) -> Result<u64, ApiError> {
        let running = || self.trials.values().filter(|trial| !trial.is_over());
        if running().count() >= MOST_RUNNING {
            return Err(busy("many questions are under way"));
        }
        if let Plan::Load(plan) = &plan {
            let is_loaded = running().any(|trial| {
                matches!(trial.kind, Kind::Load(_)) && trial.cluster == plan.reach.cluster
            });
            if is_loaded {
                return Err(busy("a load test runs in this cluster"));
            }
        }
        let trial = self.next;
        self.next += 1;
        let tell = self.inbox.clone();
        let (cluster, kind, open, noted) = match plan {
            Plan::Answer(plan) => {
                let cluster = plan.reach.cluster.clone();
                let open = OpenTrial::run(&self.scope, ask(trial, plan, tell));
                (cluster, Kind::Answer(Box::default()), open, None)
            }
            Plan::Load(mut plan) => {
                let noted = plan.noted.take();
                let cluster = plan.reach.cluster.clone();
                let tally = Tally::new(plan.load.clone(), plan.reach.pods.len(), now);
                let open = OpenTrial::run(&self.scope, load::run(trial, plan, tell));
                (cluster, Kind::Load(Box::new(tally)), open, noted)
            }
        };
        self.trials.insert(
            trial,
            Trial {
                cluster,
                kind,
                open: Some(open),
                followed: moment,
                noted,
            },
        );
        Ok(trial)
    }

    /// Stops a trial; one that is over stays as it is. True where it is known.
    pub(crate) fn stop(&mut self, trial: &str) -> bool {
        let trial = trial.parse().ok();
        let known = trial.and_then(|trial: u64| self.trials.get_mut(&trial));
        let is_known = known.is_some();
        if let Some(known) = known {
            known.stop();
        }
        is_known
    }

    /// Stops what runs in a cluster that is gone.
    pub(crate) fn leave(&mut self, cluster: &ClusterId) {
        let theirs = self.trials.values_mut();
        theirs
            .filter(|trial| trial.cluster == *cluster)
            .for_each(Trial::stop);
    }

    /// Takes in what a trial tells; its number.
    pub(crate) fn take(&mut self, tried: Tried) -> Option<u64> {
        let trial = self.trials.get_mut(&tried.trial)?;
        // The last words of one that was stopped.
        if trial.is_over() {
            return None;
        }
        match (&mut trial.kind, tried.news) {
            (Kind::Answer(answer), News::Connected(pod, way, took)) => {
                answer.connected(pod, way, took);
            }
            (Kind::Answer(answer), News::Asked(at)) => answer.asked(at),
            (Kind::Answer(answer), News::Heard(said, at)) => answer.hear(said, at),
            (Kind::Answer(answer), News::Ended(outcome)) => answer.end(outcome),
            (Kind::Load(tally), News::LoadWay(way)) => tally.way = Some(way),
            (Kind::Load(tally), News::RequestSent) => tally.asked(),
            (Kind::Load(tally), News::RequestOver(outcome)) => tally.take(outcome),
            (Kind::Load(tally), News::Ended(outcome)) => tally.end(outcome),
            (Kind::Answer(_), News::LoadWay(_) | News::RequestSent | News::RequestOver(_))
            | (Kind::Load(_), News::Connected(..) | News::Asked(_) | News::Heard(..)) => {}
        }
        if trial.is_over() {
            trial.settle();
        }
        Some(tried.trial)
    }

    /// The rows of `topic`, where it is one about a trial.
    pub(crate) fn rows(&self, topic: &Topic, moment: Instant) -> Rows {
        let trial = trial_of(topic).and_then(|trial| self.trials.get(&trial.parse().ok()?));
        match (topic, trial.map(|trial| &trial.kind)) {
            (Topic::Answer { .. }, Some(Kind::Answer(answer))) => answer.rows(moment),
            (Topic::LoadTest { .. }, Some(Kind::Load(tally))) => Rows::all(vec![KeyedRow {
                id: "load".to_owned(),
                row: Row::LoadTest(Box::new(tally.row(moment))),
            }]),
            _ => Rows::default(),
        }
    }

    /// Takes note of which trials are followed, and gives up and forgets those that are not; the
    /// numbers of those that were given up.
    pub(crate) fn keep_followed<'a>(
        &mut self,
        topics: impl Iterator<Item = &'a Topic>,
        moment: Instant,
    ) {
        if self.trials.is_empty() {
            return;
        }
        for topic in topics {
            let number = trial_of(topic).and_then(|trial| trial.parse().ok());
            let trial = number.and_then(|number: u64| self.trials.get_mut(&number));
            if let Some(trial) = trial {
                trial.followed = moment;
            }
        }
        for trial in self.trials.values_mut() {
            if moment >= trial.followed + UNFOLLOWED {
                trial.stop();
            }
        }
        self.trials
            .retain(|_, trial| !trial.is_over() || moment < trial.followed + KEPT);
        while self.trials.len() > MOST_KEPT {
            self.trials.pop_first();
        }
    }
}

/// The trial that `topic` is about.
pub(crate) fn trial_of(topic: &Topic) -> Option<&str> {
    match topic {
        Topic::Answer { trial } | Topic::LoadTest { trial } => Some(trial),
        _ => None,
    }
}

fn busy(what: &str) -> ApiError {
    let message = format!("{what} already; stop one, or wait until one is over");
    ApiError::new(ErrorCode::Conflict, message)
}

/// Asks once, and tells what is heard.
async fn ask(trial: u64, plan: AnswerPlan, tell: mpsc::Sender<Tried>) {
    let outcome = answer(trial, plan, &tell).await;
    say(trial, News::Ended(outcome), &tell).await;
}

async fn answer(
    trial: u64,
    plan: AnswerPlan,
    tell: &mpsc::Sender<Tried>,
) -> Result<(), TrialFault> {
    let began = Instant::now();
    let mut tunnel = plan.reach.open(plan.turn).await?;
    let pod = plan.reach.pod(plan.turn);
    let pod = pod.map_or_else(String::new, |pod| pod.pod.name.to_string());
    let connected = News::Connected(pod, way_of(tunnel.as_ref()), began.elapsed());
    say(trial, connected, tell).await;
    say(trial, News::Asked(Instant::now()), tell).await;
    let mut exchange = Exchange::begin(tunnel.as_mut(), plan.question).await?;
    while let Some(heard) = exchange.next().await {
        let (said, at) = heard?;
        say(trial, News::Heard(said, at), tell).await;
    }
    Ok(())
}

async fn say(trial: u64, news: News, tell: &mpsc::Sender<Tried>) {
    if tell.send(Tried { trial, news }).await.is_err() {
        tracing::debug!("the engine stopped before a trial ended");
    }
}
