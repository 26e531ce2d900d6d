//! Protected contexts: nothing is changed in one until it is unlocked by typing its name, for a
//! limited time.
//!
//! What is protected is kept with the settings, so that every shell and every later start goes by it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use strata_api::{
    change::{Obstacle, ObstacleKind},
    error::{ApiError, ErrorCode},
    phrases::{Phrase, PhraseCode},
    protection::{ProtectCluster, Protection, UnlockCluster},
};
use strata_ports::contexts::Context;

use super::{gate::Pass, obstacle::obstacle};
use crate::operations::Operations;

/// The setting that holds them.
const SETTING: &str = "protection";

/// What is protected, by cluster.
type Kept = BTreeMap<String, Guarded>;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Guarded {
    is_protected: bool,
    unlocked_until: Option<Timestamp>,
}

impl Guarded {
    fn shown(&self, cluster: &str, now: Timestamp) -> Protection {
        Protection {
            cluster: cluster.to_owned(),
            is_protected: self.is_protected,
            unlocked_until: self.open_until(now).map(|until| until.to_string()),
        }
    }

    fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.unlocked_until
            .filter(|until| self.is_protected && now < *until)
    }
}

/// Leave to change the cluster of `context`, or what stands in the way.
pub(super) async fn pass(
    operations: &Operations,
    context: &Context,
) -> Result<Result<Pass, Obstacle>, ApiError> {
    let kept = read(operations).await?;
    let guarded = kept.get(context.id.0.as_str()).cloned().unwrap_or_default();
    let now = operations.clock.now();
    if !guarded.is_protected || guarded.open_until(now).is_some() {
        return Ok(Ok(Pass::for_cluster(&context.id)));
    }
    let sentence = Phrase::new(PhraseCode::ContextProtected).with("context", context.name.as_str());
    Ok(Err(obstacle(ObstacleKind::Protected, sentence)))
}

/// Whether the cluster of `context` may be loaded by a test: a protected one only while it is unlocked.
pub(crate) async fn allow_load(operations: &Operations, context: &Context) -> Result<(), ApiError> {
    pass(operations, context)
        .await?
        .map(|_| ())
        .map_err(|obstacle| ApiError {
            code: ErrorCode::Forbidden,
            message: "a load test takes a context that is not protected, or is unlocked".to_owned(),
            causes: vec![obstacle.sentence.english()],
        })
}

/// How a context is protected.
pub(crate) async fn protection(
    operations: &Operations,
    context: &Context,
) -> Result<Protection, ApiError> {
    let kept = read(operations).await?;
    let guarded = kept.get(context.id.0.as_str()).cloned().unwrap_or_default();
    Ok(guarded.shown(&context.id.0, operations.clock.now()))
}

/// Protects a context, or takes the protection away.
pub(crate) async fn protect(
    operations: &Operations,
    context: &Context,
    request: &ProtectCluster,
) -> Result<Protection, ApiError> {
    if !request.is_protected {
        check_typed(context, &request.typed)?;
    }
    let guarded = Guarded {
        is_protected: request.is_protected,
        unlocked_until: None,
    };
    keep(operations, context, guarded).await
}

/// Lets a protected context be changed for some time.
pub(crate) async fn unlock(
    operations: &Operations,
    context: &Context,
    request: &UnlockCluster,
) -> Result<Protection, ApiError> {
    let kept = read(operations).await?;
    let mut guarded = kept.get(context.id.0.as_str()).cloned().unwrap_or_default();
    if request.minutes == 0 {
        guarded.unlocked_until = None;
    } else {
        check_typed(context, &request.typed)?;
        let minutes = i64::from(request.minutes.min(UnlockCluster::LONGEST));
        let until = operations.clock.now() + SignedDuration::from_mins(minutes);
        guarded.unlocked_until = guarded.is_protected.then_some(until);
    }
    keep(operations, context, guarded).await
}

fn check_typed(context: &Context, typed: &str) -> Result<(), ApiError> {
    if typed == context.name {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::InvalidInput,
        format!(
            "the context is called `{}`; type its name to go on",
            context.name
        ),
    ))
}

async fn keep(
    operations: &Operations,
    context: &Context,
    guarded: Guarded,
) -> Result<Protection, ApiError> {
    let shown = guarded.shown(&context.id.0, operations.clock.now());
    let mut kept = read(operations).await?;
    kept.insert(context.id.0.to_string(), guarded);
    operations
        .keep(SETTING, &kept, "what is protected cannot be written")
        .await?;
    Ok(shown)
}

/// What is protected. What cannot be read stops every change: it may have been all of them.
async fn read(operations: &Operations) -> Result<Kept, ApiError> {
    let settings = Arc::clone(&operations.settings);
    let Some(json) = operations.on_disk(move || settings.read(SETTING)).await? else {
        return Ok(Kept::default());
    };
    serde_json::from_str(&json).map_err(|error| ApiError {
        code: ErrorCode::Internal,
        message: "which contexts are protected cannot be read; nothing is changed".to_owned(),
        causes: vec![error.to_string()],
    })
}
