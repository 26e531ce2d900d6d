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
    /// Chinese characters and marks, wherever they stand.
    Chinese,
}

struct Face {
    font: Font,
    family: &'static str,
    drawn: &'static [u8],
    carried: Carried,
}

/// How whoever looks at a file that is written has the font.
enum Carried {
    /// It is in the file.
    Within(&'static [u8]),
    /// It is one of the reader's own. Chinese characters are equally wide in all of them.
    Readers(&'static [&'static str]),
}

macro_rules! face {
    ($font:ident, $family:literal, $file:literal) => {
        Face {
            font: Font::$font,
            family: $family,
            drawn: include_bytes!(concat!("../../../assets/fonts/", $file, ".ttf")),
            carried: Carried::Within(include_bytes!(concat!(
                "../../../assets/fonts/",
                $file,
                ".woff2"
            ))),
        }
    };
}

static FACES: [Face; 4] = [
    face!(Words, "Strata Words", "Inter-Regular"),
    face!(Title, "Strata Title", "Inter-SemiBold"),
    face!(Mono, "Strata Mono", "JetBrainsMono-Regular"),
    Face {
        font: Font::Chinese,
        family: "Strata Chinese",
        drawn: include_bytes!("../../../assets/fonts/NotoSansSC-Subset.otf"),
        carried: Carried::Readers(&[
            "Noto Sans CJK SC",
            "NotoSansCJKsc-Regular",
            "Noto Sans SC",
            "PingFang SC",
            "PingFangSC-Regular",
            "Microsoft YaHei",
        ]),
    },
];

impl Font {
    pub(crate) fn family(self) -> &'static str {
        FACES
            .iter()
            .find(|face| face.font == self)
            .map_or("", |face| face.family)
    }

    /// `text` in parts, each with its font: this one, or the Chinese. A space stays with what is before it.
    pub(crate) fn parts(self, text: &str) -> Vec<(Self, &str)> {
        let of = |one: char| if is_chinese(one) { Self::Chinese } else { self };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let font = of(first);
            let ends = rest.find(|one: char| one != ' ' && of(one) != font);
            let (part, after) = rest.split_at(ends.unwrap_or(rest.len()));
            parts.push((font, part));
            rest = after;
        }
        parts
    }
}

/// Whether `one` is a Chinese character, or a mark or a letter that is as wide as one.
fn is_chinese(one: char) -> bool {
    matches!(one,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
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

/// The fonts as CSS that needs no other file: `Strata Words`, `Strata Title`, `Strata Mono`, and `Strata
/// Chinese`, which is the first of some that the reader has.
pub fn face_css() -> String {
    let mut css = String::new();
    for face in &FACES {
        let source = match face.carried {
            Carried::Within(bytes) => format!(
                "url(data:font/woff2;base64,{}) format(\"woff2\")",
                BASE64_STANDARD.encode(bytes)
            ),
            Carried::Readers(names) => {
                let names = names.iter().map(|name| format!("local(\"{name}\")"));
                names.collect::<Vec<_>>().join(",")
            }
        };
        let written = write!(
            css,
            "@font-face{{font-family:\"{}\";src:{source}}}",
            face.family
        );
        debug_assert!(written.is_ok(), "a string takes everything");
    }
    css
}

/// Whether the fonts of words can draw all of `text`.
#[cfg(test)]
pub(crate) fn has_glyphs(text: &str) -> bool {
    use ab_glyph::Font as _;

    let has = |(font, part): (Font, &str)| {
        let face = FACES.iter().find(|face| face.font == font);
        let face = face.and_then(|face| ab_glyph::FontRef::try_from_slice(face.drawn).ok());
        face.is_some_and(|face| part.chars().all(|one| face.glyph_id(one).0 != 0))
    };
    Font::Words.parts(text).into_iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_text_has_the_font_of_its_characters() {
        assert_eq!(
            Font::Mono.parts("gpu-1 的 GPU 数，8"),
            [
                (Font::Mono, "gpu-1 "),
                (Font::Chinese, "的 "),
                (Font::Mono, "GPU "),
                (Font::Chinese, "数，"),
                (Font::Mono, "8"),
            ]
        );
        assert!(Font::Words.parts("").is_empty());
    }

    #[test]
    fn what_no_font_has_is_known_not_to_be_there() {
        assert!(has_glyphs("SM active 占用"));
        assert!(!has_glyphs("\u{9f98}"));
    }
}
