//! Servers that answer, by each way that leads to one.

use super::*;

#[tokio::test]
async fn a_good_server_is_connected_over_tls_and_tells_its_version() {
    let authority = Authority::new("lab authority");
    let server = Server::with_tls(&good_leaf(&authority), None, healthy).await;
    let desk = Desk::new(&tls_entry(&server, &authority), "{token: of-ann}");
    let steps = Mutex::new(Vec::new());
    let connection = desk
        .connector
        .connect(&desk.lab(), &|step| steps.lock().unwrap().push(step))
        .await
        .unwrap();
    assert_eq!(connection.version, "v1.36.0");
    assert_eq!(connection.valid_until, None);
    assert_eq!(
        *steps.lock().unwrap(),
        [Step::Configuration, Step::Credentials, Step::Name]
    );
    assert_eq!(server.authorizations(), ["Bearer of-ann"]);
}

#[tokio::test]
async fn another_name_or_no_verification_can_be_asked_for() {
    let authority = Authority::new("lab authority");
    let leaf = authority.leaf(&["api.example"], LONG);
    let server = Server::with_tls(&leaf, None, healthy).await;
    let named = tls_entry(&server, &authority).replace('}', ", tls-server-name: api.example}");
    let port = server.address.port();
    let blind = format!("{{server: '127.0.0.1:{port}', insecure-skip-tls-verify: true}}");
    for cluster in [named, blind] {
        let desk = Desk::new(&cluster, "{}");
        assert_eq!(
            desk.connect().await.unwrap().version,
            "v1.36.0",
            "{cluster}"
        );
    }
}

#[tokio::test]
async fn a_client_certificate_beside_the_kubeconfig_is_shown_to_the_server() {
    let authority = Authority::new("lab authority");
    let clients = Authority::new("clients");
    let server = Server::with_tls(&good_leaf(&authority), Some(&clients), healthy).await;
    let ann = clients.leaf(&["ann"], LONG);
    let files = [
        ("ann.pem", ann.certificate.as_str()),
        ("ann.key", ann.key.as_str()),
    ];
    let cluster = tls_entry(&server, &authority);
    let user = "{client-certificate: ann.pem, client-key: ann.key}";
    let desk = Desk::with_files(&cluster, user, &files);
    assert_eq!(desk.connect().await.unwrap().version, "v1.36.0");

    let desk = Desk::with_files(&cluster, "{client-certificate: ann.pem}", &files);
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Configuration);
    assert!(message.contains("client-key is missing"), "{message}");

    let stranger = authority.leaf(&["ann"], LONG);
    let files = [
        ("ann.pem", stranger.certificate.as_str()),
        ("ann.key", stranger.key.as_str()),
    ];
    let desk = Desk::with_files(&cluster, user, &files);
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Tls, "{message}");
    assert!(
        message.contains("does not take the client certificate"),
        "{message}"
    );
}

#[tokio::test]
async fn a_token_that_is_replaced_in_its_file_goes_with_the_next_request() {
    let server = Server::plain(healthy).await;
    let desk = Desk::with_files(
        &plain_entry(&server),
        "{token: never, tokenFile: token}",
        &[("token", "first\n")],
    );
    let connection = desk.connect().await.unwrap();
    desk.write("token", "second\n");
    diagnose::version_of(&connection.client).await.unwrap();
    fs::remove_file(desk.path("token")).unwrap();
    diagnose::version_of(&connection.client).await.unwrap();
    assert_eq!(
        server.authorizations(),
        ["Bearer first", "Bearer second", "Bearer second"]
    );
    assert!(
        desk.connector.refresh(&desk.lab()).await,
        "the file may hold another token"
    );

    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Configuration);
    assert!(message.contains("token file"), "{message}");
}

#[tokio::test]
async fn a_name_and_password_and_whom_to_act_as_go_with_each_request() {
    let server = Server::plain(healthy).await;
    let user = "{username: ann, password: '007', as: bob, as-uid: '7', \
                as-groups: [ops, gpu], as-user-extra: {reason: [test]}}";
    let desk = Desk::new(&plain_entry(&server), user);
    desk.connect().await.unwrap();
    let seen = &server.seen()[0];
    let basic = format!("Basic {}", BASE64_STANDARD.encode("ann:007"));
    assert_eq!(seen.header("authorization"), Some(basic.as_str()));
    assert_eq!(seen.header("impersonate-user"), Some("bob"));
    assert_eq!(seen.header("impersonate-uid"), Some("7"));
    assert_eq!(seen.header("impersonate-extra-reason"), Some("test"));
    let groups: Vec<_> = seen.headers.get_all("impersonate-group").iter().collect();
    assert_eq!(groups, ["ops", "gpu"]);
    assert!(
        !desk.connector.refresh(&desk.lab()).await,
        "a password stays what it is"
    );
}

#[tokio::test]
async fn a_path_in_the_servers_address_stands_before_every_path() {
    let server = Server::plain(|seen| match seen.path.as_str() {
        "/k8s/clusters/c-1/version" => (StatusCode::OK, r#"{"gitVersion":"v1"}"#.to_owned()),
        _ => refusal(StatusCode::NOT_FOUND, "not found"),
    })
    .await;
    let cluster = format!("{{server: 'http://{}/k8s/clusters/c-1'}}", server.address);
    assert_eq!(
        Desk::new(&cluster, "{}").connect().await.unwrap().version,
        "v1"
    );
}

#[tokio::test]
async fn a_proxy_leads_to_the_server_and_is_blamed_where_it_does_not() {
    let authority = Authority::new("lab authority");
    let leaf = authority.leaf(&["127.0.0.1"], LONG);
    let server = Server::with_tls(&leaf, None, healthy).await;
    let by = |proxy: &str, authority: &Authority| {
        format!(
            "{{server: 'https://{}', proxy-url: '{proxy}', certificate-authority-data: {}}}",
            server.address,
            BASE64_STANDARD.encode(authority.pem())
        )
    };
    let (willing, asked) = proxy(true).await;
    let desk = Desk::new(
        &by(&format!("http://me:word@{willing}"), &authority),
        "{token: t}",
    );
    assert_eq!(desk.connect().await.unwrap().version, "v1.36.0");
    let head = asked.lock().unwrap()[0].clone();
    assert!(
        head.starts_with(&format!("CONNECT {} ", server.address)),
        "{head}"
    );
    assert!(head.contains(&BASE64_STANDARD.encode("me:word")), "{head}");
    assert!(!head.contains("Bearer"), "{head}");
    let reports = desk.diagnose().await;
    assert!(
        outcome(&reports[3].outcome).contains("the proxy at"),
        "{reports:?}"
    );
    assert!(
        outcome(&reports[4].outcome).contains("through the proxy"),
        "{reports:?}"
    );

    let other = Authority::new("another authority");
    let desk = Desk::new(&by(&format!("http://{willing}"), &other), "{}");
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Tls, "{message}");

    let (unwilling, _) = proxy(false).await;
    let desk = Desk::new(
        &by(&format!("http://me:word@{unwilling}"), &authority),
        "{}",
    );
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Tcp);
    assert!(
        message.contains(&format!("the proxy {unwilling} did not lead to")),
        "{message}"
    );
    assert!(!message.contains("word"), "{message}");

    let desk = Desk::new(&by("http://nonexistent.invalid:3128", &authority), "{}");
    let (step, message, _) = told(desk.connect().await);
    assert_eq!(step, Step::Name);
    assert!(message.contains("of the proxy"), "{message}");
}

#[tokio::test]
async fn a_socks_proxy_is_told_the_name_and_resolves_it_itself() {
    let authority = Authority::new("lab authority");
    let server = Server::with_tls(&good_leaf(&authority), None, healthy).await;
    let (proxy, asked) = socks_proxy().await;
    let cluster =
        tls_entry(&server, &authority).replace('}', &format!(", proxy-url: 'socks5://{proxy}'}}"));
    let desk = Desk::new(&cluster, "{}");
    assert_eq!(desk.connect().await.unwrap().version, "v1.36.0");
    assert_eq!(
        *asked.lock().unwrap(),
        [format!("localhost:{}", server.address.port())]
    );
}

#[tokio::test]
async fn two_clusters_are_connected_side_by_side() {
    let (one, two) = tokio::join!(Server::plain(healthy), Server::plain(healthy));
    let (one_desk, two_desk) = (
        Desk::new(&plain_entry(&one), "{token: a}"),
        Desk::new(&plain_entry(&two), "{token: b}"),
    );
    let (first, second) = tokio::join!(one_desk.connect(), two_desk.connect());
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(one.authorizations(), ["Bearer a"]);
    assert_eq!(two.authorizations(), ["Bearer b"]);
}

#[tokio::test]
async fn the_demo_cluster_is_connected_without_a_port() {
    let demo = InProcessServer::new(tower::service_fn(|request: Request<Bytes>| async move {
        let seen = Seen {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            headers: request.headers().clone(),
        };
        let (status, text) = healthy(&seen);
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = status;
        Ok::<_, std::convert::Infallible>(response)
    }));
    let desk = Desk::new("{}", "{}");
    let connect = |demo| {
        let clock = desk.clock.clone();
        Connector::new(Arc::clone(&desk.contexts), demo, clock)
    };
    let with_demo = connect(Some(demo));
    let connection = with_demo
        .connect(&ClusterId::demo(), &|_| {})
        .await
        .unwrap();
    assert_eq!(connection.version, "v1.36.0");
    let reports = with_demo.diagnose(&ClusterId::demo()).await.unwrap();
    assert_eq!(reports.len(), Step::ALL.len());
    assert!(outcome(&reports[5].outcome).contains("ann"), "{reports:?}");

    let without = connect(None);
    let (step, ..) = told(without.connect(&ClusterId::demo(), &|_| {}).await);
    assert_eq!(step, Step::Configuration);
    let error = without.diagnose(&ClusterId::demo()).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_demo_cluster_is_waited_for_however_long_it_is_set_up() {
    let is_set_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let demo = InProcessServer::new(tower::service_fn(move |request: Request<Bytes>| {
        let is_set_up = Arc::clone(&is_set_up);
        async move {
            if !is_set_up.swap(true, std::sync::atomic::Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_mins(10)).await;
            }
            let seen = Seen {
                method: request.method().clone(),
                path: request.uri().path().to_owned(),
                headers: request.headers().clone(),
            };
            let (_, text) = healthy(&seen);
            Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from(text))))
        }
    }));
    let desk = Desk::new("{}", "{}");
    let connector = Connector::new(Arc::clone(&desk.contexts), Some(demo), desk.clock.clone());
    let connection = connector.connect(&ClusterId::demo(), &|_| {}).await;
    assert_eq!(connection.unwrap().version, "v1.36.0");
}
