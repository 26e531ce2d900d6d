//! Changing clusters: the operations of `change`.

use strata_api::{
    change::{ActOnObjects, ChangeObjects, ChangeReport, DeleteObjects},
    edit::{EditObject, Manifest},
    error::ApiError,
    explanation::ObjectName,
    journal::SettleChange,
    operations::OneObject,
};
use strata_ports::contexts::Context;

use super::Operations;
use crate::{
    change::{actions, apply, delete, edit, settle},
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

pub(super) async fn act_on_objects(
    operations: &Operations,
    request: ActOnObjects,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    actions::act_on_objects(operations, &context, request).await
}

pub(super) async fn read_manifest(
    operations: &Operations,
    request: OneObject,
) -> Result<Manifest, ApiError> {
    let context = context(operations, &request.cluster)?;
    let name = ObjectName {
        kind: request.kind,
        namespace: request.namespace,
        name: request.name,
    };
    edit::read_manifest(operations, &context, &name).await
}

pub(super) async fn edit_object(
    operations: &Operations,
    request: EditObject,
) -> Result<ChangeReport, ApiError> {
    let context = context(operations, &request.cluster)?;
    edit::edit_object(operations, &context, request).await
}

pub(super) async fn settle_change(
    operations: &Operations,
    request: SettleChange,
) -> Result<ChangeReport, ApiError> {
    settle::settle_change(operations, request).await
}

/// The context of a cluster.
pub(crate) fn context(operations: &Operations, cluster: &str) -> Result<Context, ApiError> {
    let list = operations.contexts.contexts();
    let list = list.borrow();
    let found = list.contexts.iter().find(|context| context.id.0 == cluster);
    found.cloned().ok_or_else(|| no_such_cluster(cluster))
}
