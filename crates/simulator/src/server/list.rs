//! Lists: whole or in pages, each page of the same moment.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use strata_domain::ids::ObjectKey;

use super::{
    ResponseBody, Server, Target,
    accept::Representation,
    failure::Failure,
    options::{ListOptions, Match, version_number},
    query::Query,
    response,
    selector::Selector,
    stream_body::stream_body,
    writer::Writer,
};
use crate::store::Stored;

/// A list over this size is sent as it is written; a smaller one says how long it is.
pub(super) const WHOLE: usize = 128 * 1024;

/// What a `continue` token says: the version of the list, and after which key it goes on. The
/// format is the real server's (`k8s.io/apiserver/pkg/storage/continue.go`).
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Continue {
    #[serde(rename = "v")]
    format: String,
    /// The version; −1 for "as it is now".
    #[serde(rename = "rv")]
    version: i64,
    /// `/NAME\0` in one namespace or of the cluster, `/NAMESPACE/NAME\0` in all.
    start: String,
}

/// The part of a list that a page shows.
struct Page {
    objects: Vec<Arc<Stored>>,
    version: u64,
    /// How many follow, and the token that leads to them.
    rest: Option<(usize, String)>,
}

impl Server {
    pub(super) fn list(
        &self,
        target: &Target<'_>,
        query: &Query,
        representation: Representation,
    ) -> Result<Response<ResponseBody>, Failure> {
        let options = ListOptions::read(query, false)?;
        let kind = target.kind();
        let selector = Selector::read(query, target.selected(&kind))?;
        let page = self.page(target, &options, &selector)?;
        let mut metadata = json!({ "resourceVersion": page.version.to_string() });
        if let Some((remaining, token)) = &page.rest
            && let Some(fields) = metadata.as_object_mut()
        {
            fields.insert("continue".to_owned(), token.as_str().into());
            // With a selector the real server does not know how many of the rest it will select.
            if selector.is_empty() {
                fields.insert("remainingItemCount".to_owned(), (*remaining).into());
            }
        }
        let size: usize = page.objects.iter().map(|stored| stored.json.len()).sum();
        let media_type = representation.encoding.of_pieces().media_type();
        let pieces =
            Writer::new(target, representation, query, &self.clock)?.list(&metadata, page.objects);
        if size > WHOLE {
            let mut streamed = response(StatusCode::OK, media_type, Bytes::new());
            *streamed.body_mut() = stream_body(stream::iter(pieces.map(Ok)).boxed());
            return Ok(streamed);
        }
        let whole: Vec<u8> = pieces.flatten().collect();
        Ok(response(StatusCode::OK, media_type, whole))
    }

    fn page(
        &self,
        target: &Target<'_>,
        options: &ListOptions,
        selector: &Selector,
    ) -> Result<Page, Failure> {
        let current = self.store.version();
        let namespace = &target.path.namespace;
        let (version, after) = match &options.token {
            Some(token) => {
                let continued = continued(token, current, namespace)?;
                if !matches!(options.version.as_deref(), None | Some("0")) {
                    return Err(Failure::bad_request(
                        "specifying resource version is not allowed when using continue",
                    ));
                }
                continued
            }
            None => (version_asked_for(options, current)?, None),
        };
        let kind = target.kind();
        let mut objects = self
            .store
            .list_at(&kind, namespace, after.as_ref(), version)
            .map_err(|_| match &after {
                Some(after) => Failure::page_expired(&token(-1, after, namespace)),
                None => Failure::list_expired(),
            })?;
        if !selector.is_empty() {
            objects.retain(|stored| selector.matches(stored));
        }
        let mut rest = None;
        if let Some(limit) = options.limit.filter(|limit| objects.len() > *limit) {
            let remaining = objects.len() - limit;
            objects.truncate(limit);
            let version = i64::try_from(version).unwrap_or(i64::MAX);
            rest = objects
                .last()
                .map(|last| (remaining, token(version, &last.key, namespace)));
        }
        Ok(Page {
            objects,
            version,
            rest,
        })
    }
}

fn continued(
    token: &str,
    current: u64,
    namespace: &str,
) -> Result<(u64, Option<ObjectKey>), Failure> {
    let invalid = |why: &str| {
        Failure::bad_request(format!(
            "invalid continue token: continue key is not valid: {why}"
        ))
    };
    let bytes = URL_SAFE_NO_PAD
        .decode(token.trim_end_matches('='))
        .map_err(|error| match error {
            base64::DecodeError::InvalidByte(at, _) => {
                invalid(&format!("illegal base64 data at input byte {at}"))
            }
            other => invalid(&other.to_string()),
        })?;
    let token: Continue =
        serde_json::from_slice(&bytes).map_err(|_| {
            match String::from_utf8_lossy(&bytes).trim_start().chars().next() {
                Some(first) => invalid(&format!(
                    "invalid character '{first}' looking for beginning of value"
                )),
                None => invalid("unexpected end of JSON input"),
            }
        })?;
    if token.format != "meta.k8s.io/v1" {
        return Err(invalid(&format!(
            "server does not recognize this encoded version {}",
            token.format
        )));
    }
    if token.version == 0 {
        return Err(invalid(
            "incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
        ));
    }
    if token.start.is_empty() {
        return Err(invalid("encoded start key empty (version meta.k8s.io/v1)"));
    }
    let start = token.start.trim_end_matches('\0').trim_start_matches('/');
    let after = match start.split_once('/') {
        Some((namespace, name)) => ObjectKey::new(namespace, name),
        None => ObjectKey::new(namespace, start),
    };
    Ok((u64::try_from(token.version).unwrap_or(current), Some(after)))
}

/// The version that a first page shows.
fn version_asked_for(options: &ListOptions, current: u64) -> Result<u64, Failure> {
    let Some(text) = &options.version else {
        return Ok(current);
    };
    let asked = version_number(text)
        .map_err(|why| Failure::bad_request(format!("invalid resource version: {why}")))?;
    if asked > current {
        return Err(Failure::too_large_version(asked, current));
    }
    // Without a match, a limit has always asked for exactly the version.
    let is_exact = match options.version_match {
        Some(asked_match) => asked_match == Match::Exact,
        None => options.limit.is_some() && asked > 0,
    };
    Ok(if is_exact { asked } else { current })
}

fn token(version: i64, last: &ObjectKey, namespace: &str) -> String {
    let start = if last.namespace.is_empty() || !namespace.is_empty() {
        format!("/{}\0", last.name)
    } else {
        format!("/{}/{}\0", last.namespace, last.name)
    };
    let token = Continue {
        format: "meta.k8s.io/v1".to_owned(),
        version,
        start,
    };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).unwrap_or_default())
}
