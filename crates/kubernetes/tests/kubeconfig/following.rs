//! The list follows the files.

use super::*;

#[tokio::test]
async fn a_file_that_is_replaced_by_renaming_is_read_again() {
    let folder = Folder::new();
    let path = folder.write("config", &config("before", "https://lab.example"));
    let contexts = open(&places(&[&path]));
    assert_eq!(names(&contexts.contexts().borrow()), ["before"]);
    for name in ["once", "twice"] {
        let draft = folder.write("config.lock", &config(name, "https://lab.example"));
        fs::rename(draft, &path).unwrap();
        wait_for(&contexts, |list| names(list) == [name]).await;
    }
}

#[tokio::test]
async fn a_broken_rewrite_keeps_the_last_good_contexts() {
    let folder = Folder::new();
    let path = folder.write("config", &config("lab", "https://lab.example"));
    let contexts = open(&places(&[&path]));
    fs::write(&path, "contexts: [{name: secret-").unwrap();
    wait_for(&contexts, |list| !list.problems.is_empty()).await;
    let list = contexts.contexts().borrow().clone();
    assert_eq!(names(&list), ["lab"]);
    let message = &list.problems[0].message;
    assert!(
        message.contains("not valid YAML") && message.contains("kept"),
        "{message}"
    );

    fs::write(&path, "").unwrap();
    wait_for(&contexts, |list| {
        list.problems.iter().any(|it| it.message.contains("empty"))
    })
    .await;
    assert_eq!(names(&contexts.contexts().borrow()), ["lab"]);

    fs::write(&path, config("mended", "https://lab.example")).unwrap();
    wait_for(&contexts, |list| {
        names(list) == ["mended"] && list.problems.is_empty()
    })
    .await;

    fs::remove_file(&path).unwrap();
    wait_for(&contexts, |list| {
        list.contexts.is_empty() && list.problems.is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_file_that_appears_in_a_folder_that_was_not_there_is_read() {
    let folder = Folder::new();
    let home = folder.path.join("home");
    let contexts = open(&Places {
        home: Some(home.clone()),
        ..Places::default()
    });
    assert_eq!(names(&contexts.contexts().borrow()), [""; 0]);
    folder.write("home/.kube/config", &config("first", "https://lab.example"));
    wait_for(&contexts, |list| names(list) == ["first"]).await;
    fs::remove_dir_all(&home).unwrap();
    wait_for(&contexts, |list| list.contexts.is_empty()).await;
    folder.write("home/.kube/config", &config("again", "https://lab.example"));
    wait_for(&contexts, |list| names(list) == ["again"]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_behind_links_is_followed() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    let target = folder.write("store/config", &config("before", "https://lab.example"));
    fs::create_dir(folder.path.join("links")).unwrap();
    let link = folder.path.join("links/config");
    symlink(&target, &link).unwrap();
    let contexts = open(&places(&[&link]));
    assert_eq!(names(&contexts.contexts().borrow()), ["before"]);

    fs::write(&target, config("rewritten", "https://lab.example")).unwrap();
    wait_for(&contexts, |list| names(list) == ["rewritten"]).await;

    let other = folder.write(
        "elsewhere/config",
        &config("relinked", "https://lab.example"),
    );
    symlink(&other, folder.path.join("links/draft")).unwrap();
    fs::rename(folder.path.join("links/draft"), &link).unwrap();
    wait_for(&contexts, |list| names(list) == ["relinked"]).await;
    let id = ClusterId::of_context(link.to_str().unwrap(), "relinked");
    assert_eq!(contexts.contexts().borrow().contexts[0].id, id);
}
