//! The reasons that Strata can tell apart, each with its name for scripts and where it stands on the way
//! to a running container.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Stage;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal in $stage:ident;)*) => {
        /// The reasons that Strata can tell apart. The names are for scripts: they stay.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        pub enum ReasonCode {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant,)*
        }

        impl ReasonCode {
            /// Every reason, in the order of the way.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name for scripts.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Where on the way it stands.
            pub fn stage(self) -> Stage {
                match self {
                    $(Self::$variant => Stage::$stage,)*
                }
            }
        }
    };
}

reasons! {
    /// Somebody suspended it.
    Suspended = "suspended" in Object;
    /// It is scaled to no replica.
    ScaledToZero = "scaled_to_zero" in Object;
    /// Its rollout is paused.
    RolloutPaused = "rollout_paused" in Object;
    /// Its deletion waits for finalizers or a node.
    StuckDeleting = "stuck_deleting" in Object;
    /// It ran longer than it may.
    DeadlineExceeded = "deadline_exceeded" in Object;
    /// Its pods failed more often than they may.
    BackoffLimit = "backoff_limit" in Object;
    /// Its pod failure policy ended it.
    FailurePolicy = "failure_policy" in Object;
    /// Its rollout does not go on.
    RolloutStuck = "rollout_stuck" in Object;
    /// It says itself that it failed.
    SaysFailed = "says_failed" in Object;

    /// Nobody acts on it.
    NoController = "no_controller" in Controller;
    /// Its controller refuses what it asks for.
    InvalidSpec = "invalid_spec" in Controller;
    /// An admission webhook refused its pods.
    WebhookDenied = "webhook_denied" in Controller;
    /// An admission webhook does not answer.
    WebhookUnreachable = "webhook_unreachable" in Controller;
    /// Its controller may not create what it needs.
    CreationForbidden = "creation_forbidden" in Controller;
    /// Its service account is not there.
    ServiceAccountMissing = "service_account_missing" in Controller;
    /// Pod security refuses its pods.
    PodSecurity = "pod_security" in Controller;
    /// Its priority class is not there.
    PriorityClassMissing = "priority_class_missing" in Controller;
    /// Its runtime class is not there.
    RuntimeClassMissing = "runtime_class_missing" in Controller;
    /// Its namespace is being deleted.
    NamespaceEnding = "namespace_ending" in Controller;
    /// The API server refuses its pods for another reason.
    PodRefused = "pod_refused" in Controller;
    /// It waits for what comes before it.
    WaitsForEarlier = "waits_for_earlier" in Controller;

    /// A resource quota is used up.
    QuotaExceeded = "quota_exceeded" in Quota;
    /// A resource quota wants amounts that its pods do not state.
    QuotaWantsAmounts = "quota_wants_amounts" in Quota;
    /// A limit range forbids what its pods ask for.
    LimitRange = "limit_range" in Quota;
    /// The queue that it names is not there.
    QueueMissing = "queue_missing" in Quota;
    /// Its queue is stopped or misconfigured.
    QueueInactive = "queue_inactive" in Quota;
    /// Its queue has less of a resource free than it asks for.
    QueueShort = "queue_short" in Quota;
    /// It waits behind another, in a queue that keeps its order.
    QueueBehind = "queue_behind" in Quota;
    /// Its queue takes nothing in from its namespace.
    QueueNamespace = "queue_namespace" in Quota;
    /// Its queue can never have as much as it asks for.
    QueueNeverFits = "queue_never_fits" in Quota;
    /// No flavour of its queue suits it.
    QueueNoFlavor = "queue_no_flavor" in Quota;
    /// Its queue waits until others that it preempts have ended.
    QueuePreempts = "queue_preempts" in Quota;
    /// Its queue found no place that keeps it together.
    QueueTopology = "queue_topology" in Quota;
    /// An admission check is not passed yet.
    AdmissionCheck = "admission_check" in Quota;
    /// Its workload was deactivated.
    WorkloadInactive = "workload_inactive" in Quota;
    /// Its queue has not said why it waits.
    QueueWaits = "queue_waits" in Quota;

    /// The rest of its gang finds no place.
    GangIncomplete = "gang_incomplete" in Gang;

    /// Something holds it back from the scheduler.
    SchedulingGated = "scheduling_gated" in Scheduling;
    /// No scheduler of that name looks at it.
    NoScheduler = "no_scheduler" in Scheduling;
    /// There is no node.
    NoNodes = "no_nodes" in Scheduling;
    /// It asks for more than any node has.
    ExceedsEveryNode = "exceeds_every_node" in Scheduling;
    /// No node offers a resource that it asks for.
    ResourceUnknown = "resource_unknown" in Scheduling;
    /// Nodes that had a resource offer none any more.
    DevicePluginGone = "device_plugin_gone" in Scheduling;
    /// Unhealthy devices are what it is short of.
    DevicesUnhealthy = "devices_unhealthy" in Scheduling;
    /// Too little of a resource is free.
    ResourceShort = "resource_short" in Scheduling;
    /// Enough is free, but on no node together.
    Fragmented = "fragmented" in Scheduling;
    /// It waits for those that it preempted.
    WaitsForVictims = "waits_for_victims" in Scheduling;
    /// It does not tolerate the taints of the nodes that suit it.
    Taint = "taint" in Scheduling;
    /// The nodes that suit it are cordoned.
    NodesCordoned = "nodes_cordoned" in Scheduling;
    /// The nodes that suit it are not ready.
    NodesNotReady = "nodes_not_ready" in Scheduling;
    /// No node matches its selector or node affinity.
    NodeAffinity = "node_affinity" in Scheduling;
    /// No node has the pods beside which it must run.
    PodAffinity = "pod_affinity" in Scheduling;
    /// Every node has pods beside which it must not run.
    PodAntiAffinity = "pod_anti_affinity" in Scheduling;
    /// Its topology spread allows no node.
    TopologySpread = "topology_spread" in Scheduling;
    /// Its host port is taken.
    HostPort = "host_port" in Scheduling;
    /// A DRA claim or its template is not there.
    DeviceClaimMissing = "device_claim_missing" in Scheduling;
    /// The class of a DRA claim is not there.
    DeviceClassMissing = "device_class_missing" in Scheduling;
    /// No devices for a DRA claim are free.
    DevicesShort = "devices_short" in Scheduling;
    /// The scheduler refuses it for another reason.
    Unschedulable = "unschedulable" in Scheduling;

    /// Its node does not answer.
    NodeLost = "node_lost" in Node;
    /// The node's kubelet refused it.
    NodeRefused = "node_refused" in Node;
    /// A pod of higher priority took its place.
    Preempted = "preempted" in Node;
    /// Its node ran short of memory, disk or processes.
    EvictedByPressure = "evicted_by_pressure" in Node;
    /// A taint put it out.
    EvictedByTaint = "evicted_by_taint" in Node;
    /// Somebody drained its node, or evicted it through the API.
    EvictedByRequest = "evicted_by_request" in Node;
    /// Its queue took its quota back.
    EvictedFromQueue = "evicted_from_queue" in Node;
    /// The network of its pod could not be set up.
    SandboxFailed = "sandbox_failed" in Node;

    /// A claim that it names is not there.
    ClaimMissing = "claim_missing" in Volume;
    /// A claim waits for a volume that nobody makes.
    ClaimUnbound = "claim_unbound" in Volume;
    /// The storage class of a claim is not there.
    StorageClassMissing = "storage_class_missing" in Volume;
    /// A volume could not be made.
    ProvisioningFailed = "provisioning_failed" in Volume;
    /// Its volume is in a zone or on a node where it cannot run.
    VolumeZone = "volume_zone" in Volume;
    /// Its volume is in use elsewhere.
    VolumeInUse = "volume_in_use" in Volume;
    /// The bound volume of a claim is gone.
    ClaimLost = "claim_lost" in Volume;
    /// A volume cannot be attached.
    AttachFailed = "attach_failed" in Volume;
    /// A volume cannot be mounted.
    MountFailed = "mount_failed" in Volume;

    /// The image's name is no name.
    ImageName = "image_name" in Image;
    /// The registry has no such image.
    ImageMissing = "image_missing" in Image;
    /// The registry does not let it in.
    ImageAuth = "image_auth" in Image;
    /// The registry does not answer.
    RegistryUnreachable = "registry_unreachable" in Image;
    /// It may not be pulled, and is not on the node.
    ImageNeverPulled = "image_never_pulled" in Image;
    /// The image cannot be pulled for another reason.
    ImagePull = "image_pull" in Image;

    /// A config map that it needs is not there.
    ConfigMapMissing = "config_map_missing" in Startup;
    /// A secret that it needs is not there.
    SecretMissing = "secret_missing" in Startup;
    /// A key that it needs is not in its config map or secret.
    ConfigKeyMissing = "config_key_missing" in Startup;
    /// Its program is not in the image.
    CommandMissing = "command_missing" in Startup;
    /// The container cannot be made for another reason.
    ContainerRefused = "container_refused" in Startup;
    /// An init container fails.
    InitFails = "init_fails" in Startup;
    /// An init container does not end.
    InitRuns = "init_runs" in Startup;
    /// It has been starting for long.
    SlowStart = "slow_start" in Startup;

    /// Its startup probe fails.
    StartupProbe = "startup_probe" in Probes;
    /// Its liveness probe fails.
    LivenessProbe = "liveness_probe" in Probes;
    /// Its readiness probe fails.
    ReadinessProbe = "readiness_probe" in Probes;
    /// A readiness gate is not passed.
    ReadinessGate = "readiness_gate" in Probes;

    /// A container used more memory than its limit.
    OutOfMemory = "out_of_memory" in Run;
    /// The GPU's memory was not enough.
    CudaOutOfMemory = "cuda_out_of_memory" in Run;
    /// The GPU itself failed.
    GpuError = "gpu_error" in Run;
    /// Ranks lost each other.
    NcclError = "nccl_error" in Run;
    /// A name does not resolve.
    DnsFailure = "dns_failure" in Run;
    /// A Python program raised an error.
    PythonError = "python_error" in Run;
    /// A container's program ended badly.
    Crash = "crash" in Run;
    /// A container's program ends, and should run on.
    ExitsAtOnce = "exits_at_once" in Run;
    /// Nothing tells why it does not run.
    Unknown = "unknown" in Run;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_for_scripts_are_those_on_the_wire() {
        for code in ReasonCode::ALL {
            assert_eq!(serde_json::json!(code), code.as_str(), "{code:?}");
        }
    }
}
