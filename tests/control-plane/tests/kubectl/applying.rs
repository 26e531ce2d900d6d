//! apply, diff and dry runs.

use crate::session::{Session, rows, web};

fn replicas(session: &Session) -> String {
    session.says("get deployment web -o jsonpath={.spec.replicas}")
}

pub(crate) fn apply_creates_and_then_changes_nothing(session: &Session) {
    let file = web(0, "nginx:1.29");
    for outcome in ["created", "unchanged"] {
        assert_eq!(
            session.says_given("apply -f -", &file),
            format!("deployment.apps/web {outcome}\n")
        );
    }
    assert_eq!(
        session.says_given("apply -f -", &web(0, "nginx:1.30")),
        "deployment.apps/web configured\n"
    );
    let generation = session.says("get deployment web -o jsonpath={.metadata.generation}");
    assert_eq!(generation, "2");
}

pub(crate) fn apply_takes_away_what_the_file_no_longer_has(session: &Session) {
    let file = |more: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{keep: a{more}}}\n"
        )
    };
    session.says_given("apply -f -", &file(", drop: b"));
    session.says("patch configmap settings -p '{\"data\":{\"other\":\"c\"}}'");
    session.says_given("apply -f -", &file(""));
    assert_eq!(
        session.says("get configmap settings -o jsonpath={.data}"),
        "{\"keep\":\"a\",\"other\":\"c\"}"
    );
}

pub(crate) fn server_side_apply_owns_what_it_wrote(session: &Session) {
    let file = web(0, "nginx:1.29");
    let line = "apply --server-side --field-manager=first -f -";
    assert_eq!(
        session.says_given(line, &file),
        "deployment.apps/web serverside-applied\n"
    );
    let managers =
        "{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{\"\\n\"}{end}";
    let managers = || {
        session.says(&format!(
            "get deployment web --show-managed-fields -o 'jsonpath={managers}'"
        ))
    };
    assert!(
        rows(&managers()).contains(&vec!["first", "Apply"]),
        "{}",
        managers()
    );
    session.says("scale deployment web --replicas=1");
    assert!(
        rows(&managers()).contains(&vec!["kubectl", "Update", "scale"]),
        "{}",
        managers()
    );
    // What an applier no longer writes, and nobody else owns, goes.
    let without = file.replace(
        "labels: {app: web}\nspec:\n  replicas",
        "labels: {}\nspec:\n  replicas",
    );
    session.says_given(&format!("{line} --force-conflicts"), &without);
    assert_eq!(
        session.says("get deployment web -o jsonpath={.metadata.labels}"),
        ""
    );
}

pub(crate) fn server_side_apply_names_the_owner_of_a_conflict(session: &Session) {
    session.says_given(
        "apply --server-side --field-manager=first -f -",
        &web(0, "nginx:1.29"),
    );
    let second = "apply --server-side --field-manager=second -f -";
    let refused = session.refuses_given(second, &web(1, "nginx:1.29"));
    assert!(
        refused.starts_with(
            "error: Apply failed with 1 conflict: conflict with \"first\": .spec.replicas\n"
        ),
        "{refused}"
    );
    assert!(refused.contains("--force-conflicts"), "{refused}");
    assert_eq!(replicas(session), "0");
    let forced = "apply --server-side --field-manager=second --force-conflicts -f -";
    session.says_given(forced, &web(1, "nginx:1.29"));
    assert_eq!(replicas(session), "1");

    session.says("scale deployment web --replicas=2");
    let refused = session.refuses_given(second, &web(3, "nginx:1.29"));
    assert!(
        refused.starts_with(
            "error: Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas\n"
        ),
        "{refused}"
    );
}

pub(crate) fn a_dry_run_on_the_server_writes_nothing(session: &Session) {
    let file = web(2, "nginx:1.29");
    let line = "apply --server-side --dry-run=server -f -";
    assert_eq!(
        session.says_given(line, &file),
        "deployment.apps/web serverside-applied (server dry run)\n"
    );
    session.refuses("get deployment web");
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    assert_eq!(
        session.says_given("apply --dry-run=server -f -", &file),
        "deployment.apps/web configured (server dry run)\n"
    );
    let defaulted = session.says_given(
        "apply --dry-run=server -o jsonpath={.spec.replicas} -f -",
        &file,
    );
    assert_eq!(defaulted, "2");
    assert_eq!(replicas(session), "0");
    assert_eq!(
        session.says("delete deployment web --dry-run=server"),
        format!(
            "deployment.apps \"web\" deleted from {} namespace (server dry run)\n",
            session.namespace
        )
    );
    assert_eq!(replicas(session), "0");
}

pub(crate) fn a_dry_run_on_the_server_refuses_what_is_invalid(session: &Session) {
    let file = web(0, "nginx:1.29").replace(
        "labels: {app: web}\n    spec:",
        "labels: {app: other}\n    spec:",
    );
    let refused = session.refuses_given("apply --dry-run=server -f -", &file);
    assert_eq!(
        refused,
        "The Deployment \"web\" is invalid: spec.template.metadata.labels: Invalid value: {\"app\":\"other\"}: \
         `selector` does not match template `labels`\n"
    );
}

pub(crate) fn a_field_that_the_kind_has_not_is_refused(session: &Session) {
    let file = web(0, "nginx:1.29").replace("replicas:", "replica:");
    let refused = session.refuses_given("apply -f -", &file);
    assert!(
        refused.contains("strict decoding error: unknown field \"spec.replica\""),
        "{refused}"
    );
    let warned = session.run_given("apply --validate=warn -f -", &file);
    assert_eq!(warned.code, Some(0), "{warned}");
    assert!(
        warned
            .remarked
            .contains("Warning: unknown field \"spec.replica\""),
        "{warned}"
    );
    let refused = session.refuses_given("apply -f -", &file.replace("nginx:1.29", "nginx:1.30"));
    assert!(
        refused.starts_with("The request is invalid: patch: Invalid value: \"map["),
        "{refused}"
    );
    assert!(
        refused.ends_with("strict decoding error: unknown field \"spec.replica\"\n"),
        "{refused}"
    );
}

pub(crate) fn diff_shows_what_would_change(session: &Session) {
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    let none = session.run_given("diff -f -", &web(0, "nginx:1.29"));
    assert_eq!((none.code, none.said.as_str()), (Some(0), ""), "{none}");
    for line in ["diff -f -", "diff --server-side --force-conflicts -f -"] {
        let shown = session.run_given(line, &web(0, "nginx:1.30"));
        assert_eq!(shown.code, Some(1), "{shown}");
        let changed: Vec<&str> = shown
            .said
            .lines()
            .map(str::trim_end)
            .filter(|line| line.contains("image:"))
            .collect();
        assert_eq!(
            changed,
            ["-      - image: nginx:1.29", "+      - image: nginx:1.30"],
            "{shown}"
        );
    }
    let image = "get deployment web -o jsonpath={.spec.template.spec.containers[0].image}";
    assert_eq!(session.says(image), "nginx:1.29");
}
