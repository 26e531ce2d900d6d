//! Builds objects of kinds that are installed.

use strata_domain::{
    custom::Custom, ids::GroupKind, job::JobObject, object::Object, queue::QueueObject, text::Text,
};

use super::{condition_method, metadata, metadata_methods};

/// Builds a custom object.
#[derive(Clone, Debug)]
pub struct CustomBuilder {
    object: Custom,
}

/// A custom object of `kind` in `group`, read as `v1`.
pub fn custom(group: &str, kind: &str, namespace: &str, name: &str) -> CustomBuilder {
    CustomBuilder {
        object: Custom {
            kind: GroupKind::new(group, kind),
            version: Text::from("v1"),
            metadata: metadata(kind, namespace, name),
            conditions: Vec::new(),
            fields: Box::default(),
            job: None,
            queue: None,
        },
    }
}

impl CustomBuilder {
    metadata_methods!();
    condition_method!();

    /// Sets the version that it was read in.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.object.version = Text::from(version);
        self
    }

    /// Sets the field at the dotted path `path`.
    #[must_use]
    pub fn field(mut self, path: &str, value: &str) -> Self {
        let others = self
            .object
            .fields
            .iter()
            .filter(|(known, _)| known != path)
            .cloned();
        let mut fields: Vec<_> = others
            .chain([(Text::from(path), Text::from(value))])
            .collect();
        fields.sort();
        self.object.fields = fields.into();
        self
    }

    /// Sets what it says as a job.
    #[must_use]
    pub fn job(mut self, job: JobObject) -> Self {
        self.object.job = Some(Box::new(job));
        self
    }

    /// Sets what it says as a queue.
    #[must_use]
    pub fn queue(mut self, queue: QueueObject) -> Self {
        self.object.queue = Some(Box::new(queue));
        self
    }

    /// The object itself.
    pub fn build(self) -> Custom {
        self.object
    }

    /// The object as any object.
    pub fn object(self) -> Object {
        Object::Custom(Box::new(self.object))
    }
}
