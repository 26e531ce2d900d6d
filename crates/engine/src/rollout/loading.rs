//! How far a serving engine is with its model, by what it writes: when the weights are in memory, and when
//! it is warm: compiled, its cache laid out, listening.
//!
//! The lines are those that the engines write themselves: vLLM (`gpu_model_runner.py`, `default_loader.py`;
//! uvicorn), SGLang (`model_runner.py`, `http_server.py`), Triton (`model_lifecycle.cc`, `http_server.cc`),
//! TGI (`launcher`, `router`), llama.cpp (`tools/server`). Times are those at which the kubelet took the
//! lines. What an engine does not say stays unknown.

use jiff::Timestamp;
use serde_json::Value;
use strata_api::phrases::{Phrase, PhraseCode};

use crate::why::read;

/// A serving engine and what it says.
#[derive(Debug)]
pub(crate) struct Engine {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Parts of the names of its images.
    images: &'static [&'static str],
    /// It says one of these once the weights are in memory.
    loaded: &'static [&'static str],
    /// It says one of these once it answers.
    warm: &'static [&'static str],
    /// Whether it loads a model only when somebody asks for it.
    pub(crate) loads_later: bool,
}

const ENGINES: [Engine; 6] = [
    Engine {
        name: "vLLM",
        images: &["vllm", "huggingfaceserver"],
        loaded: &["Loading weights took", "Model loading took"],
        warm: &["Application startup complete"],
        loads_later: false,
    },
    Engine {
        name: "SGLang",
        images: &["sglang"],
        loaded: &["Load weight end"],
        warm: &["The server is fired up and ready to roll"],
        loads_later: false,
    },
    Engine {
        name: "Triton",
        images: &["tritonserver"],
        loaded: &["successfully loaded '"],
        warm: &["Started HTTPService at", "Started GRPCInferenceService at"],
        loads_later: false,
    },
    Engine {
        name: "TGI",
        images: &["text-generation-inference"],
        loaded: &["Shard ready in"],
        warm: &["Connected"],
        loads_later: false,
    },
    Engine {
        name: "llama.cpp",
        images: &["llama.cpp"],
        loaded: &["model loaded"],
        warm: &["server is listening on", "all slots are idle"],
        loads_later: false,
    },
    Engine {
        name: "Ollama",
        images: &["ollama"],
        loaded: &["llama runner started in"],
        warm: &["Listening on"],
        loads_later: true,
    },
];

/// What an engine said of itself so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// When the weights were in memory.
    pub(crate) loaded: Option<Timestamp>,
    /// When it answered.
    pub(crate) warm: Option<Timestamp>,
    /// Why it could not be heard; empty where it could.
    pub(crate) unread: String,
}

/// The engine that a pod runs, and its container; none where it runs no engine that is known.
pub(crate) fn engine_of(pod: &Value) -> Option<(&'static Engine, &str)> {
    read::list(pod, "/spec/containers")
        .iter()
        .find_map(|container| {
            let image = read::text(container, "/image");
            // The registry's own name says nothing of what runs.
            let image = image.split_once('/').map_or(image, |(_, path)| path);
            let engine = ENGINES
                .iter()
                .find(|engine| engine.images.iter().any(|part| image.contains(part)))?;
            Some((engine, read::text(container, "/name")))
        })
}

impl Said {
    /// Hears a line; true once there is nothing more to hear.
    pub(crate) fn hear(&mut self, engine: &Engine, at: Option<Timestamp>, line: &str) -> bool {
        let has = |words: &[&str]| words.iter().any(|words| line.contains(words));
        // Of several ranks and several models the last one counts, until it is warm.
        if has(engine.loaded) {
            self.loaded = at.or(self.loaded);
        }
        if has(engine.warm) {
            self.warm = at;
        }
        self.warm.is_some() && (self.loaded.is_some() || engine.loads_later)
    }

    /// Why it is not known when a stage was reached.
    pub(super) fn reason(&self, engine: &Engine) -> Phrase {
        if self.unread.is_empty() {
            Phrase::new(PhraseCode::StageLogSilent).with("engine", engine.name)
        } else {
            Phrase::new(PhraseCode::StageLogUnread).with("why", self.unread.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use strata_test_support::clock::time;

    use super::*;

    fn engine(image: &str) -> Option<&'static Engine> {
        let pod = json!({ "spec": { "containers": [{ "name": "main", "image": image }] } });
        engine_of(&pod).map(|(engine, _)| engine)
    }

    /// The seconds at which the lines say that the model was loaded and the engine warm.
    fn heard(image: &str, lines: &[&str]) -> (Option<i64>, Option<i64>) {
        let engine = engine(image).unwrap();
        let start = time("2026-03-01T12:00:00Z");
        let mut said = Said::default();
        for (at, line) in lines.iter().enumerate() {
            let at = start + jiff::SignedDuration::from_secs(i64::try_from(at).unwrap());
            if said.hear(engine, Some(at), line) {
                break;
            }
        }
        let seconds = |at: Option<Timestamp>| at.map(|at| at.duration_since(start).as_secs());
        (seconds(said.loaded), seconds(said.warm))
    }

    #[test]
    fn engines_are_known_by_their_images_and_nothing_else_is_one() {
        let name = |image| engine(image).map(|engine| engine.name);
        assert_eq!(name("vllm/vllm-openai:v0.24.0"), Some("vLLM"));
        assert_eq!(name("kserve/huggingfaceserver:v0.20.0-gpu"), Some("vLLM"));
        assert_eq!(
            name("nvcr.io/nvidia/tritonserver:25.10-py3"),
            Some("Triton")
        );
        assert_eq!(
            name("ghcr.io/ggml-org/llama.cpp:server-cuda"),
            Some("llama.cpp")
        );
        assert_eq!(
            name("vllm.example/team/web:1"),
            None,
            "a registry is no engine"
        );
        assert_eq!(name("nginx:1.29"), None);
    }

    #[test]
    fn each_engine_says_in_its_own_words_that_it_is_loaded_and_warm() {
        let vllm = [
            "(APIServer pid=1) INFO 03-01 12:00:00 [api_server.py:1346] vLLM API server version 0.24.0",
            "(Worker_TP0 pid=198) INFO 03-01 12:00:01 [default_loader.py:267] Loading weights took 4.31 seconds",
            "(Worker_TP1 pid=199) INFO 03-01 12:00:02 [gpu_model_runner.py:3338] Model loading took 15.27 GiB memory and 5.6 seconds",
            "(EngineCore_DP0 pid=131) INFO 03-01 12:00:03 [core.py:210] init engine (profile, create kv cache, warmup model) took 38.7 seconds",
            "(APIServer pid=1) INFO:     Application startup complete.",
            "(Worker_TP0 pid=198) Model loading took 1 GiB",
        ];
        assert_eq!(heard("vllm/vllm-openai:v0.24.0", &vllm), (Some(2), Some(4)));
        let sglang = [
            "[2026-03-01 12:00:00 TP0] Load weight begin. avail mem=78.34 GB",
            "[2026-03-01 12:00:01 TP0] Load weight end. type=LlamaForCausalLM, dtype=torch.bfloat16, avail mem=62.1 GB",
            "[2026-03-01 12:00:02] The server is fired up and ready to roll!",
        ];
        assert_eq!(heard("lmsysorg/sglang:v0.5.5", &sglang), (Some(1), Some(2)));
        let triton = [
            "I0301 12:00:00.000000 1 model_lifecycle.cc:849] \"successfully loaded 'resnet'\"",
            "I0301 12:00:01.000000 1 http_server.cc:4755] \"Started HTTPService at 0.0.0.0:8000\"",
        ];
        assert_eq!(
            heard("nvcr.io/nvidia/tritonserver:25.10-py3", &triton),
            (Some(0), Some(1))
        );
        let tgi = [
            "2026-03-01T12:00:00.0Z  INFO shard-manager: text_generation_launcher: Shard ready in 15.2s rank=0",
            "2026-03-01T12:00:01.0Z  INFO text_generation_router: router/src/server.rs:2402: Connected",
        ];
        let image = "ghcr.io/huggingface/text-generation-inference:3.3.4";
        assert_eq!(heard(image, &tgi), (Some(0), Some(1)));
        let llama = [
            "main: loading model",
            "main: model loaded",
            "main: server is listening on http://0.0.0.0:8080 - starting the main loop",
        ];
        assert_eq!(
            heard("ghcr.io/ggml-org/llama.cpp:server", &llama),
            (Some(1), Some(2))
        );
    }

    #[test]
    fn an_engine_that_loads_when_it_is_asked_is_warm_without_a_model() {
        let lines = [
            "time=2026-03-01T12:00:00Z level=INFO source=routes.go:1458 msg=\"Listening on [::]:11434 (version 0.13.1)\"",
        ];
        assert_eq!(heard("ollama/ollama:0.13.1", &lines), (None, Some(0)));
        let ollama = engine("ollama/ollama:0.13.1").unwrap();
        assert_eq!(
            Said::default().reason(ollama).english(),
            "Ollama does not say when"
        );
        let unread = Said {
            unread: "the permission is missing: get pods/log".to_owned(),
            ..Said::default()
        };
        assert!(unread.reason(ollama).english().contains("get pods/log"));
    }
}
