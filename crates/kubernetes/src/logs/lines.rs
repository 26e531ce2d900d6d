//! Bytes to lines.

use jiff::Timestamp;
use strata_ports::logs::LogLine;

/// The longest line that is kept whole, as container runtimes cut them; the rest of a longer one is
/// dropped.
const LONGEST: usize = 16 * 1024;

/// What a cut line ends in.
const CUT: &str = " …";

/// A log on its way, with the line that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
    is_cut: bool,
}

impl Lines {
    /// The lines that end in `piece`.
    pub(super) fn of(&mut self, piece: &[u8]) -> Vec<LogLine> {
        let mut ended = Vec::new();
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            let (part, is_end) = match part.strip_suffix(b"\n") {
                Some(part) => (part, true),
                None => (part, false),
            };
            self.add(part);
            if is_end {
                ended.push(self.end());
            }
        }
        ended
    }

    /// What was written without a line end.
    pub(super) fn rest(&mut self) -> Vec<LogLine> {
        if self.begun.is_empty() {
            Vec::new()
        } else {
            vec![self.end()]
        }
    }

    fn add(&mut self, part: &[u8]) {
        let room = LONGEST.saturating_sub(self.begun.len());
        self.is_cut |= part.len() > room;
        self.begun.extend(part.iter().take(room));
    }

    fn end(&mut self) -> LogLine {
        let text = String::from_utf8_lossy(&self.begun).into_owned();
        self.begun.clear();
        let is_cut = std::mem::take(&mut self.is_cut);
        let (at, mut text) = timed(text);
        if text.ends_with('\r') {
            text.pop();
        }
        if is_cut {
            text.push_str(CUT);
        }
        LogLine { at, text }
    }
}

/// Takes off the time that the kubelet puts before a line.
fn timed(line: String) -> (Option<Timestamp>, String) {
    let told = line.split_once(' ').and_then(|(time, text)| {
        let at = time.parse::<Timestamp>().ok()?;
        Some((at, text.to_owned()))
    });
    // An empty line is a time alone.
    let told = told.or_else(|| Some((line.parse::<Timestamp>().ok()?, String::new())));
    match told {
        Some((at, text)) => (Some(at), text),
        None => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn lines_are_found_wherever_the_bytes_are_cut() {
        let log = "2026-03-01T12:00:00.5Z one\n2026-03-01T12:00:01Z \n2026-03-01T12:00:02Z drei ü";
        for cut in 0..log.len() {
            let mut lines = Lines::default();
            let (before, after) = log.as_bytes().split_at(cut);
            let mut found = lines.of(before);
            found.extend(lines.of(after));
            found.extend(lines.rest());
            assert_eq!(texts(&found), ["one", "", "drei ü"], "cut at {cut}");
            assert!(found.iter().all(|line| line.at.is_some()));
        }
    }

    #[test]
    fn a_line_without_a_time_is_told_without_one() {
        let mut lines = Lines::default();
        let found = lines.of(b"plain words\r\n");
        assert_eq!(texts(&found), ["plain words"]);
        assert_eq!(found[0].at, None);
    }

    #[test]
    fn a_line_without_end_takes_a_bounded_amount_of_memory() {
        let mut lines = Lines::default();
        for _ in 0..100 {
            assert!(lines.of(&[b'x'; 4096]).is_empty());
        }
        assert!(lines.begun.len() <= LONGEST);
        let found = lines.of(b"\nnext\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].text.ends_with(CUT));
        assert_eq!(found[1].text, "next");
    }
}
