//! Each way to fail, and what is told about it.

use super::*;

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn each_way_to_fail_is_told_with_its_step_and_what_to_do() {
    let authority = Authority::new("lab authority");
    let other = Authority::new("another authority");
    let good = Server::with_tls(&good_leaf(&authority), None, healthy).await;
    let elsewhere = authority.leaf(&["api.example", "10.0.0.7"], LONG);
    let elsewhere = Server::with_tls(&elsewhere, None, healthy).await;
    let expired = Server::with_tls(&authority.leaf(&["localhost"], 2021), None, healthy).await;
    let plain = Server::plain(healthy).await;
    let web = Server::plain(|_| (StatusCode::OK, "<html>".to_owned())).await;
    let busy = Server::plain(|_| refusal(StatusCode::SERVICE_UNAVAILABLE, "starting")).await;
    let stranger = Server::plain(|_| refusal(StatusCode::UNAUTHORIZED, "Unauthorized")).await;
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let refused = free.local_addr().unwrap().port();
    drop(free);
    let ca = BASE64_STANDARD.encode(authority.pem());

    let cases: Vec<(&str, String, Step, &[&str], &str)> = vec![
        (
            "unknown authority",
            tls_entry(&good, &other),
            Step::Tls,
            &[
                "not signed by",
                "CN=kube-apiserver",
                "issued by CN=lab authority",
            ],
            "Fetch the kubeconfig anew",
        ),
        (
            "authority of the system",
            format!("{{server: 'https://localhost:{}'}}", good.address.port()),
            Step::Tls,
            &["this computer does not trust"],
            "certificate-authority-data",
        ),
        (
            "wrong name",
            tls_entry(&elsewhere, &authority),
            Step::Tls,
            &["is not for localhost but for api.example, 10.0.0.7"],
            "tls-server-name",
        ),
        (
            "expired",
            tls_entry(&expired, &authority),
            Step::Tls,
            &["ended on 2021-01-01T00:00:00Z"],
            "kubeadm certs renew",
        ),
        (
            "no TLS",
            tls_entry(&plain, &authority),
            Step::Tls,
            &["does not speak TLS"],
            "http:",
        ),
        (
            "TLS where none is meant",
            plain_entry(&good),
            Step::Version,
            &["gave no answer"],
            "API server",
        ),
        (
            "refused",
            format!("{{server: 'https://127.0.0.1:{refused}', certificate-authority-data: {ca}}}"),
            Step::Tcp,
            &["nothing listens at 127.0.0.1"],
            "Start the cluster",
        ),
        (
            "no such name",
            "{server: 'https://nonexistent.invalid:6443', insecure-skip-tls-verify: true}"
                .to_owned(),
            Step::Name,
            &["nonexistent.invalid", "not known"],
            "VPN",
        ),
        (
            "401",
            plain_entry(&stranger),
            Step::Authentication,
            &["does not accept the credentials: Unauthorized"],
            "\"u\" has ended or is wrong",
        ),
        (
            "no API server",
            plain_entry(&web),
            Step::Version,
            &["not as a Kubernetes API server"],
            "Correct server",
        ),
        (
            "503",
            plain_entry(&busy),
            Step::Version,
            &["503", "starting"],
            "starting or overloaded",
        ),
        (
            "a password in the address",
            "{server: 'https://me:hidden@localhost'}".to_owned(),
            Step::Configuration,
            &["server holds a name or password"],
            "Correct the kubeconfig",
        ),
        (
            "no server",
            "{}".to_owned(),
            Step::Configuration,
            &["has no server"],
            "https://HOST",
        ),
        (
            "not a URL",
            "{server: 'https://'}".to_owned(),
            Step::Configuration,
            &["not a URL"],
            "https://HOST",
        ),
        (
            "no authority file",
            "{server: 'https://localhost', certificate-authority: ca/gone.pem}".to_owned(),
            Step::Configuration,
            &["ca/gone.pem", "cannot be read"],
            "relative path",
        ),
        (
            "no Base64",
            "{server: 'https://localhost', certificate-authority-data: '?'}".to_owned(),
            Step::Configuration,
            &["not Base64"],
            "Copy",
        ),
        (
            "no certificate",
            "{server: 'https://localhost', certificate-authority-data: aGVsbG8=}".to_owned(),
            Step::Configuration,
            &["no certificate"],
            "PEM",
        ),
        (
            "authority and none",
            format!(
                "{{server: 'https://localhost', insecure-skip-tls-verify: true, \
                 certificate-authority-data: {ca}}}"
            ),
            Step::Configuration,
            &["at once"],
            "kubectl",
        ),
    ];
    for (name, cluster, expected_step, words, advised) in cases {
        let desk = Desk::new(&cluster, "{token: of-ann}");
        let (step, message, advice) = told(desk.connect().await);
        assert_eq!(step, expected_step, "{name}: {message}");
        for word in words {
            assert!(message.contains(word), "{name}: {message}");
        }
        assert!(advice.contains(advised), "{name}: {advice}");
        assert!(!message.contains("hidden"), "{message}");
        assert!(
            !message.ends_with('.') && advice.ends_with('.'),
            "{name}: {message} | {advice}"
        );
    }
}

#[tokio::test]
async fn a_version_that_may_not_be_read_hinders_nobody() {
    let server = Server::plain(|_| refusal(StatusCode::FORBIDDEN, "no")).await;
    let desk = Desk::new(&plain_entry(&server), "{}");
    assert_eq!(desk.connect().await.unwrap().version, "unknown");
}

#[tokio::test]
async fn only_failures_that_may_pass_by_themselves_are_tried_again() {
    let complaint = Complaint::new("it failed", "Do something.");
    let is_retryable = |step| match ConnectFailure::at(step, complaint.clone()) {
        ConnectFailure::Failed { is_retryable, .. } => is_retryable,
        ConnectFailure::NeedsApproval { .. } => panic!("{step:?}"),
    };
    let passing: Vec<Step> = Step::ALL
        .into_iter()
        .filter(|step| is_retryable(*step))
        .collect();
    assert_eq!(
        passing,
        [
            Step::Name,
            Step::Tcp,
            Step::Tls,
            Step::Permission,
            Step::Version
        ]
    );
}

#[tokio::test]
async fn a_diagnosis_tries_every_step_and_stops_at_the_first_that_fails() {
    let authority = Authority::new("lab authority");
    let server = Server::with_tls(&good_leaf(&authority), None, healthy).await;
    let desk = Desk::new(&tls_entry(&server, &authority), "{token: of-ann}");
    let reports = desk.diagnose().await;
    let steps: Vec<Step> = reports.iter().map(|report| report.step).collect();
    assert_eq!(steps, Step::ALL);
    let expected = [
        "Passed the context \"lab\" of",
        "NotNeeded a token in the kubeconfig",
        "Passed localhost is ",
        "Passed 127.0.0.1:",
        "Passed verified: CN=kube-apiserver, issued by CN=lab authority, valid until 2100-01-01",
        "Passed the server knows you as ann",
        "Limited may not list nodes",
        "Passed v1.36.0",
    ];
    for (report, expected) in reports.iter().zip(expected) {
        let found = outcome(&report.outcome);
        assert!(found.starts_with(expected), "{found}");
    }

    let other = Authority::new("another authority");
    let desk = Desk::new(&tls_entry(&server, &other), "{token: of-ann}");
    let reports = desk.diagnose().await;
    assert!(
        outcome(&reports[4].outcome).contains("not signed by"),
        "{reports:?}"
    );
    assert!(
        reports[5..]
            .iter()
            .all(|report| report.outcome == StepOutcome::Skipped)
    );
    assert_eq!(reports.len(), Step::ALL.len());
}

#[tokio::test]
async fn a_diagnosis_asks_older_and_stricter_servers_in_another_way() {
    let server = Server::plain(|seen| match seen.path.as_str() {
        "/api" => (StatusCode::OK, "{}".to_owned()),
        "/api/v1/nodes" => (StatusCode::OK, r#"{"items":[]}"#.to_owned()),
        "/version" => refusal(StatusCode::FORBIDDEN, "version is for others"),
        _ => refusal(StatusCode::NOT_FOUND, "not found"),
    })
    .await;
    let desk = Desk::new(&plain_entry(&server), "{}");
    let reports: Vec<String> = desk
        .diagnose()
        .await
        .iter()
        .map(|report| outcome(&report.outcome))
        .collect();
    assert_eq!(
        reports[4..],
        [
            "NotNeeded the server's address begins with http:",
            "Passed the server takes the credentials",
            "Passed may list nodes",
            "Limited version is for others",
        ]
    );
}

#[tokio::test]
async fn a_context_that_is_changed_is_worth_a_new_try() {
    let server = Server::plain(healthy).await;
    let desk = Desk::new("{}", "{}");
    let mut changes = desk.connector.changes(&desk.lab());
    assert_eq!(told(desk.connect().await).0, Step::Configuration);
    assert!(
        changes.changed().now_or_never().is_none(),
        "nothing changed yet"
    );

    desk.write("config", &kubeconfig(&plain_entry(&server), "{}"));
    let limit = Duration::from_mins(1);
    tokio::time::timeout(limit, changes.changed())
        .await
        .expect("the change is heard of");
    assert_eq!(desk.connect().await.unwrap().version, "v1.36.0");

    fs::remove_file(desk.path("config")).unwrap();
    tokio::time::timeout(limit, changes.changed())
        .await
        .expect("the removal is heard of");
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Configuration);
    assert!(message.contains("any more"), "{message}");
}
