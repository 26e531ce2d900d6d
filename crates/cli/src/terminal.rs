//! The terminal that the answer goes to.

/// Moves a terminal's cursor to its corner and clears what is below.
const CLEAR: &str = "\u{1b}[H\u{1b}[J";

/// How much a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Screen {
    /// Letters of a line.
    pub(crate) columns: usize,
    /// Lines.
    pub(crate) lines: usize,
}

/// The terminal behind standard output; `None` where that goes into a file or to another program,
/// which get everything.
#[cfg(unix)]
pub(crate) fn screen() -> Option<Screen> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    // Some terminals do not tell.
    (size.ws_col > 0 && size.ws_row > 0).then(|| Screen {
        columns: usize::from(size.ws_col),
        lines: usize::from(size.ws_row),
    })
}

/// Not asked for: everything is written, and the terminal breaks its lines.
#[cfg(not(unix))]
pub(crate) fn screen() -> Option<Screen> {
    None
}

/// `text` in the place of what was shown before, as far as the screen goes.
pub(crate) fn anew(text: &str, screen: Option<Screen>) -> String {
    match screen {
        Some(screen) => format!("{CLEAR}{}", first_lines(text, screen.lines)),
        None => text.to_owned(),
    }
}

/// As much of `text` as a screen of `lines` shows, the cursor's own line left free.
fn first_lines(text: &str, lines: usize) -> String {
    let count = text.lines().count();
    if count < lines {
        return text.to_owned();
    }
    let shown = lines.saturating_sub(2);
    let mut first: String = text
        .lines()
        .take(shown)
        .flat_map(|line| [line, "\n"])
        .collect();
    let rest = format!("… and {} more\n", count - shown);
    first.push_str(&rest);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_screen_is_counted() {
        let text = "a\nb\nc\nd\n";
        assert_eq!(first_lines(text, 5), text);
        assert_eq!(first_lines(text, 4), "a\nb\n… and 2 more\n");
    }

    #[test]
    fn what_goes_into_a_file_is_whole_and_has_no_escape_sequences() {
        let text = "a\n".repeat(500);
        assert_eq!(anew(&text, None), text);
    }
}
