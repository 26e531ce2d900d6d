//! Where in a pod a server of models listens, read from the pod's manifest.

use serde_json::Value;
use strata_api::playground::SecretField;
use strata_catalog::{Catalog, OpenAi};

use crate::why::read;

/// The variables that engines take their key from.
const KEY_VARIABLES: [&str; 6] = [
    "VLLM_API_KEY",
    "SGLANG_API_KEY",
    "LLAMA_API_KEY",
    "LITELLM_MASTER_KEY",
    "LOCALAI_API_KEY",
    "API_KEY",
];

/// The names that ports for people's requests bear.
const PORT_NAMES: [&str; 5] = ["http", "http1", "api", "openai", "http-openai"];

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The port.
    pub(crate) port: u16,
    /// Whether it speaks TLS there.
    pub(crate) is_tls: bool,
    /// What stands before `/chat/completions`.
    pub(crate) base: String,
    /// The Secret that its key comes from, where it has one.
    pub(crate) secret: Option<SecretField>,
}

/// Where the server in `pod` listens, whose engine answers as `openai` says; none where it was started
/// without that interface.
pub(crate) fn of_pod(pod: &Value, catalog: &Catalog, openai: &OpenAi) -> Option<Place> {
    let containers = read::list(pod, "/spec/containers");
    let known = containers.iter().find_map(|container| {
        let component = catalog.recognise_image(read::text(container, "/image"))?;
        Some((container, component.openai.as_ref()?))
    });
    let (container, openai) = match known {
        Some(known) => known,
        None => (containers.first()?, openai),
    };
    let words = words(container);
    if !openai.command.is_empty() && !words.iter().any(|word| word.contains(&*openai.command)) {
        return None;
    }
    Some(Place {
        port: port(container, &words, openai)?,
        is_tls: argument(&words, "ssl-certfile").is_some(),
        base: openai.base.to_string(),
        secret: secret(container),
    })
}

/// What the container runs: its image, its command and its arguments.
fn words(container: &Value) -> Vec<&str> {
    let lists = ["/command", "/args"].into_iter();
    let said = lists
        .flat_map(|list| read::list(container, list))
        .filter_map(Value::as_str)
        // A script is one argument that holds a whole command line.
        .flat_map(str::split_whitespace);
    std::iter::once(read::text(container, "/image"))
        .chain(said)
        .collect()
}

/// The port that the command line names, else a variable, else a declared one, else the engine's own.
fn port(container: &Value, words: &[&str], openai: &OpenAi) -> Option<u16> {
    let declared: Vec<(&str, u16)> = read::list(container, "/ports")
        .iter()
        .filter_map(|port| {
            let number = port.get("containerPort")?.as_u64()?;
            Some((read::text(port, "/name"), u16::try_from(number).ok()?))
        })
        .collect();
    let argued = || ["port", "http_port", "http-port", "rest_port", "openai-port"];
    let argued = argued()
        .into_iter()
        .find_map(|name| argument(words, name)?.parse().ok());
    let by_variable = || {
        variable(container, "OLLAMA_HOST")
            .and_then(|host| host.rsplit_once(':')?.1.parse().ok())
            .or_else(|| variable(container, "PORT")?.parse().ok())
    };
    let by_name = || {
        let named = PORT_NAMES
            .iter()
            .find_map(|name| declared.iter().find(|(known, _)| known == name));
        named.map(|(_, port)| *port)
    };
    let usual = || {
        let is_declared = |port: &&u16| declared.iter().any(|(_, known)| known == *port);
        openai.ports.iter().find(is_declared).copied()
    };
    let only = || match declared.as_slice() {
        [(_, port)] => Some(*port),
        _ => None,
    };
    argued
        .or_else(by_variable)
        .or_else(usual)
        .or_else(by_name)
        .or_else(only)
        .or_else(|| openai.ports.first().copied())
}

/// The Secret that a variable with the key comes from.
fn secret(container: &Value) -> Option<SecretField> {
    read::list(container, "/env").iter().find_map(|variable| {
        let is_key = KEY_VARIABLES.contains(&read::text(variable, "/name"));
        let reference = variable
            .pointer("/valueFrom/secretKeyRef")
            .filter(|_| is_key)?;
        Some(SecretField {
            name: read::text(reference, "/name").to_owned(),
            field: read::text(reference, "/key").to_owned(),
        })
    })
}

fn variable<'a>(container: &'a Value, name: &str) -> Option<&'a str> {
    let variables = read::list(container, "/env").iter();
    let mut named = variables.filter(|variable| read::text(variable, "/name") == name);
    named.next()?.get("value")?.as_str()
}

/// The value of `--NAME=VALUE` or `--NAME VALUE`.
fn argument<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let rest = word
            .strip_prefix("--")
            .and_then(|word| word.strip_prefix(name));
        match rest {
            Some("") => return words.next().copied(),
            Some(rest) if rest.starts_with('=') => return rest.strip_prefix('='),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(container: &Value) -> Option<Place> {
        let catalog = Catalog::load().unwrap();
        let vllm = catalog
            .components()
            .iter()
            .find(|component| component.id == "vllm")
            .and_then(|component| component.openai.clone())
            .unwrap();
        let pod = json!({ "spec": { "containers": [
            { "name": "proxy", "image": "istio/proxyv2", "ports": [{ "containerPort": 15090 }] },
            container,
        ] } });
        of_pod(&pod, &catalog, &vllm)
    }

    #[test]
    fn the_command_line_says_the_port_before_anything_else_does() {
        let place = found(&json!({
            "image": "vllm/vllm-openai:v0.11.0",
            "args": ["--model", "a/b", "--port=9001"],
            "ports": [{ "containerPort": 8000, "name": "http" }],
        }));
        assert_eq!(place.unwrap().port, 9001);
        let script = found(&json!({
            "image": "vllm/vllm-openai:v0.11.0",
            "command": ["sh", "-c", "vllm serve a/b --port 9002 --ssl-certfile /tls/crt"],
        }));
        let script = script.unwrap();
        assert_eq!((script.port, script.is_tls), (9002, true));
    }

    #[test]
    fn a_port_that_is_declared_is_taken_before_the_engines_own() {
        let ports = |ports: Value| {
            let container = json!({ "image": "vllm/vllm-openai:v0.11.0", "ports": ports });
            found(&container).unwrap().port
        };
        let usual = json!([{ "containerPort": 5557 }, { "containerPort": 8080 }]);
        assert_eq!(ports(usual), 8080);
        let named = json!([{ "containerPort": 9100 }, { "containerPort": 7000, "name": "http" }]);
        assert_eq!(ports(named), 7000);
        assert_eq!(ports(json!([])), 8000);
    }

    #[test]
    fn an_engine_that_was_started_without_the_interface_has_no_place() {
        let triton = |command: Value| {
            let image = "nvcr.io/nvidia/tritonserver:26.06-py3";
            found(&json!({ "image": image, "command": command }))
        };
        assert!(triton(json!(["tritonserver", "--model-repository=/models"])).is_none());
        let frontend = json!([
            "python3",
            "openai/openai_frontend/main.py",
            "--openai-port",
            "9000"
        ]);
        assert_eq!(triton(frontend).unwrap().port, 9000);
    }

    #[test]
    fn the_secret_that_the_key_comes_from_is_named() {
        let place = found(&json!({
            "image": "vllm/vllm-openai:v0.11.0",
            "env": [
                { "name": "HF_TOKEN", "valueFrom": { "secretKeyRef": { "name": "hf", "key": "token" } } },
                { "name": "VLLM_API_KEY",
                  "valueFrom": { "secretKeyRef": { "name": "llm", "key": "api-key" } } },
            ],
        }));
        let secret = place.unwrap().secret.unwrap();
        assert_eq!(
            (secret.name.as_str(), secret.field.as_str()),
            ("llm", "api-key")
        );
    }
}
