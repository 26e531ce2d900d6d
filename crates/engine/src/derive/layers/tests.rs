use strata_domain::{ids::GroupKind, object::Object};
use strata_ports::cluster::{ClusterEvent, WatchState};
use strata_test_support::objects::{deployment, node, pod};

use super::*;
use crate::{
    derive::{derive, fixture},
    fold::{Dirty, apply},
};

fn layer(objects: Vec<Object>, layer: Layer) -> LayerState {
    let cluster = fixture::cluster(objects);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    derived
        .layers
        .into_iter()
        .find(|state| state.layer == layer)
        .unwrap()
}

fn said(headline: &Headline) -> String {
    let details: Vec<String> = headline.details.iter().map(Phrase::english).collect();
    format!(
        "{} {} ({})",
        headline.value,
        headline.label.english(),
        details.join("; ")
    )
}

#[test]
fn nothing_is_said_before_the_first_list() {
    let cluster = Cluster::default();
    let everything = Dirty::everything();
    let derived = derive(
        &cluster,
        &fixture::catalog(),
        None,
        &everything,
        fixture::now(),
    );
    assert_eq!(derived.layers.len(), 5);
    for state in derived.layers {
        assert_eq!(
            (state.headline, state.counts),
            (None, Vec::new()),
            "{:?}",
            state.layer
        );
    }
}

#[test]
fn a_layer_is_loading_while_one_of_its_lists_is_to_come() {
    let mut cluster = fixture::cluster([node("a").object()]);
    let slices = GroupKind::new("resource.k8s.io", "ResourceSlice");
    let state = WatchState::Loading {
        so_far: 3,
        expected: None,
    };
    let mut dirty = Dirty::default();
    apply(
        &mut cluster,
        ClusterEvent::Watch {
            kind: slices,
            state,
        },
        fixture::now(),
        &mut dirty,
    );
    let derived = fixture::derived(&cluster, &fixture::catalog());
    let loading: Vec<Layer> = derived
        .layers
        .iter()
        .filter(|state| state.is_loading)
        .map(|state| state.layer)
        .collect();
    assert_eq!(loading, [Layer::Hardware]);
}

#[test]
fn a_kind_that_may_not_be_listed_is_named_where_it_matters_and_nowhere_else() {
    let mut cluster = fixture::cluster([node("a").object()]);
    let kind = GroupKind::new("storage.k8s.io", "CSIDriver");
    let permission = "list csidrivers.storage.k8s.io".to_owned();
    let state = WatchState::Forbidden {
        permission: permission.clone(),
    };
    let mut dirty = Dirty::default();
    apply(
        &mut cluster,
        ClusterEvent::Watch { kind, state },
        fixture::now(),
        &mut dirty,
    );
    let derived = fixture::derived(&cluster, &fixture::catalog());
    for state in derived.layers {
        let expected = if state.layer == Layer::Infrastructure {
            vec![permission.clone()]
        } else {
            vec![]
        };
        assert_eq!(state.forbidden, expected, "{:?}", state.layer);
    }
}

#[test]
fn before_the_pods_are_listed_nothing_is_said_to_be_free_or_held() {
    let mut cluster = Cluster::default();
    let mut dirty = Dirty::default();
    let listed = ClusterEvent::Replaced {
        kind: GroupKind::new("", "Node"),
        objects: vec![node("a").gpus(8).object()],
    };
    apply(&mut cluster, listed, fixture::now(), &mut dirty);
    let derived = fixture::derived(&cluster, &fixture::catalog());
    let said: Vec<(Layer, Option<String>)> = derived
        .layers
        .iter()
        .map(|state| (state.layer, state.headline.as_ref().map(said)))
        .collect();
    assert_eq!(
        said,
        [
            (Layer::Workloads, None),
            (Layer::Lifecycle, None),
            (Layer::Platform, None),
            (Layer::Infrastructure, Some("1 nodes ready ()".to_owned())),
            (
                Layer::Hardware,
                Some("8 GPUs, allocation unknown ()".to_owned())
            ),
        ]
    );
}

#[test]
fn without_gpus_the_base_tells_its_cores() {
    let hardware = layer(vec![node("a").object()], Layer::Hardware);
    assert_eq!(said(&hardware.headline.unwrap()), "64 CPU cores (no GPUs)");
}

#[test]
fn free_gpus_are_those_that_a_pod_could_get_now() {
    let nodes = vec![
        node("a").gpus(8).object(),
        node("b").gpus(8).cordoned().object(),
        node("c").gpus(8).not_ready().object(),
        node("d").resource("nvidia.com/gpu", 8, 6).object(),
        pod("team", "p").on("a").gpus(5).object(),
    ];
    let hardware = layer(nodes, Layer::Hardware);
    assert_eq!(
        said(&hardware.headline.unwrap()),
        "5 of 32 GPUs allocated (9 free; 2 unhealthy; 8 unknown)"
    );
}

#[test]
fn without_a_queue_the_platform_tells_the_pods_without_a_node() {
    let objects = vec![
        node("a").object(),
        pod("team", "p").unschedulable("no room").object(),
        pod("team", "q").on("a").object(),
    ];
    let platform = layer(objects, Layer::Platform);
    assert_eq!(said(&platform.headline.unwrap()), "1 pod without a node ()");
}

#[test]
fn what_is_stopped_on_purpose_is_not_missing() {
    let objects = vec![
        deployment("a", "vllm")
            .image("vllm/vllm-openai:v0.14.0")
            .object(),
        deployment("b", "vllm")
            .image("vllm/vllm-openai:v0.14.0")
            .ready(0, 0)
            .object(),
    ];
    let headline = layer(objects, Layer::Workloads).headline.unwrap();
    assert_eq!((headline.value, headline.of), (1.0, Some(1.0)));
    assert_eq!(said(&headline), "1 applications ready (1 paused)");
}
