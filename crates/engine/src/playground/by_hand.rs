//! How a person would ask the same: `kubectl port-forward`, then `curl`.

use strata_api::playground::{AskModel, ByHand, ServerKey};
use strata_ports::{contexts::Context, objects::ObjectAddress, proxy::PodPort};

use super::openai;
use crate::change::kubectl::{Kubectl, quoted};

/// The two commands; on this machine, where there is no context, the second alone. A key is never in
/// them: `curl` takes it from a variable.
pub(crate) fn commands(
    context: Option<&Context>,
    pod: &PodPort,
    base: &str,
    asked: &AskModel,
) -> ByHand {
    let port = pod.port;
    let object = ObjectAddress::new("", "Pod", &pod.pod.namespace, &pod.pod.name);
    let forward = context.map_or_else(String::new, |context| {
        Kubectl::of(context).command("port-forward", &object, &format!(" {port}:{port}"))
    });
    let scheme = if pod.is_tls { "https" } else { "http" };
    let path = openai::path(base, &asked.prompt);
    let url = quoted(&format!("{scheme}://localhost:{port}{path}"));
    let mut words = vec![format!("curl {url}")];
    if asked.is_streamed {
        words.push("--no-buffer".to_owned());
    }
    if pod.is_tls {
        words.push("--insecure".to_owned());
    }
    words.push("-H 'Content-Type: application/json'".to_owned());
    match (&asked.key, context) {
        (ServerKey::Nobody, _) => {}
        (ServerKey::Typed { .. }, _) | (ServerKey::Secret { .. }, None) => {
            words.push(r#"-H "Authorization: Bearer $API_KEY""#.to_owned());
        }
        (ServerKey::Secret { secret }, Some(context)) => {
            let holder = ObjectAddress::new("", "Secret", &asked.server.namespace, &secret.name);
            let field = secret.field.replace('.', "\\.");
            let read = Kubectl::of(context).command(
                "get",
                &holder,
                &format!(" -o {}", quoted(&format!("jsonpath={{.data.{field}}}"))),
            );
            words.push(format!(
                r#"-H "Authorization: Bearer $({read} | base64 -d)""#
            ));
        }
    }
    let body = openai::question(
        &asked.model,
        &asked.prompt,
        asked.sampling,
        asked.is_streamed,
    );
    words.push(format!("-d {}", quoted(&body.to_string())));
    ByHand {
        forward,
        curl: words.join(" \\\n  "),
    }
}

#[cfg(test)]
mod tests {
    use strata_api::playground::{
        ChatMessage, ChatRole, ModelServer, Prompt, SamplingParameters, SecretField, TypedKey,
    };
    use strata_domain::ids::{ClusterId, ObjectKey};

    use super::*;

    fn told(key: ServerKey) -> ByHand {
        let context = Context {
            id: ClusterId::demo(),
            name: "prod".to_owned(),
            cluster: "prod".to_owned(),
            server: String::new(),
            user: String::new(),
            namespace: String::new(),
            file: String::new(),
            added_by_hand: false,
            is_current: true,
            is_demo: false,
        };
        let pod = PodPort {
            pod: ObjectKey::new("llm", "chat-0"),
            port: 8000,
            is_tls: false,
        };
        let asked = AskModel {
            server: ModelServer {
                cluster: "demo".to_owned(),
                group: "apps".to_owned(),
                kind: "Deployment".to_owned(),
                namespace: "llm".to_owned(),
                name: "chat".to_owned(),
            },
            key,
            model: "m".to_owned(),
            prompt: Prompt::Chat {
                messages: vec![ChatMessage {
                    role: ChatRole::User,
                    content: "It's 5 o'clock".to_owned(),
                }],
            },
            sampling: SamplingParameters::default(),
            is_streamed: true,
        };
        commands(Some(&context), &pod, "/v1", &asked)
    }

    #[test]
    fn the_commands_say_the_same_to_a_shell() {
        let told = told(ServerKey::Nobody);
        assert_eq!(
            told.forward,
            "kubectl --context prod port-forward -n llm pod/chat-0 8000:8000"
        );
        assert!(
            told.curl
                .starts_with("curl http://localhost:8000/v1/chat/completions")
        );
        assert!(told.curl.contains(r"It'\''s 5 o'\''clock"), "{}", told.curl);
    }

    #[test]
    fn no_key_stands_in_a_command() {
        let typed = told(ServerKey::Typed {
            key: TypedKey("sk-secret".to_owned()),
        });
        assert!(typed.curl.contains("$API_KEY") && !typed.curl.contains("sk-secret"));
        let secret = told(ServerKey::Secret {
            secret: SecretField {
                name: "llm-key".to_owned(),
                field: "api-key".to_owned(),
            },
        });
        assert!(
            secret.curl.contains("get -n llm secret/llm-key"),
            "{}",
            secret.curl
        );
    }
}
