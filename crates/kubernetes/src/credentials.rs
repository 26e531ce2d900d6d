//! How one proves to a server who one is.
//!
//! Everything that kubectl knows: a token, a file with a token, a name and password, a client
//! certificate, and a command that tells one of these (`exec`, see [`plugin`]). Secrets are
//! [`SecretString`]s: they are never in an error, a log or a `Debug` text.

use std::{path::PathBuf, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

pub(crate) mod command;
pub(crate) mod plugin;
mod run;

use crate::kubeconfig::{AuthProvider, SecretPem, UserEntry};
use plugin::Plugin;

/// Why there are no credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CredentialFailure {
    /// The user never approved the plugin.
    #[error("the credential plugin was never approved: {command}")]
    NeedsApproval {
        /// The command line, as it would be run.
        command: String,
        /// The digest to approve.
        digest: String,
    },
    /// Something is wrong with them.
    #[error("{message}")]
    Failed {
        /// What happened.
        message: String,
        /// The next thing to do, for people.
        advice: String,
    },
}

impl CredentialFailure {
    /// Something is wrong with the credentials.
    pub(crate) fn new(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            advice: advice.into(),
        }
    }
}

/// What gives each request its `Authorization` header.
#[derive(Clone, Debug)]
pub(crate) enum Authorizer {
    /// Nothing: a client certificate, or nobody.
    Nobody,
    /// The same header for ever.
    Fixed(HeaderValue),
    /// The token that stands in a file.
    TokenFile(Arc<TokenFile>),
    /// What a plugin tells.
    Plugin(Arc<Plugin>),
}

impl Authorizer {
    /// That of `user`, whose plugin, if it has one, is `plugin`.
    ///
    /// Where a user has several, the order is that of kubectl: token file, token, name and
    /// password, plugin.
    pub(crate) fn of_user(
        user: &UserEntry,
        plugin: Option<Arc<Plugin>>,
    ) -> Result<Self, CredentialFailure> {
        if let Some(path) = &user.token_file {
            return Ok(Self::TokenFile(Arc::new(TokenFile::new(path.clone()))));
        }
        if let Some(token) = &user.token {
            return bearer(token).map(Self::Fixed);
        }
        if let Some(name) = &user.username {
            let password = user.password.clone().unwrap_or_default();
            return basic(name, &password).map(Self::Fixed);
        }
        if let Some(plugin) = plugin {
            return Ok(Self::Plugin(plugin));
        }
        match &user.auth_provider {
            None => Ok(Self::Nobody),
            // Without a client that renews it, the token that is there may still be good.
            Some(AuthProvider {
                name,
                id_token: Some(token),
            }) if name == "oidc" => bearer(token).map(Self::Fixed),
            Some(provider) => Err(no_auth_provider(&provider.name)),
        }
    }

    /// The header for a request that is made now; none for nobody.
    pub(crate) async fn header(&self) -> Result<Option<HeaderValue>, CredentialFailure> {
        match self {
            Self::Nobody => Ok(None),
            Self::Fixed(header) => Ok(Some(header.clone())),
            Self::TokenFile(file) => file.header().await.map(Some),
            Self::Plugin(plugin) => {
                let issued = plugin.issued().await?;
                issued.token.as_ref().map(bearer).transpose()
            }
        }
    }

    /// In a few words what it is, for people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Nobody => "nothing but, where there is one, a client certificate".to_owned(),
            Self::Fixed(header) if header.as_bytes().starts_with(b"Basic") => {
                "a name and password in the kubeconfig".to_owned()
            }
            Self::Fixed(_) => "a token in the kubeconfig".to_owned(),
            Self::TokenFile(file) => format!("the token in {}", file.path.display()),
            Self::Plugin(_) => "a credential plugin".to_owned(),
        }
    }
}

/// A file with a token, such as a service account's.
///
/// It is read for every request, of which there are few: so a token that is replaced is used at
/// once. A file that is gone leaves the last token in use, for programs that give a token at the
/// start and then remove it (<https://github.com/kubernetes/kubernetes/issues/68164>).
#[derive(Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
    last: Mutex<Option<SecretString>>,
}

impl TokenFile {
    fn new(path: PathBuf) -> Self {
        Self {
            path,
            last: Mutex::new(None),
        }
    }

    pub(crate) async fn header(&self) -> Result<HeaderValue, CredentialFailure> {
        let mut last = self.last.lock().await;
        match tokio::fs::read_to_string(&self.path).await {
            Ok(text) if !text.trim().is_empty() => *last = Some(SecretString::from(text.trim())),
            Ok(_) | Err(_) if last.is_some() => {}
            Ok(_) => {
                return Err(CredentialFailure::new(
                    format!("the token file {} is empty", self.path.display()),
                    "Put a token into it; it is read again with the next try.",
                ));
            }
            Err(error) => {
                return Err(CredentialFailure::new(
                    format!(
                        "the token file {} cannot be read: {error}",
                        self.path.display()
                    ),
                    "Correct tokenFile in the kubeconfig, or bring the file back.",
                ));
            }
        }
        last.as_ref().map_or_else(|| Err(unusable("token")), bearer)
    }
}

/// A client certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The certificate, then those that vouch for it.
    pub(crate) certificate: String,
    /// Its key.
    pub(crate) key: SecretString,
}

impl Identity {
    /// That of `user`, if it has one.
    pub(crate) async fn of_user(user: &UserEntry) -> Result<Option<Self>, CredentialFailure> {
        let (certificate, key) = match (&user.client_certificate, &user.client_key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate, key),
            (Some(_), None) => return Err(half("client-key")),
            (None, Some(_)) => return Err(half("client-certificate")),
        };
        let certificate = read_pem("client-certificate", certificate).await?;
        let key = read_pem("client-key", key).await?;
        Ok(Some(Self {
            certificate: certificate.expose_secret().to_owned(),
            key,
        }))
    }
}

fn half(missing: &str) -> CredentialFailure {
    CredentialFailure::new(
        format!("the user has one half of a client certificate; {missing} is missing"),
        format!("Add {missing} or {missing}-data to the user in the kubeconfig."),
    )
}

async fn read_pem(field: &str, pem: &SecretPem) -> Result<SecretString, CredentialFailure> {
    let text = match pem {
        SecretPem::Inline(base64) => decode_base64(base64.expose_secret()).ok_or_else(|| {
            CredentialFailure::new(
                format!("{field}-data is not Base64"),
                "Copy the entry again from where the kubeconfig came from.",
            )
        }),
        SecretPem::File(path) => tokio::fs::read(path).await.map_err(|error| {
            CredentialFailure::new(
                format!(
                    "the file {} of {field} cannot be read: {error}",
                    path.display()
                ),
                format!(
                    "Correct {field} in the kubeconfig: a relative path is meant against its \
                     folder."
                ),
            )
        }),
    }?;
    String::from_utf8(text)
        .map(SecretString::from)
        .map_err(|_| {
            CredentialFailure::new(
                format!("{field} is not PEM text"),
                "Convert it: Kubernetes takes certificates and keys in PEM.",
            )
        })
}

/// What Base64 says; line breaks in it are as good as none.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text
        .chars()
        .filter(|char| !char.is_ascii_whitespace())
        .collect();
    BASE64_STANDARD.decode(text).ok()
}

fn bearer(token: &SecretString) -> Result<HeaderValue, CredentialFailure> {
    sensitive(&format!("Bearer {}", token.expose_secret()), "token")
}

fn basic(name: &str, password: &SecretString) -> Result<HeaderValue, CredentialFailure> {
    let pair = BASE64_STANDARD.encode(format!("{name}:{}", password.expose_secret()));
    sensitive(&format!("Basic {pair}"), "password")
}

fn sensitive(value: &str, what: &str) -> Result<HeaderValue, CredentialFailure> {
    let mut value = HeaderValue::from_str(value).map_err(|_| unusable(what))?;
    value.set_sensitive(true);
    Ok(value)
}

fn unusable(what: &str) -> CredentialFailure {
    CredentialFailure::new(
        format!("the {what} has characters that no HTTP header may have"),
        "Look for a line break or quote in it.",
    )
}

fn no_auth_provider(name: &str) -> CredentialFailure {
    let advice = match name {
        "gcp" => {
            "Install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials` \
             for this cluster: it writes an exec entry in its place."
        }
        "azure" => {
            "Install kubelogin and run `kubelogin convert-kubeconfig`: it writes an exec entry in \
             its place."
        }
        "oidc" => {
            "The entry holds no id-token. Use an exec entry, for instance of `kubectl oidc-login`."
        }
        _ => "Ask whoever runs the cluster for a kubeconfig with an exec entry.",
    };
    CredentialFailure::new(
        format!("the user has the auth-provider \"{name}\", which Kubernetes replaced by exec"),
        advice,
    )
}

#[cfg(test)]
mod tests;
