//! What can be asked: the router, made from the table of `strata-api`.
//!
//! A line of the table is a function of the same name in one of the modules below; a line without
//! one does not compile. Operations run in the task of whoever asks, so that none holds up the one
//! that owns the fleet.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use strata_api::error::{ApiError, ErrorCode};
use strata_catalog::Catalog;
use strata_ports::{
    clock::Clock, cluster::ClusterSource, containers::ContainerHost, contexts::ContextSource,
    error::PortError, journal::Journal, logs::LogSource, objects::ObjectReader,
    prometheus::PrometheusProbe, series::SeriesStore, settings::SettingsStore, tunnel::TunnelMaker,
    workstation::WorkstationProbe,
};
use tokio::sync::mpsc;

use crate::{
    change::Gate,
    error::{closing, of_port},
    inbox::Command,
    machine::trials::Trials,
    supervise::TaskScope,
};

mod capacity_pictures;
mod catalog;
pub(crate) mod changes;
pub(crate) mod clusters;
mod comparison;
mod containers;
mod explanations;
mod fitting;
mod history;
mod job_history;
mod journal;
mod keeping;
mod kubeconfigs;
mod logs;
mod machine;
mod machine_history;
mod map_pictures;
mod moments;
mod namespaces;
mod permissions;
mod pictures;
mod playground;
mod preferences;
mod prometheus;
mod protection;
mod recipes;
mod releases;
mod rollouts;
mod schemas;
mod sizing;

use capacity_pictures::draw_capacity;
use catalog::{about, read_catalog};
use changes::{
    act_on_objects, change_objects, delete_objects, edit_object, read_manifest, settle_change,
};
use clusters::{
    approve_credential_plugin, connect_cluster, diagnose_connection, disconnect_cluster,
};
use comparison::compare_gpus;
pub(crate) use containers::Beginnings;
use containers::{
    cancel_locally, read_local_containers, read_local_log, read_local_runtimes, remove_locally,
    run_locally, stop_locally,
};
use explanations::{explain_object, read_timeline};
use fitting::fit_model;
use history::{gpu_history, usage_history};
use job_history::job_history;
use journal::{read_interrupted, read_journal, verify_journal};
use keeping::read_keeping;
use kubeconfigs::{add_kubeconfig, remove_kubeconfig};
use logs::read_job_logs;
use machine::{decide_trial, end_process, set_device};
use machine_history::{draw_machine, machine_history};
use map_pictures::draw_gpu_map;
use moments::gpu_moment;
use namespaces::{name_namespaces, read_namespaces};
use permissions::read_permissions;
use pictures::{draw_gpu, draw_usage};
use playground::{ask_by_hand, ask_model, read_models, start_load_test, stop_trial};
use preferences::{read_preferences, save_preferences};
use prometheus::{read_prometheus, save_prometheus, try_prometheus};
use protection::{protect_cluster, read_protection, unlock_cluster};
pub(crate) use recipes::Recipes;
use recipes::{checks::check_deployment, read_recipes, render_recipe};
use releases::{
    change_release, compare_revisions, delete_release, deploy_recipe, read_release, read_releases,
    roll_back_release,
};
use rollouts::read_rollout;
pub(crate) use schemas::KeptSchemas;
use schemas::describe_field;
use sizing::plan_model;

/// What operations work with.
pub(crate) struct Operations {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clusters: Arc<dyn ClusterSource>,
    pub(crate) objects: Arc<dyn ObjectReader>,
    pub(crate) logs: Arc<dyn LogSource>,
    pub(crate) tunnels: Arc<dyn TunnelMaker>,
    pub(crate) gate: Gate,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) contexts: Arc<dyn ContextSource>,
    pub(crate) settings: Arc<dyn SettingsStore>,
    pub(crate) series: Arc<dyn SeriesStore>,
    pub(crate) prometheus: Arc<dyn PrometheusProbe>,
    pub(crate) workstation: Arc<dyn WorkstationProbe>,
    pub(crate) trials: Trials,
    pub(crate) recipes: Recipes,
    pub(crate) schemas: KeptSchemas,
    pub(crate) containers: Arc<dyn ContainerHost>,
    pub(crate) beginnings: Beginnings,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) commands: mpsc::UnboundedSender<Command>,
    pub(crate) scope: TaskScope,
}

impl Operations {
    /// Runs `work`, which may read or write files, where that holds nobody up.
    pub(crate) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PortError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let outcome = self.scope.run_blocking(work).await.ok_or_else(closing)?;
        outcome.map_err(|error| of_port(&error))
    }

    /// Keeps `value` as the setting `name`; `unwritable` is said where it cannot be put into JSON.
    pub(crate) async fn keep(
        &self,
        name: &'static str,
        value: &impl Serialize,
        unwritable: &str,
    ) -> Result<(), ApiError> {
        let json = serde_json::to_string(value).map_err(|error| ApiError {
            code: ErrorCode::Internal,
            message: unwritable.to_owned(),
            causes: vec![error.to_string()],
        })?;
        let settings = Arc::clone(&self.settings);
        self.on_disk(move || settings.write(name, &json)).await
    }
}

macro_rules! route {
    ($($name:ident ($request:ident) -> $response:ident : $access:ident;)*) => {
        /// Asks the operation `operation`.
        pub(crate) async fn call(
            operations: &Operations,
            operation: &str,
            request: Value,
        ) -> Result<Value, ApiError> {
            match operation {
                $(stringify!($name) => {
                    let request: strata_api::operations::$request = read(operation, request)?;
                    let response: strata_api::operations::$response =
                        $name(operations, request).await?;
                    write(operation, &response)
                })*
                _ => Err(ApiError::new(
                    ErrorCode::InvalidInput,
                    format!("there is no operation `{operation}`"),
                )),
            }
        }
    };
}

strata_api::with_operations!(route);

/// Reads the request of `operation`; a missing one is empty.
fn read<T: DeserializeOwned>(operation: &str, request: Value) -> Result<T, ApiError> {
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_path_to_error::deserialize(request).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." {
            String::new()
        } else {
            format!(" in `{path}`")
        };
        ApiError {
            code: ErrorCode::InvalidInput,
            message: format!("the request of `{operation}` cannot be read{field}"),
            causes: vec![error.into_inner().to_string()],
        }
    })
}

fn write<T: Serialize>(operation: &str, response: &T) -> Result<Value, ApiError> {
    serde_json::to_value(response).map_err(|error| ApiError {
        code: ErrorCode::Internal,
        message: format!("the answer of `{operation}` cannot be written"),
        causes: vec![error.to_string()],
    })
}

#[cfg(test)]
mod tests;
