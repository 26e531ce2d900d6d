//! Asking exporter after exporter, so that a slow one holds up no other.
//!
//! Each exporter has its own time at which it is asked next, and is asked in one of three kinds of
//! lanes: those that answered quickly the last time, those that never answered yet, and those that
//! were slow. So a rack of hung exporters fills the lanes of its kind, and the others go on. What
//! fails is asked less and less often. The exporters collect every 15 to 30 seconds themselves, so
//! asking oftener would tell nothing.
//!
//! A Prometheus is asked what it remembers, once; and how devices are now for as long as no exporter
//! tells that itself, since one answer about thousands of devices is tens of megabytes.

use std::{sync::Arc, time::Duration};

use futures::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream, FuturesUnordered},
};
use hashbrown::HashMap;
use strata_domain::ids::{ClusterId, ObjectKey};
use strata_ports::{
    clock::Clock,
    error::PortErrorKind,
    proxy::ClusterProxy,
    telemetry::{Answer, Dialect, Exporter, TelemetrySource, Told},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::task::AbortOnDropHandle;

use self::asker::{Asker, Question};
use crate::prometheus::present::Places;

mod asker;

/// How often an exporter is asked.
const INTERVAL: Duration = Duration::from_secs(15);

/// How often a kubelet is asked: it measures its volumes about once a minute itself.
const KUBELET_INTERVAL: Duration = Duration::from_mins(1);

/// How often a Prometheus is asked how devices are now, or whether it needs to be asked is looked at.
const PRESENT_INTERVAL: Duration = Duration::from_secs(30);

/// How long an exporter may take. One with sixteen devices has been seen to take more than ten
/// seconds (ROCm/device-metrics-exporter#565).
const LIMIT: Duration = Duration::from_secs(20);

/// What took longer than this is slow.
const SLOW: Duration = Duration::from_secs(3);

/// How long one may take that never answered; if it takes longer it is slow, and given its time then.
const FIRST_LIMIT: Duration = Duration::from_secs(5);

/// A kind of exporter, of which so many are asked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    /// It answered quickly the last time.
    Quick,
    /// It never answered yet.
    Untried,
    /// It was slow the last time.
    Slow,
}

impl Lane {
    /// How many are asked at once.
    fn room(self) -> usize {
        match self {
            Self::Quick | Self::Untried => 16,
            Self::Slow => 8,
        }
    }

    fn limit(self) -> Duration {
        match self {
            Self::Untried => FIRST_LIMIT,
            Self::Quick | Self::Slow => LIMIT,
        }
    }
}

/// One that fails is asked no less often than this.
const LONGEST_REST: Duration = Duration::from_mins(4);

/// Batches of answers that may wait for whoever takes them.
const WAITING: usize = 16;

/// Asks exporters through the API servers' proxies, and a Prometheus where it answers beside them.
pub struct ProxiedExporters {
    proxy: Arc<dyn ClusterProxy>,
    clock: Arc<dyn Clock>,
}

impl ProxiedExporters {
    /// Asks through `proxy`.
    pub fn new(proxy: Arc<dyn ClusterProxy>, clock: Arc<dyn Clock>) -> Self {
        Self { proxy, clock }
    }
}

impl TelemetrySource for ProxiedExporters {
    fn follow(
        &self,
        cluster: &ClusterId,
        exporters: watch::Receiver<Arc<[Exporter]>>,
    ) -> BoxStream<'static, Vec<Answer>> {
        let rounds = Rounds {
            asker: Asker {
                proxy: Arc::clone(&self.proxy),
                clock: Arc::clone(&self.clock),
                cluster: cluster.clone(),
            },
            exporters,
            courses: HashMap::new(),
            places: Arc::default(),
            asking: FuturesUnordered::new(),
            taken: [0; 3],
        };
        // Begun when the stream is first asked, so that this may be called outside a runtime.
        let begin = async move {
            let (answers, received) = mpsc::channel(WAITING);
            let task = AbortOnDropHandle::new(tokio::spawn(rounds.run(answers)));
            (received, task)
        };
        stream::once(begin)
            .flat_map(|state| {
                stream::unfold(state, |(mut received, task)| async move {
                    let batch = received.recv().await?;
                    Some((batch, (received, task)))
                })
            })
            .boxed()
    }
}

/// An exporter, and how asking it went.
struct Course {
    exporter: Exporter,
    /// Which of its ports is tried next.
    port: usize,
    /// How often in a row it told nothing.
    misses: u32,
    /// Whether it ever told anything.
    has_told: bool,
    lane: Lane,
    /// When it is asked next; none while it is asked.
    due: Option<Instant>,
}

impl Course {
    fn of(exporter: &Exporter) -> Self {
        Self {
            exporter: exporter.clone(),
            port: 0,
            misses: 0,
            has_told: false,
            lane: Lane::Untried,
            due: Some(Instant::now()),
        }
    }

    fn is_of_prometheus(&self) -> bool {
        self.exporter.dialect == Dialect::Prometheus
    }

    /// Whether it tells how devices are now, or may yet, because it was not asked so far.
    fn may_tell_of_devices(&self) -> bool {
        self.exporter.dialect.is_of_gpus() && !self.is_of_prometheus() && self.misses == 0
    }

    fn question(&self, places: &Arc<Places>) -> Question {
        match self.exporter.dialect {
            Dialect::Prometheus if self.has_told => Question::Present(Arc::clone(places)),
            Dialect::Prometheus => Question::Past,
            Dialect::Kubelet => Question::Summary,
            _ => Question::Page,
        }
    }

    /// How long it is left alone after it told something.
    fn rest(&self, told: &Told) -> Duration {
        match (self.exporter.dialect, told) {
            // How devices are now is asked at once, if it is to be asked.
            (Dialect::Prometheus, Told::Past(_)) => Duration::ZERO,
            (Dialect::Prometheus, _) => PRESENT_INTERVAL,
            (Dialect::Kubelet, _) => KUBELET_INTERVAL,
            _ => INTERVAL,
        }
    }
}

/// Who is asked, when.
struct Rounds {
    asker: Asker,
    exporters: watch::Receiver<Arc<[Exporter]>>,
    courses: HashMap<ObjectKey, Course>,
    /// Where the pods of exporters run.
    places: Arc<Places>,
    asking: FuturesUnordered<BoxFuture<'static, Asked>>,
    /// How many are being asked, by lane.
    taken: [usize; 3],
}

/// An answer, and how it was asked for.
struct Asked {
    answer: Answer,
    lane: Lane,
}

impl Rounds {
    /// Runs until the list of exporters has no sender any more.
    async fn run(mut self, answers: mpsc::Sender<Vec<Answer>>) {
        self.take_list();
        loop {
            let wake = self.begin_due();
            let far = Instant::now() + INTERVAL;
            tokio::select! {
                changed = self.exporters.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.take_list();
                }
                Some(asked) = self.asking.next(), if !self.asking.is_empty() => {
                    let mut batch = vec![self.end(asked)];
                    while let Some(Some(asked)) = self.asking.next().now_or_never() {
                        batch.push(self.end(asked));
                    }
                    if answers.send(batch).await.is_err() {
                        return;
                    }
                }
                () = sleep_until(wake.unwrap_or(far)) => {}
            }
        }
    }

    /// Takes the list as it is now: what is new is asked at once, what is gone no more.
    fn take_list(&mut self) {
        let list = self.exporters.borrow_and_update().clone();
        let pods = list.iter().filter(|exporter| exporter.address.is_none());
        let placed = pods.map(|exporter| (exporter.pod.clone(), exporter.node.clone()));
        self.places = Arc::new(placed.collect());
        let mut before = std::mem::take(&mut self.courses);
        for exporter in list.iter() {
            let key = exporter.pod.clone();
            let course = match before.remove(&key) {
                Some(course) if course.exporter == *exporter => course,
                _ => Course::of(exporter),
            };
            self.courses.insert(key, course);
        }
    }

    /// Asks whom it is time to ask, as far as there is room, and says when to look again.
    fn begin_due(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let mut next = None;
        let spokesman = self.spokesman();
        for (key, course) in &mut self.courses {
            let Some(mut due) = course.due else {
                continue;
            };
            let is_needless = course.has_told && spokesman.as_ref() != Some(key);
            if course.is_of_prometheus() && is_needless && due <= now {
                due = now + PRESENT_INTERVAL;
                course.due = Some(due);
            }
            if due > now {
                next = Some(next.map_or(due, |next: Instant| next.min(due)));
                continue;
            }
            let lane = course.lane;
            let Some(taken) = self.taken.get_mut(lane as usize) else {
                continue;
            };
            if *taken < lane.room() {
                *taken += 1;
                course.due = None;
                let question = course.question(&self.places);
                let question =
                    self.asker
                        .ask(question, &course.exporter, course.port, lane.limit());
                let asked = async move {
                    Asked {
                        answer: question.await,
                        lane,
                    }
                };
                self.asking.push(asked.boxed());
            }
        }
        next
    }

    /// The Prometheus that is asked how devices are now: none while an exporter tells that itself, and
    /// one alone where there are several.
    fn spokesman(&self) -> Option<ObjectKey> {
        if self.courses.values().any(Course::may_tell_of_devices) {
            return None;
        }
        let all = self.courses.iter();
        all.filter(|(_, course)| course.is_of_prometheus() && course.has_told)
            .min_by_key(|(key, course)| (course.misses > 0, *key))
            .map(|(key, _)| key.clone())
    }

    /// Takes note of how asking went.
    fn end(&mut self, asked: Asked) -> Answer {
        let Asked { answer, lane } = asked;
        if let Some(taken) = self.taken.get_mut(lane as usize) {
            *taken = taken.saturating_sub(1);
        }
        let Some(course) = self.courses.get_mut(&answer.pod) else {
            return answer;
        };
        course.lane = if answer.took > SLOW {
            Lane::Slow
        } else if answer.outcome.is_ok() {
            Lane::Quick
        } else {
            course.lane
        };
        let rest = match &answer.outcome {
            Ok(told) => {
                course.misses = 0;
                course.has_told = true;
                course.rest(told)
            }
            Err(failure) => {
                course.misses = course.misses.saturating_add(1);
                if matches!(
                    failure.kind,
                    PortErrorKind::Unavailable | PortErrorKind::NotFound
                ) {
                    course.port = (course.port + 1) % course.exporter.ports.len().max(1);
                }
                rest_after(course.misses, failure.kind)
            }
        };
        course.due = Some(Instant::now() + rest);
        answer
    }
}

/// How long an exporter is left alone that told nothing so many times in a row.
fn rest_after(misses: u32, kind: PortErrorKind) -> Duration {
    if matches!(kind, PortErrorKind::Forbidden | PortErrorKind::Unauthorized) {
        return LONGEST_REST;
    }
    INTERVAL
        .saturating_mul(1 << misses.saturating_sub(1).min(4))
        .min(LONGEST_REST)
}
