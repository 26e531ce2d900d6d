//! Autoscalers of pods, and the webhooks of admission.

use serde::Deserialize;

use super::{meta::ObjectMeta, values::nullable};

/// `autoscaling.v2.HorizontalPodAutoscaler`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct PodAutoscaler {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: PodAutoscalerSpec,
}

/// `autoscaling.v2.HorizontalPodAutoscalerSpec`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodAutoscalerSpec {
    #[prost(message, required, tag = "1")]
    pub(crate) scale_target_ref: ScaleTarget,
    #[prost(message, repeated, tag = "4")]
    #[serde(deserialize_with = "nullable")]
    pub(crate) metrics: Vec<Metric>,
}

/// `autoscaling.v2.CrossVersionObjectReference`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct ScaleTarget {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
}

/// `autoscaling.v2.MetricSpec`, by its sort alone.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct Metric {
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// Declares a configuration of webhooks: the two kinds differ in nothing that is kept.
macro_rules! webhook_configuration {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, prost::Message, Deserialize)]
        #[serde(default)]
        pub(crate) struct $name {
            #[prost(message, required, tag = "1")]
            pub(crate) metadata: ObjectMeta,
            #[prost(message, repeated, tag = "2")]
            #[serde(deserialize_with = "nullable")]
            pub(crate) webhooks: Vec<Webhook>,
        }
    };
}

webhook_configuration! {
    /// `admissionregistration.v1.ValidatingWebhookConfiguration`.
    ValidatingWebhooks
}
webhook_configuration! {
    /// `admissionregistration.v1.MutatingWebhookConfiguration`.
    MutatingWebhooks
}

/// `admissionregistration.v1.ValidatingWebhook`, by who answers.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Webhook {
    #[prost(message, required, tag = "2")]
    pub(crate) client_config: WebhookClient,
}

/// `admissionregistration.v1.WebhookClientConfig`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct WebhookClient {
    #[prost(message, optional, tag = "1")]
    pub(crate) service: Option<WebhookService>,
}

/// `admissionregistration.v1.ServiceReference`.
#[derive(Clone, PartialEq, prost::Message, Deserialize)]
#[serde(default)]
pub(crate) struct WebhookService {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
}
