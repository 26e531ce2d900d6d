//! Asking exporter after exporter, so that a slow one holds up no other.
//!
//! Each exporter has its own time at which it is asked next, and is asked in one of three kinds of
//! lanes: those that answered quickly the last time, those that never answered yet, and those that
//! were slow. So a rack of hung exporters fills the lanes of its kind, and the others go on. What
//! fails is asked less and less often. The exporters collect every 15 to 30 seconds themselves, so
//! asking oftener would tell nothing.

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
    error::{PortError, PortErrorKind},
    proxy::{ClusterProxy, PodPort},
    telemetry::{Answer, Dialect, Exporter, Failure, TelemetrySource, Told},
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_util::task::AbortOnDropHandle;

use crate::{past, read};

/// How often an exporter is asked.
const INTERVAL: Duration = Duration::from_secs(15);

/// How often a kubelet is asked: it measures its volumes about once a minute itself.
const KUBELET_INTERVAL: Duration = Duration::from_mins(1);

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

/// Asks exporters through the API servers' proxies.
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
    lane: Lane,
    /// When it is asked next; none while it is asked, or when it is never asked again.
    due: Option<Instant>,
}

/// Who is asked, when.
struct Rounds {
    asker: Asker,
    exporters: watch::Receiver<Arc<[Exporter]>>,
    courses: HashMap<ObjectKey, Course>,
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
        let mut before = std::mem::take(&mut self.courses);
        for exporter in list.iter() {
            let key = exporter.pod.clone();
            let course = match before.remove(&key) {
                Some(course) if course.exporter == *exporter => course,
                _ => Course {
                    exporter: exporter.clone(),
                    port: 0,
                    misses: 0,
                    lane: Lane::Untried,
                    due: Some(Instant::now()),
                },
            };
            self.courses.insert(key, course);
        }
    }

    /// Asks whom it is time to ask, as far as there is room, and says when to look again.
    fn begin_due(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let mut next = None;
        for course in self.courses.values_mut() {
            let Some(due) = course.due else {
                continue;
            };
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
                let question = self.asker.ask(&course.exporter, course.port, lane.limit());
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
            Ok(Told::Past(_)) => None,
            Ok(_) => {
                course.misses = 0;
                Some(match course.exporter.dialect {
                    Dialect::Kubelet => KUBELET_INTERVAL,
                    _ => INTERVAL,
                })
            }
            Err(failure) => {
                course.misses = course.misses.saturating_add(1);
                if matches!(
                    failure.kind,
                    PortErrorKind::Unavailable | PortErrorKind::NotFound
                ) {
                    course.port = (course.port + 1) % course.exporter.ports.len().max(1);
                }
                Some(rest_after(course.misses, failure.kind))
            }
        };
        course.due = rest.map(|rest| Instant::now() + rest);
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

/// Asks one exporter.
#[derive(Clone)]
struct Asker {
    proxy: Arc<dyn ClusterProxy>,
    clock: Arc<dyn Clock>,
    cluster: ClusterId,
}

impl Asker {
    /// What `exporter` tells on the port at `port` of its list.
    fn ask(
        &self,
        exporter: &Exporter,
        port: usize,
        within: Duration,
    ) -> BoxFuture<'static, Answer> {
        let asker = self.clone();
        let exporter = exporter.clone();
        async move {
            let at = asker.clock.now();
            let began = Instant::now();
            let mut bytes = 0;
            let outcome = match exporter.dialect {
                Dialect::Prometheus => asker.past(&exporter, port, &mut bytes).await,
                Dialect::Kubelet => asker.summary(&exporter, within, &mut bytes).await,
                _ => asker.page(&exporter, port, within, &mut bytes).await,
            };
            Answer {
                pod: exporter.pod,
                at,
                took: began.elapsed(),
                bytes,
                outcome,
            }
        }
        .boxed()
    }

    async fn page(
        &self,
        exporter: &Exporter,
        port: usize,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let page = self.get(exporter, port, "/metrics", within, bytes).await?;
        Ok(read::page(
            exporter.dialect,
            &String::from_utf8_lossy(&page),
        ))
    }

    async fn summary(
        &self,
        exporter: &Exporter,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let node = exporter.node.as_str();
        let asked = self
            .proxy
            .kubelet(&self.cluster, node, "/stats/summary", within);
        let summary = asked.await.map_err(failure)?;
        *bytes += u64::try_from(summary.len()).unwrap_or(u64::MAX);
        // Some hundred kilobytes on a full node: off the threads that serve others.
        let read = tokio::task::spawn_blocking(move || read::kubelet_volumes(&summary));
        let volumes = read.await.map_err(|error| Failure {
            kind: PortErrorKind::Internal,
            message: error.to_string(),
        })??;
        Ok(Told::Volumes(volumes))
    }

    async fn past(
        &self,
        exporter: &Exporter,
        port: usize,
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let mut all = Vec::new();
        for metric in past::METRICS {
            let path = past::path(metric, self.clock.now());
            let answer = self.get(exporter, port, &path, LIMIT, bytes).await?;
            // Tens of megabytes for thousands of devices: off the threads that serve others.
            let read = tokio::task::spawn_blocking(move || past::series(metric, &answer));
            all.extend(read.await.map_err(|error| Failure {
                kind: PortErrorKind::Internal,
                message: error.to_string(),
            })??);
        }
        Ok(Told::Past(all))
    }

    async fn get(
        &self,
        exporter: &Exporter,
        port: usize,
        path: &str,
        within: Duration,
        bytes: &mut u64,
    ) -> Result<Vec<u8>, Failure> {
        let Some(port) = exporter.ports.get(port) else {
            return Err(Failure {
                kind: PortErrorKind::InvalidInput,
                message: "no port is known on which it tells its metrics".to_owned(),
            });
        };
        let pod = PodPort {
            pod: exporter.pod.clone(),
            port: *port,
            is_tls: exporter.is_tls,
        };
        let answer = self.proxy.get(&self.cluster, pod, path, within).await;
        let body = answer.map_err(failure)?;
        *bytes += u64::try_from(body.len()).unwrap_or(u64::MAX);
        Ok(body)
    }
}

fn failure(error: PortError) -> Failure {
    Failure {
        kind: error.kind,
        message: error.message,
    }
}
