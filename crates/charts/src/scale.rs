//! Scales: round values and times for the marks of an axis, and amounts as people write them.

use jiff::{SignedDuration, Timestamp};
use strata_domain::{reading::Unit, tongue::Tongue};

/// `value` of `unit` as people write it: `71 %`, `72 GiB`, `540 W`.
pub fn amount(value: f64, unit: Unit) -> String {
    const KIBI: f64 = 1024.0;
    match unit {
        Unit::Ratio => format!("{} %", short(value * 100.0)),
        Unit::Bytes => {
            let (scaled, name) = ["B", "KiB", "MiB", "GiB", "TiB"]
                .iter()
                .zip(0_i32..)
                .map(|(name, power)| (value / KIBI.powi(power), name))
                .find(|(scaled, name)| scaled.abs() < KIBI || **name == "TiB")
                .unwrap_or((value, &"B"));
            format!("{} {name}", short(scaled))
        }
        Unit::BytesPerSecond => format!("{}/s", amount(value, Unit::Bytes)),
        Unit::Celsius => format!("{} °C", short(value)),
        Unit::Watts => format!("{} W", short(value)),
        Unit::Joules => format!("{} J", short(value)),
        Unit::Megahertz => format!("{} MHz", short(value)),
        Unit::Seconds => format!("{} s", short(value)),
        Unit::Count | Unit::Code => short(value),
    }
}

/// A number with at most three digits that matter, grouped by thousands.
fn short(value: f64) -> String {
    let is_small = value != 0.0 && value.abs() < 10.0;
    let digits = usize::from(is_small && value.fract().abs() > 0.05);
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain
        .split_once('.')
        .map_or((plain.as_str(), String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let bare = whole.trim_start_matches('-');
    let mut grouped = String::new();
    for (at, digit) in bare.chars().enumerate() {
        if at > 0 && (bare.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

/// The top of a scale for values up to `highest`: round, and above it.
pub(crate) fn top(highest: f64, unit: Unit) -> f64 {
    if !highest.is_finite() || highest <= 0.0 {
        return 1.0;
    }
    let base = if unit == Unit::Bytes {
        let mut base = 1.0;
        while base * 1024.0 <= highest {
            base *= 1024.0;
        }
        base
    } else {
        1.0
    };
    let value = highest / base;
    let magnitude = 10_f64.powf(value.log10().floor());
    // The middle of the scale is written too, and is to be as round.
    let steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let round = steps
        .iter()
        .map(|step| step * magnitude)
        .find(|round| *round >= value * 0.999)
        .unwrap_or(value);
    round * base
}

/// Round times between `from` and `until`, about `wanted` of them, each with its words.
pub(crate) fn moments(
    from: Timestamp,
    until: Timestamp,
    wanted: i64,
    tongue: Tongue,
) -> Vec<(Timestamp, String)> {
    const STEPS: [i64; 16] = [
        60,
        300,
        600,
        900,
        1_800,
        3_600,
        7_200,
        10_800,
        21_600,
        43_200,
        86_400,
        2 * 86_400,
        4 * 86_400,
        7 * 86_400,
        14 * 86_400,
        28 * 86_400,
    ];
    let length = until.duration_since(from).as_secs().max(1);
    let step = STEPS
        .into_iter()
        .find(|step| length <= step * wanted)
        .unwrap_or(56 * 86_400);
    let day = tongue.of("%-d %b", "%-m月%-d日");
    let form = if step < 86_400 { "%H:%M" } else { day };
    let first = from.as_second().div_euclid(step) * step + step;
    let count = (until.as_second() - first).div_euclid(step) + 1;
    (0..count)
        .map(|number| first + number * step)
        .filter_map(|second| {
            let at = Timestamp::from_second(second).ok()?;
            let is_midnight = second.rem_euclid(86_400) == 0 && length > 86_400;
            let form = if is_midnight { day } else { form };
            Some((at, at.strftime(form).to_string()))
        })
        .collect()
}

/// How far `at` lies between `from` and `until`, from 0 to 1.
pub(crate) fn share(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    let seconds = SignedDuration::as_secs_f64;
    let length = seconds(&until.duration_since(from)).max(1.0);
    (seconds(&at.duration_since(from)) / length).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(amount(0.714, Unit::Ratio), "71 %");
        assert_eq!(amount(0.0, Unit::Ratio), "0 %");
        assert_eq!(amount(77_309_411_328.0, Unit::Bytes), "72 GiB");
        assert_eq!(amount(1_234_567.0, Unit::Count), "1,234,567");
        assert_eq!(amount(2.25, Unit::Count), "2.2");
        assert_eq!(amount(540.4, Unit::Watts), "540 W");
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "round numbers are exact")]
    fn the_top_of_a_scale_is_round_and_not_below_what_it_shows() {
        assert_eq!(top(618.0, Unit::Watts), 800.0);
        assert_eq!(top(0.0, Unit::Watts), 1.0);
        assert_eq!(
            top(80.0 * 1_073_741_824.0, Unit::Bytes),
            80.0 * 1_073_741_824.0
        );
        let gibibyte = 1_073_741_824.0;
        let middle = top(24.9 * gibibyte, Unit::Bytes) / 2.0;
        assert_eq!(amount(middle, Unit::Bytes), "15 GiB");
        for value in [0.3, 7.0, 99.0, 101.0, 8_000.0] {
            assert!(top(value, Unit::Count) >= value * 0.999);
        }
    }

    #[test]
    fn times_are_round_and_within() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hour = moments(
            at("2026-03-01T11:02:10Z"),
            at("2026-03-01T12:02:10Z"),
            6,
            Tongue::English,
        );
        let words: Vec<_> = hour.iter().map(|(_, word)| word.as_str()).collect();
        assert_eq!(
            words,
            ["11:10", "11:20", "11:30", "11:40", "11:50", "12:00"]
        );
        let week = |tongue| {
            moments(
                at("2026-03-01T11:00:00Z"),
                at("2026-03-08T11:00:00Z"),
                8,
                tongue,
            )
        };
        assert_eq!(week(Tongue::English).first().unwrap().1, "2 Mar");
        assert_eq!(week(Tongue::Chinese).first().unwrap().1, "3月2日");
        assert_eq!(week(Tongue::English).len(), 7);
    }
}
