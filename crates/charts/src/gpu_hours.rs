//! Time of GPUs as people say it: eight GPUs for a quarter of an hour are two hours.

use strata_domain::tongue::Tongue;

use crate::words::{HOURS, MINUTES, SECONDS};

/// `hours` of GPUs, in the unit in which they say something: `0`, `24 s`, `7.5 min`, `40 min`, `13.2 h`,
/// `1,240 h`, with the unit in `tongue`.
pub fn gpu_time(hours: f64, tongue: Tongue) -> String {
    let (minutes, seconds) = (hours * 60.0, hours * 3_600.0);
    if hours <= 0.0 {
        return "0".to_owned();
    }
    let (unit, count) = if seconds < 59.5 {
        (SECONDS, two_digits(seconds))
    } else if minutes < 59.5 {
        (MINUTES, two_digits(minutes))
    } else if hours < 99.95 {
        (HOURS, format!("{hours:.1}"))
    } else {
        (HOURS, grouped(hours, 0))
    };
    unit.with(tongue, &[("count", count.as_str())])
}

/// One digit behind the point below ten, none above.
fn two_digits(value: f64) -> String {
    if value < 9.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// `value` with so many `digits` behind the point: `1234.5` as `1,234.5`.
pub fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_not_said_as_no_hours() {
        let said = [0.0, 0.001, 0.02, 0.25, 0.995, 13.24, 1_240.3]
            .map(|hours| gpu_time(hours, Tongue::English));
        assert_eq!(
            said,
            [
                "0", "3.6 s", "1.2 min", "15 min", "1.0 h", "13.2 h", "1,240 h"
            ]
        );
        assert_eq!(gpu_time(13.24, Tongue::Chinese), "13.2 小时");
    }
}
