use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use strata_app::Launch;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tower::ServiceExt;

use super::*;

const PORT: u16 = 7420;

async fn served() -> Served {
    let engine = strata_app::start(Launch::isolated())
        .await
        .expect("the engine starts");
    Served {
        engine,
        token: Token::random().expect("random bytes"),
        port: PORT,
    }
}

async fn status(served: &Served, request: Request<Body>) -> StatusCode {
    router(served)
        .oneshot(request)
        .await
        .expect("the router answers")
        .status()
}

fn page(host: &str) -> Request<Body> {
    Request::get("/")
        .header(header::HOST, host)
        .body(Body::empty())
        .expect("a request")
}

#[tokio::test]
async fn a_request_by_another_name_is_refused() {
    let served = served().await;
    assert_eq!(
        status(&served, page("127.0.0.1:7420")).await,
        StatusCode::OK
    );
    assert_eq!(
        status(&served, page("localhost:7420")).await,
        StatusCode::OK
    );
    for host in [
        "evil.example:7420",
        "127.0.0.1:1",
        "127.0.0.1",
        "localhost.evil.example:7420",
    ] {
        assert_eq!(
            status(&served, page(host)).await,
            StatusCode::FORBIDDEN,
            "{host}"
        );
    }
    let nameless = Request::get("/").body(Body::empty()).expect("a request");
    assert_eq!(status(&served, nameless).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_page_carries_a_strict_policy() {
    let answer = router(&served().await)
        .oneshot(page("127.0.0.1:7420"))
        .await
        .expect("the router answers");
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .expect("text");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

/// Serves on a free port and returns the status line that a handshake is answered with.
async fn handshake(origin: &str, protocols: impl Fn(&Token) -> String) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let served = Served {
        port,
        ..served().await
    };
    let protocols = protocols(&served.token);
    let server = tokio::spawn(axum::serve(listener, router(&served)).into_future());
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .expect("it listens");
    let origin = origin.replace("PORT", &port.to_string());
    let request = format!(
        "GET /socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: {protocols}\r\n{origin}\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut line = String::new();
    BufReader::new(stream)
        .read_line(&mut line)
        .await
        .expect("it answers");
    server.abort();
    line
}

const OURS: &str = "Origin: http://127.0.0.1:PORT\r\n";

#[tokio::test]
async fn a_page_of_ours_with_the_token_comes_in() {
    let line = handshake(OURS, |token| format!("strata, strata.token.{token}")).await;
    assert!(line.contains("101"), "{line}");
}

#[tokio::test]
async fn a_socket_without_the_token_of_this_start_is_refused() {
    let without = handshake(OURS, |_| "strata".to_owned()).await;
    assert!(without.contains("401"), "{without}");
    let wrong = handshake(OURS, |token| {
        format!(
            "strata, strata.token.{}",
            "A".repeat(token.to_string().len())
        )
    });
    let wrong = wrong.await;
    assert!(wrong.contains("401"), "{wrong}");
}

#[tokio::test]
async fn a_socket_from_another_origin_is_refused_even_with_the_token() {
    for origin in [
        "Origin: http://evil.example\r\n",
        "Origin: http://127.0.0.1:1\r\n",
        "",
    ] {
        let line = handshake(origin, |token| format!("strata, strata.token.{token}")).await;
        assert!(line.contains("403"), "{origin:?}: {line}");
    }
}
