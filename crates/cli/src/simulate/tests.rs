//! Who is let in, and what is written for whom.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::Value;
use strata_app::Simulation;
use tower::ServiceExt as _;

use super::{door, kubeconfig, tls::Identity};
use crate::loopback::Token;

async fn ask(host: &str, authorization: impl Fn(&Token) -> Option<String>) -> (StatusCode, Value) {
    let token = Token::random().expect("random bytes");
    let mut request = Request::get("/version").header("host", host);
    if let Some(value) = authorization(&token) {
        request = request.header("authorization", value);
    }
    let router = door::router(door::Door {
        simulation: Simulation::start("atlas", 1).expect("the scenario is whole"),
        token,
        port: 6443,
    });
    let request = request.body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

#[tokio::test]
async fn a_request_with_the_token_is_answered() {
    let (status, body) = ask("127.0.0.1:6443", |token| Some(format!("Bearer {token}"))).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["major"], "1");
}

#[tokio::test]
async fn a_request_without_the_token_is_answered_as_a_real_server_does() {
    let (status, body) = ask("127.0.0.1:6443", |_| None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (&body["kind"], &body["message"]),
        (&"Status".into(), &"Unauthorized".into())
    );
    let (status, _) = ask("localhost:6443", |_| Some("Bearer guessed".to_owned())).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_request_by_another_name_is_refused_even_with_the_token() {
    let (status, _) = ask("rebound.example:6443", |token| {
        Some(format!("Bearer {token}"))
    })
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn the_kubeconfig_is_for_its_owner_and_never_replaces_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config");
    let token = Token::random().expect("random bytes");
    let identity = Identity::of_this_start().expect("a certificate");
    let entry = kubeconfig::Entry {
        name: "strata-atlas".to_owned(),
        server: "https://127.0.0.1:6443".to_owned(),
        authority: &identity.authority,
        token: &token,
    };
    kubeconfig::write(&file, &entry).expect("written");
    kubeconfig::write(&file, &entry).expect("our own is written again");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(&file, "apiVersion: v1\n").expect("written");
    assert!(kubeconfig::write(&file, &entry).is_err());
    assert_eq!(
        std::fs::read_to_string(&file).expect("there"),
        "apiVersion: v1\n"
    );
}
