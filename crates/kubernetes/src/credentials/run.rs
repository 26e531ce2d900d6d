//! One run of a credential plugin.
//!
//! Protocol: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>.
//! The plugin prints an `ExecCredential` and ends. What it prints there is never shown; what it
//! prints as an error is, after anything that looks like a secret was taken out.

use std::{process::Stdio, time::Duration};

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{CredentialFailure, command::ResolvedCommand};
use crate::{kubeconfig::ExecPlugin, login_environment::Environment};

/// The name of the variable that tells the plugin what is wanted.
const EXEC_INFO: &str = "KUBERNETES_EXEC_INFO";

/// More than this is no credential.
const LONGEST_OUTPUT_BYTES: u64 = 4 * 1024 * 1024;

/// How much of an error text is shown, from its end.
const SHOWN_ERROR_CHARS: usize = 400;

/// How long output may lag behind the end of the plugin: a daemon that it left behind may hold
/// the pipe open for ever.
const LAG: Duration = Duration::from_millis(500);

/// What a plugin told.
#[derive(Debug)]
pub(crate) struct Issued {
    /// A bearer token.
    pub(crate) token: Option<SecretString>,
    /// A client certificate and its key, in PEM.
    pub(crate) identity: Option<super::Identity>,
    /// When they end; none: not before the server says so.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Runs the plugin once.
pub(super) async fn run(
    plugin: &ExecPlugin,
    command: &ResolvedCommand,
    exec_info: &str,
    environment: &Environment,
    time_limit: Duration,
) -> Result<Issued, CredentialFailure> {
    let name = plugin.command.as_str();
    let at_terminal = format!(
        "Run this in a terminal to see what it asks for: {}",
        command.line
    );
    let mut process = tokio::process::Command::new(&command.program);
    process
        .args(&plugin.args)
        .env_clear()
        .envs(environment)
        .envs(
            plugin
                .env
                .iter()
                .map(|(name, value)| (name, value.expose_secret())),
        )
        .env(EXEC_INFO, exec_info)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(windows)]
    process.creation_flags(CREATE_NO_WINDOW);

    let finished = tokio::time::timeout(time_limit, finish(process)).await;
    let Ok(finished) = finished else {
        return Err(CredentialFailure::new(
            format!(
                "the credential plugin {name} gave no answer within {} s and was stopped",
                time_limit.as_secs_f64()
            ),
            at_terminal,
        ));
    };
    let finished = finished.map_err(|error| {
        CredentialFailure::new(
            format!("the credential plugin {name} cannot be run: {error}"),
            at_terminal.clone(),
        )
    })?;
    if !finished.status.success() {
        let said = presentable(&finished.errors, plugin);
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(": {said}")
        };
        return Err(CredentialFailure::new(
            format!(
                "the credential plugin {name} ended with {}{said}",
                finished.status
            ),
            at_terminal,
        ));
    }
    parse(&finished.output, plugin).map_err(|reason| {
        CredentialFailure::new(
            format!("the credential plugin {name} {reason}"),
            at_terminal,
        )
    })
}

/// Hides the console window that a program would open.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;

/// What a process left.
struct Finished {
    status: std::process::ExitStatus,
    output: Vec<u8>,
    errors: Vec<u8>,
}

async fn finish(mut process: tokio::process::Command) -> std::io::Result<Finished> {
    let mut child = process.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let status = {
        let reading = async {
            tokio::join!(read(stdout, &mut output), read(stderr, &mut errors));
        };
        tokio::pin!(reading);
        let status = tokio::select! {
            status = child.wait() => {
                // What is there by then has to do.
                tokio::time::timeout(LAG, &mut reading).await.ok();
                status
            }
            () = &mut reading => child.wait().await,
        };
        status?
    };
    Ok(Finished {
        status,
        output,
        errors,
    })
}

async fn read(pipe: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    if let Some(pipe) = pipe {
        // A pipe that breaks ends like one that closes: what came is judged as it is.
        pipe.take(LONGEST_OUTPUT_BYTES).read_to_end(into).await.ok();
    }
}

/// What a plugin prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    #[serde(default)]
    api_version: String,
    status: Option<ExecCredentialStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredentialStatus {
    expiration_timestamp: Option<String>,
    token: Option<SecretString>,
    client_certificate_data: Option<String>,
    client_key_data: Option<SecretString>,
}

/// Reads what the plugin printed. Fails with the rest of a sentence that begins with the plugin's
/// name; the parser's own words might quote the text, so only the place is told.
fn parse(output: &[u8], plugin: &ExecPlugin) -> Result<Issued, String> {
    let credential: ExecCredential = serde_json::from_slice(output).map_err(|error| {
        format!(
            "printed something else than an ExecCredential (line {}, column {})",
            error.line(),
            error.column()
        )
    })?;
    if credential.api_version != plugin.api_version {
        return Err(format!(
            "answered in apiVersion \"{}\" where the kubeconfig says \"{}\"",
            presentable(credential.api_version.as_bytes(), plugin),
            plugin.api_version
        ));
    }
    let status = credential
        .status
        .ok_or("printed an ExecCredential without status")?;
    let expires_at = match status.expiration_timestamp {
        None => None,
        Some(text) => Some(text.parse::<Timestamp>().map_err(|_| {
            "printed an expirationTimestamp that is not a time as of RFC 3339".to_owned()
        })?),
    };
    let token = status
        .token
        .filter(|token| !token.expose_secret().is_empty());
    let certificate = status
        .client_certificate_data
        .filter(|text| !text.is_empty());
    let key = status
        .client_key_data
        .filter(|key| !key.expose_secret().is_empty());
    let identity = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(super::Identity { certificate, key }),
        (None, None) => None,
        _ => return Err("printed one half of a client certificate".to_owned()),
    };
    if token.is_none() && identity.is_none() {
        return Err("printed neither a token nor a client certificate".to_owned());
    }
    Ok(Issued {
        token,
        identity,
        expires_at,
    })
}

/// The end of an error text on one line, without secrets and control characters.
fn presentable(text: &[u8], plugin: &ExecPlugin) -> String {
    let mut text = String::from_utf8_lossy(text).into_owned();
    for (_, value) in &plugin.env {
        // A short value is a name like `dev`; taking it out everywhere would spoil the text.
        let value = value.expose_secret();
        if value.len() >= 8 {
            text = text.replace(value, "[secret]");
        }
    }
    let words: Vec<&str> = text
        .split(|char: char| char.is_whitespace() || char.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if looks_secret(word) { "[secret]" } else { word })
        .collect();
    let line = words.join(" ");
    let skipped = line.chars().count().saturating_sub(SHOWN_ERROR_CHARS);
    if skipped == 0 {
        line
    } else {
        format!("…{}", line.chars().skip(skipped).collect::<String>())
    }
}

/// Whether a word is a JSON Web Token (three Base64 parts, the first of which begins with `{"`), or
/// long and random enough to be another token.
fn looks_secret(word: &str) -> bool {
    let is_token_char = |char: char| char.is_ascii_alphanumeric() || "-_+=".contains(char);
    word.contains("eyJ") && word.len() >= 20
        || word
            .split(|char| !is_token_char(char))
            .any(|part| part.len() >= 40 && part.chars().any(|char| char.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin() -> ExecPlugin {
        ExecPlugin {
            api_version: "client.authentication.k8s.io/v1".to_owned(),
            command: "login".to_owned(),
            args: Vec::new(),
            env: vec![("KEY".to_owned(), "open-sesame".into())],
            install_hint: None,
            provide_cluster: false,
            interactive_mode: crate::kubeconfig::InteractiveMode::Never,
            folder: std::path::PathBuf::new(),
        }
    }

    #[test]
    fn a_token_and_its_end_are_read() {
        let issued = parse(
            br#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                "spec":{"interactive":false},
                "status":{"token":"t","expirationTimestamp":"2026-01-01T10:00:00Z","more":1}}"#,
            &plugin(),
        )
        .unwrap();
        assert_eq!(issued.token.unwrap().expose_secret(), "t");
        assert_eq!(
            issued.expires_at.unwrap().to_string(),
            "2026-01-01T10:00:00Z"
        );
        assert!(issued.identity.is_none());
    }

    #[test]
    fn output_that_is_of_no_use_is_explained_without_quoting_it() {
        let version = r#""apiVersion":"client.authentication.k8s.io/v1""#;
        let cases = [
            ("very-secret".to_owned(), "something else"),
            (format!(r#"{{{version},"status":"very-secret"}}"#), "something else"),
            (format!(r#"{{{version},"status":{{"token":["very-secret"]}}}}"#), "something else"),
            (format!("{{{version}}}"), "without status"),
            (format!(r#"{{{version},"status":{{"token":""}}}}"#), "neither a token"),
            (
                format!(r#"{{{version},"status":{{"clientKeyData":"very-secret"}}}}"#),
                "one half",
            ),
            (
                format!(
                    r#"{{{version},"status":{{"token":"very-secret","expirationTimestamp":"soon"}}}}"#
                ),
                "RFC 3339",
            ),
            (
                r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"very-secret"}}"#
                    .to_owned(),
                "v1beta1",
            ),
        ];
        for (output, expected) in cases {
            let reason = parse(output.as_bytes(), &plugin()).unwrap_err();
            assert!(reason.contains(expected), "{output}: {reason}");
            assert!(!reason.contains("very-secret"), "{reason}");
        }
    }

    #[test]
    fn an_error_text_is_shown_without_what_looks_secret() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
        let key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";
        let text = format!("\x1b[31merror:\x1b[0m bad\n token {jwt}, key={key} open-sesame\n");
        let shown = presentable(text.as_bytes(), &plugin());
        assert_eq!(shown, "[31merror: [0m bad token [secret] [secret] [secret]");
        let long = "so it goes ".repeat(100);
        let shown = presentable(long.as_bytes(), &plugin());
        assert!(shown.starts_with('…') && shown.chars().count() == SHOWN_ERROR_CHARS + 1);
    }

    #[test]
    fn debug_of_what_was_issued_shows_no_secret() {
        let issued = Issued {
            token: Some("very-secret".into()),
            identity: Some(super::super::Identity {
                certificate: "public".to_owned(),
                key: "very-secret".into(),
            }),
            expires_at: None,
        };
        let text = format!("{issued:?}");
        assert!(
            text.contains("public") && !text.contains("very-secret"),
            "{text}"
        );
    }
}
