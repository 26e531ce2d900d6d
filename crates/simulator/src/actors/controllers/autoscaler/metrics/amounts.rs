//! Amounts of a resource, in thousandths, as quantities say them.

use strata_domain::quantity;

use crate::telemetry::whole;

/// A quantity in thousandths.
pub(super) fn milli(text: &str) -> Option<u64> {
    Some(whole((quantity::parse(text)? * 1e3).ceil()))
}

/// Thousandths as a quantity in its one form: memory by powers of 1024 where it is whole.
pub(super) fn quantity_of(resource: &str, milli: u64) -> String {
    let (base, suffixes, mut value) = match (resource, milli / 1000, milli % 1000) {
        ("memory", bytes @ 1024.., 0) => (1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi"], bytes),
        _ => (1000, ["m", "", "k", "M", "G", "T"], milli),
    };
    let mut suffix = suffixes.iter();
    let mut chosen = suffix.next();
    while value > 0 && value.is_multiple_of(base) {
        let Some(next) = suffix.next() else { break };
        chosen = Some(next);
        value /= base;
    }
    match value {
        0 => "0".to_owned(),
        value => format!("{value}{}", chosen.unwrap_or(&"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_their_one_form() {
        assert_eq!(quantity_of("cpu", 1500), "1500m");
        assert_eq!(quantity_of("cpu", 2000), "2");
        assert_eq!(quantity_of("memory", 64 * 1024 * 1024 * 1000), "64Mi");
        assert_eq!(quantity_of("memory", 73_476_778_666), "73476778666m");
        assert_eq!(quantity_of("memory", 0), "0");
    }
}
