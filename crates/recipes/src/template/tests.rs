use serde_json::json;

use super::*;
use crate::located;

fn known() -> Known<'static> {
    static SHARED: SharedManifests = SharedManifests::new();
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Known {
        all: set(&["gpus", "model", "context", "args"]),
        inline: set(&["gpus", "model", "context"]),
        manifests: &SHARED,
    }
}

fn fill(template: &str) -> Option<Value> {
    let settings = Settings::from([
        ("gpus".to_owned(), Some(Setting::Integer(4))),
        (
            "model".to_owned(),
            Some(Setting::Text("a: b\n- ${gpus} {{x}}".to_owned())),
        ),
        ("context".to_owned(), None),
        (
            "args".to_owned(),
            Some(Setting::List(vec!["x: y".to_owned()])),
        ),
    ]);
    let source: Located = located::read(template).unwrap();
    Node::read(&source, &known())
        .unwrap()
        .fill(&settings)
        .unwrap()
}

fn flaw(template: &str) -> Flaw {
    let source: Located = located::read(template).unwrap();
    Node::read(&source, &known()).unwrap_err()
}

#[test]
fn a_whole_place_keeps_its_type_and_text_stays_text() {
    assert_eq!(
        fill("{a: '${gpus}', b: 'n=${gpus}', c: '${model}', d: '$${gpus}'}"),
        Some(json!({ "a": 4, "b": "n=4", "c": "a: b\n- ${gpus} {{x}}", "d": "${gpus}" }))
    );
}

#[test]
fn what_has_no_value_is_left_out_with_what_held_it_alone() {
    assert_eq!(
        fill("{a: {b: ['--max=${context}']}, c: {}, d: ['${gpus}', '${context}']}"),
        Some(json!({ "c": {}, "d": [4] }))
    );
}

#[test]
fn instructions_choose_compute_splice_and_write_json() {
    assert_eq!(
        fill("[{$if: gpus > 8, $then: many, $else: few}, {$if: gpus > 8, $then: x}]"),
        Some(json!(["few"]))
    );
    assert_eq!(
        fill("[a, {$splice: '${args}'}, {$value: gpus * 2}]"),
        Some(json!(["a", "x: y", 8]))
    );
    let written = fill("{$json: {model: '${model}', context: '${context}'}}").unwrap();
    let read: Value = serde_json::from_str(written.as_str().unwrap()).unwrap();
    assert_eq!(read, json!({ "model": "a: b\n- ${gpus} {{x}}" }));
}

#[test]
fn a_key_that_comes_twice_is_a_fault() {
    let source: Located = located::read("{'${gpus}': 1, '4': 2}").unwrap();
    let settings = Settings::from([("gpus".to_owned(), Some(Setting::Integer(4)))]);
    let node = Node::read(&source, &known()).unwrap();
    assert!(node.fill(&settings).unwrap_err().message.contains("twice"));
}

#[test]
fn a_template_that_cannot_be_filled_names_its_line() {
    for (template, at, part) in [
        ("a: 1\nb: ${nodes}", 2, "`nodes` is no parameter"),
        ("a:\n- b\n- x ${args}", 3, "more than one value"),
        ("a: 1\nb: x ${gpus", 2, "without its"),
        ("a: 1\nb:\n  $when: x", 3, "no instruction"),
        ("a:\n  $if: gpus >\n  $then: 1", 2, "no formula"),
        ("a:\n  $splice: []", 2, "entry of a list"),
    ] {
        let flaw = flaw(template);
        assert!(flaw.message.contains(part), "{flaw:?}");
        assert_eq!(flaw.line, at, "{flaw:?}");
    }
}
