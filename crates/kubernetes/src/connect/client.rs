//! A kube client made of a target and credentials.
//!
//! kube's own reader of kubeconfigs is not used: it runs plugins on the calling thread, without a
//! time limit and without asking.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Request, header::AUTHORIZATION};
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use secrecy::{ExposeSecret as _, SecretString};
use tower::{BoxError, buffer::BufferLayer, filter::AsyncFilterLayer};

use super::{Credentials, target::Target};
use crate::{credentials::Authorizer, diagnose::Complaint};

/// How long TCP and TLS may take together.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Requests that may wait for their credentials at once.
const WAITING_REQUESTS: usize = 256;

/// A client, and what it was made of.
pub(crate) struct Prepared {
    /// The client.
    pub(crate) client: kube::Client,
    config: kube::Config,
}

impl Prepared {
    /// How the client speaks TLS, for trying it by hand.
    pub(crate) async fn tls(&self) -> Result<rustls::ClientConfig, Complaint> {
        let config = self.config.clone();
        off_the_async_threads(move || config.rustls_client_config()).await
    }
}

/// Makes a client. Reading the system's trusted certificates and parsing keys takes its time, so it
/// is done off the async threads.
pub(crate) async fn prepare(
    target: &Target,
    credentials: &Credentials,
) -> Result<Prepared, Complaint> {
    let config = config(target, credentials);
    let authorizer = credentials.authorizer.clone();
    off_the_async_threads(move || {
        let client = build(config.clone(), authorizer)?;
        Ok(Prepared { client, config })
    })
    .await
}

async fn off_the_async_threads<T: Send + 'static>(
    make: impl FnOnce() -> Result<T, kube::Error> + Send + 'static,
) -> Result<T, Complaint> {
    tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| error.to_string())
        .and_then(|made| made.map_err(|error| error.to_string()))
        .map_err(|reason| {
            Complaint::new(
                format!("no client can be made of the context: {reason}"),
                "Check the certificates and keys of the cluster and the user in the kubeconfig.",
            )
        })
}

fn config(target: &Target, credentials: &Credentials) -> kube::Config {
    let cluster = &target.definition.cluster;
    let mut config = kube::Config::new(target.server.clone());
    if !target.definition.namespace.is_empty() {
        config
            .default_namespace
            .clone_from(&target.definition.namespace);
    }
    config.root_cert = target
        .roots
        .as_ref()
        .map(|roots| roots.iter().map(|root| root.to_vec()).collect());
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify;
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.proxy_url.clone_from(&target.proxy);
    // Compressing costs more than it saves where the server is this computer.
    config.disable_compression = cluster.disable_compression || target.is_this_computer();
    config.connect_timeout = Some(CONNECT_LIMIT);
    // Whoever asks does the backing off.
    config.default_retry = false;
    let impersonation = &target.definition.user.impersonation;
    let auth = &mut config.auth_info;
    auth.impersonate.clone_from(&impersonation.user);
    auth.impersonate_uid.clone_from(&impersonation.uid);
    auth.impersonate_groups =
        Some(impersonation.groups.clone()).filter(|groups| !groups.is_empty());
    auth.impersonate_user_extra = Some(impersonation.extra.clone().into_iter().collect())
        .filter(|_| !impersonation.extra.is_empty());
    if let Some(identity) = &credentials.identity {
        auth.client_certificate_data = Some(BASE64_STANDARD.encode(&identity.certificate));
        let key = BASE64_STANDARD.encode(identity.key.expose_secret());
        auth.client_key_data = Some(SecretString::from(key));
    }
    config
}

fn build(config: kube::Config, authorizer: Authorizer) -> Result<kube::Client, kube::Error> {
    let authorize = move |mut request: Request<Body>| {
        let authorizer = authorizer.clone();
        async move {
            if let Some(header) = authorizer.header().await? {
                request.headers_mut().insert(AUTHORIZATION, header);
            }
            Ok::<_, BoxError>(request)
        }
    };
    Ok(ClientBuilder::try_from(config)?
        // What waits for credentials needs a client of its own to go on with.
        .with_layer(&BufferLayer::new(WAITING_REQUESTS))
        .with_layer(&AsyncFilterLayer::new(authorize))
        .build())
}
