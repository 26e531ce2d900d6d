//! What holds of any value.

use proptest::prelude::*;

use super::*;

/// Any JSON, not deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::String),
        "[a-z]([-a-z0-9]{0,8}[a-z0-9])?".prop_map(Value::String),
        "[ -~]{0,20}".prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec(("[a-z]{1,6}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_a_fault_of_its_field_or_comes_back_from_the_yaml(
        which in any::<prop::sample::Index>(),
        whose in any::<prop::sample::Index>(),
        value in any_json(),
    ) {
        thread_local!(static COLLECTION: Collection = collection());
        COLLECTION.with(|collection| -> Result<(), TestCaseError> {
            let recipe = whose.get(collection.recipes());
            let parameter = which.get(&recipe.parameters);
            let mut order = most(recipe);
            order.values.insert(parameter.id.clone(), value);
            let rendered = recipe.render(&order, place()).unwrap();
            for fault in &rendered.faults {
                prop_assert_eq!(&fault.parameter, &parameter.id);
            }
            let text = yaml_of(&rendered.objects).unwrap();
            let read: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
            prop_assert_eq!(read, rendered.objects);
            Ok(())
        })?;
    }

    #[test]
    fn what_a_parameter_takes_it_takes_again_in_the_form_in_which_it_is_kept(
        which in any::<prop::sample::Index>(),
        value in any_json(),
    ) {
        thread_local!(static COLLECTION: Collection = collection());
        COLLECTION.with(|collection| -> Result<(), TestCaseError> {
            let recipe = collection.recipe("vllm").unwrap();
            let parameter = which.get(&recipe.parameters);
            if let Ok(Some(setting)) = parameter.read(&value) {
                prop_assert_eq!(parameter.read(&setting.to_json()), Ok(Some(setting)));
            }
            Ok(())
        })?;
    }
}
