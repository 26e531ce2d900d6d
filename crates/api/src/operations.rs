//! What can be asked: the one table from which the router, the access check and the TypeScript
//! map are made.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
        GpuPictureQuestion, HistoryChart, HistoryKeeping, IncidentRow, ModelHours, OneGpu, Picture,
        PictureFormat, PictureTheme, Span, Steps, UsageHistory, UsagePart, UsageQuestion,
    },
    job_history::{JobHistory, JobHistoryQuestion, JobHolding},
    journal::{JournalPage, JournalVerdict, ReadJournal, SettleChange},
    moment::{GpuMoment, GpuMomentQuestion},
    permissions::{Permissions, ReadPermissions},
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
use crate::{rows::cluster::Step, topics::JobLog};

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

/// The catalogue's words, for shells that show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Catalog {
    /// The layers, from top to bottom.
    pub layers: Vec<CatalogLayer>,
    /// The components, in the order in which they are drawn.
    pub components: Vec<CatalogComponent>,
    /// The people who look at a cluster.
    pub roles: Vec<CatalogRole>,
}

/// One of the people who look at a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogRole {
    /// Who.
    pub role: Role,
    /// What they are called.
    pub name: Bilingual,
    /// The layers that they operate, from top to bottom.
    pub layers: Vec<crate::rows::Layer>,
    /// The views, the one that they look at most first.
    pub views: Vec<String>,
}

/// A layer's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogLayer {
    /// Which layer.
    pub layer: crate::rows::Layer,
    /// Its name.
    pub name: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// Who operates it.
    pub operators: Vec<Bilingual>,
}

/// A component's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CatalogComponent {
    /// Its id: `component/ID` is its subject.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its layer.
    pub layer: crate::rows::Layer,
    /// What it is.
    pub category: String,
    /// The capability that it serves.
    pub capability: String,
    /// What it does, in a sentence.
    pub description: Bilingual,
    /// Where it is at home on the web.
    pub home: String,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// How each step of a connection went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionReport {
    /// The steps, in order.
    pub steps: Vec<StepReport>,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it went.
    pub outcome: StepOutcome,
    /// What was found or what happened; may be empty.
    pub message: String,
    /// The next thing to do; empty where there is nothing to do.
    pub advice: String,
    /// How long it took, in milliseconds.
    pub took_milliseconds: u32,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Well.
    Passed,
    /// It does not apply.
    NotNeeded,
    /// Not well, but one can go on.
    Limited,
    /// Not well.
    Failed,
    /// Not tried.
    Skipped,
}

/// What the user chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// The theme.
    pub theme: Theme,
    /// The language.
    pub language: Language,
    /// Who the user is: what concerns that role stands first.
    pub role: Role,
    /// The clusters whose chips stand in the top bar, in order.
    pub open_clusters: Vec<String>,
    /// The address that was open last, without its scheme; may be empty.
    pub address: String,
    /// What an hour of a GPU costs, by model; those without a price are priced nowhere.
    pub gpu_prices: Vec<GpuPrice>,
    /// The sign of the currency in which they are; may be empty.
    pub currency: String,
}

/// What an hour of a GPU costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GpuPrice {
    /// The model, as the GPUs view names it.
    pub model: String,
    /// The price of an hour.
    pub per_hour: f64,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::System,
            role: Role::None,
            open_clusters: Vec::new(),
            address: String::new(),
            gpu_prices: Vec::new(),
            currency: "$".to_owned(),
        }
    }
}

/// The people of the whitepaper's figure 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`strata_catalog::Persona` says it")]
pub enum Role {
    /// Nobody in particular: everything in its usual order.
    None,
    DataScientist,
    MlEngineer,
    PlatformEngineer,
    Sre,
    HardwareArchitect,
}

/// The themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop has it.
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// The languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    /// As the desktop has it.
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}
