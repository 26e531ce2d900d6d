//! From what was given to a typed value, or what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use strata_domain::quantity;

use super::{Kind, ModelForm, forms, manifests};
use crate::{
    fault::Fault,
    setting::{SecretKey, Setting, Variable, VariableValue},
};

/// The most characters of an entry of a list and of a variable.
const ENTRY: usize = 4096;
/// The most labels, and the most variables.
const ENTRIES: usize = 128;

/// Reads `value` as a value of `kind`.
pub(super) fn read(kind: &Kind, value: &Value) -> Result<Setting, Fault> {
    match kind {
        Kind::Integer { min, max } => integer(value, *min, *max).map(Setting::Integer),
        Kind::Number { min, max } => number(value, *min, *max).map(Setting::Number),
        Kind::Boolean => match value {
            Value::Bool(value) => Ok(Setting::Boolean(*value)),
            _ => Err(Fault::WrongType("boolean")),
        },
        Kind::Secret => secret(value).map(Setting::Secret),
        Kind::Environment => environment(value).map(Setting::Environment),
        Kind::List { max_items } => list(value, *max_items).map(Setting::List),
        Kind::Labels => labels(value).map(Setting::Labels),
        Kind::Quantity { min, max } => quantity_text(value, min, max).map(Setting::Text),
        Kind::Manifests => manifests::read(text(value)?).map(Setting::Manifests),
        Kind::Name { .. }
        | Kind::Text { .. }
        | Kind::Choice { .. }
        | Kind::Image
        | Kind::Model { .. }
        | Kind::Object { .. } => {
            let text = text(value)?;
            check_text(kind, text)?;
            Ok(Setting::Text(text.to_owned()))
        }
    }
}

/// What somebody typed, as a value.
pub(super) fn typed(kind: &Kind, text: &str) -> Value {
    let lines = || text.lines().filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        (name.to_owned(), value.to_owned())
    };
    match kind {
        Kind::Integer { .. } => text
            .trim()
            .parse::<i64>()
            .map_or_else(|_| json!(text), |n| json!(n)),
        // JSON has no infinity: what is too large for a number stays the text that it was.
        Kind::Number { .. } => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => json!(number),
            _ => json!(text),
        },
        Kind::Boolean => match text.trim() {
            "true" | "yes" => json!(true),
            "false" | "no" => json!(false),
            _ => json!(text),
        },
        Kind::Secret => match text.split_once('/') {
            Some((name, key)) => json!({ "name": name, "key": key }),
            None => json!(text),
        },
        Kind::List { .. } => lines().map(|line| json!(line)).collect(),
        Kind::Labels => Value::Object(
            lines()
                .map(pair)
                .map(|(key, value)| (key, Value::String(value)))
                .collect::<Map<_, _>>(),
        ),
        Kind::Environment => lines()
            .map(pair)
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect(),
        _ => json!(text),
    }
}

fn text(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or(Fault::WrongType("text"))
}

fn check_text(kind: &Kind, text: &str) -> Result<(), Fault> {
    let fails = |is_right: bool, fault: Fault| if is_right { Ok(()) } else { Err(fault) };
    match kind {
        Kind::Name { max_length } => fails(
            forms::is_label(text, *max_length),
            Fault::NotAName(*max_length),
        ),
        Kind::Object { .. } => fails(forms::is_subdomain(text), Fault::NotAName(253)),
        Kind::Image => fails(forms::is_image(text), Fault::NotAnImage),
        Kind::Model { forms } => fails(
            forms.iter().any(|form| form.matches(text)),
            Fault::NotAModel(forms.iter().copied().map(ModelForm::example).collect()),
        ),
        Kind::Choice { options } => fails(
            options.iter().any(|option| option.value == text),
            Fault::NotAnOption(options.iter().map(|option| option.value.clone()).collect()),
        ),
        Kind::Text {
            min_length,
            max_length,
            pattern,
            lines,
        } => {
            plain(text, *max_length, *lines)?;
            if text.chars().count() < *min_length {
                return Err(Fault::TooShort(*min_length));
            }
            match pattern {
                Some(pattern) if !pattern.is_match(text) => {
                    Err(Fault::WrongForm(pattern.as_str().to_owned()))
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Text that can be seen, and is not endless.
fn plain(text: &str, max_length: usize, lines: bool) -> Result<(), Fault> {
    if text.chars().count() > max_length {
        return Err(Fault::TooLong(max_length));
    }
    forms::invisible(text, lines).map_or(Ok(()), |letter| {
        Err(Fault::Invisible(format!("U+{:04X}", u32::from(letter))))
    })
}

fn integer(value: &Value, min: i64, max: i64) -> Result<i64, Fault> {
    let Value::Number(number) = value else {
        return Err(Fault::WrongType("integer"));
    };
    let Some(whole) = number.as_i64() else {
        return Err(match number.as_f64() {
            Some(float) if float.fract() != 0.0 => Fault::WrongType("integer"),
            Some(float) if float < 0.0 => Fault::TooSmall(min.to_string()),
            _ => Fault::TooLarge(max.to_string()),
        });
    };
    if whole < min {
        Err(Fault::TooSmall(min.to_string()))
    } else if whole > max {
        Err(Fault::TooLarge(max.to_string()))
    } else {
        Ok(whole)
    }
}

fn number(value: &Value, min: f64, max: f64) -> Result<f64, Fault> {
    let number = value.as_f64().ok_or(Fault::WrongType("number"))?;
    if number < min {
        Err(Fault::TooSmall(min.to_string()))
    } else if number > max {
        Err(Fault::TooLarge(max.to_string()))
    } else {
        Ok(number)
    }
}

/// A quantity; a number stands for itself.
fn quantity_text(value: &Value, min: &str, max: &str) -> Result<String, Fault> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Fault::WrongType("quantity")),
    };
    if !forms::is_quantity(&text) {
        return Err(Fault::NotAQuantity);
    }
    let amount = quantity::parse(&text).ok_or(Fault::NotAQuantity)?;
    if quantity::parse(min).is_some_and(|min| amount < min) {
        return Err(Fault::TooSmall(min.to_owned()));
    }
    if quantity::parse(max).is_some_and(|max| amount > max) {
        return Err(Fault::TooLarge(max.to_owned()));
    }
    Ok(text)
}

fn secret(value: &Value) -> Result<SecretKey, Fault> {
    let fields = value.as_object().ok_or(Fault::NotASecretKey)?;
    let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let (name, key) = (field("name"), field("key"));
    if fields.len() != 2 || !forms::is_subdomain(name) || !forms::is_config_key(key) {
        return Err(Fault::NotASecretKey);
    }
    Ok(SecretKey {
        name: name.to_owned(),
        key: key.to_owned(),
    })
}

fn list(value: &Value, max_items: usize) -> Result<Vec<String>, Fault> {
    let items = value.as_array().ok_or(Fault::WrongType("list"))?;
    if items.len() > max_items {
        return Err(Fault::TooMany(max_items));
    }
    items
        .iter()
        .map(|item| {
            let text = text(item)?;
            plain(text, ENTRY, false)?;
            Ok(text.to_owned())
        })
        .collect()
}

fn labels(value: &Value) -> Result<BTreeMap<String, String>, Fault> {
    let fields = value.as_object().ok_or(Fault::WrongType("labels"))?;
    if fields.len() > ENTRIES {
        return Err(Fault::TooMany(ENTRIES));
    }
    fields
        .iter()
        .map(|(key, value)| {
            let label = text(value)?;
            if forms::is_label_key(key) && forms::is_label_value(label) {
                Ok((key.clone(), label.to_owned()))
            } else {
                let shown: String = key.chars().take(80).collect();
                Err(Fault::NotALabel(shown))
            }
        })
        .collect()
}

fn environment(value: &Value) -> Result<Vec<Variable>, Fault> {
    let items = value.as_array().ok_or(Fault::WrongType("environment"))?;
    if items.len() > ENTRIES {
        return Err(Fault::TooMany(ENTRIES));
    }
    let mut names = BTreeSet::new();
    let mut variables = Vec::with_capacity(items.len());
    for item in items {
        let one = variable(item)?;
        if !names.insert(one.name.clone()) {
            return Err(Fault::Repeated(one.name));
        }
        variables.push(one);
    }
    Ok(variables)
}

fn variable(item: &Value) -> Result<Variable, Fault> {
    let fields = item.as_object().ok_or(Fault::WrongType("environment"))?;
    let name = fields
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let known = ["name", "value", "secret"];
    if !forms::is_variable(name) || fields.keys().any(|key| !known.contains(&key.as_str())) {
        return Err(Fault::NotAVariable(name.chars().take(80).collect()));
    }
    let value = match (fields.get("value"), fields.get("secret")) {
        (None, Some(reference)) => VariableValue::Secret(secret(reference)?),
        (value, None) => {
            let text = value.map_or(Ok(""), text)?;
            plain(text, ENTRY, true)?;
            if is_secret_name(name) && !text.is_empty() {
                return Err(Fault::SecretInPlain(name.to_owned()));
            }
            VariableValue::Plain(text.to_owned())
        }
        (Some(_), Some(_)) => return Err(Fault::NotAVariable(name.to_owned())),
    };
    Ok(Variable {
        name: name.to_owned(),
        value,
    })
}

/// Whether what a variable of this name holds is a secret by all experience.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let endings = [
        "TOKEN",
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "API_KEY",
        "APIKEY",
        "ACCESS_KEY",
        "SECRET_KEY",
        "PRIVATE_KEY",
        "CREDENTIALS",
    ];
    endings.iter().any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}
