//! Serving engines: start, load a model, then say what they serve.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, nothing, vllm::out_of_memory};

pub(super) const SGLANG: Script = Script {
    opening: Duration::from_secs(54),
    open: open_sglang,
    period: Duration::from_secs(10),
    round: round_sglang,
    finish: nothing,
    fail: out_of_memory,
};

pub(super) const TRITON: Script = Script {
    opening: Duration::from_secs(24),
    open: open_triton,
    period: Duration::from_mins(10),
    round: round_triton,
    finish: nothing,
    fail: fail_triton,
};

pub(super) const EMBEDDINGS: Script = Script {
    opening: Duration::from_secs(18),
    open: open_embeddings,
    period: Duration::from_secs(4),
    round: round_embeddings,
    finish: nothing,
    fail: out_of_memory,
};

pub(super) const KSERVE: Script = Script {
    opening: Duration::from_secs(9),
    open: open_kserve,
    period: Duration::from_secs(15),
    round: round_kserve,
    finish: nothing,
    fail: super::batch::missing_module,
};

/// How busy a service for people is at this time of day: 0.15 at night, 1 in the afternoon.
pub(super) fn rhythm(part: &Part<'_>) -> f64 {
    let turn = (part.hour() - 14.0) / 24.0 * std::f64::consts::TAU;
    0.575 + 0.425 * turn.cos()
}

fn bracketed(at: Timestamp, text: &str) -> String {
    format!("[{}] {text}", at.strftime("%Y-%m-%d %H:%M:%S"))
}

fn open_sglang(part: &mut Part<'_>) {
    let run = part.run;
    let ranks = run.gpus.max(1);
    part.say(10, |at| {
        bracketed(
            at,
            &format!(
                "server_args=ServerArgs(model_path='{}', tp_size={ranks}, port=30000)",
                run.model
            ),
        )
    });
    for rank in 0..ranks {
        part.say(180, |at| {
            bracketed(at, &format!("TP{rank}] Init torch distributed begin."))
        });
    }
    part.say(300, |at| {
        bracketed(at, "TP0] Load weight begin. avail mem=78.34 GB")
    });
    let weights = part.around("weights", 34.2, 3.0);
    part.say(700, |at| bracketed(at, &format!("TP0] Load weight end. type=LlamaForCausalLM, dtype=torch.bfloat16, mem usage={weights:.2} GB.")));
    part.say(780, |at| {
        bracketed(
            at,
            "TP0] KV Cache is allocated. #tokens: 318204, K size: 17.01 GB, V size: 17.01 GB",
        )
    });
    part.say(900, |at| {
        bracketed(at, "TP0] Capture cuda graph end. Time elapsed: 7.21 s.")
    });
    part.say(980, |_| {
        "INFO:     Uvicorn running on http://0.0.0.0:30000 (Press CTRL+C to quit)".to_owned()
    });
    part.say(990, |at| {
        bracketed(at, "The server is fired up and ready to roll!")
    });
}

fn round_sglang(part: &mut Part<'_>) {
    let load = rhythm(part);
    let new = part.chance("new", 1900) + 60;
    let cached = part.chance("cached", 900);
    let running = part.around("running", 24.0 * load, 30.0);
    let usage = part.around("usage", 0.42 * load, 25.0);
    let generation = part.around("generation", 1_240.0 * load, 18.0);
    part.say(300, |at| bracketed(at, &format!("TP0] Prefill batch. #new-seq: 1, #new-token: {new}, #cached-token: {cached}, token usage: {usage:.2}, #running-req: {running:.0}, #queue-req: 0")));
    part.say(850, |at| bracketed(at, &format!("TP0] Decode batch. #running-req: {running:.0}, token usage: {usage:.2}, cuda graph: True, gen throughput (token/s): {generation:.2}, #queue-req: 0")));
}

fn triton(at: Timestamp, place: &str, text: &str) -> String {
    format!(
        "I{} 1 {place}] \"{text}\"",
        at.strftime("%m%d %H:%M:%S.%6f")
    )
}

fn open_triton(part: &mut Part<'_>) {
    let model = part
        .run
        .model
        .rsplit('/')
        .next()
        .unwrap_or("model")
        .to_owned();
    part.say(0, |_| "\n=============================\n== Triton Inference Server ==\n=============================\n".to_owned());
    part.say(60, |at| {
        triton(
            at,
            "pinned_memory_manager.cc:277",
            "Pinned memory pool is created at '0x7f1c46000000' with size 268435456",
        )
    });
    part.say(61, |at| {
        triton(
            at,
            "cuda_memory_manager.cc:107",
            "CUDA memory pool is created on device 0 with size 67108864",
        )
    });
    part.say(300, |at| {
        triton(at, "model_lifecycle.cc:473", &format!("loading: {model}:1"))
    });
    part.say(340, |at| {
        triton(
            at,
            "onnxruntime.cc:2972",
            "TRITONBACKEND_Initialize: onnxruntime",
        )
    });
    part.say(860, |at| {
        triton(
            at,
            "model_lifecycle.cc:849",
            &format!("successfully loaded '{model}'"),
        )
    });
    part.say(870, |_| format!("+-----------------+---------+--------+\n| Model           | Version | Status |\n+-----------------+---------+--------+\n| {model:<15} | 1       | READY  |\n+-----------------+---------+--------+"));
    part.say(900, |at| {
        triton(at, "metrics.cc:890", "Collecting metrics for GPU 0")
    });
    part.say(950, |at| {
        triton(
            at,
            "grpc_server.cc:2562",
            "Started GRPCInferenceService at 0.0.0.0:8001",
        )
    });
    part.say(960, |at| {
        triton(
            at,
            "http_server.cc:4789",
            "Started HTTPService at 0.0.0.0:8000",
        )
    });
    part.say(970, |at| {
        triton(
            at,
            "http_server.cc:358",
            "Started Metrics Service at 0.0.0.0:8002",
        )
    });
}

// Triton is silent while it serves; it polls its repository.
fn round_triton(part: &mut Part<'_>) {
    part.say(500, |at| {
        triton(
            at,
            "model_repository_manager.cc:1186",
            "no change in the model repository",
        )
    });
}

fn fail_triton(part: &mut Part<'_>) {
    let model = part
        .run
        .model
        .rsplit('/')
        .next()
        .unwrap_or("model")
        .to_owned();
    part.say(0, |at| format!("E{} 1 model_repository_manager.cc:1402] \"failed to load '{model}' version 1: Internal: unable to create the model's session\"", at.strftime("%m%d %H:%M:%S.%6f")));
    part.say(500, |_| {
        "error: creating server: Internal - failed to load all models".to_owned()
    });
}

fn embeddings(at: Timestamp, place: &str, text: &str) -> String {
    format!(
        "{}  INFO {place}: {text}",
        at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ")
    )
}

fn open_embeddings(part: &mut Part<'_>) {
    let model = part.run.model.clone();
    part.say(10, |at| embeddings(at, "text_embeddings_router", &format!("router/src/main.rs:203: Args {{ model_id: \"{model}\", pooling: None, max_concurrent_requests: 512, max_batch_tokens: 16384 }}")));
    part.say(200, |at| {
        embeddings(
            at,
            "download_artifacts",
            "core/src/download.rs:20: Starting download",
        )
    });
    part.say(500, |at| {
        embeddings(
            at,
            "text_embeddings_router",
            "router/src/lib.rs:206: Maximum number of tokens per request: 8192",
        )
    });
    part.say(700, |at| embeddings(at, "text_embeddings_backend_candle", "backends/candle/src/lib.rs:376: Starting FlashBert model on Cuda(CudaDevice(DeviceId(1)))"));
    part.say(960, |at| {
        embeddings(
            at,
            "text_embeddings_router::http::server",
            "router/src/http/server.rs:1865: Starting HTTP server: 0.0.0.0:80",
        )
    });
    part.say(970, |at| {
        embeddings(
            at,
            "text_embeddings_router::http::server",
            "router/src/http/server.rs:1866: Ready",
        )
    });
}

fn round_embeddings(part: &mut Part<'_>) {
    let total = part.around("total", 14.2, 35.0);
    let queue = part.around("queue", 0.41, 60.0);
    let inference = part.around("inference", 9.7, 30.0);
    part.say(400, |at| embeddings(at, &format!("embed{{total_time=\"{total:.6}ms\" tokenization_time=\"212.104µs\" queue_time=\"{queue:.6}ms\" inference_time=\"{inference:.6}ms\"}}"), "router/src/http/server.rs:733: Success"));
}

fn open_kserve(part: &mut Part<'_>) {
    let model = part
        .run
        .pod
        .split("-predictor")
        .next()
        .unwrap_or("model")
        .to_owned();
    let line = |at: Timestamp, text: &str| {
        format!(
            "{} 1 kserve INFO {text}",
            at.strftime("%Y-%m-%d %H:%M:%S.%3f")
        )
    };
    part.say(100, |at| {
        line(
            at,
            "[storage.py:download():64] Copying contents of /mnt/models to local",
        )
    });
    part.say(500, |at| {
        line(
            at,
            &format!("[model_server.py:register_model():402] Registering model: {model}"),
        )
    });
    part.say(800, |at| {
        line(
            at,
            "[rest/server.py:start():278] Starting uvicorn with 1 workers",
        )
    });
    part.say(900, |_| {
        "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)".to_owned()
    });
}

fn round_kserve(part: &mut Part<'_>) {
    let model = part
        .run
        .pod
        .split("-predictor")
        .next()
        .unwrap_or("model")
        .to_owned();
    let took = part.around("took", 4.1, 40.0);
    let id = part.chance("id", u64::MAX);
    let port = 30_000 + part.chance("port", 30_000);
    part.say(300, |at| format!("{} 1 kserve INFO [timing.py:log():47] requestId: {id:016x}, preprocess_ms: 0.021, explain_ms: 0, predict_ms: {took:.3}, postprocess_ms: 0.011", at.strftime("%Y-%m-%d %H:%M:%S.%3f")));
    part.say(301, |_| {
        format!(
            "INFO:     10.192.1.4:{port} - \"POST /v1/models/{model}%3Apredict HTTP/1.1\" 200 OK"
        )
    });
}
