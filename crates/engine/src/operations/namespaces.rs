//! The namespaces that the user names for a cluster of which they may not read the whole.
//!
//! Kept with the settings, by cluster. The context's own namespace is always among those that are
//! watched, and is not kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use strata_api::{
    error::{ApiError, ErrorCode},
    namespaces::{NameNamespaces, NamedNamespaces},
    operations::OneCluster,
};
use strata_domain::{ids::ClusterId, text::Text};

use super::{Operations, changes::context};
use crate::{error::closing, inbox::Command, writer::own_namespace};

/// The setting that holds them.
const SETTING: &str = "namespaces";

/// How many may be named: each kind is watched in each of them by a connection of its own.
const MOST: usize = 16;

/// The longest name that Kubernetes gives a namespace.
const LONGEST: usize = 63;

/// What was named, by cluster.
type Kept = BTreeMap<String, Vec<String>>;

pub(super) async fn read_namespaces(
    operations: &Operations,
    request: OneCluster,
) -> Result<NamedNamespaces, ApiError> {
    let own = own_namespace(&context(operations, &request.cluster)?).to_owned();
    let named = read(operations).await?.remove(&request.cluster);
    Ok(told(request.cluster, own, named.unwrap_or_default()))
}

/// Keeps what is named, and has it watched at once.
pub(super) async fn name_namespaces(
    operations: &Operations,
    request: NameNamespaces,
) -> Result<NamedNamespaces, ApiError> {
    let own = own_namespace(&context(operations, &request.cluster)?).to_owned();
    let named = checked(&request.namespaces, &own)?;
    let mut kept = read(operations).await?;
    if named.is_empty() {
        kept.remove(&request.cluster);
    } else {
        kept.insert(request.cluster.clone(), named.clone());
    }
    operations
        .keep(SETTING, &kept, "the namespaces cannot be written")
        .await?;
    let command = Command::NameNamespaces {
        cluster: ClusterId(Text::from(request.cluster.as_str())),
        namespaces: named.iter().map(|name| Text::from(name.as_str())).collect(),
    };
    operations.commands.send(command).map_err(|_| closing())?;
    Ok(told(request.cluster, own, named))
}

/// What was named for `cluster`.
pub(super) async fn named(operations: &Operations, cluster: &str) -> Result<Vec<Text>, ApiError> {
    let named = read(operations).await?.remove(cluster).unwrap_or_default();
    Ok(named.into_iter().map(Text::from).collect())
}

/// What was named. What cannot be read any more (a later Strata's, or damaged) was not.
async fn read(operations: &Operations) -> Result<Kept, ApiError> {
    let settings = Arc::clone(&operations.settings);
    let Some(json) = operations.on_disk(move || settings.read(SETTING)).await? else {
        return Ok(Kept::default());
    };
    Ok(serde_json::from_str(&json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the namespaces that were named cannot be read");
        Kept::default()
    }))
}

/// `names` as they are kept: each once, in order, without the context's own.
fn checked(names: &[String], own: &str) -> Result<Vec<String>, ApiError> {
    let named: BTreeSet<&str> = names
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty() && *name != own)
        .collect();
    if let Some(wrong) = named.iter().find(|name| !is_name(name)) {
        return Err(invalid(format!(
            "\"{wrong}\" is no name of a namespace: small letters, digits and hyphens, at most {LONGEST}"
        )));
    }
    if named.len() > MOST {
        return Err(invalid(format!(
            "{} namespaces are named; at most {MOST} are watched one by one",
            named.len()
        )));
    }
    Ok(named.into_iter().map(str::to_owned).collect())
}

/// Whether `name` can be a namespace's (a label of DNS, RFC 1123).
fn is_name(name: &str) -> bool {
    let is_part = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-';
    name.len() <= LONGEST
        && name.chars().all(is_part)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

fn told(cluster: String, own: String, namespaces: Vec<String>) -> NamedNamespaces {
    NamedNamespaces {
        cluster,
        own,
        namespaces,
        most: u32::try_from(MOST).unwrap_or(u32::MAX),
    }
}

fn invalid(message: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn each_name_is_kept_once_and_the_contexts_own_is_not() {
        let given = names(&["team-b", " team-a ", "", "team-b", "own"]);
        assert_eq!(checked(&given, "own").unwrap(), ["team-a", "team-b"]);
    }

    #[test]
    fn what_is_no_name_of_a_namespace_is_told() {
        for wrong in ["Team", "a/b", "-a", "a b", "a.b"] {
            let error = checked(&names(&[wrong]), "own").unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidInput, "{wrong}");
            assert!(error.message.contains(wrong), "{error}");
        }
        let many: Vec<String> = (0..=MOST).map(|each| format!("team-{each}")).collect();
        assert!(checked(&many, "own").is_err());
    }
}
