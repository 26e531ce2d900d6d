//! Why something does not run.

use strata_api::{
    error::ApiError,
    operations::{Explanation, OneObject},
};
use strata_domain::{ids::ClusterId, text::Text};

use super::Operations;
use crate::{
    error::{no_such_cluster, of_port},
    why,
};

/// Reads what bears on the object now, and judges it. The cluster need not be followed.
pub(super) async fn explain_object(
    operations: &Operations,
    request: OneObject,
) -> Result<Explanation, ApiError> {
    let cluster = ClusterId(Text::from(request.cluster));
    let is_known = {
        let list = operations.contexts.contexts();
        let list = list.borrow();
        list.contexts.iter().any(|context| context.id == cluster)
    };
    if !is_known {
        return Err(no_such_cluster(&cluster.0));
    }
    let meant = (
        request.kind.as_str(),
        request.namespace.as_str(),
        request.name.as_str(),
    );
    let now = operations.clock.now();
    let case = why::gather::gather(&operations.objects, &cluster, meant, now).await;
    let case = case.map_err(|error| of_port(&error))?;
    Ok(why::explain(&case))
}
