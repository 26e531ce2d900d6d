//! The names that a case uses for what is not the same everywhere: `$ns` is its namespace, `$core`,
//! `$apps`, `$batch`, `$kueue` and `$ray` are the paths in it, and what it saved has the name that it
//! gave.

use std::collections::BTreeMap;

use serde_json::Value;

/// Names and what they stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    values: BTreeMap<String, String>,
}

impl Names {
    /// The names that every case has.
    pub fn in_namespace(namespace: &str) -> Self {
        let mut names = Self::default();
        names.set("ns", namespace.to_owned());
        names.set("core", format!("/api/v1/namespaces/{namespace}"));
        for (name, group_version) in [
            ("apps", "apps/v1"),
            ("batch", "batch/v1"),
            ("policy", "policy/v1"),
            ("kueue", "kueue.x-k8s.io/v1beta2"),
            ("ray", "ray.io/v1"),
        ] {
            names.set(
                name,
                format!("/apis/{group_version}/namespaces/{namespace}"),
            );
        }
        names
    }

    /// Gives `name` a value.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// `text` with the values in the places of `$name` and `${name}`. What is no name stays.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            let (name, end) = name_at_start(after);
            if let Some(value) = self.values.get(name) {
                filled.push_str(value);
                rest = end;
            } else {
                filled.push('$');
                rest = after;
            }
        }
        filled + rest
    }

    /// `value` with every text in it, and every field's name, [filled in](Self::fill).
    pub fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|item| self.fill_in(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| (self.fill(name), self.fill_in(field)))
                .collect(),
            other => other.clone(),
        }
    }
}

/// The name that `text` begins with, and what follows it.
fn name_at_start(text: &str) -> (&str, &str) {
    if let Some((name, rest)) = text
        .strip_prefix('{')
        .and_then(|inner| inner.split_once('}'))
    {
        return (name, rest);
    }
    let end = text
        .find(|letter: char| !letter.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn known_names_are_filled_in_and_others_stay() {
        let names = Names::in_namespace("here");
        assert_eq!(
            names.fill("$core/pods/a-$ns-${ns}b costs $5 or $other"),
            "/api/v1/namespaces/here/pods/a-here-hereb costs $5 or $other"
        );
    }
}
