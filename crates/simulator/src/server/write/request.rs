//! One request to write: who writes, how, and as what its object is read and owned.

use bytes::Bytes;
use http::{Request, header};
use serde_json::Value;

use super::{
    changed,
    options::{self, FieldValidation, Way, WriteOptions},
};
use crate::{
    admission::Subject,
    clock,
    fields::{Shape, Writer},
    server::{
        Server, Target,
        failure::{Cause, Failure},
        query::Query,
    },
};

/// One request to write.
pub(super) struct Write<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) options: WriteOptions,
    manager: String,
    pub(super) shape: Shape,
    /// The cluster's now.
    time: String,
    /// Reads and judges what is written.
    pub(super) subject: Subject<'a>,
    /// The fields that the body has twice.
    pub(super) duplicates: Vec<String>,
    /// What a patch that makes no such object is told with; none where no patch makes one.
    pub(super) patched: Option<String>,
}

impl Server {
    /// The request as one to write, by whoever makes it.
    pub(super) fn write_of<'a>(
        &'a self,
        target: &'a Target<'a>,
        query: &Query,
        request: &Request<Bytes>,
        way: Way,
    ) -> Result<Write<'a>, Failure> {
        let options = WriteOptions::read(query, way)?;
        let manager = options.manager.clone().unwrap_or_else(|| {
            let agent = request.headers().get(header::USER_AGENT);
            let agent = agent.and_then(|agent| agent.to_str().ok());
            options::manager_of_agent(agent.unwrap_or_default())
        });
        let path = target.path;
        let kind = &target.resource.response_kind.kind;
        let schema = self.schemas.of(&path.group, &path.version, kind);
        let now = self.clock.now();
        let is_dry_run = options.is_dry_run;
        Ok(Write {
            target,
            options,
            manager,
            shape: Shape::of(schema.clone()),
            time: clock::stamp(now),
            subject: Subject {
                path,
                resource: target.resource,
                schema,
                store: &self.store,
                now,
                is_dry_run,
            },
            duplicates: Vec::new(),
            patched: None,
        })
    }
}

impl Write<'_> {
    /// Reads `object` as its kind; fields that the kind does not have, or has twice in the body, are
    /// dropped, warned of or refused.
    pub(super) fn decode(&self, object: &mut Value) -> Result<Vec<String>, Failure> {
        let undecodable = |problem: String| match &self.patched {
            Some(value) => {
                // The real server forgets the kind in this message, so it is missing here too.
                let cause = Cause::invalid("patch", value, &problem);
                Failure::invalid_because("", "", "", &[cause])
            }
            None => self.subject.undecodable(&problem),
        };
        let mut oddities = self.subject.decode(object).map_err(undecodable)?;
        oddities.duplicates.clone_from(&self.duplicates);
        match self.options.validation {
            FieldValidation::Ignore => Ok(Vec::new()),
            FieldValidation::Warn => Ok(oddities.lines()),
            FieldValidation::Strict => match oddities.strict_error() {
                Some(problem) => Err(undecodable(problem)),
                None => Ok(Vec::new()),
            },
        }
    }

    /// Writes into `object` who owns its fields, now that it takes the place of `live`.
    pub(super) fn own(&self, live: Option<&Value>, object: &mut Value) {
        self.as_writer(|writer| crate::fields::update(writer, live, object));
    }

    /// Does something as the writer of this request.
    pub(super) fn as_writer<T>(&self, use_it: impl FnOnce(&Writer<'_>) -> T) -> T {
        let subresource = self.target.path.subresource.as_deref().unwrap_or_default();
        let ignored = changed::not_written(self.target);
        use_it(&Writer {
            shape: &self.shape,
            manager: &self.manager,
            api_version: &self.target.api_version(),
            subresource,
            time: &self.time,
            ignored: &ignored,
        })
    }
}
