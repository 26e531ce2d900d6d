//! The accelerators that pods hold by claims (DRA). A pod's spec names its claims; what a claim was given
//! stands in its own status alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use strata_domain::ids::ClusterId;
use strata_ports::objects::{ObjectReader, Selection};

use crate::{
    derive::accelerators::is_accelerator_driver,
    why::{claim_name, read},
};

/// How many accelerators pods hold by claims, by the namespace and name of the pod.
#[derive(Debug, Default)]
pub(super) struct Claimed(BTreeMap<(String, String), u64>);

impl Claimed {
    /// Reads what the claims of `pods` were given. A claim that several of them share counts with the
    /// first. What may not be read counts as nothing: which devices a claim is for is not known then.
    pub(super) async fn read(
        objects: &dyn ObjectReader,
        cluster: &ClusterId,
        pods: &[&Value],
    ) -> Self {
        let claims_of = |pod: &&Value| !read::list(pod, "/spec/resourceClaims").is_empty();
        let claiming: Vec<&Value> = pods.iter().copied().filter(claims_of).collect();
        let namespaces: BTreeSet<&str> = claiming.iter().map(|pod| read::namespace(pod)).collect();
        let mut given: BTreeMap<(String, String), u64> = BTreeMap::new();
        for namespace in namespaces {
            let selection = Selection::all("resource.k8s.io", "ResourceClaim", namespace);
            match objects.list(cluster, selection).await {
                Ok(claims) => given.extend(claims.iter().map(|claim| (key(claim), devices(claim)))),
                Err(error) => tracing::debug!(%error, "claims cannot be read"),
            }
        }
        let mut held = BTreeMap::new();
        for pod in claiming {
            let of_pod: u64 = read::list(pod, "/spec/resourceClaims")
                .iter()
                .filter_map(|wanted| {
                    let name = claim_name(pod, wanted).to_owned();
                    given.remove(&(read::namespace(pod).to_owned(), name))
                })
                .sum();
            held.insert(key(pod), of_pod);
        }
        Self(held)
    }

    /// How many `pod` holds.
    pub(super) fn of(&self, pod: &Value) -> u64 {
        self.0.get(&key(pod)).copied().unwrap_or_default()
    }
}

fn key(object: &Value) -> (String, String) {
    let (namespace, name) = (read::namespace(object), read::name(object));
    (namespace.to_owned(), name.to_owned())
}

/// The accelerators that a claim was given; to look at one for administration is not to hold it.
fn devices(claim: &Value) -> u64 {
    let given: BTreeSet<_> = read::list(claim, "/status/allocation/devices/results")
        .iter()
        .filter(|result| !read::flag(result, "/adminAccess"))
        .map(|result| ["/driver", "/pool", "/device"].map(|part| read::text(result, part)))
        .filter(|[driver, ..]| is_accelerator_driver(driver))
        .collect();
    given.len() as u64
}
