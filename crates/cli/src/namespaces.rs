//! `strata namespaces`: where a cluster is watched of which the user may not list the whole.

use std::process::ExitCode;

use strata_api::{
    namespaces::{NameNamespaces, NamedNamespaces},
    operations::OneCluster,
};
use strata_app::Launch;

use crate::{arguments::Namespaces, exit::answer, session::Session, table::visible};

/// Tells them, or names others.
pub(crate) async fn run(launch: Launch, wanted: &Namespaces) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let kept: NamedNamespaces = if wanted.off || !wanted.names.is_empty() {
        let request = NameNamespaces {
            cluster,
            namespaces: wanted.names.clone(),
        };
        session.call("name_namespaces", &request).await?
    } else {
        session
            .call("read_namespaces", &OneCluster { cluster })
            .await?
    };
    answer(&shown(&kept))?;
    session.end().await;
    Ok(ExitCode::SUCCESS)
}

/// One on each line, the context's own first.
fn shown(kept: &NamedNamespaces) -> String {
    let names = std::iter::once(&kept.own).chain(&kept.namespaces);
    let lines: Vec<_> = names.map(|name| visible(name)).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contexts_own_stands_first() {
        let kept = NamedNamespaces {
            cluster: "demo".to_owned(),
            own: "work".to_owned(),
            namespaces: vec!["team-a".to_owned(), "team-b".to_owned()],
            most: 16,
        };
        assert_eq!(shown(&kept), "work\nteam-a\nteam-b\n");
    }
}
