//! wait.

use crate::session::Session;

pub(crate) fn wait_sees_conditions_fields_and_deletion(session: &Session) {
    session.says("run one --image=nginx:1.29");
    assert_eq!(
        session.says("wait --for=condition=Ready pod/one --timeout=120s"),
        "pod/one condition met\n"
    );
    assert_eq!(
        session.says("wait --for=jsonpath={.status.phase}=Running pod/one --timeout=120s"),
        "pod/one condition met\n"
    );
    session.says("delete pod one --wait=false");
    let said = session.says("wait --for=delete pod/one --timeout=120s");
    // It says nothing of a pod that was gone before it looked.
    assert!(
        ["", "pod/one condition met\n"].contains(&said.as_str()),
        "{said}"
    );
    session.refuses("get pod one");
}

pub(crate) fn wait_gives_up(session: &Session) {
    session.says("create configmap settings --from-literal=key=value");
    let refused =
        session.refuses("wait --for=jsonpath={.data.key}=other configmap/settings --timeout=1s");
    assert_eq!(
        refused,
        "error: timed out waiting for the condition on configmaps/settings\n"
    );
}
