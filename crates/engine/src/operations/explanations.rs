//! Why something does not run, and what happened to it.

use strata_api::{
    error::ApiError,
    operations::{Explanation, OneObject, Timeline},
};
use strata_domain::{
    ids::{ClusterId, Uid},
    text::Text,
};

use super::{Operations, changes::context};
use crate::{
    error::of_port,
    inbox::Command,
    why::{
        self,
        case::Case,
        gather::{For, gather},
    },
};

/// Reads what bears on the object now, and judges it. The cluster need not be followed; where it is,
/// the reason is shown of the job from now on.
pub(super) async fn explain_object(
    operations: &Operations,
    request: OneObject,
) -> Result<Explanation, ApiError> {
    let case = case(operations, &request, For::Reason).await?;
    let explanation = why::explain(&case);
    let reason = explanation.reason.as_ref();
    let explained = Command::Explained {
        cluster: ClusterId(Text::from(request.cluster)),
        uid: Uid(Text::from(why::uid(&case))),
        found: reason.map(|reason| reason.sentence.clone()),
    };
    // While the engine is closing, nobody is left to show it.
    operations.commands.send(explained).unwrap_or_default();
    Ok(explanation)
}

/// Reads what happened to the object and what belongs to it, with what was derived from it.
pub(super) async fn read_timeline(
    operations: &Operations,
    request: OneObject,
) -> Result<Timeline, ApiError> {
    let case = case(operations, &request, For::Timeline).await?;
    Ok(why::tell(&case))
}

async fn case(
    operations: &Operations,
    request: &OneObject,
    purpose: For,
) -> Result<Case, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let meant = (
        request.kind.as_str(),
        request.namespace.as_str(),
        request.name.as_str(),
    );
    let now = operations.clock.now();
    let case = gather(&operations.objects, &cluster, meant, purpose, now).await;
    case.map_err(|error| of_port(&error))
}
