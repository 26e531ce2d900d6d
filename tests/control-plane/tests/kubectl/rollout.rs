//! scale and rollout: workloads on their way from one state to another.

use crate::session::{Session, rows, web};

fn image(session: &Session) -> String {
    session.says("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}")
}

/// The images of the pods that are not on their way out.
fn images_of_pods(session: &Session) -> Vec<String> {
    let line = "get pods -l app=web -o go-template='{{range .items}}{{if not .metadata.deletionTimestamp}}{{range .spec.containers}}{{.image}} {{end}}{{end}}{{end}}'";
    session
        .says(line)
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

fn roll_out(session: &Session) -> String {
    session.says("rollout status deployment/web --timeout=120s")
}

pub(crate) fn scale_changes_the_replicas(session: &Session) {
    session.says_given("apply -f -", &web(1, "nginx:1.29"));
    assert_eq!(
        session.says("scale deployment/web --replicas=3"),
        "deployment.apps/web scaled\n"
    );
    session.says("wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=120s");
    let table = session.says("get deployment web --no-headers");
    assert_eq!(rows(&table)[0][..4], ["web", "3/3", "3", "3"]);
    session.says("scale deployment/web --replicas=0");
    session.says("wait --for=delete pod -l app=web --timeout=120s");
    assert_eq!(session.says("get pods -l app=web -o name"), "");
}

pub(crate) fn scale_respects_the_current_replicas(session: &Session) {
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    assert_eq!(
        session.refuses("scale deployment/web --replicas=4 --current-replicas=1"),
        "error: Expected replicas to be 1, was 0\n"
    );
    assert_eq!(
        session.says("scale deployment/web --replicas=0 --current-replicas=0"),
        "deployment.apps/web scaled\n"
    );
    let refused = session.refuses("scale deployment/nosuch --replicas=1");
    assert!(
        refused.contains("deployments.apps \"nosuch\" not found"),
        "{refused}"
    );
}

pub(crate) fn a_stateful_set_is_scaled(session: &Session) {
    let file = web(2, "nginx:1.29").replace("kind: Deployment", "kind: StatefulSet");
    session.says_given("apply -f -", &file);
    session.says("wait --for=jsonpath={.status.readyReplicas}=2 statefulset/web --timeout=120s");
    assert_eq!(session.says("get pods -o name"), "pod/web-0\npod/web-1\n");
    assert_eq!(
        session.says("scale statefulset web --replicas=1"),
        "statefulset.apps/web scaled\n"
    );
    session.says("wait --for=delete pod/web-1 --timeout=120s");
    assert_eq!(session.says("get pods -o name"), "pod/web-0\n");
}

pub(crate) fn status_waits_until_the_new_pods_are_there(session: &Session) {
    session.says_given("apply -f -", &web(2, "nginx:1.29"));
    roll_out(session);
    session.says("set image deployment/web main=nginx:1.30");
    let told = roll_out(session);
    assert!(
        told.ends_with("deployment \"web\" successfully rolled out\n"),
        "{told}"
    );
    assert_eq!(images_of_pods(session), ["nginx:1.30", "nginx:1.30"]);
    let sets = session.says("get replicasets --sort-by=.status.replicas --no-headers");
    assert_eq!(rows(&sets)[0][1..4], ["0", "0", "0"]);
    assert_eq!(rows(&sets)[1][1..4], ["2", "2", "2"]);
}

pub(crate) fn undo_brings_the_old_image_back(session: &Session) {
    session.says_given("create -f -", &web(2, "nginx:1.29"));
    roll_out(session);
    session.says("set image deployment/web main=nginx:1.30");
    roll_out(session);
    assert_eq!(images_of_pods(session), ["nginx:1.30", "nginx:1.30"]);
    let history = session.says("rollout history deployment/web");
    assert_eq!(
        rows(&history)[2..4],
        [vec!["1", "<none>"], vec!["2", "<none>"]]
    );
    let second = session.says("rollout history deployment/web --revision=2");
    assert!(second.contains("Image:\tnginx:1.30"), "{second}");

    assert_eq!(
        session.says("rollout undo deployment/web"),
        "deployment.apps/web rolled back\n"
    );
    roll_out(session);
    assert_eq!(image(session), "nginx:1.29");
    assert_eq!(images_of_pods(session), ["nginx:1.29", "nginx:1.29"]);
    let history = session.says("rollout history deployment/web");
    assert_eq!(
        rows(&history)[2..4],
        [vec!["2", "<none>"], vec!["3", "<none>"]]
    );

    assert_eq!(
        session.says("rollout undo deployment/web --to-revision=2"),
        "deployment.apps/web rolled back\n"
    );
    assert_eq!(image(session), "nginx:1.30");
    assert_eq!(
        session.refuses("rollout undo deployment/web --to-revision=9"),
        "error: unable to find specified revision 9 in history\n"
    );
}

pub(crate) fn a_paused_deployment_rolls_out_when_it_is_resumed(session: &Session) {
    session.says_given("create -f -", &web(1, "nginx:1.29"));
    roll_out(session);
    assert_eq!(
        session.says("rollout pause deployment/web"),
        "deployment.apps/web paused\n"
    );
    assert_eq!(
        session.refuses("rollout pause deployment/web"),
        "error: deployments.apps \"web\" is already paused\n"
    );
    session.says("set image deployment/web main=nginx:1.30");
    let seen = "wait --for=jsonpath={.status.observedGeneration}=3 deployment/web --timeout=120s";
    session.says(seen);
    assert_eq!(images_of_pods(session), ["nginx:1.29"]);
    assert_eq!(
        session.says("rollout resume deployment/web"),
        "deployment.apps/web resumed\n"
    );
    roll_out(session);
    assert_eq!(images_of_pods(session), ["nginx:1.30"]);
}

pub(crate) fn restart_replaces_the_pods(session: &Session) {
    session.says_given("create -f -", &web(1, "nginx:1.29"));
    roll_out(session);
    let before = session.says("get pods -l app=web -o name");
    assert_eq!(
        session.says("rollout restart deployment/web"),
        "deployment.apps/web restarted\n"
    );
    roll_out(session);
    session.says(&format!(
        "wait --for=delete {} --timeout=120s",
        before.trim()
    ));
    let after = session.says("get pods -l app=web -o name");
    assert_eq!(after.lines().count(), 1);
    assert_ne!(before, after);
}

pub(crate) fn a_stateful_set_is_rolled_out_and_brought_back(session: &Session) {
    let file = web(2, "nginx:1.29").replace("kind: Deployment", "kind: StatefulSet");
    session.says_given("create -f -", &file);
    session.says("rollout status statefulset/web --timeout=120s");
    session.says("set image statefulset/web main=nginx:1.30");
    let told = session.says("rollout status statefulset/web --timeout=120s");
    assert!(
        told.contains("partitioned roll out complete: 2 new pods have been updated"),
        "{told}"
    );
    assert_eq!(images_of_pods(session), ["nginx:1.30", "nginx:1.30"]);
    comes_back(session, "statefulset");
}

pub(crate) fn a_daemon_set_is_rolled_out_and_brought_back(session: &Session) {
    let file = web(1, "nginx:1.29")
        .replace("kind: Deployment", "kind: DaemonSet")
        .replace("  replicas: 1\n", "");
    session.says_given("create -f -", &file);
    session.says("rollout status daemonset/web --timeout=120s");
    session.says("set image daemonset/web main=nginx:1.30");
    let told = session.says("rollout status daemonset/web --timeout=120s");
    assert!(
        told.ends_with("daemon set \"web\" successfully rolled out\n"),
        "{told}"
    );
    let images = images_of_pods(session);
    assert!(!images.is_empty());
    assert!(
        images.iter().all(|image| image == "nginx:1.30"),
        "{images:?}"
    );
    comes_back(session, "daemonset");
}

/// Undoes the second revision of the set `web`, and the undoing.
fn comes_back(session: &Session, kind: &str) {
    let status = format!("rollout status {kind}/web --timeout=120s");
    let history = session.says(&format!("rollout history {kind}/web"));
    assert_eq!(
        rows(&history)[2..4],
        [vec!["1", "<none>"], vec!["2", "<none>"]]
    );
    let first = session.says(&format!("rollout history {kind}/web --revision=1"));
    assert!(first.contains("Image:\tnginx:1.29"), "{first}");
    assert_eq!(
        session.says(&format!("rollout undo {kind}/web")),
        format!("{kind}.apps/web rolled back\n")
    );
    session.says(&status);
    let images = images_of_pods(session);
    assert!(
        images.iter().all(|image| image == "nginx:1.29"),
        "{images:?}"
    );
    let history = session.says(&format!("rollout history {kind}/web"));
    assert_eq!(
        rows(&history)[2..4],
        [vec!["2", "<none>"], vec!["3", "<none>"]]
    );
    assert_eq!(
        session.says(&format!("rollout restart {kind}/web")),
        format!("{kind}.apps/web restarted\n")
    );
    session.says(&status);
}
