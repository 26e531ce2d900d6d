//! cordon and drain.

use crate::{
    SPARE,
    session::{Session, rows, web},
};

/// Pods of a workload of this kind on the node that is drained.
fn on_spare(kind: &str, name: &str) -> String {
    let file = web(2, "nginx:1.29")
        .replace("kind: Deployment", &format!("kind: {kind}"))
        .replace("name: web\n", &format!("name: {name}\n"))
        .replace("app: web", &format!("app: {name}"))
        .replace(
            "    spec:\n",
            &format!(
                "    spec:\n      nodeSelector: {{kubernetes.io/hostname: {SPARE}}}\n      tolerations: [{{key: spare, operator: Exists}}]\n"
            ),
        );
    if kind == "DaemonSet" {
        return file.replace("  replicas: 2\n", "");
    }
    file
}

pub(crate) fn cordon_keeps_pods_away_until_uncordon(session: &Session) {
    assert_eq!(
        session.says("cordon worker-02"),
        "node/worker-02 cordoned\n"
    );
    assert_eq!(
        session.says("cordon worker-02"),
        "node/worker-02 already cordoned\n"
    );
    let table = session.says("get node worker-02 --no-headers");
    assert_eq!(rows(&table)[0][1], "Ready,SchedulingDisabled");
    session.says("run one --image=nginx:1.29 --overrides='{\"spec\":{\"nodeSelector\":{\"kubernetes.io/hostname\":\"worker-02\"}}}'");
    session.says("wait --for=condition=PodScheduled=False pod/one --timeout=120s");
    let why = session
        .says("get pod one -o jsonpath={.status.conditions[?(@.type==\"PodScheduled\")].message}");
    assert!(why.contains("1 node(s) were unschedulable"), "{why}");
    assert_eq!(
        session.says("uncordon worker-02"),
        "node/worker-02 uncordoned\n"
    );
    session.says("wait --for=condition=Ready pod/one --timeout=120s");
}

pub(crate) fn drain_respects_daemon_sets_and_disruption_budgets(session: &Session) {
    session.says_given("apply -f -", &on_spare("DaemonSet", "agent"));
    session.says_given("apply -f -", &on_spare("Deployment", "web"));
    session.says("rollout status deployment/web --timeout=120s");
    session.says("rollout status daemonset/agent --timeout=120s");
    session.says("create poddisruptionbudget web --selector=app=web --min-available=1");
    session.says("wait --for=jsonpath={.status.disruptionsAllowed}=1 pdb/web --timeout=120s");
    let agent = session.says("get pods -l app=agent -o jsonpath={.items[0].metadata.name}");

    let refused = session.refuses(&format!("drain {SPARE}"));
    assert!(
        refused.contains(&format!(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}/{agent}",
            session.namespace
        )),
        "{refused}"
    );
    // It cordoned the node, so what is evicted finds no other place, and the budget is soon used up.
    let drain = format!("drain {SPARE} --ignore-daemonsets");
    let refused = session.refuses(&format!("{drain} --timeout=6s"));
    assert!(
        refused.contains("Cannot evict pod as it would violate the pod's disruption budget."),
        "{refused}"
    );
    assert!(refused.contains("global timeout reached: 6s"), "{refused}");
    let running = "get pods -l app=web --field-selector=status.phase=Running -o name";
    assert_eq!(session.says(running).lines().count(), 1, "one is protected");

    session.says("delete poddisruptionbudget web");
    let told = session.says(&format!("{drain} --timeout=120s"));
    assert!(told.contains(" evicted\n"), "{told}");
    assert!(told.ends_with(&format!("node/{SPARE} drained\n")), "{told}");
    assert_eq!(session.says(running), "");
    assert_eq!(
        session.says("get pods -l app=agent -o jsonpath={.items[*].metadata.name}"),
        agent
    );
    session.says(&format!("uncordon {SPARE}"));
    session.says("rollout status deployment/web --timeout=120s");
}
