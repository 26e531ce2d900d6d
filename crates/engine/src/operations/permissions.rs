//! What the user may do.

use strata_api::{
    error::ApiError,
    permissions::{Permissions, ReadPermissions},
};

use super::{Operations, changes::context};
use crate::change::beforehand;

pub(super) async fn read_permissions(
    operations: &Operations,
    request: ReadPermissions,
) -> Result<Permissions, ApiError> {
    let context = context(operations, &request.cluster)?;
    beforehand::read_permissions(operations, &context, &request).await
}
