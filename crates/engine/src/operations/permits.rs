//! What the user may do to a job.

use strata_api::{
    error::ApiError,
    operations::{Permits, ReadPermits},
};

use super::{Operations, changes::context};
use crate::{
    change::{delete::address, permits},
    error::of_port,
};

/// Asks the API server what the user may not do to the job. The cluster need not be followed.
pub(super) async fn read_permits(
    operations: &Operations,
    request: ReadPermits,
) -> Result<Permits, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let served = operations.objects.served(&cluster).await;
    let served = served.map_err(|error| of_port(&error))?;
    let object = address(&served, &request.object).map_err(|error| of_port(&error))?;
    Ok(permits::of_job(&operations.gate, &cluster, &served, &object).await)
}
