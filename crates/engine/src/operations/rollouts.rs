//! How far what was deployed has come.

use std::time::Duration;

use futures::{StreamExt as _, future::join_all, stream};
use strata_api::{
    error::ApiError,
    explanation::ObjectName,
    operations::{ReadRollout, Rollout},
    rollout::ObjectRollout,
};
use strata_domain::ids::{ClusterId, ObjectKey};
use strata_ports::{error::PortErrorKind, logs::LogRequest};

use super::{Operations, changes::context};
use crate::{
    error::of_port,
    rollout::{
        self, Heard,
        loading::{Engine, Said, engine_of},
    },
    why::{self, case::Case, read},
};

/// The most objects of one question.
const MOST: usize = 100;
/// The most pods of an object whose engines are listened to: logs are long.
const HEARD: usize = 32;
/// Logs that are read at once.
const AT_ONCE: usize = 8;
/// An engine that is not warm after so many lines says it in other words than are known.
const LINES: usize = 5_000;
/// How long a log may take.
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_ENDED: &str = "it did not come in 5 seconds";

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
        Ok(case) => {
            let heard = listen(operations, cluster, &case).await;
            Ok(Some(ObjectRollout {
                explanation: Some(why::explain(&case)),
                pods: rollout::pods(&case, &heard),
                object,
            }))
        }
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(Some(ObjectRollout {
            explanation: None,
            pods: Vec::new(),
            object,
        })),
        Err(error) => Err(of_port(&error)),
    }
}

/// What the engines of the pods wrote since they started.
async fn listen(operations: &Operations, cluster: &ClusterId, case: &Case) -> Heard {
    let questions: Vec<_> = case
        .pods
        .iter()
        .filter_map(|pod| {
            let (engine, container) = engine_of(pod)?;
            let statuses = read::list(pod, "/status/containerStatuses");
            let is_begun = statuses.iter().any(|status| {
                read::text(status, "/name") == container
                    && (status.pointer("/state/running").is_some()
                        || status.pointer("/state/terminated").is_some())
            });
            let request = LogRequest {
                pod: ObjectKey::new(read::namespace(pod), read::name(pod)),
                container: container.to_owned(),
                ..LogRequest::default()
            };
            let uid = read::uid(pod).to_owned();
            let heard = async move { (uid, said(operations, cluster, engine, request).await) };
            is_begun.then_some(heard)
        })
        .take(HEARD)
        .collect();
    stream::iter(questions)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// What an engine said, from the beginning of its log until it is warm.
async fn said(
    operations: &Operations,
    cluster: &ClusterId,
    engine: &Engine,
    request: LogRequest,
) -> Said {
    let mut said = Said::default();
    let mut lines = operations.logs.read(cluster, request);
    let mut count = 0;
    let listening = async {
        while let Some(batch) = lines.next().await {
            match batch {
                Ok(batch) => {
                    for line in &batch {
                        if said.hear(engine, line.at, &line.text) {
                            return;
                        }
                    }
                    count += batch.len();
                    if count > LINES {
                        return;
                    }
                }
                Err(error) => {
                    said.unread = error.message;
                    return;
                }
            }
        }
    };
    if tokio::time::timeout(PATIENCE, listening).await.is_err() {
        PATIENCE_ENDED.clone_into(&mut said.unread);
    }
    said
}
