//! The Prometheus that the user gave for a cluster.
//!
//! Kept with the settings, by cluster: an address, and where its secret lies. The secret is read by
//! the adapter alone, when it asks.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::OneCluster,
    prometheus::{
        GivePrometheus, PrometheusAddress, PrometheusCredentials, PrometheusFound,
        PrometheusSetting, SecretPlace,
    },
};
use strata_domain::{ids::ClusterId, text::Text};
use strata_ports::prometheus as port;

use super::{Operations, changes::context};
use crate::{
    error::{closing, of_port},
    inbox::Command,
};

/// The setting that holds them.
const SETTING: &str = "prometheus";

/// What was given, by cluster.
type Kept = BTreeMap<String, PrometheusAddress>;

pub(super) async fn read_prometheus(
    operations: &Operations,
    request: OneCluster,
) -> Result<PrometheusSetting, ApiError> {
    context(operations, &request.cluster)?;
    let address = read(operations).await?.remove(&request.cluster);
    Ok(PrometheusSetting {
        cluster: request.cluster,
        address,
    })
}

/// Keeps what is given, and has it asked at once.
pub(super) async fn save_prometheus(
    operations: &Operations,
    request: GivePrometheus,
) -> Result<PrometheusSetting, ApiError> {
    context(operations, &request.cluster)?;
    let given = request.address.clone().map(of_wire).transpose()?;
    let mut kept = read(operations).await?;
    match &request.address {
        Some(address) => kept.insert(request.cluster.clone(), address.clone()),
        None => kept.remove(&request.cluster),
    };
    operations
        .keep(
            SETTING,
            &kept,
            "the addresses of Prometheus cannot be written",
        )
        .await?;
    let command = Command::GivePrometheus {
        cluster: ClusterId(Text::from(request.cluster.as_str())),
        prometheus: given,
    };
    operations.commands.send(command).map_err(|_| closing())?;
    Ok(PrometheusSetting {
        cluster: request.cluster,
        address: request.address,
    })
}

/// Asks what is given once, without keeping it.
pub(super) async fn try_prometheus(
    operations: &Operations,
    request: GivePrometheus,
) -> Result<PrometheusFound, ApiError> {
    context(operations, &request.cluster)?;
    let Some(address) = request.address else {
        return Err(invalid("no address of Prometheus is given"));
    };
    let asked = operations.prometheus.look(&of_wire(address)?);
    let found = asked.await.map_err(|error| of_port(&error))?;
    Ok(PrometheusFound {
        version: found.version,
        devices: found.devices,
        missing: found.missing,
        took_milliseconds: u32::try_from(found.took.as_millis()).unwrap_or(u32::MAX),
    })
}

/// What was given for `cluster`. What cannot be used any more is as if nothing had been.
pub(super) async fn given(
    operations: &Operations,
    cluster: &str,
) -> Result<Option<port::PrometheusAddress>, ApiError> {
    let kept = read(operations).await?.remove(cluster);
    Ok(kept.and_then(|address| {
        of_wire(address)
            .inspect_err(|error| tracing::warn!(%error, "a Prometheus that was given is not asked"))
            .ok()
    }))
}

/// What was given. What cannot be read any more (a later Strata's, or damaged) was not.
async fn read(operations: &Operations) -> Result<Kept, ApiError> {
    let settings = Arc::clone(&operations.settings);
    let Some(json) = operations.on_disk(move || settings.read(SETTING)).await? else {
        return Ok(Kept::default());
    };
    Ok(serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the addresses of Prometheus cannot be read");
        Kept::default()
    }))
}

fn of_wire(address: PrometheusAddress) -> Result<port::PrometheusAddress, ApiError> {
    let url = address.url.trim().trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next());
    match host {
        None | Some("") => {
            return Err(invalid(
                "the address of Prometheus does not begin with http:// or https:// and a name",
            ));
        }
        // Kept and shown like any setting, so that no secret may be in it.
        Some(host) if host.contains('@') => {
            return Err(invalid(
                "the address of Prometheus has a name or a password in it; name the file or the \
                 variable in which the password is",
            ));
        }
        Some(_) => {}
    }
    Ok(port::PrometheusAddress {
        url: url.to_owned(),
        credentials: match address.credentials {
            PrometheusCredentials::Nothing {} => port::Credentials::Nothing,
            PrometheusCredentials::Bearer { token } => port::Credentials::Bearer(place(token)?),
            PrometheusCredentials::Basic { user, password } => port::Credentials::Basic {
                user,
                password: place(password)?,
            },
        },
        authority: some_path(&address.authority),
    })
}

fn place(place: SecretPlace) -> Result<port::SecretPlace, ApiError> {
    match place {
        SecretPlace::File { path } => some_path(&path)
            .map(port::SecretPlace::File)
            .ok_or_else(|| invalid("the file with the secret is not named")),
        SecretPlace::Environment { name } if is_variable(&name) => {
            Ok(port::SecretPlace::Environment(name))
        }
        SecretPlace::Environment { .. } => Err(invalid(
            "the variable with the secret is not named: letters, digits and underscores",
        )),
    }
}

/// Whether `name` can be a variable's: a token that was typed in its place is not kept.
fn is_variable(name: &str) -> bool {
    let is_part = |one: char| one.is_ascii_alphanumeric() || one == '_';
    !name.is_empty()
        && name.len() <= 64
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(is_part)
}

fn some_path(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    (!text.is_empty()).then(|| PathBuf::from(text))
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str, credentials: PrometheusCredentials) -> PrometheusAddress {
        PrometheusAddress {
            url: url.to_owned(),
            credentials,
            authority: String::new(),
        }
    }

    #[test]
    fn what_may_be_a_secret_itself_is_not_kept() {
        for url in [
            "https://me:hidden@metrics.example/",
            "https://token@metrics.example",
            "metrics.example:9090",
            "https:///path",
        ] {
            let error = of_wire(address(url, PrometheusCredentials::Nothing {})).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidInput, "{url}");
            assert!(!error.to_string().contains("hidden"));
        }
        let typed = PrometheusCredentials::Bearer {
            token: SecretPlace::Environment {
                name: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln".to_owned(),
            },
        };
        let error = of_wire(address("https://metrics.example", typed)).unwrap_err();
        assert!(!error.to_string().contains("eyJ"), "{error}");
    }

    #[test]
    fn an_address_is_kept_without_what_is_around_it() {
        let given = address(
            " https://metrics.example/team/ ",
            PrometheusCredentials::Basic {
                user: "strata".to_owned(),
                password: SecretPlace::File {
                    path: "/run/secrets/prometheus".to_owned(),
                },
            },
        );
        let read = of_wire(given).unwrap();
        assert_eq!(read.url, "https://metrics.example/team");
        assert_eq!(read.authority, None);
        assert_eq!(
            read.credentials,
            port::Credentials::Basic {
                user: "strata".to_owned(),
                password: port::SecretPlace::File("/run/secrets/prometheus".into()),
            }
        );
    }
}
