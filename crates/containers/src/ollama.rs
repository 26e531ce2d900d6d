//! Ollama, by its own API on loopback.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, stream, stream::BoxStream};
use jiff::Timestamp;
use reqwest::{Client, Method, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use strata_ports::{
    containers::{Container, GpuAccess, Place, PlaceState, PullStep, Room, Runtime, RuntimeKind},
    error::{PortError, PortErrorKind},
};

/// How long it may take to say that it is there.
const GREETING: Duration = Duration::from_secs(2);
/// How long a model may take to be loaded.
const LOADING: Duration = Duration::from_mins(10);
/// The most bytes of a line that tells how far a pull is.
const LINE: usize = 64 * 1024;

/// Ollama at an address.
#[derive(Clone, Debug)]
pub(crate) struct Ollama {
    client: Client,
    address: String,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Models {
    models: Vec<Model>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Model {
    name: String,
    size: u64,
    size_vram: u64,
    modified_at: String,
}

/// A line that tells how far a pull is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pulled {
    status: String,
    digest: String,
    total: u64,
    completed: u64,
    error: String,
}

impl Ollama {
    pub(crate) fn at(address: String) -> Self {
        // It is asked on this machine, never through a proxy.
        let client = Client::builder().no_proxy().build().unwrap_or_default();
        Self { client, address }
    }

    /// What it is; none where it does not answer.
    pub(crate) async fn told(&self) -> Option<Runtime> {
        let asked = self.ask(Method::GET, "/api/version", None);
        let answer = tokio::time::timeout(GREETING, asked).await.ok()?.ok()?;
        let version: Version = answer.json().await.ok()?;
        Some(Runtime {
            kind: RuntimeKind::Ollama,
            version: version.version,
            place: self.address.clone(),
            gpus: GpuAccess::Own,
        })
    }

    /// What is where it listens; nothing is said where it is not asked.
    pub(crate) async fn place(&self) -> Option<Place> {
        if self.address.is_empty() {
            return None;
        }
        let state = if self.told().await.is_some() {
            PlaceState::Answers
        } else {
            PlaceState::Absent
        };
        Some(Place {
            kind: RuntimeKind::Ollama,
            place: self.address.clone(),
            state,
        })
    }

    /// What bears on whether `model` can be loaded now. Where its models lie Ollama does not tell.
    pub(crate) async fn room(&self, model: &str) -> Result<Room, PortError> {
        let here = self.models().await?;
        Ok(Room {
            has_image: here.iter().any(|one| one.name == with_tag(model)),
            ..Room::default()
        })
    }

    /// Its models, and whether each is in memory.
    pub(crate) async fn models(&self) -> Result<Vec<Container>, PortError> {
        let here: Models = self.read("/api/tags").await?;
        let loaded: Models = self.read("/api/ps").await?;
        let models = here.models.into_iter().map(|model| {
            let running = loaded.models.iter().find(|one| one.name == model.name);
            let status = match running {
                Some(one) if one.size_vram >= one.size => "loaded on the GPU".to_owned(),
                Some(one) if one.size_vram > 0 => "loaded, a part of it on the GPU".to_owned(),
                Some(_) => "loaded in main memory".to_owned(),
                None => "on disk".to_owned(),
            };
            Container {
                name: model.name,
                image: gibibytes(model.size),
                is_running: running.is_some(),
                status,
                ports: Vec::new(),
                recipe: String::new(),
                exit_code: None,
                gpus: None,
                made_at: model.modified_at.parse::<Timestamp>().ok(),
            }
        });
        Ok(models.collect())
    }

    /// Fetches a model.
    pub(crate) async fn pull(
        &self,
        model: &str,
    ) -> Result<BoxStream<'static, Result<PullStep, PortError>>, PortError> {
        let answer = self
            .ask(Method::POST, "/api/pull", Some(pulling(model)))
            .await?;
        Ok(steps(answer))
    }

    /// Has it load a model, and keep it until it is told otherwise.
    pub(crate) async fn load(&self, model: &str) -> Result<(), PortError> {
        self.keep(model, -1).await
    }

    /// Has it take a model out of memory.
    pub(crate) async fn unload(&self, model: &str) -> Result<(), PortError> {
        self.keep(model, 0).await
    }

    async fn keep(&self, model: &str, alive: i32) -> Result<(), PortError> {
        let body = keeping(model, alive);
        let asked = self.ask(Method::POST, "/api/generate", Some(body));
        let answer = tokio::time::timeout(LOADING, asked).await;
        answer.map_err(|_| {
            PortError::new(
                PortErrorKind::Timeout,
                format!("Ollama did not load {model} in 10 minutes"),
            )
        })??;
        Ok(())
    }

    /// Has it delete a model.
    pub(crate) async fn delete(&self, model: &str) -> Result<(), PortError> {
        let body = json!({ "model": model });
        self.ask(Method::DELETE, "/api/delete", Some(body)).await?;
        Ok(())
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, PortError> {
        let answer = self.ask(Method::GET, path, None).await?;
        answer.json().await.map_err(|error| {
            let message = format!("Ollama's answer to {path} cannot be read");
            PortError::new(PortErrorKind::Internal, message).because(error)
        })
    }

    /// Asks, and has a refusal in Ollama's own words.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, PortError> {
        if self.address.is_empty() {
            let message = "Ollama is not asked on this machine";
            return Err(PortError::new(PortErrorKind::Unavailable, message));
        }
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.address));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.map_err(|error| {
            let message = format!("Ollama does not answer at {}", self.address);
            PortError::new(PortErrorKind::Unavailable, message).because(error)
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let said = answer.text().await.unwrap_or_default();
        let refused: Pulled = serde_json::from_str(&said).unwrap_or_default();
        let kind = match status.as_u16() {
            404 => PortErrorKind::NotFound,
            400 => PortErrorKind::InvalidInput,
            _ => PortErrorKind::Unavailable,
        };
        let why = if refused.error.is_empty() {
            status.to_string()
        } else {
            refused.error
        };
        Err(PortError::new(kind, format!("Ollama: {why}")))
    }
}

/// Both requests that have a model fetched and loaded: what is sent is what is shown.
pub(crate) fn requests(model: &str) -> Value {
    json!({ "POST /api/pull": pulling(model), "POST /api/generate": keeping(model, -1) })
}

fn pulling(model: &str) -> Value {
    json!({ "model": model, "stream": true })
}

fn keeping(model: &str, alive: i32) -> Value {
    json!({ "model": model, "keep_alive": alive, "stream": false })
}

/// A model as Ollama lists it: without a tag it is the latest.
fn with_tag(model: &str) -> String {
    let last = model.rsplit('/').next().unwrap_or(model);
    if last.contains(':') {
        model.to_owned()
    } else {
        format!("{model}:latest")
    }
}

/// An answer that comes line by line, and what was fetched of each layer.
struct Lines {
    answer: Response,
    read: Vec<u8>,
    layers: BTreeMap<String, (u64, u64)>,
    is_ended: bool,
}

fn steps(answer: Response) -> BoxStream<'static, Result<PullStep, PortError>> {
    let lines = Lines {
        answer,
        read: Vec::new(),
        layers: BTreeMap::new(),
        is_ended: false,
    };
    stream::unfold(lines, |mut lines| async move {
        let step = lines.next().await?;
        Some((step, lines))
    })
    .boxed()
}

impl Lines {
    async fn next(&mut self) -> Option<Result<PullStep, PortError>> {
        if self.is_ended {
            return None;
        }
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some(self.step(&line));
            }
            match self.answer.chunk().await {
                Ok(Some(chunk)) if self.read.len() < LINE => self.read.extend_from_slice(&chunk),
                Ok(None) => {
                    self.is_ended = true;
                    let rest = std::mem::take(&mut self.read);
                    return (!rest.is_empty()).then(|| self.step(&rest));
                }
                Ok(Some(_)) => return Some(self.broken("a line that does not end")),
                Err(error) => return Some(self.broken(&error.to_string())),
            }
        }
    }

    fn step(&mut self, line: &[u8]) -> Result<PullStep, PortError> {
        let Ok(told) = serde_json::from_slice::<Pulled>(line) else {
            return self.broken("a line that is no JSON");
        };
        if !told.error.is_empty() {
            self.is_ended = true;
            let message = format!("Ollama: {}", told.error);
            return Err(PortError::new(PortErrorKind::Unavailable, message));
        }
        if told.total > 0 {
            let done = told.completed.min(told.total);
            self.layers.insert(told.digest, (done, told.total));
        }
        Ok(PullStep {
            status: told.status,
            done_bytes: self.layers.values().map(|(done, _)| done).sum(),
            total_bytes: self.layers.values().map(|(_, total)| total).sum(),
        })
    }

    fn broken(&mut self, why: &str) -> Result<PullStep, PortError> {
        self.is_ended = true;
        let message = format!("Ollama's answer broke off: {why}");
        Err(PortError::new(PortErrorKind::Unavailable, message))
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}
