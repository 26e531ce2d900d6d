//! A shell that somebody types into: a prompt, and on a terminal what a line editor does.

use bytes::Bytes;

use super::{STDOUT, Shell, Terminal};

const INTERRUPT: char = '\u{3}';
const END: char = '\u{4}';
const CLEAR: char = '\u{c}';
const KILL_LINE: char = '\u{15}';
const ESCAPE: char = '\u{1b}';

/// Runs what is typed until the shell exits; its exit code.
pub(super) async fn run(shell: &mut Shell, terminal: &mut Terminal) -> u8 {
    let mut editor = Editor::default();
    if terminal.tty && !say(terminal, prompt(shell)).await {
        return 0;
    }
    while let Some(bytes) = terminal.stdin.recv().await {
        for letter in String::from_utf8_lossy(&bytes).chars() {
            let typed = editor.type_letter(letter);
            if terminal.tty && !typed.echo.is_empty() && !say(terminal, typed.echo).await {
                return 0;
            }
            match typed.event {
                Event::None => {}
                Event::Line(line) => {
                    if exits(&line) {
                        return exit_code(&line, shell.last);
                    }
                    shell.last = shell.script(&line, "", terminal).await;
                    if terminal.tty && !say(terminal, prompt(shell)).await {
                        return 0;
                    }
                }
                Event::Interrupted => {
                    shell.last = 130;
                    if !say(terminal, prompt(shell)).await {
                        return 0;
                    }
                }
                Event::Cleared => {
                    let line = prompt(shell) + &editor.line;
                    if !say(terminal, line).await {
                        return 0;
                    }
                }
                Event::End => return shell.last,
            }
        }
    }
    // Without a terminal the last line may have no end.
    if !terminal.tty && !editor.line.is_empty() {
        let line = std::mem::take(&mut editor.line);
        if exits(&line) {
            return exit_code(&line, shell.last);
        }
        shell.last = shell.script(&line, "", terminal).await;
    }
    shell.last
}

fn exits(line: &str) -> bool {
    line.split_whitespace().next() == Some("exit")
}

fn exit_code(line: &str, last: u8) -> u8 {
    line.split_whitespace()
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(last)
}

async fn say(terminal: &Terminal, text: String) -> bool {
    terminal.out.send((STDOUT, Bytes::from(text))).await.is_ok()
}

fn prompt(shell: &Shell) -> String {
    let (user, id) = shell.inside.user();
    let mark = if id == 0 { '#' } else { '$' };
    if shell.inside.is_small() {
        format!("{} {mark} ", shell.directory)
    } else {
        format!(
            "{user}@{}:{}{mark} ",
            shell.inside.hostname(),
            shell.directory
        )
    }
}

/// What a letter led to.
struct Typed {
    echo: String,
    event: Event,
}

enum Event {
    None,
    Line(String),
    Interrupted,
    Cleared,
    End,
}

/// The line that is being typed, and those before it.
#[derive(Default)]
struct Editor {
    line: String,
    history: Vec<String>,
    /// How far back in the history the line is from.
    back: usize,
    /// What of an escape sequence has come.
    sequence: Option<String>,
}

impl Editor {
    fn type_letter(&mut self, letter: char) -> Typed {
        let nothing = |echo: &str| Typed {
            echo: echo.to_owned(),
            event: Event::None,
        };
        if let Some(sequence) = &mut self.sequence {
            sequence.push(letter);
            let is_whole = letter.is_ascii_alphabetic() || letter == '~';
            if is_whole {
                let sequence = self.sequence.take().unwrap_or_default();
                return nothing(&self.move_by(&sequence));
            }
            return nothing("");
        }
        match letter {
            '\r' | '\n' => {
                let line = std::mem::take(&mut self.line);
                if !line.trim().is_empty() {
                    self.history.push(line.clone());
                }
                self.back = 0;
                Typed {
                    echo: "\r\n".to_owned(),
                    event: Event::Line(line),
                }
            }
            '\u{7f}' | '\u{8}' => match self.line.pop() {
                Some(_) => nothing("\u{8} \u{8}"),
                None => nothing(""),
            },
            INTERRUPT => {
                self.line.clear();
                Typed {
                    echo: "^C\r\n".to_owned(),
                    event: Event::Interrupted,
                }
            }
            END if self.line.is_empty() => Typed {
                echo: "exit\r\n".to_owned(),
                event: Event::End,
            },
            CLEAR => Typed {
                echo: "\u{1b}[H\u{1b}[2J".to_owned(),
                event: Event::Cleared,
            },
            KILL_LINE => {
                let echo = "\u{8} \u{8}".repeat(self.line.chars().count());
                self.line.clear();
                nothing(&echo)
            }
            ESCAPE => {
                self.sequence = Some(String::new());
                nothing("")
            }
            '\t' => {
                self.line.push(' ');
                nothing(" ")
            }
            letter if letter.is_control() => nothing(""),
            letter => {
                self.line.push(letter);
                nothing(&letter.to_string())
            }
        }
    }

    /// Up and down lead through the history.
    fn move_by(&mut self, sequence: &str) -> String {
        match sequence {
            "[A" | "OA" => self.back = (self.back + 1).min(self.history.len()),
            "[B" | "OB" => self.back = self.back.saturating_sub(1),
            _ => return String::new(),
        }
        let erased = "\u{8} \u{8}".repeat(self.line.chars().count());
        let at = self.history.len().checked_sub(self.back);
        self.line = at
            .and_then(|at| self.history.get(at))
            .cloned()
            .unwrap_or_default();
        erased + &self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(keys: &str) -> Vec<String> {
        let mut editor = Editor::default();
        let mut lines = Vec::new();
        for letter in keys.chars() {
            if let Event::Line(line) = editor.type_letter(letter).event {
                lines.push(line);
            }
        }
        lines
    }

    #[test]
    fn a_line_can_be_corrected_and_repeated() {
        assert_eq!(lines("lx\u{7f}s\r"), ["ls"]);
        assert_eq!(lines("ls\r\u{1b}[A\r"), ["ls", "ls"]);
        assert_eq!(lines("wrong\u{15}pwd\r"), ["pwd"]);
        assert_eq!(lines("half\u{3}date\r"), ["date"]);
    }
}
