//! delete.

use crate::session::{Session, web};

pub(crate) fn delete_removes_by_name_and_by_label(session: &Session) {
    let namespace = &session.namespace;
    for name in ["a", "b", "c"] {
        session.says(&format!("create configmap {name} --from-literal=key=value"));
        session.says(&format!("label configmap {name} set=mine"));
    }
    assert_eq!(
        session.says("delete configmap a"),
        format!("configmap \"a\" deleted from {namespace} namespace\n")
    );
    assert_eq!(
        session.refuses("delete configmap a"),
        "Error from server (NotFound): configmaps \"a\" not found\n"
    );
    assert_eq!(session.says("delete configmap a --ignore-not-found"), "");
    session.says("delete configmaps -l set=mine");
    assert_eq!(session.says("get configmaps -l set=mine -o name"), "");
    session.says("run one --image=nginx:1.29");
    let forced = session.run("delete pod one --force --grace-period=0");
    assert_eq!(forced.code, Some(0), "{forced}");
    assert!(
        forced
            .remarked
            .contains("Warning: Immediate deletion does not wait"),
        "{forced}"
    );
    assert_eq!(
        forced.said,
        format!("pod \"one\" force deleted from {namespace} namespace\n")
    );
    session.refuses("get pod one");
}

pub(crate) fn delete_can_leave_the_children(session: &Session) {
    session.says_given("apply -f -", &web(1, "nginx:1.29"));
    session.says("rollout status deployment/web --timeout=120s");
    session.says("delete deployment web --cascade=orphan");
    let sets = session.says("get replicasets -o name");
    assert_eq!(sets.lines().count(), 1);
    let owners = session.says("get replicasets -o jsonpath={.items[*].metadata.ownerReferences}");
    assert_eq!(owners, "");
    assert_eq!(
        session.says("get pods -l app=web -o name").lines().count(),
        1
    );
    session.says(&format!("delete {}", sets.trim()));
}

pub(crate) fn delete_of_a_deployment_takes_its_pods_along(session: &Session) {
    session.says_given("apply -f -", &web(2, "nginx:1.29"));
    session.says("rollout status deployment/web --timeout=120s");
    session.says("delete deployment web --cascade=foreground --timeout=120s");
    assert_eq!(session.says("get deployments,replicasets -o name"), "");
    session.says("wait --for=delete pod -l app=web --timeout=120s");
}

pub(crate) fn delete_of_a_namespace_waits_for_what_is_in_it(session: &Session) {
    let name = format!("{}-other", session.namespace);
    session.says(&format!("create namespace {name}"));
    session.says(&format!(
        "create configmap settings --from-literal=key=value -n {name}"
    ));
    session.says(&format!("delete namespace {name} --timeout=120s"));
    session.refuses(&format!("get namespace {name}"));
    assert_eq!(
        session.refuses(&format!("create configmap settings -n {name}")),
        format!("error: failed to create configmap: namespaces \"{name}\" not found\n")
    );
}
