//! The colours: the interface's tokens, as they are on a plain ground.

use plotters::style::RGBColor;

use crate::sheet::Ink;

/// On what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light marks on a dark ground.
    Dark,
    /// Dark marks on a light ground.
    Light,
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    pub(crate) ground: RGBColor,
    pub(crate) hairline: RGBColor,
    pub(crate) axis: RGBColor,
    pub(crate) empty: RGBColor,
    pub(crate) strong: RGBColor,
    pub(crate) middle: RGBColor,
    pub(crate) faint: RGBColor,
    pub(crate) unknown: RGBColor,
    pub(crate) notice: RGBColor,
    /// Parts of a whole, the largest first.
    pub(crate) parts: [RGBColor; 5],
    accent: RGBColor,
    warning: RGBColor,
    critical: RGBColor,
}

impl Palette {
    pub(crate) fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self {
                ground: RGBColor(0x0a, 0x0d, 0x10),
                hairline: RGBColor(0x26, 0x2b, 0x30),
                axis: RGBColor(0x3d, 0x45, 0x4c),
                empty: RGBColor(0x24, 0x2b, 0x32),
                strong: RGBColor(0xea, 0xed, 0xf1),
                middle: RGBColor(0xaf, 0xb7, 0xbf),
                faint: RGBColor(0x8d, 0x96, 0x9e),
                unknown: RGBColor(0x87, 0x8f, 0x97),
                notice: RGBColor(0x80, 0xae, 0xf2),
                parts: [
                    RGBColor(0xc4, 0xcb, 0xd2),
                    RGBColor(0xae, 0xb8, 0xc2),
                    RGBColor(0x7f, 0x8c, 0x99),
                    RGBColor(0x56, 0x62, 0x6d),
                    RGBColor(0x41, 0x4a, 0x53),
                ],
                accent: RGBColor(0x67, 0xea, 0xeb),
                warning: RGBColor(0xfa, 0xb3, 0x48),
                critical: RGBColor(0xfb, 0x5f, 0x64),
            },
            Theme::Light => Self {
                ground: RGBColor(0xfd, 0xfd, 0xfb),
                hairline: RGBColor(0xda, 0xd9, 0xd5),
                axis: RGBColor(0xb9, 0xb7, 0xb2),
                empty: RGBColor(0xd9, 0xe1, 0xe4),
                strong: RGBColor(0x19, 0x1f, 0x25),
                middle: RGBColor(0x45, 0x4d, 0x54),
                faint: RGBColor(0x56, 0x5e, 0x66),
                unknown: RGBColor(0x5e, 0x66, 0x6e),
                notice: RGBColor(0x30, 0x5e, 0xb7),
                parts: [
                    RGBColor(0x41, 0x4a, 0x53),
                    RGBColor(0x56, 0x62, 0x6d),
                    RGBColor(0x5e, 0x69, 0x73),
                    RGBColor(0xae, 0xb8, 0xc2),
                    RGBColor(0xc4, 0xcb, 0xd2),
                ],
                accent: RGBColor(0x00, 0x6d, 0x7d),
                warning: RGBColor(0x8e, 0x51, 0x00),
                critical: RGBColor(0xc0, 0x1e, 0x24),
            },
        }
    }

    pub(crate) fn ink(&self, ink: Ink) -> RGBColor {
        match ink {
            Ink::Main => self.accent,
            Ink::Quiet => self.middle,
            Ink::Beside(number) if number.is_multiple_of(2) => self.strong,
            Ink::Beside(_) | Ink::Frame => self.unknown,
            Ink::Warning => self.warning,
            Ink::Critical => self.critical,
        }
    }
}

/// The dashes of a line in pixels, a mark and a gap in turn; none for a whole line.
pub(crate) fn dashes(ink: Ink) -> &'static [f64] {
    match ink {
        Ink::Beside(number) => match number / 2 {
            0 => &[],
            1 => &[6.0, 3.0],
            2 => &[1.5, 2.5],
            _ => &[8.0, 3.0, 1.5, 3.0],
        },
        _ => &[],
    }
}
