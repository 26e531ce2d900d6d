//! Objects that are read as a test wrote them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures::{FutureExt, future::BoxFuture};
use serde_json::{Map, Value};
use strata_domain::{
    ids::{ClusterId, GroupKind},
    pod::Pod,
};
use strata_ports::{
    cluster::ServedKind,
    error::{PortError, PortErrorKind},
    objects::{LogTail, ObjectAddress, ObjectReader, Selection},
};

/// Objects that are read as a test wrote them, the same in every cluster. Selections know kinds and
/// namespaces, and of the field selectors `involvedObject.uid`.
#[derive(Debug, Default)]
pub struct ScriptedObjects {
    objects: Mutex<BTreeMap<ObjectAddress, Value>>,
    forbidden: Mutex<Vec<GroupKind>>,
}

impl ScriptedObjects {
    /// Writes an object, which names its own kind.
    pub fn put(&self, object: Value) {
        let text = |pointer: &str| {
            let found = object.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let version = text("/apiVersion");
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let address = ObjectAddress::new(
            group,
            &text("/kind"),
            &text("/metadata/namespace"),
            &text("/metadata/name"),
        );
        lock(&self.objects).insert(address, object);
    }

    /// From now on objects of `kind` may not be read.
    pub fn forbid(&self, kind: GroupKind) {
        lock(&self.forbidden).push(kind);
    }

    fn check(&self, kind: &GroupKind) -> Result<(), PortError> {
        if lock(&self.forbidden).contains(kind) {
            let message = format!("the permission is missing: list {kind}");
            return Err(PortError::new(PortErrorKind::Forbidden, message));
        }
        Ok(())
    }

    fn select(&self, selection: &Selection) -> Result<Vec<Value>, PortError> {
        self.check(&selection.kind)?;
        let uid = selection.fields.strip_prefix("involvedObject.uid=");
        let objects = lock(&self.objects);
        let selected = objects.iter().filter(|(address, object)| {
            address.kind == selection.kind
                && (selection.namespace.is_empty()
                    || address.key.namespace == selection.namespace.as_str())
                && uid.is_none_or(|uid| {
                    let about = object.pointer("/involvedObject/uid");
                    about.and_then(Value::as_str) == Some(uid)
                })
        });
        Ok(selected.map(|(_, object)| object.clone()).collect())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ObjectReader for ScriptedObjects {
    fn served(&self, _: &ClusterId) -> BoxFuture<'static, Result<Vec<ServedKind>, PortError>> {
        let mut served: Vec<ServedKind> = Vec::new();
        for (address, object) in lock(&self.objects).iter() {
            if served.iter().any(|known| known.kind == address.kind) {
                continue;
            }
            let version = object.pointer("/apiVersion").and_then(Value::as_str);
            let version = version.unwrap_or_default().rsplit('/').next();
            served.push(ServedKind {
                kind: address.kind.clone(),
                versions: vec![version.unwrap_or_default().to_owned()],
                resource: format!("{}s", address.kind.kind.to_lowercase()),
                is_namespaced: !address.key.namespace.is_empty(),
                is_watchable: true,
            });
        }
        async move { Ok(served) }.boxed()
    }

    fn get(
        &self,
        _: &ClusterId,
        object: ObjectAddress,
    ) -> BoxFuture<'static, Result<Value, PortError>> {
        let found = self.check(&object.kind).and_then(|()| {
            let found = lock(&self.objects).get(&object).cloned();
            found.ok_or_else(|| {
                PortError::new(PortErrorKind::NotFound, format!("{object} is not there"))
            })
        });
        async move { found }.boxed()
    }

    fn list(
        &self,
        _: &ClusterId,
        selection: Selection,
    ) -> BoxFuture<'static, Result<Vec<Value>, PortError>> {
        let selected = self.select(&selection);
        async move { selected }.boxed()
    }

    fn pods(&self, _: &ClusterId) -> BoxFuture<'static, Result<Vec<Pod>, PortError>> {
        async move { Ok(Vec::new()) }.boxed()
    }

    fn schemas(
        &self,
        _: &ClusterId,
        api_version: &str,
    ) -> BoxFuture<'static, Result<Map<String, Value>, PortError>> {
        let message = format!("{api_version} is not described");
        async move { Err(PortError::new(PortErrorKind::NotFound, message)) }.boxed()
    }

    fn log(&self, _: &ClusterId, tail: LogTail) -> BoxFuture<'static, Result<String, PortError>> {
        let message = format!("the log of {} is not there", tail.pod);
        async move { Err(PortError::new(PortErrorKind::NotFound, message)) }.boxed()
    }
}
