//! What a connection goes to: a context's cluster, checked and with its files read.

use http::Uri;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret;

use super::proxy;
use crate::{
    contexts::Definition, credentials::decode_base64, diagnose::Complaint, kubeconfig::Pem,
    login_environment::LoginEnvironment,
};

/// Everything that says where to connect. Without `Debug`: the proxy's address may hold a password.
pub(crate) struct Target {
    /// The context that it comes from.
    pub(crate) definition: Definition,
    /// The server's address.
    pub(crate) server: Uri,
    /// The server's name or address, without brackets.
    pub(crate) host: String,
    /// The server's port.
    pub(crate) port: u16,
    /// Whether TLS is spoken.
    pub(crate) is_tls: bool,
    /// The proxy to go through.
    pub(crate) proxy: Option<Uri>,
    /// The certificate authority in PEM; none: those that the system trusts.
    pub(crate) authority: Option<Vec<u8>>,
    /// Its certificates.
    pub(crate) roots: Option<Vec<CertificateDer<'static>>>,
}

impl Target {
    /// Where `definition` leads, for a user with the environment `environment`.
    pub(crate) async fn of(
        definition: Definition,
        environment: &LoginEnvironment,
    ) -> Result<Self, Complaint> {
        let cluster = &definition.cluster;
        let authority = match &cluster.certificate_authority {
            None => None,
            Some(pem) => Some(read_authority(pem).await?),
        };
        if authority.is_some() && cluster.insecure_skip_tls_verify {
            return Err(Complaint::new(
                format!(
                    "the cluster \"{}\" has a certificate authority and insecure-skip-tls-verify \
                     at once",
                    definition.cluster_name
                ),
                "Take insecure-skip-tls-verify out of the kubeconfig, as kubectl asks for too.",
            ));
        }
        let roots = authority.as_deref().map(parse_authority).transpose()?;
        let server = parse_server(&definition, authority.is_some())?;
        let is_tls = server.scheme_str() == Some("https");
        let host = server.host().unwrap_or_default();
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = server.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let environment = environment.get().await;
        let proxy_url = cluster.proxy_url.as_ref().map(ExposeSecret::expose_secret);
        let proxy = proxy::choose(proxy_url, is_tls, (&host, port), environment)?;
        Ok(Self {
            definition,
            server,
            host,
            port,
            is_tls,
            proxy,
            authority,
            roots,
        })
    }

    /// The name and port that TCP goes to: the proxy's, if there is one.
    pub(crate) fn first_hop(&self) -> (String, u16) {
        match &self.proxy {
            None => (self.host.clone(), self.port),
            Some(proxy) => {
                let host = proxy.host().unwrap_or_default();
                let host = host.trim_start_matches('[').trim_end_matches(']');
                (host.to_owned(), proxy::port_of(proxy))
            }
        }
    }

    /// Whether the server is this computer.
    pub(crate) fn is_this_computer(&self) -> bool {
        proxy::is_this_computer(&self.host)
    }

    /// The name that the server's certificate must bear.
    pub(crate) fn certificate_name(&self) -> &str {
        self.definition
            .cluster
            .tls_server_name
            .as_deref()
            .unwrap_or(&self.host)
    }
}

/// The server's address. One without a scheme is meant with TLS where something is said of TLS, as
/// in kubectl.
fn parse_server(definition: &Definition, has_authority: bool) -> Result<Uri, Complaint> {
    let cluster = &definition.cluster;
    let name = &definition.cluster_name;
    let advice = "Set server in the kubeconfig: https://HOST:PORT.";
    let text = cluster.server.trim();
    if text.is_empty() {
        return Err(Complaint::new(
            format!("the cluster \"{name}\" has no server"),
            advice,
        ));
    }
    let text = match text.split_once("://") {
        Some(_) => text.to_owned(),
        None if has_authority || cluster.insecure_skip_tls_verify => format!("https://{text}"),
        None => format!("http://{text}"),
    };
    let unusable = || {
        Complaint::new(
            format!("the server \"{text}\" of \"{name}\" is not a URL"),
            advice,
        )
    };
    let server: Uri = text.parse().map_err(|_| unusable())?;
    let is_known = matches!(server.scheme_str(), Some("http" | "https"));
    if !is_known || server.host().is_none_or(str::is_empty) {
        return Err(unusable());
    }
    Ok(server)
}

async fn read_authority(pem: &Pem) -> Result<Vec<u8>, Complaint> {
    match pem {
        Pem::Inline(base64) => decode_base64(base64).ok_or_else(|| {
            Complaint::new(
                "certificate-authority-data is not Base64",
                "Copy the entry again from where the kubeconfig came from.",
            )
        }),
        Pem::File(path) => tokio::fs::read(path).await.map_err(|error| {
            Complaint::new(
                format!(
                    "the file {} of certificate-authority cannot be read: {error}",
                    path.display()
                ),
                "Correct certificate-authority in the kubeconfig: a relative path is meant against \
                 its folder.",
            )
        }),
    }
}

fn parse_authority(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Complaint> {
    let unusable = |reason: &str| {
        Complaint::new(
            format!("the certificate authority {reason}"),
            "Copy it again from where the kubeconfig came from: certificates in PEM.",
        )
    };
    let roots = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unusable("is not PEM"))?;
    if roots.is_empty() {
        Err(unusable("holds no certificate"))
    } else {
        Ok(roots)
    }
}
