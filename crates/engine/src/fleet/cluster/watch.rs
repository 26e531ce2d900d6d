//! The watch of a kind: how far it reaches, and what can be believed of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use strata_domain::text::Text;
use strata_ports::cluster::WatchState;

/// The watch of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// Where it stands.
    pub state: WatchState,
    /// Whether a list of the whole cluster was ever complete, and what it told is still believed.
    pub listed: bool,
    /// The namespaces of which a list was complete, where it is not the whole cluster that is watched.
    pub seen_in: BTreeSet<Text>,
    /// When anything was last heard of it.
    pub heard_at: Option<Timestamp>,
    /// Bytes read for it since the cluster was asked for.
    pub bytes: u64,
}

impl Watch {
    /// Whether nothing more is to come before what is known of the kind can be believed: it was
    /// listed, or it never will be.
    pub fn is_settled(&self) -> bool {
        match &self.state {
            WatchState::Forbidden { .. } | WatchState::NotServed => true,
            WatchState::Partial { namespaces, .. } => namespaces.iter().all(|watch| {
                self.seen_in.contains(&watch.namespace)
                    || matches!(
                        watch.state,
                        WatchState::Forbidden { .. } | WatchState::NotServed
                    )
            }),
            _ => self.is_read(),
        }
    }

    /// Whether a list was complete, of the whole cluster or of a namespace: what is there is shown,
    /// and what is not there need not be nowhere.
    pub fn is_read(&self) -> bool {
        self.listed || !self.seen_in.is_empty()
    }

    /// Whether what is not held of the kind in `namespace` is not there.
    pub fn covers(&self, namespace: &str) -> bool {
        self.listed || self.seen_in.contains(namespace)
    }

    /// Whether the kind is watched in `namespace`, or in the whole cluster.
    pub fn reaches(&self, namespace: &str) -> bool {
        match &self.state {
            WatchState::Forbidden { .. } => false,
            WatchState::Partial { .. } => self.namespaces().any(|watched| watched == namespace),
            _ => true,
        }
    }

    /// What is missing to see the kind in the whole cluster.
    pub fn missing_permission(&self) -> Option<&str> {
        match &self.state {
            WatchState::Forbidden { permission } | WatchState::Partial { permission, .. } => {
                Some(permission)
            }
            _ => None,
        }
    }

    /// The namespaces in which the kind is watched, while that is not the whole cluster; those that
    /// refuse left out.
    pub fn namespaces(&self) -> impl Iterator<Item = &Text> {
        let watched = match &self.state {
            WatchState::Partial { namespaces, .. } => namespaces.as_slice(),
            _ => &[],
        };
        watched
            .iter()
            .filter(|watch| !matches!(watch.state, WatchState::Forbidden { .. }))
            .map(|watch| &watch.namespace)
    }
}
