//! `exec` and `attach`: a command in a container, or its main process, over WebSocket or SPDY
//! (`k8s.io/cri-streaming/pkg/streaming/remotecommand`).

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{
    container, log,
    spdy::{self, Stream},
    upgrade,
    websocket::{self, Arrival, V4, V5},
};
use crate::{
    json,
    server::{ResponseBody, Server, failure::Failure, path::ResourcePath, query::Query},
    shell::{Ending, Shell, Terminal, inside::Inside},
};

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;

/// The streams of a session, whatever carries them.
struct Streams {
    /// Closed when the client closes it, or has none.
    stdin: mpsc::Receiver<Bytes>,
    /// Channel and bytes.
    out: mpsc::Sender<(u8, Bytes)>,
}

/// What is run.
enum Task {
    Command(Vec<String>),
    /// What the main process prints from now on.
    Attach(Box<log::Log>),
}

/// A session that is to be run.
struct Session {
    task: Task,
    inside: Inside,
    tty: bool,
    has_stdin: bool,
    /// Why it cannot run, if it cannot.
    refusal: Option<Failure>,
}

/// The command that is asked for.
fn command(path: &ResourcePath, query: &Query) -> Result<Vec<String>, Failure> {
    let command: Vec<String> = query.all("command").map(str::to_owned).collect();
    if command.is_empty() {
        return Err(Failure::invalid(
            "PodExecOptions",
            "",
            path.name.as_deref().unwrap_or_default(),
            "command",
            "Required value",
        ));
    }
    Ok(command)
}

impl Server {
    pub(super) fn exec(
        self: &Arc<Self>,
        path: &ResourcePath,
        query: &Query,
        request: &Request<Bytes>,
    ) -> Result<Response<ResponseBody>, Failure> {
        let stored = self.pod(path)?;
        let pod = stored.value();
        let container = container(&pod, query)?.clone();
        let name = json::text(&container, "/name").to_owned();
        if json::text(&pod, "/spec/nodeName").is_empty() {
            return Err(Failure::bad_request(format!(
                "pod {} does not have a host assigned",
                json::text(&pod, "/metadata/name")
            )));
        }
        let protocol = upgrade::wanted(request)
            .ok_or_else(|| Failure::bad_request("Upgrade request required"))?;
        let connection = upgrade::connection_of(request)?;
        let is_running = log::status_of(&pod, &name)
            .is_some_and(|status| status.pointer("/state/running").is_some());
        let task = match path.subresource.as_deref() {
            Some("attach") if is_running => {
                Task::Attach(Box::new(self.log_from_now(path, &pod, &container)?))
            }
            // Refused below.
            Some("attach") => Task::Command(Vec::new()),
            _ => Task::Command(command(path, query)?),
        };
        let refusal = (!is_running).then(|| {
            Failure::internal(&format!(
                "unable to upgrade connection: container not found (\"{name}\")"
            ))
        });
        let session = Session {
            task,
            tty: query.flag("tty"),
            has_stdin: query.flag("stdin"),
            inside: Inside::new(Arc::clone(self), pod, container),
            refusal,
        };
        if protocol.eq_ignore_ascii_case("websocket") {
            let (agreed, response) = websocket::accept(request, &[V5, V4])?;
            let first = if query.flag("stdout") { STDOUT } else { ERROR };
            upgrade::spawn(connection, async move |connection| {
                session
                    .over_websocket(connection, first, agreed == V5)
                    .await;
            });
            return Ok(response);
        }
        if let Some(refusal) = session.refusal {
            return Err(refusal);
        }
        let mut response = upgrade::switching("SPDY/3.1");
        upgrade::set(&mut response, "x-stream-protocol-version", V4);
        let count = 1 + ["stdin", "stdout", "stderr"]
            .iter()
            .filter(|name| query.flag(name))
            .count();
        let count = count + usize::from(session.tty);
        upgrade::spawn(connection, async move |connection| {
            session.over_spdy(spdy::serve(connection), count).await;
        });
        Ok(response)
    }
}

impl Session {
    async fn over_websocket(self, connection: upgrade::Upgraded, first: u8, knows_close: bool) {
        let (out, mut incoming) = websocket::channels(connection).await;
        // An empty message says that the session is there.
        if out.send((first, Bytes::new())).await.is_err() {
            return;
        }
        let (input, stdin) = mpsc::channel(64);
        let mut input = self.has_stdin.then_some(input);
        let reading = async move {
            while let Some(arrival) = incoming.recv().await {
                match arrival {
                    Arrival::Bytes(STDIN, bytes) => {
                        if let Some(sender) = &input
                            && sender.send(bytes).await.is_err()
                        {
                            input = None;
                        }
                    }
                    Arrival::Closed(STDIN) if knows_close => input = None,
                    _ => {}
                }
            }
        };
        let streams = Streams {
            stdin,
            out: out.clone(),
        };
        tokio::select! {
            status = self.run(streams) => {
                if out.send((ERROR, Bytes::from(status.to_string()))).await.is_err() {
                    tracing::debug!("a client was gone before its command's end");
                }
            }
            () = reading => {}
        }
    }

    async fn over_spdy(self, mut opened: mpsc::Receiver<Stream>, count: usize) {
        let mut streams = Vec::new();
        while streams.len() < count {
            match opened.recv().await {
                Some(stream) => streams.push(stream),
                None => return,
            }
        }
        let mut stdin = None;
        let mut senders = Vec::new();
        for stream in streams {
            let channel = match stream.header("streamtype") {
                "stdin" => {
                    stdin = Some(stream.data);
                    continue;
                }
                "stdout" => STDOUT,
                "stderr" => STDERR,
                "error" => ERROR,
                _ => continue,
            };
            senders.push((channel, stream.sender));
        }
        let (out, mut outgoing) = mpsc::channel::<(u8, Bytes)>(64);
        let streams = Streams {
            stdin: stdin.unwrap_or_else(|| mpsc::channel(1).1),
            out: out.clone(),
        };
        let writing = async {
            while let Some((channel, bytes)) = outgoing.recv().await {
                let sender = senders.iter().find(|(known, _)| *known == channel);
                if let Some((_, sender)) = sender
                    && !sender.send(bytes).await
                {
                    return;
                }
            }
            for (_, sender) in &senders {
                sender.finish().await;
            }
        };
        let running = async move {
            let status = self.run(streams).await;
            if out
                .send((ERROR, Bytes::from(status.to_string())))
                .await
                .is_err()
            {
                tracing::debug!("a client was gone before its command's end");
            }
        };
        // The connection ends when `opened` is dropped, so that goes last.
        tokio::select! {
            ((), ()) = async { tokio::join!(writing, running) } => {}
            _ = opened.recv() => {}
        }
        drop(opened);
    }

    /// Runs to the end; the status is what the error channel carries.
    async fn run(self, streams: Streams) -> Value {
        if let Some(refusal) = &self.refusal {
            return refusal.status();
        }
        match self.task {
            Task::Attach(mut log) => {
                while let Some(Ok(bytes)) = log.next().await {
                    if streams.out.send((STDOUT, bytes)).await.is_err() {
                        break;
                    }
                }
                success()
            }
            Task::Command(command) => {
                let mut terminal = Terminal {
                    stdin: streams.stdin,
                    out: streams.out,
                    has_stdin: self.has_stdin,
                    tty: self.tty,
                };
                match Shell::new(self.inside).exec(&command, &mut terminal).await {
                    Ending::Code(0) => success(),
                    Ending::Code(code) => ended(code),
                    Ending::NotFound(name) => not_found(&name),
                }
            }
        }
    }
}

fn success() -> Value {
    json!({ "metadata": {}, "status": "Success" })
}

fn ended(code: u8) -> Value {
    json!({
        "metadata": {},
        "status": "Failure",
        "message": format!(
            "command terminated with non-zero exit code: command terminated with exit code {code}"
        ),
        "reason": "NonZeroExitCode",
        "details": { "causes": [{ "reason": "ExitCode", "message": code.to_string() }] },
    })
}

/// What the container runtime says of a command that the image does not have.
fn not_found(name: &str) -> Value {
    Failure::internal(&format!(
        "error executing command in container: failed to exec in container: failed to start exec: \
         OCI runtime exec failed: exec failed: unable to start container process: exec: \
         \"{name}\": executable file not found in $PATH"
    ))
    .status()
}
