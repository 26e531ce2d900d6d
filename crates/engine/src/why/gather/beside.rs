//! What stands beside a family: its queue, the nodes, the claims and whatever else its pods name.

use std::collections::BTreeSet;

use futures::{StreamExt as _, future::join_all, stream};
use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};
use strata_ports::objects::{LogTail, ObjectAddress, Selection};

use super::{
    super::{
        case::{Case, Log, seen},
        judge::{queue, scheduling::devices::claim_name, volumes::claims},
        read,
    },
    family::{AT_ONCE, PODS, closely, is_well, runs_pods},
    reading::{Reading, Unread},
};

/// Lines of a log's end.
const LOG_LINES: u32 = 400;

/// Logs that are read: of a gang that crashed, a few tell.
const LOGS: usize = 8;

/// The groups that have a kind PodGroup.
const POD_GROUPS: [&str; 4] = [
    "scheduling.volcano.sh",
    "scheduling.run.ai",
    "scheduling.x-k8s.io",
    "scheduling.k8s.io",
];

/// Gathers what stands beside the family.
pub(super) async fn gather(reading: &Reading<'_>, case: &mut Case) {
    hosts(reading, case).await;
    let all_well = !case.pods.is_empty() && case.pods.iter().all(|pod| is_well(case, pod));
    if all_well {
        return;
    }
    if runs_pods(&case.object) {
        queues(reading, case).await;
        groups(reading, case).await;
    }
    if closely(case)
        .iter()
        .any(|pod| read::text(pod, "/spec/nodeName").is_empty())
    {
        nodes(reading, case).await;
    }
    named(reading, case).await;
    volumes(reading, case).await;
    logs(reading, case).await;
}

/// The nodes of the pods: what a pod says of itself is old where its node does not answer.
async fn hosts(reading: &Reading<'_>, case: &mut Case) {
    let nodes = case
        .pods
        .iter()
        .filter(|pod| read::text(pod, "/status/phase") == "Running")
        .take(PODS)
        .map(|pod| ObjectAddress::new("", "Node", "", read::text(pod, "/spec/nodeName")))
        .collect();
    read_all(reading, case, nodes).await;
}

/// The queue's workloads, and the queues that they wait in.
async fn queues(reading: &Reading<'_>, case: &mut Case) {
    let workload = GroupKind::new(queue::GROUP, "Workload");
    let is_queued = case.pods.is_empty()
        || case.chain().chain(&case.pods).any(|object| {
            !read::label(object, "kueue.x-k8s.io/queue-name").is_empty()
                || !read::list(object, "/spec/schedulingGates").is_empty()
        });
    if !is_queued || !reading.serves(&workload) {
        return;
    }
    let namespace = read::namespace(&case.object);
    // Whoever holds the quota may be in any namespace; where those may not be read, our own do.
    let everywhere = reading
        .list(Selection::all(queue::GROUP, "Workload", ""))
        .await;
    let workloads = match everywhere {
        Some(workloads) => Some(workloads),
        None => {
            reading
                .list(Selection::all(queue::GROUP, "Workload", namespace))
                .await
        }
    };
    let Some(workloads) = workloads else {
        return;
    };
    let names: BTreeSet<String> = workloads
        .iter()
        .filter(|workload| read::namespace(workload) == namespace)
        .map(|workload| read::text(workload, "/spec/queueName").to_owned())
        .collect();
    case.lists.insert(workload, workloads);
    for name in names {
        let address = ObjectAddress::new(queue::GROUP, "LocalQueue", namespace, &name);
        if let Ok(found) = reading.get(&address).await {
            case.single.insert(address, found);
        }
    }
    // Who waits in the same line may be in any namespace too.
    list(reading, case, queue::GROUP, "LocalQueue", "").await;
    list(reading, case, queue::GROUP, "ClusterQueue", "").await;
}

/// The pod groups of the family.
async fn groups(reading: &Reading<'_>, case: &mut Case) {
    let namespace = read::namespace(&case.object).to_owned();
    for group in POD_GROUPS {
        let kind = GroupKind::new(group, "PodGroup");
        let Some(found) = reading
            .list(Selection::all(group, "PodGroup", &namespace))
            .await
        else {
            continue;
        };
        let named: BTreeSet<&str> = case
            .pods
            .iter()
            .flat_map(|pod| {
                [
                    read::annotation(pod, "scheduling.k8s.io/group-name"),
                    read::annotation(pod, "pod-group-name"),
                    read::label(pod, "scheduling.x-k8s.io/pod-group"),
                    read::text(pod, "/spec/schedulingGroup/podGroupName"),
                ]
            })
            .filter(|name| !name.is_empty())
            .collect();
        let uids: BTreeSet<&str> = std::iter::once(&case.object)
            .chain(case.chain())
            .map(read::uid)
            .collect();
        let ours = found
            .into_iter()
            .filter(|group| {
                named.contains(read::name(group))
                    || read::list(group, "/metadata/ownerReferences")
                        .iter()
                        .any(|owner| uids.contains(read::text(owner, "/uid")))
            })
            .collect();
        case.lists.insert(kind, ours);
    }
}

/// Every node and every pod: what a pod without a node competes for.
async fn nodes(reading: &Reading<'_>, case: &mut Case) {
    list(reading, case, "", "Node", "").await;
    case.placed = reading.pods().await;
    let has_claims = closely(case)
        .iter()
        .any(|pod| !read::list(pod, "/spec/resourceClaims").is_empty());
    if has_claims {
        list(reading, case, "resource.k8s.io", "ResourceSlice", "").await;
        list(reading, case, "resource.k8s.io", "ResourceClaim", "").await;
    }
}

async fn list(reading: &Reading<'_>, case: &mut Case, group: &str, kind: &str, namespace: &str) {
    if let Some(objects) = reading.list(Selection::all(group, kind, namespace)).await {
        case.lists.insert(GroupKind::new(group, kind), objects);
    }
}

/// The single objects that the pods name: their nodes, claims, pull secrets, device claims.
async fn named(reading: &Reading<'_>, case: &mut Case) {
    let mut wanted: BTreeSet<ObjectAddress> = BTreeSet::new();
    for pod in closely(case) {
        let namespace = read::namespace(pod);
        let node = read::text(pod, "/spec/nodeName");
        wanted.insert(ObjectAddress::new("", "Node", "", node));
        for claim in claims(pod) {
            wanted.insert(ObjectAddress::new(
                "",
                "PersistentVolumeClaim",
                namespace,
                &claim,
            ));
        }
        // Whether a secret is there matters only where an image is refused: reading secrets is much
        // to ask for.
        let waits_for_image = read::list(pod, "/status/containerStatuses")
            .iter()
            .chain(read::list(pod, "/status/initContainerStatuses"))
            .any(|status| {
                let reason = read::text(status, "/state/waiting/reason");
                reason == "ImagePullBackOff" || reason == "ErrImagePull"
            });
        if waits_for_image {
            for secret in read::list(pod, "/spec/imagePullSecrets") {
                let name = read::text(secret, "/name");
                wanted.insert(ObjectAddress::new("", "Secret", namespace, name));
            }
        }
        for claim in read::list(pod, "/spec/resourceClaims") {
            let template = read::text(claim, "/resourceClaimTemplateName");
            let name = claim_name(pod, claim);
            for (kind, name) in [("ResourceClaimTemplate", template), ("ResourceClaim", name)] {
                wanted.insert(ObjectAddress::new("resource.k8s.io", kind, namespace, name));
            }
        }
    }
    read_all(reading, case, wanted).await;
    let classes: BTreeSet<ObjectAddress> = case
        .single
        .values()
        .flatten()
        .filter(|object| read::is_a(object, "resource.k8s.io", "ResourceClaim"))
        .flat_map(|claim| read::list(claim, "/spec/devices/requests"))
        .flat_map(|request| {
            let exactly = request.get("exactly").into_iter();
            exactly.chain(read::list(request, "/firstAvailable"))
        })
        .map(|request| {
            let class = read::text(request, "/deviceClassName");
            ObjectAddress::new("resource.k8s.io", "DeviceClass", "", class)
        })
        .collect();
    read_all(reading, case, classes).await;
}

/// The storage classes and volumes of the claims, and the events about them.
async fn volumes(reading: &Reading<'_>, case: &mut Case) {
    let claims: Vec<Value> = std::iter::once(&case.object)
        .chain(case.single.values().flatten())
        .filter(|object| read::is_a(object, "", "PersistentVolumeClaim"))
        .cloned()
        .collect();
    let mut wanted = BTreeSet::new();
    for claim in &claims {
        let class = read::text(claim, "/spec/storageClassName");
        wanted.insert(ObjectAddress::new(
            "storage.k8s.io",
            "StorageClass",
            "",
            class,
        ));
        let volume = read::text(claim, "/spec/volumeName");
        wanted.insert(ObjectAddress::new("", "PersistentVolume", "", volume));
    }
    read_all(reading, case, wanted).await;
    let unbound = claims
        .iter()
        .filter(|claim| read::text(claim, "/status/phase") != "Bound");
    let lists = join_all(unbound.map(|claim| {
        reading.list(Selection::events_of(
            read::namespace(claim),
            read::uid(claim),
        ))
    }));
    let found: Vec<Value> = lists.await.into_iter().flatten().flatten().collect();
    for event in found {
        if !case
            .events
            .iter()
            .any(|known| read::uid(known) == read::uid(&event))
        {
            case.events.push(event);
        }
    }
    case.events
        .sort_by_key(|event| std::cmp::Reverse(seen(event)));
}

async fn read_all(reading: &Reading<'_>, case: &mut Case, wanted: BTreeSet<ObjectAddress>) {
    let missing: Vec<ObjectAddress> = wanted
        .into_iter()
        .filter(|address| !address.key.name.is_empty() && !case.single.contains_key(address))
        .collect();
    let found: Vec<(ObjectAddress, Result<Option<Value>, Unread>)> = stream::iter(missing)
        .map(|address| async move {
            let found = reading.get(&address).await;
            (address, found)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    for (address, found) in found {
        if let Ok(found) = found {
            case.single.insert(address, found);
        }
    }
}

/// The ends of the logs of containers that ended badly.
async fn logs(reading: &Reading<'_>, case: &mut Case) {
    let mut wanted = Vec::new();
    for pod in closely(case) {
        let statuses = read::list(pod, "/status/containerStatuses")
            .iter()
            .chain(read::list(pod, "/status/initContainerStatuses"));
        for status in statuses {
            let has_ended = |pointer: &str| {
                let ended = status.pointer(pointer);
                ended.is_some_and(|ended| {
                    read::count(ended, "/exitCode") != 0
                        && read::text(ended, "/reason") != "OOMKilled"
                })
            };
            let ends_now = has_ended("/state/terminated");
            if ends_now || has_ended("/lastState/terminated") {
                let tail = LogTail {
                    pod: ObjectKey::new(read::namespace(pod), read::name(pod)),
                    container: read::text(status, "/name").to_owned(),
                    previous: !ends_now && status.pointer("/state/running").is_some(),
                    lines: LOG_LINES,
                };
                wanted.push((read::uid(pod).to_owned(), tail));
            }
        }
    }
    wanted.truncate(LOGS);
    let read: Vec<(String, String, Option<String>)> = stream::iter(wanted)
        .map(|(pod, tail)| async move {
            let container = tail.container.clone();
            (pod, container, reading.log(tail).await)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    for (pod, container, text) in read {
        if let Some(text) = text {
            case.logs.push(Log {
                pod,
                container,
                text,
            });
        }
    }
}
