//! Whole objects, read when somebody asks for them.
//!
//! Questions go over a connection of their own (`line`), made by the first one and kept: a watch's
//! connection has its own life. What a Secret holds is blanked before an answer leaves (`prune`).

pub(crate) mod line;
pub(crate) mod prune;

use std::{fmt::Write as _, sync::Arc};

use bytes::Bytes;
use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value};
use strata_domain::{
    ids::{ClusterId, GroupKind},
    object::Object,
    pod::Pod,
};
use strata_ports::{
    cluster::ServedKind,
    error::{PortError, PortErrorKind},
    objects::{LogTail, ObjectAddress, ObjectReader, Selection},
};

pub(crate) use line::{Line, Reading};

use crate::{
    map::{BuiltIn, Decode as _, Mapping},
    slim::{self, DecodeError, Encoding},
    source::KubernetesSource,
    watch::{ask::Failure, endpoint::escaped},
};

/// Objects on one page of a list.
const PAGE: usize = 500;

/// A log line may be as long as it likes; what is read of a tail is not.
const LOG_BYTES: usize = 256 * 1024;

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf,application/json";

impl ObjectReader for KubernetesSource {
    fn served(
        &self,
        cluster: &ClusterId,
    ) -> BoxFuture<'static, Result<Vec<ServedKind>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move { reading.served(&cluster).await })
    }

    fn get(
        &self,
        cluster: &ClusterId,
        object: ObjectAddress,
    ) -> BoxFuture<'static, Result<Value, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line_for(&cluster, &object.kind).await?;
            let served = line.kind(&object.kind)?;
            let path = format!(
                "{}/{}",
                collection(served, &object.key.namespace),
                escaped(&object.key.name)
            );
            let body = line.read(&path, JSON).await;
            let (_, body) = body.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                refused(
                    "get",
                    served,
                    &object.key.namespace,
                    &object.to_string(),
                    failure,
                )
            })?;
            let mut object: Value = serde_json::from_slice(&body).map_err(unreadable)?;
            prune::object(&mut object);
            Ok(object)
        })
    }

    fn list(
        &self,
        cluster: &ClusterId,
        selection: Selection,
    ) -> BoxFuture<'static, Result<Vec<Value>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line_for(&cluster, &selection.kind).await?;
            let served = line.kind(&selection.kind)?;
            let path = collection(served, &selection.namespace);
            let query = selectors(&selection);
            let mut objects = Vec::new();
            let read = pages(&line, &path, &query, JSON, |is_first, _, body| {
                let page: Page = serde_json::from_slice(body)?;
                if is_first {
                    objects.clear();
                }
                objects.extend(page.items.unwrap_or_default());
                Ok(page.metadata.token)
            });
            read.await.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                refused(
                    "list",
                    served,
                    &selection.namespace,
                    &served.resource,
                    failure,
                )
            })?;
            for object in &mut objects {
                // Lists leave out what is the same for all of them.
                prune::name_kind(object, served);
                prune::object(object);
            }
            Ok(objects)
        })
    }

    fn pods(&self, cluster: &ClusterId) -> BoxFuture<'static, Result<Vec<Pod>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let kind = GroupKind::new("", "Pod");
            let line = reading.line_for(&cluster, &kind).await?;
            let served = line.kind(&kind)?;
            let decode = BuiltIn::<slim::pod::Pod>::new();
            let mut mapping = Mapping::default();
            let mut pods = Vec::new();
            let path = collection(served, "");
            let read = pages(&line, &path, "", PROTOBUF, |is_first, encoding, body| {
                let page = decode.page(encoding, body, &mut mapping)?;
                if is_first {
                    pods.clear();
                }
                pods.extend(page.objects.into_iter().filter_map(|object| match object {
                    Object::Pod(pod) => Some(*pod),
                    _ => None,
                }));
                Ok(page.meta.next)
            });
            read.await.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                refused("list", served, "", &served.resource, failure)
            })?;
            Ok(pods)
        })
    }

    fn schemas(
        &self,
        cluster: &ClusterId,
        api_version: &str,
    ) -> BoxFuture<'static, Result<Map<String, Value>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        let api_version = api_version.to_owned();
        Box::pin(async move {
            let line = reading.line(&cluster).await?;
            let path = match api_version.split_once('/') {
                Some((group, version)) => {
                    format!("/openapi/v3/apis/{}/{}", escaped(group), escaped(version))
                }
                None => format!("/openapi/v3/api/{}", escaped(&api_version)),
            };
            let answer = line.read(&path, JSON).await;
            let (_, body) = answer.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                let what = format!("the schema of {api_version}");
                failed(&format!("get {path}"), &what, failure)
            })?;
            let document: Document = serde_json::from_slice(&body).map_err(unreadable)?;
            Ok(document.components.schemas)
        })
    }

    fn log(
        &self,
        cluster: &ClusterId,
        tail: LogTail,
    ) -> BoxFuture<'static, Result<String, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        Box::pin(async move {
            let line = reading.line(&cluster).await?;
            let path = format!(
                "/api/v1/namespaces/{}/pods/{}/log?container={}&previous={}&tailLines={}&limitBytes={LOG_BYTES}",
                escaped(&tail.pod.namespace),
                escaped(&tail.pod.name),
                escaped(&tail.container),
                tail.previous,
                tail.lines,
            );
            let answer = line.read(&path, "*/*").await;
            let (_, body) = answer.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                let what = format!("the log of {} in Pod {}", tail.container, tail.pod);
                failed(
                    &permission("get", "pods/log", &tail.pod.namespace),
                    &what,
                    failure,
                )
            })?;
            Ok(String::from_utf8_lossy(&body).into_owned())
        })
    }
}

/// The part of an OpenAPI v3 document that describes kinds.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    components: Components,
}

#[derive(Default, Deserialize)]
struct Components {
    #[serde(default)]
    schemas: Map<String, Value>,
}

/// Reads every page of a list. `take` gets each, hears whether it is a first one (what came before is
/// void then), and tells the token of the next.
async fn pages(
    line: &Line,
    path: &str,
    query: &str,
    accept: &str,
    mut take: impl FnMut(bool, Encoding, &Bytes) -> Result<String, DecodeError>,
) -> Result<(), Failure> {
    let mut token = String::new();
    loop {
        let from = if token.is_empty() {
            String::new()
        } else {
            format!("&continue={}", escaped(&token))
        };
        let page = format!("{path}?limit={PAGE}{from}{query}");
        let (is_first, (encoding, body)) = match line.read(&page, accept).await {
            // It took longer than the server keeps its pages: all at once, then.
            Err(Failure::Expired(_)) if !token.is_empty() => {
                let whole = format!("{path}?limit=0{query}");
                (true, line.read(&whole, accept).await?)
            }
            answer => (token.is_empty(), answer?),
        };
        token = take(is_first, encoding, &body)?;
        if token.is_empty() {
            return Ok(());
        }
    }
}

/// A page of a list.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(default)]
    items: Option<Vec<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PageMetadata {
    #[serde(rename = "continue")]
    token: String,
}

/// The path of all objects of a kind in `namespace`; everywhere where it is empty.
fn collection(served: &ServedKind, namespace: &str) -> String {
    let version = served.versions.first().map_or("v1", String::as_str);
    let group = &served.kind.group;
    let root = if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    };
    if served.is_namespaced && !namespace.is_empty() {
        let namespace = escaped(namespace);
        format!("{root}/namespaces/{namespace}/{}", served.resource)
    } else {
        format!("{root}/{}", served.resource)
    }
}

fn selectors(selection: &Selection) -> String {
    let mut query = String::new();
    for (name, selector) in [
        ("labelSelector", &selection.labels),
        ("fieldSelector", &selection.fields),
    ] {
        if !selector.is_empty() {
            // Writing to a string cannot fail.
            write!(query, "&{name}={}", escaped(selector)).unwrap_or_default();
        }
    }
    query
}

/// `list pods`, `get workloads.kueue.x-k8s.io in namespace team-a`.
pub(crate) fn permission(verb: &str, resource: &str, namespace: &str) -> String {
    if namespace.is_empty() {
        format!("{verb} {resource}")
    } else {
        format!("{verb} {resource} in namespace {namespace}")
    }
}

fn refused(
    verb: &str,
    served: &ServedKind,
    namespace: &str,
    what: &str,
    failure: Failure,
) -> PortError {
    let group = &served.kind.group;
    let resource = if group.is_empty() {
        served.resource.clone()
    } else {
        format!("{}.{group}", served.resource)
    };
    failed(&permission(verb, &resource, namespace), what, failure)
}

/// The failure of a question for `what`, which needs `permission`.
pub(crate) fn failed(permission: &str, what: &str, failure: Failure) -> PortError {
    let (kind, message) = match &failure {
        Failure::Forbidden(_) => (
            PortErrorKind::Forbidden,
            format!("the permission is missing: {permission}"),
        ),
        Failure::Unauthorized(_) => (
            PortErrorKind::Unauthorized,
            format!("the API server does not accept the credentials any more, asked for {what}"),
        ),
        Failure::NotFound(_) => (PortErrorKind::NotFound, format!("{what} is not there")),
        Failure::Expired(_) | Failure::Refused(_) => (
            PortErrorKind::InvalidInput,
            format!("the API server refuses the question for {what}"),
        ),
        Failure::Throttled { .. } | Failure::Unavailable(_) | Failure::Unreachable(_) => (
            PortErrorKind::Unavailable,
            format!("{what} could not be read"),
        ),
        Failure::Unreadable(_) => (
            PortErrorKind::Internal,
            format!("the answer about {what} could not be read"),
        ),
    };
    PortError::new(kind, message).because(failure)
}

fn unreadable(error: serde_json::Error) -> PortError {
    let message = "the API server's JSON cannot be read";
    PortError::new(PortErrorKind::Internal, message).because(error)
}
