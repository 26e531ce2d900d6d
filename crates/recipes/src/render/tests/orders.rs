//! What recipes are ordered with in tests: the least, and everything.

use super::*;

pub(super) fn place() -> Place<'static> {
    Place {
        namespace: "team-a",
        is_cluster_wide: &is_cluster_wide_by_itself,
    }
}

/// A value that a parameter takes, for those without a default.
fn sample(parameter: &Parameter) -> Value {
    match &parameter.kind {
        Kind::Name { .. } => json!("sample"),
        Kind::Object { .. } => json!("sample-object"),
        Kind::Text { pattern, .. } => {
            // What the patterns of Strata's own recipes take, one of these at least.
            let words = [
                "sample/text",
                "/sample/text",
                "2.52.0",
                "sample.io/gpu",
                "s3://sample/text",
                "http://sample.example:9090",
            ];
            let fits = |word: &&&str| {
                pattern
                    .as_ref()
                    .is_none_or(|pattern| pattern.is_match(word))
            };
            json!(words.iter().find(fits).copied().unwrap_or("sample"))
        }
        Kind::Integer { min, .. } => json!((*min).max(1)),
        Kind::Number { min, .. } => json!(min.max(0.5)),
        Kind::Quantity { min, .. } => json!(min),
        Kind::Boolean => json!(true),
        Kind::Choice { options } => json!(options[0].value),
        Kind::Image => json!("registry.example/team/sample:1"),
        Kind::Model { forms } => json!(forms[0].example()),
        Kind::Secret => json!({ "name": "sample-secret", "key": "token" }),
        Kind::Environment => json!([{ "name": "SAMPLE", "value": "a: b" }]),
        Kind::List { .. } => json!(["--sample", "a: b"]),
        Kind::Labels => json!({ "sample.io/zone": "a" }),
        Kind::Manifests => {
            json!("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sample}\ndata: {a: 'yes'}\n")
        }
    }
}

/// The least that has to be given: what is needed and has no default.
pub(super) fn least(recipe: &Recipe) -> Order {
    let needed = recipe
        .parameters
        .iter()
        .filter(|parameter| parameter.required && parameter.default.is_none());
    Order {
        values: needed
            .map(|parameter| (parameter.id.clone(), sample(parameter)))
            .collect(),
        ..Order::default()
    }
}

/// Everything that can be given.
pub(super) fn most(recipe: &Recipe) -> Order {
    Order {
        values: recipe
            .parameters
            .iter()
            .map(|parameter| (parameter.id.clone(), sample(parameter)))
            .collect(),
        ..Order::default()
    }
}

/// The same, with choices under which `parameter` applies.
pub(super) fn applying(recipe: &Recipe, parameter: &Parameter) -> Order {
    let choices = recipe.parameters.iter().flat_map(|one| match &one.kind {
        Kind::Choice { options } => options
            .iter()
            .map(|option| (one.id.clone(), json!(option.value)))
            .collect(),
        _ => Vec::new(),
    });
    let mut orders = std::iter::once(most(recipe)).chain(choices.map(|(id, value)| {
        let mut order = most(recipe);
        order.values.insert(id, value);
        order
    }));
    let found = orders.find(|order| {
        let rendered = recipe.render(order, place()).unwrap();
        let field = |field: &&Field| field.parameter == parameter.id;
        rendered.fields.iter().find(field).unwrap().applies
    });
    found.unwrap_or_else(|| panic!("{}.{} never applies", recipe.id, parameter.id))
}
