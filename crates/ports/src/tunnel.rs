//! HTTP conversations with a program in a pod, whose answers come piece by piece.
//!
//! [`crate::proxy`] asks once and waits for the whole; here one stays connected, so that a program
//! that generates can be heard while it does, and several questions go over one connection.

use std::{fmt, time::Duration};

use futures::{future::BoxFuture, stream::BoxStream};
use strata_domain::ids::{ClusterId, ObjectKey};

use crate::{error::PortError, proxy::PodPort};

/// Makes ways to programs in pods.
pub trait TunnelMaker: Send + Sync {
    /// A way to `to`: by port forwarding, or where that is not permitted or not possible by the pod's
    /// proxy. Where neither is permitted the failure is forbidden and names both permissions.
    fn open(
        &self,
        cluster: &ClusterId,
        to: PodPort,
        within: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Tunnel>, PortError>>;
}

/// A way to a program in a pod, for one question at a time. Dropping it closes it.
pub trait Tunnel: Send {
    /// How it leads there.
    fn way(&self) -> Way;

    /// Asks, and gives the head of the answer as soon as it comes; whatever its status is. The answer
    /// before must have been read to its end. After a failure the tunnel is of no more use.
    ///
    /// A key can go by a forwarded port alone: the API server takes the header that carries it off
    /// what it proxies. The failure is unsupported then.
    fn ask(&mut self, question: Question) -> BoxFuture<'_, Result<Reply, PortError>>;
}

/// How a tunnel leads to its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Through a forwarded port (`create pods/portforward`).
    Forwarded,
    /// Through the API server's proxy (`get` and `create pods/proxy`).
    Proxied,
    /// To a port of this machine itself.
    Here,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The path, with its query where it has one.
    pub path: String,
    /// The JSON that is posted; none where it is only got.
    pub body: Option<Vec<u8>>,
    /// What the program is shown to be let in.
    pub key: Key,
}

/// The key that a program is shown, as a bearer's token.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Key {
    /// None.
    #[default]
    None,
    /// This one.
    Typed(String),
    /// What a Secret holds, read at the time and kept by nobody.
    Secret {
        /// The Secret.
        secret: ObjectKey,
        /// The field of its data.
        field: String,
    },
}

/// Says where a key comes from, never what it is.
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Typed(_) => formatter.write_str("Typed(…)"),
            Self::Secret { secret, field } => write!(formatter, "Secret({secret}, {field})"),
        }
    }
}

/// An answer.
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// What its body is, such as `text/event-stream`; empty where it does not tell.
    pub content_type: String,
    /// Its body, as it comes. A failure is the last item: the connection broke in the middle.
    pub body: BoxStream<'static, Result<Vec<u8>, PortError>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_shown() {
        let typed = format!("{:?}", Key::Typed("sk-secret".to_owned()));
        assert!(!typed.contains("sk-secret"), "{typed}");
    }
}
