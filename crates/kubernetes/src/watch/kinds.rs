//! Which kinds are followed: the built-in ones always, custom ones by the plan.

use std::sync::Arc;

use strata_domain::ids::GroupKind;
use strata_ports::cluster::{PlannedKind, ServedKind, WatchPlan};

use super::endpoint::{Endpoint, Form};
use crate::{
    map::{BuiltIn, CustomKind, Decode},
    slim::{
        node::Node,
        plain::{
            ApiService, CsiDriver, CustomResourceDefinition, DeviceClass, Namespace, ResourceClaim,
            RuntimeClass, StorageClass,
        },
        pod::Pod,
        resource_slice::{BetaResourceSlice, ResourceSlice},
        scaling::{MutatingWebhooks, PodAutoscaler, ValidatingWebhooks},
        storage::{PersistentVolume, PersistentVolumeClaim},
        workloads::{DaemonSet, Deployment, Job, ReplicaSet, StatefulSet},
    },
};

/// Makes what reads a kind in one version.
type MakeDecode = fn() -> Arc<dyn Decode>;

/// A built-in kind: its group, kind and plural name, where its objects lie, and the versions that can
/// be read.
pub(crate) struct BuiltInKind {
    group: &'static str,
    kind: &'static str,
    resource: &'static str,
    scope: Scope,
    form: Form,
    versions: &'static [(&'static str, MakeDecode)],
}

/// Where the objects of a kind lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// In the cluster as a whole.
    Cluster,
    /// Each in a namespace.
    Namespaced,
}

fn shared<T>() -> Arc<dyn Decode>
where
    BuiltIn<T>: Decode + 'static,
{
    Arc::new(BuiltIn::<T>::new())
}

macro_rules! built_in {
    ($group:literal, $kind:literal, $resource:literal, $scope:ident, $form:ident, $($version:literal: $slim:ty),+) => {
        BuiltInKind {
            group: $group,
            kind: $kind,
            resource: $resource,
            scope: Scope::$scope,
            form: Form::$form,
            versions: &[$(($version, shared::<$slim>)),+],
        }
    };
}

/// The built-in kinds, in the order in which they are begun: what is on the first screen first.
#[rustfmt::skip]
static BUILT_IN: &[BuiltInKind] = &[
    built_in!("", "Node", "nodes", Cluster, Protobuf, "v1": Node),
    built_in!("", "Pod", "pods", Namespaced, Protobuf, "v1": Pod),
    built_in!("", "Namespace", "namespaces", Cluster, Protobuf, "v1": Namespace),
    built_in!("apps", "Deployment", "deployments", Namespaced, Protobuf, "v1": Deployment),
    built_in!("apps", "StatefulSet", "statefulsets", Namespaced, Protobuf, "v1": StatefulSet),
    built_in!("apps", "DaemonSet", "daemonsets", Namespaced, Protobuf, "v1": DaemonSet),
    built_in!("batch", "Job", "jobs", Namespaced, Protobuf, "v1": Job),
    built_in!("apps", "ReplicaSet", "replicasets", Namespaced, Protobuf, "v1": ReplicaSet),
    built_in!("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", Cluster, Metadata,
        "v1": CustomResourceDefinition),
    built_in!("apiregistration.k8s.io", "APIService", "apiservices", Cluster, Protobuf, "v1": ApiService),
    built_in!("storage.k8s.io", "StorageClass", "storageclasses", Cluster, Protobuf, "v1": StorageClass),
    built_in!("storage.k8s.io", "CSIDriver", "csidrivers", Cluster, Protobuf, "v1": CsiDriver),
    built_in!("node.k8s.io", "RuntimeClass", "runtimeclasses", Cluster, Protobuf, "v1": RuntimeClass),
    built_in!("resource.k8s.io", "ResourceSlice", "resourceslices", Cluster, Protobuf,
        "v1": ResourceSlice, "v1beta2": ResourceSlice, "v1beta1": BetaResourceSlice),
    built_in!("resource.k8s.io", "DeviceClass", "deviceclasses", Cluster, Protobuf,
        "v1": DeviceClass, "v1beta2": DeviceClass, "v1beta1": DeviceClass),
    built_in!("resource.k8s.io", "ResourceClaim", "resourceclaims", Namespaced, Protobuf,
        "v1": ResourceClaim, "v1beta2": ResourceClaim, "v1beta1": ResourceClaim),
    built_in!("", "PersistentVolumeClaim", "persistentvolumeclaims", Namespaced, Protobuf, "v1": PersistentVolumeClaim),
    built_in!("", "PersistentVolume", "persistentvolumes", Cluster, Protobuf, "v1": PersistentVolume),
    built_in!("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Namespaced, Protobuf,
        "v2": PodAutoscaler),
    built_in!("admissionregistration.k8s.io", "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations", Cluster, Protobuf, "v1": ValidatingWebhooks),
    built_in!("admissionregistration.k8s.io", "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations", Cluster, Protobuf, "v1": MutatingWebhooks),
];

/// How many of the built-in kinds every server serves and the first screen needs: nodes and pods.
const FIRST: usize = 2;

/// Every kind that is of interest, in the order in which they are begun.
pub(crate) fn wanted(plan: &WatchPlan) -> impl Iterator<Item = Wanted<'_>> {
    let planned = plan
        .kinds
        .iter()
        .filter(|planned| !BUILT_IN.iter().any(|built_in| built_in.is(&planned.kind)));
    BUILT_IN
        .iter()
        .map(Wanted::BuiltIn)
        .chain(planned.map(Wanted::Custom))
}

/// The kinds that need not wait for discovery.
pub(crate) fn first() -> impl Iterator<Item = Endpoint> {
    BUILT_IN
        .iter()
        .take(FIRST)
        .filter_map(BuiltInKind::as_expected)
}

/// The built-in kinds as every current server serves them, for a server that does not tell.
pub(crate) fn expected() -> impl Iterator<Item = Endpoint> {
    BUILT_IN.iter().filter_map(BuiltInKind::as_expected)
}

/// A kind that is of interest.
pub(crate) enum Wanted<'a> {
    BuiltIn(&'static BuiltInKind),
    Custom(&'a PlannedKind),
}

impl Wanted<'_> {
    /// Which kind.
    pub(crate) fn kind(&self) -> GroupKind {
        match self {
            Self::BuiltIn(built_in) => GroupKind::new(built_in.group, built_in.kind),
            Self::Custom(planned) => planned.kind.clone(),
        }
    }

    /// Where it is asked for on a server that serves it as `served`; none where that is in no
    /// version that can be read, or where it cannot be watched.
    pub(crate) fn endpoint(&self, served: &ServedKind) -> Option<Endpoint> {
        if !served.is_watchable {
            return None;
        }
        match self {
            Self::BuiltIn(built_in) => built_in.served_as(served),
            Self::Custom(planned) => {
                let version = served.versions.first()?;
                Some(Endpoint {
                    kind: planned.kind.clone(),
                    version: version.clone(),
                    resource: served.resource.clone(),
                    form: Form::Json,
                    is_namespaced: served.is_namespaced,
                    namespace: None,
                    decode: Arc::new(CustomKind::new(planned, version)),
                })
            }
        }
    }
}

impl BuiltInKind {
    fn is(&self, kind: &GroupKind) -> bool {
        kind.group == self.group && kind.kind == self.kind
    }

    fn served_as(&self, served: &ServedKind) -> Option<Endpoint> {
        served
            .versions
            .iter()
            .find_map(|version| self.versions.iter().find(|(known, _)| known == version))
            .map(|(version, decode)| self.at(version, *decode))
    }

    fn as_expected(&self) -> Option<Endpoint> {
        self.versions
            .first()
            .map(|(version, decode)| self.at(version, *decode))
    }

    fn at(&self, version: &str, decode: MakeDecode) -> Endpoint {
        Endpoint {
            kind: GroupKind::new(self.group, self.kind),
            version: version.to_owned(),
            resource: self.resource.to_owned(),
            form: self.form,
            is_namespaced: self.scope == Scope::Namespaced,
            namespace: None,
            decode: decode(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(group: &str, kind: &str, versions: &[&str]) -> ServedKind {
        ServedKind {
            kind: GroupKind::new(group, kind),
            versions: versions.iter().map(|&version| version.to_owned()).collect(),
            resource: "things".to_owned(),
            is_namespaced: true,
            is_watchable: true,
        }
    }

    fn version_of(kind: &str, versions: &[&str]) -> Option<String> {
        let plan = WatchPlan::default();
        let wanted = wanted(&plan).find(|wanted| wanted.kind().kind == kind)?;
        Some(
            wanted
                .endpoint(&served("resource.k8s.io", kind, versions))?
                .version,
        )
    }

    #[test]
    fn the_preferred_version_that_can_be_read_is_asked_for() {
        assert_eq!(
            version_of("ResourceSlice", &["v2", "v1", "v1beta1"]).unwrap(),
            "v1"
        );
        assert_eq!(
            version_of("ResourceSlice", &["v1beta1"]).unwrap(),
            "v1beta1"
        );
        assert_eq!(version_of("ResourceSlice", &["v1alpha3"]), None);
    }

    #[test]
    fn a_planned_kind_is_asked_for_in_whatever_version_is_preferred() {
        let planned = PlannedKind {
            kind: GroupKind::new("ray.io", "RayCluster"),
            fields: Vec::new(),
        };
        let plan = WatchPlan {
            kinds: vec![planned],
            ..WatchPlan::default()
        };
        let wanted = wanted(&plan).last().unwrap();
        let endpoint = wanted
            .endpoint(&served("ray.io", "RayCluster", &["v7", "v1"]))
            .unwrap();
        assert_eq!(
            (endpoint.version.as_str(), endpoint.resource.as_str()),
            ("v7", "things")
        );
        let unwatchable = ServedKind {
            is_watchable: false,
            ..served("ray.io", "RayCluster", &["v1"])
        };
        assert!(wanted.endpoint(&unwatchable).is_none());
    }

    #[test]
    fn a_plan_that_names_a_built_in_kind_does_not_follow_it_twice() {
        let planned = PlannedKind {
            kind: GroupKind::new("", "Pod"),
            fields: Vec::new(),
        };
        let plan = WatchPlan {
            kinds: vec![planned],
            ..WatchPlan::default()
        };
        let pods = wanted(&plan).filter(|wanted| wanted.kind() == GroupKind::new("", "Pod"));
        assert_eq!(pods.count(), 1);
    }
}
