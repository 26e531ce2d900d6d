//! Protected contexts.

use strata_api::{
    error::ApiError,
    operations::OneCluster,
    protection::{ProtectCluster, Protection, UnlockCluster},
};

use super::{Operations, changes::context};
use crate::change::guard;

pub(super) async fn read_protection(
    operations: &Operations,
    request: OneCluster,
) -> Result<Protection, ApiError> {
    let context = context(operations, &request.cluster)?;
    guard::protection(operations, &context).await
}

pub(super) async fn protect_cluster(
    operations: &Operations,
    request: ProtectCluster,
) -> Result<Protection, ApiError> {
    let context = context(operations, &request.cluster)?;
    guard::protect(operations, &context, &request).await
}

pub(super) async fn unlock_cluster(
    operations: &Operations,
    request: UnlockCluster,
) -> Result<Protection, ApiError> {
    let context = context(operations, &request.cluster)?;
    guard::unlock(operations, &context, &request).await
}
