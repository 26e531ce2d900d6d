//! Work that ends, and what fails before it begins.

use std::time::Duration;

use super::{Part, Script, nothing};
use crate::{program, shell};

pub(super) const BATCH: Script = Script {
    opening: Duration::from_secs(6),
    open: open_batch,
    period: Duration::from_secs(8),
    round: round_batch,
    finish: finish_batch,
    fail: missing_module,
};

pub(super) const AIRFLOW: Script = Script {
    opening: Duration::from_secs(10),
    open: open_airflow,
    period: Duration::from_secs(30),
    round: round_airflow,
    finish: nothing,
    fail: missing_module,
};

pub(super) const SPARK: Script = Script {
    opening: Duration::from_secs(10),
    open: open_spark,
    period: Duration::from_secs(10),
    round: round_spark,
    finish: finish_spark,
    fail: nothing,
};

pub(super) const SCRIPT: Script = Script {
    opening: Duration::from_secs(1),
    open: open_script,
    period: Duration::from_hours(24),
    round: nothing,
    finish: nothing,
    fail: nothing,
};

pub(super) const SILENT: Script = Script {
    opening: Duration::from_secs(1),
    open: nothing,
    period: Duration::from_hours(24),
    round: nothing,
    finish: nothing,
    fail: nothing,
};

/// A program that does not find what it imports.
pub(super) fn missing_module(part: &mut Part<'_>) {
    let script = part
        .run
        .words
        .iter()
        .find(|word| {
            std::path::Path::new(word)
                .extension()
                .is_some_and(|extension| extension == "py")
        })
        .map_or("/opt/airflow/dags/features.py", String::as_str)
        .to_owned();
    part.say(0, |_| {
        format!(
            "Traceback (most recent call last):\n  File \"{script}\", line 7, in <module>\n    \
             import feature_contracts\nModuleNotFoundError: No module named 'feature_contracts'"
        )
    });
}

fn open_batch(part: &mut Part<'_>) {
    let words = part.run.words.join(" ");
    part.say(50, |at| {
        format!(
            "{} INFO starting: {words}",
            at.strftime("%Y-%m-%d %H:%M:%S,%3f")
        )
    });
    part.say(700, |at| {
        format!(
            "{} INFO reading the input from object storage",
            at.strftime("%Y-%m-%d %H:%M:%S,%3f")
        )
    });
}

fn round_batch(part: &mut Part<'_>) {
    let done = part.number * 512;
    let rate = part.around("rate", 64.0, 12.0);
    part.say(500, |at| {
        format!(
            "{} INFO {done} items done, {rate:.1} items/s",
            at.strftime("%Y-%m-%d %H:%M:%S,%3f")
        )
    });
}

fn finish_batch(part: &mut Part<'_>) {
    part.say(0, |at| {
        format!(
            "{} INFO done, results written",
            at.strftime("%Y-%m-%d %H:%M:%S,%3f")
        )
    });
}

fn open_airflow(part: &mut Part<'_>) {
    part.say(100, |at| {
        format!(
            "[{}] {{scheduler_job_runner.py:1014}} INFO - Starting the scheduler loop",
            at.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000")
        )
    });
    part.say(600, |at| {
        format!(
            "[{}] {{executor_loader.py:281}} INFO - Loaded executor: KubernetesExecutor",
            at.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000")
        )
    });
}

fn round_airflow(part: &mut Part<'_>) {
    let took = part.around("took", 0.31, 40.0);
    let count = part.chance("count", 5);
    part.say(400, |at| format!("[{}] {{scheduler_job_runner.py:1322}} INFO - {count} tasks up for execution, loop took {took:.3}s", at.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000")));
}

fn open_spark(part: &mut Part<'_>) {
    let image = part.run.image.clone();
    let version = image
        .rsplit_once(':')
        .map_or("4.0.1", |(_, tag)| tag.split('-').next().unwrap_or(tag))
        .to_owned();
    part.say(200, |at| {
        format!(
            "{} INFO SparkContext: Running Spark version {version}",
            at.strftime("%y/%m/%d %H:%M:%S")
        )
    });
    part.say(700, |at| {
        format!(
            "{} INFO BlockManagerMaster: Registered BlockManager",
            at.strftime("%y/%m/%d %H:%M:%S")
        )
    });
}

fn round_spark(part: &mut Part<'_>) {
    let stage = part.number / 20;
    let task = part.number % 200;
    let took = 800 + part.chance("took", 2_400);
    part.say(300, |at| format!("{} INFO TaskSetManager: Finished task {task}.0 in stage {stage}.0 (TID {}) in {took} ms on 10.192.7.12 (executor {}) ({task}/200)", at.strftime("%y/%m/%d %H:%M:%S"), stage * 200 + task, 1 + task % 3));
}

fn finish_spark(part: &mut Part<'_>) {
    part.say(0, |at| {
        format!(
            "{} INFO SparkContext: Successfully stopped SparkContext",
            at.strftime("%y/%m/%d %H:%M:%S")
        )
    });
}

/// A script prints what its commands print; those that wait, wait elsewhere.
fn open_script(part: &mut Part<'_>) {
    let words: Vec<&str> = part.run.words.iter().map(String::as_str).collect();
    let Some(script) = program::script_of(&words) else {
        return;
    };
    let printed = shell::print(script);
    for line in printed.lines() {
        part.say(10, |_| line.to_owned());
    }
}
