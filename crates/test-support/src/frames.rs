//! What a subscription says, applied as a shell applies it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use strata_api::{
    frames::{Body, EndReason, Frame},
    rows::Row,
};
use tokio::{
    sync::watch,
    time::{Duration, timeout},
};

/// How long a state is waited for; far longer than any takes that comes at all.
const PATIENCE: Duration = Duration::from_mins(2);

/// The rows that a subscriber has, kept up frame by frame.
///
/// Every rule of frames is checked as they come: numbers do not skip, a snapshot comes first, an
/// order names rows that are there and none twice, and nothing follows the end. Breaking one
/// panics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The ids in the window, in order.
    pub order: Vec<String>,
    /// The rows, by id.
    pub rows: HashMap<String, Row>,
    /// How many rows there are in all.
    pub total: u32,
    /// How many there would be without the filter.
    pub unfiltered: u32,
    /// How many snapshots came.
    pub snapshots: u32,
    /// How many deltas came.
    pub deltas: u32,
    /// How many heartbeats came.
    pub heartbeats: u32,
    /// The number of the next frame.
    pub next: u32,
    /// Why there are no more frames.
    pub end: Option<EndReason>,
}

impl View {
    /// Applies one frame.
    pub fn apply(&mut self, frame: Frame) {
        assert_eq!(self.end, None, "nothing follows the end");
        assert_eq!(frame.seq(), self.next, "frame numbers do not skip");
        self.next += 1;
        match frame {
            Frame::Snapshot { body, .. } => {
                self.order.clear();
                self.rows.clear();
                self.snapshots += 1;
                self.apply_body(body);
            }
            Frame::Delta { body, .. } => {
                assert_ne!(self.snapshots, 0, "a snapshot comes first");
                self.deltas += 1;
                self.apply_body(body);
            }
            Frame::Heartbeat { .. } => self.heartbeats += 1,
            Frame::End { reason, .. } => self.end = Some(reason),
        }
    }

    /// Applies the body of a frame.
    pub fn apply_body(&mut self, body: Body) {
        self.total = body.total;
        self.unfiltered = body.unfiltered;
        for id in &body.drop {
            assert!(
                self.rows.remove(id).is_some(),
                "what is dropped was there: {id}"
            );
        }
        self.rows
            .extend(body.upsert.into_iter().map(|keyed| (keyed.id, keyed.row)));
        if let Some(order) = body.order {
            self.order = order;
        }
        let mut ids = self.order.clone();
        ids.sort();
        ids.dedup();
        assert_eq!(
            ids.len(),
            self.order.len(),
            "no row stands twice in the order"
        );
        assert_eq!(ids.len(), self.rows.len(), "every row stands in the order");
        assert!(
            ids.iter().all(|id| self.rows.contains_key(id)),
            "every row of the order is there"
        );
    }

    /// The rows in the window, in order.
    pub fn window(&self) -> impl Iterator<Item = &Row> {
        self.order.iter().filter_map(|id| self.rows.get(id))
    }
}

/// Collects the frames of a subscription.
#[derive(Clone, Debug)]
pub struct FrameCollector {
    view: Arc<watch::Sender<View>>,
    last: Arc<Mutex<Option<Frame>>>,
}

impl Default for FrameCollector {
    fn default() -> Self {
        Self {
            view: Arc::new(watch::Sender::new(View::default())),
            last: Arc::default(),
        }
    }
}

impl FrameCollector {
    /// Takes a frame: what a sink does.
    pub fn take(&self, frame: Frame) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(frame.clone());
        self.view.send_modify(|view| view.apply(frame));
    }

    /// What the subscriber has now.
    pub fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// The last frame.
    pub fn last(&self) -> Option<Frame> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until the subscriber has what `is_there` looks for. Panics with what it has instead
    /// if that does not come: a test that waits for ever tells nobody why.
    pub async fn wait_for(&self, is_there: impl FnMut(&View) -> bool) -> View {
        let mut views = self.view.subscribe();
        let found = timeout(PATIENCE, views.wait_for(is_there)).await;
        let Ok(Ok(view)) = found.map(|found| found.map(|view| view.clone())) else {
            panic!(
                "what was waited for did not come; the subscriber has {:#?}",
                self.view()
            );
        };
        view
    }
}
