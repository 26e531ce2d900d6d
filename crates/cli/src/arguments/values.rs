//! Values as people write them.

use std::time::Duration;

/// `MODEL=PRICE`.
pub(super) fn price(text: &str) -> Result<(String, f64), String> {
    let read = text.rsplit_once('=').and_then(|(model, price)| {
        let price: f64 = price.trim().parse().ok()?;
        let is_price = price.is_finite() && price >= 0.0;
        (is_price && !model.trim().is_empty()).then(|| (model.trim().to_owned(), price))
    });
    read.ok_or_else(|| {
        format!("`{text}` is no price; write MODEL=PRICE, such as \"H100 80GB HBM3=2.50\"")
    })
}

/// `KIND/NAME`.
pub(super) fn kind_and_name(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
            Ok((kind.to_owned(), name.to_owned()))
        }
        _ => Err(format!(
            "`{text}` names no object; write KIND/NAME, such as job/train"
        )),
    }
}

pub(super) fn ranks() -> clap::builder::RangedU64ValueParser<u64> {
    clap::value_parser!(u64).range(1..=65_536)
}

/// Bytes: a number, with a unit or without.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("TiB", 1 << 40),
        ("GiB", 1 << 30),
        ("MiB", 1 << 20),
        ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
    ];
    let refused =
        || format!("`{text}` is no amount of memory; write bytes, or 80GiB, 81559MiB, 80GB");
    let (number, unit) = UNITS
        .iter()
        .find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)))
        .unwrap_or((text, 1));
    let number: u64 = number.trim().parse().map_err(|_| refused())?;
    number.checked_mul(unit).ok_or_else(refused)
}

/// A part of a whole, in thousandths.
pub(super) fn part(text: &str) -> Result<u64, String> {
    let part: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if !(0.0..=1.0).contains(&part) {
        return Err(format!("`{text}` is no part of a whole; write 0 to 1"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to 1000"
    )]
    Ok((part * 1000.0).round() as u64)
}

/// A span of time, as people write it: `30m`, `6h`, `7d`.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let unreadable = || format!("`{text}` is no span of time: write 30m, 6h or 7d");
    let last = text.chars().next_back().ok_or_else(unreadable)?;
    let unit = match last {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(unreadable()),
    };
    let number: u32 = text
        .strip_suffix(last)
        .and_then(|number| number.parse().ok())
        .filter(|number| *number > 0)
        .ok_or_else(unreadable)?;
    let seconds = u64::from(number) * unit;
    // Two years: what is kept the longest.
    if seconds > 2 * 366 * 86_400 {
        return Err(format!(
            "`{text}` is longer than anything is kept: at most 732d"
        ));
    }
    Ok(Duration::from_secs(seconds))
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("`{text}` is no number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(span("30m"), Ok(Duration::from_mins(30)));
        assert_eq!(span("7d"), Ok(Duration::from_hours(168)));
        for wrong in ["", "7", "d", "0h", "-1h", "9999d", "1w", "7天"] {
            span(wrong).unwrap_err();
        }
    }

    #[test]
    fn an_object_is_written_as_kind_and_name() {
        assert_eq!(
            kind_and_name("job/train"),
            Ok(("job".to_owned(), "train".to_owned()))
        );
        assert!(kind_and_name("train").is_err());
        assert!(kind_and_name("job/").is_err());
    }

    #[test]
    fn memory_is_read_with_its_unit() {
        assert_eq!(bytes("80GiB"), Ok(80 << 30));
        assert_eq!(bytes("81559MiB"), Ok(81_559 << 20));
        assert_eq!(bytes("80GB"), Ok(80_000_000_000));
        assert_eq!(bytes("48305799168"), Ok(48_305_799_168));
        assert!(bytes("80 cows").is_err());
        assert!(bytes("99999999999TiB").is_err());
    }
}
