//! Frames into the web view.

use strata_api::frames::Frame;
use strata_app::{FrameSink, SinkClosed};
use tauri::ipc::Channel;

/// A subscription's way to the page that made it.
pub(crate) struct ChannelSink(pub(crate) Channel<Frame>);

impl FrameSink for ChannelSink {
    fn send(&mut self, frame: Frame) -> Result<(), SinkClosed> {
        self.0.send(frame).map_err(|_| SinkClosed)
    }
}
