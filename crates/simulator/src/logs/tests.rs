use serde_json::json;

use super::*;

fn run(program_args: &[&str], image: &str, ended: Option<(&str, i64)>) -> Run {
    let pod = json!({ "metadata": { "name": "p", "namespace": "n", "uid": "u" },
        "spec": { "nodeName": "gpu-01" }, "status": { "podIP": "10.192.0.9" } });
    let container = json!({ "name": "c", "image": image, "args": program_args,
        "resources": { "limits": { "nvidia.com/gpu": "8" } } });
    let state = match ended {
        None => json!({ "running": { "startedAt": "2026-11-23T12:00:00Z" } }),
        Some((at, code)) => json!({ "terminated": { "startedAt": "2026-11-23T12:00:00Z",
            "finishedAt": at, "exitCode": code } }),
    };
    Run::of(&pod, &container, &state, 0).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(mut reader: Reader, now: Timestamp) -> Vec<Line> {
    std::iter::from_fn(|| reader.next_until(now)).collect()
}

#[test]
fn a_log_is_the_same_however_it_is_read() {
    let now = time("2026-11-23T13:30:00Z");
    let vllm = || run(&["--model=a/b"], "vllm/vllm-openai:v0.24.0", None);
    let whole = read(Reader::since(vllm(), None, now), now);
    assert!(whole.is_sorted_by_key(|line| line.at));
    assert!(whole.iter().all(|line| line.at <= now));
    let tail = read(Reader::last(vllm(), 40, now), now);
    assert_eq!(tail, whole[whole.len() - 40..]);
    let since = time("2026-11-23T13:00:00Z");
    let recent = read(Reader::since(vllm(), Some(since), now), now);
    let expected: Vec<Line> = whole
        .iter()
        .filter(|line| line.at >= since)
        .cloned()
        .collect();
    assert_eq!(recent, expected);
}

#[test]
fn a_tail_goes_on_where_it_stopped() {
    let now = time("2026-11-23T12:20:05Z");
    let later = time("2026-11-23T12:22:00Z");
    let train = || {
        run(
            &["torchrun", "dpo.py"],
            "nvcr.io/nvidia/pytorch:26.06-py3",
            None,
        )
    };
    let mut tail = Reader::last(train(), 5, now);
    let first: Vec<Line> = std::iter::from_fn(|| tail.next_until(now)).collect();
    let then: Vec<Line> = std::iter::from_fn(|| tail.next_until(later)).collect();
    let whole = read(Reader::since(train(), None, later), later);
    let joined: Vec<Line> = first.into_iter().chain(then).collect();
    assert_eq!(joined, whole[whole.len() - joined.len()..]);
    assert!(joined.len() > 5);
}

#[test]
fn training_makes_progress() {
    let now = time("2026-11-23T16:00:00Z");
    let train = run(
        &["torchrun", "dpo.py"],
        "nvcr.io/nvidia/pytorch:26.06-py3",
        None,
    );
    let lines = read(Reader::since(train, None, now), now);
    let losses: Vec<f64> = lines
        .iter()
        .filter_map(|line| {
            line.text
                .split("loss: ")
                .nth(1)?
                .split(' ')
                .next()?
                .parse()
                .ok()
        })
        .collect();
    assert!(losses.len() > 500);
    assert!(
        losses[0] > 2.0 && losses[losses.len() - 1] < 1.4,
        "{losses:?}"
    );
    assert!(lines.iter().any(|line| line.text.contains("NCCL version")));
    assert!(
        lines
            .iter()
            .any(|line| line.text.contains("Saving a checkpoint of step 50 "))
    );
}

#[test]
fn what_was_killed_has_no_last_words_and_what_failed_says_why() {
    let now = time("2026-11-23T13:00:00Z");
    let image = "vllm/vllm-openai:v0.24.0";
    let killed = run(&[], image, Some(("2026-11-23T12:00:30Z", 137)));
    let lines = read(Reader::since(killed, None, now), now);
    assert!(
        lines
            .iter()
            .all(|line| !line.text.contains("out of memory"))
    );
    assert!(lines.last().unwrap().text.contains("safetensors"));
    let failed = run(&[], image, Some(("2026-11-23T12:00:30Z", 1)));
    let lines = read(Reader::last(failed, 12, now), now);
    assert!(
        lines
            .iter()
            .any(|line| line.text.contains("CUDA out of memory"))
    );
}

#[test]
fn ollama_says_where_it_listens_and_loads_a_model_when_it_is_asked_first() {
    let now = time("2026-11-23T12:03:00Z");
    let lines = read(
        Reader::since(run(&["serve"], "ollama/ollama:0.15.2", None), None, now),
        now,
    );
    let at = |part: &str| lines.iter().position(|line| line.text.contains(part));
    let listens = at("msg=\"Listening on [::]:11434 (version 0.15.2)\"").unwrap();
    let loaded = at("llama runner started in").unwrap();
    let answered = at("POST     \"/api/chat\"").unwrap();
    assert!(listens < loaded && loaded < answered, "{lines:?}");
    let mut others = lines.iter().skip(loaded + 1);
    assert!(others.clone().count() > 1);
    assert!(others.all(|line| line.text.starts_with("[GIN] ")));
}
