//! Walking through a case.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::{Method, Request, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    answer::{self, Lines},
    case::{Case, Step},
    door::{Body, Door},
    expected::{Mismatch, compare},
    names::Names,
};

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(25);

/// Walks through `case` in a namespace of its own, up to the first step whose answer is not as
/// expected, and says what is wrong there. A place is the step's number and a place in its answer:
/// `2 /metadata/name`.
pub async fn run(door: &dyn Door, case: &Case, namespace: &str) -> Result<Vec<Mismatch>> {
    let mut names = Names::in_namespace(namespace);
    for step in beginning(case) {
        let wrong = walk(door, &step, &mut names).await?;
        anyhow::ensure!(wrong.is_empty(), "the namespace is not ready: {wrong:?}");
    }
    let wrong = walk_all(door, &case.steps, &mut names).await;
    let end = Step::asking("DELETE /api/v1/namespaces/$ns");
    walk(door, &end, &mut names).await?;
    wrong
}

/// A namespace, and the account in it without which no pod can be created there.
fn beginning(case: &Case) -> Vec<Step> {
    let mut namespace = Step::asking("POST /api/v1/namespaces");
    namespace.body = json!({ "metadata": { "name": "$ns" } });
    let mut steps = vec![namespace];
    let makes_pods = |step: &Step| step.request.starts_with("POST $core/pods");
    if case.steps.iter().any(makes_pods) {
        let mut account = Step::asking("UNTIL $core/serviceaccounts/default");
        account.expect = json!({ "metadata": { "name": "default" } });
        steps.push(account);
    }
    steps
}

/// Like [`walk`], for one step after the other.
fn walk_all<'a>(
    door: &'a dyn Door,
    steps: &'a [Step],
    names: &'a mut Names,
) -> BoxFuture<'a, Result<Vec<Mismatch>>> {
    async move {
        for (index, step) in steps.iter().enumerate() {
            let number = index + 1;
            let mut wrong = walk(door, step, names)
                .await
                .with_context(|| format!("in step {number}, {}", names.fill(&step.request)))?;
            if !wrong.is_empty() {
                for mismatch in &mut wrong {
                    mismatch.at = format!("{number} {}", mismatch.at);
                }
                return Ok(wrong);
            }
        }
        Ok(Vec::new())
    }
    .boxed()
}

/// Does one step.
async fn walk(door: &dyn Door, step: &Step, names: &mut Names) -> Result<Vec<Mismatch>> {
    let verb = step.verb();
    let expected = names.fill_in(&step.expect);
    if verb == "WATCH" {
        return watch(door, step, &expected, names).await;
    }
    let begun = Instant::now();
    loop {
        let (mut wrong, response) = ask(door, step, names).await?;
        // Where a refusal was expected and a stream opened, the body does not end.
        let found = timeout(door.patience(), answer::read(response.into_body()))
            .await
            .context("the answer does not end")??;
        if let Some(status) = wrong.first_mut() {
            status.message = format!("{}: {found}", status.message);
        } else if !expected.is_null() {
            wrong = compare(&expected, Some(&found));
        }
        if verb == "UNTIL" && !wrong.is_empty() && begun.elapsed() < door.patience() {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        if wrong.is_empty() {
            wrong = save(step, &found, names);
        }
        return Ok(wrong);
    }
}

/// Sends a step's request and compares the status and the headers of its answer.
async fn ask(
    door: &dyn Door,
    step: &Step,
    names: &Names,
) -> Result<(Vec<Mismatch>, Response<Body>)> {
    let response = door.send(step.to_request(names)?).await?;
    let status = response.status().as_u16();
    let wanted = step
        .status
        .unwrap_or(if step.verb() == "POST" { 201 } else { 200 });
    let mut wrong = Vec::new();
    if status != wanted {
        wrong.push(Mismatch::new(
            "status",
            &json!(wanted),
            Some(&json!(status)),
        ));
    }
    for (name, wanted) in &step.answers {
        let value = response.headers().get(name);
        let value = value.map(|value| json!(String::from_utf8_lossy(value.as_bytes())));
        wrong.extend(
            compare(wanted, value.as_ref())
                .into_iter()
                .map(|mismatch| Mismatch {
                    at: format!("header {name}"),
                    ..mismatch
                }),
        );
    }
    Ok((wrong, response))
}

/// Opens a watch, does what is to be done meanwhile, and reads as many events as are expected.
async fn watch(
    door: &dyn Door,
    step: &Step,
    expected: &Value,
    names: &mut Names,
) -> Result<Vec<Mismatch>> {
    let (wrong, response) = ask(door, step, names).await?;
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    let wrong = walk_all(door, &step.meanwhile, names).await?;
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    // What happened meanwhile may have named what is expected.
    let expected = names.fill_in(expected);
    let count = expected.as_array().map_or(0, Vec::len);
    let mut lines = Lines::of(response.into_body());
    let mut events = Vec::new();
    while events.len() < count || step.ends {
        match timeout(door.patience(), lines.next()).await {
            Ok(line) => match line? {
                Some(event) => events.push(event),
                None => break,
            },
            Err(_) => anyhow::bail!("waited in vain after {}", Value::from(events)),
        }
    }
    let found = Value::from(events);
    let wrong = compare(&expected, Some(&found));
    Ok(if wrong.is_empty() {
        save(step, &found, names)
    } else {
        wrong
    })
}

/// Keeps what later steps need.
fn save(step: &Step, found: &Value, names: &mut Names) -> Vec<Mismatch> {
    let mut wrong = Vec::new();
    for (name, place) in &step.save {
        match found.pointer(place) {
            Some(Value::String(text)) => names.set(name, text.clone()),
            Some(value) if !value.is_null() => names.set(name, value.to_string()),
            _ => wrong.push(Mismatch::new(place, &json!("<any>"), None)),
        }
    }
    wrong
}

impl Step {
    /// A request without anything else.
    fn asking(request: &str) -> Self {
        Self {
            request: request.to_owned(),
            body: Value::Null,
            with: Value::Null,
            headers: std::collections::BTreeMap::default(),
            status: None,
            answers: std::collections::BTreeMap::default(),
            expect: Value::Null,
            save: std::collections::BTreeMap::default(),
            meanwhile: Vec::new(),
            ends: false,
        }
    }

    fn verb(&self) -> &str {
        self.request.split(' ').next().unwrap_or_default()
    }

    fn to_request(&self, names: &Names) -> Result<Request<Bytes>> {
        let (verb, path) = self.request.split_once(' ').context("a verb and a path")?;
        let json = "application/json";
        let (method, content_type) = match verb {
            "GET" | "UNTIL" | "WATCH" => (Method::GET, json),
            "JSON-PATCH" => (Method::PATCH, "application/json-patch+json"),
            "MERGE" => (Method::PATCH, "application/merge-patch+json"),
            "STRATEGIC" => (Method::PATCH, "application/strategic-merge-patch+json"),
            "APPLY" => (Method::PATCH, "application/apply-patch+yaml"),
            other => (other.parse()?, json),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(names.fill(path))
            .header("user-agent", "contract/1.0");
        let own = |name: &str| self.headers.keys().any(|header| header == name);
        if !own("accept") {
            request = request.header("accept", json);
        }
        if !self.body.is_null() && !own("content-type") {
            request = request.header("content-type", content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, names.fill(value));
        }
        let body = match &self.body {
            Value::Null => Bytes::new(),
            // Text is sent as it stands: it is no JSON, or not what a value can be.
            Value::String(text) => Bytes::from(names.fill(text)),
            body => Bytes::from(names.fill_in(body).to_string()),
        };
        Ok(request.body(body)?)
    }
}
