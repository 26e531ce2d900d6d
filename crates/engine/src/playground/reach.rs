//! The way to a server: which pods, which port, what stands before the paths, and the key.

use std::{sync::Arc, time::Duration};

use strata_api::{
    error::{ApiError, ErrorCode},
    playground::{ModelServer, Prompt, SecretField, ServedModel, ServerKey},
    rows::playground::TrialFault,
};
use strata_domain::{
    ids::{ClusterId, ObjectKey},
    text::Text,
};
use strata_ports::{
    error::{PortError, PortErrorKind},
    objects::ObjectAddress,
    proxy::PodPort,
    tunnel::{Key, Question, Tunnel, TunnelMaker, Way},
};
use tokio::time::timeout;

use super::{exchange, here, openai, place, servers::FoundServer};
use crate::{engine::ask, error::of_port, inbox::Command, operations::Operations};

/// How long a way may take to be made.
const OPENING: Duration = Duration::from_secs(20);

/// The way to a server.
#[derive(Clone)]
pub(crate) struct Reach {
    tunnels: Arc<dyn TunnelMaker>,
    /// The cluster.
    pub(crate) cluster: ClusterId,
    /// The pods that are ready, each with its port; never none.
    pub(crate) pods: Arc<[PodPort]>,
    /// What stands before `/chat/completions`.
    pub(crate) base: String,
    /// What the server is shown.
    pub(crate) key: Key,
    /// The Secret that its key comes from, as far as its pod names one.
    pub(crate) secret: Option<SecretField>,
    /// The models that it is known to serve.
    pub(crate) models: Vec<String>,
}

impl Reach {
    /// Finds the way to `server`: its pods as the fleet knows them, and the manifest of one of them.
    pub(crate) async fn find(
        operations: &Operations,
        server: &ModelServer,
        key: &ServerKey,
    ) -> Result<Self, ApiError> {
        if server.cluster.is_empty() {
            return Self::here(operations, server, key).await;
        }
        let found: FoundServer = ask(&operations.commands, |reply| Command::FindServer {
            server: server.clone(),
            reply,
        })
        .await?;
        let called = called(server);
        let first = found.ready.first().ok_or_else(|| {
            let message = format!("no pod of {called} is ready; try again once one is");
            ApiError::new(ErrorCode::Unavailable, message)
        })?;
        let cluster = ClusterId(Text::from(server.cluster.as_str()));
        let pod = ObjectAddress::new("", "Pod", &first.namespace, &first.name);
        let pod = operations
            .objects
            .get(&cluster, pod)
            .await
            .map_err(|error| of_port(&error))?;
        let place = place::of_pod(&pod, &operations.catalog, &found.openai).ok_or_else(|| {
            let message = format!(
                "{called} was started without OpenAI's interface: its command line names no \
                 `{}`",
                found.openai.command
            );
            ApiError::new(ErrorCode::Unsupported, message)
        })?;
        let pods = found.ready.iter().map(|pod| PodPort {
            pod: pod.clone(),
            port: place.port,
            is_tls: place.is_tls,
        });
        Ok(Self {
            tunnels: Arc::clone(&operations.tunnels),
            cluster,
            pods: pods.collect(),
            base: place.base,
            key: match key {
                ServerKey::Nobody => Key::None,
                ServerKey::Typed { key } => Key::Typed(key.0.clone()),
                ServerKey::Secret { secret } => Key::Secret {
                    secret: ObjectKey::new(server.namespace.as_str(), secret.name.as_str()),
                    field: secret.field.clone(),
                },
            },
            secret: place.secret,
            models: found.models,
        })
    }

    /// The way to a container or model of this machine.
    async fn here(
        operations: &Operations,
        server: &ModelServer,
        key: &ServerKey,
    ) -> Result<Self, ApiError> {
        let key = match key {
            ServerKey::Nobody => Key::None,
            ServerKey::Typed { key } => Key::Typed(key.0.clone()),
            ServerKey::Secret { .. } => {
                let message = "this machine has no Secrets; type the key";
                return Err(ApiError::new(ErrorCode::InvalidInput, message));
            }
        };
        let place = here::place(&operations.containers, server).await?;
        Ok(Self {
            tunnels: Arc::new(here::Loopback(Arc::clone(&operations.containers))),
            cluster: ClusterId(Text::from("")),
            pods: [place].into(),
            base: here::BASE.to_owned(),
            key,
            secret: None,
            models: Vec::new(),
        })
    }

    /// The way to `pods` through `tunnels`, without a key.
    #[cfg(test)]
    pub(super) fn to(
        tunnels: Arc<dyn TunnelMaker>,
        cluster: ClusterId,
        pods: Vec<PodPort>,
    ) -> Self {
        Self {
            tunnels,
            cluster,
            pods: pods.into(),
            base: "/v1".to_owned(),
            key: Key::None,
            secret: None,
            models: Vec::new(),
        }
    }

    /// The pod whose turn it is.
    pub(crate) fn pod(&self, turn: usize) -> Option<&PodPort> {
        self.pods.get(turn % self.pods.len().max(1))
    }

    /// A way to the pod whose turn it is.
    pub(crate) async fn open(&self, turn: usize) -> Result<Box<dyn Tunnel>, TrialFault> {
        let made = self.make(turn).await;
        made.map_err(|error| exchange::unreached(&error))
    }
}

/// What a server told of its models.
pub(crate) struct ToldModels {
    /// The list; none where it has none, or does not show it.
    pub(crate) models: Option<Vec<ServedModel>>,
    /// The way that was taken.
    pub(crate) way: Way,
    /// Whether it wants a key, or another one.
    pub(crate) wants_key: bool,
}

impl Reach {
    /// Asks one of the pods for its models.
    pub(crate) async fn models(&self) -> Result<ToldModels, ApiError> {
        let mut tunnel = self.make(0).await.map_err(|error| of_port(&error))?;
        let way = tunnel.way();
        let question = Question {
            path: openai::models_path(&self.base),
            body: None,
            key: self.key.clone(),
        };
        let asked = timeout(OPENING, async {
            let mut reply = tunnel.ask(question).await?;
            let body = exchange::whole(&mut reply.body).await?;
            Ok((reply.status, body))
        });
        let Ok(answered) = asked.await else {
            let message = format!("the server said nothing for {} s", OPENING.as_secs());
            return Err(ApiError::new(ErrorCode::Timeout, message));
        };
        let (status, body) = answered.map_err(|error| of_port(&error))?;
        let told = |models, wants_key| {
            Ok(ToldModels {
                models,
                way,
                wants_key,
            })
        };
        match status {
            200..=299 => told(openai::models(&body), false),
            401 | 403 => told(None, true),
            // Not every server has the list.
            404 | 405 => told(None, false),
            _ => Err(ApiError {
                code: ErrorCode::Unavailable,
                message: "the server does not tell its models".to_owned(),
                causes: vec![openai::fault(status, &body).said],
            }),
        }
    }

    /// Which of the pods is asked: a conversation stays with one, whose prefix cache knows it.
    pub(crate) fn turn_of(&self, prompt: &Prompt) -> usize {
        let begins = match prompt {
            Prompt::Chat { messages } => messages.first().map_or("", |message| &message.content),
            Prompt::Completion { text } => text,
        };
        let sum = begins.bytes().fold(0_usize, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        sum % self.pods.len().max(1)
    }

    async fn make(&self, turn: usize) -> Result<Box<dyn Tunnel>, PortError> {
        let Some(pod) = self.pod(turn).cloned() else {
            let message = "the server has no pod";
            return Err(PortError::new(PortErrorKind::Unavailable, message));
        };
        self.tunnels.open(&self.cluster, pod, OPENING).await
    }
}

/// `Deployment llm-prod/chat`.
pub(crate) fn called(server: &ModelServer) -> String {
    format!("{} {}/{}", server.kind, server.namespace, server.name)
}
