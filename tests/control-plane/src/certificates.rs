//! The keys and certificates of one control plane, made anew for each start.
//!
//! One authority signs the API server's certificate and the administrator's, another the front
//! proxy's: Kubernetes refuses one authority for clients and front proxy without further flags.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};

/// The first address of the service network, at which pods find the API server.
const KUBERNETES_SERVICE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

/// A certificate's and its key's PEM files.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The certificate.
    pub certificate: PathBuf,
    /// The private key (PKCS #8).
    pub key: PathBuf,
}

/// The files of a control plane.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// What signed `api_server` and `administrator`; clients trust it.
    pub authority: PathBuf,
    /// What signed `front_proxy`.
    pub front_proxy_authority: PathBuf,
    /// The API server's, for `127.0.0.1`, `localhost` and the in-cluster names.
    pub api_server: Pair,
    /// A client of the group `system:masters`.
    pub administrator: Pair,
    /// The API server's own identity toward aggregated API servers.
    pub front_proxy: Pair,
    /// Signs service account tokens; the half to sign with.
    pub service_accounts_private: PathBuf,
    /// The half to check them with.
    pub service_accounts_public: PathBuf,
}

/// Writes all of them into `folder`.
///
/// # Errors
///
/// When a key cannot be made or a file not written.
pub fn create(folder: &Path) -> Result<Certificates> {
    let authority = authority("strata-test")?;
    let front_proxy_authority = self::authority("strata-test-front-proxy")?;
    let service_accounts = KeyPair::generate()?;

    let mut api_server = subject("kube-apiserver", None, ExtendedKeyUsagePurpose::ServerAuth)?;
    for name in [
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
    ] {
        api_server
            .subject_alt_names
            .push(SanType::DnsName(name.try_into()?));
    }
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), KUBERNETES_SERVICE] {
        api_server
            .subject_alt_names
            .push(SanType::IpAddress(address));
    }
    let client = ExtendedKeyUsagePurpose::ClientAuth;
    let administrator = subject("administrator", Some("system:masters"), client.clone())?;
    let front_proxy = subject("front-proxy", None, client)?;

    Ok(Certificates {
        authority: write(folder, "authority.crt", &authority.pem())?,
        front_proxy_authority: write(
            folder,
            "front-proxy-authority.crt",
            &front_proxy_authority.pem(),
        )?,
        api_server: signed(folder, "api-server", &api_server, &authority)?,
        administrator: signed(folder, "administrator", &administrator, &authority)?,
        front_proxy: signed(folder, "front-proxy", &front_proxy, &front_proxy_authority)?,
        service_accounts_private: write(
            folder,
            "service-accounts.key",
            &service_accounts.serialize_pem(),
        )?,
        service_accounts_public: write(
            folder,
            "service-accounts.pub",
            &service_accounts.public_key_pem(),
        )?,
    })
}

/// Writes `tls.crt` and `tls.key` of a server on `127.0.0.1` into `folder`, under the names that
/// operators look for; returns the certificate of the authority that signed them, as PEM.
///
/// # Errors
///
/// When a key cannot be made or a file not written.
pub fn create_for_webhooks(folder: &Path) -> Result<String> {
    let authority = authority("strata-test-webhooks")?;
    let mut server = subject("webhooks", None, ExtendedKeyUsagePurpose::ServerAuth)?;
    server
        .subject_alt_names
        .push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    signed(folder, "tls", &server, &authority)?;
    Ok(authority.pem())
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Result<Authority> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::DigitalSignature,
    ];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
        .with_context(|| format!("signing the authority {name}"))
}

fn subject(
    name: &str,
    organization: Option<&str>,
    usage: ExtendedKeyUsagePurpose,
) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    if let Some(organization) = organization {
        params
            .distinguished_name
            .push(DnType::OrganizationName, organization);
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    Ok(params)
}

fn signed(
    folder: &Path,
    name: &str,
    params: &CertificateParams,
    authority: &Authority,
) -> Result<Pair> {
    let key = KeyPair::generate()?;
    let certificate = params
        .signed_by(&key, authority)
        .with_context(|| format!("signing {name}"))?;
    Ok(Pair {
        certificate: write(folder, &format!("{name}.crt"), &certificate.pem())?,
        key: write(folder, &format!("{name}.key"), &key.serialize_pem())?,
    })
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let file = folder.join(name);
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}
