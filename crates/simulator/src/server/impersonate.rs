//! Requests that somebody makes in another's name, as `kubectl --as` does
//! (`k8s.io/apiserver/pkg/endpoints/filters/impersonation`).

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request};

use super::{
    Server,
    failure::Failure,
    path::{Path, ResourcePath},
};
use crate::rbac::{Action, User};

const USER: &str = "impersonate-user";
const GROUP: &str = "impersonate-group";
const UID: &str = "impersonate-uid";
const EXTRA: &str = "impersonate-extra-";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const ANONYMOUS: &str = "system:anonymous";

impl Server {
    /// This server for whom a request is made in the name of; none where that is who asks.
    pub(super) fn impersonated(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Option<Arc<Self>>, Failure> {
        let headers = request.headers();
        let name = text(headers, USER);
        let has_more = headers
            .keys()
            .any(|key| key == GROUP || key == UID || key.as_str().starts_with(EXTRA));
        if name.is_empty() {
            if has_more {
                return Err(Failure::bad_request(
                    "requested groups, a UID or extras without impersonating a user",
                ));
            }
            return Ok(None);
        }
        if !wishes(headers)
            .iter()
            .all(|wish| self.decide(wish).is_allowed)
        {
            return Err(self.cannot_impersonate(request, account(name).is_some()));
        }
        let mut groups: Vec<String> = values(headers, GROUP).map(str::to_owned).collect();
        if let (Some((namespace, _)), true) = (account(name), groups.is_empty()) {
            groups.push("system:serviceaccounts".to_owned());
            groups.push(format!("system:serviceaccounts:{namespace}"));
        }
        let has = |known: &str| groups.iter().any(|group| group == known);
        if name == ANONYMOUS {
            if !has(UNAUTHENTICATED) {
                groups.push(UNAUTHENTICATED.to_owned());
            }
        } else if !has(AUTHENTICATED) && !has(UNAUTHENTICATED) {
            groups.push(AUTHENTICATED.to_owned());
        }
        let user = User {
            name: name.to_owned(),
            groups,
        };
        Ok(Some(Arc::new(Self {
            access: self.access().of(user),
            ..self.clone()
        })))
    }

    /// The refusal, in the words of impersonation for one action, which the server tries first.
    fn cannot_impersonate(&self, request: &Request<Bytes>, is_account: bool) -> Failure {
        let mode = if is_account {
            "serviceaccount"
        } else {
            "user-info"
        };
        let path = request.uri().path();
        let user = &self.access().user().name;
        let verb = |verb: &str| format!("impersonate-on:{mode}:{verb}");
        if let Some(Path::Resource(path)) = Path::parse(path) {
            return Failure::forbidden(&path, user, &verb(verb_of(request, &path)));
        }
        let method = request.method().as_str().to_ascii_lowercase();
        Failure::forbidden_path(user, &verb(&method), path)
    }
}

/// What one has to be allowed for the name, the groups and the rest that `headers` ask for.
fn wishes(headers: &HeaderMap) -> Vec<Action<'_>> {
    let wish = |group, resource, subresource, namespace, name| Action::Resource {
        verb: "impersonate",
        group,
        resource,
        subresource,
        namespace,
        name,
    };
    let name = text(headers, USER);
    let mut wishes = vec![match account(name) {
        Some((namespace, name)) => wish("", "serviceaccounts", "", namespace, name),
        None => wish("", "users", "", "", name),
    }];
    wishes.extend(values(headers, GROUP).map(|group| wish("", "groups", "", "", group)));
    let reviewed = "authentication.k8s.io";
    for (key, value) in headers {
        let value = value.to_str().unwrap_or_default();
        if let Some(extra) = key.as_str().strip_prefix(EXTRA) {
            wishes.push(wish(reviewed, "userextras", extra, "", value));
        } else if key == UID {
            wishes.push(wish(reviewed, "uids", "", "", value));
        }
    }
    wishes
}

/// Namespace and name of the service account that a user's name stands for.
fn account(user: &str) -> Option<(&str, &str)> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    values(headers, name).next().unwrap_or_default()
}

fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}

fn verb_of(request: &Request<Bytes>, path: &ResourcePath) -> &'static str {
    match (request.method().as_str(), path.name.is_some()) {
        ("GET", true) => "get",
        ("GET", false) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        (_, true) => "delete",
        _ => "deletecollection",
    }
}
