//! What one points at: the things that a trace can start from, and their addresses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};

use crate::{ids::ObjectKey, text::Text};

/// A thing on the stack. Its text form is the part of an address after the view:
/// `component/kueue`, `application/llm-prod/InferenceService/chat-assist`,
/// `pod/llm-prod/chat-assist-0`, `queue/inference`, `node/gpu-h100-45`, `accelerator/H100 80GB`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A component of the catalogue, by its id.
    Component(Text),
    /// An application: the topmost object that owns its pods.
    Application {
        /// The topmost owner's kind.
        kind: Text,
        /// The topmost owner's namespace and name.
        key: ObjectKey,
    },
    /// A pod.
    Pod(ObjectKey),
    /// A cluster-wide queue: Kueue's ClusterQueue, Volcano's or KAI's Queue.
    Queue(Text),
    /// A node.
    Node(Text),
    /// A model of accelerator.
    Accelerator(Text),
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(id) => write!(formatter, "component/{id}"),
            Self::Application { kind, key } => {
                write!(
                    formatter,
                    "application/{}/{kind}/{}",
                    key.namespace, key.name
                )
            }
            Self::Pod(key) => write!(formatter, "pod/{}/{}", key.namespace, key.name),
            Self::Queue(name) => write!(formatter, "queue/{name}"),
            Self::Node(name) => write!(formatter, "node/{name}"),
            Self::Accelerator(model) => write!(formatter, "accelerator/{model}"),
        }
    }
}

/// The text names nothing that a trace can start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotASubject(pub String);

impl fmt::Display for NotASubject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` names nothing on the stack; expected component/ID, application/NAMESPACE/KIND/NAME, \
             pod/NAMESPACE/NAME, queue/NAME, node/NAME or accelerator/MODEL",
            self.0
        )
    }
}

impl std::error::Error for NotASubject {}

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            ["component", id] if !id.is_empty() => Ok(Self::Component(Text::from(*id))),
            ["application", namespace, kind, name] if !kind.is_empty() && !name.is_empty() => {
                Ok(Self::Application {
                    kind: Text::from(*kind),
                    key: ObjectKey::new(*namespace, *name),
                })
            }
            ["pod", namespace, name] if !name.is_empty() => {
                Ok(Self::Pod(ObjectKey::new(*namespace, *name)))
            }
            ["queue", name] if !name.is_empty() => Ok(Self::Queue(Text::from(*name))),
            ["node", name] if !name.is_empty() => Ok(Self::Node(Text::from(*name))),
            // A model's name is a vendor's text and may hold a slash.
            ["accelerator", model @ ..] if !model.is_empty() => {
                Ok(Self::Accelerator(Text::from(model.join("/"))))
            }
            _ => Err(NotASubject(text.to_owned())),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_subject() {
        for subject in [
            Subject::Component(Text::from("kueue")),
            Subject::Application {
                kind: Text::from("InferenceService"),
                key: ObjectKey::new("llm-prod", "chat-assist"),
            },
            Subject::Pod(ObjectKey::new("llm-prod", "chat-assist-0")),
            Subject::Queue(Text::from("inference")),
            Subject::Node(Text::from("gpu-h100-45")),
            Subject::Accelerator(Text::from("H100 80GB")),
        ] {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(
            "pod/x".parse::<Subject>(),
            Err(NotASubject("pod/x".to_owned()))
        );
    }
}
