//! What a user entry says.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use super::fields::Fields;

/// Who one is to the server, and how that is proved.
///
/// `Debug` never shows a secret: they are [`SecretString`]s, a plugin's environment among them.
#[derive(Debug, Default)]
pub(crate) struct UserEntry {
    /// A bearer token.
    pub(crate) token: Option<SecretString>,
    /// A file with a bearer token; it wins over `token`.
    pub(crate) token_file: Option<PathBuf>,
    /// For basic authentication.
    pub(crate) username: Option<String>,
    /// For basic authentication.
    pub(crate) password: Option<SecretString>,
    /// A client certificate, in PEM.
    pub(crate) client_certificate: Option<SecretPem>,
    /// The key of the client certificate, in PEM.
    pub(crate) client_key: Option<SecretPem>,
    /// A command that tells credentials.
    pub(crate) exec: Option<ExecPlugin>,
    /// What kubectl had before `exec`.
    pub(crate) auth_provider: Option<AuthProvider>,
    /// Whom to act as.
    pub(crate) impersonation: Impersonation,
}

/// Where a secret PEM text stands.
#[derive(Clone, Debug)]
pub(crate) enum SecretPem {
    /// In the kubeconfig, in Base64.
    Inline(SecretString),
    /// In a file of its own.
    File(PathBuf),
}

/// A credential plugin.
#[derive(Clone, Debug)]
pub(crate) struct ExecPlugin {
    /// `client.authentication.k8s.io/v1` or an older one; may be empty.
    pub(crate) api_version: String,
    /// The command, as written; a relative path is meant against `folder`.
    pub(crate) command: String,
    /// Its arguments.
    pub(crate) args: Vec<String>,
    /// Names and values that are added to its environment.
    pub(crate) env: Vec<(String, SecretString)>,
    /// What to tell where the command isn't there.
    pub(crate) install_hint: Option<String>,
    /// Whether it is told about the cluster.
    pub(crate) provide_cluster: bool,
    /// Whether it wants to ask at a terminal.
    pub(crate) interactive_mode: InteractiveMode,
    /// The folder of the kubeconfig.
    pub(crate) folder: PathBuf,
}

/// Whether a plugin wants to ask at a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InteractiveMode {
    /// It never asks.
    Never,
    /// It asks where it can, and does without where it cannot.
    #[default]
    IfAvailable,
    /// It is of no use without a terminal.
    Always,
}

/// What kubectl had before `exec`.
#[derive(Clone, Debug)]
pub(crate) struct AuthProvider {
    /// `gcp`, `azure`, `oidc`.
    pub(crate) name: String,
    /// The identity token that an `oidc` provider left in the file.
    pub(crate) id_token: Option<SecretString>,
}

/// Whom to act as; all empty for oneself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Impersonation {
    /// The user's name.
    pub(crate) user: Option<String>,
    /// The user's identity.
    pub(crate) uid: Option<String>,
    /// The user's groups.
    pub(crate) groups: Vec<String>,
    /// What else is known of the user.
    pub(crate) extra: BTreeMap<String, Vec<String>>,
}

/// Reads a user entry whose file lies in `folder`.
pub(super) fn read(mut entry: Fields, folder: &Path) -> Result<UserEntry, String> {
    Ok(UserEntry {
        token: entry.secret("token")?,
        token_file: entry.path("tokenFile", folder)?,
        username: entry.text("username")?,
        password: entry.secret("password")?,
        client_certificate: read_pem(
            &mut entry,
            "client-certificate-data",
            "client-certificate",
            folder,
        )?,
        client_key: read_pem(&mut entry, "client-key-data", "client-key", folder)?,
        exec: entry
            .mapping("exec", "exec.")?
            .map(|exec| read_exec(exec, folder))
            .transpose()?,
        auth_provider: entry
            .mapping("auth-provider", "auth-provider.")?
            .map(read_auth_provider)
            .transpose()?,
        impersonation: Impersonation {
            user: entry.text("as")?,
            uid: entry.text("as-uid")?,
            groups: entry.texts("as-groups")?,
            extra: entry.text_lists("as-user-extra")?,
        },
    })
}

/// Of the two the inline text wins, as it does in kubectl.
fn read_pem(
    entry: &mut Fields,
    inline: &str,
    file: &str,
    folder: &Path,
) -> Result<Option<SecretPem>, String> {
    let inline = entry.secret(inline)?.map(SecretPem::Inline);
    let file = entry.path(file, folder)?.map(SecretPem::File);
    Ok(inline.or(file))
}

fn read_exec(mut exec: Fields, folder: &Path) -> Result<ExecPlugin, String> {
    let Some(command) = exec.text("command")? else {
        return Err("exec.command is missing".to_owned());
    };
    let interactive_mode = match exec.text("interactiveMode")?.as_deref() {
        None | Some("IfAvailable") => InteractiveMode::IfAvailable,
        Some("Never") => InteractiveMode::Never,
        Some("Always") => InteractiveMode::Always,
        Some(_) => {
            return Err("exec.interactiveMode is neither Never, IfAvailable nor Always".to_owned());
        }
    };
    let env = exec
        .mappings("env", "exec.env.")?
        .into_iter()
        .map(|mut variable| {
            let name = variable
                .text("name")?
                .ok_or("a variable of exec.env has no name")?;
            Ok((name, variable.secret("value")?.unwrap_or_default()))
        })
        .collect::<Result<_, String>>()?;
    Ok(ExecPlugin {
        api_version: exec.text("apiVersion")?.unwrap_or_default(),
        command,
        args: exec.texts("args")?,
        env,
        install_hint: exec.text("installHint")?,
        provide_cluster: exec.flag("provideClusterInfo")?,
        interactive_mode,
        folder: folder.to_owned(),
    })
}

fn read_auth_provider(mut provider: Fields) -> Result<AuthProvider, String> {
    let mut config = provider
        .mapping("config", "auth-provider.config.")?
        .unwrap_or_default();
    Ok(AuthProvider {
        name: provider.text("name")?.unwrap_or_default(),
        id_token: config.secret("id-token")?,
    })
}
