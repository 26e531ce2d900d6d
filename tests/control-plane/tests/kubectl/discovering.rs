//! api-resources, explain, version: what kubectl learns of a cluster's kinds.

use crate::session::{Session, rows};

pub(crate) fn api_resources_lists_the_kinds_of_a_group(session: &Session) {
    let table = session.says("api-resources --api-group=apps");
    assert_eq!(
        rows(&table),
        [
            vec!["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"],
            vec![
                "controllerrevisions",
                "apps/v1",
                "true",
                "ControllerRevision"
            ],
            vec!["daemonsets", "ds", "apps/v1", "true", "DaemonSet"],
            vec!["deployments", "deploy", "apps/v1", "true", "Deployment"],
            vec!["replicasets", "rs", "apps/v1", "true", "ReplicaSet"],
            vec!["statefulsets", "sts", "apps/v1", "true", "StatefulSet"],
        ]
    );
    let wide = session.says("api-resources --api-group=batch -o wide --no-headers");
    assert_eq!(
        rows(&wide)[0],
        [
            "cronjobs",
            "cj",
            "batch/v1",
            "true",
            "CronJob",
            "create,delete,deletecollection,get,list,patch,update,watch",
            "all",
        ]
    );
}

pub(crate) fn api_resources_can_be_chosen_by_verb_and_scope(session: &Session) {
    let line = "api-resources --verbs=list,watch --namespaced=false --api-group= -o name";
    assert_eq!(session.says(line), "namespaces\nnodes\npersistentvolumes\n");
    let groups = session.says("api-versions");
    for group in ["apps/v1", "autoscaling/v2", "batch/v1", "policy/v1", "v1"] {
        assert!(groups.lines().any(|line| line == group), "{groups}");
    }
}

pub(crate) fn explain_tells_of_a_field(session: &Session) {
    let told = session.says("explain deployment.spec.strategy");
    assert_eq!(rows(&told)[0], ["GROUP:", "apps"]);
    assert_eq!(rows(&told)[1], ["KIND:", "Deployment"]);
    for part in [
        "FIELD: strategy <DeploymentStrategy>",
        "The deployment strategy to use to replace existing pods with new ones.",
        "rollingUpdate\t<RollingUpdateDeployment>",
        "enum: Recreate, RollingUpdate",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

pub(crate) fn explain_lists_all_the_fields_of_a_kind(session: &Session) {
    let told = session.says("explain poddisruptionbudgets --recursive");
    for part in [
        "GROUP:      policy",
        "  spec\t<PodDisruptionBudgetSpec>",
        "    maxUnavailable\t<IntOrString>",
        "      matchLabels\t<map[string]string>",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

pub(crate) fn explain_of_a_field_that_is_not_there_fails(session: &Session) {
    assert_eq!(
        session.refuses("explain pods.spec.nosuch"),
        "error: field \"nosuch\" does not exist\n"
    );
    assert_eq!(
        session.refuses("explain nosuch"),
        "the server doesn't have a resource type \"nosuch\"\n"
    );
}

pub(crate) fn a_kind_of_ones_own_is_explained_and_listed(session: &Session) {
    let group = format!("{}.example.com", session.namespace);
    let definition = format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: adapters.{group}}}
spec:
  group: {group}
  scope: Namespaced
  names: {{plural: adapters, singular: adapter, kind: Adapter, shortNames: [adp]}}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{{name: Rank, type: integer, jsonPath: .spec.rank}}]
    schema:
      openAPIV3Schema:
        type: object
        description: A low-rank adapter of a model.
        properties:
          spec:
            type: object
            properties:
              rank: {{type: integer, description: The rank of its matrices., minimum: 1}}
"
    );
    session.says_given("apply -f -", &definition);
    let wait = format!("wait --for=condition=Established crd/adapters.{group} --timeout=60s");
    session.says(&wait);
    // What is served is told a moment after that.
    let told = session.comes_to_say(&format!("explain adapters.{group}.spec"));
    assert!(told.contains("rank\t<integer>"), "{told}");
    assert!(told.contains("The rank of its matrices."), "{told}");

    let adapter = |rank: i32| {
        format!(
            "apiVersion: {group}/v1\nkind: Adapter\nmetadata: {{name: one}}\nspec: {{rank: {rank}}}\n"
        )
    };
    let refused = session.refuses_given("apply -f -", &adapter(0));
    assert!(
        refused.contains(
            "spec.rank: Invalid value: 0: spec.rank in body should be greater than or equal to 1"
        ),
        "{refused}"
    );
    session.says_given("apply -f -", &adapter(8));
    let table = session.says(&format!("get adp.v1.{group}"));
    assert_eq!(rows(&table), [vec!["NAME", "RANK"], vec!["one", "8"]]);
    session.says(&format!("delete crd adapters.{group}"));
}

pub(crate) fn the_server_tells_its_version_and_its_groups(session: &Session) {
    let version = session.says("version");
    assert!(version.contains("Server Version: v1.36."), "{version}");
    let place = session.says("cluster-info");
    assert!(
        place.contains("Kubernetes control plane") && place.contains("https://127.0.0.1:"),
        "{place}"
    );
    assert_eq!(session.says("get --raw /readyz"), "ok");
}
