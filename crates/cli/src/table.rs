//! Columns of text.

/// Lines of cells, each column as wide as its widest cell; the last column is not padded.
///
/// Control characters from a cluster would move a terminal's cursor, so they are shown as `·`.
pub(crate) fn columns(lines: &[Vec<String>], indent: usize) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let clean: Vec<Vec<String>> = lines
        .iter()
        .map(|line| line.iter().map(|cell| visible(cell)).collect())
        .collect();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            clean
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
        })
        .collect();
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

    #[test]
    fn columns_line_up() {
        let lines = [
            vec!["a".to_owned(), "1/2".to_owned()],
            vec!["long".to_owned(), "x".to_owned()],
        ];
        assert_eq!(columns(&lines, 2), "  a     1/2\n  long  x\n");
    }

    #[test]
    fn what_moves_a_cursor_is_shown_instead() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202E}"), "a·[2Jb·");
    }
}
