//! The heat scale: cividis, the same in both themes and in the interface.

use plotters::style::RGBColor;

const STOPS: [(u8, u8, u8); 12] = [
    (0x00, 0x20, 0x4d),
    (0x00, 0x30, 0x6f),
    (0x2a, 0x40, 0x6c),
    (0x48, 0x52, 0x6b),
    (0x5e, 0x62, 0x6e),
    (0x73, 0x74, 0x75),
    (0x89, 0x86, 0x79),
    (0xa1, 0x9a, 0x76),
    (0xb9, 0xac, 0x70),
    (0xd3, 0xc0, 0x65),
    (0xee, 0xd5, 0x4f),
    (0xff, 0xea, 0x46),
];

/// The colour of `share`, from 0 to 1.
pub(crate) fn colour(share: f64) -> RGBColor {
    let mut place = share.clamp(0.0, 1.0) * 11.0;
    for (low, high) in STOPS.iter().zip(STOPS.iter().skip(1)) {
        if place <= 1.0 {
            return RGBColor(
                mixed(low.0, high.0, place),
                mixed(low.1, high.1, place),
                mixed(low.2, high.2, place),
            );
        }
        place -= 1.0;
    }
    let (red, green, blue) = STOPS[11];
    RGBColor(red, green, blue)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what lies between two bytes is one"
)]
fn mixed(low: u8, high: u8, part: f64) -> u8 {
    (f64::from(low) + (f64::from(high) - f64::from(low)) * part).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_begins_dark_and_ends_bright() {
        assert_eq!(colour(0.0), RGBColor(0x00, 0x20, 0x4d));
        assert_eq!(colour(1.0), RGBColor(0xff, 0xea, 0x46));
    }
}
