//! Small API servers on loopback, with certificates made for the occasion.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// A certificate authority.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
pub(super) struct Leaf {
    pub(super) certificate: String,
    pub(super) key: String,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for `names` until the first day of `until`.
    pub(super) fn leaf(&self, names: &[&str], until: i32) -> Leaf {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "kube-apiserver");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Leaf {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

/// A request that a server got.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What a server answers.
pub(super) type Answer = (StatusCode, String);

/// A server that runs as long as the test.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// One that speaks TLS. Where `clients` are given, it wants a client certificate of theirs.
    pub(super) async fn with_tls(
        leaf: &Leaf,
        clients: Option<&Authority>,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        // As `Connector` does, which may come later.
        rustls::crypto::aws_lc_rs::default_provider()
            .install_default()
            .ok();
        let builder = ServerConfig::builder();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                let pem = authority.pem();
                roots
                    .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
                    .unwrap();
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
                    .build()
                    .unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let chain = vec![CertificateDer::from_pem_slice(leaf.certificate.as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(leaf.key.as_bytes()).unwrap();
        let config = builder.with_single_cert(chain, key).unwrap();
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), answer).await
    }

    /// One that does not.
    pub(super) async fn plain(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(None, answer).await
    }

    async fn start(
        acceptor: Option<TlsAcceptor>,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let answer = Arc::new(answer);
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
                let record = Arc::clone(&record);
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, record, answer).await,
                        Some(acceptor) => {
                            // Clients that turn away are what some tests are about.
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, record, answer).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The `Authorization` headers so far.
    pub(super) fn authorizations(&self) -> Vec<String> {
        let header = |seen: &Seen| seen.header("authorization").unwrap_or("none").to_owned();
        self.seen().iter().map(header).collect()
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    record: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<impl Fn(&Seen) -> Answer + Send + Sync + 'static>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (record, answer) = (Arc::clone(&record), Arc::clone(&answer));
        async move {
            let (parts, body) = request.into_parts();
            body.collect().await?;
            let seen = Seen {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                headers: parts.headers,
            };
            record.lock().unwrap().push(seen.clone());
            let (status, text) = answer(&seen);
            let mut response = Response::new(Full::new(Bytes::from(text)));
            *response.status_mut() = status;
            Ok::<_, hyper::Error>(response)
        }
    });
    http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}

/// What a healthy API server answers: it knows everybody, and lets nobody list nodes.
pub(super) fn healthy(seen: &Seen) -> Answer {
    let is_read = seen.method == Method::GET;
    let text = match seen.path.as_str() {
        "/version" if is_read => r#"{"gitVersion":"v1.36.0"}"#,
        "/apis/authentication.k8s.io/v1/selfsubjectreviews" if !is_read => {
            r#"{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"ann"}}}"#
        }
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" if !is_read => {
            r#"{"kind":"SelfSubjectAccessReview","status":{"allowed":false}}"#
        }
        _ => return refusal(StatusCode::NOT_FOUND, "not found"),
    };
    (StatusCode::OK, text.to_owned())
}

/// A `Status` of the API.
pub(super) fn refusal(status: StatusCode, message: &str) -> Answer {
    let code = status.as_u16();
    (
        status,
        format!(r#"{{"kind":"Status","code":{code},"message":"{message}"}}"#),
    )
}

/// A proxy that takes `CONNECT`, or refuses it. Says whereto it was asked.
pub(super) async fn proxy(is_willing: bool) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let record = Arc::clone(&record);
            tokio::spawn(async move { tunnel(stream, is_willing, &record).await.ok() });
        }
    });
    (address, asked)
}

async fn tunnel(
    mut client: TcpStream,
    is_willing: bool,
    record: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let place = head
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    record.lock().unwrap().push(head);
    if !is_willing {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
    }
    let mut server = TcpStream::connect(place).await?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// A SOCKS proxy (RFC 1928) without authentication. Says whereto it was asked.
pub(super) async fn socks_proxy() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let record = Arc::clone(&record);
            tokio::spawn(async move { socks_tunnel(stream, &record).await.ok() });
        }
    });
    (address, asked)
}

async fn socks_tunnel(mut client: TcpStream, record: &Mutex<Vec<String>>) -> io::Result<()> {
    let [_version, methods] = client.read_u16().await?.to_be_bytes();
    client
        .read_exact(&mut vec![0; usize::from(methods)])
        .await?;
    client.write_all(&[5, 0]).await?;
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    let host = match head {
        [5, 1, 0, 1] => std::net::Ipv4Addr::from(client.read_u32().await?).to_string(),
        [5, 1, 0, 3] => {
            let mut name = vec![0; usize::from(client.read_u8().await?)];
            client.read_exact(&mut name).await?;
            String::from_utf8_lossy(&name).into_owned()
        }
        other => return Err(io::Error::other(format!("an unexpected request {other:?}"))),
    };
    let port = client.read_u16().await?;
    record.lock().unwrap().push(format!("{host}:{port}"));
    let mut server = TcpStream::connect((host, port)).await?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
