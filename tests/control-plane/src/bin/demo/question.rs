//! What both are asked, and how long the answer took.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use http_body_util::BodyExt as _;
use kube::{Client, client::Body};
use serde::Deserialize;
use serde_json::Value;

/// A request, as one client and another makes it.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) name: &'static str,
    accept: &'static str,
    path: &'static str,
    /// Whether the pages that follow are read as well.
    is_paged: bool,
}

/// What kubectl asks for.
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";

/// The questions, in the order of the table.
pub(crate) const QUESTIONS: &[Question] = &[
    Question {
        name: "all pods, protobuf",
        accept: "application/vnd.kubernetes.protobuf",
        path: "/api/v1/pods",
        is_paged: false,
    },
    Question {
        name: "all pods, JSON",
        accept: "application/json",
        path: "/api/v1/pods",
        is_paged: false,
    },
    Question {
        name: "all pods, JSON, in pages of 500",
        accept: "application/json",
        path: "/api/v1/pods?limit=500",
        is_paged: true,
    },
    Question {
        name: "the first 500 pods, as kubectl's table",
        accept: TABLE,
        path: "/api/v1/pods?limit=500",
        is_paged: false,
    },
    Question {
        name: "the pods of one node, JSON",
        accept: "application/json",
        path: "/api/v1/pods?fieldSelector=spec.nodeName%3DNODE",
        is_paged: false,
    },
    Question {
        name: "all nodes, JSON",
        accept: "application/json",
        path: "/api/v1/nodes",
        is_paged: false,
    },
];

/// What an answer took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// From the request to the last byte.
    pub(crate) wall: Duration,
    pub(crate) bytes: u64,
}

impl Question {
    /// Asks, and reads the whole answer without keeping it.
    pub(crate) async fn ask(&self, client: &Client) -> Result<Answer> {
        let path = match self.path.split_once("NODE") {
            Some((before, after)) => format!("{before}{}{after}", first_node(client).await?),
            None => self.path.to_owned(),
        };
        let start = Instant::now();
        let mut bytes = 0;
        let mut next = Some(path.clone());
        while let Some(asked) = next.take() {
            let answer = get(client, &asked, self.accept).await?;
            if self.is_paged {
                let page = answer.collect().await?.to_bytes();
                bytes += u64::try_from(page.len())?;
                next = following(&page)?.map(|token| format!("{path}&continue={token}"));
            } else {
                bytes += length(answer).await?;
            }
        }
        Ok(Answer {
            wall: start.elapsed(),
            bytes,
        })
    }
}

/// How many objects a list has, without reading them.
pub(crate) async fn count(client: &Client, path: &str) -> Result<usize> {
    let page = page(client, &format!("{path}?limit=1")).await?;
    let rest = page
        .pointer("/metadata/remainingItemCount")
        .and_then(Value::as_u64);
    let shown = page
        .pointer("/items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    Ok(shown + usize::try_from(rest.unwrap_or(0))?)
}

/// The name of a node.
async fn first_node(client: &Client) -> Result<String> {
    let page = page(client, "/api/v1/nodes?limit=1").await?;
    let name = page
        .pointer("/items/0/metadata/name")
        .and_then(Value::as_str);
    Ok(name.context("there is no node")?.to_owned())
}

async fn page(client: &Client, path: &str) -> Result<Value> {
    let answer = get(client, path, "application/json").await?;
    Ok(serde_json::from_slice(&answer.collect().await?.to_bytes())?)
}

async fn get(client: &Client, path: &str, accept: &str) -> Result<Body> {
    let request = http::Request::get(path)
        .header(http::header::ACCEPT, accept)
        .body(Body::empty())?;
    let answer = client.send(request).await?;
    ensure!(answer.status().is_success(), "{path}: {}", answer.status());
    Ok(answer.into_body())
}

/// Reads an answer without keeping it.
async fn length(mut answer: Body) -> Result<u64> {
    let mut bytes = 0;
    while let Some(frame) = answer.frame().await {
        if let Ok(part) = frame?.into_data() {
            bytes += u64::try_from(part.len())?;
        }
    }
    Ok(bytes)
}

/// What of a page says where the next begins.
#[derive(Deserialize)]
struct Page {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default, rename = "continue")]
    next: String,
}

/// The token of the page after this one.
fn following(page: &[u8]) -> Result<Option<String>> {
    let page: Page = serde_json::from_slice(page)?;
    Ok(Some(page.metadata.next).filter(|token| !token.is_empty()))
}
