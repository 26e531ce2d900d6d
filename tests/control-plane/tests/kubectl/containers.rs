//! logs, exec, port-forward, proxy: into a pod of the scenario `atlas`.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use crate::session::{Going, Session};

/// A pod that serves a language model on four GPUs, ready.
fn chat(session: &Session) -> String {
    pod(session, "llm-prod", "model=llama-3.3-70b")
}

fn pod(session: &Session, namespace: &str, labels: &str) -> String {
    session.says(&format!(
        "wait --for=condition=Ready pod -l {labels} -n {namespace} --timeout=120s"
    ));
    session.says(&format!(
        "get pods -n {namespace} -l {labels} -o jsonpath={{.items[0].metadata.name}}"
    ))
}

/// What a server on this computer answers.
fn get(port: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The port of this computer that leads to a pod's.
fn forwarded(going: &Going, to: u16) -> String {
    let line = going.until(|line| line.starts_with("Forwarding from 127.0.0.1:"));
    let (port, target) = line
        .trim_start_matches("Forwarding from 127.0.0.1:")
        .split_once(" -> ")
        .unwrap();
    assert_eq!(target, to.to_string());
    port.to_owned()
}

pub(crate) fn logs_shows_the_last_lines(session: &Session) {
    let pod = chat(session);
    let logs = |rest: &str| session.says(&format!("logs -n llm-prod {rest}"));
    assert_eq!(logs(&format!("{pod} --tail=3")).lines().count(), 3);
    let stamped = logs(&format!("{pod} --tail=1 --timestamps"));
    assert!(
        stamped.starts_with("20") && stamped.contains("Z "),
        "{stamped}"
    );
    let many = logs("-l model=llama-3.3-70b --tail=1 --prefix");
    assert!(
        many.lines().count() >= 4 && many.lines().all(|line| line.starts_with("[pod/")),
        "{many}"
    );
    let whole = logs(&format!("{pod} --limit-bytes=200"));
    assert_eq!(whole.len(), 200);
}

pub(crate) fn logs_follows_what_is_written(session: &Session) {
    let pod = chat(session);
    let last = session.says(&format!("logs -n llm-prod {pod} --tail=1 --timestamps"));
    let last = last.split(' ').next().unwrap();
    // Without anything that was there when it began.
    let following = session.start(&format!("logs -f -n llm-prod {pod} --tail=0 --timestamps"));
    for _ in 0..2 {
        let line = following.until(|_| true);
        assert!(
            line.split(' ').next().unwrap() > last,
            "{line} is not later than {last}"
        );
    }
}

pub(crate) fn logs_of_what_has_not_run_are_refused(session: &Session) {
    let pod = chat(session);
    let refused = session.refuses(&format!("logs -n llm-prod {pod} --previous"));
    assert!(
        refused.contains("previous terminated container"),
        "{refused}"
    );
    let refused = session.refuses(&format!("logs -n llm-prod {pod} -c nosuch"));
    assert!(
        refused.contains("container nosuch is not valid for pod"),
        "{refused}"
    );
    assert_eq!(
        session.refuses("logs nosuch"),
        "error: error from server (NotFound): pods \"nosuch\" not found in namespace \"".to_owned()
            + &session.namespace
            + "\"\n"
    );
}

pub(crate) fn exec_shows_the_gpus_of_a_pod(session: &Session) {
    let pod = chat(session);
    let listed = session.says(&format!("exec -n llm-prod {pod} -- nvidia-smi -L"));
    assert_eq!(
        listed.lines().count(),
        4,
        "the four that it asked for: {listed}"
    );
    assert!(
        listed
            .lines()
            .all(|line| line.contains("NVIDIA H100 80GB HBM3")),
        "{listed}"
    );
    let table = session.says(&format!("exec -n llm-prod {pod} -- nvidia-smi"));
    assert!(
        table.contains("NVIDIA-SMI") && table.contains("81559MiB"),
        "{table}"
    );
    let query = "nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits";
    let used = session.says(&format!("exec -n llm-prod {pod} -- {query}"));
    assert!(
        used.lines()
            .all(|line| line.trim().parse::<u64>().unwrap() > 1000),
        "{used}"
    );
}

pub(crate) fn exec_lists_files_and_gives_the_exit_code(session: &Session) {
    let pod = chat(session);
    let exec = |command: &str| session.run(&format!("exec -n llm-prod {pod} -- {command}"));
    let listed = exec("ls /");
    assert_eq!(listed.code, Some(0), "{listed}");
    assert!(listed.said.lines().any(|name| name == "proc"), "{listed}");
    let failed = exec("sh -c 'exit 3'");
    assert_eq!(failed.code, Some(3), "{failed}");
    assert_eq!(failed.remarked, "command terminated with exit code 3\n");
    let missing = exec("ls /nosuch");
    assert_ne!(missing.code, Some(0));
    assert!(
        missing.remarked.contains("No such file or directory"),
        "{missing}"
    );
}

pub(crate) fn exec_passes_input_on(session: &Session) {
    let pod = chat(session);
    let line = format!("exec -i -n llm-prod {pod} -- cat");
    assert_eq!(session.says_given(&line, "two\nlines\n"), "two\nlines\n");
}

pub(crate) fn port_forward_reaches_a_pod(session: &Session) {
    let pod = chat(session);
    let going = session.start(&format!("port-forward -n llm-prod pod/{pod} :8000"));
    let port = forwarded(&going, 8000);
    let answer = get(&port, "/v1/models");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("Llama-3.3-70B-Instruct"), "{answer}");
    // A second connection through the same forwarding.
    let metrics = get(&port, "/metrics");
    assert!(metrics.contains("vllm:num_requests_running"), "{metrics}");
}

pub(crate) fn port_forward_reaches_a_service(session: &Session) {
    let going = session.start("port-forward -n monitoring service/prometheus-k8s :9090");
    let port = forwarded(&going, 9090);
    let answer = get(&port, "/api/v1/query?query=up");
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"status\":\"success\""),
        "{answer}"
    );
}

pub(crate) fn proxy_passes_requests_on(session: &Session) {
    let going = session.start("proxy --port=0");
    let line = going.until(|line| line.starts_with("Starting to serve on 127.0.0.1:"));
    let port = line.rsplit(':').next().unwrap();
    let answer = get(port, "/api/v1/nodes?limit=1");
    assert!(answer.contains("\"kind\":\"NodeList\""), "{answer}");
}

pub(crate) fn debug_adds_a_container_to_a_pod_that_runs(session: &Session) {
    session.says("run web --image=nginx:1.29");
    session.says("wait --for=condition=Ready pod/web --timeout=120s");
    let line = "debug web --image=busybox:1.37 --container=look --target=web --stdin=false -- ls /";
    session.says(line);
    let ended = "{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}";
    session.says(&format!(
        "wait --for=jsonpath={ended}=0 pod/web --timeout=120s"
    ));
    assert_eq!(
        session.says("get pod web -o jsonpath={.spec.ephemeralContainers[*].name}"),
        "look"
    );
    let status = "{.status.phase} {.status.containerStatuses[0].restartCount}";
    assert_eq!(
        session.says(&format!("get pod web -o 'jsonpath={status}'")),
        "Running 0"
    );
}
