//! The twelve relations: whether both ends stand, and what flows.

use strata_api::rows::map::{CapabilityRow, Ends, RelationRow, Standing};

use super::{Ground, bilingual, capabilities::id, figures::flow};

/// Every relation, in the figure's order, between `capabilities`.
pub fn relations(ground: Ground<'_>, capabilities: &[CapabilityRow]) -> Vec<RelationRow> {
    let standing = |wanted: &str| {
        let found = capabilities.iter().find(|row| row.capability == wanted);
        found.map_or(Standing::Unknown, |row| row.standing)
    };
    let relations = ground.catalog.relations().iter().zip(1..);
    relations
        .map(|(relation, number)| {
            let (from, to) = (id(relation.from), id(relation.to));
            let stands = ends(standing(from), standing(to));
            let flow = (stands == Ends::Both).then(|| {
                let served = ground.serving(relation.to);
                let serving = ground.serving(relation.from);
                flow(ground, relation.from, relation.to, &served, &serving)
            });
            let evidence = [from, to].into_iter().filter_map(|end| {
                let end = capabilities.iter().find(|row| row.capability == end)?;
                end.evidence.first().cloned()
            });
            RelationRow {
                number,
                from: from.to_owned(),
                does: bilingual(&relation.does),
                to: to.to_owned(),
                stands,
                flow: flow.flatten(),
                evidence: evidence.collect(),
            }
        })
        .collect()
}

/// What is degraded stands, though not well; what is only prepared for does not.
fn ends(from: Standing, to: Standing) -> Ends {
    let stands = |standing| matches!(standing, Standing::Served | Standing::Degraded);
    match (from, to) {
        (Standing::Unknown, _) | (_, Standing::Unknown) => Ends::Unknown,
        _ => match (stands(from), stands(to)) {
            (true, true) => Ends::Both,
            (true, false) => Ends::OnlyFrom,
            (false, true) => Ends::OnlyTo,
            (false, false) => Ends::Neither,
        },
    }
}
