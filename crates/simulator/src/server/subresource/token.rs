//! `token`: a token for a service account. It reads like a real one but nobody signed it: the demo
//! cluster has no key, and accepts no token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::body_of;
use crate::{
    clock, json, random,
    server::{
        ResponseBody, Server, Target,
        failure::{Cause, Failure},
        json_response,
    },
};

/// Who the tokens are for and from, where the request says nothing else.
const ISSUER: &str = "https://kubernetes.default.svc";
/// How long a token is good where the request says nothing else.
const HOUR_SECONDS: u64 = 3600;

impl Server {
    /// Answers a `TokenRequest`.
    pub(super) fn issue_token(
        &self,
        target: &Target<'_>,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        let request = body_of(body)?;
        let account = self.current(target)?;
        let seconds = match request
            .pointer("/spec/expirationSeconds")
            .and_then(Value::as_u64)
        {
            None => HOUR_SECONDS,
            Some(seconds) if seconds >= 600 => seconds,
            Some(seconds) => {
                let why = "may not specify a duration less than 10 minutes";
                let cause = Cause::invalid("spec.expirationSeconds", &seconds.to_string(), why);
                let group = "authentication.k8s.io";
                return Err(Failure::invalid_because(
                    group,
                    "TokenRequest",
                    "",
                    &[cause],
                ));
            }
        };
        let audiences = match json::items(&request, "/spec/audiences") {
            [] => json!([ISSUER]),
            audiences => audiences.into(),
        };
        let now = self.clock.now();
        let expires = clock::later(now, std::time::Duration::from_secs(seconds));
        let (namespace, name) = (&account.key.namespace, &account.key.name);
        let claims = json!({
            "aud": audiences, "exp": expires.as_second(), "iat": now.as_second(), "iss": ISSUER,
            "kubernetes.io": { "namespace": namespace.as_str(), "serviceaccount": {
                "name": name.as_str(), "uid": account.uid.as_str() } },
            "nbf": now.as_second(),
            "sub": format!("system:serviceaccount:{namespace}:{name}"),
        });
        let answer = json!({
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": { "name": name.as_str(), "namespace": namespace.as_str(),
                "uid": account.uid.as_str(), "creationTimestamp": clock::stamp(now) },
            "spec": { "audiences": audiences, "expirationSeconds": seconds,
                "boundObjectRef": request.pointer("/spec/boundObjectRef") },
            "status": { "token": written(&claims), "expirationTimestamp": clock::stamp(expires) },
        });
        Ok(json_response(StatusCode::CREATED, answer.to_string()))
    }
}

/// The three parts of a token; the last is made of the claims, and proves nothing.
fn written(claims: &Value) -> String {
    let claims = claims.to_string();
    let header = r#"{"alg":"ES256","kid":"demo"}"#;
    let mark: Vec<u8> = (0..8_u8)
        .flat_map(|part| random::hash(&format!("{part}{claims}")).to_be_bytes())
        .collect();
    [header.as_bytes(), claims.as_bytes(), &mark]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".")
}
