//! Answers in gzip, for clients that ask for it and answers that are worth it
//! (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`).

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt as _, stream};
use http::{HeaderValue, Request, Response, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::{BoxError, ResponseBody, list::WHOLE, stream_body::stream_body};

/// `response` compressed, if it is large and `request` asks for that.
pub(super) fn for_request(
    request: &Request<Bytes>,
    mut response: Response<ResponseBody>,
) -> Response<ResponseBody> {
    let is_small = response
        .body()
        .size_hint()
        .exact()
        .is_some_and(|size| size <= WHOLE as u64);
    if is_small || !accepts_gzip(request) {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.remove(header::CONTENT_LENGTH);
    response.map(compressed)
}

fn accepts_gzip(request: &Request<Bytes>) -> bool {
    request
        .headers()
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().map(str::trim) == Some("gzip"))
}

/// `body` in gzip at the real server's level, piece by piece.
fn compressed(body: ResponseBody) -> ResponseBody {
    let encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
    let pieces = stream::unfold((body, encoder), |(mut body, encoder)| async move {
        let mut encoder = encoder?;
        loop {
            let written = match body.frame().await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => encoder.write_all(&data).map(|()| false),
                    Err(_trailers) => Ok(false),
                },
                Some(Err(error)) => return Some((Err(error), (body, None))),
                None => encoder.try_finish().map(|()| true),
            };
            let is_over = match written {
                Ok(is_over) => is_over,
                Err(error) => return Some((Err(BoxError::from(error)), (body, None))),
            };
            let piece = std::mem::take(encoder.get_mut());
            if is_over {
                return Some((Ok(Bytes::from(piece)), (body, None)));
            }
            if !piece.is_empty() {
                return Some((Ok(Bytes::from(piece)), (body, Some(encoder))));
            }
        }
    });
    stream_body(pieces.boxed())
}
