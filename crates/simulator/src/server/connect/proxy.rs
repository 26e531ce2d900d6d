//! The proxies: to a port of a pod, of what stands behind a service, and to a node's kubelet
//! (`k8s.io/kubernetes/pkg/registry/core/{pod,service,node}`).

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use serde_json::{Value, json};
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    behind, json,
    server::{
        ResponseBody, Server,
        failure::Failure,
        json_response,
        path::ResourcePath,
        query::Query,
        response,
        selector::{Selected, Selector},
    },
    store::Stored,
    telemetry,
    world::{node_kind, pod_kind},
};

/// The port of a kubelet.
const KUBELET: &str = "10250";

impl Server {
    pub(super) fn proxy(
        &self,
        path: &ResourcePath,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let id = path.name.as_deref().unwrap_or_default();
        let singular = path.plural.trim_end_matches('s');
        let name = Name::parse(id)
            .ok_or_else(|| Failure::bad_request(format!("invalid {singular} request \"{id}\"")))?;
        let path = &ResourcePath {
            name: Some(name.name.to_owned()),
            ..path.clone()
        };
        let inner = inner(path, request)?;
        match path.plural.as_str() {
            "pods" => self.proxy_to_pod(path, &name, &inner),
            "services" => self.proxy_to_service(path, &name, id, &inner),
            _ => self.proxy_to_node(path, &name, &inner),
        }
    }

    fn proxy_to_pod(
        &self,
        path: &ResourcePath,
        name: &Name<'_>,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let stored = self.pod(path)?;
        let pod = stored.value();
        let declared = json::items(&pod, "/spec/containers")
            .iter()
            .find_map(|container| json::items(container, "/ports").first())
            .map(|port| json::count(port, "/containerPort").to_string());
        if json::text(&pod, "/status/podIP").is_empty() {
            return Err(Failure::bad_request("address not allowed"));
        }
        let port = if name.port.is_empty() {
            declared.unwrap_or_else(|| "80".to_owned())
        } else {
            name.port.to_owned()
        };
        self.reach(&stored, &port, request)
    }

    fn proxy_to_service(
        &self,
        path: &ResourcePath,
        name: &Name<'_>,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let service = self
            .store
            .get(&GroupKind::new("", "Service"), &path.key())
            .ok_or_else(|| Failure::not_found(path))?
            .value();
        let ports = json::items(&service, "/spec/ports");
        let none = |what: &str| {
            Failure::service_unavailable(format!("no endpoints available for service \"{what}\""))
        };
        let port = if let Ok(number) = name.port.parse::<u64>() {
            ports
                .iter()
                .find(|port| json::count(port, "/port") == number)
                .ok_or_else(|| {
                    Failure::service_unavailable(format!(
                        "no service port {number} found for service \"{}\"",
                        name.name
                    ))
                })?
        } else {
            ports
                .iter()
                .find(|port| json::text(port, "/name") == name.port)
                .ok_or_else(|| none(id))?
        };
        let pod = self
            .ready_pod(&path.namespace, &service)
            .ok_or_else(|| none(name.name))?;
        let target = target_port(port, &pod.value()).ok_or_else(|| none(id))?;
        self.reach(&pod, &target.to_string(), request)
    }

    /// The first ready pod that the service selects.
    fn ready_pod(&self, namespace: &str, service: &Value) -> Option<Arc<Stored>> {
        let selector = service.pointer("/spec/selector")?.as_object()?;
        if selector.is_empty() {
            return None;
        }
        self.store
            .list(&pod_kind(), namespace)
            .into_iter()
            .find(|pod| {
                selector
                    .iter()
                    .all(|(label, value)| pod.label(label) == value.as_str())
                    && is_ready(&pod.value())
            })
    }

    /// Connects to `port` of `pod`.
    fn reach(
        &self,
        pod: &Stored,
        port: &str,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let address = json::text(&pod.value(), "/status/podIP").to_owned();
        let answered = port
            .parse()
            .ok()
            .and_then(|port| behind::answer(self, pod, port, request));
        answered.ok_or_else(|| {
            Failure::service_unavailable(format!(
                "error trying to reach service: dial tcp {address}:{port}: connect: connection \
                 refused"
            ))
        })
    }

    fn proxy_to_node(
        &self,
        path: &ResourcePath,
        name: &Name<'_>,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let stored = self
            .store
            .get(&node_kind(), &ObjectKey::new("", name.name))
            .ok_or_else(|| Failure::not_found(path))?;
        let node = stored.value();
        let address = json::items(&node, "/status/addresses")
            .iter()
            .find(|address| json::text(address, "/type") == "InternalIP")
            .map_or(name.name, |address| json::text(address, "/address"));
        let is_up = json::items(&node, "/status/conditions")
            .iter()
            .any(|condition| {
                json::text(condition, "/type") == "Ready"
                    && json::text(condition, "/status") == "True"
            });
        let port = if name.port.is_empty() {
            KUBELET
        } else {
            name.port
        };
        if !is_up || port != KUBELET {
            return Err(Failure::service_unavailable(format!(
                "error trying to reach service: dial tcp {address}:{port}: connect: connection \
                 refused"
            )));
        }
        if let Some(answered) = telemetry::answer_node(self, &stored, request) {
            return Ok(behind::at_once(answered));
        }
        match request.uri().path() {
            "/healthz" => Ok(response(StatusCode::OK, "text/plain; charset=utf-8", "ok")),
            "/pods" => {
                let items: Vec<Value> = self
                    .pods_of(name.name)?
                    .iter()
                    .map(|pod| pod.value())
                    .collect();
                let list = json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {},
                    "items": items });
                Ok(json_response(StatusCode::OK, list.to_string()))
            }
            _ => Ok(response(
                StatusCode::NOT_FOUND,
                "text/plain; charset=utf-8",
                "404 page not found\n",
            )),
        }
    }

    /// The pods that are bound to `node`.
    fn pods_of(&self, node: &str) -> Result<Vec<Arc<Stored>>, Failure> {
        let query = Query::parse(&format!("fieldSelector=spec.nodeName%3D{node}"));
        let selector = Selector::read(&query, Selected::of(&pod_kind()))?;
        let mut pods = self.store.list(&pod_kind(), "");
        pods.retain(|pod| selector.matches(pod));
        Ok(pods)
    }
}

/// What a proxy request names: `NAME`, `NAME:PORT`, `SCHEME:NAME:PORT`.
struct Name<'a> {
    name: &'a str,
    port: &'a str,
}

impl<'a> Name<'a> {
    fn parse(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        let (name, port) = match parts.as_slice() {
            [name] => (*name, ""),
            [name, port] | ["" | "http" | "https", name, port] => (*name, *port),
            _ => return None,
        };
        (!name.is_empty()).then_some(Self { name, port })
    }
}

/// The request as it arrives behind the proxy: its path is what follows `/proxy`.
fn inner(path: &ResourcePath, request: &Request<Bytes>) -> Result<Request<Bytes>, Failure> {
    // `/api/v1/nodes/NAME/proxy/…` or `/api/v1/namespaces/NS/pods/NAME/proxy/…`.
    let before = if path.namespace.is_empty() { 6 } else { 8 };
    let rest = request
        .uri()
        .path()
        .splitn(before + 1, '/')
        .nth(before)
        .unwrap_or_default();
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let uri: Uri = format!("/{rest}{query}")
        .parse()
        .map_err(|_| Failure::bad_request("the proxied path is no path"))?;
    let mut inner = Request::new(request.body().clone());
    *inner.method_mut() = request.method().clone();
    *inner.uri_mut() = uri;
    *inner.headers_mut() = request.headers().clone();
    // The token is for the API server alone.
    inner.headers_mut().remove(http::header::AUTHORIZATION);
    Ok(inner)
}

fn is_ready(pod: &Value) -> bool {
    json::items(pod, "/status/conditions")
        .iter()
        .any(|condition| {
            json::text(condition, "/type") == "Ready" && json::text(condition, "/status") == "True"
        })
}

/// The pod's port behind a service's: a number, or the name that a container gives to one.
fn target_port(port: &Value, pod: &Value) -> Option<u64> {
    match port.get("targetPort") {
        Some(Value::String(name)) => json::items(pod, "/spec/containers")
            .iter()
            .flat_map(|container| json::items(container, "/ports"))
            .find(|known| json::text(known, "/name") == name)
            .map(|known| json::count(known, "/containerPort")),
        Some(Value::Number(number)) if number.as_u64() != Some(0) => number.as_u64(),
        _ => port.get("port")?.as_u64(),
    }
}
