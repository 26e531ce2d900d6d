//! One line a sort of device that may be given to claims (DRA), and what is not known of them.

use serde_json::{Value, json};
use strata_api::{
    rows::{
        Row,
        gpu::{DeviceOfferRow, DeviceSupplyRow},
        watch::WatchState,
    },
    topics::Topic,
};

use super::counted;
use crate::{
    session::Session,
    table::{fitted, visible},
};

/// The devices.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Devices {
    /// How far they are known; absent where the cluster serves no slices.
    supply: Option<DeviceSupplyRow>,
    offers: Vec<DeviceOfferRow>,
}

impl Devices {
    pub(super) async fn read(session: &Session, cluster: &str) -> anyhow::Result<Self> {
        let topic = Topic::GpuCapacity {
            cluster: cluster.to_owned(),
        };
        let mut told = session.subscribe(topic).await?;
        told.next().await?;
        let mut devices = Self::default();
        for row in told.iter() {
            match row {
                Row::DeviceSupply(row) => devices.supply = Some(row.clone()),
                Row::DeviceOffer(row) => devices.offers.push(row.clone()),
                _ => {}
            }
        }
        Ok(devices)
    }

    pub(super) fn json(&self) -> Value {
        json!({ "known": self.supply, "offers": self.offers })
    }

    pub(super) fn text(&self, room: Option<usize>) -> String {
        if self.offers.is_empty() {
            return String::new();
        }
        let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
        lines.extend(self.offers.iter().map(line));
        fitted(&lines, &LESSER, room)
    }

    /// What is not known, and why: a sentence each.
    pub(super) fn doubts(&self) -> Vec<String> {
        let Some(supply) = &self.supply else {
            return Vec::new();
        };
        let lists = [
            ("devices that are published", &supply.slices),
            ("devices that claims were given", &supply.claims),
            ("device classes", &supply.classes),
        ];
        let mut doubts: Vec<String> = lists
            .iter()
            .filter_map(|(what, state)| doubt(what, state))
            .collect();
        if supply.incomplete_pools > 0 {
            doubts.push(format!(
                "of {} slices are missing: their devices are not given out, and in no number",
                counted(supply.incomplete_pools, "pool")
            ));
        }
        doubts
    }
}

const HEAD: [&str; 9] = [
    "DRIVER",
    "TYPE",
    "MODEL",
    "NODES",
    "PUBLISHED",
    "ALLOCATED",
    "TAINTED",
    "DEVICE CLASS",
    "TAINTS",
];

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["DEVICE CLASS", "NODES", "MODEL"];

fn line(offer: &DeviceOfferRow) -> Vec<String> {
    let dashed = |text: String| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text
        }
    };
    let classes: Vec<String> = offer
        .classes
        .iter()
        .map(|class| {
            let some = if class.may_be_fewer { " (some)" } else { "" };
            format!("{}{some}", class.name)
        })
        .collect();
    vec![
        offer.driver.clone(),
        dashed(offer.kind.clone()),
        dashed(offer.model.clone()),
        offer.nodes.to_string(),
        offer.published.to_string(),
        offer
            .allocated
            .map_or_else(|| "-".to_owned(), |allocated| allocated.to_string()),
        offer.tainted.to_string(),
        dashed(classes.join(", ")),
        dashed(offer.taints.join(", ")),
    ]
}

/// Why `what` is not known, or not known to be so now.
fn doubt(what: &str, state: &WatchState) -> Option<String> {
    Some(match state {
        WatchState::Live => return None,
        WatchState::Loading { .. } => format!("{what}: the list is on its way"),
        WatchState::Stale { since, reason } => {
            format!("{what}: as of {since}; {}", visible(reason))
        }
        WatchState::Forbidden { permission } => {
            format!(
                "{what}: not known, {} is not permitted",
                visible(permission)
            )
        }
        WatchState::Partial {
            permission,
            namespaces,
        } => {
            let read: Vec<&str> = namespaces
                .iter()
                .map(|namespace| namespace.namespace.as_str())
                .collect();
            format!(
                "{what}: of {} alone, {} is not permitted",
                visible(&read.join(", ")),
                visible(permission)
            )
        }
        WatchState::Failed { reason, .. } => format!("{what}: not known, {}", visible(reason)),
        WatchState::NotServed => format!("{what}: this server does not serve them"),
    })
}

#[cfg(test)]
mod tests {
    use strata_api::rows::gpu::DeviceClassPick;

    use super::*;

    fn devices(allocated: Option<u32>, claims: WatchState) -> Devices {
        Devices {
            supply: Some(DeviceSupplyRow {
                slices: WatchState::Live,
                claims,
                classes: WatchState::Live,
                incomplete_pools: 0,
            }),
            offers: vec![DeviceOfferRow {
                driver: "gpu.nvidia.com".to_owned(),
                kind: "gpu".to_owned(),
                model: "H100 80GB HBM3".to_owned(),
                classes: vec![DeviceClassPick {
                    name: "gpu.nvidia.com".to_owned(),
                    may_be_fewer: false,
                }],
                nodes: 2,
                published: 16,
                allocated,
                tainted: 1,
                taints: vec!["xid=79:NoExecute".to_owned()],
            }],
        }
    }

    #[test]
    fn what_is_published_given_and_tainted_is_a_line() {
        let told = devices(Some(9), WatchState::Live);
        assert_eq!(
            line(&told.offers[0]),
            [
                "gpu.nvidia.com",
                "gpu",
                "H100 80GB HBM3",
                "2",
                "16",
                "9",
                "1",
                "gpu.nvidia.com",
                "xid=79:NoExecute"
            ]
            .map(str::to_owned)
        );
        assert_eq!(told.doubts(), Vec::<String>::new());
    }

    #[test]
    fn what_may_not_be_listed_is_no_zero_and_the_permission_is_named() {
        let refused = WatchState::Forbidden {
            permission: "list resourceclaims.resource.k8s.io".to_owned(),
        };
        let told = devices(None, refused);
        assert_eq!(line(&told.offers[0])[5], "-");
        let doubts = told.doubts();
        assert_eq!(doubts.len(), 1);
        assert!(doubts[0].contains("list resourceclaims.resource.k8s.io"));
    }
}
