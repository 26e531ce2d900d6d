//! What a line of a log says of a checkpoint, in the words of the frameworks that write it.

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A checkpoint is being saved from now on.
    Begun,
    /// A checkpoint is saved.
    Finished,
}

/// Sentences that the words below do not know.
const SENTENCES: [(&str, Told); 7] = [
    // DeepSpeed: `[Torch] Checkpoint global_step500 is ready now!`
    ("is ready now!", Told::Finished),
    // torchtitan: `Finished saving the checkpoint (or staging if async is enabled) in 12.3 seconds.`
    ("Finished saving the checkpoint", Told::Finished),
    // Ray Train: `Checkpoint successfully created at: Checkpoint(filesystem=..., path=...)`
    ("Checkpoint successfully created at", Told::Finished),
    // Orbax: `[process=0][thread=...][step=500] CheckpointManager Save Finalize is done on all hosts.`
    ("CheckpointManager Save Finalize is done", Told::Finished),
    // NeMo: `Async checkpoint save for step 500 (...) finalized successfully.`
    ("finalized successfully", Told::Finished),
    // Accelerate: `Saving current state to /out/checkpoint_3`
    ("Saving current state to", Told::Begun),
    // Keras and Lightning: `Epoch 3: saving model to /out/model.keras`, `... saving model to 'x.ckpt'`
    ("saving model to", Told::Begun),
];

const NAMES: [&str; 4] = ["checkpoint", "checkpoints", "ckpt", "ckpts"];
const BEGUN: [&str; 2] = ["saving", "writing"];
const FINISHED: [&str; 2] = ["saved", "written"];

/// Words of lines that speak of a checkpoint, and tell of none that is saved now.
const OTHERWISE: [&str; 27] = [
    "cannot",
    "delete",
    "deleted",
    "deleting",
    "error",
    "every",
    "failed",
    "failure",
    "load",
    "loaded",
    "loading",
    "no",
    "not",
    "pruning",
    "removed",
    "removing",
    "restored",
    "restoring",
    "resume",
    "resumed",
    "resuming",
    "shards",
    "skip",
    "skipped",
    "skipping",
    "unable",
    "will",
];

/// What `line` tells of a checkpoint; none where it speaks of something else.
///
/// Hugging Face, Megatron-LM, torchtune, TensorFlow, `MaxText`, fairseq and most scripts name the checkpoint
/// and say `saving` or `saved`.
pub(super) fn told(line: &str) -> Option<Told> {
    let words = || {
        line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
    };
    let has = |known: &[&str]| words().any(|word| known.contains(&word.as_str()));
    if has(&OTHERWISE) {
        return None;
    }
    let sentence = SENTENCES.iter().find(|(text, _)| line.contains(text));
    if let Some((_, told)) = sentence {
        return Some(*told);
    }
    if !has(&NAMES) {
        return None;
    }
    if has(&FINISHED) {
        Some(Told::Finished)
    } else {
        has(&BEGUN).then_some(Told::Begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frameworks_say_that_they_saved_each_in_its_own_words() {
        for line in [
            "  successfully saved checkpoint from iteration     500 to /ckpt [ t 1/1, p 1/1 ]",
            "[2026-03-01 12:00:00,000] [INFO] [torch_checkpoint_engine.py:33:commit] [Torch] Checkpoint global_step500 is ready now!",
            "[titan] 2026-03-01 12:00:00 - root - INFO - Finished saving the checkpoint (or staging if async is enabled)in 9.41 seconds.",
            "INFO:torchtune.utils:Model checkpoint of size 4.97 GiB saved to /out/epoch_0/model-00001.safetensors",
            "(RayTrainWorker pid=411) Checkpoint successfully created at: Checkpoint(filesystem=local, path=/results/checkpoint_000003)",
            "I0301 12:00:00 [process=0][thread=MainThread][step=500] CheckpointManager Save Finalize is done on all hosts.",
            "Async checkpoint save for step 500 (/ckpt/step=500) finalized successfully.",
            "Model weights saved in /out/checkpoint-500/model.safetensors",
            "2026-03-01 12:00:00 | INFO | fairseq.checkpoint_utils | Saved checkpoint checkpoints/checkpoint_last.pt (epoch 3 @ 500 updates)",
            "[rank0] Checkpoint of step 50 saved in 9.43 seconds",
        ] {
            assert_eq!(told(line), Some(Told::Finished), "{line}");
        }
    }

    #[test]
    fn a_save_that_was_begun_is_not_one_that_is_done() {
        for line in [
            "Saving model checkpoint to /out/checkpoint-500",
            "saving checkpoint at iteration     500 to /ckpt in torch_dist format",
            "INFO:tensorflow:Saving checkpoints for 1000 into gs://bucket/model.ckpt.",
            "Epoch 3: saving model to /out/model.keras",
            "Saving current state to /out/checkpoint_3",
            "[rank0] Saving a checkpoint of step 50 to /checkpoints/step-50",
        ] {
            assert_eq!(told(line), Some(Told::Begun), "{line}");
        }
    }

    #[test]
    fn whoever_speaks_of_checkpoints_does_not_save_one() {
        for line in [
            "Loading checkpoint shards:  50%|#####     | 3/6",
            "Resuming from checkpoint saved at step 450",
            "a checkpoint will be saved every 500 steps",
            "Error saving checkpoint: No space left on device",
            "gradient_checkpointing=True, save_strategy=steps, resume_from_checkpoint=None",
            "Deleted older checkpoint saved at /out/checkpoint-400",
            "step:    500  loss: 1.2345  tps: 3180",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
