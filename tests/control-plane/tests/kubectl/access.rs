//! auth, and what somebody else may do.

use crate::session::{Session, rows};

/// The namespace's own account, as one who asks.
fn as_account(session: &Session) -> String {
    format!("--as=system:serviceaccount:{}:default", session.namespace)
}

pub(crate) fn can_i_tells_what_is_allowed(session: &Session) {
    assert_eq!(session.says("auth can-i create pods"), "yes\n");
    let ended = session.run(&format!("auth can-i list secrets {}", as_account(session)));
    assert_eq!(
        (ended.code, ended.said.as_str()),
        (Some(1), "no\n"),
        "{ended}"
    );
    let ended = session.run(&format!(
        "auth can-i list pods --subresource=log --quiet {}",
        as_account(session)
    ));
    assert_eq!((ended.code, ended.said.as_str()), (Some(1), ""), "{ended}");
    let warned = session.run("auth can-i get nosuch");
    assert!(
        warned
            .remarked
            .contains("the server doesn't have a resource type 'nosuch'"),
        "{warned}"
    );
}

pub(crate) fn can_i_lists_what_is_allowed(session: &Session) {
    let mine = session.says("auth can-i --list --no-headers");
    assert!(
        rows(&mine).contains(&vec!["*.*", "[]", "[]", "[*]"]),
        "{mine}"
    );
    let theirs = session.says(&format!(
        "auth can-i --list --no-headers {}",
        as_account(session)
    ));
    let rows = rows(&theirs);
    assert!(!rows.contains(&vec!["*.*", "[]", "[]", "[*]"]), "{theirs}");
    assert!(
        rows.contains(&vec![
            "selfsubjectaccessreviews.authorization.k8s.io",
            "[]",
            "[]",
            "[create]"
        ]),
        "{theirs}"
    );
    assert!(
        rows.contains(&vec!["[/version]", "[]", "[get]"]),
        "{theirs}"
    );
}

pub(crate) fn what_is_forbidden_is_said(session: &Session) {
    let namespace = &session.namespace;
    let who = as_account(session);
    assert_eq!(
        session.refuses(&format!("get pods {who}")),
        format!(
            "Error from server (Forbidden): pods is forbidden: User \"system:serviceaccount:{namespace}:default\" \
             cannot list resource \"pods\" in API group \"\" in the namespace \"{namespace}\"\n"
        )
    );
    let refused = session.refuses(&format!("delete node worker-01 {who}"));
    assert!(
        refused.contains("cannot delete resource \"nodes\" in API group \"\" at the cluster scope"),
        "{refused}"
    );
}

pub(crate) fn a_role_lets_a_service_account_in(session: &Session) {
    let who = as_account(session);
    let namespace = &session.namespace;
    session.says("create role reader --verb=get,list --resource=pods,pods/log");
    session.says(&format!(
        "create rolebinding reader --role=reader --serviceaccount={namespace}:default"
    ));
    assert_eq!(
        session.says(&format!("auth can-i list pods {who}")),
        "yes\n"
    );
    assert_eq!(session.says(&format!("get pods -o name {who}")), "");
    let ended = session.run(&format!("auth can-i delete pods {who}"));
    assert_eq!(
        (ended.code, ended.said.as_str()),
        (Some(1), "no\n"),
        "{ended}"
    );
    let told = session.says("describe role reader");
    assert!(
        rows(&told).contains(&vec!["pods/log", "[]", "[]", "[get", "list]"]),
        "{told}"
    );
}

pub(crate) fn a_token_is_that_of_its_account(session: &Session) {
    let token = session.says("create token default --duration=1h");
    assert_eq!(token.trim().split('.').count(), 3, "{token}");
    let whoami = session.says(&format!("auth whoami {}", as_account(session)));
    let name = format!("system:serviceaccount:{}:default", session.namespace);
    assert!(rows(&whoami).contains(&vec!["Username", &name]), "{whoami}");
    let groups = format!(
        "[system:serviceaccounts system:serviceaccounts:{} system:authenticated]",
        session.namespace
    );
    assert!(whoami.contains(&groups), "{whoami}");
}
