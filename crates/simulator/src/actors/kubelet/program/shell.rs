//! Simple shell scripts, read for how long they run and how they end.

use std::time::Duration;

/// What a script comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Script {
    /// None for one that runs on.
    pub(super) runs_for: Option<Duration>,
    pub(super) exit_code: i64,
    pub(super) files: Vec<(String, Duration, Option<Duration>)>,
}

/// Commands that are over at once, and well.
const QUICK: [&str; 36] = [
    ":",
    "true",
    "echo",
    "printf",
    "date",
    "ls",
    "env",
    "hostname",
    "uname",
    "id",
    "whoami",
    "pwd",
    "mkdir",
    "cp",
    "mv",
    "chmod",
    "chown",
    "test",
    "[",
    "export",
    "cd",
    "set",
    "nvidia-smi",
    "wget",
    "curl",
    "nslookup",
    "head",
    "seq",
    "expr",
    "ps",
    "df",
    "free",
    "cat",
    "grep",
    "trap",
    "read",
];

/// What one command does.
enum Effect {
    Takes(Duration, i64),
    Ends(i64),
    Makes(String),
    Removes(String),
    RunsOn,
}

/// How a command is joined to the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Then,
    IfGood,
    IfBad,
}

impl Script {
    /// Follows the script `text`; none where a command is not known.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut script = Self::default();
        let mut now = Duration::ZERO;
        let mut stops_at_errors = false;
        let mut rounds = 1;
        let mut is_skipping = false;
        for (join, statement) in statements(text) {
            let is_left_out = match join {
                Join::Then => false,
                Join::IfGood => script.exit_code != 0,
                Join::IfBad => script.exit_code == 0,
            };
            let words: Vec<&str> = statement.split_whitespace().collect();
            let words = match words.as_slice() {
                ["do" | "then" | "{", rest @ ..] => rest,
                ["done", ..] => {
                    rounds = 1;
                    continue;
                }
                ["fi" | "}", ..] => {
                    is_skipping = false;
                    continue;
                }
                ["else", ..] => {
                    is_skipping = true;
                    continue;
                }
                ["if", ..] => continue,
                ["while" | "until", ..] => {
                    script.runs_for = None;
                    return Some(script);
                }
                ["for", _, "in", items @ ..] => {
                    rounds = rounds_of(items);
                    continue;
                }
                words => words,
            };
            if is_left_out || is_skipping || words.is_empty() {
                continue;
            }
            if words.first() == Some(&"set") && words.iter().any(|word| word.contains('e')) {
                stops_at_errors = true;
            }
            match effect(words)? {
                Effect::Takes(time, code) => {
                    now += time.saturating_mul(rounds);
                    script.exit_code = code;
                    if code != 0 && stops_at_errors {
                        break;
                    }
                }
                Effect::Ends(code) => {
                    script.exit_code = code;
                    break;
                }
                Effect::Makes(file) => script.files.push((file, now, None)),
                Effect::Removes(file) => {
                    for (name, _, until) in &mut script.files {
                        if *name == file && until.is_none() {
                            *until = Some(now);
                        }
                    }
                }
                Effect::RunsOn => {
                    script.runs_for = None;
                    return Some(script);
                }
            }
        }
        script.runs_for = Some(now);
        Some(script)
    }

    /// Follows one command that no shell runs.
    pub(super) fn of_command(words: &[&str]) -> Option<Self> {
        let mut script = Self::default();
        match effect(words)? {
            Effect::Takes(time, code) => {
                script.runs_for = Some(time);
                script.exit_code = code;
            }
            Effect::Ends(code) => {
                script.runs_for = Some(Duration::ZERO);
                script.exit_code = code;
            }
            Effect::Makes(_) | Effect::Removes(_) => script.runs_for = Some(Duration::ZERO),
            Effect::RunsOn => {}
        }
        Some(script)
    }
}

fn effect(words: &[&str]) -> Option<Effect> {
    let (first, rest) = words.split_first()?;
    let name = first.rsplit('/').next().unwrap_or(first);
    let last = rest.last().copied().unwrap_or_default();
    Some(match name {
        "sleep" => match rest.first().and_then(|time| seconds(time)) {
            Some(time) => Effect::Takes(time, 0),
            None => Effect::RunsOn,
        },
        "exit" => Effect::Ends(rest.first().and_then(|code| code.parse().ok()).unwrap_or(0)),
        "false" => Effect::Takes(Duration::ZERO, 1),
        "kill" => Effect::Ends(137),
        "touch" => Effect::Makes(last.to_owned()),
        "rm" => Effect::Removes(last.to_owned()),
        "cat" | "ls" if rest.iter().any(|file| is_absent(file)) => Effect::Takes(Duration::ZERO, 1),
        "tail" if rest.contains(&"-f") || rest.contains(&"-F") => Effect::RunsOn,
        "perl" => Effect::Takes(Duration::from_secs(5), 0),
        "exec" => return effect(rest),
        // What is submitted is followed to its end.
        "ray" if rest.starts_with(&["job", "submit"]) => {
            let at = rest.iter().position(|word| *word == "--")?;
            return effect(rest.get(at + 1..)?);
        }
        "python" | "python3" if rest.first() == Some(&"-c") => {
            return python(&rest.get(1..).unwrap_or_default().join(" "));
        }
        name if QUICK.contains(&name) || first.contains('=') => Effect::Takes(Duration::ZERO, 0),
        _ => return None,
    })
}

/// What a line of Python does, as far as it sleeps and exits.
fn python(code: &str) -> Option<Effect> {
    let argument = |call: &str| -> Option<f64> {
        let (_, rest) = code.split_once(call)?;
        rest.split(')').next()?.trim().parse().ok()
    };
    let slept = argument("time.sleep(").unwrap_or(0.0);
    let slept = Duration::try_from_secs_f64(slept).ok()?;
    if let Some(code) = argument("exit(") {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an exit code is a small number"
        )]
        return Some(Effect::Takes(slept, code as i64));
    }
    if code.contains("raise ") || code.contains("assert False") {
        return Some(Effect::Takes(slept, 1));
    }
    (code.contains("time.sleep(") || code.contains("print(")).then_some(Effect::Takes(slept, 0))
}

fn is_absent(file: &str) -> bool {
    [
        "nope",
        "does-not-exist",
        "nonexistent",
        "no-such",
        "missing",
    ]
    .iter()
    .any(|word| file.contains(word))
}

/// `30`, `1.5`, `2m`, `1h`; none for what does not end.
fn seconds(time: &str) -> Option<Duration> {
    let (number, unit) = match time.char_indices().last()? {
        (at, 's') => (time.get(..at)?, 1.0),
        (at, 'm') => (time.get(..at)?, 60.0),
        (at, 'h') => (time.get(..at)?, 3600.0),
        (at, 'd') => (time.get(..at)?, 86_400.0),
        _ => (time, 1.0),
    };
    let number: f64 = number
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    Duration::try_from_secs_f64(number * unit).ok()
}

/// How often a `for` goes round.
fn rounds_of(items: &[&str]) -> u32 {
    let joined = items.join(" ");
    let range = joined
        .trim_start_matches(['$', '(', '`', '{'])
        .trim_end_matches([')', '`', '}'])
        .replace("..", " ");
    let numbers: Vec<u32> = range
        .trim_start_matches("seq ")
        .split_whitespace()
        .map_while(|number| number.parse().ok())
        .collect();
    match (
        joined.contains("seq ") || joined.contains(".."),
        numbers.as_slice(),
    ) {
        (true, [last]) => *last,
        (true, [first, .., last]) => last.saturating_sub(*first) + 1,
        _ => u32::try_from(items.len()).unwrap_or(1),
    }
}

/// The statements of a script, split outside quotes.
fn statements(text: &str) -> Vec<(Join, String)> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut join = Join::Then;
    let mut quote = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = match (quote, letter) {
            (Some(open), _) => {
                if letter == open {
                    quote = None;
                }
                None
            }
            (None, '\'' | '"') => {
                quote = Some(letter);
                None
            }
            (None, ';' | '\n') => Some(Join::Then),
            (None, '&') => Some(match letters.next_if_eq(&'&') {
                Some(_) => Join::IfGood,
                None => Join::Then,
            }),
            (None, '|') if letters.next_if_eq(&'|').is_some() => Some(Join::IfBad),
            (None, _) => None,
        };
        if let Some(next) = next {
            found.push((join, std::mem::take(&mut current)));
            join = next;
        } else {
            current.push(letter);
        }
    }
    found.push((join, current));
    found.retain(|(_, statement)| !statement.trim().is_empty());
    found
}
