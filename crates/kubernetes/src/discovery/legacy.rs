//! Discovery the old way: the list of groups, then each version of each group.

use futures::{StreamExt as _, stream};
use serde::Deserialize;

use super::{KindInVersion, Kinds};
use crate::{
    slim::DecodeError,
    watch::ask::{self, Failure},
};

/// Versions that are asked for at once.
const AT_ONCE: usize = 8;

/// A group, and its versions with the preferred one first.
#[derive(Debug)]
pub(super) struct Group {
    name: String,
    versions: Vec<String>,
}

/// `meta.v1.APIVersions` of the core group, or `meta.v1.APIGroupList` of the others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Groups {
    versions: Vec<String>,
    groups: Vec<NamedGroup>,
}

/// `meta.v1.APIGroup`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NamedGroup {
    name: String,
    versions: Vec<GroupVersion>,
    preferred_version: GroupVersion,
}

/// `meta.v1.GroupVersionForDiscovery`.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
struct GroupVersion {
    version: String,
}

/// `meta.v1.APIResourceList`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ResourceList {
    resources: Vec<Resource>,
}

/// `meta.v1.APIResource`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    name: String,
    kind: String,
    namespaced: bool,
    verbs: Vec<String>,
}

/// Reads the answer of `/api` or `/apis`.
pub(super) fn groups(body: &[u8]) -> Result<Vec<Group>, DecodeError> {
    let answer: Groups = serde_json::from_slice(body)?;
    let core = Group {
        name: String::new(),
        versions: answer.versions,
    };
    let named = answer.groups.into_iter().map(|group| {
        let preferred = group.preferred_version;
        let mut versions = group.versions;
        versions.sort_by_key(|version| *version != preferred);
        let versions = versions
            .into_iter()
            .map(|version| version.version)
            .collect();
        Group {
            name: group.name,
            versions,
        }
    });
    Ok(std::iter::once(core)
        .chain(named)
        .filter(|group| !group.versions.is_empty())
        .collect())
}

/// Asks for every version of every group and adds their kinds. A version that does not answer
/// breaks its group; the answer that the user may not be here at all is a failure.
pub(super) async fn collect(
    client: &kube::Client,
    groups: Vec<Group>,
    kinds: &mut Kinds,
) -> Result<(), Failure> {
    let mut versions = Vec::new();
    for Group {
        name,
        versions: all,
    } in groups
    {
        versions.extend(all.into_iter().map(|version| (name.clone(), version)));
    }
    let mut answers = stream::iter(versions)
        .map(|(group, version)| {
            let client = client.clone();
            async move {
                let answer = resources(&client, &group, &version).await;
                (group, version, answer)
            }
        })
        .buffered(AT_ONCE);
    while let Some((group, version, answer)) = answers.next().await {
        match answer {
            Ok(list) => {
                for resource in &list.resources {
                    // `pods/status` is a part of `pods`.
                    if resource.name.contains('/') {
                        continue;
                    }
                    kinds.add(&KindInVersion {
                        group: &group,
                        version: &version,
                        kind: &resource.kind,
                        resource: &resource.name,
                        is_namespaced: resource.namespaced,
                        verbs: &resource.verbs,
                    });
                }
            }
            Err(failure @ Failure::Unauthorized(_)) => return Err(failure),
            Err(failure) => {
                tracing::debug!(group, version, %failure, "this API group does not answer");
                kinds.is_broken(&group);
            }
        }
    }
    Ok(())
}

async fn resources(
    client: &kube::Client,
    group: &str,
    version: &str,
) -> Result<ResourceList, Failure> {
    let path = if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    };
    let (_, body) = ask::read(client, &path, "application/json", |_| ()).await?;
    Ok(serde_json::from_slice(&body).map_err(DecodeError::from)?)
}
