//! Which permissions an action takes, as far as the kind of its object alone tells that.
//!
//! Nothing is read for it, so that a screen may ask for all that it offers at once. Where an action goes
//! one of two ways by what the object is in (a queue or none), one of the permissions is enough here; the
//! preview of the change asks for the very one.

use strata_api::permissions::Deed;
use strata_domain::ids::GroupKind;
use strata_ports::{cluster::ServedKind, control::Permission, objects::ObjectAddress};

use super::{restart, scale};

/// Permissions of which any one is enough.
pub(in crate::change) type AnyOf = Vec<Permission>;

/// What `deed` takes where it is done to `object`: all of it.
pub(in crate::change) fn needs(
    deed: Deed,
    object: &ObjectAddress,
    served: &[ServedKind],
) -> Vec<AnyOf> {
    let may = |verb: &str| vec![permission(verb, object.clone(), "")];
    let is = |group: &str, kind: &str| object.kind == GroupKind::new(group, kind);
    let is_volcano = is("batch.volcano.sh", "Job");
    match deed {
        Deed::Create => vec![created(object)],
        Deed::Suspend | Deed::Resume | Deed::Restart | Deed::Cancel if is_volcano => {
            vec![commanded(object)]
        }
        Deed::Scale if scale::is_by_subresource(&object.kind) => {
            vec![vec![permission("patch", object.clone(), "scale")]]
        }
        Deed::Suspend | Deed::Resume => {
            let mut either = may("patch");
            either.extend(workload(object, served));
            vec![either]
        }
        Deed::Restart if restart::makes_anew(&object.kind) => {
            vec![may("delete"), created(object)]
        }
        Deed::Restart if is("", "Pod") => vec![may("delete")],
        Deed::Cancel if is("argoproj.io", "Workflow") || is("tekton.dev", "PipelineRun") => {
            vec![may("patch")]
        }
        Deed::Delete | Deed::Cancel => vec![may("delete")],
        Deed::Drain => vec![may("patch"), listed_pods(), evicted("")],
        Deed::Apply
        | Deed::Cordon
        | Deed::Uncordon
        | Deed::Taint
        | Deed::Restart
        | Deed::Scale
        | Deed::SetImage
        | Deed::Label
        | Deed::SetQueue
        | Deed::SetPriority => vec![may("patch")],
    }
}

fn permission(verb: &str, object: ObjectAddress, subresource: &str) -> Permission {
    Permission {
        verb: verb.to_owned(),
        object,
        subresource: subresource.to_owned(),
    }
}

/// Creating knows no names: the API server asks for any.
fn created(object: &ObjectAddress) -> AnyOf {
    let ObjectAddress { kind, key } = object;
    let any = ObjectAddress::new(&kind.group, &kind.kind, &key.namespace, "");
    vec![permission("create", any, "")]
}

/// A drain looks for its pods in all namespaces.
fn listed_pods() -> AnyOf {
    vec![permission(
        "list",
        ObjectAddress::new("", "Pod", "", ""),
        "",
    )]
}

/// What evicting any pod of `namespace` takes; empty for pods of all namespaces.
pub(in crate::change) fn evicted(namespace: &str) -> AnyOf {
    let pod = ObjectAddress::new("", "Pod", namespace, "");
    vec![permission("create", pod, "eviction")]
}

/// Volcano is asked by an object of its own.
fn commanded(object: &ObjectAddress) -> AnyOf {
    let command = ObjectAddress::new("bus.volcano.sh", "Command", &object.key.namespace, "");
    vec![permission("create", command, "")]
}

/// What a job is suspended by that waits in a queue of Kueue's.
fn workload(object: &ObjectAddress, served: &[ServedKind]) -> Option<Permission> {
    let kind = GroupKind::new("kueue.x-k8s.io", "Workload");
    served.iter().any(|served| served.kind == kind).then(|| {
        let workload = ObjectAddress::new(&kind.group, &kind.kind, &object.key.namespace, "");
        permission("patch", workload, "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `deed` takes of a `kind` of `group`, each as `verb kind/subresource`.
    fn taken(deed: Deed, group: &str, kind: &str, served: &[ServedKind]) -> Vec<Vec<String>> {
        let object = ObjectAddress::new(group, kind, "team-a", "one");
        let said = |permission: Permission| {
            let Permission {
                verb,
                object,
                subresource,
            } = permission;
            format!("{verb} {}/{subresource}", object.kind.kind)
        };
        let needs = needs(deed, &object, served).into_iter();
        needs
            .map(|any| any.into_iter().map(said).collect())
            .collect()
    }

    #[test]
    fn a_deployment_is_scaled_by_its_subresource_and_a_job_by_a_field() {
        let deployment = taken(Deed::Scale, "apps", "Deployment", &[]);
        assert_eq!(deployment, [["patch Deployment/scale"]]);
        assert_eq!(taken(Deed::Scale, "batch", "Job", &[]), [["patch Job/"]]);
    }

    #[test]
    fn what_is_made_anew_has_to_be_deleted_and_created() {
        let job = taken(Deed::Restart, "batch", "Job", &[]);
        assert_eq!(job, [["delete Job/"], ["create Job/"]]);
        let deployment = taken(Deed::Restart, "apps", "Deployment", &[]);
        assert_eq!(deployment, [["patch Deployment/"]]);
    }

    #[test]
    fn a_drain_takes_the_node_its_pods_and_their_eviction() {
        let drain = taken(Deed::Drain, "", "Node", &[]);
        assert_eq!(
            drain,
            [["patch Node/"], ["list Pod/"], ["create Pod/eviction"]]
        );
        assert_eq!(taken(Deed::Cordon, "", "Node", &[]), [["patch Node/"]]);
    }

    #[test]
    fn volcano_is_asked_by_a_command() {
        for deed in [Deed::Suspend, Deed::Resume, Deed::Restart, Deed::Cancel] {
            let command = taken(deed, "batch.volcano.sh", "Job", &[]);
            assert_eq!(command, [["create Command/"]]);
        }
    }

    #[test]
    fn a_job_is_suspended_by_itself_or_by_its_workload_where_there_are_such() {
        let alone = taken(Deed::Suspend, "batch", "Job", &[]);
        assert_eq!(alone, [["patch Job/"]]);
        let workload = ServedKind {
            kind: GroupKind::new("kueue.x-k8s.io", "Workload"),
            versions: vec!["v1beta1".to_owned()],
            resource: "workloads".to_owned(),
            is_namespaced: true,
            is_watchable: true,
        };
        let queued = taken(Deed::Suspend, "batch", "Job", &[workload]);
        assert_eq!(queued, [["patch Job/", "patch Workload/"]]);
    }
}
