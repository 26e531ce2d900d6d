//! What changed between the rows that a subscriber has and those that it should have.

use std::collections::{HashMap, HashSet};

use strata_api::{frames::Body, rows::Row};

use crate::project::Rows;

/// What a subscriber has.
#[derive(Debug)]
pub(super) struct Sent {
    total: u32,
    unfiltered: u32,
    order: Vec<String>,
    rows: HashMap<String, Row>,
}

impl Sent {
    /// A subscriber that has nothing is sent everything.
    pub(super) fn first(rows: Rows) -> (Self, Body) {
        let order: Vec<String> = rows.window.iter().map(|keyed| keyed.id.clone()).collect();
        let sent = Self {
            total: rows.total,
            unfiltered: rows.unfiltered,
            order: order.clone(),
            rows: rows
                .window
                .iter()
                .map(|keyed| (keyed.id.clone(), keyed.row.clone()))
                .collect(),
        };
        let body = Body {
            total: rows.total,
            unfiltered: rows.unfiltered,
            order: Some(order),
            upsert: rows.window,
            drop: Vec::new(),
        };
        (sent, body)
    }

    /// What must be sent so that the subscriber has `rows`; `None` if it has them.
    pub(super) fn advance(&mut self, rows: Rows) -> Option<Body> {
        let is_same_order = rows.window.len() == self.order.len()
            && rows
                .window
                .iter()
                .zip(&self.order)
                .all(|(keyed, id)| keyed.id == *id);
        let mut drop = Vec::new();
        let mut order = None;
        if !is_same_order {
            let new: Vec<String> = rows.window.iter().map(|keyed| keyed.id.clone()).collect();
            let stay: HashSet<&str> = new.iter().map(String::as_str).collect();
            drop.extend(
                self.order
                    .iter()
                    .filter(|id| !stay.contains(id.as_str()))
                    .cloned(),
            );
            for id in &drop {
                self.rows.remove(id);
            }
            self.order.clone_from(&new);
            order = Some(new);
        }
        let mut upsert = Vec::new();
        for keyed in rows.window {
            if self.rows.get(&keyed.id) != Some(&keyed.row) {
                self.rows.insert(keyed.id.clone(), keyed.row.clone());
                upsert.push(keyed);
            }
        }
        let is_same = is_same_order
            && upsert.is_empty()
            && (self.total, self.unfiltered) == (rows.total, rows.unfiltered);
        self.total = rows.total;
        self.unfiltered = rows.unfiltered;
        (!is_same).then_some(Body {
            total: rows.total,
            unfiltered: rows.unfiltered,
            order,
            upsert,
            drop,
        })
    }
}

#[cfg(test)]
mod tests;
