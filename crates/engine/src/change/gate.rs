//! The only door through which the engine changes clusters.
//!
//! A dry run may be asked for by anybody. Whatever really changes something needs a [`Pass`], and
//! that is given by the guard alone, for a context that is not protected or is unlocked.

use std::sync::Arc;

use strata_domain::ids::{ClusterId, ObjectKey};
use strata_ports::{
    control::{Control, Permission, Permit, Refusal, Verb, Write, Written},
    error::PortError,
    objects::ObjectAddress,
};

use crate::why::read;

/// Leave to change a cluster.
pub(super) struct Pass(ClusterId);

impl Pass {
    /// Leave to change `cluster`; for the guard alone.
    pub(super) fn for_cluster(cluster: &ClusterId) -> Self {
        Self(cluster.clone())
    }
}

/// The door.
#[derive(Clone)]
pub(crate) struct Gate(Arc<dyn Control>);

impl Gate {
    /// The door to what `control` reaches.
    pub(crate) fn new(control: Arc<dyn Control>) -> Self {
        Self(control)
    }

    /// What would come of a write.
    pub(super) async fn ask(
        &self,
        cluster: &ClusterId,
        (object, version, verb): (ObjectAddress, String, Verb),
    ) -> Result<Written, Refusal> {
        let write = Write {
            object,
            version,
            verb,
            is_dry_run: true,
        };
        self.0.write(cluster, write).await
    }

    /// Writes.
    pub(super) async fn write(
        &self,
        pass: &Pass,
        (object, version, verb): (ObjectAddress, String, Verb),
    ) -> Result<Written, Refusal> {
        let write = Write {
            object,
            version,
            verb,
            is_dry_run: false,
        };
        self.0.write(&pass.0, write).await
    }

    /// What the API server would say of creating `object`: what it warns of, or why it refuses.
    pub(crate) async fn would_create(
        &self,
        cluster: &ClusterId,
        object: serde_json::Value,
    ) -> Result<Vec<String>, PortError> {
        let address = ObjectAddress {
            kind: read::group_kind(&object),
            key: ObjectKey::new(read::namespace(&object), read::name(&object)),
        };
        let asked = (address, String::new(), Verb::Create { object });
        match self.ask(cluster, asked).await {
            Ok(written) => Ok(written.warnings),
            Err(refusal) => Err(refusal.error),
        }
    }

    /// The user as whom the cluster knows us; empty where it does not tell.
    pub(crate) async fn user(&self, cluster: &ClusterId) -> Result<String, PortError> {
        self.0.user(cluster).await
    }

    /// Whether the user may do something.
    pub(crate) async fn is_permitted(
        &self,
        cluster: &ClusterId,
        permission: Permission,
    ) -> Result<Permit, PortError> {
        self.0.is_permitted(cluster, permission).await
    }
}
