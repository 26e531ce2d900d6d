//! What is wrong with the fields of an object, in Kubernetes's words
//! (`k8s.io/apimachinery/pkg/util/validation/field`).

use serde_json::Value;

use crate::server::failure::Cause;

/// Everything that is wrong with an object, in the order found.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    pub(crate) all: Vec<Cause>,
}

impl Causes {
    fn add(&mut self, reason: &'static str, field: &str, message: String) {
        self.all.push(Cause::new(reason, field, message));
    }

    /// The field is missing; `detail` may be empty.
    pub(crate) fn required(&mut self, field: &str, detail: &str) {
        self.add(
            "FieldValueRequired",
            field,
            with("Required value".to_owned(), detail),
        );
    }

    /// The value is not what it may be.
    pub(crate) fn invalid(&mut self, field: &str, value: impl Into<Value>, detail: &str) {
        let head = format!("Invalid value: {}", shown(&value.into()));
        self.add("FieldValueInvalid", field, with(head, detail));
    }

    /// The value is not what it may be, and is not shown.
    pub(crate) fn invalid_unshown(&mut self, field: &str, detail: &str) {
        self.add(
            "FieldValueInvalid",
            field,
            with("Invalid value".to_owned(), detail),
        );
    }

    /// The value is of another type than the field.
    pub(crate) fn type_invalid(&mut self, field: &str, value: impl Into<Value>, detail: &str) {
        let head = format!("Invalid value: {}", shown(&value.into()));
        self.add("FieldValueTypeInvalid", field, with(head, detail));
    }

    /// The value is none of `supported`.
    pub(crate) fn unsupported(&mut self, field: &str, value: impl Into<Value>, supported: &[&str]) {
        self.unsupported_shown(field, &shown(&value.into()), supported);
    }

    /// As [`Causes::invalid`], with the value as the server's own type shows it.
    pub(crate) fn invalid_shown(&mut self, field: &str, shown: &str, detail: &str) {
        let message = format!("Invalid value: {shown}: {detail}");
        self.add("FieldValueInvalid", field, message);
    }

    /// As [`Causes::unsupported`], with the value as the server's own type shows it.
    pub(crate) fn unsupported_shown(&mut self, field: &str, shown: &str, supported: &[&str]) {
        let message = format!("Unsupported value: {shown}{}", listed(supported));
        self.add("FieldValueNotSupported", field, message);
    }

    /// As [`Causes::duplicate`], with the value as the server's own type shows it.
    pub(crate) fn duplicate_shown(&mut self, field: &str, shown: &str) {
        self.add(
            "FieldValueDuplicate",
            field,
            format!("Duplicate value: {shown}"),
        );
    }

    /// The value is there already.
    pub(crate) fn duplicate(&mut self, field: &str, value: impl Into<Value>) {
        let message = format!("Duplicate value: {}", shown(&value.into()));
        self.add("FieldValueDuplicate", field, message);
    }

    /// The field must not be set.
    pub(crate) fn forbidden(&mut self, field: &str, detail: &str) {
        self.add(
            "FieldValueForbidden",
            field,
            with("Forbidden".to_owned(), detail),
        );
    }

    /// What the value names is not there.
    pub(crate) fn not_found(&mut self, field: &str, value: impl Into<Value>) {
        let message = format!("Not found: {}", shown(&value.into()));
        self.add("FieldValueNotFound", field, message);
    }

    /// The text or the data is longer than `most` bytes.
    pub(crate) fn too_long(&mut self, field: &str, most: u64) {
        let message = format!(
            "Too long: may not be more than {most} {}",
            plural(most, "byte")
        );
        self.add("FieldValueTooLong", field, message);
    }

    /// There are more than `most` items.
    pub(crate) fn too_many(&mut self, field: &str, count: usize, most: u64) {
        let message = format!(
            "Too many: {count}: must have at most {most} {}",
            plural(most, "item")
        );
        self.add("FieldValueTooMany", field, message);
    }

    /// The value has to be one of `supported`; an empty one is one too few.
    pub(crate) fn one_of(&mut self, field: &str, value: &str, supported: &[&str]) {
        if !supported.contains(&value) {
            self.unsupported(field, value, supported);
        }
    }

    /// The number must not be below 0.
    pub(crate) fn not_negative(&mut self, field: &str, value: Option<&Value>) {
        if let Some(number) = value.and_then(Value::as_i64).filter(|number| *number < 0) {
            self.invalid(field, number, "must be greater than or equal to 0");
        }
    }

    /// Each of `problems` makes the value invalid.
    pub(crate) fn each(&mut self, field: &str, value: &str, problems: Vec<String>) {
        for problem in problems {
            self.invalid(field, value, &problem);
        }
    }
}

fn with(head: String, detail: &str) -> String {
    if detail.is_empty() {
        head
    } else {
        format!("{head}: {detail}")
    }
}

fn listed(supported: &[&str]) -> String {
    if supported.is_empty() {
        return String::new();
    }
    let supported: Vec<String> = supported.iter().map(|one| format!("{one:?}")).collect();
    format!(": supported values: {}", supported.join(", "))
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}
