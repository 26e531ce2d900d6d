//! Docker's Engine API and Ollama's, each by a small server that answers as the real ones do; and Podman
//! itself where it is installed.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

use std::path::PathBuf;

use futures::StreamExt as _;
use strata_containers::{LocalContainers, Places};
use strata_ports::{
    containers::{ContainerHost as _, PlaceState, PullStep, RuntimeKind, Wanted},
    error::{PortError, PortErrorKind},
};

mod docker;
mod ollama;
mod podman;
mod server;

fn wanted(name: &str, image: &str, gpus: u32) -> Wanted {
    Wanted {
        name: name.to_owned(),
        image: image.to_owned(),
        arguments: vec!["--model=Qwen/Qwen3-8B".to_owned()],
        ports: vec![8000],
        volumes: vec![("qwen-cache".to_owned(), "/cache".to_owned())],
        gpus,
        recipe: "vllm".to_owned(),
        ..Wanted::default()
    }
}

async fn pulled(
    host: &LocalContainers,
    kind: RuntimeKind,
    image: &str,
) -> Vec<Result<PullStep, PortError>> {
    host.pull(kind, image.to_owned()).collect().await
}

#[tokio::test]
async fn nothing_has_to_be_there() {
    let host = LocalContainers::at(Places {
        sockets: vec![PathBuf::from("/no/such.sock")],
        ollama: "http://127.0.0.1:9".to_owned(),
    });
    assert!(host.runtimes().await.is_empty());
    let error = host.list(RuntimeKind::Docker).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unavailable);
    let places = host.places().await;
    let states: Vec<(RuntimeKind, &PlaceState)> =
        places.iter().map(|one| (one.kind, &one.state)).collect();
    assert_eq!(
        states,
        [
            (RuntimeKind::Docker, &PlaceState::Absent),
            (RuntimeKind::Ollama, &PlaceState::Absent),
        ]
    );
}
