//! vLLM: start, load a model, then say every ten seconds what it serves.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, nothing, real, serving::rhythm};

pub(super) const SCRIPT: Script = Script {
    opening: Duration::from_secs(66),
    open,
    period: Duration::from_secs(10),
    round,
    finish: nothing,
    fail: out_of_memory,
};

fn vllm(at: Timestamp, place: &str, text: &str) -> String {
    format!("INFO {} [{place}] {text}", at.strftime("%m-%d %H:%M:%S"))
}

fn open(part: &mut Part<'_>) {
    let run = part.run;
    let version = run
        .image
        .rsplit_once(":v")
        .map_or("0.24.0", |(_, version)| version);
    let ranks = run.gpus.max(1);
    part.say(10, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "api_server.py:1346",
                &format!("vLLM API server version {version}")
            )
        )
    });
    part.say(12, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "utils.py:253",
                &format!("non-default args: {:?}", run.words)
            )
        )
    });
    part.say(60, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "model.py:638",
                "Resolved architecture: LlamaForCausalLM"
            )
        )
    });
    part.say(62, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "scheduler.py:216",
                "Chunked prefill is enabled with max_num_batched_tokens=8192."
            )
        )
    });
    part.say(130, |at| {
        format!(
            "(EngineCore_DP0 pid=131) {}",
            vllm(at, "core.py:94", &format!("Initializing a V1 LLM engine (v{version}) with config: model='{}', tensor_parallel_size={ranks}, dtype=torch.bfloat16", run.model))
        )
    });
    for rank in 0..ranks {
        part.say(200, |at| {
            format!("(Worker_TP{rank} pid={}) {}", 198 + rank, vllm(at, "parallel_state.py:1208", &format!("rank {rank} in world size {ranks} is assigned as DP rank 0, PP rank 0, TP rank {rank}, EP rank {rank}")))
        });
    }
    load(part);
}

/// From the weights to the first request.
fn load(part: &mut Part<'_>) {
    let run = part.run;
    part.say(230, |at| {
        format!(
            "(Worker_TP0 pid=198) {}",
            vllm(at, "pynccl.py:111", "vLLM is using nccl==2.28.9")
        )
    });
    part.say(260, |at| {
        format!(
            "(Worker_TP0 pid=198) {}",
            vllm(
                at,
                "gpu_model_runner.py:3062",
                &format!("Starting to load model {}...", run.model)
            )
        )
    });
    for shard in 1..=8_u32 {
        part.say(280 + shard * 45, |_| {
            format!("(Worker_TP0 pid=198) Loading safetensors checkpoint shards: {:>3}% Completed | {shard}/8 [00:{:02}<00:{:02},  2.97s/it]", shard * 100 / 8, shard * 3, (8 - shard) * 3)
        });
    }
    compile(part);
}

/// Compiled, its cache measured, its graphs captured.
fn compile(part: &mut Part<'_>) {
    let weights = part.around("weights", 34.2, 3.0);
    let took = part.around("load", 25.4, 8.0);
    part.say(660, |at| {
        format!(
            "(Worker_TP0 pid=198) {}",
            vllm(
                at,
                "gpu_model_runner.py:3338",
                &format!("Model loading took {weights:.4} GiB memory and {took:.6} seconds")
            )
        )
    });
    part.say(760, |at| {
        format!("(Worker_TP0 pid=198) {}", vllm(at, "backends.py:695", "Using cache directory: /root/.cache/vllm/torch_compile_cache for vLLM's torch.compile"))
    });
    let tokens = 280_000 + part.chance("kv", 60_000);
    part.say(860, |at| {
        format!(
            "(EngineCore_DP0 pid=131) {}",
            vllm(
                at,
                "kv_cache_utils.py:1291",
                &format!("GPU KV cache size: {} tokens", grouped(tokens))
            )
        )
    });
    part.say(861, |at| {
        format!(
            "(EngineCore_DP0 pid=131) {}",
            vllm(
                at,
                "kv_cache_utils.py:1296",
                &format!(
                    "Maximum concurrency for 32,768 tokens per request: {:.2}x",
                    real(tokens) / 32_768.0
                )
            )
        )
    });
    part.say(930, |at| {
        format!(
            "(Worker_TP0 pid=198) {}",
            vllm(
                at,
                "gpu_model_runner.py:4244",
                "Graph capturing finished in 6 secs, took 0.62 GiB"
            )
        )
    });
    part.say(980, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "api_server.py:1425",
                "Starting vLLM API server 0 on http://0.0.0.0:8000"
            )
        )
    });
    part.say(990, |_| {
        "(APIServer pid=1) INFO:     Application startup complete.".to_owned()
    });
}

fn round(part: &mut Part<'_>) {
    let load = rhythm(part);
    let requests = 1 + part.chance("requests", 3);
    let node = part.chance("peer", 200) + 2;
    for request in 0..requests {
        let port = 30_000 + part.chance(&format!("port{request}"), 30_000);
        let place = u32::try_from(request).unwrap_or(0);
        part.say(120 + place * 260, |_| {
            format!("(APIServer pid=1) INFO:     10.192.3.{node}:{port} - \"POST /v1/chat/completions HTTP/1.1\" 200 OK")
        });
    }
    let prompt = part.around("prompt", 2_450.0 * load, 22.0);
    let generation = part.around("generation", 1_180.0 * load, 18.0);
    let running = part.around("running", 26.0 * load, 30.0);
    let waiting = if load > 0.8 {
        part.chance("waiting", 4)
    } else {
        0
    };
    let cache = part.around("cache", 41.0 * load, 25.0);
    let hits = part.around("hits", 62.0, 4.0);
    part.say(930, |at| {
        format!(
            "(APIServer pid=1) {}",
            vllm(
                at,
                "loggers.py:236",
                &format!(
                    "Engine 000: Avg prompt throughput: {prompt:.1} tokens/s, Avg generation \
                 throughput: {generation:.1} tokens/s, Running: {running:.0} reqs, Waiting: \
                 {waiting} reqs, GPU KV cache usage: {cache:.1}%, Prefix cache hit rate: {hits:.1}%"
                )
            )
        )
    });
}

/// CUDA has no room: the traceback that ends the process.
pub(super) fn out_of_memory(part: &mut Part<'_>) {
    let free = 180 + part.chance("free", 600);
    part.say(0, |at| format!(
        "(EngineCore_DP0 pid=131) ERROR {} [core.py:842] EngineCore failed to start.\n\
         (EngineCore_DP0 pid=131) Traceback (most recent call last):\n\
         (EngineCore_DP0 pid=131)   File \"/usr/local/lib/python3.12/dist-packages/vllm/v1/engine/core.py\", line 833, in run_engine_core\n\
         (EngineCore_DP0 pid=131)     engine_core = EngineCoreProc(*args, **kwargs)\n\
         (EngineCore_DP0 pid=131)   File \"/usr/local/lib/python3.12/dist-packages/vllm/v1/worker/gpu_model_runner.py\", line 3071, in load_model\n\
         (EngineCore_DP0 pid=131)     self.model = model_loader.load_model(\n\
         (EngineCore_DP0 pid=131) torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.75 GiB. GPU 0 has a total capacity of 79.11 GiB of which {free}.81 MiB is free. Including non-PyTorch memory, this process has 78.27 GiB memory in use. Of the allocated memory 77.01 GiB is allocated by PyTorch, and 412.50 MiB is reserved by PyTorch but unallocated.",
        at.strftime("%m-%d %H:%M:%S")
    ));
    part.say(600, |_| {
        "RuntimeError: Engine core initialization failed. See root cause above. Failed core \
         proc(s): {'EngineCore_DP0': 1}"
            .to_owned()
    });
}

/// `318,204`.
fn grouped(number: u64) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{},{:03}", grouped(number / 1000), number % 1000)
    }
}
