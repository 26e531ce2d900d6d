//! The evictions that a drain takes, of whom may not evict everywhere: in the namespaces of the pods that
//! would go, which are read for it.

use std::collections::BTreeSet;

use strata_api::explanation::ObjectName;
use strata_domain::ids::ClusterId;
use strata_ports::objects::ObjectReader;

use crate::change::actions::{
    drain::namespaces_evicted,
    needs::{AnyOf, evicted},
};

/// What evicting the pods of `nodes` takes, by namespace; none where the pods cannot be read. Of nodes
/// that are not named nothing is known, so nothing is asked: the preview of the drain tells.
pub(super) async fn narrowed(
    objects: &dyn ObjectReader,
    cluster: &ClusterId,
    nodes: &[ObjectName],
) -> Option<Vec<AnyOf>> {
    let mut namespaces = BTreeSet::new();
    for node in nodes.iter().filter(|node| !node.name.is_empty()) {
        let here = namespaces_evicted(objects, cluster, &node.name).await;
        namespaces.extend(here.ok()?);
    }
    Some(namespaces.iter().map(|name| evicted(name)).collect())
}
