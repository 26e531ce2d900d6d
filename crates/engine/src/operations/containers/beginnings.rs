//! What is on its way to run on this machine: fetched, started, and told of meanwhile.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::StreamExt as _;
use strata_api::containers as api;
use strata_ports::{
    containers::{ContainerHost, RuntimeKind, Wanted},
    error::PortError,
};

use crate::operations::Operations;

/// What is on its way to run, by runtime and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginnings(Arc<Mutex<BTreeMap<(RuntimeKind, String), api::LocalBeginning>>>);

impl Beginnings {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(RuntimeKind, String), api::LocalBeginning>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell(&self, kind: RuntimeKind, told: api::LocalBeginning) {
        self.lock().insert((kind, told.name.clone()), told);
    }

    /// Whether it is on its way now.
    pub(super) fn is_busy(&self, kind: RuntimeKind, name: &str) -> bool {
        let known = self.lock();
        known.get(&(kind, name.to_owned())).is_some_and(|one| {
            matches!(
                one.stage,
                api::LocalStage::Pulling | api::LocalStage::Starting
            )
        })
    }

    /// Forgets how one came to run, or did not, unless it is on its way; whether anything was known.
    pub(super) fn forget(&self, kind: RuntimeKind, name: &str) -> bool {
        !self.is_busy(kind, name) && self.lock().remove(&(kind, name.to_owned())).is_some()
    }

    pub(super) fn of(&self, kind: RuntimeKind) -> Vec<api::LocalBeginning> {
        let known = self.lock();
        let ours = known.iter().filter(|((of, _), _)| *of == kind);
        ours.map(|(_, one)| one.clone()).collect()
    }
}

/// Fetches and starts beside the one who asked: an image may take an hour.
pub(super) fn begin(operations: &Operations, kind: RuntimeKind, wanted: Wanted) {
    let beginnings = operations.beginnings.clone();
    let host = Arc::clone(&operations.containers);
    let mut told = api::LocalBeginning {
        name: wanted.name.clone(),
        stage: api::LocalStage::Pulling,
        status: String::new(),
        done_bytes: 0,
        total_bytes: 0,
    };
    beginnings.tell(kind, told.clone());
    let scope = operations.scope.clone();
    operations.scope.spawn(async move {
        let work = async {
            match fetch(&host, &beginnings, (kind, &wanted), &mut told).await {
                Ok(()) => {
                    told.stage = api::LocalStage::Starting;
                    beginnings.tell(kind, told.clone());
                    host.start(kind, wanted).await
                }
                Err(error) => Err(error),
            }
        };
        let came = tokio::select! {
            came = work => came,
            () = scope.closing() => return,
        };
        (told.stage, told.status) = match came {
            Ok(()) => (api::LocalStage::Started, String::new()),
            Err(error) => (api::LocalStage::Failed, error.message),
        };
        beginnings.tell(kind, told);
    });
}

async fn fetch(
    host: &Arc<dyn ContainerHost>,
    beginnings: &Beginnings,
    (kind, wanted): (RuntimeKind, &Wanted),
    told: &mut api::LocalBeginning,
) -> Result<(), PortError> {
    let mut steps = host.pull(kind, wanted.image.clone());
    while let Some(step) = steps.next().await {
        let step = step?;
        told.status = step.status;
        told.done_bytes = step.done_bytes;
        told.total_bytes = step.total_bytes;
        beginnings.tell(kind, told.clone());
    }
    Ok(())
}
