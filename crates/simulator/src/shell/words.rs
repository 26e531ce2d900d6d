//! From a line of a shell to commands: words, quotes, pipes, sequences.

use std::collections::BTreeMap;

/// When a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    Always,
    /// After `&&`.
    IfGood,
    /// After `||`.
    IfBad,
}

/// Commands that are piped into each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) join: Join,
    pub(super) pipe: Vec<Command>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    /// `2>/dev/null`.
    pub(super) drops_errors: bool,
    /// `2>&1`.
    pub(super) merges_errors: bool,
    /// `>/dev/null`.
    pub(super) drops_output: bool,
}

/// A word: pieces of text, each with or without variables in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(Vec<(bool, String)>);

impl Word {
    /// The word with its variables replaced.
    pub(super) fn expand(&self, variables: &BTreeMap<String, String>, last: u8) -> String {
        self.0
            .iter()
            .map(|(has_variables, text)| {
                if *has_variables {
                    expand(text, variables, last)
                } else {
                    text.clone()
                }
            })
            .collect()
    }

    fn push(&mut self, has_variables: bool, letter: char) {
        match self.0.last_mut() {
            Some((kind, text)) if *kind == has_variables => text.push(letter),
            _ => self.0.push((has_variables, letter.to_string())),
        }
    }

    fn is(&self, text: &str) -> bool {
        matches!(self.0.as_slice(), [(true, known)] if known == text)
    }
}

fn expand(text: &str, variables: &BTreeMap<String, String>, last: u8) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, next) = if let Some(braced) = after.strip_prefix('{') {
            braced.split_once('}').unwrap_or((braced, ""))
        } else if let Some(next) = after.strip_prefix('?') {
            ("?", next)
        } else {
            let end = after
                .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .unwrap_or(after.len());
            after.split_at(end)
        };
        match name {
            "" => expanded.push('$'),
            "?" => expanded.push_str(&last.to_string()),
            name => expanded.push_str(variables.get(name).map_or("", String::as_str)),
        }
        rest = next;
    }
    expanded + rest
}

/// The steps of `script`, or what is wrong with it.
pub(super) fn parse(script: &str) -> Result<Vec<Step>, String> {
    let mut parser = Parser::default();
    let mut letters = script.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => parser.quoted(&mut letters)?,
            '"' => parser.double_quoted(&mut letters)?,
            '\\' => {
                if let Some(next) = letters.next() {
                    parser.word().push(false, next);
                }
            }
            '#' if parser.word.is_none() => {
                while letters.next_if(|next| *next != '\n').is_some() {}
            }
            ';' | '\n' => parser.end_step(Join::Always)?,
            '&' => {
                if letters.next_if_eq(&'&').is_some() {
                    parser.end_step(Join::IfGood)?;
                } else if parser.word.as_ref().is_some_and(|word| word.is("2>")) {
                    parser.word().push(true, '&');
                } else {
                    parser.end_step(Join::Always)?;
                }
            }
            '|' if letters.next_if_eq(&'|').is_some() => parser.end_step(Join::IfBad)?,
            '|' => parser.end_command()?,
            '(' | ')' | '`' => return Err(format!("\"{letter}\" unexpected")),
            letter if letter.is_whitespace() => parser.end_word(),
            letter => parser.word().push(true, letter),
        }
    }
    parser.end_step(Join::Always)?;
    Ok(parser.steps)
}

#[derive(Default)]
struct Parser {
    steps: Vec<Step>,
    join: Option<Join>,
    pipe: Vec<Command>,
    command: Command,
    word: Option<Word>,
    /// The file that the next word names is for output, or for errors.
    redirects: Option<bool>,
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

impl Parser {
    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_with(Word::default)
    }

    fn quoted(&mut self, letters: &mut Letters<'_>) -> Result<(), String> {
        // Quotes make a word, even of nothing.
        self.word();
        loop {
            match letters.next() {
                Some('\'') => return Ok(()),
                Some(letter) => self.word().push(false, letter),
                None => return Err("Unterminated quoted string".to_owned()),
            }
        }
    }

    fn double_quoted(&mut self, letters: &mut Letters<'_>) -> Result<(), String> {
        self.word();
        loop {
            match letters.next() {
                Some('"') => return Ok(()),
                Some('\\') => {
                    let next = letters.next().ok_or("Unterminated quoted string")?;
                    self.word().push(false, next);
                }
                Some(letter) => self.word().push(true, letter),
                None => return Err("Unterminated quoted string".to_owned()),
            }
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        if let Some(errors) = self.redirects.take() {
            if errors {
                self.command.drops_errors = true;
            } else {
                self.command.drops_output = true;
            }
        } else if word.is("2>&1") {
            self.command.merges_errors = true;
        } else if word.is("2>/dev/null") {
            self.command.drops_errors = true;
        } else if word.is(">/dev/null") {
            self.command.drops_output = true;
        } else if word.is("2>") {
            self.redirects = Some(true);
        } else if word.is(">") || word.is(">>") {
            self.redirects = Some(false);
        } else {
            self.command.words.push(word);
        }
    }

    fn end_command(&mut self) -> Result<(), String> {
        self.end_word();
        let command = std::mem::take(&mut self.command);
        if command.words.is_empty() {
            return Err("\"|\" unexpected".to_owned());
        }
        self.pipe.push(command);
        Ok(())
    }

    fn end_step(&mut self, next: Join) -> Result<(), String> {
        self.end_word();
        if !self.command.words.is_empty() {
            self.pipe.push(std::mem::take(&mut self.command));
        } else if !self.pipe.is_empty() {
            return Err("end of file unexpected".to_owned());
        }
        if !self.pipe.is_empty() {
            self.steps.push(Step {
                join: self.join.take().unwrap_or(Join::Always),
                pipe: std::mem::take(&mut self.pipe),
            });
        }
        self.join = Some(next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_variables_make_words() {
        let variables = BTreeMap::from([("HOME".to_owned(), "/root".to_owned())]);
        let steps = parse("echo '$HOME' \"$HOME/x\" ${HOME}y $?").unwrap();
        let words: Vec<String> = steps[0].pipe[0]
            .words
            .iter()
            .map(|word| word.expand(&variables, 3))
            .collect();
        assert_eq!(words, ["echo", "$HOME", "/root/x", "/rooty", "3"]);
    }

    #[test]
    fn sequences_and_pipes_are_told_apart() {
        let steps = parse("a | b 2>&1 && c || d; e 2>/dev/null").unwrap();
        let joins: Vec<Join> = steps.iter().map(|step| step.join).collect();
        assert_eq!(
            joins,
            [Join::Always, Join::IfGood, Join::IfBad, Join::Always]
        );
        assert_eq!(steps[0].pipe.len(), 2);
        assert!(steps[0].pipe[1].merges_errors);
        assert!(steps[3].pipe[0].drops_errors);
        assert!(parse("echo 'open").is_err());
    }
}
