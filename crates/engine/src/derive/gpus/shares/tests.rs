use std::sync::Arc;

use strata_domain::{
    ids::{ObjectKey, Uid},
    severity::Severity,
    text::Text,
};

use super::*;

/// A holder of a namespace and an owner.
fn holder(namespace: &str, pod: &str, owner: &str) -> Arc<Holder> {
    Arc::new(Holder {
        pod: ObjectKey::new(namespace, pod),
        uid: Uid::default(),
        since: None,
        container: Text::default(),
        instance: Text::default(),
        workload_group: Text::default(),
        workload_kind: Text::from("Pod"),
        workload: Text::from(pod),
        queue: Text::default(),
        owner: Text::from(owner),
    })
}

/// A GPU that `holders` hold, busy by `activity`.
fn gpu(index: u32, holders: &[Arc<Holder>], activity: Option<(Figure, f64)>) -> Gpu {
    Gpu {
        node: Text::from("n1"),
        index,
        uuid: Text::default(),
        model: Text::from("H100"),
        is_model_told: true,
        zone: Text::default(),
        rack: Text::default(),
        is_cordoned: false,
        state: if holders.is_empty() {
            GpuState::Free
        } else {
            GpuState::Allocated
        },
        severity: Severity::Ok,
        faults: Vec::new(),
        holders: holders.to_vec(),
        is_by_count: false,
        is_shared: false,
        activity,
        memory: None,
        temperature: None,
        power: None,
        xid: None,
        idle_since: None,
        measured_at: None,
        is_stale: false,
    }
}

fn shares(gpus: Vec<Gpu>) -> Shares {
    Shares::of(&Gpus {
        gpus,
        ..Gpus::default()
    })
}

fn held(shares: &Shares, of: fn(&Part) -> bool) -> u32 {
    let parts = shares.parts.iter().filter(|(part, _)| of(part));
    parts.map(|(_, share)| share.sum.held).sum()
}

#[test]
fn a_gpu_of_which_the_memory_alone_is_known_is_held_and_not_measured() {
    let server = holder("llm", "server", "search");
    let busy = gpu(0, &[Arc::clone(&server)], Some((Figure::SmActive, 0.5)));
    let mut silent = gpu(1, &[server], None);
    silent.memory = Some((60e9, 80e9));
    let shares = shares(vec![busy, silent, gpu(2, &[], None)]);
    let whole = shares.whole;
    assert_eq!((whole.held, whole.not_measured, whole.used), (2, 1, 0.5));
    let model = &shares.parts[&Part::Model("H100".to_owned())];
    assert_eq!((model.total, model.sum.held), (3, 2));
}

#[test]
fn instances_that_several_namespaces_hold_are_nobodys_and_the_parts_add_up() {
    let two = [
        holder("llm", "server", "search"),
        holder("research", "notebook", "search"),
    ];
    let cut = gpu(0, &two, Some((Figure::SmActive, 0.5)));
    let own = gpu(1, &two[..1], Some((Figure::SmActive, 0.5)));
    let shares = shares(vec![cut, own]);
    let part = |part: Part| shares.parts.get(&part).map(|share| share.sum.held);
    assert_eq!(part(Part::Namespace(SEVERAL.to_owned())), Some(1));
    assert_eq!(part(Part::Namespace("llm".to_owned())), Some(1));
    assert_eq!(part(Part::Namespace("research".to_owned())), None);
    // They have one owner.
    assert_eq!(part(Part::Owner("search".to_owned())), Some(2));
    let kinds: [fn(&Part) -> bool; 5] = [
        |part: &Part| matches!(part, Part::Namespace(_)),
        |part: &Part| matches!(part, Part::Queue(_)),
        |part: &Part| matches!(part, Part::Workload { .. }),
        |part: &Part| matches!(part, Part::Owner(_)),
        |part: &Part| matches!(part, Part::Model(_)),
    ];
    for kind in kinds {
        assert_eq!(held(&shares, kind), shares.whole.held);
    }
}

#[test]
fn what_is_shared_and_what_has_another_definition_is_in_no_sum() {
    let server = holder("llm", "server", "");
    let by = |index, figure| gpu(index, &[Arc::clone(&server)], Some((figure, 0.75)));
    let mut shared = by(0, Figure::SmActive);
    shared.is_shared = true;
    let all = vec![
        shared,
        by(1, Figure::SmActive),
        by(2, Figure::SmActive),
        by(3, Figure::Utilization),
    ];
    let shares = shares(all);
    assert_eq!(shares.figure, Some(Figure::SmActive));
    let whole = shares.whole;
    assert_eq!((whole.held, whole.not_measured, whole.used), (4, 2, 1.5));
    assert_eq!(shares.otherwise, BTreeMap::from([(Figure::Utilization, 1)]));
}

#[test]
fn shares_of_cycles_of_ai_cores_are_added_up_by_themselves() {
    let server = holder("llm", "server", "");
    let by = |index, figure| gpu(index, &[Arc::clone(&server)], Some((figure, 0.25)));
    let npus = vec![
        by(0, Figure::AiCoreUtilization),
        by(1, Figure::AiCoreUtilization),
    ];
    let alone = shares(npus.clone());
    assert_eq!(alone.figure, Some(Figure::AiCoreUtilization));
    assert_eq!((alone.whole.used, alone.whole.not_measured), (0.5, 0));
    assert!(alone.otherwise.is_empty());

    // Beside more GPUs of another maker they are counted and in no sum, and free ones are not.
    let gpus = (2..6).map(|index| by(index, Figure::SmActive));
    let mut free = by(6, Figure::AiCoreUtilization);
    free.holders = Vec::new();
    free.state = GpuState::Free;
    let mixed = shares(npus.into_iter().chain(gpus).chain([free]).collect());
    assert_eq!(mixed.figure, Some(Figure::SmActive));
    assert_eq!((mixed.whole.used, mixed.whole.not_measured), (1.0, 2));
    assert_eq!(
        mixed.otherwise,
        BTreeMap::from([(Figure::AiCoreUtilization, 2)])
    );
}
