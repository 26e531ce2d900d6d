//! JSON patch (RFC 6902) and JSON merge patch (RFC 7386), with what the server's own library lets
//! pass.

use json_patch::{Patch, PatchOperation};
use serde_json::Value;

use super::decode;
use crate::{json, server::failure::Failure};

/// The most operations of one patch.
const MAX_OPERATIONS: usize = 10_000;

/// Applies the JSON patch `body` to `object`.
pub(in crate::server) fn apply(object: &mut Value, body: &[u8]) -> Result<(), Failure> {
    let written: Value = parse(body)?;
    let Some(operations) = written.as_array() else {
        return Err(Failure::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {} into Go value of type \
             []handlers.jsonPatchOp",
            json::type_name(&written)
        )));
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(Failure::too_large(&format!(
            "The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {}",
            operations.len()
        )));
    }
    let patch: Patch = serde_json::from_value(written).map_err(|_| Failure::rejected_patch())?;
    for operation in patch.0 {
        let operation = as_the_server_takes_it(object, operation);
        json_patch::patch(object, std::slice::from_ref(&operation))
            .map_err(|_| Failure::rejected_patch())?;
    }
    Ok(())
}

/// The server replaces what is not there, as long as what it lies in is an object, and copies
/// nothing as null.
fn as_the_server_takes_it(object: &Value, operation: PatchOperation) -> PatchOperation {
    let lies_in_an_object = |pointer: &str| {
        pointer.rsplit_once('/').is_some_and(|(above, _)| {
            object.pointer(above).is_some_and(Value::is_object) && object.pointer(pointer).is_none()
        })
    };
    match operation {
        PatchOperation::Replace(replace) if lies_in_an_object(replace.path.as_str()) => {
            PatchOperation::Add(json_patch::AddOperation {
                path: replace.path,
                value: replace.value,
            })
        }
        PatchOperation::Copy(copy) if lies_in_an_object(copy.from.as_str()) => {
            PatchOperation::Add(json_patch::AddOperation {
                path: copy.path,
                value: Value::Null,
            })
        }
        other => other,
    }
}

/// Merges the JSON merge patch `body` into `object`.
pub(in crate::server) fn merge(object: &mut Value, body: &[u8]) -> Result<(), Failure> {
    let patch = parse(body)?;
    if !patch.is_object() {
        return Err(Failure::bad_request(format!(
            "error decoding patch: json: cannot unmarshal {} into Go value of type \
             map[string]interface {{}}",
            json::type_name(&patch)
        )));
    }
    json::merge(object, &patch);
    Ok(())
}

fn parse(body: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        Failure::bad_request(format!(
            "error decoding patch: {}",
            decode::syntax(body, &error)
        ))
    })
}
