//! Clusters that nobody can change.

use futures::{FutureExt, future::BoxFuture};
use strata_domain::ids::ClusterId;
use strata_ports::{
    control::{Control, Permission, Permit, Refusal, Write, Written},
    error::{PortError, PortErrorKind},
};

/// Clusters that nobody can change: for tests that change none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoControl;

fn nobody() -> PortError {
    PortError::new(PortErrorKind::Unsupported, "nothing can be changed here")
}

impl Control for NoControl {
    fn write(&self, _: &ClusterId, _: Write) -> BoxFuture<'static, Result<Written, Refusal>> {
        async { Err(nobody().into()) }.boxed()
    }

    fn is_permitted(
        &self,
        _: &ClusterId,
        _: Permission,
    ) -> BoxFuture<'static, Result<Permit, PortError>> {
        async { Err(nobody()) }.boxed()
    }

    fn user(&self, _: &ClusterId) -> BoxFuture<'static, Result<String, PortError>> {
        async { Err(nobody()) }.boxed()
    }
}
