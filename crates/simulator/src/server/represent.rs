//! Answers about one object, written by their handlers as JSON, in the representation that the
//! client asked for; and bodies that clients send in protobuf, as JSON for the handlers.

use bytes::Bytes;
use futures::FutureExt as _;
use http::{HeaderValue, Request, Response, header};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;

use super::{
    ResponseBody, accept::Encoding, accept::Form, accept::Representation, accept::Shape, protobuf,
    table::Table,
};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// `request` with a JSON body, where it has a protobuf one.
pub(super) fn with_json_body(request: &Request<Bytes>) -> Option<Request<Bytes>> {
    let content_type = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if content_type.split(';').next().map(str::trim) != Some(PROTOBUF) || request.body().is_empty()
    {
        return None;
    }
    let object = protobuf::read(request.body())?;
    let mut converted = request.clone();
    *converted.body_mut() = object.to_string().into();
    converted.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Some(converted)
}

/// `response` in `representation`, which its one object has been written without.
pub(super) fn object(
    response: Response<ResponseBody>,
    representation: Representation,
    table: Option<&Table>,
) -> Response<ResponseBody> {
    let is_plain = representation.encoding == Encoding::Json
        && representation.shape == Shape::Objects(Form::Object);
    if is_plain {
        return response;
    }
    convert(response, representation.encoding, |object| {
        if object.get("kind").is_some_and(|kind| kind == "Status") {
            return Converted::Object(object);
        }
        match (representation.shape, table) {
            (Shape::Table(_), Some(table)) => Converted::Written(table.of_one(&object)),
            (Shape::Objects(Form::Metadata(version)), _) => {
                let metadata = object.get("metadata").cloned().unwrap_or_default();
                Converted::Object(serde_json::json!({
                    "kind": "PartialObjectMetadata",
                    "apiVersion": version.api_version(),
                    "metadata": metadata,
                }))
            }
            _ => Converted::Object(object),
        }
    })
}

/// `response` in `encoding`, whatever object it holds.
pub(super) fn encoded(
    response: Response<ResponseBody>,
    encoding: Encoding,
) -> Response<ResponseBody> {
    match encoding {
        Encoding::Json => response,
        Encoding::Protobuf | Encoding::Yaml => convert(response, encoding, Converted::Object),
    }
}

/// A list, written by its handler as JSON or protobuf, in `encoding`.
pub(super) fn list(
    mut response: Response<ResponseBody>,
    encoding: Encoding,
) -> Response<ResponseBody> {
    if encoding == Encoding::Yaml {
        // A long list comes in pieces; all of them are there.
        let body = std::mem::replace(response.body_mut(), whole(Bytes::new()));
        *response.body_mut() = whole(bytes_of(body));
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    encoded(response, encoding)
}

enum Converted {
    Object(Value),
    Written(Vec<u8>),
}

impl Converted {
    fn into_json(self) -> Vec<u8> {
        match self {
            Self::Object(object) => object.to_string().into_bytes(),
            Self::Written(written) => written,
        }
    }
}

fn convert(
    mut response: Response<ResponseBody>,
    encoding: Encoding,
    conversion: impl FnOnce(Value) -> Converted,
) -> Response<ResponseBody> {
    let content_type = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    // What streams, or is no object of the API, stays as it is.
    let Some(parameters) = content_type.and_then(|value| value.strip_prefix("application/json"))
    else {
        return response;
    };
    let media_type = HeaderValue::from_str(&format!("{}{parameters}", encoding.media_type()));
    if response.body().size_hint().exact().is_none() {
        return response;
    }
    let body = std::mem::replace(response.body_mut(), whole(Bytes::new()));
    let bytes = bytes_of(body);
    let Ok(object) = serde_json::from_slice(&bytes) else {
        *response.body_mut() = whole(bytes);
        return response;
    };
    let converted = conversion(object);
    let written = match (&converted, encoding) {
        (Converted::Object(object), Encoding::Protobuf) => as_protobuf(object),
        (Converted::Object(object), Encoding::Yaml) => as_yaml(object),
        (Converted::Written(written), Encoding::Yaml) => serde_json::from_slice(written)
            .ok()
            .and_then(|object| as_yaml(&object)),
        _ => None,
    };
    let written = match (written, media_type) {
        (Some(written), Ok(media_type)) => {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, media_type);
            written
        }
        _ => converted.into_json(),
    };
    *response.body_mut() = whole(written);
    response
}

/// The object in its envelope; none where its kind has no message.
fn as_protobuf(object: &Value) -> Option<Vec<u8>> {
    let kind = object.get("kind")?.as_str()?;
    // The lists of plain discovery leave out that they are of the first version.
    let api_version = object.get("apiVersion").and_then(Value::as_str);
    let api_version = api_version.unwrap_or("v1");
    // Metadata is the same message in every version.
    let known_as = match kind {
        "PartialObjectMetadata" => "meta.k8s.io/v1",
        _ => api_version,
    };
    let message = protobuf::message(known_as, kind)?;
    let json = object.to_string();
    Some(protobuf::object(
        api_version,
        kind,
        message,
        json.as_bytes(),
    ))
}

fn as_yaml(object: &Value) -> Option<Vec<u8>> {
    serde_saphyr::to_string(object).ok().map(String::into_bytes)
}

/// All of a body whose pieces are there.
fn bytes_of(body: ResponseBody) -> Bytes {
    match body.collect().now_or_never() {
        Some(Ok(collected)) => collected.to_bytes(),
        Some(Err(_)) | None => Bytes::new(),
    }
}

fn whole(bytes: impl Into<Bytes>) -> ResponseBody {
    Full::new(bytes.into())
        .map_err(|never: std::convert::Infallible| match never {})
        .boxed()
}
