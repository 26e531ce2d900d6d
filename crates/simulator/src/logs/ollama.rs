//! What Ollama prints: lines of Go's structured logger, and one of its router for each request.

use std::time::Duration;

use jiff::Timestamp;

use super::{Part, Script, nothing};

pub(super) const SCRIPT: Script = Script {
    opening: Duration::from_secs(4),
    open,
    period: Duration::from_secs(30),
    round,
    finish: nothing,
    fail: nothing,
};

fn line(at: Timestamp, source: &str, text: &str) -> String {
    format!(
        "time={} level=INFO source={source} {text}",
        at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
    )
}

fn open(part: &mut Part<'_>) {
    let image = part.run.image.clone();
    let version = image
        .rsplit_once(':')
        .map_or("0.0.0", |(_, version)| version);
    let gpus = part.run.gpus;
    part.say(100, |at| {
        line(at, "images.go:522", "msg=\"total blobs: 5\"")
    });
    part.say(110, |at| {
        line(at, "images.go:529", "msg=\"total unused blobs removed: 0\"")
    });
    part.say(300, |at| {
        line(
            at,
            "routes.go:1667",
            &format!("msg=\"Listening on [::]:11434 (version {version})\""),
        )
    });
    part.say(400, |at| {
        line(at, "runner.go:67", "msg=\"discovering available GPUs...\"")
    });
    for index in 0..gpus {
        part.say(900, |at| {
            let compute = format!(
                "msg=\"inference compute\" id={index} library=CUDA name=CUDA{index} type=discrete"
            );
            line(at, "types.go:42", &compute)
        });
    }
    if gpus == 0 {
        part.say(900, |at| {
            let compute = "msg=\"inference compute\" id=cpu library=cpu name=cpu";
            line(at, "types.go:60", compute)
        });
    }
}

fn round(part: &mut Part<'_>) {
    if part.number == 1 {
        let took = part.around("loading", 2.6, 20.0);
        part.say(300, |at| {
            line(
                at,
                "server.go:1332",
                &format!("msg=\"llama runner started in {took:.2} seconds\""),
            )
        });
    }
    let took = format!("{:.9}s", part.around("took", 2.4, 60.0));
    let client = format!("10.42.0.{}", 8 + part.chance("client", 20));
    part.say(600, |at| {
        format!(
            "[GIN] {} | 200 | {took:>13} | {client:>15} | POST     \"/api/chat\"",
            at.strftime("%Y/%m/%d - %H:%M:%S")
        )
    });
}
