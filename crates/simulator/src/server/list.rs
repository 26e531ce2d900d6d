//! Lists: whole or in pages, each page of the same moment.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use strata_domain::ids::ObjectKey;

use super::{
    ResponseBody, Server, Target, accept::Form, failure::Failure, json_response, query::Query,
    selector::Selector,
};
use crate::store::Stored;

/// What a `continue` token says: the version of the list, and after which key it goes on. The
/// format is the real server's (`k8s.io/apiserver/pkg/storage/continue.go`).
#[derive(Debug, Serialize, Deserialize)]
struct Continue {
    #[serde(rename = "v")]
    format: String,
    /// The version; −1 for "as it is now".
    #[serde(rename = "rv")]
    version: i64,
    /// `/NAMESPACE/NAME\0` or `NAME\0`.
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
        form: Form,
    ) -> Result<Response<ResponseBody>, Failure> {
        let selector = Selector::read(query, &target.kind())?;
        let page = self.page(target, query, &selector)?;
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
        let (kind, api_version) = match form {
            Form::Object => (
                format!("{}List", target.resource.response_kind.kind),
                target.api_version(),
            ),
            Form::Metadata => (
                "PartialObjectMetadataList".to_owned(),
                "meta.k8s.io/v1".to_owned(),
            ),
        };
        let mut bytes = format!(
            "{{\"kind\":\"{kind}\",\"apiVersion\":\"{api_version}\",\"metadata\":{metadata},\"items\":["
        )
        .into_bytes();
        for (at, stored) in page.objects.iter().enumerate() {
            if at > 0 {
                bytes.push(b',');
            }
            if form == Form::Object && !target.is_custom() {
                bytes.extend_from_slice(&stored.json);
            } else {
                target.write(stored, form, &mut bytes);
            }
        }
        bytes.extend_from_slice(b"]}\n");
        Ok(json_response(StatusCode::OK, bytes))
    }

    fn page(
        &self,
        target: &Target<'_>,
        query: &Query,
        selector: &Selector,
    ) -> Result<Page, Failure> {
        let current = self.store.version();
        let (version, after) = match query.get("continue") {
            Some(token) => continued(token, current)?,
            None => (version_asked_for(query, current)?, None),
        };
        let kind = target.kind();
        let namespace = &target.path.namespace;
        let mut objects = self
            .store
            .list_at(&kind, namespace, after.as_ref(), version)
            .map_err(|expired| match &after {
                Some(after) => Failure::page_expired(&token(-1, after)),
                None => Failure::expired(version, expired.oldest),
            })?;
        if !selector.is_empty() {
            objects.retain(|stored| selector.matches(stored));
        }
        let limit = query
            .number("limit")
            .and_then(|limit| usize::try_from(limit).ok());
        let mut rest = None;
        if let Some(limit) = limit.filter(|limit| *limit > 0 && objects.len() > *limit) {
            let remaining = objects.len() - limit;
            objects.truncate(limit);
            let version = i64::try_from(version).unwrap_or(i64::MAX);
            rest = objects
                .last()
                .map(|last| (remaining, token(version, &last.key)));
        }
        Ok(Page {
            objects,
            version,
            rest,
        })
    }
}

fn continued(token: &str, current: u64) -> Result<(u64, Option<ObjectKey>), Failure> {
    let invalid = |why: &str| Failure::bad_request(format!("continue key is not valid: {why}"));
    let bytes = URL_SAFE_NO_PAD
        .decode(token.trim_end_matches('='))
        .map_err(|error| invalid(&error.to_string()))?;
    let token: Continue =
        serde_json::from_slice(&bytes).map_err(|error| invalid(&error.to_string()))?;
    if token.format != "meta.k8s.io/v1" {
        return Err(invalid("server does not recognize this encoded version"));
    }
    let start = token.start.trim_end_matches('\0').trim_start_matches('/');
    let after = match start.split_once('/') {
        Some((namespace, name)) => ObjectKey::new(namespace, name),
        None => ObjectKey::new("", start),
    };
    Ok((u64::try_from(token.version).unwrap_or(current), Some(after)))
}

/// The version that a first page shows.
fn version_asked_for(query: &Query, current: u64) -> Result<u64, Failure> {
    let Some(text) = query.get("resourceVersion") else {
        return Ok(current);
    };
    let asked: u64 = text
        .parse()
        .map_err(|_| Failure::bad_request(format!("resourceVersion: Invalid value: {text:?}")))?;
    if asked > current {
        return Err(Failure::too_large_version(asked, current));
    }
    match query.get("resourceVersionMatch") {
        Some("Exact") => Ok(asked),
        _ => Ok(current),
    }
}

fn token(version: i64, last: &ObjectKey) -> String {
    let start = if last.namespace.is_empty() {
        format!("{}\0", last.name)
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
