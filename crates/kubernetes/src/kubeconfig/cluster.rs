//! What a cluster entry says.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde_json::Value;

use super::fields::Fields;

/// How to reach a cluster.
#[derive(Debug, Default)]
pub(crate) struct ClusterEntry {
    /// The API server's address, as written; may be empty.
    pub(crate) server: String,
    /// Whose signature the server's certificate must bear; none: one the system trusts.
    pub(crate) certificate_authority: Option<Pem>,
    /// Whether the server's certificate is taken as it comes.
    pub(crate) insecure_skip_tls_verify: bool,
    /// The name that the server's certificate must bear, where it isn't the address's.
    pub(crate) tls_server_name: Option<String>,
    /// The proxy to go through; it may hold a password.
    pub(crate) proxy_url: Option<SecretString>,
    /// Whether answers shall not be compressed.
    pub(crate) disable_compression: bool,
    /// What a credential plugin is told besides.
    pub(crate) plugin_config: Option<Value>,
}

/// The name of the extension that a credential plugin is told of.
const PLUGIN_EXTENSION: &str = "client.authentication.k8s.io/exec";

/// Where a PEM text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pem {
    /// In the kubeconfig, in Base64.
    Inline(String),
    /// In a file of its own.
    File(PathBuf),
}

/// Reads a cluster entry whose file lies in `folder`.
pub(super) fn read(mut entry: Fields, folder: &Path) -> Result<ClusterEntry, String> {
    let server = entry.text("server")?.unwrap_or_default();
    // The address is shown everywhere.
    if authority(&server).contains('@') {
        return Err("server holds a name or password: they belong to the user".to_owned());
    }
    let inline = entry.text("certificate-authority-data")?;
    let file = entry.path("certificate-authority", folder)?;
    let mut plugin_config = None;
    for mut extension in entry.mappings("extensions", "extensions.")? {
        if extension.text("name")?.as_deref() == Some(PLUGIN_EXTENSION) {
            plugin_config = extension.value("extension");
        }
    }
    Ok(ClusterEntry {
        server,
        // Of the two the inline text wins, as it does in kubectl.
        certificate_authority: inline.map(Pem::Inline).or(file.map(Pem::File)),
        insecure_skip_tls_verify: entry.flag("insecure-skip-tls-verify")?,
        tls_server_name: entry.text("tls-server-name")?,
        proxy_url: entry.secret("proxy-url")?,
        disable_compression: entry.flag("disable-compression")?,
        plugin_config,
    })
}

/// What stands in a URL between the scheme and the path.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
