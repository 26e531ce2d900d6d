//! Quantities in the one form that the API server writes (`k8s.io/apimachinery/pkg/api/resource`).

use std::collections::BTreeMap;

use serde_json::Value;

/// What a text that is no quantity is answered with.
pub(super) const FORMAT: &str = "quantities must match the regular expression \
                                 '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANOS: i128 = 1_000_000_000;
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(&str, u32); 10] = [
    ("n", 0),
    ("u", 3),
    ("m", 6),
    ("", 9),
    ("k", 12),
    ("M", 15),
    ("G", 18),
    ("T", 21),
    ("P", 24),
    ("E", 27),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Binary,
    Decimal,
    Exponent,
}

/// Amounts of resources by their names.
pub(crate) type Quantities = BTreeMap<String, Quantity>;

/// An amount, to the billionth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    nanos: i128,
    form: Form,
}

impl Quantity {
    /// Reads `text`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let end = text
            .char_indices()
            .find(|(at, letter)| {
                !(letter.is_ascii_digit() || *letter == '.' || (*at == 0 && "+-".contains(*letter)))
            })
            .map_or(text.len(), |(at, _)| at);
        let (number, suffix) = text.split_at(end);
        let is_negative = number.starts_with('-');
        let digits = number.trim_start_matches(['+', '-']);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return Err(FORMAT);
        }
        if !suffix
            .chars()
            .all(|letter| "eEinumkKMGTP+-0123456789".contains(letter))
        {
            return Err(FORMAT);
        }
        let (form, binary, exponent) = scale(suffix).ok_or("unable to parse quantity's suffix")?;
        let unreadable = "unable to parse numeric part of quantity";
        let mantissa: i128 = format!("{whole}{fraction}")
            .parse()
            .map_err(|_| unreadable)?;
        let places = i32::try_from(fraction.len()).map_err(|_| unreadable)?;
        let power = 9 + exponent - places;
        let scaled = mantissa.checked_mul(binary).ok_or(unreadable)?;
        let ten = |power: i32| 10_i128.checked_pow(power.unsigned_abs());
        let nanos = if power >= 0 {
            ten(power).and_then(|factor| scaled.checked_mul(factor))
        } else {
            // What is finer than a billionth is rounded up.
            ten(power).map(|factor| (scaled + factor - 1) / factor)
        };
        let nanos = nanos.ok_or(unreadable)?;
        Ok(Self {
            nanos: if is_negative { -nanos } else { nanos },
            form,
        })
    }

    pub(crate) fn is_negative(self) -> bool {
        self.nanos < 0
    }

    pub(crate) fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it counts whole things.
    pub(super) fn is_whole(self) -> bool {
        self.nanos % NANOS == 0
    }

    /// Compares the amounts.
    pub(crate) fn compare(self, other: Self) -> std::cmp::Ordering {
        self.nanos.cmp(&other.nanos)
    }

    /// So many whole things.
    pub(crate) fn whole(count: u64) -> Self {
        Self {
            nanos: i128::from(count) * NANOS,
            form: Form::Decimal,
        }
    }

    /// The amount in base units.
    pub(super) fn value(self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "for ratios, which are compared and shown"
        )]
        let nanos = self.nanos as f64;
        nanos / 1e9
    }

    /// The sum, in the form of `self` unless that is nothing.
    pub(crate) fn plus(self, other: Self) -> Self {
        let form = if self.is_zero() {
            other.form
        } else {
            self.form
        };
        Self {
            nanos: self.nanos.saturating_add(other.nanos),
            form,
        }
    }

    /// What is left of `self` without `other`; it may be less than nothing.
    pub(crate) fn minus(self, other: Self) -> Self {
        let form = if self.is_zero() {
            other.form
        } else {
            self.form
        };
        Self {
            nanos: self.nanos.saturating_sub(other.nanos),
            form,
        }
    }

    /// The next whole amount.
    pub(super) fn rounded_up(self) -> Self {
        let over = self.nanos.rem_euclid(NANOS);
        let missing = if over == 0 { 0 } else { NANOS - over };
        Self {
            nanos: self.nanos + missing,
            ..self
        }
    }
}

/// Reads a map of quantities; what is none is left out.
pub(crate) fn quantities(map: Option<&Value>) -> Quantities {
    map.and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, amount)| Some((name.clone(), Quantity::parse(amount.as_str()?).ok()?)))
        .collect()
}

/// Adds `more` to `sum`.
pub(crate) fn add(sum: &mut Quantities, more: &Quantities) {
    for (name, amount) in more {
        let known = sum.entry(name.clone()).or_insert(Quantity::whole(0));
        *known = known.plus(*amount);
    }
}

/// `amounts` as a map of an object.
pub(crate) fn to_json(amounts: &Quantities) -> Value {
    amounts
        .iter()
        .map(|(name, amount)| (name.clone(), Value::from(amount.to_string())))
        .collect()
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.form == Form::Binary
            && self.is_whole()
            && (self.nanos / NANOS).unsigned_abs() >= 1024
        {
            let mut amount = self.nanos / NANOS;
            let mut step = 0;
            while amount % 1024 == 0 && step + 1 < BINARY.len() {
                amount /= 1024;
                step += 1;
            }
            return write!(formatter, "{amount}{}", BINARY.get(step).unwrap_or(&""));
        }
        let mut amount = self.nanos;
        let mut step = 0;
        while amount != 0 && amount % 1000 == 0 && step + 1 < DECIMAL.len() {
            amount /= 1000;
            step += 1;
        }
        if amount == 0 {
            return formatter.write_str("0");
        }
        let (suffix, power) = DECIMAL.get(step).copied().unwrap_or(("", 9));
        match (self.form, power) {
            (Form::Exponent, 9) => write!(formatter, "{amount}"),
            (Form::Exponent, power) => write!(formatter, "{amount}e{}", i64::from(power) - 9),
            _ => write!(formatter, "{amount}{suffix}"),
        }
    }
}

/// What a suffix multiplies by: a power of 1024 and a power of ten.
fn scale(suffix: &str) -> Option<(Form, i128, i32)> {
    if let Some(step) = BINARY.iter().skip(1).position(|known| *known == suffix) {
        return Some((Form::Binary, 1 << (10 * (step + 1)), 0));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
        return Some((Form::Decimal, 1, i32::try_from(*power).ok()? - 9));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    (exponent.abs() <= 18).then_some((Form::Exponent, 1, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_in_their_one_form() {
        for (written, expected) in [
            ("1.5", "1500m"),
            ("1024Mi", "1Gi"),
            ("0.5Gi", "512Mi"),
            ("1000m", "1"),
            ("1000", "1k"),
            ("1536Mi", "1536Mi"),
            ("512", "512"),
            ("0", "0"),
            ("0.0001m", "100n"),
            ("-5Gi", "-5Gi"),
            ("1e3", "1e3"),
            ("129e6", "129e6"),
            ("512Ki", "512Ki"),
        ] {
            assert_eq!(
                Quantity::parse(written).unwrap().to_string(),
                expected,
                "{written}"
            );
        }
        assert_eq!(Quantity::parse("abc"), Err(FORMAT));
        assert_eq!(Quantity::parse(""), Err(FORMAT));
        assert!(Quantity::parse("1Kx").is_err());
    }
}
