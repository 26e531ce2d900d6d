//! What leads through the API server to something else: a container's log, a shell in it, its
//! ports, and the proxies to pods, services and nodes.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use super::{ResponseBody, Server, failure::Failure, path::ResourcePath, query::Query};
use crate::{json, store::Stored};

mod exec;
mod forward;
mod log;
mod proxy;
mod spdy;
pub(crate) mod upgrade;
mod websocket;

impl Server {
    /// The answer of what `path` leads to; none where it is an object of the API itself.
    pub(super) fn connect(
        self: &Arc<Self>,
        path: &ResourcePath,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Option<Response<ResponseBody>>, Failure> {
        let Some(subresource) = path.subresource.as_deref() else {
            return Ok(None);
        };
        if !path.group.is_empty() {
            return Ok(None);
        }
        match (path.plural.as_str(), subresource) {
            ("pods", "log") => {
                require(request, &[Method::GET])?;
                self.authorize("get", path)?;
                self.log(path, query).map(Some)
            }
            ("pods", "exec" | "attach" | "portforward") => {
                require(request, &[Method::GET, Method::POST])?;
                // Whatever its method, it does something in a pod.
                self.authorize("create", path)?;
                if subresource == "portforward" {
                    self.forward(path, query, request).map(Some)
                } else {
                    self.exec(path, query, request).map(Some)
                }
            }
            ("pods" | "services" | "nodes", "proxy") => {
                self.authorize(verb(request.method()), path)?;
                self.proxy(path, request).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The pod that `path` names.
    fn pod(&self, path: &ResourcePath) -> Result<Arc<Stored>, Failure> {
        self.store
            .get(&crate::world::pod_kind(), &path.key())
            .ok_or_else(|| Failure::not_found(path))
    }
}

/// The container that a request about a pod is for: the one it names, or the only one
/// (`k8s.io/kubernetes/pkg/registry/core/pod`).
fn container<'a>(pod: &'a Value, query: &Query) -> Result<&'a Value, Failure> {
    const LISTS: [&str; 3] = [
        "/spec/initContainers",
        "/spec/containers",
        "/spec/ephemeralContainers",
    ];
    let pod_name = json::text(pod, "/metadata/name");
    let all = || LISTS.iter().flat_map(|list| json::items(pod, list));
    if let Some(asked) = query.get("container") {
        return all()
            .find(|container| json::text(container, "/name") == asked)
            .ok_or_else(|| {
                Failure::bad_request(format!("container {asked} is not valid for pod {pod_name}"))
            });
    }
    match json::items(pod, "/spec/containers") {
        [only] => Ok(only),
        [] => Err(Failure::bad_request(format!(
            "a container name must be specified for pod {pod_name}"
        ))),
        _ => {
            let names: Vec<&str> = all()
                .map(|container| json::text(container, "/name"))
                .collect();
            Err(Failure::bad_request(format!(
                "a container name must be specified for pod {pod_name}, choose one of: [{}]",
                names.join(" ")
            )))
        }
    }
}

fn require(request: &Request<Bytes>, methods: &[Method]) -> Result<(), Failure> {
    if methods.contains(request.method()) {
        Ok(())
    } else {
        Err(Failure::method_not_allowed())
    }
}

/// The verb that the access rules know for a request that is passed on.
fn verb(method: &Method) -> &'static str {
    match *method {
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "get",
    }
}
