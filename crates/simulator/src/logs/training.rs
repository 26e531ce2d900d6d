//! Distributed training: torchrun, NCCL, steps, checkpoints.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, real};

pub(super) const SCRIPT: Script = Script {
    opening: Duration::from_secs(48),
    open,
    period: Duration::from_secs(12),
    round,
    finish,
    fail,
};

/// Steps between two checkpoints.
const CHECKPOINT_EVERY: u64 = 50;
/// The length of a run, in steps, as its lines count them.
const STEPS: u64 = 12_000;

fn clock_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S,%3f").to_string()
}

fn info(at: Timestamp, text: &str) -> String {
    format!("{} [INFO] {text}", clock_time(at))
}

fn open(part: &mut Part<'_>) {
    let run = part.run;
    let local = run.gpus.max(1);
    let first = run.index * local;
    part.say(0, |at| {
        format!(
            "W{} 1 torch/distributed/run.py:815] Setting OMP_NUM_THREADS environment variable for \
             each process to be 1 in default, to avoid your system being overloaded, please \
             further tune the variable for optimal performance in your application as needed.",
            at.strftime("%m%d %H:%M:%S.%6f")
        )
    });
    part.say(12, |at| {
        info(at, &format!("torchrun: {}", run.words.join(" ")))
    });
    for rank in 0..local {
        let global = first + rank;
        part.say(60, |at| {
            info(
                at,
                &format!("[rank{global}] CUDA device {rank}, local rank {rank} of {local}"),
            )
        });
    }
    let process = 40 + part.chance("pid", 60);
    let prefix = format!("{}:{process}:{process} [0] NCCL INFO", run.pod);
    part.say(150, |_| {
        format!("{prefix} Bootstrap: Using eth0:{}<0>", run.address)
    });
    part.say(151, |_| format!("{prefix} cudaDriverVersion 13000"));
    part.say(152, |_| format!("{prefix} NCCL version 2.28.9+cuda13.0"));
    part.say(180, |_| {
        format!(
            "{prefix} NET/IB : Using [0]mlx5_0:1/IB/SHARP [1]mlx5_1:1/IB/SHARP [2]mlx5_2:1/IB/SHARP \
             [3]mlx5_3:1/IB/SHARP [RO]; OOB eth0:{}<0>",
            run.address
        )
    });
    part.say(181, |_| format!("{prefix} Using network IB"));
    for channel in 0..local.min(4) {
        part.say(220, |_| {
            format!(
                "{prefix} Channel {channel:02}/0 : {first}[0] -> {}[1] via P2P/CUMEM",
                first + 1
            )
        });
    }
    let unique = part.chance("comm", u64::MAX);
    let took = 2.1 + real(part.chance("init", 900)) / 1000.0;
    part.say(270, |_| {
        format!(
            "{prefix} ncclCommInitRankConfig comm 0x{:012x} rank {first} nranks {} cudaDev 0 \
             nvmlDev 0 busId 18000 commId 0x{unique:016x} - Init COMPLETE",
            unique >> 16,
            first + local
        )
    });
    part.say(271, |_| {
        format!("{prefix} Init timings - ncclCommInitRankConfig: rank {first} total {took:.2}")
    });
    load(part);
}

/// From the weights to the first step.
fn load(part: &mut Part<'_>) {
    let model = name_of_model(&part.run.model);
    part.say(330, |at| {
        info(at, &format!("Loading model {model} in bfloat16"))
    });
    for shard in 1..=6_u32 {
        part.say(380 + shard * 60, |_| {
            format!(
                "Loading checkpoint shards: {:>3}%|{:<10}| {shard}/6",
                shard * 100 / 6,
                "█".repeat(usize::try_from(shard * 10 / 6).unwrap_or(0))
            )
        });
    }
    part.say(830, |at| {
        info(
            at,
            "Wrapped the model with FSDP2: sharding FULL_SHARD, mixed precision bf16",
        )
    });
    part.say(900, |at| {
        info(
            at,
            "Compiling the loss with torch.compile, backend inductor",
        )
    });
    part.say(980, |at| {
        info(
            at,
            &format!("Starting training: {STEPS} steps, global batch 128, sequence length 8192"),
        )
    });
}

/// A step and, now and then, a checkpoint. Ranks other than the first say little.
fn round(part: &mut Part<'_>) {
    let step = part.number;
    let first = part.run.index * part.run.gpus.max(1);
    let is_checkpoint = step.is_multiple_of(CHECKPOINT_EVERY);
    let loss = 0.94 + 1.42 * (-real(step) / 420.0).exp();
    let loss = part.around("loss", loss, 2.2);
    let gradient = part.around("grad", 0.42 + 0.9 * (-real(step) / 300.0).exp(), 18.0);
    let slow = if is_checkpoint { 0.62 } else { 1.0 };
    let per_gpu = part.around("tps", 3_180.0 * slow, 2.5);
    let utilization = part.around("mfu", 44.6 * slow, 2.0);
    let memory = part.around("mem", 71.8, 0.6);
    let warmup = (real(step) / 200.0).min(1.0);
    let rate =
        2e-5 * warmup * 0.5 * (1.0 + (std::f64::consts::PI * real(step) / real(STEPS)).cos());
    if first == 0 || step.is_multiple_of(10) {
        part.say(420, |at| {
            info(
                at,
                &format!(
                    "[rank{first}] step: {step:>6}  loss: {loss:.4}  grad_norm: {gradient:.3}  \
                     lr: {rate:.3e}  memory: {memory:.2}GiB({:.1}%)  tps: {per_gpu:.0}  \
                     mfu: {utilization:.1}%",
                    memory / 0.7965
                ),
            )
        });
    }
    if is_checkpoint {
        let took = part.around("save", 9.4, 15.0);
        part.say(520, |at| {
            info(
                at,
                &format!(
                    "[rank{first}] Saving a checkpoint of step {step} to /checkpoints/step-{step}"
                ),
            )
        });
        part.say(960, |at| {
            info(
                at,
                &format!("[rank{first}] Checkpoint of step {step} saved in {took:.2} seconds"),
            )
        });
    }
}

fn finish(part: &mut Part<'_>) {
    let first = part.run.index * part.run.gpus.max(1);
    part.say(0, |at| info(at, "Training completed"));
    part.say(300, |at| {
        info(
            at,
            &format!("[rank{first}] Saved the final model to /checkpoints/final"),
        )
    });
    part.say(800, |_| {
        "[rank0]: process group destroyed, exiting with 0".to_owned()
    });
}

/// A rank waits for one that is gone until NCCL's watchdog gives up.
fn fail(part: &mut Part<'_>) {
    let first = part.run.index * part.run.gpus.max(1);
    let sequence = 1000 + part.chance("seq", 90_000);
    part.say(0, |at| {
        format!(
            "[rank{first}]:[E{} ProcessGroupNCCL.cpp:685] [Rank {first}] Watchdog caught \
             collective operation timeout: WorkNCCL(SeqNum={sequence}, OpType=ALLREDUCE, \
             NumelIn=8388608, NumelOut=8388608, Timeout(ms)=600000) ran for 600031 milliseconds \
             before timing out.",
            at.strftime("%m%d %H:%M:%S.%9f")
        )
    });
    part.say(200, |at| {
        format!(
            "[rank{first}]:[E{} ProcessGroupNCCL.cpp:2277] [PG ID 0 PG GUID 0(default_pg) Rank \
             {first}] failure detected by watchdog at work sequence id: {sequence} PG status: \
             last enqueued work: {}, last completed work: {}",
            at.strftime("%m%d %H:%M:%S.%9f"),
            sequence + 3,
            sequence - 1
        )
    });
    part.say(400, |at| {
        format!(
            "[rank{first}]:[E{} ProcessGroupNCCL.cpp:739] Some NCCL operations have failed or \
             timed out. Due to the asynchronous nature of CUDA kernels, subsequent GPU operations \
             might run on corrupted/incomplete data.",
            at.strftime("%m%d %H:%M:%S.%9f")
        )
    });
    part.say(700, |at| {
        format!(
            "E{} 1 torch/distributed/elastic/multiprocessing/api.py:882] failed (exitcode: -6) \
             local_rank: 0 (pid: 57) of binary: /usr/bin/python3",
            at.strftime("%m%d %H:%M:%S.%6f")
        )
    });
}

fn name_of_model(model: &str) -> &str {
    if model.is_empty() {
        "from /workspace/config.yaml"
    } else {
        model
    }
}
