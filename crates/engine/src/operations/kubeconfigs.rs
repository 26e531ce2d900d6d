//! Kubeconfig files that the user adds by hand.

use std::sync::Arc;

use strata_api::{
    error::ApiError,
    operations::{Nothing, OneFile},
};

use super::Operations;

pub(super) async fn add_kubeconfig(
    operations: &Operations,
    request: OneFile,
) -> Result<Nothing, ApiError> {
    let contexts = Arc::clone(&operations.contexts);
    operations
        .on_disk(move || contexts.add_file(&request.path))
        .await?;
    Ok(Nothing {})
}

pub(super) async fn remove_kubeconfig(
    operations: &Operations,
    request: OneFile,
) -> Result<Nothing, ApiError> {
    let contexts = Arc::clone(&operations.contexts);
    operations
        .on_disk(move || contexts.remove_file(&request.path))
        .await?;
    Ok(Nothing {})
}
