//! Changing clusters: the operations of `change`.

use strata_api::{
    change::{ChangeObjects, ChangeReport, DeleteObjects},
    error::ApiError,
};
use strata_ports::contexts::Context;

use super::Operations;
use crate::{
    change::{apply, delete},
    error::no_such_cluster,
};

pub(super) async fn change_objects(
    operations: &Operations,
    request: ChangeObjects,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    apply::change_objects(operations, &context, request).await
}

pub(super) async fn delete_objects(
    operations: &Operations,
    request: DeleteObjects,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    delete::delete_objects(operations, &context, request).await
}

/// The context of a cluster.
pub(super) fn context(operations: &Operations, cluster: &str) -> Result<Context, ApiError> {
    let list = operations.contexts.contexts();
    let list = list.borrow();
    let found = list.contexts.iter().find(|context| context.id.0 == cluster);
    found.cloned().ok_or_else(|| no_such_cluster(cluster))
}
