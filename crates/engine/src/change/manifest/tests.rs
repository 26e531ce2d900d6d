use serde_json::json;

use super::*;

const TWO: &str = "\
# what serves
apiVersion: v1
kind: Service
metadata:
  name: web
---
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: main
        image: nginx:1.29
        env:
        - name: MODE
          value: no
      volumes:
      - name: keys
        secret: { secretName: keys, defaultMode: 0644 }
";

fn obstacles(text: &str) -> Vec<(Option<u32>, String)> {
    let (_, obstacles) = read(text);
    let told = obstacles.into_iter();
    told.map(|obstacle| (obstacle.line, obstacle.sentence.english()))
        .collect()
}

#[test]
fn documents_are_read_with_the_lines_of_their_fields() {
    let (documents, obstacles) = read(TWO);
    assert!(obstacles.is_empty(), "{obstacles:?}");
    let [service, deployment] = documents.as_slice() else {
        panic!("{} documents", documents.len());
    };
    assert_eq!(service.lines.line, 2);
    let line = |path: &str| deployment.lines.at(&deployment.object, path);
    assert_eq!(line("spec.replicas"), 13);
    assert_eq!(
        line(".spec.template.spec.containers[name=\"main\"].image"),
        18
    );
    assert_eq!(line("spec.template.spec.containers[0].imagee"), 17);
    assert_eq!(line(".spec"), 12);
    let spec = &deployment.object["spec"]["template"]["spec"];
    assert_eq!(spec["containers"][0]["env"][0]["value"], "no");
    assert_eq!(spec["volumes"][0]["secret"]["defaultMode"], json!(420));
}

#[test]
fn a_list_is_taken_apart() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: b}\n";
    let (documents, obstacles) = read(text);
    assert!(obstacles.is_empty(), "{obstacles:?}");
    let lines: Vec<u32> = documents
        .iter()
        .map(|document| document.lines.line)
        .collect();
    assert_eq!(lines, [4, 7]);
}

#[test]
fn each_fault_is_told_with_its_line() {
    assert_eq!(obstacles("a: [1,\nb: 2")[0].0, Some(1));
    assert_eq!(obstacles("a: 1\na: 2\n")[0].0, Some(2));
    assert_eq!(obstacles("kind: Pod\n\tname: x\n")[0].0, Some(1));
    assert_eq!(
        obstacles("- a\n- b\n"),
        [(
            Some(1),
            "This document is no object of Kubernetes".to_owned()
        )]
    );
    assert_eq!(
        obstacles("apiVersion: v1\nkind: Pod\nmetadata:\n  name: 7\n"),
        [(Some(4), "metadata.name must be a text".to_owned())]
    );
    let lacking = obstacles("metadata: {}\n");
    assert_eq!(lacking.len(), 3, "{lacking:?}");
    assert_eq!(obstacles("# nothing\n")[0].0, Some(1));
}

#[test]
fn a_text_that_nobody_could_review_is_not_read() {
    let long = "# a line that says nothing\n".repeat(LONGEST / 20);
    let told = obstacles(&long);
    assert_eq!(
        told[0].1,
        "More than 8.0 MiB is not read at once; apply it in parts"
    );
    assert!(told[0].0.unwrap() > 300_000, "{told:?}");
}
