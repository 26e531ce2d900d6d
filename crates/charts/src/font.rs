//! The fonts: drawn with, and put into what is written.

use std::{fmt::Write as _, sync::OnceLock};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use plotters::style::{FontStyle, register_font};

use crate::picture::PictureError;

/// A font as it is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Font {
    /// Words.
    Words,
    /// Titles.
    Title,
    /// Names and numbers.
    Mono,
}

struct Face {
    font: Font,
    family: &'static str,
    drawn: &'static [u8],
    carried: &'static [u8],
}

macro_rules! face {
    ($font:ident, $family:literal, $file:literal) => {
        Face {
            font: Font::$font,
            family: $family,
            drawn: include_bytes!(concat!("../../../assets/fonts/", $file, ".ttf")),
            carried: include_bytes!(concat!("../../../assets/fonts/", $file, ".woff2")),
        }
    };
}

static FACES: [Face; 3] = [
    face!(Words, "Strata Words", "Inter-Regular"),
    face!(Title, "Strata Title", "Inter-SemiBold"),
    face!(Mono, "Strata Mono", "JetBrainsMono-Regular"),
];

impl Font {
    pub(crate) fn family(self) -> &'static str {
        FACES
            .iter()
            .find(|face| face.font == self)
            .map_or("", |face| face.family)
    }
}

/// Makes the fonts known to `plotters`, once.
pub(crate) fn register() -> Result<(), PictureError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let is_done = DONE.get_or_init(|| {
        FACES
            .iter()
            .all(|face| register_font(face.family, FontStyle::Normal, face.drawn).is_ok())
    });
    if *is_done {
        Ok(())
    } else {
        Err(PictureError::Font)
    }
}

/// The fonts as CSS that needs no other file: `Strata Words`, `Strata Title`, `Strata Mono`.
pub fn face_css() -> String {
    let mut css = String::new();
    for face in &FACES {
        let data = BASE64_STANDARD.encode(face.carried);
        let written = write!(
            css,
            "@font-face{{font-family:\"{}\";src:url(data:font/woff2;base64,{data}) format(\"woff2\")}}",
            face.family
        );
        debug_assert!(written.is_ok(), "a string takes everything");
    }
    css
}
