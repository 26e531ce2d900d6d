//! A small server over a socket or on loopback, which keeps what it was asked.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;

/// What a server was asked: method, path with query, body.
pub(crate) type Asked = Arc<Mutex<Vec<(Method, String, Value)>>>;
pub(crate) type Answer = fn(&Method, &str, &Value) -> (u16, String);

async fn answered(
    request: Request<Incoming>,
    asked: Asked,
    answer: Answer,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let method = request.method().clone();
    let path = request.uri().path_and_query().unwrap().to_string();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (code, text) = answer(&method, &path, &body);
    asked.lock().unwrap().push((method, path, body));
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    Ok(response)
}

/// Serves over a Unix socket.
pub(crate) fn on_socket(path: &Path, answer: Answer) -> Asked {
    let asked = Asked::default();
    let listener = tokio::net::UnixListener::bind(path).unwrap();
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = Arc::clone(&kept);
            let service = service_fn(move |request| answered(request, Arc::clone(&asked), answer));
            tokio::spawn(async move {
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    });
    asked
}

/// Serves on loopback; the address.
pub(crate) async fn on_loopback(answer: Answer) -> (String, Asked) {
    let asked = Asked::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let asked = Arc::clone(&kept);
            let service = service_fn(move |request| answered(request, Arc::clone(&asked), answer));
            tokio::spawn(async move {
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .ok();
            });
        }
    });
    (address, asked)
}
