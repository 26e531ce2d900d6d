use strata_domain::object::Object;
use strata_test_support::objects::{NodeBuilder, node, pod};

use super::*;
use crate::derive::fixture;

fn models_of(objects: Vec<Object>) -> Vec<HardwareModel> {
    let cluster = fixture::cluster(objects);
    fixture::derived(&cluster, &fixture::catalog()).hardware
}

fn h100(name: &str) -> NodeBuilder {
    node(name).gpus(8).gpu_product("NVIDIA-H100-80GB-HBM3")
}

#[test]
fn a_model_sums_up_its_nodes() {
    let models = models_of(vec![
        h100("a").object(),
        h100("b").object(),
        pod("team", "p").on("a").gpus(3).object(),
    ]);
    let model = models.first().unwrap();
    assert_eq!(model.name, "H100 80GB HBM3");
    assert_eq!((model.total, model.usable, model.allocated), (16, 16, 3));
    assert_eq!(model.shape, "2 × 8 GPU");
    assert_eq!(model.severity, Severity::Ok);
}

#[test]
fn devices_of_a_lost_node_are_unknown_not_zero() {
    let models = models_of(vec![h100("a").object(), h100("b").not_ready().object()]);
    let model = models.first().unwrap();
    assert_eq!((model.total, model.usable, model.unknown), (16, 8, 8));
    assert_eq!(model.severity, Severity::Unknown);
    assert_eq!(
        model.reason.as_ref().unwrap().english(),
        "8 of 16 are on nodes that do not answer"
    );
}

#[test]
fn a_node_that_does_not_tell_its_model_is_called_by_its_maker() {
    let models = models_of(vec![
        node("a").resource("huawei.com/Ascend910", 8, 8).object(),
    ]);
    let model = models.first().unwrap();
    assert_eq!(
        (model.name.as_str(), model.shape.as_str()),
        ("Ascend NPU", "1 × 8 NPU")
    );
}

#[test]
fn processors_are_told_by_feature_discovery_else_by_architecture() {
    let epyc = node("a")
        .label("feature.node.kubernetes.io/cpu-model.vendor_id", "AMD")
        .label("feature.node.kubernetes.io/cpu-model.family", "25")
        .label("feature.node.kubernetes.io/cpu-model.id", "17");
    let models = models_of(vec![
        epyc.object(),
        node("b").object(),
        node("c").not_ready().object(),
    ]);
    let told: Vec<(&str, u32, u32, &str)> = models
        .iter()
        .map(|model| {
            (
                model.name.as_str(),
                model.usable,
                model.total,
                model.shape.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("x86-64 CPU", 1, 2, "2 × 64 c"),
            ("EPYC 9004", 1, 1, "1 × 64 c")
        ]
    );
}
