//! Values that mean harm, in every parameter of every recipe: each is a fault of that parameter, or
//! data in a tree that keeps its shape.

use super::*;

/// Values of every type, each wrong for most parameters.
fn hostile() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "\n",
        "a\nb: c",
        "a\r\nb",
        "x: y",
        "- x",
        "{a: b}",
        "[1, 2]",
        "${name}",
        "$${name}",
        "{{ .Values.x }}",
        "{{x}}",
        "$(reboot)",
        "`reboot`",
        "; rm -rf /",
        "' || true || '",
        "\"",
        "'",
        "*alias",
        "&anchor x",
        "!!binary aGk=",
        "---\nkind: Pod",
        "\u{202e}gnp.exe",
        "a\u{200b}b",
        "\u{0}",
        "\u{1b}[2J",
        "../../etc/passwd",
        "null",
        "~",
        "yes",
        "0x10",
        "1e99",
        "-1",
        "NaN",
        ".inf",
        "<script>alert(1)</script>",
        "中文",
        "default",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    values.extend([
        json!("a".repeat(100_000)),
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1),
        json!(1.5),
        json!(1e99),
        json!(-1e99),
        json!(i64::MIN),
        json!(u64::MAX),
        json!([]),
        json!(["a\nb"]),
        json!(["x: y", "${name}"]),
        json!([1, null, {}]),
        json!(vec!["a"; 10_000]),
        json!({}),
        json!({ "name": "a", "key": "b", "more": "c" }),
        json!({ "name": "A B", "key": "../x" }),
        json!({ "a/b/c": "d" }),
        json!({ "$if": "true", "$then": "x" }),
        json!([{ "name": "A=B", "value": "c" }]),
        json!([{ "name": "A", "value": "x" }, { "name": "A", "value": "y" }]),
        json!([{ "name": "HF_TOKEN", "value": "hf_abc" }]),
        json!([{ "name": "A", "value": "$(B) ${name} {{x}}\n- y" }]),
        json!([{ "name": "A", "secret": { "name": "s", "key": "k" }, "value": "x" }]),
    ]);
    values
}

/// The shape of a tree: what it is made of, without what its texts and numbers say. Lists and maps
/// that a parameter fills as a whole are left to it.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), shape(value)))
            .collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("boolean"),
        Value::Null => json!("null"),
    }
}

#[test]
fn a_hostile_value_is_a_fault_of_its_field_or_data_in_a_tree_of_the_same_shape() {
    let collection = collection();
    let values = hostile();
    let mut refused = 0_u32;
    let mut taken = 0_u32;
    for recipe in collection.recipes() {
        for parameter in &recipe.parameters {
            let given = applying(recipe, parameter);
            let usual = recipe.render(&given, place()).unwrap();
            for value in &values {
                let mut order = given.clone();
                order.values.insert(parameter.id.clone(), value.clone());
                let rendered = recipe.render(&order, place()).unwrap();
                let at = format!("{}.{} = {value:.80}", recipe.id, parameter.id);
                if !rendered.faults.is_empty() {
                    refused += 1;
                    let fields: Vec<&str> = rendered
                        .faults
                        .iter()
                        .map(|fault| fault.parameter.as_str())
                        .collect();
                    assert_eq!(fields, [parameter.id.as_str()], "{at}");
                    assert!(rendered.objects.is_empty(), "{at}");
                    continue;
                }
                taken += 1;
                same_structure(parameter, value, &usual, &rendered, &at);
            }
        }
    }
    // The test would say nothing if everything went one way.
    assert!(refused > 1000 && taken > 300, "{refused} {taken}");
}

fn same_structure(
    parameter: &Parameter,
    value: &Value,
    usual: &Rendered,
    rendered: &Rendered,
    at: &str,
) {
    let text = yaml_of(&rendered.objects).unwrap();
    let read: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
    assert_eq!(read, rendered.objects, "{at}");
    let is_text = matches!(
        parameter.kind,
        Kind::Name { .. }
            | Kind::Text { .. }
            | Kind::Image
            | Kind::Model { .. }
            | Kind::Object { .. }
    );
    // Choices, switches and numbers choose parts of the tree, and so does nothing at all; a
    // resource's name is a key.
    let is_given = value.as_str().is_some_and(|text| !text.is_empty());
    if is_text && is_given && parameter.id != "gpu_resource" {
        let shapes = |rendered: &Rendered| rendered.objects.iter().map(shape).collect::<Vec<_>>();
        assert_eq!(shapes(rendered), shapes(usual), "{at}");
    }
}

#[test]
fn a_value_on_a_command_line_is_no_less_checked() {
    let collection = collection();
    let recipe = collection.recipe("vllm").unwrap();
    for (id, text) in [
        ("gpus", "two"),
        ("gpus", "1e99"),
        ("gpus", "-1"),
        ("memory_fraction", "1e999"),
        ("memory_fraction", "NaN"),
        ("token", "no-key"),
        ("environment", "HF_TOKEN=hf_abc"),
        ("node_selector", "a b=c"),
        ("cache_size", "many"),
        ("tolerate_gpu_taint", "maybe"),
    ] {
        let mut order = most(recipe);
        order.typed.insert(id.to_owned(), text.to_owned());
        let rendered = recipe.render(&order, place()).unwrap();
        let fields: Vec<&str> = rendered
            .faults
            .iter()
            .map(|fault| fault.parameter.as_str())
            .collect();
        assert_eq!(fields, [id], "{id}={text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of what can be broken")]
fn broken_manifests_are_answered_with_the_line_and_the_reason() {
    use crate::fault::ManifestFault as M;
    type Meant = fn(&M) -> bool;
    let collection = collection();
    let recipe = collection.recipe("manifests").unwrap();
    let good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let after = |text: &str| format!("{good}---\n{text}");
    let unreadable: Meant = |fault| matches!(fault, M::Unreadable(_));
    let broken: Vec<(String, u64, Meant)> = vec![
        ("# nothing\n".to_owned(), 1, |fault| *fault == M::Missing),
        ("---\n---\n".to_owned(), 1, |fault| *fault == M::Missing),
        ("text".to_owned(), 1, |fault| *fault == M::NotAMapping),
        ("- a\n- b\n".to_owned(), 1, |fault| *fault == M::NotAMapping),
        (after("12"), 5, |fault| *fault == M::NotAMapping),
        ("kind: A\nmetadata: {name: a}\n".to_owned(), 1, |fault| {
            *fault == M::FieldMissing("apiVersion")
        }),
        (after("apiVersion: v1\nmetadata: {name: a}\n"), 5, |fault| {
            *fault == M::FieldMissing("kind")
        }),
        (after("apiVersion: v1\nkind: A\n"), 5, |fault| {
            *fault == M::FieldMissing("metadata.name")
        }),
        (
            after("apiVersion: v1\nkind: A\nmetadata: x\n"),
            5,
            |fault| *fault == M::FieldMissing("metadata.name"),
        ),
        (
            after("apiVersion: v1\nkind: A\nmetadata: {name: ''}\n"),
            5,
            |fault| *fault == M::FieldMissing("metadata.name"),
        ),
        (
            after("apiVersion: v1\nkind: A\nmetadata: {name: 12}\n"),
            5,
            |fault| *fault == M::FieldNotText("metadata.name"),
        ),
        (
            after("apiVersion: 1\nkind: A\nmetadata: {name: a}\n"),
            5,
            |fault| *fault == M::FieldNotText("apiVersion"),
        ),
        (
            after("apiVersion: v1\nkind: [A]\nmetadata: {name: a}\n"),
            5,
            |fault| *fault == M::FieldNotText("kind"),
        ),
        (
            after("apiVersion: v1\nkind: A\nmetadata: {name: a, namespace: 1}\n"),
            5,
            |fault| *fault == M::FieldNotText("metadata.namespace"),
        ),
        (
            after("apiVersion: v1\nkind: A\nmetadata: {generateName: a-}\n"),
            5,
            |fault| *fault == M::GeneratedName,
        ),
        (
            after("apiVersion: v1\nkind: List\nmetadata: {name: a}\nitems: []\n"),
            5,
            |fault| *fault == M::List,
        ),
        (
            after("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: b}\n"),
            5,
            |fault| *fault == M::Secret,
        ),
        (after(good), 5, |fault| matches!(fault, M::Repeated(_))),
        (after("a: [1, 2\nb: c\n"), 6, unreadable),
        (after("a: {b: c\nd: e\n"), 6, unreadable),
        (after("a: b: c\n"), 5, unreadable),
        (after("a:\n\t- b\n"), 6, unreadable),
        (after("a: \"b\nc: d\n"), 5, unreadable),
        (after("a: 'b\n"), 5, unreadable),
        (after("a: *nothing\n"), 5, unreadable),
        (after("a: b\na: c\n"), 6, unreadable),
        (after("a:\n  b: c\n d: e\n"), 7, unreadable),
        (after("- a\nb: c\n"), 6, unreadable),
        (after("%YAML 9.9\na: b\n"), 5, unreadable),
        (after("a: @b\n"), 5, unreadable),
    ];
    assert_eq!(broken.len(), 30);
    for (text, line, is_meant) in broken {
        let mut order = least(recipe);
        order.values.insert("yaml".to_owned(), json!(text));
        let rendered = recipe.render(&order, place()).unwrap();
        let [
            FieldFault {
                parameter,
                fault: Fault::NotAManifest(at, fault),
            },
        ] = rendered.faults.as_slice()
        else {
            panic!("{text:?}: {:?}", rendered.faults);
        };
        assert_eq!(parameter, "yaml");
        assert!(is_meant(fault), "{text:?}: {fault:?}");
        // A parser may see a text's end before it misses something.
        assert!(
            at.abs_diff(line) <= 2,
            "{text:?}: line {at}, not {line}: {fault:?}"
        );
    }
}
