//! The step of TLS, and what is wrong with a certificate, in words.

use std::{net::SocketAddr, sync::Arc};

use jiff::Timestamp;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use x509_parser::{extensions::GeneralName, prelude::X509Certificate};

use super::{Complaint, STEP_LIMIT, find_cause};
use crate::connect::{client::Prepared, target::Target};

/// Negotiates TLS over `stream` as the client would. Says what was found.
pub(super) async fn handshake(
    target: &Target,
    prepared: &Prepared,
    stream: TcpStream,
    addresses: &[SocketAddr],
) -> Result<String, Complaint> {
    let config = prepared.tls().await?;
    match negotiate(target, config, stream).await? {
        Ok(stream) => Ok(describe(target, &stream)),
        Err(error) => match find_cause::<rustls::Error>(&error) {
            Some(error) => Err(explain(target, error, addresses).await),
            None => Err(Complaint::new(
                format!("{} broke off TLS: {error}", target.server),
                "Look whether something between here and there cuts the connection, and whether \
                 the port is the API server's.",
            )),
        },
    }
}

async fn negotiate(
    target: &Target,
    config: ClientConfig,
    stream: TcpStream,
) -> Result<std::io::Result<TlsStream<TcpStream>>, Complaint> {
    let name = target.certificate_name();
    let name = ServerName::try_from(name.to_owned()).map_err(|_| {
        Complaint::new(
            format!("\"{name}\" can be no certificate's name"),
            "Correct server or tls-server-name in the kubeconfig.",
        )
    })?;
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    timeout(STEP_LIMIT, connecting).await.map_err(|_| {
        Complaint::new(
            format!(
                "{} took the connection but did not answer in TLS within {} s",
                target.server,
                STEP_LIMIT.as_secs()
            ),
            "Look whether the API server is overloaded and whether the port is the API server's.",
        )
    })
}

/// What is wrong, in words; the certificate is fetched once more to be described.
pub(super) async fn explain(
    target: &Target,
    error: &rustls::Error,
    addresses: &[SocketAddr],
) -> Complaint {
    if let rustls::Error::InvalidCertificate(reason) = error {
        // Behind a proxy it cannot be fetched by hand.
        let presented = match addresses.first() {
            Some(address) if target.proxy.is_none() => fetch(target, *address).await,
            _ => None,
        };
        return explain_certificate(target, reason, presented.as_ref());
    }
    let server = &target.server;
    match error {
        rustls::Error::InvalidMessage(_) => Complaint::new(
            format!("{server} does not speak TLS"),
            "If it is meant without TLS, begin its address with http: in the kubeconfig; else \
             correct the port.",
        ),
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied,
        ) => Complaint::new(
            format!("{server} does not take the client certificate: {error}"),
            "Fetch the kubeconfig anew: the client certificate has ended, or belongs to another \
             cluster.",
        ),
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
        ) => Complaint::new(
            format!("{server} speaks no version of TLS that is safe: {error}"),
            "Let it speak TLS 1.2 or 1.3.",
        ),
        other => Complaint::new(
            format!("TLS with {server} failed: {other}"),
            "Look whether something between here and there answers in its place.",
        ),
    }
}

fn explain_certificate(
    target: &Target,
    reason: &CertificateError,
    presented: Option<&Presented>,
) -> Complaint {
    let server = &target.server;
    let whose = presented.map_or_else(
        || format!("the certificate of {server}"),
        |presented| {
            format!(
                "the certificate of {server} ({}, issued by {})",
                presented.subject, presented.issuer
            )
        },
    );
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Complaint::new(
            match presented {
                Some(presented) => format!("{whose} ended on {}", presented.not_after),
                None => format!("{whose} has ended"),
            },
            "Renew the API server's certificate (with kubeadm: `kubeadm certs renew all`), or \
             correct this computer's clock.",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Complaint::new(
                match presented {
                    Some(presented) => format!("{whose} begins only on {}", presented.not_before),
                    None => format!("{whose} is not valid yet"),
                },
                "Correct this computer's clock, or the one where the certificate was made.",
            )
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let name = target.certificate_name();
            let names = presented
                .map(|presented| presented.names.join(", "))
                .filter(|names| !names.is_empty())
                .map_or_else(String::new, |names| format!(" but for {names}"));
            Complaint::new(
                format!("{whose} is not for {name}{names}"),
                "Connect by a name that it is for, or set tls-server-name in the kubeconfig to \
                 one.",
            )
        }
        CertificateError::UnknownIssuer if target.roots.is_some() => Complaint::new(
            format!("{whose} is not signed by the certificate authority of the kubeconfig"),
            "Fetch the kubeconfig anew if the cluster was set up again; if not, something between \
             here and there answers in its place.",
        ),
        CertificateError::UnknownIssuer => Complaint::new(
            format!("{whose} is signed by an authority that this computer does not trust"),
            "Add the cluster's certificate-authority-data to the kubeconfig.",
        ),
        other => Complaint::new(
            format!("{whose} is not accepted: {other:?}"),
            "Renew the API server's certificate.",
        ),
    }
}

/// What one wants to know of a certificate.
struct Presented {
    subject: String,
    issuer: String,
    names: Vec<String>,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Presented {
    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
        let time = |seconds: i64| Timestamp::from_second(seconds).ok();
        let validity = certificate.validity();
        Some(Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            names: names(&certificate),
            not_before: time(validity.not_before.timestamp())?,
            not_after: time(validity.not_after.timestamp())?,
        })
    }
}

/// The names and addresses that a certificate is for.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let address = |bytes: &[u8]| {
        let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| std::net::IpAddr::from(bytes).to_string());
        let v6 = <[u8; 16]>::try_from(bytes).map(|bytes| std::net::IpAddr::from(bytes).to_string());
        v4.or(v6).ok()
    };
    extension
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        })
        .collect()
}

fn describe(target: &Target, stream: &TlsStream<TcpStream>) -> String {
    let (_, session) = stream.get_ref();
    let presented = session
        .peer_certificates()
        .and_then(<[CertificateDer<'_>]>::first)
        .and_then(Presented::of);
    let is_verified = !target.definition.cluster.insecure_skip_tls_verify;
    let judged = if is_verified {
        "verified"
    } else {
        "NOT verified (insecure-skip-tls-verify)"
    };
    match presented {
        Some(presented) => format!(
            "{judged}: {}, issued by {}, valid until {}",
            presented.subject, presented.issuer, presented.not_after
        ),
        None => judged.to_owned(),
    }
}

/// The certificate that the server presents, whatever it is worth. Nothing is sent over this
/// connection.
async fn fetch(target: &Target, address: SocketAddr) -> Option<Presented> {
    let stream = timeout(STEP_LIMIT, TcpStream::connect(address))
        .await
        .ok()?
        .ok()?;
    let config = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(TakeAny))
        .with_no_client_auth();
    let stream = negotiate(target, config, stream).await.ok()?.ok()?;
    let (_, session) = stream.get_ref();
    Presented::of(session.peer_certificates()?.first()?)
}

/// Takes any certificate, to look at it.
#[derive(Debug)]
struct TakeAny;

impl ServerCertVerifier for TakeAny {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
