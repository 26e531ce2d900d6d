//! What is on its way to run on this machine: fetched, started, told of meanwhile, and called off while
//! it is being fetched.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::StreamExt as _;
use strata_api::{containers as api, error::ApiError};
use strata_ports::{
    containers::{ContainerHost, Runtime, RuntimeKind, Wanted},
    error::PortError,
};
use tokio_util::sync::CancellationToken;

use super::noted::{Came, Noted};
use crate::operations::Operations;

/// What is on its way to run, by runtime and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginnings(Arc<Mutex<Known>>);

type Known = BTreeMap<(RuntimeKind, String), Beginning>;

#[derive(Debug)]
struct Beginning {
    told: api::LocalBeginning,
    /// Cancelled once nobody wants it any more.
    call_off: CancellationToken,
}

impl Beginnings {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to fetch; what is cancelled once it is called off.
    fn begin(&self, kind: RuntimeKind, told: api::LocalBeginning) -> CancellationToken {
        let call_off = CancellationToken::new();
        let beginning = Beginning {
            call_off: call_off.clone(),
            told,
        };
        let name = beginning.told.name.clone();
        self.lock().insert((kind, name), beginning);
        call_off
    }

    fn tell(&self, kind: RuntimeKind, told: &api::LocalBeginning) {
        if let Some(known) = self.lock().get_mut(&(kind, told.name.clone())) {
            known.told.clone_from(told);
        }
    }

    /// From here on it is started; false where it was called off before.
    fn start(&self, kind: RuntimeKind, told: &mut api::LocalBeginning) -> bool {
        let mut known = self.lock();
        let found = known.get_mut(&(kind, told.name.clone()));
        let Some(found) = found.filter(|found| !found.call_off.is_cancelled()) else {
            return false;
        };
        told.stage = api::LocalStage::Starting;
        found.told.clone_from(told);
        true
    }

    /// Calls off what is being fetched; false where nothing of that name is.
    pub(super) fn call_off(&self, kind: RuntimeKind, name: &str) -> bool {
        let known = self.lock();
        let found = known.get(&(kind, name.to_owned()));
        let Some(found) = found.filter(|one| one.told.stage == api::LocalStage::Pulling) else {
            return false;
        };
        found.call_off.cancel();
        true
    }

    /// Whether it is on its way now.
    pub(super) fn is_busy(&self, kind: RuntimeKind, name: &str) -> bool {
        let known = self.lock();
        known.get(&(kind, name.to_owned())).is_some_and(|one| {
            matches!(
                one.told.stage,
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
        ours.map(|(_, one)| one.told.clone()).collect()
    }
}

/// Fetches and starts beside the one who asked: an image may take an hour. What cannot be noted down is
/// not begun.
pub(super) async fn begin(
    operations: &Operations,
    runtime: &Runtime,
    wanted: Wanted,
) -> Result<(), ApiError> {
    let kind = runtime.kind;
    let beginnings = operations.beginnings.clone();
    let host = Arc::clone(&operations.containers);
    let mut told = api::LocalBeginning {
        name: wanted.name.clone(),
        stage: api::LocalStage::Pulling,
        status: String::new(),
        done_bytes: 0,
        total_bytes: 0,
    };
    let call_off = beginnings.begin(kind, told.clone());
    let noted = match Noted::begin(operations, runtime, &wanted).await {
        Ok(noted) => noted,
        Err(error) => {
            beginnings.lock().remove(&(kind, told.name));
            return Err(error);
        }
    };
    let scope = operations.scope.clone();
    operations.scope.spawn(async move {
        let way = Way {
            host: &host,
            beginnings: &beginnings,
            kind,
            call_off: &call_off,
        };
        let came = tokio::select! {
            came = way.go(wanted, &mut told) => came,
            () = scope.closing() => Came::CutOff,
        };
        (told.stage, told.status) = match &came {
            Came::Runs => (api::LocalStage::Started, String::new()),
            Came::Failed(error) => (api::LocalStage::Failed, error.message.clone()),
            Came::CalledOff | Came::CutOff => (api::LocalStage::CalledOff, String::new()),
        };
        beginnings.tell(kind, &told);
        noted.end(&came, &told).await;
    });
    Ok(())
}

/// One's way from an image that may be elsewhere to what runs here.
struct Way<'a> {
    host: &'a Arc<dyn ContainerHost>,
    beginnings: &'a Beginnings,
    kind: RuntimeKind,
    call_off: &'a CancellationToken,
}

impl Way<'_> {
    async fn go(&self, wanted: Wanted, told: &mut api::LocalBeginning) -> Came {
        // To drop the runtime's answer is to call it off: it stops fetching once nobody listens.
        let fetched = tokio::select! {
            fetched = self.fetch(&wanted.image, told) => fetched,
            () = self.call_off.cancelled() => return Came::CalledOff,
        };
        if let Err(error) = fetched {
            return Came::Failed(error);
        }
        if !self.beginnings.start(self.kind, told) {
            return Came::CalledOff;
        }
        match self.host.start(self.kind, wanted).await {
            Ok(()) => Came::Runs,
            Err(error) => Came::Failed(error),
        }
    }

    async fn fetch(&self, image: &str, told: &mut api::LocalBeginning) -> Result<(), PortError> {
        let mut steps = self.host.pull(self.kind, image.to_owned());
        while let Some(step) = steps.next().await {
            let step = step?;
            told.status = step.status;
            told.done_bytes = step.done_bytes;
            told.total_bytes = step.total_bytes;
            self.beginnings.tell(self.kind, told);
        }
        Ok(())
    }
}
