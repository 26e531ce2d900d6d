//! What serves models by OpenAI's interface in a cluster: applications whose pods run an engine that
//! the catalogue knows to answer it.

use strata_api::{
    frames::KeyedRow,
    playground::ModelServer,
    rows::{
        Ready, Row,
        playground::{ModelServerRow, ServerTraffic},
    },
    topics::{Topic, Window},
};
use strata_catalog::{Component, OpenAi, Phase, Purpose};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    pod::{ContainerState, Pod},
    text::Text,
};

use crate::{
    derive::applications::Application,
    fleet::telemetry::Telemetry,
    project::{Rows, pods::Picture},
};

/// The pods of a group of nodes that work for its first one answer nobody.
const WORKER_INDEX: &str = "leaderworkerset.sigs.k8s.io/worker-index";

/// A server of models.
struct Server<'a> {
    application: &'a Application,
    engine: &'a Component,
    openai: &'a OpenAi,
}

/// A server that was found, with what it takes to reach it.
#[derive(Clone, Debug)]
pub(crate) struct FoundServer {
    /// Its pods that are ready, by name.
    pub(crate) ready: Vec<ObjectKey>,
    /// How its engine answers.
    pub(crate) openai: OpenAi,
    /// The models that it is known to serve.
    pub(crate) models: Vec<String>,
}

/// The servers of the topic's window, and how many there are.
pub(crate) fn topic_rows(picture: Picture<'_>, telemetry: &Telemetry, topic: &Topic) -> Rows {
    let Topic::ModelServers {
        namespaces,
        filter,
        window,
        ..
    } = topic
    else {
        return Rows::default();
    };
    let filter = filter.to_lowercase();
    let mut found: Vec<Server<'_>> = servers(picture)
        .filter(|server| {
            let namespace = &server.application.key.namespace;
            namespaces.is_empty() || namespaces.iter().any(|one| *one == **namespace)
        })
        .collect();
    let unfiltered = count(found.len());
    found.sort_by(|left, right| left.order().cmp(&right.order()));
    let rows: Vec<ModelServerRow> = found
        .iter()
        .map(|server| server.row(picture, telemetry))
        .filter(|row| is_found(row, &filter))
        .collect();
    Rows {
        total: count(rows.len()),
        unfiltered,
        window: rows
            .into_iter()
            .skip(window.first as usize)
            .take(window.count.min(Window::MOST) as usize)
            .map(|row| KeyedRow {
                id: format!("{}/{}/{}/{}", row.group, row.kind, row.namespace, row.name),
                row: Row::ModelServer(row),
            })
            .collect(),
    }
}

/// The server that `asked` names; none where it is not there, or serves no models.
pub(crate) fn find(
    picture: Picture<'_>,
    telemetry: &Telemetry,
    asked: &ModelServer,
) -> Option<FoundServer> {
    let kind = GroupKind::new(asked.group.as_str(), asked.kind.as_str());
    let server = servers(picture).find(|server| {
        let application = server.application;
        application.kind == kind
            && *application.key.namespace == *asked.namespace
            && *application.key.name == *asked.name
    })?;
    let mut ready: Vec<ObjectKey> = server
        .pods(picture)
        .filter(|pod| pod.ready)
        .map(|pod| pod.metadata.key.clone())
        .collect();
    ready.sort();
    Some(FoundServer {
        ready,
        openai: server.openai.clone(),
        models: server.models(picture, telemetry),
    })
}

fn servers(picture: Picture<'_>) -> impl Iterator<Item = Server<'_>> {
    let components = picture.catalog.components();
    let applications = picture.derived.applications.list.iter();
    applications.filter_map(move |application| {
        let is_serving = application
            .purpose
            .is_none_or(|purpose| purpose == Purpose::Serving);
        let is_over = matches!(application.phase, Phase::Succeeded | Phase::Failed);
        if !is_serving || is_over {
            return None;
        }
        let engine = components.get(application.engine?)?;
        let openai = engine.openai.as_ref()?;
        Some(Server {
            application,
            engine,
            openai,
        })
    })
}

impl<'a> Server<'a> {
    fn order(&self) -> (&'a Text, &'a Text, &'a GroupKind) {
        let application = self.application;
        (
            &application.key.namespace,
            &application.key.name,
            &application.kind,
        )
    }

    /// The pods that answer, ready or not.
    fn pods(&self, picture: Picture<'a>) -> impl Iterator<Item = &'a Pod> + use<'a> {
        let table = picture.cluster.pod_table();
        let pods = self.application.pods.iter();
        let pods = pods.filter_map(move |slot| table.at(*slot));
        pods.filter(move |pod| {
            let is_worker = pod
                .metadata
                .labels
                .get(WORKER_INDEX)
                .is_some_and(|index| index != "0");
            !is_worker && runs_engine(picture, pod)
        })
    }

    fn models(&self, picture: Picture<'a>, telemetry: &Telemetry) -> Vec<String> {
        let mut models: Vec<String> = Vec::new();
        for pod in self.pods(picture) {
            let told = telemetry.engines().get(&pod.metadata.key);
            let told = told.into_iter().flat_map(|engine| &engine.report.models);
            models.extend(told.map(Text::to_string));
        }
        if models.is_empty() {
            let argued = self.pods(picture).map(Pod::model_argument);
            models.extend(argued.filter(|model| !model.is_empty()).map(str::to_owned));
        }
        models.sort();
        models.dedup();
        models
    }

    fn row(&self, picture: Picture<'a>, telemetry: &Telemetry) -> ModelServerRow {
        let application = self.application;
        let (mut ready, mut all) = (0_usize, 0_usize);
        for pod in self.pods(picture) {
            all += 1;
            ready += usize::from(pod.ready);
        }
        ModelServerRow {
            group: application.kind.group.to_string(),
            kind: application.kind.kind.to_string(),
            namespace: application.key.namespace.to_string(),
            name: application.key.name.to_string(),
            engine: self.engine.name.to_string(),
            is_certain: self.openai.command.is_empty(),
            models: self.models(picture, telemetry),
            pods: Ready {
                ready: count(ready),
                desired: count(all),
            },
            severity: application.severity.into(),
            reason: application.reason.clone(),
            traffic: self.traffic(picture, telemetry),
        }
    }

    /// What its engines do, together; none where none of them told of it lately.
    fn traffic(&self, picture: Picture<'a>, telemetry: &Telemetry) -> Option<ServerTraffic> {
        let mut sum: Option<ServerTraffic> = None;
        for pod in self.pods(picture) {
            let engine = telemetry.engines().get(&pod.metadata.key);
            let Some(engine) = engine.filter(|engine| engine.is_fresh(picture.now)) else {
                continue;
            };
            let sum = sum.get_or_insert(ServerTraffic {
                running: 0.0,
                waiting: 0.0,
                tokens_per_second: None,
                age_seconds: 0.0,
            });
            sum.running += engine.report.running.unwrap_or_default();
            sum.waiting += engine.report.waiting.unwrap_or_default();
            if let Some(tokens) = engine.tokens_per_second {
                *sum.tokens_per_second.get_or_insert(0.0) += tokens;
            }
            let age = picture.now.duration_since(engine.at).as_secs_f64();
            sum.age_seconds = sum.age_seconds.max(age);
        }
        sum
    }
}

/// Whether one of its containers runs an engine that answers: a release may hold other pods as well.
fn runs_engine(picture: Picture<'_>, pod: &Pod) -> bool {
    let mut containers = pod.containers.iter().filter(|container| !container.init);
    let is_known = |image: &Text| {
        let component = picture.catalog.recognise_image(image);
        component.map(|component| component.openai.is_some())
    };
    // An image that nobody knows may be one of the user's own, with the engine in it.
    containers.any(|container| {
        is_known(&container.image).unwrap_or(true)
            && !matches!(container.state, ContainerState::Ended(_))
    })
}

fn is_found(row: &ModelServerRow, filter: &str) -> bool {
    let mut words = filter.split_whitespace();
    let fields = [
        &row.name,
        &row.namespace,
        &row.kind,
        &row.engine,
        &row.models.join(" "),
    ];
    words.all(|word| {
        fields
            .iter()
            .any(|field| field.to_lowercase().contains(word))
    })
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
