//! Label selectors: `app=web,tier in (a, b),!canary` (`k8s.io/apimachinery/pkg/labels`).

use crate::store::Stored;

/// One requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LabelRule {
    Exists(String),
    Absent(String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Greater(String, i64),
    Less(String, i64),
}

impl LabelRule {
    pub(super) fn matches(&self, stored: &Stored) -> bool {
        let number = |key: &str| stored.label(key)?.parse::<i64>().ok();
        match self {
            Self::Exists(key) => stored.label(key).is_some(),
            Self::Absent(key) => stored.label(key).is_none(),
            Self::In(key, values) => stored
                .label(key)
                .is_some_and(|label| values.iter().any(|value| value == label)),
            Self::NotIn(key, values) => stored
                .label(key)
                .is_none_or(|label| values.iter().all(|value| value != label)),
            Self::Greater(key, bound) => number(key).is_some_and(|number| number > *bound),
            Self::Less(key, bound) => number(key).is_some_and(|number| number < *bound),
        }
    }
}

/// Reads `text`.
pub(super) fn parse(text: &str) -> Result<Vec<LabelRule>, String> {
    let mut parser = Parser {
        tokens: tokens(text),
        at: 0,
    };
    let mut rules = Vec::new();
    loop {
        match parser.peek() {
            Token::End => return Ok(rules),
            Token::Word(_) | Token::Not => {}
            other => {
                return Err(format!(
                    "found '{}', expected: !, identifier, or 'end of string'",
                    other.text()
                ));
            }
        }
        let rule = parser
            .requirement()
            .map_err(|problem| format!("unable to parse requirement: {problem}"))?;
        rules.push(rule);
        match parser.take() {
            Token::End => return Ok(rules),
            Token::Comma if matches!(parser.peek(), Token::Word(_) | Token::Not) => {}
            Token::Comma => {
                return Err(format!(
                    "found '{}', expected: identifier after ','",
                    parser.peek().text()
                ));
            }
            other => {
                return Err(format!(
                    "found '{}', expected: ',' or 'end of string'",
                    other.text()
                ));
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    Greater,
    Less,
    Open,
    Close,
    Comma,
    End,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Not => "!",
            Self::Equals => "=",
            Self::DoubleEquals => "==",
            Self::NotEquals => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::End => "",
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_followed_by_equals = letters.peek() == Some(&'=');
        tokens.push(match letter {
            ' ' | '\t' | '\r' | '\n' => continue,
            '=' if is_followed_by_equals => Token::DoubleEquals,
            '!' if is_followed_by_equals => Token::NotEquals,
            '=' => Token::Equals,
            '!' => Token::Not,
            '>' => Token::Greater,
            '<' => Token::Less,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            first => {
                let mut word = String::from(first);
                while let Some(next) = letters.next_if(|next| !" \t\r\n=!<>(),".contains(*next)) {
                    word.push(next);
                }
                Token::Word(word)
            }
        });
        if matches!(tokens.last(), Some(Token::DoubleEquals | Token::NotEquals)) {
            letters.next();
        }
    }
    tokens.push(Token::End);
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).cloned().unwrap_or(Token::End)
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<LabelRule, String> {
        let mut token = self.take();
        let is_absence = token == Token::Not;
        if is_absence {
            token = self.take();
        }
        let Token::Word(key) = token else {
            return Err(format!("found '{}', expected: identifier", token.text()));
        };
        check_key(&key)?;
        if is_absence {
            return Ok(LabelRule::Absent(key));
        }
        if matches!(self.peek(), Token::End | Token::Comma) {
            return Ok(LabelRule::Exists(key));
        }
        let operator = self.take();
        let word = operator.text().to_owned();
        let (mut values, is_number) = match word.as_str() {
            "in" | "notin" => (self.values()?, false),
            "=" | "==" | "!=" => (vec![self.exact_value()?], false),
            ">" | "<" | "gt" | "lt" => (vec![self.exact_value()?], true),
            _ => {
                return Err(format!(
                    "found '{word}', expected: in, notin, =, ==, !=, gt, lt"
                ));
            }
        };
        values.sort_unstable();
        values.dedup();
        if is_number {
            let value = values.concat();
            let number = value.parse().map_err(|_| {
                format!(
                    "values[0]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value \
                     must be an integer"
                )
            })?;
            return Ok(match word.as_str() {
                ">" | "gt" => LabelRule::Greater(key, number),
                _ => LabelRule::Less(key, number),
            });
        }
        for (at, value) in values.iter().enumerate() {
            check_value(&key, at, value)?;
        }
        Ok(match word.as_str() {
            "notin" | "!=" => LabelRule::NotIn(key, values),
            _ => LabelRule::In(key, values),
        })
    }

    fn exact_value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), Token::End | Token::Comma) {
            return Ok(String::new());
        }
        match self.take() {
            Token::Word(word) => Ok(word),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.take();
        if open != Token::Open {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        match self.peek() {
            Token::Word(_) | Token::Comma => {}
            Token::Close => {
                self.take();
                return Ok(vec![String::new()]);
            }
            other => {
                return Err(format!(
                    "found '{}', expected: ',', ')' or identifier",
                    other.text()
                ));
            }
        }
        let mut values = Vec::new();
        loop {
            match self.take() {
                Token::Word(word) => {
                    values.push(word);
                    match self.peek() {
                        Token::Comma => {}
                        Token::Close => break,
                        other => {
                            return Err(format!("found '{}', expected: ',' or ')'", other.text()));
                        }
                    }
                }
                // An empty value stands before, between and after commas that nothing separates.
                Token::Comma => {
                    if values.is_empty() || self.peek() == Token::Comma {
                        values.push(String::new());
                    }
                    if self.peek() == Token::Close {
                        values.push(String::new());
                        break;
                    }
                }
                other => {
                    return Err(format!(
                        "found '{}', expected: ',', or identifier",
                        other.text()
                    ));
                }
            }
        }
        self.take();
        Ok(values)
    }
}

fn is_name(text: &str) -> bool {
    let is_edge =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    is_edge(text.chars().next())
        && is_edge(text.chars().next_back())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

fn check_key(key: &str) -> Result<(), String> {
    let invalid = |why: &str| Err(format!("<nil>: Invalid value: \"{key}\": {why}"));
    let name = key.split_once('/').map_or(key, |(_, name)| name);
    if name.len() > 63 {
        return invalid("name part must be no more than 63 characters");
    }
    if !is_name(name) {
        return invalid(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start \
             and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', \
             regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        );
    }
    Ok(())
}

fn check_value(key: &str, at: usize, value: &str) -> Result<(), String> {
    let invalid = |why: &str| {
        Err(format!(
            "values[{at}][{key}]: Invalid value: \"{value}\": {why}"
        ))
    };
    if value.len() > 63 {
        return invalid("must be no more than 63 characters");
    }
    if !value.is_empty() && !is_name(value) {
        return invalid(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', \
             '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  \
             or 'my_value',  or '12345', regex used for validation is \
             '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_requirement_is_read() {
        let rules = parse("a=1,b==2,c!=3,d in (x, y),e notin (z,),f,!g,h>4,i lt 5,j=").unwrap();
        let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        assert_eq!(
            rules,
            [
                LabelRule::In("a".into(), texts(&["1"])),
                LabelRule::In("b".into(), texts(&["2"])),
                LabelRule::NotIn("c".into(), texts(&["3"])),
                LabelRule::In("d".into(), texts(&["x", "y"])),
                LabelRule::NotIn("e".into(), texts(&["", "z"])),
                LabelRule::Exists("f".into()),
                LabelRule::Absent("g".into()),
                LabelRule::Greater("h".into(), 4),
                LabelRule::Less("i".into(), 5),
                LabelRule::In("j".into(), texts(&[""])),
            ]
        );
    }

    /// The messages are those that a kube-apiserver 1.36.3 answered.
    #[test]
    fn nonsense_is_refused_in_the_words_of_kubernetes() {
        let cases = [
            (
                "a b",
                "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            ),
            (
                "a in (x",
                "unable to parse requirement: found '', expected: ',' or ')'",
            ),
            (
                "a>b",
                "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' \
                 operators, the value must be an integer",
            ),
            ("!a=b", "found '=', expected: ',' or 'end of string'"),
            ("a,,", "found ',', expected: identifier after ','"),
            (
                ",a",
                "found ',', expected: !, identifier, or 'end of string'",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).unwrap_err(), message, "{text}");
        }
        let key = parse("-a=b").unwrap_err();
        assert!(key.starts_with(
            "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of"
        ));
        let value = parse("a=-b").unwrap_err();
        assert!(value.starts_with(
            "unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must"
        ));
    }
}
