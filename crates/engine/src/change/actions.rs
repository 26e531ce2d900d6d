//! One thing done to each of several objects, as their kinds truly do it: a file for each thing.
//!
//! What a kind means by an action differs: a Job is suspended by a field, unless Kueue owns that field;
//! Volcano wants a command object; Kubeflow's notebooks an annotation. Where a kind cannot, the reason
//! is said.

mod cancel;
mod cordon;
pub(super) mod drain;
mod kueue;
mod label;
pub(super) mod needs;
mod priority;
mod queue;
mod restart;
mod scale;
mod set_image;
mod suspend;
mod taint;
mod volcano;

use serde_json::Value;
use strata_api::{
    change::{ActOnObjects, Action, ChangeReport, Obstacle, ObstacleKind},
    error::ApiError,
    phrases::{Phrase, PhraseCode},
};
use strata_domain::field_path::FieldPath;
use strata_ports::{
    cluster::ServedKind,
    contexts::Context,
    control::Verb,
    objects::{ObjectAddress, ObjectReader},
};

use super::{
    carry_out,
    delete::{address, along, told},
    kubectl::Kubectl,
    obstacle::{obstacle, of_error},
    plan::{Plan, Planned},
};
use crate::{
    checkpoint,
    error::of_port,
    operations::Operations,
    why::read::{self, kind_called},
};

/// Does one thing to each of the objects.
pub(crate) async fn act_on_objects(
    operations: &Operations,
    context: &Context,
    request: ActOnObjects,
) -> Result<ChangeReport, ApiError> {
    let served = operations.objects.served(&context.id).await;
    let served = served.map_err(|error| of_port(&error))?;
    let ground = Ground {
        objects: operations.objects.as_ref(),
        context,
        served: &served,
        kubectl: Kubectl::of(context),
        checkpoints: checkpoint::Reader {
            objects: operations.objects.as_ref(),
            logs: operations.logs.as_ref(),
            cluster: &context.id,
            now: operations.clock.now(),
        },
    };
    let mut plan = Plan::default();
    for name in &request.objects {
        let Ok(address) = address(&served, name) else {
            let sentence = Phrase::new(PhraseCode::KindNotServed).with("kind", name.kind.as_str());
            plan.obstacles
                .push(obstacle(ObstacleKind::Unsupported, sentence));
            continue;
        };
        let steps = match operations.objects.get(&context.id, address.clone()).await {
            Ok(object) => steps(&ground, Found { address, object }, &request.action).await,
            Err(error) => {
                let found = of_error(&error, &address);
                vec![stopped(address, found)]
            }
        };
        plan.steps.extend(steps);
    }
    carry_out(operations, context, plan, request.intent).await
}

async fn steps(ground: &Ground<'_>, found: Found, action: &Action) -> Vec<Planned> {
    let planned = match action {
        Action::Cordon {} => cordon::cordon(ground, &found, true),
        Action::Uncordon {} => cordon::cordon(ground, &found, false),
        Action::Drain {
            force,
            delete_local_data,
            wait_seconds,
        } => {
            let leave = drain::Leave {
                force: *force,
                delete_local_data: *delete_local_data,
                wait_seconds: *wait_seconds,
            };
            drain::drain(ground, &found, &leave).await
        }
        Action::Taint {
            key,
            value,
            effect,
            remove,
        } => taint::taint(
            ground,
            &found,
            &taint::Taint {
                key,
                value,
                effect,
                remove: *remove,
            },
        ),
        Action::Restart {} => restart::restart(ground, &found).await,
        Action::Scale { replicas } => scale::scale(ground, &found, *replicas).await,
        Action::SetImage { container, image } => {
            set_image::set_image(ground, &found, container, image)
        }
        Action::Label { key, value } => {
            Ok(vec![label::label(ground, &found, key, value.as_deref())])
        }
        Action::Suspend {} => suspend::suspend(ground, &found, true).await,
        Action::Resume {} => suspend::suspend(ground, &found, false).await,
        Action::Cancel {} => cancel::cancel(ground, &found).await,
        Action::SetQueue { queue } => queue::set_queue(ground, &found, queue).await,
        Action::SetPriority { class } => priority::set_priority(ground, &found, class).await,
    };
    planned.unwrap_or_else(|found_obstacle| vec![stopped(found.address, *found_obstacle)])
}

/// What an action can see.
struct Ground<'a> {
    objects: &'a dyn ObjectReader,
    context: &'a Context,
    served: &'a [ServedKind],
    kubectl: Kubectl,
    /// Tells what jobs would lose; and the time.
    checkpoints: checkpoint::Reader<'a>,
}

/// An object that is there.
struct Found {
    address: ObjectAddress,
    object: Value,
}

/// The writes of an action, or why there are none.
type Steps = Result<Vec<Planned>, Box<Obstacle>>;

impl Found {
    fn is_a(&self, group: &str, kind: &str) -> bool {
        self.address.kind.group == group && self.address.kind.kind == kind
    }

    /// Whether it is one of `kinds` of `group`.
    fn is_any(&self, group: &str, kinds: &[&str]) -> bool {
        self.address.kind.group == group && kinds.contains(&self.address.kind.kind.as_str())
    }

    /// Whether it is a job that has ended.
    fn has_ended(&self) -> bool {
        let ended = ["Complete", "Completed", "Failed", "Succeeded", "Finished"];
        let conditions = ended
            .iter()
            .any(|kind| read::condition_is(&self.object, kind, "True").is_some());
        let phase = [
            "/status/phase",
            "/status/state/phase",
            "/status/jobDeploymentStatus",
        ];
        let phases = [
            "Succeeded",
            "Failed",
            "Error",
            "Completed",
            "Terminated",
            "Complete",
        ];
        let is_job = !self.is_any("", &["Pod", "Node"]);
        is_job
            && (conditions
                || phase
                    .iter()
                    .any(|pointer| phases.contains(&read::text(&self.object, pointer))))
    }
}

impl Ground<'_> {
    /// Gives fields of the object other values.
    fn set(&self, object: &ObjectAddress, fields: Vec<(FieldPath, Option<Value>)>) -> Planned {
        let mut patch = Value::Null;
        for (path, value) in &fields {
            path.set(&mut patch, value.clone().unwrap_or(Value::Null));
        }
        let command = self.kubectl.merge(object, &patch);
        Planned::new(object.clone(), Verb::Set { fields }, command)
    }

    /// What the object owns, told in words, and what ends with it.
    async fn owned(&self, found: &Found) -> Vec<Phrase> {
        let owned = self.owned_objects(found).await;
        let mut said = told(&owned);
        said.extend(self.checkpoints.at_stake(&owned).await);
        said
    }

    async fn owned_objects(&self, found: &Found) -> Vec<Value> {
        along(self.objects, &self.context.id, self.served, &found.object).await
    }

    /// That the pods of the object end, what GPUs that frees, and what work is lost.
    async fn pods_end(&self, found: &Found) -> Vec<Phrase> {
        let owned = self.owned_objects(found).await;
        let pods: Vec<Value> = owned
            .into_iter()
            .filter(|object| read::is_a(object, "", "Pod"))
            .collect();
        if pods.is_empty() {
            return Vec::new();
        }
        let mut said = vec![Phrase::new(PhraseCode::PodsEnd).with("count", pods.len())];
        said.extend(told(&pods).into_iter().skip(1));
        said.extend(self.checkpoints.at_stake(&pods).await);
        said
    }
}

/// A step that something stands in the way of.
fn stopped(object: ObjectAddress, found: Obstacle) -> Planned {
    let mut step = Planned::new(object, Verb::Set { fields: Vec::new() }, String::new());
    step.obstacle = Some(found);
    step
}

/// The kind cannot do this, as `sentence` says.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "what stands in the way is large beside steps"
)]
fn cannot(sentence: Phrase) -> Box<Obstacle> {
    Box::new(obstacle(ObstacleKind::Unsupported, sentence))
}

/// The kind has no such action.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "what stands in the way is large beside steps"
)]
fn not_of_kind(found: &Found) -> Box<Obstacle> {
    let kind = kind_called(&found.address.kind);
    cannot(Phrase::new(PhraseCode::ActionNotOfKind).with("kind", kind))
}
