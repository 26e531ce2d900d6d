//! The key that a program is shown, as a header.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use strata_domain::ids::ObjectKey;
use strata_ports::{
    error::{PortError, PortErrorKind},
    tunnel::Key,
};

use crate::{
    objects::{Line, failed, permission},
    watch::endpoint::escaped,
};

/// The header's value; none where no key is shown. A Secret is read now, and forgotten after.
pub(super) async fn bearer(line: &Line, key: &Key) -> Result<Option<HeaderValue>, PortError> {
    let key = match key {
        Key::None => return Ok(None),
        Key::Typed(key) => SecretString::from(key.clone()),
        Key::Secret { secret, field } => read(line, secret, field).await?,
    };
    let value = SecretString::from(format!("Bearer {}", key.expose_secret().trim()));
    let mut header = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
        // The error itself would show the key.
        let message = "the key holds what no header may: line ends or control characters";
        PortError::new(PortErrorKind::InvalidInput, message)
    })?;
    header.set_sensitive(true);
    Ok(Some(header))
}

async fn read(line: &Line, secret: &ObjectKey, field: &str) -> Result<SecretString, PortError> {
    let path = format!(
        "/api/v1/namespaces/{}/secrets/{}",
        escaped(&secret.namespace),
        escaped(&secret.name)
    );
    let (_, body) = line
        .read(&path, "application/json")
        .await
        .map_err(|failure| {
            let permission = permission("get", "secrets", &secret.namespace);
            failed(&permission, &format!("Secret {secret}"), failure)
        })?;
    value(&body, field).ok_or_else(|| {
        let message = format!("Secret {secret} holds no text in `{field}`");
        PortError::new(PortErrorKind::NotFound, message)
    })
}

/// The text in `field` of the Secret that `json` is.
fn value(json: &[u8], field: &str) -> Option<SecretString> {
    let object: Value = serde_json::from_slice(json).ok()?;
    let encoded = object.get("data")?.get(field)?.as_str()?;
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.trim().is_empty()).then(|| SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_field_is_read_and_nothing_else_is() {
        let secret = br#"{"data":{"key":"c2stMTIz","empty":"","binary":"/w=="}}"#;
        assert_eq!(value(secret, "key").unwrap().expose_secret(), "sk-123");
        for wrong in ["empty", "binary", "other"] {
            assert!(value(secret, wrong).is_none(), "{wrong}");
        }
    }
}
