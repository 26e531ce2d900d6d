//! Files added by hand, and approvals.

use super::*;

#[test]
fn a_file_added_by_hand_stands_alone() {
    let folder = Folder::new();
    let clusters = folder.write("clusters", &config("other", "https://lab.example"));
    let lone = folder.write("lone", "contexts: [{name: lab, context: {cluster: c}}]\n");
    let contexts = open(&places(&[&clusters]));
    contexts.add_file(lone.to_str().unwrap()).unwrap();
    let list = contexts.contexts().borrow().clone();
    assert_eq!(names(&list), ["other", "lab"]);
    assert_eq!(list.problems[0].message, "its cluster \"c\" is in no file");
}

#[test]
fn files_and_approvals_are_remembered() {
    let folder = Folder::new();
    let by_hand = folder.write("by-hand", &config("lab", "https://lab.example"));
    let by_hand = by_hand.to_str().unwrap();
    let settings = Arc::new(MemorySettings::default());
    let open = || KubeconfigContexts::open(&Places::default(), settings.clone());

    let contexts = open();
    contexts.add_file(by_hand).unwrap();
    contexts.add_file(by_hand).unwrap();
    let digest = "0123456789abcdef".repeat(4);
    contexts.approve_plugin(&digest).unwrap();
    drop(contexts);
    let stored = settings.0.lock().unwrap().clone();
    assert_eq!(stored[FILES_SETTING], format!("[\"{by_hand}\"]"));
    assert_eq!(stored[APPROVALS_SETTING], format!("[\"{digest}\"]"));

    let contexts = open();
    let list = contexts.contexts().borrow().clone();
    assert_eq!(names(&list), ["lab"]);
    assert!(list.contexts[0].added_by_hand);

    contexts.remove_file(by_hand).unwrap();
    assert_eq!(names(&contexts.contexts().borrow()), [""; 0]);
    assert_eq!(settings.read(FILES_SETTING).unwrap().unwrap(), "[]");
}

#[test]
fn a_file_added_by_hand_that_is_gone_is_named() {
    let folder = Folder::new();
    let by_hand = folder.write("by-hand", &config("lab", "https://lab.example"));
    let settings = Arc::new(MemorySettings::default());
    KubeconfigContexts::open(&Places::default(), settings.clone())
        .add_file(by_hand.to_str().unwrap())
        .unwrap();
    fs::remove_file(&by_hand).unwrap();
    let contexts = KubeconfigContexts::open(&Places::default(), settings);
    assert_eq!(
        summary(&contexts.contexts().borrow()),
        ["! the file is no longer there"]
    );
}

#[test]
fn settings_that_cannot_be_read_are_a_problem_and_no_failure() {
    let settings = Arc::new(MemorySettings::default());
    settings
        .write(FILES_SETTING, "{\"not\": \"a list\"}")
        .unwrap();
    let contexts = KubeconfigContexts::open(&Places::default(), settings);
    assert_eq!(
        summary(&contexts.contexts().borrow()),
        [
            "! the kubeconfig files added by hand are forgotten: the setting kubeconfig.files is not \
          a list of texts"
        ]
    );
}

#[test]
fn what_cannot_be_added_or_removed_is_refused_with_the_reason() {
    let folder = Folder::new();
    let own = folder.write("own", &config("lab", "https://lab.example"));
    let contexts = open(&places(&[&own]));
    let empty = folder.write("empty", "");
    let broken = folder.write("broken", "contexts: [");
    let cases = [
        (
            contexts.add_file(empty.to_str().unwrap()),
            PortErrorKind::InvalidInput,
            "no contexts",
        ),
        (
            contexts.add_file(broken.to_str().unwrap()),
            PortErrorKind::InvalidInput,
            "valid YAML",
        ),
        (
            contexts.add_file(folder.path.join("gone").to_str().unwrap()),
            PortErrorKind::NotFound,
            "cannot be read",
        ),
        (
            contexts.remove_file(own.to_str().unwrap()),
            PortErrorKind::InvalidInput,
            "KUBECONFIG",
        ),
        (
            contexts.approve_plugin("yes"),
            PortErrorKind::InvalidInput,
            "digest",
        ),
    ];
    for (outcome, kind, words) in cases {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
    assert_eq!(names(&contexts.contexts().borrow()), ["lab"]);
}
