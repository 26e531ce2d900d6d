//! Questions of one gathering: what is not there, not served or forbidden is told apart.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use strata_domain::{
    ids::{ClusterId, GroupKind},
    pod::Pod,
};
use strata_ports::{
    cluster::ServedKind,
    error::{PortError, PortErrorKind},
    objects::{LogTail, ObjectAddress, ObjectReader, Selection},
};

use super::super::read;

/// It cannot be told: it is not served, or may not be read.
pub(super) struct Unread;

/// Reads for one case.
pub(super) struct Reading<'a> {
    objects: &'a Arc<dyn ObjectReader>,
    cluster: &'a ClusterId,
    served: &'a [ServedKind],
    unread: Mutex<BTreeSet<String>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        objects: &'a Arc<dyn ObjectReader>,
        cluster: &'a ClusterId,
        served: &'a [ServedKind],
    ) -> Self {
        Self {
            objects,
            cluster,
            served,
            unread: Mutex::default(),
        }
    }

    /// Whether the cluster serves a kind.
    pub(super) fn serves(&self, kind: &GroupKind) -> bool {
        self.served.iter().any(|served| served.kind == *kind)
    }

    /// One object; none where it is not there.
    pub(super) async fn get(&self, address: &ObjectAddress) -> Result<Option<Value>, Unread> {
        if address.key.name.is_empty() || !self.serves(&address.kind) {
            return Err(Unread);
        }
        match self.objects.get(self.cluster, address.clone()).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
            Err(error) => {
                self.note(&error);
                Err(Unread)
            }
        }
    }

    /// A list; none where it may not be read, or the kind is not served.
    pub(super) async fn list(&self, selection: Selection) -> Option<Vec<Value>> {
        if !self.serves(&selection.kind) {
            return None;
        }
        match self.objects.list(self.cluster, selection).await {
            Ok(objects) => Some(objects),
            Err(error) => {
                self.note(&error);
                None
            }
        }
    }

    /// Every pod, pruned; none where they may not be read.
    pub(super) async fn pods(&self) -> Vec<Pod> {
        match self.objects.pods(self.cluster).await {
            Ok(pods) => pods,
            Err(error) => {
                self.note(&error);
                Vec::new()
            }
        }
    }

    /// The end of a log; none where it cannot be had. A container that left no log is no gap.
    pub(super) async fn log(&self, tail: LogTail) -> Option<String> {
        match self.objects.log(self.cluster, tail).await {
            Ok(text) => Some(text),
            Err(error) => {
                if error.kind == PortErrorKind::Forbidden {
                    self.note(&error);
                }
                None
            }
        }
    }

    /// The job that a queue's workload stands for.
    pub(super) async fn job_of_workload(&self, object: &Value) -> Option<Value> {
        if !read::is_a(object, "kueue.x-k8s.io", "Workload") {
            return None;
        }
        self.owner(object).await
    }

    /// What controls the object.
    pub(super) async fn owner(&self, object: &Value) -> Option<Value> {
        let owner = read::controller(object)?;
        let version = read::text(owner, "/apiVersion");
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let kind = GroupKind::new(group, read::text(owner, "/kind"));
        let served = self.served.iter().find(|served| served.kind == kind)?;
        let namespace = if served.is_namespaced {
            read::namespace(object)
        } else {
            ""
        };
        let name = read::text(owner, "/name");
        let address = ObjectAddress::new(group, &kind.kind, namespace, name);
        self.get(&address).await.ok().flatten()
    }

    fn note(&self, error: &PortError) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        unread.insert(error.message.clone());
    }

    /// What could not be read.
    pub(super) fn unread(&self) -> Vec<String> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        unread.iter().cloned().collect()
    }
}
