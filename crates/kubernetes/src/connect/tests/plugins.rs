//! Credential plugins: shell scripts in a folder of the test.

#![cfg(unix)]

use super::*;

/// A user entry whose plugin is the script `login` with the further arguments `args`, and what else
/// is to stand in `exec`. A script that was just written is given to the shell to read: where
/// another test forks at that moment, the system would refuse to run it ("text file busy").
fn user(args: &str, more: &str) -> String {
    format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, \
         args: ['$HERE/login'{args}], interactiveMode: IfAvailable{more}}}}}"
    )
}

/// A script that counts its runs in the file `runs` and tells the token `token-N`.
fn counting(folder_of_runs: &str, status: &str) -> String {
    format!(
        "#!/bin/sh\necho run >> {folder_of_runs}/runs\nn=$(wc -l < {folder_of_runs}/runs)\n\
         n=$(echo $n)\n\
         printf '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\
         \"status\":{{\"token\":\"token-%s\"{status}}}}}' \"$n\"\n"
    )
}

/// A desk whose plugin is the script `script`; `$HERE` in it is the desk's folder.
fn desk_with(cluster: &str, user: &str, script: &str) -> Desk {
    let desk = Desk::new(cluster, user);
    desk.write("login", script);
    desk
}

/// Approves what the desk's context wants to run, as the user would.
async fn approve(desk: &Desk) {
    match desk.connect().await {
        Err(ConnectFailure::NeedsApproval { digest, .. }) => {
            desk.contexts.approve_plugin(&digest).unwrap();
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it ran without approval"),
    }
}

fn runs(desk: &Desk) -> usize {
    fs::read_to_string(desk.path("runs"))
        .unwrap_or_default()
        .lines()
        .count()
}

#[tokio::test]
async fn a_plugin_is_run_only_after_its_command_was_approved() {
    let server = Server::plain(healthy).await;
    let user = user(", get-token, '--cluster=a b'", "");
    let desk = desk_with(&plain_entry(&server), &user, &counting("$HERE", ""));
    let mut changes = desk.connector.changes(&desk.lab());
    let Err(ConnectFailure::NeedsApproval { command, digest }) = desk.connect().await else {
        panic!("it was not asked for");
    };
    assert!(
        command.ends_with("/login get-token '--cluster=a b'"),
        "{command}"
    );
    assert!(
        command.starts_with('/') && command.contains("/sh /"),
        "{command}"
    );
    assert_eq!((runs(&desk), server.seen().len()), (0, 0));
    let reports = desk.diagnose().await;
    assert!(
        outcome(&reports[1].outcome).contains("never approved"),
        "{reports:?}"
    );

    assert!(
        changes.changed().now_or_never().is_none(),
        "nothing was approved yet"
    );
    desk.contexts.approve_plugin(&digest).unwrap();
    assert!(
        changes.changed().now_or_never().is_some(),
        "it was approved"
    );
    let connection = desk.connect().await.unwrap();
    assert_eq!(connection.version, "v1.36.0");
    assert_eq!(server.authorizations(), ["Bearer token-1"]);

    // Another command is another approval.
    let other = user.replace("get-token", "get-all-tokens");
    desk.write("config", &kubeconfig(&plain_entry(&server), &other));
    let limit = Duration::from_mins(1);
    tokio::time::timeout(limit, changes.changed())
        .await
        .expect("the change is heard of");
    assert!(matches!(
        desk.connect().await,
        Err(ConnectFailure::NeedsApproval { .. })
    ));
}

#[tokio::test]
async fn a_plugin_is_told_what_it_asked_for_in_the_login_shells_environment() {
    let server = Server::plain(healthy).await;
    let script = format!("{}env > $HERE/env\n", counting("$HERE", ""));
    let cluster = plain_entry(&server).replace(
        '}',
        ", extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]}",
    );
    let user = user(
        "",
        ", provideClusterInfo: true, env: [{name: PROFILE, value: dev}]",
    );
    let desk = desk_with(&cluster, &user, &script);
    approve(&desk).await;
    desk.connect().await.unwrap();
    let env = fs::read_to_string(desk.path("env")).unwrap();
    let value = |name: &str| {
        env.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
    };
    assert_eq!(value("OF_THE_LOGIN_SHELL"), "yes");
    assert_eq!(value("PROFILE"), "dev");
    assert_eq!(
        value("CARGO_MANIFEST_DIR"),
        "",
        "the process's own environment is not passed on"
    );
    let told: serde_json::Value = serde_json::from_str(value("KUBERNETES_EXEC_INFO")).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "spec": {
                "interactive": false,
                "cluster": {
                    "server": format!("http://{}", server.address),
                    "config": { "audience": "x" },
                },
            },
        })
    );
}

#[tokio::test]
async fn credentials_are_kept_until_shortly_before_they_end() {
    let server = Server::plain(healthy).await;
    let end = r#",\"expirationTimestamp\":\"2026-01-01T01:00:00Z\""#.replace('\\', "");
    let desk = desk_with(
        &plain_entry(&server),
        &user("", ""),
        &counting("$HERE", &end),
    );
    approve(&desk).await;
    let connection = desk.connect().await.unwrap();
    diagnose::version_of(&connection.client).await.unwrap();
    desk.pass(58 * 60);
    desk.connect().await.unwrap();
    diagnose::version_of(&connection.client).await.unwrap();
    assert_eq!(runs(&desk), 1);

    desk.pass(90);
    diagnose::version_of(&connection.client).await.unwrap();
    assert_eq!(runs(&desk), 2);
    assert_eq!(server.authorizations().last().unwrap(), "Bearer token-2");
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_only_if_it_is_not_brand_new() {
    let wanted = Arc::new(Mutex::new("Bearer token-1".to_owned()));
    let accepted = Arc::clone(&wanted);
    let server = Server::plain(move |seen| {
        if seen.header("authorization") == Some(accepted.lock().unwrap().as_str()) {
            healthy(seen)
        } else {
            refusal(StatusCode::UNAUTHORIZED, "Unauthorized")
        }
    })
    .await;
    let desk = desk_with(&plain_entry(&server), &user("", ""), &counting("$HERE", ""));
    approve(&desk).await;
    desk.connect().await.unwrap();
    assert!(
        !desk.connector.refresh(&desk.lab()).await,
        "it would tell the same again"
    );

    desk.pass(3600);
    *wanted.lock().unwrap() = "Bearer token-2".to_owned();
    desk.connect().await.unwrap();
    assert_eq!(runs(&desk), 2);

    desk.pass(3600);
    *wanted.lock().unwrap() = "none at all".to_owned();
    assert!(desk.connector.refresh(&desk.lab()).await);
    let (step, message, advice) = told(desk.connect().await);
    assert_eq!(step, Step::Authentication, "{message}");
    assert!(advice.contains("Log in again"), "{advice}");
    assert_eq!(runs(&desk), 3);
}

#[tokio::test]
async fn a_client_certificate_of_a_plugin_is_used_and_its_end_is_told() {
    let authority = Authority::new("lab authority");
    let clients = Authority::new("clients");
    let server = Server::with_tls(&good_leaf(&authority), Some(&clients), healthy).await;
    let ann = clients.leaf(&["ann"], LONG);
    let told = serde_json::json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {
            "clientCertificateData": ann.certificate,
            "clientKeyData": ann.key,
            "expirationTimestamp": "2026-01-01T01:00:00Z",
        },
    });
    let desk = desk_with(
        &tls_entry(&server, &authority),
        &user("", ""),
        "#!/bin/sh\nexec cat $HERE/told.json\n",
    );
    desk.write("told.json", &told.to_string());
    approve(&desk).await;
    let connection = desk.connect().await.unwrap();
    assert_eq!(
        connection.valid_until,
        Some("2026-01-01T00:59:00Z".parse().unwrap())
    );
    assert_eq!(server.authorizations(), ["none"]);
}

#[tokio::test]
async fn contexts_with_the_same_plugin_share_one_run() {
    let server = Server::plain(healthy).await;
    let desk = desk_with(&plain_entry(&server), &user("", ""), &counting("$HERE", ""));
    approve(&desk).await;
    let lab = desk.lab();
    let connecting = (0..4).map(|_| desk.connector.connect(&lab, &|_| {}));
    let connected = futures::future::join_all(connecting).await;
    assert!(connected.iter().all(Result::is_ok));
    assert_eq!(runs(&desk), 1);
}

#[tokio::test]
async fn a_plugin_that_fails_is_run_again_by_a_new_connection_but_not_by_each_request() {
    let server = Server::plain(healthy).await;
    let end = r#","expirationTimestamp":"2026-01-01T01:00:00Z""#;
    let desk = desk_with(
        &plain_entry(&server),
        &user("", ""),
        &counting("$HERE", end),
    );
    approve(&desk).await;
    let connection = desk.connect().await.unwrap();
    let broken = "#!/bin/sh\necho run >> $HERE/runs\necho logged out >&2\nexit 1\n";
    desk.write("login", broken);
    desk.pass(3600);
    for _ in 0..3 {
        let error = diagnose::version_of(&connection.client).await.unwrap_err();
        assert!(diagnose::sentence(&error).contains("logged out"), "{error}");
    }
    assert_eq!(runs(&desk), 2);
    let (step, ..) = told(desk.connect().await);
    assert_eq!((step, runs(&desk)), (Step::Credentials, 3));
}

#[tokio::test]
async fn each_failure_of_a_plugin_is_told_with_what_to_do() {
    let login = "apiVersion: client.authentication.k8s.io/v1, command: sh, args: [$HERE/login]";
    let missing = "apiVersion: client.authentication.k8s.io/v1, command: no-such-login";
    let cases = [
        (
            login.to_owned(),
            "#!/bin/sh\necho first >&2\necho 'please log in' >&2\nexit 7\n",
            "ended with exit status: 7: first please log in",
            "/login",
        ),
        (
            login.to_owned(),
            "#!/bin/sh\nexec sleep 600\n",
            "gave no answer within 0.2 s",
            "in a terminal",
        ),
        (
            login.to_owned(),
            "#!/bin/sh\necho very-secret\n",
            "something else than an ExecCredential",
            "in a terminal",
        ),
        (
            format!("{missing}, installHint: Ask the help desk."),
            "",
            "no-such-login is not installed",
            "Ask the help desk.",
        ),
        (
            missing.to_owned(),
            "",
            "not in PATH",
            "Install no-such-login",
        ),
        (
            format!("{login}, interactiveMode: Always"),
            "",
            "asks at a terminal",
            "token",
        ),
        (
            "apiVersion: client.authentication.k8s.io/v1alpha1, command: ./login".to_owned(),
            "",
            "v1alpha1",
            "Update ./login",
        ),
    ];
    for (exec, script, expected, advised) in cases {
        let user = format!("{{exec: {{{exec}}}}}");
        let mut desk = desk_with("{server: 'http://127.0.0.1:9'}", &user, script);
        // Only the one that never answers may be short of time.
        let time_limit = if script.contains("sleep") {
            Duration::from_millis(200)
        } else {
            plugin::TIME_LIMIT
        };
        desk.connector = Connector::with_environment(
            Arc::clone(&desk.contexts),
            None,
            desk.clock.clone(),
            LoginEnvironment::fixed(Environment::from([("PATH".into(), "/usr/bin:/bin".into())])),
            time_limit,
        );
        if let Err(ConnectFailure::NeedsApproval { digest, .. }) = desk.connect().await {
            desk.contexts.approve_plugin(&digest).unwrap();
        }
        let (step, message, advice) = told(desk.connect().await);
        assert_eq!(step, Step::Credentials, "{exec}: {message}");
        assert!(message.contains(expected), "{exec}: {message}");
        assert!(advice.contains(advised), "{exec}: {advice}");
        assert!(!message.contains("very-secret"), "{message}");
    }
}
