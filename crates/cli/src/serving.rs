//! What `strata try` and `strata load-test` have in common: choosing what serves a model, and words.

use anyhow::{Context, bail};
use strata_api::{
    operations::{ReadModels, ServedModels},
    playground::{ModelServer, SecretField, ServerKey, TypedKey},
    rows::{
        Row,
        playground::{ModelServerRow, TrialFaultKind},
    },
    topics::{Topic, Window},
};

use crate::{
    arguments::{Named, ServerArguments},
    exit::remark,
    session::Session,
    table::visible,
};

/// A server, and which of its models is asked.
pub(crate) struct Chosen {
    pub(crate) server: ModelServer,
    pub(crate) key: ServerKey,
    pub(crate) model: String,
    pub(crate) row: ModelServerRow,
}

/// What can be tried.
pub(crate) async fn list(
    session: &Session,
    wanted: &ServerArguments,
) -> anyhow::Result<Vec<ModelServerRow>> {
    let (_, rows) = servers(session, wanted).await?;
    Ok(rows)
}

/// The server that is named, and its model.
pub(crate) async fn choose(
    session: &Session,
    named: &Named,
    wanted: &ServerArguments,
) -> anyhow::Result<Chosen> {
    let key = key(wanted)?;
    let (cluster, rows) = servers(session, wanted).await?;
    let mut found = rows.into_iter().filter(|row| {
        row.name == named.name
            && (named.kind.is_empty() || row.kind.eq_ignore_ascii_case(&named.kind))
    });
    let row = found.next().with_context(|| {
        format!(
            "nothing called `{}` serves a model by OpenAI's interface; `strata try --list` lists \
             what does",
            named.name
        )
    })?;
    if let Some(other) = found.next() {
        bail!(
            "`{}` is a {} in {} and a {} in {}; name the namespace with -n, or the kind as KIND/NAME",
            named.name,
            row.kind,
            row.namespace,
            other.kind,
            other.namespace
        );
    }
    let server = ModelServer {
        cluster,
        group: row.group.clone(),
        kind: row.kind.clone(),
        namespace: row.namespace.clone(),
        name: row.name.clone(),
    };
    let model = match &wanted.model {
        Some(model) => model.clone(),
        None => first_model(session, &server, &key).await?,
    };
    Ok(Chosen {
        server,
        key,
        model,
        row,
    })
}

async fn first_model(
    session: &Session,
    server: &ModelServer,
    key: &ServerKey,
) -> anyhow::Result<String> {
    let request = ReadModels {
        server: server.clone(),
        key: key.clone(),
    };
    let served: ServedModels = session.call("read_models", &request).await?;
    if served.wants_key {
        let hint = served.secret.as_ref().map_or_else(String::new, |secret| {
            format!(
                "; its pod takes it from --key-secret {}/{}",
                secret.name, secret.field
            )
        });
        bail!("the server wants a key, or another one{hint}");
    }
    let model = served.models.into_iter().next();
    let model = model.context("the server names no model; name one with --model")?;
    Ok(model.id)
}

async fn servers(
    session: &Session,
    wanted: &ServerArguments,
) -> anyhow::Result<(String, Vec<ModelServerRow>)> {
    let cluster = session.choose(&wanted.target).await?;
    let is_whole = session
        .connect(&cluster, wanted.target.approve_plugin, wanted.timeout)
        .await?;
    if !is_whole {
        remark("not every list came in time; something that serves may be missing");
    }
    let mut rows = session
        .subscribe(Topic::ModelServers {
            cluster: cluster.clone(),
            namespaces: wanted.namespace.clone().into_iter().collect(),
            filter: String::new(),
            window: Window {
                first: 0,
                count: Window::MOST,
            },
        })
        .await?;
    rows.next().await?;
    let found = rows.iter().filter_map(|row| match row {
        Row::ModelServer(row) => Some(row.clone()),
        _ => None,
    });
    Ok((cluster, found.collect()))
}

fn key(wanted: &ServerArguments) -> anyhow::Result<ServerKey> {
    if let Some((name, field)) = &wanted.key_secret {
        return Ok(ServerKey::Secret {
            secret: SecretField {
                name: name.clone(),
                field: field.clone(),
            },
        });
    }
    let Some(variable) = &wanted.key_from else {
        return Ok(ServerKey::Nobody);
    };
    let key = std::env::var(variable)
        .with_context(|| format!("the environment has no variable {}", visible(variable)))?;
    Ok(ServerKey::Typed { key: TypedKey(key) })
}

/// A time as people read it: milliseconds below a second.
pub(crate) fn seconds(seconds: f64) -> String {
    if seconds < 0.01 {
        format!("{:.1} ms", seconds * 1_000.0)
    } else if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1_000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// What a kind of fault is called.
pub(crate) fn fault(kind: TrialFaultKind) -> &'static str {
    match kind {
        TrialFaultKind::Forbidden => "a permission of Kubernetes is missing",
        TrialFaultKind::Unreachable => "the server could not be reached",
        TrialFaultKind::Unauthorized => "the server wants a key, or another one",
        TrialFaultKind::NotFound => "the server does not have that model, or not this interface",
        TrialFaultKind::Throttled => "the server asks for patience",
        TrialFaultKind::Refused => "the server does not take the question",
        TrialFaultKind::ServerFailed => "the server failed",
        TrialFaultKind::FailedInAnswer => "the server failed in the middle of its answer",
        TrialFaultKind::BrokenOff => "the answer broke off",
        TrialFaultKind::Timeout => "it took too long",
        TrialFaultKind::Unreadable => "the answer is not what OpenAI's interface answers",
    }
}
