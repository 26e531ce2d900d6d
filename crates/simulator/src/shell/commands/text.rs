//! Commands that read files, and what is piped into them.

use super::{
    super::{Outcome, Shell, files},
    joined,
};

/// The text of the named files, or of what is piped in; what cannot be read is told.
fn read(shell: &Shell, command: &str, names: &[&str], stdin: &str) -> (String, String) {
    let names: Vec<&&str> = names.iter().filter(|name| !name.starts_with('-')).collect();
    if names.is_empty() {
        return (stdin.to_owned(), String::new());
    }
    let files = files::all(&shell.inside);
    let (mut text, mut problems) = (String::new(), Vec::new());
    for name in names {
        let path = files::absolute(&shell.directory, name);
        if let Some(found) = files.get(&path) {
            text.push_str(found);
        } else if files::list(&shell.inside, &path).is_some() {
            problems.push(format!("{command}: {name}: Is a directory"));
        } else {
            problems.push(format!("{command}: {name}: No such file or directory"));
        }
    }
    (text, joined(&problems))
}

pub(super) fn cat(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let (out, err) = read(shell, "cat", arguments, stdin);
    Outcome {
        code: u8::from(!err.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
}

pub(super) fn list(shell: &Shell, arguments: &[&str]) -> Outcome {
    let is_long = arguments
        .iter()
        .any(|argument| argument.starts_with('-') && argument.contains('l'));
    let asked = arguments
        .iter()
        .find(|argument| !argument.starts_with('-'))
        .copied()
        .unwrap_or(".");
    let path = files::absolute(&shell.directory, asked);
    let files = files::all(&shell.inside);
    let names: Vec<String> = match files::list(&shell.inside, &path) {
        Some(names) => names.into_iter().collect(),
        None if files.contains_key(&path) => vec![asked.to_owned()],
        None => {
            return Outcome::failed(
                2,
                format!("ls: cannot access '{asked}': No such file or directory\n"),
            );
        }
    };
    if !is_long {
        return Outcome::of(joined(&names));
    }
    let started = shell.inside.started().strftime("%b %e %H:%M").to_string();
    let (user, _) = shell.inside.user();
    let mut text = format!("total {}\n", names.len() * 4);
    for name in &names {
        let line = match files.get(&files::absolute(&path, name)) {
            Some(found) => format!(
                "-rw-r--r-- 1 {user} {user} {:>6} {started} {name}\n",
                found.len()
            ),
            None => format!("drwxr-xr-x 1 {user} {user} {:>6} {started} {name}\n", 4096),
        };
        text.push_str(&line);
    }
    Outcome::of(text)
}

pub(super) fn grep(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let flags: String = arguments
        .iter()
        .filter_map(|argument| argument.strip_prefix('-'))
        .collect();
    let mut rest = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'));
    let Some(pattern) = rest.next() else {
        return Outcome::failed(2, "usage: grep [-civ] PATTERN [FILE]...\n");
    };
    let names: Vec<&str> = rest.copied().collect();
    let (text, err) = read(shell, "grep", &names, stdin);
    let folded = |text: &str| {
        if flags.contains('i') {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let wanted = folded(pattern);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| folded(line).contains(&wanted) != flags.contains('v'))
        .collect();
    let out = if flags.contains('c') {
        format!("{}\n", lines.len())
    } else {
        joined(&lines)
    };
    Outcome {
        code: u8::from(lines.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
}

/// `head` and `tail`.
pub(super) fn ends(shell: &Shell, name: &str, arguments: &[&str], stdin: &str) -> Outcome {
    let mut count = 10_usize;
    let mut names = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let given = match argument.strip_prefix("-n") {
            Some("") => rest.next().copied(),
            Some(given) => Some(given),
            None => argument.strip_prefix('-'),
        };
        match given {
            Some(given) => count = given.parse().unwrap_or(count),
            None => names.push(*argument),
        }
    }
    let (text, err) = read(shell, name, &names, stdin);
    let lines: Vec<&str> = text.lines().collect();
    let shown = if name == "head" {
        lines.get(..count.min(lines.len()))
    } else {
        lines.get(lines.len().saturating_sub(count)..)
    };
    Outcome {
        code: u8::from(!err.is_empty()),
        out: joined(shown.unwrap_or_default()),
        err,
        ..Outcome::default()
    }
}

pub(super) fn count(shell: &Shell, arguments: &[&str], stdin: &str) -> Outcome {
    let (text, err) = read(shell, "wc", arguments, stdin);
    let lines = text.lines().count();
    let out = if arguments.contains(&"-l") {
        format!("{lines}\n")
    } else {
        format!(
            "{lines:>7} {:>7} {:>7}\n",
            text.split_whitespace().count(),
            text.len()
        )
    };
    Outcome {
        code: u8::from(!err.is_empty()),
        out,
        err,
        ..Outcome::default()
    }
}
