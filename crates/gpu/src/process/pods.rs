//! Pods by the id of a container, without asking any API: the kubelet keeps a link to every
//! container's log at `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log`.

use std::{collections::HashMap, fs, path::Path};

/// The pod of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) namespace: String,
    pub(super) pod: String,
    pub(super) container: String,
}

/// What the links said when they were read last.
#[derive(Debug, Default)]
pub(super) struct Pods {
    by_container: HashMap<String, Found>,
}

impl Pods {
    /// The pod of the container `id`. The folder is read again only for one that is not known.
    pub(super) fn of_container(&mut self, root: &Path, id: &str) -> Option<Found> {
        if !self.by_container.contains_key(id) {
            let entries = fs::read_dir(root.join("var/log/containers")).ok()?;
            self.by_container = entries
                .filter_map(Result::ok)
                .filter_map(|entry| named(entry.file_name().to_str()?))
                .collect();
        }
        self.by_container.get(id).cloned()
    }
}

/// The container's id and its pod, of a link's name. No part may hold an underscore.
fn named(name: &str) -> Option<(String, Found)> {
    let (rest, id) = name.strip_suffix(".log")?.rsplit_once('-')?;
    let mut parts = rest.split('_');
    let found = Found {
        pod: parts.next()?.to_owned(),
        namespace: parts.next()?.to_owned(),
        container: parts.next()?.to_owned(),
    };
    parts.next().is_none().then(|| (id.to_owned(), found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_pod_of_a_container() {
        let (id, found) = named("vllm-0_llm-prod_engine-4c01db.log").unwrap();
        assert_eq!(id, "4c01db");
        assert_eq!(found.pod, "vllm-0");
        assert_eq!(found.namespace, "llm-prod");
        assert_eq!(found.container, "engine");
        assert_eq!(named("notes.txt"), None);
    }
}
