//! Shells and forwarded ports, through WebSockets that are made in the process.

use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use strata_simulator::{ResponseBody, Simulator};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};
use tower::Service as _;

use crate::client::{Client, small};

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// A pod that serves with one GPU.
async fn started() -> (Simulator, String) {
    let simulator = small();
    simulator.advance(Duration::from_mins(5));
    let pods = Client::of(&simulator)
        .get("/api/v1/namespaces/ml/pods")
        .await;
    let pod = pods["items"][0]["metadata"]["name"].as_str().unwrap();
    let base = format!("/api/v1/namespaces/ml/pods/{pod}");
    (simulator, base)
}

async fn upgrade(
    simulator: &Simulator,
    path: &str,
    protocol: &str,
) -> Result<Socket, (StatusCode, Value)> {
    let request = Request::get(path)
        .header("host", "demo")
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", protocol)
        .body(Bytes::new())
        .unwrap();
    let mut response = simulator.service().call(request).await.unwrap();
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(refusal(response).await);
    }
    assert_eq!(
        response.headers()["sec-websocket-accept"],
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    let upgraded = hyper::upgrade::on(&mut response).await.unwrap();
    let io = TokioIo::new(upgraded);
    Ok(WebSocketStream::from_raw_socket(io, Role::Client, None).await)
}

async fn refusal(response: http::Response<ResponseBody>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// All that comes out until the session ends: output, errors, status.
async fn end(socket: &mut Socket) -> (String, String, Value) {
    let (mut out, mut err, mut status) = (Vec::new(), Vec::new(), Value::Null);
    while let Some(message) = socket.next().await {
        let Message::Binary(bytes) = message.unwrap() else {
            continue;
        };
        match bytes[0] {
            1 => out.extend_from_slice(&bytes[1..]),
            2 => err.extend_from_slice(&bytes[1..]),
            3 => status = serde_json::from_slice(&bytes[1..]).unwrap(),
            other => panic!("channel {other}"),
        }
    }
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(out), text(err), status)
}

async fn exec(query: &str) -> (String, String, Value) {
    let (simulator, base) = started().await;
    let path = format!("{base}/exec?stdout=true&stderr=true&{query}");
    let mut socket = upgrade(&simulator, &path, "v5.channel.k8s.io, v4.channel.k8s.io")
        .await
        .unwrap();
    end(&mut socket).await
}

#[tokio::test]
async fn a_command_runs_in_a_container() {
    let (out, err, status) = exec("command=nvidia-smi&command=-L").await;
    assert!(
        out.starts_with("GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-"),
        "{out}"
    );
    assert_eq!((err.as_str(), &status["status"]), ("", &"Success".into()));
}

#[tokio::test]
async fn the_exit_code_of_a_script_is_in_the_status() {
    let (out, err, status) =
        exec("command=sh&command=-c&command=echo+%24HOSTNAME+%7C+wc+-l%3B+ls+%2Fnope%3B+exit+7")
            .await;
    assert_eq!(out, "1\n");
    assert_eq!(
        err,
        "ls: cannot access '/nope': No such file or directory\n"
    );
    assert_eq!(status["reason"], "NonZeroExitCode");
    assert_eq!(status["details"]["causes"][0]["reason"], "ExitCode");
    assert_eq!(status["details"]["causes"][0]["message"], "7");
}

#[tokio::test]
async fn a_program_that_the_image_does_not_have_is_not_found() {
    let (_, _, status) = exec("command=vim").await;
    assert_eq!(status["reason"], "InternalError");
    let message = status["message"].as_str().unwrap();
    assert!(
        message.ends_with("exec: \"vim\": executable file not found in $PATH"),
        "{message}"
    );
}

#[tokio::test]
async fn a_terminal_echoes_what_is_typed_and_a_closed_input_ends_the_shell() {
    let (simulator, base) = started().await;
    let path = format!("{base}/exec?stdin=true&stdout=true&tty=true&command=bash");
    let mut socket = upgrade(&simulator, &path, "v5.channel.k8s.io")
        .await
        .unwrap();
    let resize = Message::Binary(Bytes::from_static(b"\x04{\"Width\":80,\"Height\":24}"));
    socket.send(resize).await.unwrap();
    for typed in [&b"\x00whoamx"[..], b"\x00\x7fi\r", b"\xff\x00"] {
        let typed = Message::Binary(Bytes::copy_from_slice(typed));
        socket.send(typed).await.unwrap();
    }
    let (out, _, status) = end(&mut socket).await;
    assert!(out.contains("# whoamx\u{8} \u{8}i\r\nroot\r\n"), "{out:?}");
    assert_eq!(status["status"], "Success");
}

#[tokio::test]
async fn a_command_reads_its_input_to_the_end() {
    let (simulator, base) = started().await;
    let path = format!("{base}/exec?stdin=true&stdout=true&command=cat");
    let mut socket = upgrade(&simulator, &path, "v5.channel.k8s.io")
        .await
        .unwrap();
    for sent in [&b"\x00one\n"[..], b"\x00two\n", b"\xff\x00"] {
        let sent = Message::Binary(Bytes::copy_from_slice(sent));
        socket.send(sent).await.unwrap();
    }
    let (out, _, _) = end(&mut socket).await;
    assert_eq!(out, "one\ntwo\n");
}

#[tokio::test]
async fn a_port_is_forwarded_over_channels() {
    let (simulator, base) = started().await;
    let path = format!("{base}/portforward?ports=8000,9999");
    let mut socket = upgrade(&simulator, &path, "v4.channel.k8s.io")
        .await
        .unwrap();
    let request = b"\x00GET /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let request = Message::Binary(Bytes::copy_from_slice(request));
    socket.send(request).await.unwrap();
    let (mut answer, mut ports, mut refused) = (Vec::new(), Vec::new(), String::new());
    while answer.is_empty() || refused.is_empty() {
        let Message::Binary(bytes) = socket.next().await.unwrap().unwrap() else {
            continue;
        };
        match (bytes[0], bytes.len()) {
            (_, 3) => ports.push(u16::from_le_bytes([bytes[1], bytes[2]])),
            (0, _) => answer.extend_from_slice(&bytes[1..]),
            (3, _) => refused = String::from_utf8(bytes[1..].to_vec()).unwrap(),
            (other, _) => panic!("channel {other}"),
        }
    }
    ports.sort_unstable();
    assert_eq!(ports, [8000, 8000, 9999, 9999]);
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(refused.contains("connection refused"), "{refused}");
}

#[tokio::test]
async fn what_is_no_upgrade_is_refused() {
    let (simulator, base) = started().await;
    let client = Client::of(&simulator);
    let (status, refused) = client
        .get_as(&format!("{base}/exec?command=ls&stdout=true"), "*/*")
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["message"], "Upgrade request required");
    let path = format!("{base}/exec?stdout=true&command=ls");
    let (status, _) = upgrade(&simulator, &path, "chat").await.unwrap_err();
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// As `kubectl` did for years: SPDY without a WebSocket around it.
#[tokio::test]
async fn spdy_is_spoken_to_those_who_ask_for_it() {
    let (simulator, base) = started().await;
    let request = Request::post(format!("{base}/portforward"))
        .header("host", "demo")
        .header("connection", "Upgrade")
        .header("upgrade", "SPDY/3.1")
        .header("x-stream-protocol-version", "portforward.k8s.io")
        .body(Bytes::new())
        .unwrap();
    let mut response = simulator.service().call(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()["upgrade"], "SPDY/3.1");
    let mut io = TokioIo::new(hyper::upgrade::on(&mut response).await.unwrap());
    // A ping comes back as it is.
    let ping = [0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1];
    io.write_all(&ping).await.unwrap();
    let mut answer = [0; 12];
    io.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, ping);
}
