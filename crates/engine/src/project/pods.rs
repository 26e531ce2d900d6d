//! Pods: filter, sort, window.
//!
//! With a hundred thousand pods none of the three may start over for every frame. [`health`] keeps
//! what was judged of each pod, [`order`] the sorted list of those that a question asks for; a
//! change moves the pods that changed and no others. A [`PodBook`] holds both for a cluster, and
//! shares an order between all windows on it, so that scrolling costs a slice.

use jiff::Timestamp;
use strata_api::{
    frames::KeyedRow,
    topics::{PodSort, Topic, TracePath, Window},
};
use strata_catalog::Catalog;
use tokio::time::{Duration, Instant};

use super::Rows;
use crate::{derive::Derived, fleet::cluster::Cluster, fold::Dirty};

pub mod health;
mod order;
mod row;

use health::PodHealths;
use order::Order;

/// How long an order that no window shows is kept: scrolling ends one window and opens another.
const KEPT: Duration = Duration::from_secs(30);

/// What a list of pods asks for; windows with equal questions share an order.
#[derive(Clone, Debug, PartialEq)]
pub struct PodQuery {
    /// Those on this path alone.
    pub of: Option<TracePath>,
    /// Those of these namespaces alone; empty for all.
    pub namespaces: Vec<String>,
    /// Those whose name, namespace or node contains this text, in lower case; empty for all.
    pub filter: String,
    /// The order.
    pub sort: PodSort,
}

/// What is kept of a cluster's pods so that windows on them are quick.
#[derive(Debug, Default)]
pub struct PodBook {
    healths: PodHealths,
    orders: Vec<(Order, Instant)>,
}

impl PodBook {
    /// What was judged of every pod.
    pub fn healths(&self) -> &PodHealths {
        &self.healths
    }

    /// Takes note of what changed.
    pub fn note(&mut self, dirty: &Dirty, cluster: &Cluster, now: Timestamp) {
        let changed = self.healths.note(dirty, cluster, now);
        for (order, _) in &mut self.orders {
            order.note(&changed);
        }
    }

    /// Takes note that paths may lead elsewhere, since they were derived anew.
    pub fn note_paths(&mut self) {
        for (order, _) in &mut self.orders {
            order.note_path();
        }
    }

    /// Judges every pod anew, since time passed: what waits long enough becomes a fault.
    pub fn note_time(&mut self, cluster: &Cluster, now: Timestamp) {
        let changed = self.healths.note_time(cluster, now);
        for (order, _) in &mut self.orders {
            order.note(&changed);
        }
    }

    /// Forgets the orders that no window has shown lately.
    pub fn forget_unused(&mut self, now: Instant) {
        self.orders.retain(|(_, used)| now < *used + KEPT);
    }

    /// The rows of `topic`, where it is one about pods; else none.
    pub fn topic_rows(&mut self, picture: Picture<'_>, topic: &Topic, moment: Instant) -> Rows {
        let Topic::Pods {
            of,
            namespaces,
            filter,
            sort,
            window,
            ..
        } = topic
        else {
            return Rows::default();
        };
        let query = PodQuery {
            of: of.clone(),
            namespaces: namespaces.clone(),
            filter: filter.to_lowercase(),
            sort: *sort,
        };
        self.rows(picture, &query, *window, moment)
    }

    /// The rows of `window`, and how many there are around them.
    pub fn rows(
        &mut self,
        picture: Picture<'_>,
        query: &PodQuery,
        window: Window,
        moment: Instant,
    ) -> Rows {
        if !self.orders.iter().any(|(order, _)| order.query == *query) {
            self.orders.push((Order::new(query.clone()), moment));
        }
        let shared = self
            .orders
            .iter_mut()
            .find(|(order, _)| order.query == *query);
        let Some((order, used)) = shared else {
            return Rows::default();
        };
        *used = moment;
        order.refresh(picture, &self.healths);
        let slots = order.window(window);
        Rows {
            total: order.total(),
            unfiltered: order.unfiltered(picture),
            window: slots
                .filter_map(|slot| row::of(picture, slot))
                .collect::<Vec<KeyedRow>>(),
        }
    }
}

/// What rows are made of.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// What was heard.
    pub cluster: &'a Cluster,
    /// What follows from it.
    pub derived: &'a Derived,
    /// What is known of components.
    pub catalog: &'a Catalog,
    /// Now.
    pub now: Timestamp,
}
