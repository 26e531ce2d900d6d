//! The order in which objects of different kinds are written: what others need comes first.

use strata_domain::ids::GroupKind;

/// Kinds in the order in which they are written; kinds that nobody else needs come last.
const BUILT_IN: &[&[&str]] = &[
    &["Namespace"],
    &["CustomResourceDefinition"],
    &[
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "DeviceClass",
        "IngressClass",
        "GatewayClass",
    ],
    &["ServiceAccount"],
    &["ClusterRole", "Role"],
    &["ClusterRoleBinding", "RoleBinding"],
    &["ResourceQuota", "LimitRange", "NetworkPolicy"],
    &["ConfigMap", "Secret"],
    &["PersistentVolume"],
    &[
        "PersistentVolumeClaim",
        "ResourceClaimTemplate",
        "ResourceClaim",
    ],
    &["Service", "Gateway"],
    &[
        "Topology",
        "ResourceFlavor",
        "WorkloadPriorityClass",
        "AdmissionCheck",
        "Cohort",
    ],
    &["ClusterQueue", "Queue"],
    &["LocalQueue"],
    &[
        "ServingRuntime",
        "ClusterServingRuntime",
        "TrainingRuntime",
        "ClusterTrainingRuntime",
    ],
];

/// What only makes sense once the rest is there.
const LAST: &[&[&str]] = &[
    &[
        "PodDisruptionBudget",
        "HorizontalPodAutoscaler",
        "ScaledObject",
        "ScaledJob",
    ],
    &["Ingress", "HTTPRoute", "GRPCRoute"],
    &["APIService", "ValidatingAdmissionPolicy"],
    &[
        "ValidatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ],
];

/// Where a kind stands in the order; workloads and kinds that are not known stand between.
pub(super) fn rank(kind: &GroupKind) -> usize {
    let place = |table: &[&[&str]]| {
        table
            .iter()
            .position(|kinds| kinds.contains(&kind.kind.as_str()))
    };
    let workloads = BUILT_IN.len();
    place(BUILT_IN).unwrap_or_else(|| place(LAST).map_or(workloads, |at| workloads + 1 + at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_need_comes_first() {
        let mut kinds = [
            ("networking.k8s.io", "Ingress"),
            ("apps", "Deployment"),
            ("kueue.x-k8s.io", "LocalQueue"),
            ("", "Secret"),
            ("example.com", "Cow"),
            ("kueue.x-k8s.io", "ClusterQueue"),
            ("apiextensions.k8s.io", "CustomResourceDefinition"),
            ("", "Namespace"),
        ]
        .map(|(group, kind)| GroupKind::new(group, kind));
        kinds.sort_by_key(rank);
        let names: Vec<&str> = kinds.iter().map(|kind| kind.kind.as_str()).collect();
        assert_eq!(
            names,
            [
                "Namespace",
                "CustomResourceDefinition",
                "Secret",
                "ClusterQueue",
                "LocalQueue",
                "Deployment",
                "Cow",
                "Ingress",
            ]
        );
    }
}
