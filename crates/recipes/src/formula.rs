//! Formulas over a recipe's parameters, in CEL: when something applies, and what follows from what.

use std::collections::{BTreeMap, BTreeSet};

use cel::{Context, Program, Value as Cel};
use serde_json::{Number, Value, json};

use crate::{error::Flaw, setting::Setting};

/// The values of parameters by id; none where nothing was given or the parameter does not apply.
pub(crate) type Settings = BTreeMap<String, Option<Setting>>;

/// The most characters of a formula.
const LONGEST: usize = 500;

/// An expression in CEL whose variables are the parameters before it. One without a value is null.
#[derive(Debug)]
pub struct Formula {
    text: String,
    line: u64,
    program: Program,
}

impl Formula {
    /// Reads `text`, which stands on `line` and may speak of the parameters `known`.
    pub(crate) fn read(text: &str, line: u64, known: &BTreeSet<String>) -> Result<Self, Flaw> {
        if text.len() > LONGEST {
            return Err(Flaw::new(
                line,
                format!("a formula has at most {LONGEST} characters"),
            ));
        }
        let program = Program::compile(text).map_err(|errors| {
            let said = errors.to_string();
            let first = said.lines().next().unwrap_or_default();
            Flaw::new(line, format!("`{text}` is no formula: {first}"))
        })?;
        let unknown = program
            .references()
            .variables()
            .into_iter()
            .find(|name| !known.contains(*name))
            .map(str::to_owned);
        if let Some(unknown) = unknown {
            return Err(Flaw::new(
                line,
                format!("`{text}` speaks of `{unknown}`, which is no parameter before it"),
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            line,
            program,
        })
    }

    /// The formula as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is true.
    pub(crate) fn holds(&self, settings: &Settings) -> Result<bool, Flaw> {
        match self.evaluate(settings)? {
            Cel::Bool(holds) => Ok(holds),
            _ => Err(self.flaw("is neither true nor false")),
        }
    }

    /// What it comes to, as a value of a manifest; none for null.
    pub(crate) fn value(&self, settings: &Settings) -> Result<Option<Value>, Flaw> {
        let value = self.evaluate(settings)?;
        self.json(&value)
    }

    fn json(&self, value: &Cel) -> Result<Option<Value>, Flaw> {
        Ok(Some(match value {
            Cel::Null => return Ok(None),
            Cel::Bool(value) => Value::Bool(*value),
            Cel::Int(number) => json!(number),
            Cel::UInt(number) => json!(number),
            Cel::Float(number) => Number::from_f64(*number)
                .map(Value::Number)
                .ok_or_else(|| self.flaw("is no number"))?,
            Cel::String(text) => Value::String(text.to_string()),
            Cel::List(items) => {
                let items: Vec<Option<Value>> = items
                    .iter()
                    .map(|item| self.json(item))
                    .collect::<Result<_, _>>()?;
                items.into_iter().flatten().collect()
            }
            _ => return Err(self.flaw("comes to nothing that a manifest can hold")),
        }))
    }

    fn evaluate(&self, settings: &Settings) -> Result<Cel, Flaw> {
        let mut context = Context::default();
        for name in self.program.references().variables() {
            let setting = settings.get(name).and_then(Option::as_ref);
            let value = setting.map_or(Cel::Null, Setting::cel);
            context.add_variable_from_value(name, value);
        }
        self.program
            .execute(&context)
            .map_err(|error| self.flaw(&format!("cannot be computed: {error}")))
    }

    fn flaw(&self, what: &str) -> Flaw {
        Flaw::new(self.line, format!("`{}` {what}", self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Formula, Flaw> {
        let known = ["gpus", "method", "extra"].map(str::to_owned).into();
        Formula::read(text, 7, &known)
    }

    fn settings() -> Settings {
        Settings::from([
            ("gpus".to_owned(), Some(Setting::Integer(4))),
            ("method".to_owned(), Some(Setting::Text("qlora".to_owned()))),
            ("extra".to_owned(), None),
        ])
    }

    #[test]
    fn formulas_compute_over_the_parameters() {
        let holds = |text| read(text).unwrap().holds(&settings());
        assert_eq!(holds("gpus > 1 && method != 'full'"), Ok(true));
        assert_eq!(holds("extra != null"), Ok(false));
        let value = read("gpus * 2").unwrap().value(&settings());
        assert_eq!(value, Ok(Some(json!(8))));
        let list = read("gpus > 1 ? ['--tp', string(gpus)] : []").unwrap();
        assert_eq!(list.value(&settings()), Ok(Some(json!(["--tp", "4"]))));
    }

    #[test]
    fn a_value_is_never_read_as_a_formula() {
        let mut hostile = settings();
        hostile.insert(
            "method".to_owned(),
            Some(Setting::Text("' || true || '".to_owned())),
        );
        assert_eq!(read("method == 'full'").unwrap().holds(&hostile), Ok(false));
    }

    #[test]
    fn what_is_wrong_names_the_line() {
        for (text, part) in [
            ("gpus >", "is no formula"),
            ("nodes > 1", "`nodes`"),
            (&"1+".repeat(400), "at most"),
        ] {
            let flaw = read(text).unwrap_err();
            assert_eq!(flaw.line, 7);
            assert!(flaw.message.contains(part), "{flaw:?}");
        }
        let flaw = read("gpus").unwrap().holds(&settings()).unwrap_err();
        assert!(flaw.message.contains("neither true nor false"), "{flaw:?}");
        let flaw = read("extra > 1").unwrap().holds(&settings()).unwrap_err();
        assert!(flaw.message.contains("cannot be computed"), "{flaw:?}");
    }
}
