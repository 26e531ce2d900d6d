//! get, describe, events.

use crate::session::{Session, rows, web};

/// Two pods of a deployment named `web`, running.
fn with_web(session: &Session) {
    session.says_given("apply -f -", &web(2, "nginx:1.29"));
    session.says("rollout status deployment/web --timeout=120s");
}

pub(crate) fn get_prints_the_columns_of_the_server(session: &Session) {
    with_web(session);
    let pods = session.says("get pods");
    assert_eq!(
        rows(&pods)[0],
        ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    );
    assert_eq!(rows(&pods).len(), 3);
    assert_eq!(rows(&pods)[1][1..4], ["1/1", "Running", "0"]);
    let wide = session.says("get deploy -o wide --show-labels");
    let expected = [
        "NAME",
        "READY",
        "UP-TO-DATE",
        "AVAILABLE",
        "AGE",
        "CONTAINERS",
        "IMAGES",
        "SELECTOR",
        "LABELS",
    ];
    assert_eq!(rows(&wide)[0], expected);
    assert_eq!(rows(&wide)[1][..4], ["web", "2/2", "2", "2"]);
    assert_eq!(
        rows(&wide)[1][5..],
        ["main", "nginx:1.29", "app=web", "app=web"]
    );
    let all = session.says("get all");
    for part in ["pod/web-", "deployment.apps/web ", "replicaset.apps/web-"] {
        assert!(all.contains(part), "{part} is missing in\n{all}");
    }
}

pub(crate) fn get_prints_yaml_json_names_and_columns_of_ones_own(session: &Session) {
    with_web(session);
    assert_eq!(session.says("get deploy -o name"), "deployment.apps/web\n");
    let yaml = session.says("get deploy web -o yaml");
    for part in [
        "apiVersion: apps/v1\nkind: Deployment\n",
        "\n  strategy:\n    rollingUpdate:\n      maxSurge: 25%\n",
        "\n  observedGeneration: 1\n  readyReplicas: 2\n",
    ] {
        assert!(yaml.contains(part), "{part} is missing in\n{yaml}");
    }
    assert!(!yaml.contains("managedFields"), "{yaml}");
    let shown = session.says("get deploy web -o yaml --show-managed-fields");
    assert!(
        shown.contains("manager: kubectl-client-side-apply"),
        "{shown}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&session.says("get deployments -o json")).unwrap();
    assert_eq!(json["kind"], "List");
    assert_eq!(json["items"][0]["spec"]["replicas"], 2);
    assert_eq!(
        session.says("get deploy web -o jsonpath={.spec.template.spec.containers[*].image}"),
        "nginx:1.29"
    );
    let columns = "NAME:.metadata.name,IMAGES:.spec.template.spec.containers[*].image";
    assert_eq!(
        session.says(&format!("get deploy -o custom-columns={columns}")),
        "NAME   IMAGES\nweb    nginx:1.29\n"
    );
}

pub(crate) fn get_sorts_and_selects(session: &Session) {
    for (name, tier) in [("b", "front"), ("c", "back"), ("a", "front")] {
        session.says(&format!("create configmap {name} --from-literal=key=value"));
        session.says(&format!("label configmap {name} tier={tier}"));
    }
    let get = |rest: &str| session.says(&format!("get configmaps -o name {rest}"));
    assert_eq!(
        get("-l tier=front --sort-by=.metadata.creationTimestamp")
            .lines()
            .count(),
        2
    );
    assert_eq!(
        get("-l 'tier in (front, back)' --sort-by=.metadata.name"),
        "configmap/a\nconfigmap/b\nconfigmap/c\n"
    );
    assert_eq!(get("-l tier!=front,tier"), "configmap/c\n");
    assert_eq!(get("--field-selector=metadata.name=b"), "configmap/b\n");
    // In pages of one.
    assert_eq!(get("-l tier --chunk-size=1").lines().count(), 3);
    let columns = session.says("get configmaps -l tier=back -L tier --no-headers");
    assert_eq!(rows(&columns)[0][..2], ["c", "1"]);
    assert_eq!(rows(&columns)[0].last(), Some(&"back"));
}

pub(crate) fn get_of_what_is_not_there_fails(session: &Session) {
    assert_eq!(
        session.refuses("get pod nope"),
        "Error from server (NotFound): pods \"nope\" not found\n"
    );
    let none = session.run("get pods");
    assert_eq!(none.code, Some(0));
    let namespace = &session.namespace;
    assert_eq!(
        none.remarked,
        format!("No resources found in {namespace} namespace.\n")
    );
    assert_eq!(session.says("get pod nope --ignore-not-found"), "");
    assert_eq!(
        session.refuses("get nosuch"),
        "error: the server doesn't have a resource type \"nosuch\"\n"
    );
}

pub(crate) fn get_watches(session: &Session) {
    session.says("create configmap before --from-literal=key=a");
    let columns = "custom-columns=N:.metadata.name,K:.data.key";
    let watch = session.start(&format!("get configmaps --watch -o {columns}"));
    // What is there is listed first.
    watch.until(|line| rows(line)[0] == ["before", "a"]);
    session.says("create configmap after --from-literal=key=b");
    watch.until(|line| rows(line)[0] == ["after", "b"]);
    session.says("patch configmap after -p '{\"data\":{\"key\":\"c\"}}'");
    watch.until(|line| rows(line)[0] == ["after", "c"]);
}

pub(crate) fn describe_tells_of_a_pod_and_its_events(session: &Session) {
    session.says("run one --image=nginx:1.29 --labels=app=one");
    session.says("wait --for=condition=Ready pod/one --timeout=120s");
    let told = session.says("describe pod one");
    let namespace = &session.namespace;
    for line in [
        format!("Namespace:        {namespace}"),
        "Service Account:  default".to_owned(),
        "Labels:           app=one".to_owned(),
        "Status:           Running".to_owned(),
        "    Image:          nginx:1.29".to_owned(),
        "    State:          Running".to_owned(),
        "    Restart Count:  0".to_owned(),
        "QoS Class:                   BestEffort".to_owned(),
    ] {
        assert!(told.contains(&line), "{line} is missing in\n{told}");
    }
    for part in [
        "/var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-",
        "node.kubernetes.io/not-ready:NoExecute op=Exists for 300s",
        &format!("Successfully assigned {namespace}/one to "),
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

pub(crate) fn describe_tells_of_a_deployment_and_its_replica_set(session: &Session) {
    with_web(session);
    let told = session.says("describe deployment web");
    for part in [
        "Annotations:            deployment.kubernetes.io/revision: 1\n",
        "Replicas:               2 desired | 2 updated | 2 total | 2 available | 0 unavailable\n",
        "RollingUpdateStrategy:  25% max unavailable, 25% max surge\n",
        "  Available      True    MinimumReplicasAvailable\n",
        "  Progressing    True    NewReplicaSetAvailable\n",
        "OldReplicaSets:  <none>\n",
        " (2/2 replicas created)\n",
        "Scaled up replica set web-",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
}

pub(crate) fn describe_tells_of_a_node_and_its_pods(session: &Session) {
    session.says("run one --image=nginx:1.29 --overrides='{\"spec\":{\"nodeName\":\"gpu-01\"}}'");
    session.says("wait --for=condition=Ready pod/one --timeout=120s");
    let told = session.says("describe node gpu-01");
    let flat: Vec<String> = told
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for line in ["Name: gpu-01", "nvidia.com/gpu: 8", "Allocated resources:"] {
        assert!(
            flat.iter().any(|told| told == line),
            "{line} is missing in\n{told}"
        );
    }
    let pod = format!("{} one 0 (0%)", session.namespace);
    assert!(flat.iter().any(|told| told.starts_with(&pod)), "{told}");
    let table = session.says("get node gpu-01 -o wide --no-headers");
    assert_eq!(rows(&table)[0][..3], ["gpu-01", "Ready", "<none>"]);
    assert!(rows(&table)[0][4].starts_with("v1.36."), "{table}");
}

pub(crate) fn events_of_an_object_are_listed(session: &Session) {
    session.says("run one --image=nginx:1.29");
    session.says("wait --for=condition=Ready pod/one --timeout=120s");
    let events = session.says("events --for pod/one");
    assert_eq!(
        rows(&events)[0],
        ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    );
    let scheduled = ["Normal", "Scheduled", "Pod/one"];
    let is_scheduled = |row: &Vec<&str>| row.len() > 4 && row[1..4] == scheduled;
    assert!(rows(&events).iter().any(is_scheduled), "{events}");
    let line = "get events --field-selector=involvedObject.name=one,reason=Scheduled -o jsonpath=";
    let message = session.says(&format!("{line}{{.items[*].message}}"));
    assert!(message.starts_with("Successfully assigned "), "{message}");
}
