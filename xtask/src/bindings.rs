//! Writes the TypeScript side of the contract, and says when the committed one is stale.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};
use strata_api::{
    error::ApiError,
    frames::Frame,
    operations as ops,
    operations::OPERATIONS,
    phrases::{PhraseCode, Tongue},
    topics::Topic,
    with_operations,
};
use strata_domain::reading::Figure;
use ts_rs::{Config, TS, TypeVisitor};

const HEADER: &str = "// Written by `cargo xtask bindings` from crates/api. Do not edit.\n";

/// Writes the bindings into the tree at `root`, or with `check` compares them with what is there.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let folder = root.join("ui/src/bindings");
    for (name, text) in [
        ("contract.ts", contract()?),
        ("phrases.ts", phrases()?),
        ("figures.ts", figures()?),
    ] {
        let path = folder.join(name);
        if check {
            let there = fs::read_to_string(&path).unwrap_or_default();
            if there != text {
                bail!("ui/src/bindings/{name} is stale: run `cargo xtask bindings`");
            }
        } else {
            fs::create_dir_all(&folder)?;
            fs::write(&path, text).with_context(|| format!("writing ui/src/bindings/{name}"))?;
        }
    }
    Ok(())
}

/// Every type that crosses the wire, and the map from operations to requests and responses.
fn contract() -> Result<String> {
    let mut declarations = Declarations::default();
    declarations.visit::<Frame>();
    declarations.visit::<Topic>();
    declarations.visit::<ApiError>();
    visit_operations(&mut declarations);

    let mut text = String::from(HEADER);
    for declaration in declarations.by_name.values() {
        text.push('\n');
        text.push_str(declaration);
    }
    text.push_str("\n/** Every operation: its request and its response. */\n");
    text.push_str("export type Operations = {\n");
    for operation in OPERATIONS {
        writeln!(
            text,
            "  {}: [{}, {}];",
            operation.name, operation.request, operation.response
        )?;
    }
    text.push_str("};\n");
    Ok(text)
}

macro_rules! visit_requests_and_responses {
    ($($name:ident ($request:ident) -> $response:ident : $access:ident;)*) => {
        fn visit_operations(declarations: &mut Declarations) {
            $(
                declarations.visit::<ops::$request>();
                declarations.visit::<ops::$response>();
            )*
        }
    };
}

with_operations!(visit_requests_and_responses);

/// Declarations by name, so that the file is in the same order each time.
#[derive(Default)]
struct Declarations {
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let config = Config::new().with_large_int("number");
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(&config));
            self.by_name.insert(T::ident(&config), declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The words of both languages, by code.
fn phrases() -> Result<String> {
    let mut text = String::from(HEADER);
    text.push_str("\nimport type { PhraseCode } from './contract';\n");
    text.push_str("\nexport const PHRASES: Record<PhraseCode, { en: string; zh: string }> = {\n");
    for code in PhraseCode::ALL {
        writeln!(
            text,
            "  {}: {{ en: {}, zh: {} }},",
            serde_json::to_value(code)?.as_str().unwrap_or_default(),
            serde_json::to_string(code.template(Tongue::English))?,
            serde_json::to_string(code.template(Tongue::Chinese))?,
        )?;
    }
    text.push_str("};\n");
    Ok(text)
}

/// What every figure is called and means, in both languages.
fn figures() -> Result<String> {
    let mut text = String::from(HEADER);
    text.push_str("\nimport type { Figure } from './contract';\n");
    text.push_str(
        "\nexport const FIGURES: Record<\n  Figure,\n  \
         { name: { en: string; zh: string }; definition: { en: string; zh: string } }\n> = {\n",
    );
    let said = |words: fn(Figure, Tongue) -> &'static str, figure: Figure| -> Result<String> {
        Ok(format!(
            "{{ en: {}, zh: {} }}",
            serde_json::to_string(words(figure, Tongue::English))?,
            serde_json::to_string(words(figure, Tongue::Chinese))?,
        ))
    };
    for figure in Figure::ALL {
        writeln!(
            text,
            "  {}: {{ name: {}, definition: {} }},",
            serde_json::to_value(figure)?.as_str().unwrap_or_default(),
            said(Figure::name, figure)?,
            said(Figure::definition, figure)?,
        )?;
    }
    text.push_str("};\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_bindings_are_current() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("xtask lies in the root");
        run(root, true).unwrap();
    }
}
