//! The four commands of the contract.
#![expect(clippy::let_underscore_must_use, reason = "written by Tauri's macro")]

use serde_json::Value;
use strata_api::{error::ApiError, frames::Frame, topics::Topic};
use strata_app::{Engine, SubscriptionId};
use tauri::{State, ipc::Channel};

use crate::channel_sink::ChannelSink;

#[tauri::command]
pub(crate) async fn call(
    engine: State<'_, Engine>,
    operation: String,
    request: Value,
) -> Result<Value, ApiError> {
    engine.call(&operation, request).await
}

#[tauri::command]
pub(crate) async fn subscribe(
    engine: State<'_, Engine>,
    topic: Topic,
    channel: Channel<Frame>,
) -> Result<u32, ApiError> {
    let subscription = engine
        .subscribe(topic, Box::new(ChannelSink(channel)))
        .await?;
    Ok(subscription.0)
}

#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands its state over by value"
)]
pub(crate) fn acknowledge(engine: State<'_, Engine>, subscription: u32, seq: u32) {
    engine.acknowledge(SubscriptionId(subscription), seq);
}

#[tauri::command]
#[expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands its state over by value"
)]
pub(crate) fn unsubscribe(engine: State<'_, Engine>, subscription: u32) {
    engine.unsubscribe(SubscriptionId(subscription));
}
