//! The language of rules: CEL with the libraries that Kubernetes gives it, as far as they are here
//! (`k8s.io/apiserver/pkg/cel/library`: strings, lists, regular expressions).

use std::{
    cmp::Ordering,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, DeclarationError, Env, ExecutionError, Program, Value, extensions, extractors::This,
};
use regex::Regex;

type List = Arc<Vec<Value>>;
type Text = Arc<String>;

static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut language = Env::stdlib().with_optional_support(true);
    for extension in [extensions::strings, extensions::lists] {
        if let Err(error) = extension(&mut language) {
            tracing::error!(%error, "a library of CEL is not there");
        }
    }
    Arc::new(language)
});

/// Names that mean something else in CEL (`k8s.io/apiserver/pkg/cel/escaping.go`).
const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The program that `text` is; none where it is none.
pub(super) fn compile(text: &str) -> Option<Program> {
    LANGUAGE
        .compile(text)
        .inspect_err(|error| tracing::debug!(%error, text, "a rule of a definition is not judged"))
        .ok()
}

/// What programs run in, without variables.
pub(super) fn context<'a>() -> Context<'a, 'a> {
    let mut context = Context::with_env(Arc::clone(&LANGUAGE));
    if let Err(error) = add_functions(&mut context) {
        tracing::error!(%error, "a function of Kubernetes' rules is not there");
    }
    context
}

fn add_functions(context: &mut Context<'_, '_>) -> Result<(), DeclarationError> {
    context.add_function("isSorted", is_sorted)?;
    context.add_function("sum", sum)?;
    context.add_function("find", find)?;
    context.add_function("findAll", find_all)
}

fn is_sorted(This(list): This<List>) -> bool {
    list.is_sorted_by(|left, right| left.partial_cmp(right) != Some(Ordering::Greater))
}

fn sum(This(list): This<List>) -> Result<Value, ExecutionError> {
    let mut total = Value::Int(0);
    for (index, item) in list.iter().enumerate() {
        total = match (total, item) {
            (_, first) if index == 0 => first.clone(),
            (Value::Int(total), Value::Int(item)) => Value::Int(total.saturating_add(*item)),
            (Value::Float(total), Value::Float(item)) => Value::Float(total + item),
            (total, _) => return Err(ExecutionError::function_error("sum", format!("{total:?}"))),
        };
    }
    Ok(total)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the interpreter gives arguments away"
)]
fn find(This(text): This<Text>, pattern: Text) -> Result<Value, ExecutionError> {
    let pattern = regex(&pattern)?;
    let found = pattern.find(&text).map_or("", |found| found.as_str());
    Ok(Value::String(Arc::new(found.to_owned())))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the interpreter gives arguments away"
)]
fn find_all(This(text): This<Text>, pattern: Text) -> Result<Value, ExecutionError> {
    let pattern = regex(&pattern)?;
    let found = pattern.find_iter(&text);
    let found = found.map(|found| Value::String(Arc::new(found.as_str().to_owned())));
    Ok(Value::List(Arc::new(found.collect())))
}

fn regex(pattern: &str) -> Result<Regex, ExecutionError> {
    Regex::new(pattern).map_err(|error| ExecutionError::function_error("find", error))
}

/// A time as rules see it.
pub(super) fn timestamp(text: &str) -> Option<Value> {
    static PROGRAM: LazyLock<Option<Program>> = LazyLock::new(|| compile("timestamp(text)"));
    of_text(PROGRAM.as_ref()?, text)
}

/// A duration as rules see it.
pub(super) fn duration(text: &str) -> Option<Value> {
    static PROGRAM: LazyLock<Option<Program>> = LazyLock::new(|| compile("duration(text)"));
    of_text(PROGRAM.as_ref()?, text)
}

fn of_text(program: &Program, text: &str) -> Option<Value> {
    let mut context = context();
    context.add_variable_from_value("text", Value::String(Arc::new(text.to_owned())));
    program.execute(&context).ok()
}

/// The name of a field as rules write it.
pub(super) fn word(name: &str) -> String {
    if RESERVED.contains(&name) {
        return format!("__{name}__");
    }
    let mut word = name.replace("__", "__underscores__");
    for (letter, stands_as) in [(".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")] {
        word = word.replace(letter, stands_as);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(text: &str) -> Value {
        compile(text).unwrap().execute(&context()).unwrap()
    }

    #[test]
    fn the_libraries_of_kubernetes_are_there() {
        for rule in [
            "'TacoCat'.lowerAscii() == 'tacocat'",
            "'a-b-c'.split('-').size() == 3",
            "['a', 'b'].join(',') == 'a,b'",
            "[1, 2, 2].isSorted() && ![2, 1].isSorted()",
            "[1, 2, 3].sum() == 6",
            "'abc 123'.find('[0-9]+') == '123'",
            "'1 22'.findAll('[0-9]+').size() == 2",
            "['a', 'b'].exists_one(x, x == 'a')",
            "duration('5m') < duration('1h')",
            "timestamp('2026-11-23T12:00:00Z') < timestamp('2026-11-24T00:00:00Z')",
        ] {
            assert_eq!(evaluate(rule), Value::Bool(true), "{rule}");
        }
    }

    #[test]
    fn names_that_cel_cannot_write_have_words() {
        assert_eq!(word("namespace"), "__namespace__");
        assert_eq!(word("a-b.c/d"), "a__dash__b__dot__c__slash__d");
        assert_eq!(word("replicas"), "replicas");
    }
}
