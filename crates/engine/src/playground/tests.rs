//! Against a real server on loopback, over real connections.

use std::sync::Arc;

use strata_api::{
    playground::{
        AskModel, ChatMessage, ChatRole, Load, Prompt, SamplingParameters, ServerKey, Way,
    },
    rows::playground::{TrialFault, TrialFaultKind, TrialState},
};
use strata_domain::ids::{ClusterId, ObjectKey};
use strata_ports::{
    proxy::PodPort,
    tunnel::{Key, Tunnel},
};
use strata_test_support::{
    model_server::{MODEL, ModelServer, Scripted},
    tunnels::LoopbackTunnels,
};
use tokio::sync::mpsc;

use super::{
    desk::{News, Tried},
    exchange::Exchange,
    load::{self, LoadPlan},
    openai::{self, Said},
    reach::Reach,
    tally::Tally,
};

fn reach(server: &ModelServer) -> Reach {
    let tunnels = LoopbackTunnels::default();
    tunnels.lead_to(server.address);
    let pod = PodPort {
        pod: ObjectKey::new("llm", "chat-0"),
        port: 8000,
        is_tls: false,
    };
    Reach::to(Arc::new(tunnels), ClusterId::demo(), vec![pod])
}

fn asked(prompt: Prompt, is_streamed: bool) -> AskModel {
    AskModel {
        server: strata_api::playground::ModelServer {
            cluster: "demo".to_owned(),
            group: "apps".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: "llm".to_owned(),
            name: "chat".to_owned(),
        },
        key: ServerKey::Nobody,
        model: MODEL.to_owned(),
        prompt,
        sampling: SamplingParameters::default(),
        is_streamed,
    }
}

fn chat() -> Prompt {
    Prompt::Chat {
        messages: vec![ChatMessage {
            role: ChatRole::User,
            content: "Hello".to_owned(),
        }],
    }
}

/// Asks once; what was said, and how it ended.
async fn exchange(
    tunnel: &mut dyn Tunnel,
    prompt: Prompt,
    is_streamed: bool,
) -> (Vec<Said>, Result<(), TrialFault>) {
    let question = openai::ask("/v1", &Key::None, &asked(prompt, is_streamed));
    let mut said = Vec::new();
    let mut exchange = match Exchange::begin(tunnel, question).await {
        Ok(exchange) => exchange,
        Err(fault) => return (said, Err(fault)),
    };
    while let Some(heard) = exchange.next().await {
        match heard {
            Ok((more, _)) => said.extend(more),
            Err(fault) => return (said, Err(fault)),
        }
    }
    exchange.come_to_rest().await;
    (said, Ok(()))
}

fn text(said: &[Said]) -> String {
    let texts = said.iter().filter_map(|said| match said {
        Said::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[tokio::test]
async fn an_answer_is_whole_wherever_the_network_cuts_it() {
    let tokens = vec!["Größe", " 大小", " 🙂", " end"];
    for cut in [1, 2, 3, 7, 64] {
        let server = ModelServer::start(Scripted::Cut(tokens.clone(), cut))
            .await
            .unwrap();
        let mut tunnel = reach(&server).open(0).await.unwrap();
        let (said, ended) = exchange(tunnel.as_mut(), chat(), true).await;
        assert_eq!(ended, Ok(()), "cut at {cut}");
        assert_eq!(text(&said), "Größe 大小 🙂 end", "cut at {cut}");
        let usage = Said::Usage {
            prompt: 5,
            output: 4,
        };
        assert!(said.contains(&usage), "{said:?}");
        assert!(said.contains(&Said::Finish("stop".to_owned())));
    }
}

#[tokio::test]
async fn a_completion_and_an_answer_in_one_are_heard_alike() {
    let server = ModelServer::start(Scripted::Tokens(vec!["one", " two"]))
        .await
        .unwrap();
    let completion = || Prompt::Completion {
        text: "count".to_owned(),
    };
    let mut tunnel = reach(&server).open(0).await.unwrap();
    for (prompt, is_streamed) in [(chat(), false), (completion(), true), (completion(), false)] {
        let (said, ended) = exchange(tunnel.as_mut(), prompt, is_streamed).await;
        assert_eq!(ended, Ok(()));
        assert_eq!(text(&said), "one two");
    }
    // All of that went over one connection.
    assert_eq!(server.connections(), 1);
    assert_eq!(server.asked()[1].path, "/v1/completions");
}

#[tokio::test]
async fn a_refusal_tells_its_kind_in_the_servers_words() {
    let server = ModelServer::start(Scripted::Tokens(Vec::new()))
        .await
        .unwrap();
    for (status, kind) in [
        (401, TrialFaultKind::Unauthorized),
        (404, TrialFaultKind::NotFound),
        (429, TrialFaultKind::Throttled),
        (500, TrialFaultKind::ServerFailed),
    ] {
        server.script(Scripted::Status(status, r#"{"error":{"message":"no"}}"#));
        let mut tunnel = reach(&server).open(0).await.unwrap();
        let (_, ended) = exchange(tunnel.as_mut(), chat(), true).await;
        let fault = ended.unwrap_err();
        assert_eq!(fault.kind, kind);
        assert_eq!(fault.said, format!("HTTP {status}: no"));
    }
}

#[tokio::test]
async fn what_came_before_a_stream_breaks_is_kept_and_the_break_is_told() {
    let server = ModelServer::start(Scripted::BreakAfter(vec!["half", " an"]))
        .await
        .unwrap();
    let mut tunnel = reach(&server).open(0).await.unwrap();
    let (said, ended) = exchange(tunnel.as_mut(), chat(), true).await;
    assert_eq!(text(&said), "half an");
    assert_eq!(ended.unwrap_err().kind, TrialFaultKind::BrokenOff);
}

#[tokio::test]
async fn an_error_in_the_stream_is_a_failure_in_its_own_words() {
    let script = Scripted::ErrorAfter(vec!["half"], "CUDA out of memory");
    let server = ModelServer::start(script).await.unwrap();
    let mut tunnel = reach(&server).open(0).await.unwrap();
    let (said, ended) = exchange(tunnel.as_mut(), chat(), true).await;
    assert_eq!(text(&said), "half");
    let fault = ended.unwrap_err();
    assert_eq!(fault.kind, TrialFaultKind::FailedInAnswer);
    assert_eq!(fault.said, "CUDA out of memory");
}

#[tokio::test]
async fn an_answer_that_nobody_wants_any_more_is_ended_at_the_server() {
    let server = ModelServer::start_paced(Scripted::Tokens(vec!["a", "b", "c"]))
        .await
        .unwrap();
    let mut tunnel = reach(&server).open(0).await.unwrap();
    let question = openai::ask("/v1", &Key::None, &asked(chat(), true));
    let mut exchange = Exchange::begin(tunnel.as_mut(), question).await.unwrap();
    server.answering(1).await;
    server.say(2);
    assert!(exchange.next().await.unwrap().is_ok());
    drop((exchange, tunnel));
    server.answering(0).await;
}

fn load(requests: u32, concurrency: u32) -> Load {
    Load {
        model: MODEL.to_owned(),
        requests,
        concurrency,
        prompt: String::new(),
        prompt_tokens: 32,
        max_tokens: 16,
        temperature: None,
    }
}

/// Runs a load test to its end; its sum, and how it came to an end.
async fn run(server: &ModelServer, load: Load) -> Tally {
    let (tell, mut told) = mpsc::channel(16);
    let began = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut tally = Tally::new(load.clone(), 1, began);
    let plan = LoadPlan {
        reach: reach(server),
        load,
        noted: None,
    };
    tokio::spawn(load::run(1, plan, tell));
    while let Some(Tried { news, .. }) = told.recv().await {
        match news {
            News::LoadWay(way) => tally.way = Some(way),
            News::RequestSent => tally.asked(),
            News::RequestOver(outcome) => tally.take(outcome),
            News::Ended(outcome) => tally.end(outcome),
            News::Connected(..) | News::Asked(_) | News::Heard(..) => {}
        }
    }
    tally
}

#[tokio::test]
async fn a_load_test_asks_as_often_as_wanted_and_no_more_at_a_time() {
    let server = ModelServer::start(Scripted::Tokens(vec!["a", "b", "c"]))
        .await
        .unwrap();
    let row = run(&server, load(12, 3))
        .await
        .row(tokio::time::Instant::now());
    assert_eq!(row.state, TrialState::Done);
    assert_eq!((row.answered, row.failed), (12, 0));
    assert_eq!((row.output_tokens, row.prompt_tokens), (36, 60));
    assert!(row.are_tokens_told);
    assert_eq!(row.way, Some(Way::Forwarded));
    assert!(server.most_at_once() <= 3);
    // Each worker keeps its connection.
    assert_eq!(server.connections(), 3);
    let prompts: std::collections::BTreeSet<String> = server
        .asked()
        .iter()
        .map(|asked| asked.body["messages"][0]["content"].to_string())
        .collect();
    assert_eq!(prompts.len(), 12);
}

#[tokio::test]
async fn faults_of_a_load_test_are_told_apart_and_do_not_end_it() {
    let server = ModelServer::start(Scripted::Tokens(vec!["a"]))
        .await
        .unwrap();
    server.script(Scripted::Tokens(vec!["a"]));
    server.script(Scripted::Status(429, "slow down"));
    server.script(Scripted::BreakAfter(vec!["a"]));
    let row = run(&server, load(6, 1))
        .await
        .row(tokio::time::Instant::now());
    assert_eq!((row.answered, row.failed), (4, 2));
    let kinds: Vec<TrialFaultKind> = row.faults.iter().map(|fault| fault.fault.kind).collect();
    assert!(kinds.contains(&TrialFaultKind::Throttled), "{kinds:?}");
    assert!(kinds.contains(&TrialFaultKind::BrokenOff), "{kinds:?}");
}

#[tokio::test]
async fn a_load_test_that_is_refused_throughout_is_given_up() {
    let refusal = Scripted::Status(401, r#"{"error":"Unauthorized"}"#);
    let server = ModelServer::start(refusal).await.unwrap();
    let row = run(&server, load(1_000, 2))
        .await
        .row(tokio::time::Instant::now());
    assert_eq!(row.state, TrialState::Failed);
    assert_eq!(row.fault.unwrap().kind, TrialFaultKind::Unauthorized);
    assert!(server.asked().len() < 10, "{}", server.asked().len());
}
