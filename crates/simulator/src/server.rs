//! The API server: a request in, a response out, as kube-apiserver 1.36 answers.
//!
//! What is not served (CBOR, some subresources) is answered with the status that a server
//! gives that does not support it; nothing is pretended. Where answers still differ from the real
//! server's is listed in `tests/contract/differences.yaml`.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use strata_domain::ids::GroupKind;

use self::{
    accept::{Accept, Answer, Form, Shape},
    access::Access,
    failure::Failure,
    path::{Path, ResourcePath},
    query::Query,
    selector::Selected,
    stream_body::stream_body,
    table::Table,
};
use crate::{
    behind::generation::Generating,
    clock::VirtualClock,
    kinds::{Resource, Served, ServedCache},
    line::Line,
    rbac::RbacCache,
    schema::Schemas,
    store::Store,
    telemetry::Inventory,
};

mod accept;
pub(crate) mod access;
mod compress;
pub(crate) mod connect;
mod delete;
mod discovery;
mod events;
pub(crate) mod failure;
mod get;
mod health;
mod impersonate;
mod list;
mod metrics;
mod openapi;
mod options;
pub(crate) mod path;
mod protobuf;
mod query;
mod represent;
mod review;
mod selector;
pub(crate) mod stream_body;
pub(crate) mod subresource;
mod table;
mod watch;
mod write;
mod writer;

/// What breaks a connection or a stream.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of a response; a watch's body ends when the watch does.
pub type ResponseBody = BoxBody<Bytes, BoxError>;

/// The API server of one cluster, for one who asks. Clones are the same server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) line: Arc<Line>,
    pub(crate) inventory: Arc<Inventory>,
    /// What clients ask of the cluster's models now.
    pub(crate) generating: Arc<Generating>,
    /// What `/version` says, such as `v1.36.2`.
    pub(crate) version: String,
    access: Access,
    rbac: Arc<RbacCache>,
    served: Arc<ServedCache>,
    /// The schemas of all kinds.
    pub(crate) schemas: Arc<Schemas>,
}

impl Server {
    pub(crate) fn new(
        store: Arc<Store>,
        clock: Arc<VirtualClock>,
        line: Arc<Line>,
        inventory: Arc<Inventory>,
        version: String,
        access: Access,
    ) -> Self {
        let schemas = Arc::new(Schemas::new(Arc::clone(&store)));
        Self {
            store,
            clock,
            line,
            inventory,
            generating: Arc::new(Generating::new()),
            version,
            access,
            rbac: Arc::default(),
            served: Arc::default(),
            schemas,
        }
    }

    /// Answers one request.
    pub(crate) fn answer(self: &Arc<Self>, request: &Request<Bytes>) -> Response<ResponseBody> {
        let converted = represent::with_json_body(request);
        let request = converted.as_ref().unwrap_or(request);
        let answered = match self.impersonated(request) {
            Ok(None) => self.try_answer(request),
            Ok(Some(other)) => other.try_answer(request),
            Err(refused) => Err(refused),
        };
        answered.unwrap_or_else(|failure| {
            represent::encoded(failure.response(), Accept::of(request).encoding())
        })
    }

    fn try_answer(
        self: &Arc<Self>,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let served = self.served.get(&self.store);
        let query = Query::parse(request.uri().query().unwrap_or_default());
        let path = Path::parse(request.uri().path());
        if let Some(Path::Resource(path)) = &path {
            return self.answer_resource(&served, path, &query, request);
        }
        let verb = request.method().as_str().to_ascii_lowercase();
        self.authorize_path(&verb, request.uri().path())?;
        let path = path.ok_or_else(Failure::no_page)?;
        if request.method() != Method::GET {
            return Err(Failure::method_not_allowed());
        }
        let accept = Accept::of(request);
        let discovered = match path {
            Path::Root => return Ok(health::paths(&served)),
            Path::Version => return Ok(health::version(&self.version)),
            Path::Health { endpoint, check } => return health::check(&endpoint, &check, &query),
            Path::Core => discovery::core(&served, request),
            Path::Groups => discovery::groups(&served, request),
            Path::Group(name) => {
                accept.require_plain()?;
                discovery::group(&served, &name)
            }
            Path::GroupVersion { group, version } => {
                accept.require_plain()?;
                discovery::version(&served, &group, &version)
            }
            Path::OpenApi => Ok(openapi::index(&self.store)),
            Path::OpenApiDocument(path) => openapi::document(&self.store, &path),
            Path::Resource(_) => Err(Failure::no_such_path()),
        };
        discovered.map(|discovered| represent::encoded(discovered, accept.encoding()))
    }

    fn answer_resource(
        self: &Arc<Self>,
        served: &Served,
        path: &ResourcePath,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let resource = served
            .resource(&path.group, &path.version, &path.plural)
            .filter(|resource| path.fits(resource.scope))
            .ok_or_else(|| match served.group(&path.group) {
                Some(group) => discovery::no_resource(group),
                None => Failure::no_page(),
            })?;
        if let Some(connected) = self.connect(path, query, request)? {
            return Ok(connected);
        }
        let target = Target { path, resource };
        let verb = target.verb(request.method(), query)?;
        self.authorize(verb, path)?;
        if let Some(reviewed) = review::answer(self, path, request)? {
            return Ok(reviewed);
        }
        target.require_support(verb)?;
        let answers_with_the_whole = |part: &str| part == "status" || write::PARTS.contains(&part);
        let part = path.subresource.as_deref();
        if let Some(part) = part.filter(|part| !answers_with_the_whole(part)) {
            return self.subresource(&target, part, verb, query, request);
        }
        let go_type = target.go_type();
        let answer = match verb {
            "list" | "deletecollection" => Answer::List(&go_type),
            "watch" => Answer::Watch,
            _ => Answer::Object(&go_type),
        };
        if path.group == "metrics.k8s.io" {
            return self.metrics(path, query);
        }
        let accept = Accept::of(request);
        let representation = accept.representation(answer, target.is_custom())?;
        let table = match representation.shape {
            Shape::Table(version) => Some(Table::new(&target, version, query, &self.clock)?),
            Shape::Objects(_) => None,
        };
        let response = match verb {
            "list" => {
                let list = self.list(&target, query, representation)?;
                let list = represent::list(list, representation.encoding);
                return Ok(compress::for_request(request, list));
            }
            "watch" => return self.watch(&target, query, representation),
            "deletecollection" => {
                return self.remove_collection(&target, query, request.body(), representation);
            }
            "get" => self.get(&target, query),
            "create" if target.kind() == GroupKind::new("", "Binding") => {
                self.bind(&target, query, request.body())
            }
            "create" => self.create(&target, query, request),
            "update" => self.replace(&target, query, request),
            "patch" => self.patch(&target, query, request),
            "delete" => self.remove(&target, query, request.body()),
            _ => Err(Failure::not_implemented(&format!("the verb {verb}"))),
        }?;
        let response = represent::object(response, representation, table.as_ref());
        Ok(compress::for_request(request, response))
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }
}

/// The resource that a request is about.
#[derive(Clone, Copy)]
struct Target<'a> {
    path: &'a ResourcePath,
    resource: &'a Resource,
}

impl Target<'_> {
    fn kind(&self) -> GroupKind {
        self.resource.stored_as(&self.path.group)
    }

    fn api_version(&self) -> String {
        self.path.api_version()
    }

    /// Whether items of a list say their kind: those of custom kinds do.
    fn is_custom(&self) -> bool {
        !self.resource.response_kind.group.is_empty()
    }

    /// The kind as the real server's Go types are called, which its messages name.
    fn go_type(&self) -> String {
        if self.is_custom() {
            return "unstructured.Unstructured".to_owned();
        }
        let package = match self.path.group.split('.').next() {
            None | Some("" | "events") => "core",
            Some(package) => package,
        };
        format!("{package}.{}", self.resource.response_kind.kind)
    }

    /// What selecting by fields has to know.
    fn selected<'k>(&'k self, kind: &'k GroupKind) -> Selected<'k> {
        Selected {
            kind,
            group: &self.path.group,
            custom: self
                .resource
                .custom
                .as_deref()
                .map(|custom| custom.selectable.as_slice()),
        }
    }

    /// The bytes of one object in the form asked for.
    fn bytes(&self, stored: &crate::store::Stored, form: Form) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(stored.json.len() + 64);
        self.write(stored, form, &mut bytes);
        bytes
    }

    fn write(&self, stored: &crate::store::Stored, form: Form, bytes: &mut Vec<u8>) {
        match form {
            Form::Object if self.path.group == "events.k8s.io" => {
                events::write(stored, true, bytes);
            }
            Form::Object => {
                let kind = &self.resource.response_kind.kind;
                stored.write_typed(&self.api_version(), kind, bytes);
            }
            Form::Metadata(version) => writer::write_metadata(stored, version, bytes),
        }
    }

    /// The verb that the access rules know for the request.
    fn verb(&self, method: &Method, query: &Query) -> Result<&'static str, Failure> {
        let has_name = self.path.name.is_some();
        match *method {
            Method::GET if self.path.is_watch => Ok("watch"),
            Method::GET if has_name => Ok("get"),
            Method::GET if query.flag("watch") => Ok("watch"),
            Method::GET => Ok("list"),
            Method::POST if !has_name || self.path.subresource.is_some() => Ok("create"),
            Method::PUT if has_name => Ok("update"),
            Method::PATCH if has_name => Ok("patch"),
            Method::DELETE if has_name => Ok("delete"),
            Method::DELETE => Ok("deletecollection"),
            _ => Err(Failure::method_not_allowed()),
        }
    }

    /// Refuses what the resource, or this server, does not do.
    fn require_support(&self, verb: &str) -> Result<(), Failure> {
        match self.path.subresource.as_deref() {
            None if self.resource.verbs.iter().any(|known| known == verb) => Ok(()),
            None => Err(Failure::method_not_allowed()),
            Some(name) => {
                let subresource = self
                    .resource
                    .subresources
                    .iter()
                    .find(|known| known.name == name);
                match subresource {
                    None => Err(Failure::no_such_path()),
                    Some(known) if !known.verbs.iter().any(|known| known == verb) => {
                        Err(Failure::method_not_allowed())
                    }
                    Some(_) => Ok(()),
                }
            }
        }
    }
}

fn json_response(status: StatusCode, bytes: impl Into<Bytes>) -> Response<ResponseBody> {
    response(status, "application/json", bytes)
}

fn response(
    status: StatusCode,
    content_type: &str,
    bytes: impl Into<Bytes>,
) -> Response<ResponseBody> {
    let body = Full::new(bytes.into())
        .map_err(|never: Infallible| match never {})
        .boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if let Ok(value) = header::HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-cache, private"),
    );
    response
}
