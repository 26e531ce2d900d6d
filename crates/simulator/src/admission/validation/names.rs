//! Names, labels and keys (`k8s.io/apimachinery/pkg/util/validation`).

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters \
    or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
    regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
    characters, '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or \
    '-', start with an alphabetic character, and end with an alphanumeric character (e.g. \
    'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start \
    and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used \
    for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric \
    characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. \
    'MyValue',  or 'my_value',  or '12345', regex used for validation is \
    '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or \
    '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
    '[-._a-zA-Z0-9]+')";

/// What is wrong with a name; nothing where it is right.
pub(in crate::admission) type Problems = Vec<String>;

fn is_lower(letter: u8) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = |letter: Option<&u8>| letter.is_some_and(|letter| is_lower(*letter));
    ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|letter| is_lower(*letter) || *letter == b'-')
}

fn is_qualified(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = |letter: Option<&u8>| letter.is_some_and(u8::is_ascii_alphanumeric);
    ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|letter| letter.is_ascii_alphanumeric() || b"-_.".contains(letter))
}

/// A DNS label: no dots.
pub(in crate::admission) fn label(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 63 {
        problems.push("must be no more than 63 characters".to_owned());
    }
    if !is_label(text) {
        problems.push(LABEL.to_owned());
    }
    problems
}

/// A name that may have dots.
pub(in crate::admission) fn subdomain(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 253 {
        problems.push("must be no more than 253 characters".to_owned());
    }
    if !text.split('.').all(is_label) {
        problems.push(SUBDOMAIN.to_owned());
    }
    problems
}

/// A DNS label that begins with a letter.
pub(in crate::admission) fn label_1035(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 63 {
        problems.push("must be no more than 63 characters".to_owned());
    }
    if !is_label(text) || !text.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        problems.push(LABEL_1035.to_owned());
    }
    problems
}

/// The name of a namespace.
pub(in crate::admission) fn namespace(text: &str) -> Problems {
    if text.contains('.') {
        return vec!["must not contain dots".to_owned()];
    }
    label(text)
}

/// A part of a path, such as the name of a role.
pub(in crate::admission) fn path_segment(text: &str) -> Problems {
    let mut problems = Problems::new();
    if [".", ".."].contains(&text) {
        problems.push(format!("may not be '{text}'"));
    }
    for letter in ["/", "%"] {
        if text.contains(letter) {
            problems.push(format!("may not contain '{letter}'"));
        }
    }
    problems
}

/// The key of a label, with or without a prefix.
pub(in crate::admission) fn qualified(text: &str) -> Problems {
    let mut problems = Problems::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                problems.push("prefix part must be non-empty".to_owned());
            } else {
                let wrong = subdomain(prefix);
                problems.extend(wrong.iter().map(|problem| format!("prefix part {problem}")));
            }
            name
        }
        _ => {
            return vec![format!(
                "a valid label key {QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. \
                 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        problems.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        problems.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_qualified(name) {
        problems.push(format!("name part {QUALIFIED}"));
    }
    problems
}

/// The value of a label.
pub(in crate::admission) fn label_value(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 63 {
        problems.push("must be no more than 63 bytes".to_owned());
    }
    if !text.is_empty() && !is_qualified(text) {
        problems.push(LABEL_VALUE.to_owned());
    }
    problems
}

/// The key of an entry of a config map or a secret.
pub(in crate::admission) fn config_key(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 253 {
        problems.push("must be no more than 253 characters".to_owned());
    }
    let is_known = |letter: u8| letter.is_ascii_alphanumeric() || b"-._".contains(&letter);
    if text.is_empty() || !text.bytes().all(is_known) {
        problems.push(CONFIG_KEY.to_owned());
    } else if text == "." {
        problems.push("must not be '.'".to_owned());
    } else if text == ".." {
        problems.push("must not be '..'".to_owned());
    } else if text.starts_with("..") {
        problems.push("must not start with '..'".to_owned());
    }
    problems
}

/// The name of a port.
pub(in crate::admission) fn port_name(text: &str) -> Problems {
    let mut problems = Problems::new();
    if text.len() > 15 {
        problems.push("must be no more than 15 characters".to_owned());
    }
    if !text
        .bytes()
        .all(|letter| is_lower(letter) || letter == b'-')
    {
        let rule = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        problems.push(rule.to_owned());
    }
    if !text.bytes().any(|letter| letter.is_ascii_lowercase()) {
        problems.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        problems.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        problems.push("must not begin or end with a hyphen".to_owned());
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_use() {
        assert!(subdomain("a.b-c.d1").is_empty());
        assert_eq!(subdomain("a..b").len(), 1);
        assert_eq!(label("a.b").len(), 1);
        assert!(qualified("example.com/MyName").is_empty());
        assert_eq!(qualified("/a"), ["prefix part must be non-empty"]);
        assert!(label_value("").is_empty());
        assert_eq!(port_name("80").len(), 1);
    }
}
