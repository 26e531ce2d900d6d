//! What containers write, read from the kubelet by way of the API server (`get pods/log`).
//!
//! Bytes become lines as they come ([`lines`]); no more of a log is held than the line that is being
//! read and one batch.

mod lines;

use std::{fmt::Write as _, sync::Arc};

use futures::stream::{self, BoxStream, StreamExt as _};
use http_body_util::BodyExt as _;
use strata_domain::ids::ClusterId;
use strata_ports::{
    error::{PortError, PortErrorKind},
    logs::{LogLine, LogRequest, LogSource},
};

use lines::Lines;

use crate::{
    objects::{failed, permission},
    source::KubernetesSource,
    watch::endpoint::escaped,
};

impl LogSource for KubernetesSource {
    fn read(
        &self,
        cluster: &ClusterId,
        asked: LogRequest,
    ) -> BoxStream<'static, Result<Vec<LogLine>, PortError>> {
        let (reading, cluster) = (Arc::clone(&self.reading), cluster.clone());
        let opened = async move {
            let line = reading.line(&cluster).await?;
            let answer = line.open(&address(&asked), "*/*").await;
            answer.map_err(|failure| {
                reading.forget_if_refused(&cluster, &failure);
                let what = format!("the log of {} in Pod {}", asked.container, asked.pod);
                let permission = permission("get", "pods/log", &asked.pod.namespace);
                failed(&permission, &what, failure)
            })
        };
        stream::once(opened)
            .flat_map(|opened| match opened {
                Err(error) => stream::iter([Err(error)]).boxed(),
                Ok(answer) => {
                    let pieces = answer.into_body().into_data_stream();
                    let state = (pieces.boxed(), Lines::default(), false);
                    let batches =
                        stream::unfold(state, |(mut pieces, mut lines, is_over)| async move {
                            if is_over {
                                return None;
                            }
                            let (batch, is_over) = match pieces.next().await {
                                Some(Ok(piece)) => (Ok(lines.of(&piece)), false),
                                Some(Err(error)) => (Err(broken(error)), true),
                                None => (Ok(lines.rest()), true),
                            };
                            Some((batch, (pieces, lines, is_over)))
                        })
                        .filter(|batch| {
                            let is_news = batch.as_ref().map_or(true, |lines| !lines.is_empty());
                            futures::future::ready(is_news)
                        });
                    // Says that the log is there, before anything is written to it.
                    stream::iter([Ok(Vec::new())]).chain(batches).boxed()
                }
            })
            .boxed()
    }
}

fn address(asked: &LogRequest) -> String {
    let mut path = format!(
        "/api/v1/namespaces/{}/pods/{}/log?container={}&timestamps=true",
        escaped(&asked.pod.namespace),
        escaped(&asked.pod.name),
        escaped(&asked.container),
    );
    for (name, is_asked) in [("previous", asked.previous), ("follow", asked.follow)] {
        if is_asked {
            // Writing to a string cannot fail.
            write!(path, "&{name}=true").unwrap_or_default();
        }
    }
    if let Some(tail) = asked.tail {
        write!(path, "&tailLines={tail}").unwrap_or_default();
    }
    if let Some(since) = asked.since {
        write!(path, "&sinceTime={}", escaped(&since.to_string())).unwrap_or_default();
    }
    path
}

fn broken(error: kube::Error) -> PortError {
    let message = "the log broke off: the connection to the API server is gone";
    PortError::new(PortErrorKind::Unavailable, message).because(error)
}

#[cfg(test)]
mod tests {
    use strata_domain::ids::ObjectKey;

    use super::*;

    #[test]
    fn a_request_asks_for_times_and_for_no_more_than_is_wanted() {
        let mut asked = LogRequest {
            pod: ObjectKey::new("team", "train-0"),
            container: "main".to_owned(),
            ..LogRequest::default()
        };
        let all = "/api/v1/namespaces/team/pods/train-0/log?container=main&timestamps=true";
        assert_eq!(address(&asked), all);
        asked.follow = true;
        asked.tail = Some(100);
        asked.since = Some("2026-03-01T12:00:00Z".parse().unwrap());
        assert_eq!(
            address(&asked),
            format!("{all}&follow=true&tailLines=100&sinceTime=2026-03-01T12%3A00%3A00Z")
        );
    }
}
