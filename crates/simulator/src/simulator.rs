//! A running demo cluster.

use std::{
    future::ready,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use hyper::upgrade::OnUpgrade;
use jiff::Timestamp;
use tokio::{sync::watch, time::Instant};

use crate::{
    clock::{self, VirtualClock},
    line::{Line, LineCut},
    pace::Pace,
    scenario::Scenario,
    server::{
        ResponseBody, Server,
        access::Access,
        connect::upgrade::{in_process, is_upgrade},
    },
    store::Store,
    world::World,
};

/// How often a live cluster does what is due.
const TICK: Duration = Duration::from_millis(250);
/// The same while somebody listens to a model: finer than its tokens come.
const FINE_TICK: Duration = Duration::from_millis(5);

/// How a demo cluster is to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The same seed and the same calls give the same cluster and the same events.
    pub seed: u64,
    /// The cluster's time when it starts.
    pub begins: Timestamp,
}

/// A demo cluster. Clones are the same cluster.
///
/// Its time stands still until [`Simulator::advance`] moves it, or [`Simulator::run`] moves it with
/// real time.
#[derive(Clone)]
pub struct Simulator {
    cluster: Arc<Cluster>,
}

struct Cluster {
    world: Mutex<World>,
    clock: Arc<VirtualClock>,
    line: Arc<Line>,
    server: Arc<Server>,
    pace: watch::Sender<Pace>,
}

impl Simulator {
    /// Sets up the cluster of `scenario`, with everything in it running since its age, and what the
    /// scenario breaks broken.
    pub fn start(scenario: &Scenario, options: Options) -> Self {
        let clock = Arc::new(VirtualClock::starting_at(options.begins));
        let store = Arc::new(Store::new(Arc::clone(&clock), options.seed));
        let line = Arc::new(Line::new());
        let mut world = World::new(Arc::clone(&store), Arc::clone(&clock), options.seed);
        world.set_up(scenario);
        let access = Access::new(&scenario.user, &scenario.groups, &scenario.forbidden);
        let server = Arc::new(Server::new(
            store,
            Arc::clone(&clock),
            Arc::clone(&line),
            Arc::clone(&world.inventory),
            scenario.kubernetes.clone(),
            access,
        ));
        Self {
            cluster: Arc::new(Cluster {
                world: Mutex::new(world),
                clock,
                line,
                server,
                pace: watch::Sender::new(Pace::REAL),
            }),
        }
    }

    /// The API server, as a service that a client is built on.
    pub fn service(&self) -> ApiServer {
        ApiServer {
            simulator: self.clone(),
        }
    }

    /// The cluster's time.
    pub fn now(&self) -> Timestamp {
        self.cluster.clock.now()
    }

    /// Lets `duration` of the cluster's time pass, and everything happen that is due in it.
    pub fn advance(&self, duration: Duration) {
        let mut world = self.world();
        let until = clock::later(world.now(), duration);
        world.advance_to(until);
    }

    /// How fast the cluster's time passes while it [runs](Self::run).
    pub fn pace(&self) -> Pace {
        *self.cluster.pace.borrow()
    }

    /// Lets the cluster's time pass at another pace from now on.
    pub fn set_pace(&self, pace: Pace) {
        self.cluster.pace.send_replace(pace);
    }

    /// Lets the cluster's time pass at its [pace](Self::pace), at first that of real time, until the
    /// future is dropped.
    pub async fn run(&self) {
        let mut generating = self.cluster.server.generating.subscribe();
        let mut last = Instant::now();
        loop {
            let is_listened_to = *generating.borrow_and_update() > 0;
            let tick = if is_listened_to { FINE_TICK } else { TICK };
            tokio::select! {
                () = tokio::time::sleep(tick) => {}
                // Somebody begins to listen, or ends: another tick from now on. It cannot fail, since
                // the cluster is held here.
                _ = generating.changed() => {}
            }
            let now = Instant::now();
            // Whole milliseconds, as the cluster's clock counts them; the rest comes next time.
            let millis = u64::try_from((now - last).as_millis()).unwrap_or(u64::MAX);
            let elapsed = Duration::from_millis(millis);
            last += elapsed;
            self.advance(self.pace().of(elapsed));
        }
    }

    /// Stops the API server: every open stream breaks and new connections are refused, while the
    /// cluster lives on.
    pub fn stop_answering(&self) {
        self.cluster.line.cut();
    }

    /// Starts the API server again.
    pub fn resume(&self) {
        self.cluster.line.mend();
    }

    // A panic in an actor leaves the world as it was between two steps; the demo goes on.
    fn world(&self) -> MutexGuard<'_, World> {
        self.cluster
            .world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Simulator")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

/// The API server of a demo cluster, in the process: no port, no connection.
#[derive(Clone, Debug)]
pub struct ApiServer {
    simulator: Simulator,
}

impl ApiServer {
    /// Answers one request.
    pub fn answer(&self, request: &Request<Bytes>) -> Result<Response<ResponseBody>, LineCut> {
        let cluster = &self.simulator.cluster;
        cluster.line.connect()?;
        Ok(cluster.server.answer(request))
    }
}

impl tower::Service<Request<Bytes>> for ApiServer {
    type Response = Response<ResponseBody>;
    type Error = LineCut;
    type Future = BoxFuture<'static, Result<Self::Response, LineCut>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LineCut>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        // A request that comes over a connection brings what an upgrade needs of it along.
        if is_upgrade(&request) && request.extensions().get::<OnUpgrade>().is_none() {
            let cluster = Arc::clone(&self.simulator.cluster);
            return Box::pin(async move {
                cluster.line.connect()?;
                in_process(Arc::clone(&cluster.server), request)
                    .await
                    .map_err(|_| LineCut::Reset)
            });
        }
        Box::pin(ready(self.answer(&request)))
    }
}
