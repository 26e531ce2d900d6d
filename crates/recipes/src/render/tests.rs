use std::collections::BTreeSet;

use super::*;
use crate::{
    collection::Collection,
    parameter::{Kind, Parameter},
};

mod hostile;
mod property;

fn collection() -> Collection {
    Collection::embedded().unwrap()
}

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

/// What of a release of the recipe scales its workload, and the number that this says itself.
fn scaling(recipe: &str, values: &Value) -> (Vec<Value>, Value) {
    let collection = collection();
    let recipe = collection.recipe(recipe).unwrap();
    let mut order = least(recipe);
    order.values.extend(values.as_object().unwrap().clone());
    let rendered = recipe.render(&order, place()).unwrap();
    assert_eq!(rendered.faults, [], "{values}");
    let (scalers, others): (Vec<Value>, Vec<Value>) =
        rendered.objects.into_iter().partition(|object| {
            ["HorizontalPodAutoscaler", "ScaledObject"].contains(&object["kind"].as_str().unwrap())
        });
    (
        scalers,
        others[others.len() - 1]["spec"]["replicas"].clone(),
    )
}

#[test]
fn a_release_grows_with_its_load_by_cpu_a_metric_or_keda() {
    let (none, replicas) = scaling("vllm", &json!({ "replicas": 2 }));
    assert_eq!((none.len(), replicas), (0, json!(2)));

    let (by_cpu, replicas) = scaling("vllm", &json!({ "replicas": 2, "most_replicas": 6 }));
    assert_eq!((by_cpu.len(), &replicas), (1, &Value::Null));
    let spec = &by_cpu[0]["spec"];
    assert_eq!(
        (&spec["minReplicas"], &spec["maxReplicas"]),
        (&json!(2), &json!(6))
    );
    assert_eq!(spec["scaleTargetRef"]["name"], "sample");
    assert_eq!(
        spec["metrics"][0]["resource"]["target"]["averageUtilization"],
        70
    );

    let metric = json!({ "replicas": 0, "most_replicas": 6, "scale_by": "metric" });
    let (by_metric, _) = scaling("vllm", &metric);
    let spec = &by_metric[0]["spec"];
    assert_eq!(spec["minReplicas"], 1, "an autoscaler by metrics keeps one");
    assert_eq!(
        spec["metrics"][0]["pods"]["metric"]["name"],
        "vllm:num_requests_waiting"
    );
    assert_eq!(spec["metrics"][0]["pods"]["target"]["averageValue"], "8");

    let keda = json!({ "replicas": 0, "most_replicas": 6, "scale_by": "keda" });
    let (by_keda, _) = scaling("vllm", &keda);
    let spec = &by_keda[0]["spec"];
    assert_eq!(
        (&spec["minReplicaCount"], &spec["maxReplicaCount"]),
        (&json!(0), &json!(6))
    );
    assert_eq!(
        spec["triggers"][0]["metadata"],
        json!({
            "serverAddress": "http://prometheus-operated.monitoring.svc:9090",
            "query": "sum(vllm:num_requests_waiting{pod=~\"sample-.*\"})",
            "threshold": "8",
        })
    );
}

#[test]
fn a_model_over_several_nodes_grows_by_whole_groups() {
    for recipe in ["vllm-multi-node", "sglang-multi-node"] {
        let (none, replicas) = scaling(recipe, &json!({ "replicas": 2 }));
        assert_eq!((none.len(), replicas), (0, json!(2)), "{recipe}");
        for by in ["cpu", "metric", "keda"] {
            let values = json!({ "replicas": 1, "most_replicas": 3, "scale_by": by });
            let (scalers, replicas) = scaling(recipe, &values);
            assert_eq!(
                (scalers.len(), &replicas),
                (1, &Value::Null),
                "{recipe} by {by}"
            );
            assert_eq!(
                scalers[0]["spec"]["scaleTargetRef"],
                json!({
                    "apiVersion": "leaderworkerset.x-k8s.io/v1", "kind": "LeaderWorkerSet",
                    "name": "sample",
                })
            );
        }
    }
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
