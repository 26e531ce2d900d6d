//! The words for what tiles count.

use strata_api::phrases::PhraseCode;
use strata_catalog::Noun;

/// The phrase that counts things called `noun`.
pub(super) fn of(noun: Noun) -> PhraseCode {
    match noun {
        Noun::Pending => PhraseCode::CountPending,
        Noun::Services => PhraseCode::CountServices,
        Noun::Clusters => PhraseCode::CountClusters,
        Noun::Jobs => PhraseCode::CountJobs,
        Noun::TrainJobs => PhraseCode::CountTrainJobs,
        Noun::Sets => PhraseCode::CountSets,
        Noun::Groups => PhraseCode::CountGroups,
        Noun::Queues => PhraseCode::CountQueues,
        Noun::ScaledObjects => PhraseCode::CountScaledObjects,
        Noun::NodePools => PhraseCode::CountNodePools,
        Noun::Notebooks => PhraseCode::CountNotebooks,
        Noun::Experiments => PhraseCode::CountExperiments,
        Noun::Pipelines => PhraseCode::CountPipelines,
        Noun::Runs => PhraseCode::CountRuns,
        Noun::Datasets => PhraseCode::CountDatasets,
        Noun::Caches => PhraseCode::CountCaches,
        Noun::Volumes => PhraseCode::CountVolumes,
        Noun::Backups => PhraseCode::CountBackups,
        Noun::Networks => PhraseCode::CountNetworks,
        Noun::Gateways => PhraseCode::CountGateways,
        Noun::Routes => PhraseCode::CountRoutes,
        Noun::Pools => PhraseCode::CountPools,
        Noun::Certificates => PhraseCode::CountCertificates,
        Noun::Policies => PhraseCode::CountPolicies,
        Noun::Violations => PhraseCode::CountViolations,
        Noun::Releases => PhraseCode::CountReleases,
        Noun::Models => PhraseCode::CountModels,
        Noun::Apps => PhraseCode::CountApps,
        Noun::Agents => PhraseCode::CountAgents,
        Noun::Databases => PhraseCode::CountDatabases,
        Noun::Collectors => PhraseCode::CountCollectors,
        Noun::Monitors => PhraseCode::CountMonitors,
        Noun::Stores => PhraseCode::CountStores,
        Noun::Workspaces => PhraseCode::CountWorkspaces,
        Noun::Domains => PhraseCode::CountDomains,
    }
}
