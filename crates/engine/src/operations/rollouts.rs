//! How far what was deployed has come.

use futures::future::join_all;
use strata_api::{
    error::ApiError,
    explanation::ObjectName,
    operations::{ReadRollout, Rollout},
    rollout::ObjectRollout,
};
use strata_domain::ids::ClusterId;
use strata_ports::error::PortErrorKind;

use super::{Operations, changes::context};
use crate::{error::of_port, rollout, why};

/// The most objects of one question.
const MOST: usize = 100;

/// Reads the pods of objects now, and how far they have come. The cluster need not be followed.
pub(super) async fn read_rollout(
    operations: &Operations,
    request: ReadRollout,
) -> Result<Rollout, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let wanted = request.objects.into_iter().take(MOST);
    let found = join_all(wanted.map(|object| one(operations, &cluster, object)));
    let objects: Result<Vec<Option<ObjectRollout>>, ApiError> = found.await.into_iter().collect();
    Ok(Rollout {
        objects: objects?.into_iter().flatten().collect(),
    })
}

/// How far an object has come; none where it is of a kind that runs nothing.
async fn one(
    operations: &Operations,
    cluster: &ClusterId,
    object: ObjectName,
) -> Result<Option<ObjectRollout>, ApiError> {
    let meant = (
        object.kind.as_str(),
        object.namespace.as_str(),
        object.name.as_str(),
    );
    let now = operations.clock.now();
    match why::gather::gather(
        &operations.objects,
        cluster,
        meant,
        why::gather::For::Reason,
        now,
    )
    .await
    {
        Ok(case) if !why::gather::runs_pods(&case.object) => Ok(None),
        Ok(case) => Ok(Some(ObjectRollout {
            explanation: Some(why::explain(&case)),
            pods: rollout::pods(&case),
            object,
        })),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(Some(ObjectRollout {
            explanation: None,
            pods: Vec::new(),
            object,
        })),
        Err(error) => Err(of_port(&error)),
    }
}
