//! What a user entry proves, and that nothing of it is shown.

use std::path::Path;

use super::*;
use crate::kubeconfig::Kubeconfig;

/// The user entry `yaml`, in flow style.
fn user(yaml: &str) -> Arc<UserEntry> {
    let text = format!("users: [{{name: u, user: {yaml}}}]");
    let config = Kubeconfig::parse(text.as_bytes(), Path::new("/home/ann/config")).unwrap();
    config.users[0].value.clone().unwrap()
}

#[tokio::test]
async fn of_several_credentials_one_wins_as_in_kubectl() {
    let header = async |yaml| {
        let authorizer = Authorizer::of_user(&user(yaml), None).unwrap();
        let header = authorizer.header().await.unwrap();
        header.map(|header| String::from_utf8(header.as_bytes().to_vec()).unwrap())
    };
    assert_eq!(header("{}").await, None);
    assert_eq!(header("{token: t}").await.unwrap(), "Bearer t");
    assert_eq!(
        header("{token: t, username: ann, password: p}")
            .await
            .unwrap(),
        "Bearer t"
    );
    assert_eq!(
        header("{username: ann, password: p}").await.unwrap(),
        "Basic YW5uOnA="
    );
    assert_eq!(header("{username: ann}").await.unwrap(), "Basic YW5uOg==");
    let oidc = "{auth-provider: {name: oidc, config: {id-token: t}}}";
    assert_eq!(header(oidc).await.unwrap(), "Bearer t");
}

#[test]
fn an_auth_provider_is_explained() {
    let cases = [
        ("gcp", "gke-gcloud-auth-plugin"),
        ("azure", "kubelogin convert-kubeconfig"),
        ("oidc", "oidc-login"),
        ("openstack", "exec entry"),
    ];
    for (name, advised) in cases {
        let user = user(&format!("{{auth-provider: {{name: {name}}}}}"));
        let failure = Authorizer::of_user(&user, None).unwrap_err();
        let CredentialFailure::Failed { message, advice } = failure else {
            panic!("{failure:?}")
        };
        assert!(message.contains(&format!("\"{name}\"")), "{message}");
        assert!(advice.contains(advised), "{advice}");
    }
}

#[test]
fn a_token_with_a_line_break_is_refused_without_being_shown() {
    let failure = Authorizer::of_user(&user("{token: \"very-secret\\nrest\"}"), None).unwrap_err();
    let text = format!("{failure} {failure:?}");
    assert!(
        text.contains("line break") && !text.contains("very-secret"),
        "{text}"
    );
}

#[tokio::test]
async fn debug_of_credentials_shows_no_secret() {
    let certificate = BASE64_STANDARD.encode("public");
    let key = BASE64_STANDARD.encode("very-secret");
    let user = user(&format!(
        "{{token: very-secret, username: ann, password: very-secret, \
         client-certificate-data: {certificate}, client-key-data: {key}, \
         exec: {{command: login, env: [{{name: KEY, value: very-secret}}]}}, \
         auth-provider: {{name: oidc, config: {{id-token: very-secret}}}}}}"
    ));
    let identity = Identity::of_user(&user).await.unwrap();
    let authorizer = Authorizer::of_user(&user, None).unwrap();
    let text = format!("{user:?} {identity:?} {authorizer:?}");
    assert!(
        text.contains("ann") && text.contains("public") && text.contains("login"),
        "{text}"
    );
    assert!(
        !text.contains("very-secret") && !text.contains(&key),
        "{text}"
    );
}

#[tokio::test]
async fn a_token_file_that_never_was_or_is_empty_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let file = TokenFile::new(path.clone());
    let message = file.header().await.unwrap_err().to_string();
    assert!(message.contains("cannot be read"), "{message}");
    tokio::fs::write(&path, " \n").await.unwrap();
    let message = file.header().await.unwrap_err().to_string();
    assert!(message.contains("is empty"), "{message}");
}
