use strata_domain::{
    ids::GroupKind,
    queue::{QueueObject, Quota},
    text::Interner,
};

fn read(group: &str, kind: &str, json: &str) -> QueueObject {
    let read = super::reader(&GroupKind::new(group, kind)).unwrap();
    read(json, &mut Interner::default()).unwrap()
}

fn quota<'a>(queue: &'a QueueObject, flavor: &str, resource: &str) -> &'a Quota {
    queue
        .quotas
        .iter()
        .find(|quota| quota.flavor == flavor && quota.resource == resource)
        .unwrap()
}

#[test]
fn a_cluster_queue_tells_its_quotas_by_flavor_with_what_is_reserved_and_borrowed() {
    let queue = read(
        "kueue.x-k8s.io",
        "ClusterQueue",
        r#"{"spec":{"cohortName":"atlas","queueingStrategy":"BestEffortFIFO","stopPolicy":"None","fairSharing":{"weight":"2"},
            "resourceGroups":[{"coveredResources":["cpu","nvidia.com/gpu"],"flavors":[
              {"name":"h100","resources":[{"name":"cpu","nominalQuota":"1200"},
                {"name":"nvidia.com/gpu","nominalQuota":"192","borrowingLimit":"128","lendingLimit":"64"}]}]}]},
          "status":{"pendingWorkloads":7,"reservingWorkloads":9,"admittedWorkloads":8,
            "flavorsReservation":[{"name":"h100","resources":[{"name":"nvidia.com/gpu","total":"268","borrowed":"76"}]}],
            "flavorsUsage":[{"name":"h100","resources":[{"name":"nvidia.com/gpu","total":"260","borrowed":"68"}]}]}}"#,
    );
    assert_eq!(
        (
            queue.parent.as_str(),
            queue.weight.as_str(),
            queue.stopped.as_str()
        ),
        ("atlas", "2", "")
    );
    assert_eq!((queue.pending, queue.admitted), (Some(7), Some(8)));
    let gpus = quota(&queue, "h100", "nvidia.com/gpu");
    assert_eq!(
        (gpus.nominal, gpus.used, gpus.borrowed()),
        (Some(192), 268, 76)
    );
    assert_eq!(
        (gpus.borrowing_limit, gpus.lending_limit),
        (Some(128), Some(64))
    );
    assert_eq!(quota(&queue, "h100", "cpu").nominal, Some(1_200_000));
}

#[test]
fn the_cohort_of_v1beta1_is_read_by_its_earlier_name() {
    let queue = read(
        "kueue.x-k8s.io",
        "ClusterQueue",
        r#"{"spec":{"cohort":"atlas","stopPolicy":"HoldAndDrain"},"status":{"pendingWorkloads":0}}"#,
    );
    assert_eq!(
        (queue.parent.as_str(), queue.stopped.as_str()),
        ("atlas", "HoldAndDrain")
    );
    let cohort = read(
        "kueue.x-k8s.io",
        "Cohort",
        r#"{"spec":{"parentName":"site"}}"#,
    );
    assert_eq!(cohort.parent, "site");
}

#[test]
fn a_volcano_queue_may_use_more_than_it_deserves_up_to_its_capability() {
    let queue = read(
        "scheduling.volcano.sh",
        "Queue",
        r#"{"spec":{"weight":4,"parent":"root","capability":{"nvidia.com/gpu":"16"},"deserved":{"nvidia.com/gpu":"8"},
             "guarantee":{"resource":{"nvidia.com/gpu":"2"}}},
            "status":{"state":"Open","pending":3,"running":2,"allocated":{"nvidia.com/gpu":"10","pods":"4"}}}"#,
    );
    let gpus = quota(&queue, "", "nvidia.com/gpu");
    assert_eq!((gpus.nominal, gpus.used, gpus.borrowed()), (Some(8), 10, 2));
    assert_eq!(
        (gpus.borrowing_limit, gpus.lending_limit),
        (Some(8), Some(6))
    );
    assert_eq!(queue.quotas.len(), 1, "pods are no quota");
    let closed = read(
        "scheduling.volcano.sh",
        "Queue",
        r#"{"status":{"state":"Closing"}}"#,
    );
    assert_eq!(closed.stopped, "Closing");
}

#[test]
fn a_kai_queue_without_a_limit_is_not_limited() {
    let queue = read(
        "scheduling.run.ai",
        "Queue",
        r#"{"spec":{"parentQueue":"research","resources":{"gpu":{"quota":8,"limit":-1,"overQuotaWeight":1},
             "cpu":{"quota":-1,"limit":-1,"overQuotaWeight":1},"memory":{"quota":1000,"limit":2000,"overQuotaWeight":0}}},
            "status":{"allocated":{"nvidia.com/gpu":"12","cpu":"4","memory":"2Gi"}}}"#,
    );
    let gpus = quota(&queue, "", "nvidia.com/gpu");
    assert_eq!(
        (gpus.nominal, gpus.borrowing_limit, gpus.used),
        (Some(8), None, 12)
    );
    assert_eq!(quota(&queue, "", "cpu").nominal, None);
    let memory = quota(&queue, "", "memory");
    assert_eq!(
        (memory.nominal, memory.borrowing_limit),
        (Some(1_000_000_000), Some(0))
    );
}
