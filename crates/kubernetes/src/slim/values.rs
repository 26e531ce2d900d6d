//! The small values inside objects: times, quantities, conditions.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error as _};

/// `meta.v1.Time`: seconds and nanoseconds in protobuf, RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

impl Time {
    /// The moment; none for Go's zero time, which protobuf writes as an empty message.
    pub(crate) fn moment(self) -> Option<Timestamp> {
        if self == Self::default() {
            return None;
        }
        Timestamp::new(self.seconds, self.nanos).ok()
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let moment: Timestamp = text.parse().map_err(D::Error::custom)?;
        Ok(Self {
            seconds: moment.as_second(),
            nanos: moment.subsec_nanosecond(),
        })
    }
}

/// The moment of an optional time.
pub(crate) fn moment(time: Option<Time>) -> Option<Timestamp> {
    time.and_then(Time::moment)
}

/// `resource.Quantity`: a message with one string in protobuf, a string or a number in JSON.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Quantity {
    #[prost(string, tag = "1")]
    pub(crate) text: String,
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(serde_json::Number),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        };
        Ok(Self { text })
    }
}

/// `core.v1.ResourceList`. The API server writes its keys sorted, in both encodings.
pub(crate) type ResourceList = BTreeMap<String, Quantity>;

/// Declares a kind of condition: JSON spells them all alike, protobuf numbers them in three ways.
macro_rules! condition {
    ($(#[$doc:meta])* $name:ident, since = $since:literal, reason = $reason:literal, message = $message:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, prost::Message, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub(crate) struct $name {
            #[prost(string, tag = "1")]
            #[serde(rename = "type")]
            pub(crate) kind: String,
            #[prost(string, tag = "2")]
            pub(crate) status: String,
            #[prost(message, optional, tag = $since)]
            pub(crate) last_transition_time: Option<Time>,
            #[prost(string, tag = $reason)]
            pub(crate) reason: String,
            #[prost(string, tag = $message)]
            pub(crate) message: String,
        }

        impl From<$name> for AnyCondition {
            fn from(condition: $name) -> Self {
                Self {
                    kind: condition.kind,
                    status: condition.status,
                    since: moment(condition.last_transition_time),
                    reason: condition.reason,
                    message: condition.message,
                }
            }
        }
    };
}

condition! {
    /// The condition of a pod, a node, a namespace, a job, and `meta.v1.Condition`.
    ProbedCondition, since = "4", reason = "5", message = "6"
}
condition! {
    /// The condition of a stateful, daemon or replica set, of an API service and a definition.
    SetCondition, since = "3", reason = "4", message = "5"
}
condition! {
    /// The condition of a deployment.
    DeploymentCondition, since = "7", reason = "4", message = "5"
}

/// A condition of any kind.
pub(crate) struct AnyCondition {
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) since: Option<Timestamp>,
    pub(crate) reason: String,
    pub(crate) message: String,
}

/// Reads `null` as the default: Go writes an empty list so where `omitempty` is missing.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
