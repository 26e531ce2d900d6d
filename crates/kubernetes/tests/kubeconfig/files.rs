//! What is listed for the files that people really have.

use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn odd_files_load_what_can_be_loaded_and_name_what_cannot() {
    let cases: &[(&str, &[&str])] = &[
        (
            "empty-current-context.yaml",
            &["lab | lab | https://lab.example:6443 | ann | training"],
        ),
        (
            "missing-user.yaml",
            &[
                "* nobody | lab | https://lab.example:6443 |  | ",
                "empty | lab | https://lab.example:6443 |  | ",
                "gone | lab | https://lab.example:6443 | bob | ",
                "! gone its user \"bob\" is in no file",
            ],
        ),
        (
            "missing-cluster.yaml",
            &[
                "* gone | nowhere |  | ann | ",
                "none |  |  | ann | ",
                "nothing |  |  |  | ",
                "lab | lab | https://lab.example:6443 |  | ",
                "! gone its cluster \"nowhere\" is in no file",
                "! none the context names no cluster",
                "! nothing the context names no cluster",
            ],
        ),
        (
            "unknown-fields.yaml",
            &["* lab | lab | https://lab.example:6443 | ann | "],
        ),
        ("null-lists.yaml", &[]),
        (
            "wrong-types.yaml",
            &[
                "good | lab | https://lab.example:6443 |  | ",
                "flagged | flag |  |  | ",
                "numbered | lab | https://lab.example:6443 | numbered | ",
                "exec | lab | https://lab.example:6443 | exec | ",
                "! current-context is a number, not a name: put it in quotes",
                "! listed the context \"listed\" cannot be used: it is a list, not a mapping",
                "! spaced the context \"spaced\" cannot be used: namespace is a number, not a \
                 text: put it in quotes",
                "! the cluster \"flag\" cannot be used: insecure-skip-tls-verify is a text, not \
                 true or false",
                "! the name of entry 3 of clusters is a number: put it in quotes",
                "! entry 4 of clusters is a text",
                "! entry 5 of clusters has no name",
                "! the user \"numbered\" cannot be used: token is a number, not a text: put it in \
                 quotes",
                "! the user \"exec\" cannot be used: exec.args is a text, not a list of texts",
                "! flagged its cluster \"flag\" cannot be used: insecure-skip-tls-verify is a \
                 text, not true or false",
                "! numbered its user \"numbered\" cannot be used: token is a number, not a text: \
                 put it in quotes",
                "! exec its user \"exec\" cannot be used: exec.args is a text, not a list of texts",
            ],
        ),
        (
            "duplicates.yaml",
            &[
                "* lab | lab | https://one.example:6443 |  | two",
                "! the context \"lab\" stands twice; the first counts",
                "! the cluster \"lab\" stands twice; the first counts",
            ],
        ),
        (
            "anchors.yaml",
            &[
                "lab | lab | https://lab.example:6443 |  | ",
                "by-proxy | lab-by-proxy | https://lab.example:6443 |  | ",
            ],
        ),
        (
            "two-documents.yaml",
            &[
                "* one | one | https://one.example:6443 |  | ",
                "two | one | https://one.example:6443 |  | ",
            ],
        ),
        (
            "json.json",
            &["* lab | lab | https://lab.example:6443 | ann | "],
        ),
        (
            "not-yaml.yaml",
            &["! it is not valid YAML (line 6, column 12)"],
        ),
        (
            "another-kind.yaml",
            &["! it is a Kubernetes Secret, not a kubeconfig"],
        ),
        (
            "spaces-and-unicode.yaml",
            &[
                "* 训练 集群/甲 | arn:aws:eks:eu-west-1:000000000000:cluster/lab | \
               https://[fd00::1]:6443/k8s/clusters/c-1 |  | a b",
            ],
        ),
        (
            "words-of-yaml.yaml",
            &["* no | on | https://on.example | yes | 0755"],
        ),
    ];
    for (name, expected) in cases {
        let list = listed(&places(&[&fixture(name)]));
        assert_eq!(summary(&list), *expected, "{name}");
        assert!(
            !format!("{list:?}").contains("secret-"),
            "{name} shows a secret"
        );
    }
    let files = fs::read_dir(fixture("")).unwrap().count();
    assert_eq!(
        files,
        cases.len() + 1,
        "each fixture has a case, and there is a README"
    );
}

#[test]
fn one_broken_file_among_five_costs_only_itself() {
    let folder = Folder::new();
    let files: Vec<PathBuf> = ["a", "b", "broken", "d", "e"]
        .iter()
        .map(|name| {
            let text = if *name == "broken" {
                "contexts: [".to_owned()
            } else {
                config(name, "https://lab.example")
            };
            folder.write(name, &text)
        })
        .collect();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let list = listed(&places(&paths));
    assert_eq!(names(&list), ["a", "b", "d", "e"]);
    assert_eq!(list.problems.len(), 1, "{:?}", list.problems);
    assert_eq!(
        list.problems[0].file,
        folder.path.join("broken").to_string_lossy()
    );
}

#[test]
fn equal_context_names_in_two_files_are_two_clusters() {
    let folder = Folder::new();
    let one = folder.write("one", &config("lab", "https://one.example"));
    let two = folder.write("two", &config("lab", "https://two.example"));
    let list = listed(&places(&[&one, &two, &one]));
    let found: Vec<_> = list
        .contexts
        .iter()
        .map(|context| (&context.id, context.server.as_str()))
        .collect();
    let id = |path: &Path| ClusterId::of_context(&path.to_string_lossy(), "lab");
    assert_eq!(
        found,
        [
            (&id(&one), "https://one.example"),
            (&id(&two), "https://two.example")
        ]
    );
}

#[test]
fn a_context_may_name_entries_of_another_file_of_kubeconfig() {
    let folder = Folder::new();
    let contexts = folder.write(
        "contexts",
        "contexts: [{name: lab, context: {cluster: c, user: ann}}]\n\
         users: [{name: ann, user: {}}]\n",
    );
    let clusters = folder.write("clusters", &config("other", "https://lab.example"));
    let list = listed(&places(&[&contexts, &clusters]));
    assert_eq!(summary(&list)[0], "lab | c | https://lab.example | ann | ");
    assert_eq!(list.problems, []);
}

#[test]
fn files_of_kubeconfig_that_are_not_there_are_passed_over() {
    let folder = Folder::new();
    let there = folder.write("there", &config("lab", "https://lab.example"));
    let list = listed(&places(&[
        &folder.path.join("not/there"),
        &there,
        Path::new(""),
    ]));
    assert_eq!(names(&list), ["lab"]);
    assert_eq!(list.problems, []);
}

#[test]
fn without_kubeconfig_the_home_folders_file_is_read() {
    let folder = Folder::new();
    folder.write(".kube/config", &config("home", "https://lab.example"));
    for kubeconfig in [None, Some(OsString::new())] {
        let places = Places {
            kubeconfig,
            home: Some(folder.path.clone()),
            with_demo: true,
        };
        let list = listed(&places);
        assert_eq!(names(&list), ["home", "demo"]);
        assert!(list.contexts[1].is_demo && list.contexts[1].id == ClusterId::demo());
    }
}

#[test]
fn a_folder_in_kubeconfig_is_named() {
    let folder = Folder::new();
    let list = listed(&places(&[&folder.path]));
    assert_eq!(
        summary(&list),
        ["! the file cannot be read: it is a folder"]
    );
}

#[test]
fn a_file_as_powershell_writes_it_is_read() {
    let folder = Folder::new();
    let text = config("lab", "https://lab.example");
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let mut utf8 = vec![0xEF, 0xBB, 0xBF];
    utf8.extend(text.bytes());
    for bytes in [utf16, utf8] {
        let path = folder.path.join("config");
        fs::write(&path, bytes).unwrap();
        let list = listed(&places(&[&path]));
        assert_eq!((names(&list), list.problems.len()), (vec!["lab"], 0));
    }
}
