//! Kubernetes quantities: `250m`, `16Gi`, `1e3`.

/// Reads a quantity as a number of base units (cores, bytes, devices).
///
/// Format: the Kubernetes API's serialization of `resource.Quantity`: a decimal number followed by
/// nothing, a binary suffix (`Ki` to `Ei`), a decimal suffix (`n`, `u`, `m`, `k` to `E`) or a
/// decimal exponent. `None` when the text is none of these.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let number_end = text
        .char_indices()
        .find(|(_, letter)| !matches!(letter, '0'..='9' | '.' | '+' | '-'))
        .map_or(text.len(), |(at, _)| at);
    let (number, suffix) = text.split_at(number_end);
    let number: f64 = number.parse().ok()?;
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        exponent => 10f64.powi(exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    Some(number * factor)
}

/// Reads a quantity of CPU as thousandths of a core, rounded up as the scheduler does.
pub fn parse_millicores(text: &str) -> Option<u64> {
    non_negative(parse(text)? * 1000.0)
}

/// Reads a quantity of whole things (bytes, devices), rounded up.
pub fn parse_count(text: &str) -> Option<u64> {
    non_negative(parse(text)?)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be finite, not negative, and below 2^63"
)]
fn non_negative(value: f64) -> Option<u64> {
    // What is whole but for rounding stays whole: 0.1 of 1000 must not become 101.
    let whole = if (value - value.round()).abs() < 1e-6 {
        value.round()
    } else {
        value.ceil()
    };
    (0.0..9.2e18).contains(&whole).then_some(whole as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_of_both_families_are_read() {
        assert_eq!(parse_millicores("250m"), Some(250));
        assert_eq!(parse_millicores("2"), Some(2000));
        assert_eq!(parse_millicores("0.1"), Some(100));
        assert_eq!(parse_count("16Gi"), Some(16 << 30));
        assert_eq!(parse_count("128974848"), Some(128_974_848));
        assert_eq!(parse_count("129e6"), Some(129_000_000));
        assert_eq!(parse_count("1E"), Some(1_000_000_000_000_000_000));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "Gi", "12Q", "-1", "1e", "--1"] {
            assert_eq!(parse_count(text), None, "{text}");
        }
    }
}
