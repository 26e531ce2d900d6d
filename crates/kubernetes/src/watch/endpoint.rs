//! Where the objects of a kind are asked for, and in which form.

use std::{sync::Arc, time::Duration};

use strata_domain::{ids::GroupKind, text::Text};

use super::backoff::jittered;
use crate::map::Decode;

/// Objects on one page of a list.
const PAGE: usize = 500;

/// How long a watch lasts before the server ends it in good order; client-go asks for 5 to 10
/// minutes as well.
const WATCH_LENGTH: Duration = Duration::from_secs(450);

/// In which form objects are asked for. Each answer says in which form it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Protobuf, or JSON where the server has no other.
    Protobuf,
    /// Protobuf or JSON with nothing but the metadata.
    Metadata,
    /// JSON: custom resources have nothing else.
    Json,
}

/// The address of a kind, and how its objects are read. A clone may be of one namespace alone.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// The kind.
    pub(crate) kind: GroupKind,
    /// The version that is asked for.
    pub(crate) version: String,
    /// The plural name in paths.
    pub(crate) resource: String,
    /// The form that is asked for.
    pub(crate) form: Form,
    /// Whether its objects lie in namespaces.
    pub(crate) is_namespaced: bool,
    /// The one namespace that is asked; none: the whole cluster.
    pub(crate) namespace: Option<Text>,
    /// How objects are read.
    pub(crate) decode: Arc<dyn Decode>,
}

impl Endpoint {
    /// Whether such an object defines a kind.
    pub(crate) fn is_of_definitions(&self) -> bool {
        self.is("apiextensions.k8s.io", "CustomResourceDefinition")
    }

    /// Whether a change of such an object may change what the server serves.
    pub(crate) fn shapes_discovery(&self) -> bool {
        self.is_of_definitions() || self.is("apiregistration.k8s.io", "APIService")
    }

    fn is(&self, group: &str, kind: &str) -> bool {
        self.kind.group == group && self.kind.kind == kind
    }

    /// The same kind in `namespace` alone.
    pub(crate) fn within(&self, namespace: &Text) -> Self {
        Self {
            namespace: Some(namespace.clone()),
            ..self.clone()
        }
    }

    /// The permission that `verb` needs: `list pods`, `watch workloads.kueue.x-k8s.io`,
    /// `list pods in team`.
    pub(crate) fn permission(&self, verb: &str) -> String {
        let Self { kind, resource, .. } = self;
        let of_cluster = if kind.group.is_empty() {
            format!("{verb} {resource}")
        } else {
            format!("{verb} {resource}.{}", kind.group)
        };
        match &self.namespace {
            Some(namespace) => format!("{of_cluster} in {namespace}"),
            None => of_cluster,
        }
    }

    /// The least that can be asked to learn whether `verb` is allowed: the first object of a list,
    /// or a watch that the server ends after a second.
    pub(crate) fn trial(&self, verb: &str) -> String {
        let path = self.path();
        if verb == "watch" {
            format!("{path}?watch=true&timeoutSeconds=1")
        } else {
            format!("{path}?limit=1")
        }
    }

    /// A page of the list, or the whole of it.
    pub(crate) fn list(&self, page: &PageOf) -> String {
        let path = self.path();
        match page {
            PageOf::First => format!("{path}?limit={PAGE}"),
            PageOf::Next(token) => format!("{path}?limit={PAGE}&continue={}", escaped(token)),
            PageOf::Whole => path,
        }
    }

    /// The `Accept` header of a list.
    pub(crate) fn accept_list(&self) -> &'static str {
        match self.form {
            Form::Protobuf => "application/vnd.kubernetes.protobuf,application/json",
            Form::Metadata => {
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,\
                 application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
            }
            Form::Json => "application/json",
        }
    }

    /// A watch of what happens after `resource_version`.
    pub(crate) fn watch(&self, resource_version: &str) -> String {
        format!(
            "{}&resourceVersion={}",
            self.any_watch(),
            escaped(resource_version)
        )
    }

    /// A watch that begins with all objects (a streaming list, KEP-3157). Without a
    /// `resourceVersion` it is as fresh as a list.
    pub(crate) fn streaming_list(&self) -> String {
        format!(
            "{}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
            self.any_watch()
        )
    }

    /// The `Accept` header of a watch.
    pub(crate) fn accept_watch(&self) -> &'static str {
        match self.form {
            Form::Metadata => {
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,\
                 application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
            }
            Form::Protobuf | Form::Json => self.accept_list(),
        }
    }

    fn any_watch(&self) -> String {
        let seconds = jittered(WATCH_LENGTH).as_secs();
        format!(
            "{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}",
            self.path()
        )
    }

    fn path(&self) -> String {
        let Self {
            kind,
            version,
            resource,
            ..
        } = self;
        let version = if kind.group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{}/{version}", kind.group)
        };
        match &self.namespace {
            Some(namespace) => format!("{version}/namespaces/{}/{resource}", escaped(namespace)),
            None => format!("{version}/{resource}"),
        }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageOf {
    /// The first page.
    First,
    /// The page that the token of the page before leads to.
    Next(String),
    /// All of it at once.
    Whole,
}

/// `text` as the value of a query's parameter. Tokens are base64 and versions are numbers, so most
/// of it stays as it is.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            other => write!(out, "%{other:02X}").unwrap_or_default(),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{map::BuiltIn, slim::plain::StorageClass};

    fn endpoint(group: &str) -> Endpoint {
        Endpoint {
            kind: GroupKind::new(group, "StorageClass"),
            version: "v1".to_owned(),
            resource: "storageclasses".to_owned(),
            form: Form::Protobuf,
            is_namespaced: false,
            namespace: None,
            decode: Arc::new(BuiltIn::<StorageClass>::new()),
        }
    }

    #[test]
    fn permissions_are_named_as_kubectl_names_resources() {
        assert_eq!(endpoint("").permission("list"), "list storageclasses");
        assert_eq!(
            endpoint("storage.k8s.io").permission("watch"),
            "watch storageclasses.storage.k8s.io"
        );
    }

    #[test]
    fn in_a_namespace_the_address_and_the_permission_name_it() {
        let within = endpoint("").within(&Text::from("team-a"));
        assert_eq!(
            within.list(&PageOf::First),
            "/api/v1/namespaces/team-a/storageclasses?limit=500"
        );
        assert_eq!(within.permission("list"), "list storageclasses in team-a");
        let of_a_group = endpoint("storage.k8s.io").within(&Text::from("team-a"));
        assert_eq!(
            of_a_group.trial("list"),
            "/apis/storage.k8s.io/v1/namespaces/team-a/storageclasses?limit=1"
        );
    }

    #[test]
    fn a_token_is_escaped_in_the_address() {
        let next = PageOf::Next("a+b/c==".to_owned());
        assert_eq!(
            endpoint("storage.k8s.io").list(&next),
            "/apis/storage.k8s.io/v1/storageclasses?limit=500&continue=a%2Bb%2Fc%3D%3D"
        );
        assert_eq!(endpoint("").list(&PageOf::Whole), "/api/v1/storageclasses");
    }
}
