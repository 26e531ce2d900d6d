use std::collections::BTreeSet;

use super::*;
use crate::{
    collection::Collection,
    parameter::{Kind, Parameter},
};

mod hostile;
mod orders;
mod property;
mod scaling;

use orders::{applying, least, most, place};

fn collection() -> Collection {
    Collection::embedded().unwrap()
}

#[test]
fn every_recipe_comes_to_manifests_with_the_least_and_with_everything() {
    for recipe in collection().recipes() {
        for order in [least(recipe), most(recipe)] {
            let rendered = recipe.render(&order, place()).unwrap();
            assert_eq!(rendered.faults, [], "{}", recipe.id);
            assert!(!rendered.objects.is_empty(), "{}", recipe.id);
            assert_eq!(rendered.release, "sample", "{}", recipe.id);
        }
    }
}

#[test]
fn every_choice_of_every_recipe_comes_to_manifests() {
    for recipe in collection().recipes() {
        for parameter in &recipe.parameters {
            let values: Vec<Value> = match &parameter.kind {
                Kind::Choice { options } => {
                    options.iter().map(|option| json!(option.value)).collect()
                }
                Kind::Boolean => vec![json!(true), json!(false)],
                Kind::Integer { min, max } => vec![json!(min), json!(max)],
                _ => continue,
            };
            for value in values {
                let mut order = applying(recipe, parameter);
                order.values.insert(parameter.id.clone(), value.clone());
                let rendered = recipe.render(&order, place()).unwrap();
                assert_eq!(
                    rendered.faults,
                    [],
                    "{}.{} = {value}",
                    recipe.id,
                    parameter.id
                );
            }
        }
    }
}

#[test]
fn every_object_lies_in_the_namespace_and_carries_the_release() {
    for recipe in collection().recipes() {
        let rendered = recipe.render(&most(recipe), place()).unwrap();
        for object in &rendered.objects {
            let metadata = &object["metadata"];
            assert_eq!(metadata["namespace"], "team-a", "{}", recipe.id);
            assert_eq!(metadata["labels"][release::RELEASE_LABEL], "sample");
            assert_eq!(
                metadata["annotations"][release::RECIPE_ANNOTATION],
                recipe.id
            );
            assert!(metadata["name"].as_str().unwrap().len() <= 63);
        }
    }
}

#[test]
fn the_kinds_that_a_recipe_needs_are_those_of_its_manifests() {
    for recipe in collection()
        .recipes()
        .iter()
        .filter(|recipe| recipe.id != "manifests")
    {
        let rendered = recipe.render(&most(recipe), place()).unwrap();
        // What is shared is added where somebody wants it: the recipe does without.
        let scaler = GroupKind::new("autoscaling", "HorizontalPodAutoscaler");
        let made = rendered.objects.iter().map(kind_of);
        let made: BTreeSet<GroupKind> = made.filter(|kind| *kind != scaler).collect();
        let needed: BTreeSet<GroupKind> = recipe
            .kinds
            .iter()
            .map(|needed| needed.kind.clone())
            .collect();
        assert!(
            made.is_subset(&needed),
            "{}: {made:?} {needed:?}",
            recipe.id
        );
    }
}

#[test]
fn every_parameter_of_every_recipe_says_something_in_its_manifests() {
    for recipe in collection().recipes() {
        for parameter in &recipe.parameters {
            let order = applying(recipe, parameter);
            let all = recipe.render(&order, place()).unwrap();
            let other = match &parameter.kind {
                Kind::Boolean => json!(false),
                Kind::Integer { min, max } => json!((min + 2).min(*max)),
                Kind::Number { min, max } => json!(min + (max - min) / 4.0),
                Kind::Choice { options } => json!(options[options.len() - 1].value),
                Kind::Quantity { max, .. } => json!(max),
                Kind::Name { .. } | Kind::Object { .. } => json!("other"),
                Kind::Image => json!("other.example/image:2"),
                Kind::Secret => json!({ "name": "other", "key": "token" }),
                Kind::Manifests => {
                    json!("apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {}\n")
                }
                Kind::Text { .. } | Kind::Model { .. } => continue,
                _ => Value::Null,
            };
            let mut order = order;
            order.values.insert(parameter.id.clone(), other.clone());
            let changed = recipe.render(&order, place()).unwrap();
            assert_eq!(changed.faults, [], "{}.{}", recipe.id, parameter.id);
            assert_ne!(
                (all.objects.clone(), &all.sizing),
                (changed.objects, &changed.sizing),
                "{}.{} = {other} changes nothing",
                recipe.id,
                parameter.id
            );
        }
    }
}

#[test]
fn what_does_not_apply_is_left_out_and_not_asked_for() {
    let collection = collection();
    let recipe = collection.recipe("image").unwrap();
    let mut order = least(recipe);
    order.values.insert("gpus".to_owned(), json!(0));
    order
        .values
        .insert("gpu_resource".to_owned(), json!("no resource at all"));
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(rendered.faults, []);
    let field = rendered
        .fields
        .iter()
        .find(|field| field.parameter == "gpu_resource");
    assert!(field.is_some_and(|field| !field.applies));
    assert_eq!(rendered.objects.len(), 1, "no port, no Service");
    let container = &rendered.objects[0]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(
        container["resources"]["limits"],
        json!({ "memory": "512Mi" })
    );
}

#[test]
fn a_canary_gets_its_part_of_the_requests() {
    let collection = collection();
    let recipe = collection.recipe("canary-route").unwrap();
    let mut order = least(recipe);
    order.values.insert("weight".to_owned(), json!(25));
    let rendered = recipe.render(&order, place()).unwrap();
    let backends = &rendered.objects[0]["spec"]["rules"][0]["backendRefs"];
    assert_eq!(
        (&backends[0]["weight"], &backends[1]["weight"]),
        (&json!(75), &json!(25))
    );
    assert!(rendered.objects[0]["spec"].get("hostnames").is_none());
}

#[test]
fn nothing_takes_a_default_away_where_nothing_is_needed() {
    let collection = collection();
    let recipe = collection.recipe("vllm").unwrap();
    let mut order = least(recipe);
    assert_eq!(recipe.render(&order, place()).unwrap().objects.len(), 3);
    order.values.insert("cache_size".to_owned(), Value::Null);
    order.typed.insert("gpus".to_owned(), String::new());
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(rendered.faults, []);
    assert_eq!(rendered.objects.len(), 2, "no volume");
    assert_eq!(
        rendered.sizing.unwrap()["tensor_parallel"],
        1,
        "needed, so the default stays"
    );
}

#[test]
fn what_is_missing_and_what_nobody_knows_is_named() {
    let collection = collection();
    let recipe = collection.recipe("vllm").unwrap();
    let order = Order {
        values: Map::from_iter([("modle".to_owned(), json!("x"))]),
        ..Order::default()
    };
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(
        rendered.faults,
        [
            FieldFault::new("modle", Fault::Unknown),
            FieldFault::new("name", Fault::Required),
            FieldFault::new("model", Fault::Required),
        ]
    );
    assert!(rendered.objects.is_empty());
}

#[test]
fn what_is_typed_is_read_by_the_parameter() {
    let collection = collection();
    let recipe = collection.recipe("vllm").unwrap();
    let typed = [
        ("name", "qwen"),
        ("model", "Qwen/Qwen3-8B"),
        ("gpus", "2"),
        ("memory_fraction", "0.8"),
        ("tolerate_gpu_taint", "no"),
        ("token", "hf/token"),
        ("node_selector", "a.b/c=d\nzone=e"),
        ("extra_args", "--enable-prefix-caching\n--seed=1"),
        ("environment", "A=1\nB=x=y"),
    ];
    let order = Order {
        typed: typed
            .map(|(id, text)| (id.to_owned(), text.to_owned()))
            .into(),
        ..Order::default()
    };
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(rendered.faults, []);
    let pod = &rendered.objects[2]["spec"]["template"]["spec"];
    assert_eq!(pod["nodeSelector"], json!({ "a.b/c": "d", "zone": "e" }));
    assert!(pod.get("tolerations").is_none());
    let container = &pod["containers"][0];
    assert_eq!(container["resources"]["limits"]["nvidia.com/gpu"], 2);
    assert_eq!(container["env"][2], json!({ "name": "A", "value": "1" }));
    let args = container["args"].as_array().unwrap();
    assert!(args.contains(&json!("--gpu-memory-utilization=0.8")));
    assert_eq!(args.last(), Some(&json!("--seed=1")));
    assert_eq!(rendered.sizing.unwrap()["tensor_parallel"], 2);
}

#[test]
fn manifests_come_back_from_their_yaml_whatever_they_hold() {
    let words = [
        "yes",
        "no",
        "on",
        "off",
        "y",
        "null",
        "~",
        "",
        " ",
        "1e3",
        "0x1F",
        "0o17",
        "012",
        "1_000",
        "12:30:45",
        ".inf",
        "-",
        "- a",
        "a: b",
        "#",
        "a #b",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "{{x}}",
        "[a",
        "\"",
        "'",
        "a\nb",
        "a\n",
        "\ta",
        "---",
        "...",
        "中文",
        "2001-01-01",
        "=",
        "<<",
    ];
    let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": words.to_vec() });
    let text = yaml_of(&[object.clone(), object.clone()]).unwrap();
    let read: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
    assert_eq!(read, [object.clone(), object]);
}
