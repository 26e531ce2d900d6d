//! The paths of columns: Kubernetes' own dialect of JSONPath, as far as definitions may use it
//! (`.spec.a\.b`, `.items[0]`, `.list[*].name`, `.conditions[?(@.type=="Ready")].status`). It is not
//! that of RFC 9535, for which there are crates: names are escaped, and the root has no sign.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Index(i64),
    All,
    /// The items whose value at the path is, or is not, this one.
    Where {
        path: JsonPath,
        is_equal: bool,
        value: Value,
    },
}

impl JsonPath {
    /// Reads a path; none where it is not one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let end = end_of_bracket(after)?;
                let (inner, tail) = after.split_at(end);
                steps.push(bracket(inner.trim())?);
                rest = tail.get(1..)?;
            } else {
                let (name, tail) = field(rest.strip_prefix('.').unwrap_or(rest));
                match name.as_str() {
                    "" => {}
                    "*" => steps.push(Step::All),
                    _ => steps.push(Step::Field(name)),
                }
                rest = tail;
            }
        }
        Some(Self(steps))
    }

    /// The first value that the path leads to.
    pub(super) fn first<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        walk(&self.0, value)
    }
}

fn walk<'v>(steps: &[Step], value: &'v Value) -> Option<&'v Value> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(value);
    };
    match step {
        Step::Field(name) => walk(rest, value.get(name)?),
        Step::Index(at) => {
            let items = value.as_array()?;
            let at = match usize::try_from(*at) {
                Ok(at) => at,
                Err(_) => items.len().checked_sub(usize::try_from(-at).ok()?)?,
            };
            walk(rest, items.get(at)?)
        }
        Step::All => match value {
            Value::Array(items) => items.iter().find_map(|item| walk(rest, item)),
            Value::Object(fields) => fields.values().find_map(|field| walk(rest, field)),
            _ => None,
        },
        Step::Where {
            path,
            is_equal,
            value: wanted,
        } => value.as_array()?.iter().find_map(|item| {
            let is_wanted = path.first(item).map(|found| found == wanted) == Some(*is_equal);
            is_wanted.then(|| walk(rest, item))?
        }),
    }
}

/// A name up to the next dot or bracket, without its escapes, and what follows it.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => {
                is_escaped = false;
                name.push(letter);
            }
            '\\' => is_escaped = true,
            '.' | '[' => return (name, text.get(at..).unwrap_or_default()),
            _ => name.push(letter),
        }
    }
    (name, "")
}

/// Where the bracket that was opened before `text` ends; brackets in quotes do not count.
fn end_of_bracket(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(at),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn bracket(inner: &str) -> Option<Step> {
    if inner == "*" {
        return Some(Step::All);
    }
    if let Some(name) = quoted(inner) {
        return Some(Step::Field(name.replace("\\.", ".")));
    }
    if let Ok(at) = inner.parse() {
        return Some(Step::Index(at));
    }
    let filter = inner.strip_prefix("?(")?.strip_suffix(')')?;
    let (left, right, is_equal) = if let Some((left, right)) = filter.split_once("==") {
        (left, right, true)
    } else {
        let (left, right) = filter.split_once("!=")?;
        (left, right, false)
    };
    let right = right.trim();
    let value = match quoted(right) {
        Some(text) => Value::from(text),
        None => serde_json::from_str(right).ok()?,
    };
    Some(Step::Where {
        path: JsonPath::parse(left.trim().strip_prefix('@')?)?,
        is_equal,
        value,
    })
}

fn quoted(text: &str) -> Option<&str> {
    ['\'', '"']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_step_that_definitions_use_is_taken() {
        let object = json!({
            "spec": { "a.b": 1, "list": [{ "name": "x" }, { "name": "y" }] },
            "status": { "conditions": [
                { "type": "Ready", "status": "True" },
                { "type": "Done", "status": "False" },
            ] },
        });
        let cases = [
            (r".spec.a\.b", json!(1)),
            (".spec['a.b']", json!(1)),
            (".spec.list[1].name", json!("y")),
            (".spec.list[-1].name", json!("y")),
            (".spec.list[*].name", json!("x")),
            (
                ".status.conditions[?(@.type==\"Done\")].status",
                json!("False"),
            ),
            (
                ".status.conditions[?(@.type!='Ready')].status",
                json!("False"),
            ),
        ];
        for (path, value) in cases {
            let path = JsonPath::parse(path).unwrap();
            assert_eq!(path.first(&object), Some(&value), "{path:?}");
        }
        let missing = JsonPath::parse(".status.nope[?(@.a==1)].b").unwrap();
        assert_eq!(missing.first(&object), None);
    }
}
