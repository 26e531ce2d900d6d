//! One line a claim of devices that are given out dynamically (DRA), those that wait first, above them
//! the devices that there are for claims.

use serde_json::{Value, json};
use strata_api::{
    phrases::Phrase,
    rows::{
        Row,
        gpu::{DeviceClaimRow, DeviceClaimState},
    },
    topics::Topic,
};

use super::{counted, devices::Devices, with_reason};
use crate::{session::Session, table::fitted};

/// The claims, and what there is for them.
#[derive(PartialEq)]
pub(super) struct Claims {
    claims: Vec<DeviceClaimRow>,
    pub(super) devices: Devices,
}

impl Claims {
    pub(super) async fn read(session: &Session, cluster: &str) -> anyhow::Result<Self> {
        let topic = |window| Topic::DeviceClaims {
            cluster: cluster.to_owned(),
            window,
        };
        let claim = |row: &Row| match row {
            Row::DeviceClaim(row) => Some(row.clone()),
            _ => None,
        };
        Ok(Self {
            claims: session.all(topic, claim).await?,
            devices: Devices::read(session, cluster).await?,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    pub(super) fn json(&self, cluster: &str) -> Value {
        let claims = self.claims.iter();
        let claims: Vec<Value> = claims
            .map(|claim| with_reason(json!(claim), claim.reason.as_ref()))
            .collect();
        json!({ "cluster": cluster, "devices": self.devices.json(), "claims": claims })
    }

    pub(super) fn text(&self, room: Option<usize>) -> String {
        let mut text = self.devices.text(room);
        if self.claims.is_empty() {
            return text;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let of = |state| {
            let claims = self.claims.iter();
            claims.filter(|claim| claim.state == state).count()
        };
        let count = u32::try_from(self.claims.len()).unwrap_or(u32::MAX);
        let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
        lines.extend(self.claims.iter().map(line));
        let claims = format!(
            "{} · {} pending · {} allocated · {} reserved\n\n{}",
            counted(count, "claim"),
            of(DeviceClaimState::Pending),
            of(DeviceClaimState::Allocated),
            of(DeviceClaimState::Reserved),
            fitted(&lines, &LESSER, room),
        );
        text.push_str(&claims);
        text
    }
}

const HEAD: [&str; 7] = [
    "STATE",
    "NAMESPACE",
    "NAME",
    "DRIVER",
    "DEVICES",
    "NODE",
    "FOR",
];

/// What a narrow terminal shows the last.
const LESSER: [&str; 3] = ["DRIVER", "DEVICES", "NODE"];

fn line(claim: &DeviceClaimRow) -> Vec<String> {
    let state = match claim.state {
        DeviceClaimState::Pending => "pending",
        DeviceClaimState::Allocated => "allocated",
        DeviceClaimState::Reserved => "reserved",
    };
    let dashed = |names: &[String]| {
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    };
    let mut waits = claim.pods.clone();
    waits.extend(claim.reason.as_ref().map(Phrase::english));
    vec![
        state.to_owned(),
        claim.namespace.clone(),
        claim.name.clone(),
        dashed(&claim.drivers),
        dashed(&claim.devices),
        dashed(&claim.nodes),
        waits.join(" · "),
    ]
}
