//! What can be asked: the one table from which the router, the access check and the TypeScript
//! map are made.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::topics::JobLog;
pub use crate::{
    change::{ActOnObjects, ChangeObjects, ChangeReport, DeleteObjects},
    containers::{
        LocalContainers, LocalLog, LocalRun, LocalRuntimes, OneLocalContainer, OneLocalRuntime,
        RunLocally,
    },
    edit::{EditObject, Manifest},
    explanation::Explanation,
    history::{
        ComparisonChart, GpuComparison, GpuComparisonQuestion, GpuHistory, GpuHistoryQuestion,
        GpuPictureQuestion, HistoryChart, HistoryKeeping, IncidentRow, ModelHours, OneGpu, Span,
        Steps, UsageHistory, UsageHours, UsagePart, UsagePictureQuestion, UsageQuestion,
    },
    job_history::{JobHistory, JobHistoryQuestion, JobHolding},
    journal::{JournalPage, JournalVerdict, ReadJournal, SettleChange},
    machine_history::{
        MachineHistory, MachineHistoryQuestion, MachinePictureQuestion, NamedDevice,
    },
    moment::{GpuMapPictureQuestion, GpuMoment, GpuMomentQuestion},
    namespaces::{NameNamespaces, NamedNamespaces},
    permissions::{Permissions, ReadPermissions},
    pictures::{
        CapacityPictureQuestion, Picture, PictureFormat, PictureLanguage, PictureLook, PictureTheme,
    },
    playground::{AskModel, ByHand, OneTrial, ReadModels, ServedModels, StartLoadTest},
    prometheus::{GivePrometheus, PrometheusFound, PrometheusSetting},
    protection::{ProtectCluster, Protection, UnlockCluster},
    recipes::{DeploymentChecks, ReadRecipes, Recipes, RenderRecipe, RenderedRecipe},
    releases::{
        ChangeRelease, CompareRevisions, DeleteRelease, DeployRecipe, OneRelease, ReadReleases,
        ReleaseDetail, Releases, RevisionDifference, RollBackRelease,
    },
    rollout::{ReadRollout, Rollout},
    rows::log::LogText,
    schema::{DescribeField, DescribedField},
    sizing::{FitModel, ModelFit, ModelPlan, PlanModel},
    timeline::Timeline,
    workstation::{DecideTrial, EndProcess, SetDevice, TrialVerdict},
};

mod catalog;
mod connection;
mod preferences;

pub use catalog::{Bilingual, Catalog, CatalogComponent, CatalogLayer, CatalogRole};
pub use connection::{ConnectionReport, StepOutcome, StepReport};
pub use preferences::{GpuPrice, Language, Preferences, Role, Theme};

/// Hands the table of operations to the macro `$callback`.
///
/// A line is `name (Request) -> Response : Access;`. The engine's router is made from it, so a line
/// without a handler does not compile.
#[macro_export]
macro_rules! with_operations {
    ($callback:ident) => {
        $callback! {
            about (Nothing) -> About : Read;
            read_catalog (Nothing) -> Catalog : Read;
            connect_cluster (OneCluster) -> Nothing : Read;
            disconnect_cluster (OneCluster) -> Nothing : Read;
            diagnose_connection (OneCluster) -> ConnectionReport : Read;
            explain_object (OneObject) -> Explanation : Read;
            change_objects (ChangeObjects) -> ChangeReport : Write;
            delete_objects (DeleteObjects) -> ChangeReport : Write;
            read_manifest (OneObject) -> Manifest : Read;
            edit_object (EditObject) -> ChangeReport : Write;
            read_timeline (OneObject) -> Timeline : Read;
            read_job_logs (JobLogQuestion) -> LogText : Read;
            gpu_history (GpuHistoryQuestion) -> GpuHistory : Local;
            gpu_moment (GpuMomentQuestion) -> GpuMoment : Local;
            job_history (JobHistoryQuestion) -> JobHistory : Local;
            usage_history (UsageQuestion) -> UsageHistory : Local;
            compare_gpus (GpuComparisonQuestion) -> GpuComparison : Local;
            draw_gpu (GpuPictureQuestion) -> Picture : Local;
            machine_history (MachineHistoryQuestion) -> MachineHistory : Local;
            draw_machine (MachinePictureQuestion) -> Picture : Local;
            draw_gpu_map (GpuMapPictureQuestion) -> Picture : Local;
            draw_usage (UsagePictureQuestion) -> Picture : Local;
            draw_capacity (CapacityPictureQuestion) -> Picture : Local;
            read_keeping (Nothing) -> HistoryKeeping : Local;
            act_on_objects (ActOnObjects) -> ChangeReport : Write;
            settle_change (SettleChange) -> ChangeReport : Write;
            end_process (EndProcess) -> ChangeReport : Write;
            set_device (SetDevice) -> ChangeReport : Write;
            decide_trial (DecideTrial) -> TrialVerdict : Local;
            read_journal (ReadJournal) -> JournalPage : Local;
            read_interrupted (Nothing) -> JournalPage : Local;
            verify_journal (Nothing) -> JournalVerdict : Local;
            read_permissions (ReadPermissions) -> Permissions : Read;
            read_protection (OneCluster) -> Protection : Local;
            protect_cluster (ProtectCluster) -> Protection : Local;
            unlock_cluster (UnlockCluster) -> Protection : Local;
            read_recipes (ReadRecipes) -> Recipes : Read;
            render_recipe (RenderRecipe) -> RenderedRecipe : Read;
            check_deployment (RenderRecipe) -> DeploymentChecks : Read;
            read_releases (ReadReleases) -> Releases : Read;
            read_release (OneRelease) -> ReleaseDetail : Read;
            compare_revisions (CompareRevisions) -> RevisionDifference : Read;
            deploy_recipe (DeployRecipe) -> ChangeReport : Write;
            change_release (ChangeRelease) -> ChangeReport : Write;
            roll_back_release (RollBackRelease) -> ChangeReport : Write;
            delete_release (DeleteRelease) -> ChangeReport : Write;
            plan_model (PlanModel) -> ModelPlan : Read;
            fit_model (FitModel) -> ModelFit : Read;
            read_rollout (ReadRollout) -> Rollout : Read;
            describe_field (DescribeField) -> DescribedField : Read;
            read_models (ReadModels) -> ServedModels : Read;
            ask_model (AskModel) -> OneTrial : Read;
            ask_by_hand (AskModel) -> ByHand : Read;
            start_load_test (StartLoadTest) -> OneTrial : Read;
            stop_trial (OneTrial) -> Nothing : Local;
            read_local_runtimes (Nothing) -> LocalRuntimes : Local;
            read_local_containers (OneLocalRuntime) -> LocalContainers : Local;
            run_locally (RunLocally) -> LocalRun : Local;
            cancel_locally (OneLocalContainer) -> Nothing : Local;
            read_local_log (OneLocalContainer) -> LocalLog : Local;
            stop_locally (OneLocalContainer) -> Nothing : Local;
            remove_locally (OneLocalContainer) -> Nothing : Local;
            approve_credential_plugin (ApproveCredentialPlugin) -> Nothing : Local;
            add_kubeconfig (OneFile) -> Nothing : Local;
            remove_kubeconfig (OneFile) -> Nothing : Local;
            read_namespaces (OneCluster) -> NamedNamespaces : Local;
            name_namespaces (NameNamespaces) -> NamedNamespaces : Local;
            read_prometheus (OneCluster) -> PrometheusSetting : Local;
            save_prometheus (GivePrometheus) -> PrometheusSetting : Local;
            try_prometheus (GivePrometheus) -> PrometheusFound : Read;
            read_preferences (Nothing) -> Preferences : Local;
            save_preferences (Preferences) -> Preferences : Local;
        }
    };
}

macro_rules! list_operations {
    ($($name:ident ($request:ident) -> $response:ident : $access:ident;)*) => {
        /// Every operation: name, access, TypeScript names of request and response.
        pub const OPERATIONS: &[Operation] = &[
            $(Operation {
                name: stringify!($name),
                access: Access::$access,
                request: stringify!($request),
                response: stringify!($response),
            },)*
        ];
    };
}

with_operations!(list_operations);

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it touches.
    pub access: Access,
    /// The type of its request.
    pub request: &'static str,
    /// The type of its response.
    pub response: &'static str,
}

/// What an operation touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Looks at clusters.
    Read,
    /// Changes a cluster or this machine, or says what that would come to, as its request's intent has
    /// it.
    Write,
    /// Looks at or changes what Strata itself keeps on this computer.
    Local,
}

/// No request, or no response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// One cluster, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneCluster {
    /// The cluster's id.
    pub cluster: String,
}

/// One object of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneObject {
    /// The cluster's id.
    pub cluster: String,
    /// Its kind, as kubectl takes it: `Pod`, `jobs`, `Job.batch.volcano.sh`.
    pub kind: String,
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Which lines of the logs of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobLogQuestion {
    /// Whose logs.
    pub of: JobLog,
    /// Those of this pod alone; empty for all.
    pub pod: String,
    /// Those that this text is a part of; empty for all.
    pub filter: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OneFile {
    /// Its path; a leading `~` is the home folder.
    pub path: String,
}

/// Approves a credential plugin, by the digest of its command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApproveCredentialPlugin {
    /// The digest that was shown.
    pub digest: String,
}

/// What this program is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct About {
    /// Strata's version.
    pub version: String,
    /// Components in the catalogue.
    pub components: u32,
}
