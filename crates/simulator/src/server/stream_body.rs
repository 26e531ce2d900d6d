//! A stream as the body of a response.

use std::{
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use http_body::Frame;
use http_body_util::BodyExt as _;

use super::{BoxError, ResponseBody};

/// `stream` as a body that ends when it does.
pub(crate) fn stream_body(stream: BoxStream<'static, Result<Bytes, BoxError>>) -> ResponseBody {
    StreamBody(Mutex::new(stream)).boxed()
}

/// The mutex makes it `Sync`, as boxed bodies must be; it is never
/// contended, since polling has the body to itself.
struct StreamBody(Mutex<BoxStream<'static, Result<Bytes, BoxError>>>);

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let stream = self
            .get_mut()
            .0
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        stream
            .poll_next_unpin(context)
            .map(|next| next.map(|item| item.map(Frame::data)))
    }
}
