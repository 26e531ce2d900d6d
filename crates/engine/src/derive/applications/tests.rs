use strata_domain::{condition::Status, object::Object, pod::Phase as PodPhase};
use strata_test_support::objects::{
    WorkloadBuilder, custom, daemon_set, deployment, job, node, pod, replica_set,
};

use super::*;
use crate::derive::fixture;

fn applications(objects: Vec<Object>) -> Vec<Application> {
    let cluster = fixture::cluster(objects);
    fixture::derived(&cluster, &fixture::catalog())
        .applications
        .list
}

fn only(objects: Vec<Object>) -> Application {
    let mut all = applications(objects);
    assert_eq!(all.len(), 1, "{:?}", names(&all));
    all.remove(0)
}

fn names(all: &[Application]) -> Vec<&str> {
    all.iter()
        .map(|application| application.name.as_str())
        .collect()
}

fn reason(application: &Application) -> String {
    application
        .reason
        .as_ref()
        .map(Phrase::english)
        .unwrap_or_default()
}

fn vllm(namespace: &str, name: &str) -> WorkloadBuilder {
    deployment(namespace, name).image("vllm/vllm-openai:v0.14.0")
}

#[test]
fn children_are_hidden_behind_their_topmost_owner() {
    let service = custom("serving.kserve.io", "InferenceService", "team", "chat").object();
    let below = vllm("team", "chat-predictor")
        .ready(2, 2)
        .owned_by(&service)
        .object();
    let set = replica_set("team", "chat-predictor-1")
        .owned_by(&below)
        .object();
    let member = pod("team", "c").on("n").gpus(2).owned_by(&set).object();
    let chat = only(vec![service, below, set, member]);
    assert_eq!(
        chat.subject.to_string(),
        "application/team/InferenceService/chat"
    );
    assert_eq!(
        chat.ready,
        Some(Ready {
            ready: 2,
            desired: 2
        })
    );
    assert_eq!((chat.gpus, chat.pods.len()), (2, 1));
    assert_eq!(chat.profile, Some(Profile::Generative));
}

#[test]
fn the_model_is_told_before_the_engine_and_the_engine_before_the_kind() {
    let labelled = vllm("team", "serve").label("model", "llama-3-70b").object();
    assert_eq!(only(vec![labelled]).version, "llama-3-70b");
    assert_eq!(
        only(vec![vllm("team", "serve").object()]).version,
        "vLLM 0.14.0"
    );
    assert_eq!(
        only(vec![vllm("team", "vllm-prod").object()]).version,
        "0.14.0"
    );
    let train = job("team", "train").object();
    let member = pod("team", "t").on("n").gpus(1).owned_by(&train).object();
    assert_eq!(only(vec![train, member]).version, "Job");
}

#[test]
fn a_workload_that_holds_accelerators_is_an_application_and_another_is_not() {
    let with = deployment("team", "own-server").object();
    let set = replica_set("team", "own-server-1").owned_by(&with).object();
    let member = pod("team", "o").on("n").gpus(1).owned_by(&set).object();
    let without = deployment("team", "shop").object();
    let all = applications(vec![with, set, member, without]);
    assert_eq!(names(&all), ["own-server"]);
}

#[test]
fn what_the_platform_consists_of_is_no_application() {
    let validator = daemon_set("gpu-operator", "nvidia-operator-validator").object();
    let probe = pod("gpu-operator", "v")
        .on("n")
        .gpus(1)
        .owned_by(&validator)
        .object();
    let own = deployment("kube-system", "gpu-checker").object();
    let set = replica_set("kube-system", "gpu-checker-1")
        .owned_by(&own)
        .object();
    let member = pod("kube-system", "g")
        .on("n")
        .gpus(1)
        .owned_by(&set)
        .object();
    assert_eq!(
        names(&applications(vec![validator, probe, own, set, member])),
        [""; 0]
    );
}

#[test]
fn one_component_in_a_namespace_does_not_make_it_the_platform_s() {
    let prometheus = deployment("default", "prometheus-server")
        .image("quay.io/prometheus/prometheus:v3.10.0")
        .object();
    let own = deployment("default", "own-server").object();
    let set = replica_set("default", "own-server-1")
        .owned_by(&own)
        .object();
    let member = pod("default", "o").on("n").gpus(1).owned_by(&set).object();
    assert_eq!(
        names(&applications(vec![prometheus, own, set, member])),
        ["own-server"]
    );
}

#[test]
fn parts_of_one_release_are_one_application() {
    let milvus = |name: &str| {
        deployment("search", name)
            .label("app.kubernetes.io/name", "milvus")
            .label("app.kubernetes.io/instance", "vectors")
            .image("milvusdb/milvus:v2.6.4")
            .ready(1, 1)
            .object()
    };
    let vectors = only(vec![milvus("vectors-proxy"), milvus("vectors-data")]);
    assert_eq!(vectors.name, "vectors");
    assert_eq!(
        vectors.ready,
        Some(Ready {
            ready: 2,
            desired: 2
        })
    );
    assert_eq!(vectors.key.name, "vectors-data");
}

#[test]
fn parts_that_serve_different_models_stay_apart() {
    let part = |model: &str| {
        vllm("team", model)
            .label("app.kubernetes.io/instance", "stack")
            .label("model", model)
            .object()
    };
    assert_eq!(
        names(&applications(vec![part("qwen3"), part("llama-3")])),
        ["llama-3", "qwen3"]
    );
}

#[test]
fn tiles_keep_their_order_whatever_their_health() {
    let build = |ready: u32| {
        vec![
            vllm("b", "chat").ready(ready, 2).object(),
            vllm("a", "zeta").ready(2, 2).object(),
            deployment("a", "fraud")
                .image("tensorflow/serving:2.19.0")
                .object(),
        ]
    };
    let well = applications(build(2));
    let ill = applications(build(0));
    assert_eq!(names(&well), names(&ill));
    assert_eq!(names(&well), ["zeta", "chat", "fraud"]);
    assert_eq!(well[2].profile, Some(Profile::Predictive));
}

#[test]
fn an_application_that_is_scaled_to_zero_is_paused() {
    let stopped = only(vec![vllm("team", "chat").ready(0, 0).object()]);
    assert_eq!((stopped.severity, stopped.reason), (Severity::Paused, None));
}

#[test]
fn one_failing_replica_is_a_warning_and_none_left_is_critical() {
    let with_ready = |ready: u32| {
        let main = vllm("team", "chat").ready(ready, 2).object();
        let set = replica_set("team", "chat-1").owned_by(&main).object();
        let bad = pod("team", "c")
            .on("n")
            .crashing(1, 4)
            .owned_by(&set)
            .object();
        only(vec![main, set, bad, node("n").object()])
    };
    assert_eq!(with_ready(1).severity, Severity::Warning);
    assert_eq!(with_ready(0).severity, Severity::Critical);
    assert_eq!(
        reason(&with_ready(1)),
        "main keeps crashing with exit code 1, 4 restarts"
    );
}

#[test]
fn pods_that_failed_before_are_forgotten_once_all_is_well() {
    let main = vllm("team", "chat").ready(1, 1).object();
    let set = replica_set("team", "chat-1").owned_by(&main).object();
    let now = pod("team", "new").on("n").owned_by(&set).object();
    let before = pod("team", "old")
        .on("n")
        .phase(PodPhase::Failed)
        .owned_by(&set)
        .object();
    let chat = only(vec![main, set, now, before, node("n").object()]);
    assert_eq!((chat.severity, chat.pods.len()), (Severity::Ok, 1));
}

#[test]
fn one_lost_member_stops_a_training_run() {
    let train = custom("ray.io", "RayJob", "team", "train")
        .field("status.jobDeploymentStatus", "Running")
        .object();
    let member = |name: &str| pod("team", name).on("n").gpus(1).owned_by(&train);
    let well = member("a").object();
    let bad = member("b").crashing(139, 1).object();
    let run = only(vec![train, well, bad, node("n").object()]);
    assert_eq!(
        (run.phase, run.severity),
        (Phase::Running, Severity::Critical)
    );
}

#[test]
fn a_run_that_ended_well_is_gone_and_one_that_failed_stays_for_a_day() {
    let done = job("team", "done").ended(4, 0).object();
    let failed = |at: &str| {
        let Object::Workload(mut job) = job("team", "bad").ended(1, 3).object() else {
            panic!("a job is a workload");
        };
        for condition in &mut job.conditions {
            condition.since = Some(strata_test_support::clock::time(at));
        }
        Object::Workload(job)
    };
    let member = |owner: &Object| {
        pod("team", "m")
            .on("n")
            .gpus(1)
            .phase(PodPhase::Failed)
            .owned_by(owner)
            .object()
    };
    let lately = failed("2026-03-01T09:00:00Z");
    let bad = only(vec![done.clone(), member(&lately), lately]);
    assert_eq!(
        (bad.phase, bad.severity),
        (Phase::Failed, Severity::Critical)
    );
    let long_ago = failed("2026-02-27T09:00:00Z");
    assert_eq!(
        names(&applications(vec![done, member(&long_ago), long_ago])),
        [""; 0]
    );
}

fn waiting(created: &str, message: &str) -> Application {
    let train = custom("trainer.kubeflow.org", "TrainJob", "team", "ft")
        .condition("Suspended", Status::True, "Suspended", "")
        .object();
    let Object::Custom(mut admission) = custom("kueue.x-k8s.io", "Workload", "team", "ft")
        .owned_by(&train)
        .condition("QuotaReserved", Status::False, "Pending", message)
        .created(created)
        .object()
    else {
        panic!("a custom object");
    };
    for condition in &mut admission.conditions {
        condition.since = Some(strata_test_support::clock::time(created));
    }
    only(vec![train, Object::Custom(admission)])
}

#[test]
fn a_wait_in_a_queue_grows_from_nothing_to_a_warning() {
    let severity = |created| waiting(created, "no room").severity;
    assert_eq!(severity("2026-03-01T11:59:30Z"), Severity::Ok);
    assert_eq!(severity("2026-03-01T11:50:00Z"), Severity::Notice);
    assert_eq!(severity("2026-03-01T11:00:00Z"), Severity::Warning);
    let told = waiting("2026-03-01T11:13:00Z", "no room");
    assert_eq!(
        (told.phase, reason(&told)),
        (Phase::Queued, "Waits 47 min: no room".to_owned())
    );
}

#[test]
fn how_much_is_short_is_told_where_the_queue_tells_it() {
    let told = waiting(
        "2026-03-01T11:13:00Z",
        "insufficient unused quota for nvidia.com/gpu in flavor h100, 3 more needed",
    );
    assert_eq!(
        reason(&told),
        "Short by 3 of nvidia.com/gpu in flavor h100; waits 47 min"
    );
}

#[test]
fn a_lone_pod_that_holds_accelerators_is_an_application_until_it_ends() {
    let lone = |phase| pod("team", "debug").on("n").gpus(1).phase(phase).object();
    let debug = only(vec![lone(PodPhase::Running)]);
    assert_eq!(debug.subject.to_string(), "application/team/Pod/debug");
    assert_eq!(
        names(&applications(vec![lone(PodPhase::Succeeded)])),
        [""; 0]
    );
}

#[test]
fn an_object_that_says_why_it_is_not_ready_is_quoted() {
    let service = custom("serving.kserve.io", "InferenceService", "team", "chat")
        .condition(
            "Ready",
            Status::False,
            "ModelLoadFailed",
            "no such model in the store",
        )
        .object();
    let chat = only(vec![service]);
    assert!(chat.severity >= Severity::Warning, "{:?}", chat.severity);
    assert_eq!(reason(&chat), "ModelLoadFailed: no such model in the store");
}
