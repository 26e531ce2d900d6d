//! Columns of text.

/// So many letters of the last column are worth leaving out another one.
const LAST_COLUMN: usize = 32;

/// Lines of cells, each column as wide as its widest cell; the last column is not padded.
///
/// Control characters from a cluster would move a terminal's cursor, so they are shown as `·`.
pub(crate) fn columns(lines: &[Vec<String>], indent: usize) -> String {
    let clean: Vec<Vec<String>> = lines
        .iter()
        .map(|line| line.iter().map(|cell| visible(cell)).collect())
        .collect();
    let widths = widths(&clean);
    let mut text = String::new();
    for line in &clean {
        let mut row = " ".repeat(indent);
        for (cell, wide) in line.iter().zip(&widths) {
            row.push_str(cell);
            row.push_str(&" ".repeat(wide + 2 - width(cell)));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

/// The same in a terminal of so much `room`: the columns whose heads are in `lesser` are left out one
/// after the other until the last column has room, and what is still too long ends with `…`. Without
/// `room` everything stands there.
pub(crate) fn fitted(lines: &[Vec<String>], lesser: &[&str], room: Option<usize>) -> String {
    let Some(room) = room else {
        return columns(lines, 0);
    };
    let mut kept = lines.to_vec();
    for name in lesser {
        if leaves_room(&kept, room) {
            break;
        }
        leave_out(&mut kept, name);
    }
    let mut text = String::new();
    for line in columns(&kept, 0).lines() {
        text.push_str(&cut(line, room));
        text.push('\n');
    }
    text
}

/// `line`, of at most `room` letters.
fn cut(line: &str, room: usize) -> String {
    if width(line) <= room {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(room.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Whether the last column is whole in so much `room`, or has [`LAST_COLUMN`] letters.
fn leaves_room(lines: &[Vec<String>], room: usize) -> bool {
    let widths = widths(lines);
    let Some((last, before)) = widths.split_last() else {
        return true;
    };
    let before: usize = before.iter().map(|wide| wide + 2).sum();
    before + (*last).min(LAST_COLUMN) <= room
}

fn leave_out(lines: &mut [Vec<String>], name: &str) {
    let Some(at) = lines
        .first()
        .and_then(|head| head.iter().position(|cell| cell == name))
    else {
        return;
    };
    for line in lines {
        if at < line.len() {
            line.remove(at);
        }
    }
}

/// How wide each column is.
fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    (0..count)
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
        })
        .collect()
}

/// The text with control and direction-changing characters made visible.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let turns = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            if letter.is_control() || turns {
                '·'
            } else {
                letter
            }
        })
        .collect()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&[&str]]) -> Vec<Vec<String>> {
        lines
            .iter()
            .map(|line| line.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    #[test]
    fn columns_line_up() {
        let lines = lines(&[&["a", "1/2"], &["long", "x"]]);
        assert_eq!(columns(&lines, 2), "  a     1/2\n  long  x\n");
    }

    #[test]
    fn what_moves_a_cursor_is_shown_instead() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202E}"), "a·[2Jb·");
    }

    #[test]
    fn a_narrow_terminal_has_fewer_columns_and_then_shorter_lines() {
        let lines = lines(&[
            &["NODE", "POWER", "HELD BY"],
            &["n1", "110 W", "research/ana"],
        ]);
        let whole = columns(&lines, 0);
        assert_eq!(fitted(&lines, &["POWER"], None), whole);
        assert_eq!(fitted(&lines, &["POWER"], Some(80)), whole);
        assert_eq!(
            fitted(&lines, &["POWER"], Some(20)),
            "NODE  HELD BY\nn1    research/ana\n"
        );
        assert_eq!(
            fitted(&lines, &["POWER"], Some(14)),
            "NODE  HELD BY\nn1    researc…\n"
        );
    }
}
