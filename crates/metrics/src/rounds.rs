//! Asking exporter after exporter, so that a slow one holds up no other.
//!
//! Each exporter has its own time at which it is asked next. At most [`QUICK_LANES`] are asked at
//! once; one that was slow the last time waits for one of [`SLOW_LANES`] instead, so that a rack of
//! hung exporters fills those and the others go on. What fails is asked less and less often. The
//! exporters collect every 15 to 30 seconds themselves, so asking oftener would tell nothing.

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

/// How long an exporter may take. One with sixteen devices has been seen to take more than ten
/// seconds (ROCm/device-metrics-exporter#565).
const LIMIT: Duration = Duration::from_secs(20);

/// What took longer than this is slow.
const SLOW: Duration = Duration::from_secs(3);

/// How many exporters are asked at once.
const QUICK_LANES: usize = 24;

/// How many slow exporters are asked at once, besides.
const SLOW_LANES: usize = 8;

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
            quick: 0,
            slow: 0,
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
    is_slow: bool,
    /// When it is asked next; none while it is asked, or when it is never asked again.
    due: Option<Instant>,
}

/// Who is asked, when.
struct Rounds {
    asker: Asker,
    exporters: watch::Receiver<Arc<[Exporter]>>,
    courses: HashMap<ObjectKey, Course>,
    asking: FuturesUnordered<BoxFuture<'static, Asked>>,
    quick: usize,
    slow: usize,
}

/// An answer, and how it was asked for.
struct Asked {
    answer: Answer,
    was_slow_lane: bool,
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
                    is_slow: false,
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
            let has_room = if course.is_slow {
                self.slow < SLOW_LANES
            } else {
                self.quick < QUICK_LANES
            };
            if due > now {
                next = Some(next.map_or(due, |next: Instant| next.min(due)));
            } else if has_room {
                course.due = None;
                let lane = if course.is_slow {
                    &mut self.slow
                } else {
                    &mut self.quick
                };
                *lane += 1;
                let question = self.asker.ask(&course.exporter, course.port);
                let was_slow_lane = course.is_slow;
                let asked = async move {
                    Asked {
                        answer: question.await,
                        was_slow_lane,
                    }
                };
                self.asking.push(asked.boxed());
            }
        }
        next
    }

    /// Takes note of how asking went.
    fn end(&mut self, asked: Asked) -> Answer {
        let Asked {
            answer,
            was_slow_lane,
        } = asked;
        let lane = if was_slow_lane {
            &mut self.slow
        } else {
            &mut self.quick
        };
        *lane = lane.saturating_sub(1);
        let Some(course) = self.courses.get_mut(&answer.pod) else {
            return answer;
        };
        course.is_slow = answer.took > SLOW;
        let rest = match &answer.outcome {
            Ok(Told::Past(_)) => None,
            Ok(_) => {
                course.misses = 0;
                Some(INTERVAL)
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
    fn ask(&self, exporter: &Exporter, port: usize) -> BoxFuture<'static, Answer> {
        let asker = self.clone();
        let exporter = exporter.clone();
        async move {
            let at = asker.clock.now();
            let began = Instant::now();
            let mut bytes = 0;
            let outcome = if exporter.dialect == Dialect::Prometheus {
                asker.past(&exporter, port, &mut bytes).await
            } else {
                asker.page(&exporter, port, &mut bytes).await
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
        bytes: &mut u64,
    ) -> Result<Told, Failure> {
        let page = self.get(exporter, port, "/metrics", bytes).await?;
        Ok(read::page(
            exporter.dialect,
            &String::from_utf8_lossy(&page),
        ))
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
            let answer = self.get(exporter, port, &path, bytes).await?;
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
        let answer = self.proxy.get(&self.cluster, pod, path, LIMIT).await;
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
