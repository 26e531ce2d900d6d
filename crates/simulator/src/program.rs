//! What a container runs, as far as its image and its arguments tell: it decides what the container
//! prints, where it listens and what is found in it.

use serde_json::Value;

use crate::json;

/// A program, or a family of programs that are alike from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Vllm,
    Sglang,
    Ollama,
    Triton,
    Embeddings,
    KserveServer,
    Training,
    Jupyter,
    Ray,
    Spark,
    DcgmExporter,
    DevicePlugin,
    Etcd,
    CoreDns,
    /// Programs of Kubernetes itself and those that log as they do (klog).
    Klog,
    /// Controllers built with controller-runtime (zap, JSON).
    Operator,
    /// Go programs that log `key=value` (Prometheus, Grafana).
    Logfmt,
    Postgres,
    Redis,
    Nginx,
    /// Python programs behind uvicorn.
    PythonWeb,
    Airflow,
    /// A piece of work that ends.
    Batch,
    /// A shell script that the container was given.
    Script,
    /// Prints nothing and listens nowhere.
    Silent,
}

/// Images by a part of their name, the first that fits counts.
const BY_IMAGE: [(&str, Program); 67] = [
    ("pause", Program::Silent),
    ("vllm", Program::Vllm),
    ("sglang", Program::Sglang),
    ("ollama-operator", Program::Operator),
    ("/ollama", Program::Ollama),
    ("tritonserver", Program::Triton),
    ("riva", Program::Triton),
    ("text-embeddings-inference", Program::Embeddings),
    ("sklearnserver", Program::KserveServer),
    ("xgbserver", Program::KserveServer),
    ("notebook", Program::Jupyter),
    ("jupyter-", Program::Jupyter),
    ("k8s-hub", Program::PythonWeb),
    ("configurable-http-proxy", Program::Logfmt),
    ("kuberay", Program::Operator),
    ("rayproject", Program::Ray),
    ("ray-ml", Program::Ray),
    ("spark-operator", Program::Operator),
    ("spark", Program::Spark),
    ("dcgm-exporter", Program::DcgmExporter),
    ("device-plugin", Program::DevicePlugin),
    ("etcd", Program::Etcd),
    ("coredns", Program::CoreDns),
    ("kube-state-metrics", Program::Klog),
    ("kube-", Program::Klog),
    ("metrics-server", Program::Klog),
    ("vc-scheduler", Program::Klog),
    ("vc-controller", Program::Klog),
    ("node-feature-discovery", Program::Klog),
    ("dra-driver", Program::Klog),
    ("snapshot-controller", Program::Klog),
    ("csi", Program::Klog),
    ("cert-manager", Program::Klog),
    ("cilium", Program::Logfmt),
    ("hubble", Program::Logfmt),
    ("argocd", Program::Logfmt),
    ("workflow-controller", Program::Logfmt),
    ("argocli", Program::Logfmt),
    ("prometheus", Program::Logfmt),
    ("node-exporter", Program::Logfmt),
    ("grafana", Program::Logfmt),
    ("velero", Program::Logfmt),
    ("collector", Program::Operator),
    ("postgres", Program::Postgres),
    ("redis", Program::Redis),
    ("valkey", Program::Redis),
    ("nginx", Program::Nginx),
    ("httpd", Program::Nginx),
    ("portal", Program::Nginx),
    ("/ui:", Program::Nginx),
    ("frontend", Program::Nginx),
    ("litellm", Program::PythonWeb),
    ("open-webui", Program::PythonWeb),
    ("mlflow", Program::PythonWeb),
    ("feature-server", Program::PythonWeb),
    ("langfuse", Program::PythonWeb),
    ("airflow", Program::Airflow),
    ("torchtune", Program::Training),
    ("controller", Program::Operator),
    ("operator", Program::Operator),
    ("webhook", Program::Operator),
    ("kueue", Program::Operator),
    ("kyverno", Program::Operator),
    ("scheduler", Program::Operator),
    ("trivy", Program::Operator),
    ("jobset", Program::Operator),
    ("lws", Program::Operator),
];

/// Images that bring a shell and little else.
const PLAIN_IMAGES: [&str; 6] = ["busybox", "alpine", "ubuntu", "debian", "bash", "agnhost"];

/// Words of a command line that trains a model.
const TRAINING_WORDS: [&str; 7] = [
    "torchrun",
    "pretrain",
    "finetune",
    "train",
    "dpo",
    "sft",
    "deepspeed",
];

impl Program {
    /// What the container `container` of a pod's spec runs.
    pub(crate) fn of(container: &Value) -> Self {
        let image = json::text(container, "/image");
        let words: Vec<&str> = ["/command", "/args"]
            .iter()
            .flat_map(|part| json::items(container, part))
            .filter_map(Value::as_str)
            .collect();
        if script_of(&words).is_some() {
            return Self::Script;
        }
        let trains = words.iter().any(|word| {
            TRAINING_WORDS
                .iter()
                .any(|known| word.split(['/', '.', '=']).any(|part| part == *known))
        });
        if trains {
            return Self::Training;
        }
        if PLAIN_IMAGES.iter().any(|plain| name_of(image) == *plain) {
            return Self::Silent;
        }
        let runs_a_script = words.iter().any(|word| {
            std::path::Path::new(word)
                .extension()
                .is_some_and(|extension| extension == "py")
        });
        let known = BY_IMAGE.iter().find(|(part, _)| image.contains(part));
        match known {
            Some((_, program)) => *program,
            None if runs_a_script => Self::Batch,
            None if image.contains("rag-refresh") => Self::Batch,
            None => Self::PythonWeb,
        }
    }

    /// The ports on which the program listens where nothing says otherwise.
    pub(crate) fn ports(self) -> &'static [u16] {
        match self {
            Self::Vllm => &[8000, 8080],
            Self::Sglang => &[30000],
            Self::Ollama => &[11434],
            Self::Triton => &[8000, 8001, 8002],
            Self::Embeddings | Self::Nginx => &[80],
            Self::Jupyter => &[8888],
            Self::Ray => &[6379, 8265, 10001, 8080],
            Self::Spark => &[4040, 7078],
            Self::DcgmExporter => &[9400],
            Self::Etcd => &[2379, 2381],
            Self::CoreDns => &[53, 8080, 8181, 9153],
            Self::KserveServer | Self::Klog | Self::Operator => &[8080, 8081],
            Self::Logfmt => &[9090, 8080, 3000],
            Self::Postgres => &[5432],
            Self::Redis => &[6379],
            Self::PythonWeb => &[8000, 8080, 4000, 5000],
            Self::Airflow => &[8080],
            Self::Training => &[29500],
            Self::DevicePlugin | Self::Batch | Self::Script | Self::Silent => &[],
        }
    }
}

/// The script of a command line such as `sh -c SCRIPT`.
pub(crate) fn script_of<'a>(words: &[&'a str]) -> Option<&'a str> {
    match words {
        [shell, "-c", script, ..] if is_shell(shell) => Some(script),
        _ => None,
    }
}

/// Whether `command` is a shell.
pub(crate) fn is_shell(command: &str) -> bool {
    ["sh", "bash", "ash"].contains(&command.rsplit('/').next().unwrap_or(command))
}

/// The last segment of an image's repository.
pub(crate) fn name_of(image: &str) -> &str {
    let repository = image.split('@').next().unwrap_or(image);
    let last = repository.rsplit('/').next().unwrap_or(repository);
    last.split(':').next().unwrap_or(last)
}

/// The value of `--NAME=VALUE` or `--NAME VALUE` among the container's arguments.
pub(crate) fn argument<'a>(container: &'a Value, name: &str) -> Option<&'a str> {
    let mut words = ["/command", "/args"]
        .into_iter()
        .flat_map(|part| json::items(container, part))
        .filter_map(Value::as_str);
    while let Some(word) = words.next() {
        let Some(rest) = word
            .strip_prefix("--")
            .and_then(|rest| rest.strip_prefix(name))
        else {
            continue;
        };
        match rest.strip_prefix('=') {
            Some(value) => return Some(value),
            None if rest.is_empty() => return words.next(),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_program_is_known_by_its_arguments_before_its_image() {
        let trainer = json!({ "image": "nvcr.io/nvidia/pytorch:26.06-py3",
            "args": ["torchrun", "--nproc-per-node=8", "dpo.py"] });
        assert_eq!(Program::of(&trainer), Program::Training);
        let script = json!({ "image": "busybox", "command": ["/bin/sh", "-c", "echo hello"] });
        assert_eq!(Program::of(&script), Program::Script);
        let server = json!({ "image": "vllm/vllm-openai:v0.24.0", "args": ["--model=a/b"] });
        assert_eq!(Program::of(&server), Program::Vllm);
        assert_eq!(argument(&server, "model"), Some("a/b"));
    }

    #[test]
    fn ollama_is_told_from_what_bears_its_name() {
        let of = |image: &str| Program::of(&json!({ "image": image, "args": ["serve"] }));
        assert_eq!(of("ollama/ollama:0.15.2"), Program::Ollama);
        assert_eq!(of("registry.example.com/ollama:0.15.2"), Program::Ollama);
        let operator = "ghcr.io/nekomeowww/ollama-operator:0.10.7";
        assert_eq!(of(operator), Program::Operator);
        let front = "ghcr.io/open-webui/open-webui:ollama";
        assert_eq!(of(front), Program::PythonWeb);
    }
}
