//! The racks that a pool's nodes stand in: each by name, or so many by a rule.

use serde::Deserialize;

/// A rack, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rack {
    /// The label `cloud.provider.com/topology-rack`.
    pub name: String,
    /// The label `cloud.provider.com/topology-block`.
    pub block: String,
    /// The label `topology.kubernetes.io/zone`.
    pub zone: String,
}

/// Racks that are numbered: `count` of them, so many to a block, their blocks going round the zones.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbered {
    count: usize,
    in_a_block: usize,
    zones: Vec<String>,
}

/// How a scenario writes its racks.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Racks {
    Named(Vec<Rack>),
    Numbered(Numbered),
}

impl From<Racks> for Vec<Rack> {
    fn from(racks: Racks) -> Self {
        match racks {
            Racks::Named(racks) => racks,
            Racks::Numbered(rule) => (0..rule.count).map(|at| rule.rack(at)).collect(),
        }
    }
}

impl Numbered {
    fn rack(&self, at: usize) -> Rack {
        let block = at / self.in_a_block.max(1);
        let zone = self.zones.get(block % self.zones.len().max(1));
        Rack {
            name: format!("rack-{:03}", at + 1),
            block: format!("block-{:02}", block + 1),
            zone: zone.cloned().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_racks_fill_blocks_and_blocks_go_round_the_zones() {
        let rule = Numbered {
            count: 5,
            in_a_block: 2,
            zones: vec!["a".to_owned(), "b".to_owned()],
        };
        let racks = Vec::<Rack>::from(Racks::Numbered(rule));
        let zones: Vec<&str> = racks.iter().map(|rack| rack.zone.as_str()).collect();
        assert_eq!(zones, ["a", "a", "b", "b", "a"]);
        assert_eq!(racks[4].name, "rack-005");
        assert_eq!(racks[4].block, "block-03");
    }
}
