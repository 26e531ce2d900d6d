use super::*;

fn read(fields: &[&str], json: &str) -> Custom {
    let planned = PlannedKind {
        kind: GroupKind::new("ray.io", "RayCluster"),
        fields: fields.iter().map(|&path| path.to_owned()).collect(),
    };
    let body = Bytes::copy_from_slice(json.as_bytes());
    let kind = CustomKind::new(&planned, "v1");
    let decoded = Decode::object(&kind, Encoding::Json, &body, &mut Mapping::default()).unwrap();
    match decoded.object {
        Object::Custom(custom) => *custom,
        other => panic!("not a custom object: {other:?}"),
    }
}

const OBJECT: &str = r#"{
    "metadata": {"name": "ray", "namespace": "ml", "uid": "u1", "resourceVersion": "5", "generation": 7,
        "labels": {"app": "ray"}, "creationTimestamp": "2026-01-02T03:04:05Z",
        "managedFields": [{"manager": "x", "fieldsV1": {"f:spec": {}}}],
        "ownerReferences": [{"apiVersion": "ray.io/v1", "kind": "RayJob", "name": "j", "uid": "o", "controller": true}]},
    "spec": {"suspend": false, "groups": [{"replicas": 2}, {"replicas": 3, "name": "big"}], "weight": 0.5},
    "status": {"state": "ready", "none": null,
        "conditions": [{"type": "Ready", "status": "True", "reason": "R", "lastTransitionTime": "2026-01-02T03:04:06Z"},
                       {"status": "Running"}, "odd"]}}"#;

#[test]
fn wanted_scalars_are_kept_by_path_and_nothing_else() {
    let custom = read(
        &[
            "status.state",
            "spec.groups.1.replicas",
            "spec.suspend",
            "spec.weight",
            "status.none",
            "status.missing",
            "spec.groups",
        ],
        OBJECT,
    );
    let fields: Vec<_> = custom
        .fields
        .iter()
        .map(|(path, value)| (path.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("spec.groups.1.replicas", "3"),
            ("spec.suspend", "false"),
            ("spec.weight", "0.5"),
            ("status.state", "ready"),
        ]
    );
}

#[test]
fn metadata_and_owner_are_kept() {
    let metadata = read(&[], OBJECT).metadata;
    assert_eq!(metadata.key.to_string(), "ml/ray");
    assert_eq!(metadata.labels.get("app"), Some("ray"));
    let owner = metadata.owner.unwrap();
    assert_eq!(
        (owner.group.as_str(), owner.kind.as_str()),
        ("ray.io", "RayJob")
    );
    assert_eq!(
        metadata.created,
        Some("2026-01-02T03:04:05Z".parse().unwrap())
    );
}

#[test]
fn what_is_no_condition_is_left_out_of_the_conditions() {
    let conditions = read(&[], OBJECT).conditions;
    assert_eq!(conditions.len(), 1);
    assert_eq!(
        (conditions[0].kind.as_str(), conditions[0].reason.as_str()),
        ("Ready", "R")
    );
}

#[test]
fn fields_inside_the_parts_are_found_too() {
    let custom = read(
        &["metadata.generation", "status.conditions.0.reason"],
        OBJECT,
    );
    assert_eq!(custom.count("metadata.generation"), Some(7));
    assert_eq!(custom.field("status.conditions.0.reason"), Some("R"));
    assert_eq!(custom.metadata.uid.0, "u1");
}
