//! Escape sequences of terminals: those of looks are parsed, all others dropped.

use std::{borrow::Cow, iter::Peekable, str::Chars};

use strata_api::rows::log::{LogColour, LogPiece, LogStyle};

const ESCAPE: char = '\u{1b}';
const BELL: char = '\u{7}';

/// A line in pieces of one style each. Of a line that a program wrote over again and again, as
/// progress bars are, what stood there last is left.
pub(super) fn pieces(text: &str) -> Vec<LogPiece> {
    if !text.contains([ESCAPE, '\r']) {
        return vec![LogPiece {
            text: text.to_owned(),
            style: None,
        }];
    }
    let mut pieces = Vec::new();
    let mut style = LogStyle::default();
    let mut written = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            ESCAPE => {
                if let Some(parameters) = sequence(&mut chars) {
                    flush(&mut pieces, &mut written, style);
                    restyle(&mut style, &parameters);
                }
            }
            '\r' if chars.peek().is_some() => {
                pieces.clear();
                written.clear();
            }
            '\r' => {}
            char => written.push(char),
        }
    }
    flush(&mut pieces, &mut written, style);
    pieces
}

/// A line as it is searched, and saved.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains([ESCAPE, '\r']) {
        pieces(text).into_iter().map(|piece| piece.text).collect()
    } else {
        Cow::Borrowed(text)
    }
}

fn flush(pieces: &mut Vec<LogPiece>, written: &mut String, style: LogStyle) {
    if !written.is_empty() {
        pieces.push(LogPiece {
            text: std::mem::take(written),
            style: (style != LogStyle::default()).then_some(style),
        });
    }
}

/// Reads past a sequence; the parameters where it is one of looks (`ESC [ ... m`).
fn sequence(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    match chars.next()? {
        '[' => {
            let mut parameters = String::new();
            for char in chars.by_ref() {
                match char {
                    'm' => return Some(parameters),
                    '\u{40}'..='\u{7e}' => return None,
                    char => parameters.push(char),
                }
            }
            None
        }
        // Titles, links and the like go on until a bell or `ESC \`.
        ']' | 'P' | '^' | '_' | 'X' => {
            while let Some(char) = chars.next() {
                if char == BELL {
                    break;
                }
                if char == ESCAPE {
                    chars.next();
                    break;
                }
            }
            None
        }
        // A character set is named by one more.
        '(' | ')' | '*' | '+' | '#' | '%' => {
            chars.next();
            None
        }
        _ => None,
    }
}

fn restyle(style: &mut LogStyle, parameters: &str) {
    let mut codes = parameters
        .split([';', ':'])
        .map(|code| code.parse::<u8>().unwrap_or(0));
    while let Some(code) = codes.next() {
        match code {
            0 => *style = LogStyle::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            4 => style.underline = true,
            22 => (style.bold, style.dim) = (false, false),
            24 => style.underline = false,
            30..=37 => style.colour = colour(code - 30),
            90..=97 => style.colour = colour(code - 90),
            39 => style.colour = None,
            // 38 and 48 name a colour of a larger set: by number, or by its parts.
            38 | 48 => match codes.next() {
                Some(5) => {
                    let number = codes.next().unwrap_or(0);
                    if code == 38 {
                        style.colour = (number < 16).then(|| colour(number % 8)).flatten();
                    }
                }
                Some(2) => {
                    codes.by_ref().take(3).for_each(drop);
                    if code == 38 {
                        style.colour = None;
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn colour(number: u8) -> Option<LogColour> {
    Some(match number {
        0 => LogColour::Black,
        1 => LogColour::Red,
        2 => LogColour::Green,
        3 => LogColour::Yellow,
        4 => LogColour::Blue,
        5 => LogColour::Magenta,
        6 => LogColour::Cyan,
        7 => LogColour::White,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn looks_become_styles_and_end_where_they_are_reset() {
        let found = pieces("\u{1b}[1;31mERROR\u{1b}[0m: no \u{1b}[4mdata\u{1b}[24m");
        let texts: Vec<&str> = found.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["ERROR", ": no ", "data"]);
        let first = found[0].style.unwrap();
        assert!(first.bold);
        assert_eq!(first.colour, Some(LogColour::Red));
        assert_eq!(found[1].style, None);
        assert!(found[2].style.unwrap().underline);
    }

    #[test]
    fn what_moves_cursors_or_sets_titles_is_dropped() {
        let text =
            "\u{1b}[2K\u{1b}]0;a title\u{7}one\u{1b}[1A\u{1b}(B two\u{1b}]8;;http://x\u{1b}\\";
        assert_eq!(plain(text), "one two");
    }

    #[test]
    fn a_progress_bar_is_what_it_showed_last() {
        assert_eq!(plain(" 1%|#\r 50%|###\r100%|######"), "100%|######");
        assert_eq!(plain("done\r"), "done");
    }

    #[test]
    fn colours_of_larger_sets_do_not_spill_into_other_looks() {
        let found = pieces("\u{1b}[38;5;196mred\u{1b}[48;2;1;4;31mground");
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|piece| piece.style.is_none()));
    }

    proptest! {
        #[test]
        fn no_escape_is_left_whatever_was_written(text in "(\\PC|\u{1b}|\\[|[0-9;m]|\r){0,60}") {
            prop_assert!(!plain(&text).contains([ESCAPE, '\r']));
        }
    }
}
