//! top, and questions to what measures the scenario `atlas`.

use serde_json::Value;

use crate::session::{Session, rows};

pub(crate) fn top_lists_nodes(session: &Session) {
    let table = session.says("top nodes");
    let rows = rows(&table);
    assert_eq!(
        rows[0],
        ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"]
    );
    let node = rows.iter().find(|row| row[0] == "gpu-h100-01").unwrap();
    assert!(
        node[1].ends_with('m') && node[2].ends_with('%') && node[3].ends_with("Mi"),
        "{node:?}"
    );
}

pub(crate) fn top_lists_pods_and_their_containers(session: &Session) {
    let table = session.says("top pods -n llm-prod --sort-by=memory");
    let rows_of_pods = rows(&table);
    assert_eq!(rows_of_pods[0], ["NAME", "CPU(cores)", "MEMORY(bytes)"]);
    let memory: Vec<u64> = rows_of_pods[1..]
        .iter()
        .map(|row| row[2].trim_end_matches("Mi").parse().unwrap())
        .collect();
    assert!(
        memory.len() > 4 && memory.is_sorted_by(|left, right| left >= right),
        "{table}"
    );
    let table = session.says("top pods -n llm-prod --containers -l model=llama-3.3-70b");
    assert_eq!(rows(&table)[0][..2], ["POD", "NAME"]);
}

pub(crate) fn raw_queries_reach_prometheus(session: &Session) {
    let path = "/api/v1/namespaces/monitoring/services/prometheus-k8s:9090/proxy/api/v1/query";
    let line = format!("get --raw '{path}?query=count(DCGM_FI_DEV_GPU_UTIL)'");
    let answer: Value = serde_json::from_str(&session.says(&line)).unwrap();
    let count = answer["data"]["result"][0]["value"][1].as_str().unwrap();
    assert!(count.parse::<u64>().unwrap() > 100, "{answer}");
}
