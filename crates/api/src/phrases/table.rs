//! The words themselves. `{name}` is a value, `{name?one:other}` chooses a word by number.
//!
//! Names, kinds and units stay as the field writes them, in both languages. A line that nothing
//! says any more is deleted.

#![expect(
    clippy::large_stack_arrays,
    reason = "ts-rs lists all codes at once, when bindings are made"
)]

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Tongue;

macro_rules! phrases {
    ($($variant:ident : $english:literal, $chinese:literal;)*) => {
        /// Which words; the table in this file says them.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
        )]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the words are the documentation")]
        pub enum PhraseCode {
            $($variant,)*
        }

        impl PhraseCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The words in `tongue`, with their placeholders.
            pub fn template(self, tongue: Tongue) -> &'static str {
                match (self, tongue) {
                    $(
                        (Self::$variant, Tongue::English) => $english,
                        (Self::$variant, Tongue::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

phrases! {
    // A name, a word, a figure that needs no words of its own.
    Word: "{word}", "{word}";

    // Under a band's name.
    ComponentCount: "{count} {count?component:components}", "{count} 个组件";
    GpuCount: "{count} {count?GPU:GPUs}", "{count} 块 GPU";
    GpuNodeCount: "{count} GPU {count?node:nodes}", "{count} 个 GPU 节点";
    MachineCount: "{count} {count?machine:machines}", "{count} 台机器";
    Place: "{place}", "{place}";
    GenerativeCount: "{count} generative", "{count} 个生成式";
    PredictiveCount: "{count} predictive", "{count} 个预测式";
    OtherApplicationCount: "{count} other", "{count} 个其他";

    // Headlines: what stands under the figure, the lesser lines, where the figure comes from.
    GpusAllocated: "of {total} {total?GPU:GPUs} allocated", "/ {total} 块 GPU 已分配";
    GpusUntold: "{count?GPU:GPUs}, allocation unknown", "块 GPU，分配情况未知";
    GpusFree: "{count} free", "{count} 块空闲";
    GpusUnhealthy: "{count} unhealthy", "{count} 块异常";
    GpusUnknown: "{count} unknown", "{count} 块状态未知";
    CpuCores: "CPU {count?core:cores}", "个 CPU 核";
    NoGpus: "no GPUs", "无 GPU";
    NodesReady: "nodes ready", "节点就绪";
    NodesNotReady: "{count} not ready", "{count} 个未就绪";
    NodesCordoned: "{count} cordoned", "{count} 个已隔离";
    WorkloadsPending: "{count?workload:workloads} pending", "个工作负载排队中";
    OldestWaits: "oldest {waited}", "最久 {waited}";
    PodsUnplaced: "{count?pod:pods} without a node", "个 Pod 未调度";
    KubernetesVersion: "Kubernetes {version}", "Kubernetes {version}";
    ControlPlaneReady: "control plane {ready}/{desired}", "控制面 {ready}/{desired}";
    JobsRunning: "{count?job:jobs} running", "个作业运行中";
    JobsWait: "{count} wait", "{count} 个等待";
    JobsWaitOldest: "{count} wait, oldest {waited}", "{count} 个等待，最久 {waited}";
    TrainingRuns: "{count} training", "{count} 个训练中";
    ServicesRun: "{count} serving", "{count} 个推理服务";
    NotebooksRun: "{count} {count?notebook:notebooks}", "{count} 个 Notebook";
    PipelinesRun: "{count} {count?pipeline:pipelines}", "{count} 条流水线";
    ApplicationsReady: "applications ready", "应用就绪";
    ApplicationsPaused: "{count} paused", "{count} 个已暂停";
    GpusAsked: "{count} {count?GPU:GPUs} asked for", "申请 {count} 块 GPU";
    SourceDevices: "node capacity, ResourceSlices, requests of bound pods", "节点 capacity、ResourceSlice 与已绑定 Pod 的 requests";
    SourceNodeCapacity: "node capacity", "节点 capacity";
    SourceNodeConditions: "condition Ready of each node", "各节点的 Ready 状况";
    SourceQueues: "admission conditions of queued workloads", "排队工作负载的准入状况";
    SourcePods: "pods without a node", "未绑定节点的 Pod";
    SourceApplications: "status of the applications and their pods", "应用及其 Pod 的状态";

    // The one number of a tile.
    PodCount: "{count} {count?pod:pods}", "{count} 个 Pod";
    AllocatedOf: "{allocated} of {total} allocated", "已分配 {allocated}/{total}";
    VersionCount: "{count} {count?version:versions}", "{count} 个版本";
    KernelCount: "{count} {count?kernel:kernels}", "{count} 个内核版本";
    SystemCount: "{count} systems", "{count} 种系统";
    CountPending: "{count} pending", "{count} 个等待";
    CountServices: "{count} {count?service:services}", "{count} 个服务";
    CountClusters: "{count} {count?cluster:clusters}", "{count} 个集群";
    CountJobs: "{count} {count?job:jobs}", "{count} 个作业";
    CountTrainJobs: "{count} {count?TrainJob:TrainJobs}", "{count} 个 TrainJob";
    CountSets: "{count} {count?set:sets}", "{count} 个任务集";
    CountGroups: "{count} {count?group:groups}", "{count} 个组";
    CountQueues: "{count} {count?queue:queues}", "{count} 个队列";
    CountScaledObjects: "{count} {count?scaler:scalers}", "{count} 个伸缩器";
    CountNodePools: "{count} node {count?pool:pools}", "{count} 个节点池";
    CountNotebooks: "{count} {count?notebook:notebooks}", "{count} 个 Notebook";
    CountExperiments: "{count} {count?experiment:experiments}", "{count} 个实验";
    CountPipelines: "{count} {count?pipeline:pipelines}", "{count} 条流水线";
    CountRuns: "{count} {count?run:runs}", "{count} 次运行";
    CountDatasets: "{count} {count?dataset:datasets}", "{count} 个数据集";
    CountCaches: "{count} {count?cache:caches}", "{count} 个缓存";
    CountVolumes: "{count} {count?volume:volumes}", "{count} 个卷";
    CountBackups: "{count} {count?backup:backups}", "{count} 个备份";
    CountNetworks: "{count} {count?network:networks}", "{count} 个网络";
    CountGateways: "{count} {count?gateway:gateways}", "{count} 个网关";
    CountRoutes: "{count} {count?route:routes}", "{count} 条路由";
    CountPools: "{count} {count?pool:pools}", "{count} 个池";
    CountCertificates: "{count} {count?certificate:certificates}", "{count} 张证书";
    CountPolicies: "{count} {count?policy:policies}", "{count} 条策略";
    CountViolations: "{count} {count?violation:violations}", "{count} 条违规";
    CountReleases: "{count} {count?release:releases}", "{count} 个发布";
    CountModels: "{count} {count?model:models}", "{count} 个模型";
    CountApps: "{count} {count?app:apps}", "{count} 个应用";
    CountAgents: "{count} {count?agent:agents}", "{count} 个智能体";
    CountDatabases: "{count} {count?database:databases}", "{count} 个数据库";
    CountCollectors: "{count} {count?collector:collectors}", "{count} 个采集器";
    CountMonitors: "{count} {count?monitor:monitors}", "{count} 个监控项";
    CountStores: "{count} {count?store:stores}", "{count} 个存储库";
    CountWorkspaces: "{count} {count?workspace:workspaces}", "{count} 个工作空间";
    CountDomains: "{count} {count?domain:domains}", "{count} 个域";

    // Why a pod does badly.
    PodNodeLost: "Its node {node} does not answer", "所在节点 {node} 无响应";
    PodCrashes: "{container} keeps crashing with exit code {code}, {restarts} {restarts?restart:restarts}", "容器 {container} 反复崩溃，退出码 {code}，已重启 {restarts} 次";
    PodRestarts: "{container} keeps ending, {restarts} {restarts?restart:restarts}", "容器 {container} 反复退出，已重启 {restarts} 次";
    PodOutOfMemory: "{container} was killed for using more memory than its limit (OOMKilled), {restarts} {restarts?restart:restarts}", "容器 {container} 超出内存限制被终止（OOMKilled），已重启 {restarts} 次";
    PodImagePull: "Image {image} cannot be pulled: {message}", "无法拉取镜像 {image}：{message}";
    PodCannotStart: "{container} cannot start, {reason}: {message}", "容器 {container} 无法启动，{reason}：{message}";
    PodUnschedulable: "No node takes it: {message}", "没有可调度的节点：{message}";
    PodNotScheduled: "Scheduler {scheduler} has not looked at it for {waited}", "调度器 {scheduler} 已 {waited} 未处理";
    PodEvicted: "Evicted from {node}", "已从 {node} 驱逐";
    PodFailed: "{container} ended with exit code {code} ({reason})", "容器 {container} 以退出码 {code} 结束（{reason}）";
    PodFailedFor: "Failed: {reason}", "失败：{reason}";
    PodSlowStart: "{container} has not started for {waited}", "容器 {container} 已 {waited} 未启动";
    PodNotReady: "{container} runs, but has not been ready for {waited}", "容器 {container} 在运行，但已 {waited} 未就绪";
    PodSlowEnd: "Should have been gone {waited} ago", "本应在 {waited} 前终止";

    // Why a node does badly.
    NodeNotReady: "The kubelet is not ready: {message}", "kubelet 未就绪：{message}";
    NodeSilent: "The kubelet has said nothing for {waited}", "kubelet 已 {waited} 无上报";
    NodeJoining: "Joined {waited} ago, not ready yet", "{waited} 前加入，尚未就绪";
    NodeCondition: "{condition}: {message}", "{condition}：{message}";
    NodeUnhealthyDevices: "{unhealthy} of {total} {model} may not be allocated", "{model} 有 {unhealthy}/{total} 块不可分配";
    NodeCordoned: "Cordoned: takes no new pods", "已隔离：不接收新 Pod";

    // Why a model of the base does badly.
    ModelUnhealthy: "{unhealthy} of {total} may not be allocated", "{unhealthy}/{total} 块不可分配";
    ModelUnknown: "{unknown} of {total} are on nodes that do not answer", "{unknown}/{total} 块所在节点无响应";

    // Why a component does badly.
    ComponentNotSeen: "Its kinds are served, but nothing of it was seen running", "其 CRD 已安装，但未发现运行中的组件";
    ComponentStopped: "Scaled to zero", "已缩容至 0";
    ComponentStarting: "{workload} is starting: {ready} of {desired} pods ready", "{workload} 正在启动：{ready}/{desired} 个 Pod 就绪";
    ComponentShort: "{workload} has {ready} of {desired} pods ready", "{workload} 仅 {ready}/{desired} 个 Pod 就绪";
    ApiServiceUnavailable: "API {name} does not answer: {message}", "API {name} 不可用：{message}";
    ObjectSays: "{kind} {name} says {word}", "{kind} {name} 状态为 {word}";
    ObjectSaysWhy: "{kind} {name} says {word}: {message}", "{kind} {name} 状态为 {word}：{message}";
    VersionsByNodes: "Nodes by version: {versions}", "各版本节点数：{versions}";

    // Why an application does badly, or waits.
    ApplicationFailed: "It failed", "运行失败";
    ApplicationSays: "{reason}", "{reason}";
    ApplicationSaysWhy: "{reason}: {message}", "{reason}：{message}";
    ApplicationStarting: "Starting: {ready} of {desired} pods ready", "正在启动：{ready}/{desired} 个 Pod 就绪";
    ApplicationNotReady: "Not ready, and it does not say why", "未就绪，且未说明原因";
    QueuedShort: "Short by {amount} of {resource} in flavor {flavor}; waits {waited}", "flavor {flavor} 缺 {amount} 个 {resource}；已等待 {waited}";
    QueuedMessage: "Waits {waited}: {message}", "已等待 {waited}：{message}";
    JobScheduled: "Runs by its schedule, {schedule}", "按计划 {schedule} 运行";
    JobLastRunFailed: "The last run did not succeed; schedule {schedule}", "上次运行未成功；计划 {schedule}";
    JobStopping: "Being deleted", "正在删除";
    QueuedFor: "Waits {waited}; the queue has not said why", "已等待 {waited}；队列未说明原因";

    // What needs attention: the title.
    NodeDown: "{node} is not ready", "{node} 未就绪";
    NodesDown: "{count} nodes in {place} are not ready", "{place} 有 {count} 个节点未就绪";
    NodeTroubled: "{node} is in trouble", "{node} 状态异常";
    NodeIsCordoned: "{node} is cordoned", "{node} 已隔离";
    NodesAreCordoned: "{count} nodes are cordoned", "{count} 个节点已隔离";
    DevicesBroken: "{count} unhealthy {count?GPU:GPUs} on {node}", "{node} 有 {count} 块 GPU 异常";
    DriversDiffer: "{count} driver versions on {model}", "{model} 存在 {count} 个驱动版本";
    ComponentSaysTitle: "{name}: {word}", "{name}：{word}";
    ComponentShortTitle: "{name}: {ready} of {desired} ready", "{name}：{ready}/{desired} 就绪";
    ComponentUnwell: "{name} is not well", "{name} 状态异常";
    ApplicationFailedTitle: "{kind} {name} failed", "{kind} {name} 运行失败";
    ApplicationDownTitle: "{name} has no ready pod", "{name} 没有就绪的 Pod";
    ApplicationShortTitle: "{name}: {ready} of {desired} ready", "{name}：{ready}/{desired} 就绪";
    ApplicationUnwellTitle: "{name} is not well", "{name} 状态异常";
    PodsFailTitle: "{name}: {faulty} of {pods} {pods?pod:pods} not well", "{name}：{faulty}/{pods} 个 Pod 异常";
    WaitsTitle: "{kind} {name} cannot start", "{kind} {name} 无法启动";
    WaitsInTitle: "{kind} {name} waits in {queue}", "{kind} {name} 在队列 {queue} 中等待";
    ManyWaitTitle: "{count} workloads wait in {queue}", "队列 {queue} 有 {count} 个工作负载等待";

    // What needs attention: why, and what it hurts.
    NodeNotReadyCarries: "{message}. It carries {pods} {pods?pod:pods} and {gpus} {gpus?GPU:GPUs}", "{message}。其上有 {pods} 个 Pod、{gpus} 块 GPU";
    NodeSilentCarries: "The kubelet has said nothing for {waited}. It carries {pods} {pods?pod:pods} and {gpus} {gpus?GPU:GPUs}", "kubelet 已 {waited} 无上报。其上有 {pods} 个 Pod、{gpus} 块 GPU";
    NodeNotReadyHolds: "{message}. It carries {pods} {pods?pod:pods}", "{message}。其上有 {pods} 个 Pod";
    NodeSilentHolds: "The kubelet has said nothing for {waited}. It carries {pods} {pods?pod:pods}", "kubelet 已 {waited} 无上报。其上有 {pods} 个 Pod";
    NodesDownCarry: "Since {waited}. They carry {pods} {pods?pod:pods} and {gpus} {gpus?GPU:GPUs}", "已持续 {waited}。其上共有 {pods} 个 Pod、{gpus} 块 GPU";
    CordonedCarry: "{gpus} {gpus?GPU takes:GPUs take} no new pods; {pods} {pods?pod still runs:pods still run} there", "{gpus} 块 GPU 不接收新 Pod；仍有 {pods} 个 Pod 在运行";
    CordonedHold: "{count?It takes:They take} no new pods; {pods} {pods?pod still runs:pods still run} there", "不接收新 Pod；仍有 {pods} 个 Pod 在运行";
    DevicesBrokenHeld: "Allocatable is {allocatable} of {total} {model}, yet {allocated} are held: a pod there has lost its device", "{model} 可分配 {allocatable}/{total}，但已占用 {allocated} 块：有 Pod 失去设备";
    DevicesBrokenFree: "Allocatable is {allocatable} of {total} {model}; {pods} {pods?pod:pods} on the node use the others", "{model} 可分配 {allocatable}/{total}；该节点有 {pods} 个 Pod 使用其余设备";
    OldestShort: "{name} waits {waited}: short by {amount} of {resource} in flavor {flavor}", "{name} 已等待 {waited}：flavor {flavor} 缺 {amount} 个 {resource}";
    OldestMessage: "{name} waits {waited}: {message}", "{name} 已等待 {waited}：{message}";
    OldestFor: "{name} waits {waited}; the queue has not said why", "{name} 已等待 {waited}；队列未说明原因";

    // What to do next.
    ActNode: "Check the machine and its kubelet; drain the node if it stays away", "检查机器与 kubelet；若无法恢复则排空节点";
    ActRack: "Check the rack's power and network", "检查该机架的供电与网络";
    ActPressure: "Find what fills the node and move it", "找出占用该节点资源的负载并迁移";
    ActUncordon: "Uncordon once the work on them is done", "维护完成后解除隔离";
    ActDevices: "Read the XID in the kernel log; cordon, drain, reset the GPU", "查看内核日志中的 XID；隔离、排空节点并重置 GPU";
    ActUpgrade: "Plan the upgrade of the rest", "规划其余节点的升级";
    ActComponent: "Read its logs and events", "查看其日志与事件";
    ActObject: "Read the status of {object}", "查看 {object} 的状态";
    ActQueue: "See who holds the quota", "查看配额占用者";
    ActQueueNamespace: "Let the queue select this namespace, or name another queue", "让该队列选中此命名空间，或改用其他队列";
    ActLogs: "Read the last log of {pod}", "查看 {pod} 上次退出前的日志";
    ActMemory: "Raise the memory limit, or use less", "提高内存限制或减少用量";
    ActImage: "Check the image's name and the pull secret", "检查镜像名称与拉取凭据";
    ActEvents: "Read the events of {pod}", "查看 {pod} 的事件";
    ActRoom: "Make room, or ask for less", "腾出资源或减少申请量";
    ActScheduler: "Check that the scheduler runs", "检查调度器是否运行";
    ActEvicted: "Delete it once its node has room again", "节点资源恢复后删除该 Pod";
    ActProbe: "Read the log of {pod}; check the readiness probe", "查看 {pod} 的日志，检查就绪探针";
    ActFinalizers: "Check its finalizers and its node", "检查其 finalizer 与所在节点";

    // What is wrong with a GPU: what it is.
    XidTitle: "XID {xid}: {name}", "XID {xid}：{name}";
    XidOnNode: "XID {xid} on {node}, GPU {index}: {name}", "{node} GPU {index} 出现 XID {xid}：{name}";
    GpuBroken: "GPU {index} of {node} is broken", "{node} 的 GPU {index} 已损坏";
    GpusHeldIdle: "{workload} holds {count} {count?GPU:GPUs} idle", "{workload} 占用 {count} 块 GPU 而闲置";
    GpusHeldIdleWhy: "{memory} of memory is held, and nothing has run for {waited}: others wait for it or pay for it", "占用 {memory} 显存，{waited} 无任务运行：其他任务在等待，或为其付费";
    GpuWithdrawn: "Kubernetes may not give it out", "Kubernetes 不可分配该设备";
    GpuRowRemapFailed: "A row of memory could not be remapped", "显存行重映射失败";
    GpuEccUncorrected: "{count} uncorrectable memory {count?error:errors}", "{count} 个不可纠正的显存错误";
    GpuSaysUnhealthy: "Its exporter calls it unhealthy", "其 exporter 报告设备不健康";
    GpuIdleHeld: "Held with {memory} of memory, and nothing has run for {waited}", "占用 {memory} 显存，但已 {waited} 无任务运行";

    // What it means.
    XidOffBus: "The driver lost the PCIe link: heat, power, a seating or riser fault. It does not come back until the node is reset", "驱动失去 PCIe 链路：过热、供电、插接或转接卡故障。节点重启前无法恢复";
    XidMemory: "Memory returned data that could not be corrected; what ran on it may have computed with it", "显存返回了无法纠正的数据；其上的任务可能已受影响";
    XidRemap: "Memory errors were met by remapping rows, which takes effect when the GPU is reset", "显存错误已通过行重映射处理，需重置 GPU 后生效";
    XidRemapFailed: "There is no spare row left to remap to: the GPU is to be replaced", "已无可用的备用行：应更换该 GPU";
    XidNvlink: "An NVLink failed; work over several GPUs stops or slows down", "NVLink 故障；多 GPU 任务会停止或变慢";
    XidFirmware: "The GPU's own firmware does not answer the driver", "GPU 固件未响应驱动";
    XidApplication: "A program did what the GPU does not allow; the GPU itself is well", "程序执行了 GPU 不允许的操作；GPU 本身正常";
    XidStopped: "A program was ended on the GPU, mostly after another error", "GPU 上的程序被终止，通常由其他错误引起";
    XidOther: "NVIDIA's list of XIDs explains it", "详见 NVIDIA 的 XID 列表";
    GpuWithdrawnMeaning: "The device plugin counts {unhealthy} of {total} on this node as unhealthy, and does not say which", "设备插件将该节点 {total} 块中的 {unhealthy} 块标为异常，但未指明是哪一块";
    GpuIdleMeaning: "{workload} holds it; others wait or pay for what it does not use", "由 {workload} 占用；其他任务只能等待或承担其闲置成本";

    // What to do about a GPU.
    ActResetNode: "Cordon and drain {node}, then reset or restart it", "隔离并排空 {node}，然后重置或重启";
    ActResetGpu: "Drain what runs on it, then reset the GPU: nvidia-smi --gpu-reset -i {index}", "排空其上的任务后重置 GPU：nvidia-smi --gpu-reset -i {index}";
    ActReplaceGpu: "Cordon {node} and have the GPU replaced", "隔离 {node} 并更换该 GPU";
    ActReadProgram: "Read the log of the program that ran on it", "查看其上运行程序的日志";
    ActAskHolder: "Ask whoever runs {workload}, or stop it", "联系 {workload} 的负责人，或停止它";

    // Why clocks are lower than they could be (NVML's clocks event reasons).
    LocalOffBus: "Save your work and restart the machine; if it comes back, check its power cable and seat", "保存工作并重启机器；若再次出现，检查供电与插槽";
    LocalReset: "End what runs on it, then reset it: sudo nvidia-smi --gpu-reset -i {index}", "结束其上的任务后重置：sudo nvidia-smi --gpu-reset -i {index}";
    LocalReplace: "Have the GPU replaced", "更换该 GPU";
    DeviceLost: "The GPU has fallen off the bus", "GPU 已从总线上丢失";
    DeviceNeedsReset: "The GPU must be reset before it works again", "GPU 需要重置后才能工作";
    DeviceNeedsResetWhy: "Its driver refuses to use it after an error", "发生错误后驱动拒绝使用它";
    DriverLibraryMissing: "NVIDIA's library is not where it should be", "未找到 NVIDIA 驱动库";
    DriverLibraryMissingWhy: "There is a GPU of NVIDIA's, but none of {tried} can be loaded", "存在 NVIDIA GPU，但无法加载 {tried}";
    DriverLibraryMissingAct: "Install the driver's library (libnvidia-compute, nvidia-utils), or name it with STRATA_NVML_LIBRARY", "安装驱动库（libnvidia-compute、nvidia-utils），或用 STRATA_NVML_LIBRARY 指定路径";
    DriverLibraryUnusable: "The library that was named cannot be loaded", "指定的驱动库无法加载";
    DriverLibraryUnusableWhy: "{path}: {message}", "{path}：{message}";
    DriverLibraryUnusableAct: "Correct STRATA_NVML_LIBRARY, or leave it out", "更正或去掉 STRATA_NVML_LIBRARY";
    DriverMismatch: "Driver and library are of different versions", "驱动与库版本不一致";
    DriverMismatchWhy: "The driver was updated while its old module is loaded: library {library}, module {module}", "驱动已更新，但仍加载着旧模块：库 {library}，模块 {module}";
    DriverMismatchAct: "Restart the machine, or unload and load the module nvidia once nothing uses it", "重启机器，或在无程序使用时重新加载 nvidia 模块";
    DriverNotLoaded: "NVIDIA's kernel module is not loaded", "NVIDIA 内核模块未加载";
    DriverNotLoadedWhy: "The library is there, but no driver answers it", "驱动库存在，但没有驱动响应";
    DriverNotLoadedAct: "Load it: sudo modprobe nvidia; dmesg says why where that fails", "加载模块：sudo modprobe nvidia；失败原因见 dmesg";
    DriverForbidden: "This user may not open the GPUs", "当前用户无权打开 GPU";
    DriverForbiddenWhy: "{path} cannot be opened", "无法打开 {path}";
    DriverForbiddenAct: "Join the group that owns {path}, or give a container the device (--gpus all)", "加入 {path} 所属的组，或为容器提供设备（--gpus all）";
    DriverWsl: "WSL 2 has no NVIDIA library", "WSL 2 中没有 NVIDIA 驱动库";
    DriverWslWhy: "Under WSL 2 the library comes with the driver of Windows, in /usr/lib/wsl/lib", "WSL 2 的驱动库随 Windows 驱动提供，位于 /usr/lib/wsl/lib";
    DriverWslAct: "Install NVIDIA's driver in Windows (512.15 or later), then wsl --shutdown", "在 Windows 中安装 NVIDIA 驱动（512.15 或更高），然后执行 wsl --shutdown";
    DriverHangs: "The driver has not answered for {waited}", "驱动已 {waited} 未响应";
    DriverHangsWhy: "The call {call} to {device} has not come back; all figures of accelerators are as old as that", "对 {device} 的调用 {call} 未返回；加速器的所有数据停在此前";
    DriverHangsAct: "Read the kernel log for an XID: sudo dmesg --level=err,warn; what hangs is asked in a process of its own, which is ended and started anew", "查看内核日志中的 XID：sudo dmesg --level=err,warn；采样在独立进程中进行，将被结束并重新启动";
    DriverStuck: "The process that asks the driver hangs in the kernel", "采样进程卡在内核中";
    DriverStuckWhy: "Process {pid} cannot be ended; another one would come to hang beside it", "进程 {pid} 无法结束；再启动一个也会卡住";
    DriverStuckAct: "Save your work and restart the machine", "保存工作并重启机器";
    SamplerEnded: "The process that asks the drivers ended", "采样进程已退出";
    SamplerEndedWhy: "{how}; it is started again in {waited}", "{how}；{waited} 后重新启动";
    SamplerEndedAct: "Nothing, unless it happens again: then report it with the log (STRATA_LOG=debug)", "无需处理；若反复出现，请附日志报告（STRATA_LOG=debug）";
    DriverSays: "NVIDIA's driver says: {message}", "NVIDIA 驱动报告：{message}";
    DriverSaysWhy: "It answers, but not as it should", "驱动有响应，但不正常";
    DriverSaysAct: "Read the kernel log: sudo dmesg --level=err,warn", "查看内核日志：sudo dmesg --level=err,warn";
    RemarkWsl: "WSL 2: many figures are not there, and processes have no names", "WSL 2：许多数据不可用，进程没有名称";
    RemarkForeign: "The processes on it have numbers of the host: Strata runs in a container with numbers of its own; start that with --pid=host", "其上的进程使用主机的进程号，而 Strata 在独立的 PID 命名空间中运行；请以 --pid=host 启动";
    RemarkMigOn: "MIG is on: the driver tells no utilization of the whole GPU, nor of its processes", "MIG 已启用：驱动不提供整块 GPU 及其进程的利用率";
    RemarkMigPending: "MIG is switched after the next reset", "MIG 将在下次重置后切换";
    RemarkUnified: "It shares the machine's memory, so it has none of its own to tell", "与主机共享内存，没有独立显存";
    RemarkSuspended: "It sleeps to save power; asking it would wake it", "处于节能休眠；查询会将其唤醒";
    RemarkOwnProcesses: "Only your own processes are seen here; an administrator sees all", "此处只能看到自己的进程；管理员可看到全部";
    RemarkNoPersistence: "Persistence mode is off: what is set is lost when nothing uses the GPU", "持久模式未启用：GPU 空闲时所作设置会丢失";

    ClockIdle: "idle: nothing runs", "空闲：无任务运行";
    ClockApplication: "set by application clocks", "受应用时钟设置限制";
    ClockPowerCap: "held to the power limit", "受功耗上限限制";
    ClockHardwareSlowdown: "slowed down by the hardware: heat or power", "硬件降频：过热或供电";
    ClockSync: "held in step with other GPUs", "与其他 GPU 同步升频";
    ClockThermalSoftware: "slowed down by the driver: heat", "驱动降频：过热";
    ClockThermalHardware: "slowed down by the hardware: heat", "硬件降频：过热";
    ClockPowerBrake: "slowed down by the power supply's brake signal", "供电制动信号触发降频";
    ClockDisplay: "held by the display's clocks", "受显示时钟限制";

    // Why free GPUs cannot be used as they could be.
    StrandedPartial: "{free} of {total} are free: too few for a whole node's pod", "{total} 块中 {free} 块空闲：不足以运行整机 Pod";
    StrandedCordoned: "the node is cordoned", "节点已隔离";
    StrandedNotReady: "the node does not answer", "节点无响应";
    StrandedCpu: "the node has {cores} CPU {cores?core:cores} left for them", "节点仅剩 {cores} 个 CPU 核";
    StrandedMemory: "the node has {memory} of memory left for them", "节点仅剩 {memory} 内存";

    // A path through the layers.
    ApplicationCount: "{count} {count?application:applications}", "{count} 个应用";
    NodeCount: "{count} {count?node:nodes}", "{count} 个节点";
    PodsIn: "{count} {count?pod:pods} {namespace}", "{count} 个 Pod {namespace}";
    PodsInMany: "{count} pods in {namespaces} namespaces", "{namespaces} 个命名空间中 {count} 个 Pod";
    ObjectName: "{kind} {name}", "{kind} {name}";
    QueueCrumb: "{kind} {queue}", "{kind} {queue}";
    QueueAdmitted: "{kind} {queue} admitted {at}", "{kind} {queue} 准入 {at}";
    QueueHolds: "{kind} {queue} holds it", "{kind} {queue} 排队中";
    QueueCount: "{count} queues", "{count} 个队列";
    PodsPlaced: "{count} {count?pod:pods} placed", "已调度 {count} 个 Pod";
    GpusByNode: "{gpus} GPUs", "{gpus} 块 GPU";
    GpusOnNodes: "{count} GPUs on {nodes} nodes", "{nodes} 个节点上 {count} 块 GPU";
    WithoutNode: "Without {node}: {remaining} of {pods} {pods?pod:pods} remain", "若失去 {node}：{pods} 个 Pod 中保留 {remaining} 个";
    WithoutIt: "Without {name}: affects {applications} {applications?application:applications} with {pods} {pods?pod:pods} and {gpus} {gpus?GPU:GPUs}", "若失去 {name}：影响 {applications} 个应用、{pods} 个 Pod、{gpus} 块 GPU";

    // The map: whether a capability is served, a need met, a requirement answered.
    SurveyServed: "{count} {count?component serves:components serve} it, all well", "{count} 个组件提供，均正常";
    SurveyAble: "There and well: {names}", "已安装且正常：{names}";
    SurveyClaimed: "The kinds of {name} are served, but nothing of it runs", "{name} 的 CRD 已安装，但没有组件在运行";
    SurveyStopped: "{name} is scaled to zero", "{name} 已缩容至 0";
    SurveyMissing: "Nothing in this cluster serves it", "集群中没有组件提供此能力";
    SurveyNoneOf: "None of these is here: {names}", "以下组件均未安装：{names}";
    SurveyUnlisted: "What would tell was not read: {kinds}", "未能读取所需列表：{kinds}";
    ActInstallOneOf: "Install one of {names}", "安装其中之一：{names}";
    ActRunController: "Run the controller of {name}", "运行 {name} 的控制器";
    ActScaleUp: "Scale {name} up", "扩容 {name}";
    ActMend: "See on the stack what {name} suffers from", "在 Stack 中查看 {name} 的问题";

    // The map: the one figure of a capability, and what flows over a relation.
    MapWaiting: "{count} {count?workload waits:workloads wait}", "{count} 个工作负载等待";
    MapUnplaced: "{count} {count?pod waits:pods wait} for a node", "{count} 个 Pod 等待节点";
    MapRuns: "{running} running, {waiting} waiting", "{running} 个运行，{waiting} 个等待";
    MapServices: "{ready} of {total} services ready", "{ready}/{total} 个服务就绪";
    MapClaims: "{ready} of {total} claims bound", "{ready}/{total} 个 PVC 已绑定";
    MapClasses: "{count} storage {count?class:classes}", "{count} 个 StorageClass";
    MapParts: "{ready} of {total} ready", "{ready}/{total} 就绪";
    MapHeldTraining: "{count} {count?job:jobs} on {gpus} {gpus?GPU:GPUs}, {waiting} held", "{count} 个作业占 {gpus} 块 GPU，{waiting} 个排队";
    MapHeldServing: "{gpus} {gpus?GPU:GPUs} held for {count} {count?service:services}", "为 {count} 个服务占用 {gpus} 块 GPU";
    MapHeldNotebooks: "{count} {count?notebook:notebooks} on {gpus} {gpus?GPU:GPUs}", "{count} 个 Notebook 占 {gpus} 块 GPU";
    MapDeployed: "{total} {total?model:models} deployed, {ready} ready", "已部署 {total} 个模型，{ready} 个就绪";
    MapTokens: "{rate} tokens/s", "{rate} token/s";
    MapTokensPart: "{rate} tokens/s from {told} of {engines} engines", "{rate} token/s（{told}/{engines} 个引擎）";
    MapRequests: "{running} requests in work, {waiting} waiting", "{running} 个请求处理中，{waiting} 个等待";
    MapEnginesTold: "{told} of {engines} engines tell", "{told}/{engines} 个引擎上报指标";
    MapExportersTold: "{told} of {exporters} exporters tell", "{told}/{exporters} 个采集器上报指标";
    MapNodes: "{ready} of {total} nodes ready", "{ready}/{total} 个节点就绪";
    MapGpusHeld: "{count} {count?GPU:GPUs} held", "占用 {count} 块 GPU";
    MapDatasets: "{bound} of {total} {total?dataset:datasets} bound", "{bound}/{total} 个数据集已绑定";
    MapTrials: "{running} of {total} trials running", "{running}/{total} 个试验运行";
    MapVolumesUsed: "{used} used on {count} measured {count?volume:volumes}", "已测 {count} 个卷，共用 {used}";
    SourceComponents: "the controllers’ own status", "控制器自身状态";
    SourceClaims: "status of the claims and storage classes", "PVC 与 StorageClass 的状态";
    SourceCustom: "status of the {kind} objects", "{kind} 对象的状态";
    SourceEngines: "metrics of {count} serving {count?engine:engines}", "{count} 个推理引擎的指标";
    SourceExporters: "answers of the exporters", "采集器的应答";
    SourceKubelets: "the kubelets’ volume statistics", "kubelet 卷统计";

    // The needs of AI.
    NeedAccelerators: "{count} {count?accelerator:accelerators}: {models}", "{count} 块加速器：{models}";
    NeedAcceleratorsMemory: "{count} {count?accelerator:accelerators} with {memory}: {models}", "{count} 块加速器，共 {memory}：{models}";
    NeedAcceleratorsIll: "{usable} of {count} accelerators can be used: {models}", "{count} 块加速器中 {usable} 块可用：{models}";
    NeedNoAccelerators: "No node has an accelerator", "没有节点带有加速器";
    NeedCores: "{cores} CPU cores; {nodes} {nodes?node:nodes} ready", "{cores} 个 CPU 核；{nodes} 个节点就绪";
    NeedTraining: "{operators} train, {gangs} start gangs whole", "{operators} 负责训练，{gangs} 负责成组启动";
    NeedNoTraining: "No operator that trains is well", "没有正常运行的训练 Operator";
    NeedNoGangs: "Nothing starts gangs whole", "没有组件支持成组启动";
    NeedJobs: "Jobs of Kubernetes run to their end", "可使用 Kubernetes Job";
    NeedDataHeld: "Data is held or cached by {names}", "数据由 {names} 存储或缓存";
    NeedDataVolumes: "Volumes of {count} storage {count?class:classes}; no object store, database or cache is seen", "仅有 {count} 个 StorageClass 的卷；未发现对象存储、数据库或缓存";
    NeedStorageShared: "{count} storage {count?class:classes}; many nodes share {names}", "{count} 个 StorageClass；可多节点共享：{names}";
    NeedStorageBlock: "{count} storage {count?class:classes}, none known to be shared by many nodes", "{count} 个 StorageClass，均不支持多节点共享";
    NeedNoStorage: "There is no storage class", "没有 StorageClass";
    NeedElastic: "Pods scale by metrics of their own; {nodes} adds nodes", "Pod 可按自定义指标扩缩；{nodes} 可增加节点";
    NeedElasticPods: "Pods scale by metrics of their own; what adds nodes is not seen", "Pod 可按自定义指标扩缩；未发现节点扩缩组件";
    NeedElasticNodes: "{nodes} adds nodes; pods do not scale by metrics of their own", "{nodes} 可增加节点；Pod 不能按自定义指标扩缩";
    NeedInelastic: "Pods do not scale by metrics of their own, and nothing is seen to add nodes", "Pod 不能按自定义指标扩缩，也未发现节点扩缩组件";
    NeedNoBatch: "Neither a queue nor an event-driven scaler is here", "没有作业队列，也没有事件驱动的扩缩组件";
    NeedNetwork: "{names} connect {nodes} ready {nodes?node:nodes}", "{names} 连接 {nodes} 个就绪节点";
    NeedNetworkFast: "Fast networks are offered: {names}", "提供高速网络：{names}";
    NeedNetworkUntold: "No RDMA device, NVLink domain or further network is seen; the bandwidth of the nodes’ own network is not in the API", "未发现 RDMA 设备、NVLink 域或附加网络；API 不提供节点网络带宽";
    NeedNetworkUnseen: "{nodes} {nodes?node is:nodes are} ready, but no network plugin is recognised", "{nodes} 个节点就绪，但未识别出网络插件";
    ActAccelerators: "Add nodes with accelerators, and the device plugin or DRA driver that offers them", "添加带加速器的节点，并安装设备插件或 DRA 驱动";
    ActMendAccelerators: "See on the stack what the accelerators suffer from", "在 Stack 中查看加速器的问题";
    ActTraining: "Install an operator that trains, such as Kubeflow Trainer or KubeRay", "安装训练 Operator，如 Kubeflow Trainer 或 KubeRay";
    ActGangs: "Install a scheduler or queue that starts gangs whole, such as Kueue or Volcano", "安装支持成组调度的调度器或队列，如 Kueue 或 Volcano";
    ActData: "Add an object store, a database or a cache of data sets", "添加对象存储、数据库或数据集缓存";
    ActShared: "Add a shared file system, an object store or a cache of data sets", "添加共享文件系统、对象存储或数据集缓存";
    ActStorageClass: "Install a CSI driver, and make a storage class of it", "安装 CSI 驱动并创建 StorageClass";
    ActScalePods: "Install KEDA or a metrics adapter, and scale by the engine’s own metrics", "安装 KEDA 或指标适配器，按引擎自身指标扩缩";
    ActScaleNodes: "Install Karpenter or the Cluster Autoscaler, or turn on the cloud’s own", "安装 Karpenter 或 Cluster Autoscaler，或启用云厂商的节点扩缩";
    ActBatch: "Install a queue such as Kueue, or KEDA", "安装 Kueue 等作业队列，或 KEDA";
    ActNetwork: "Offer the fast network to pods by DRANET, SR-IOV or an RDMA device plugin", "通过 DRANET、SR-IOV 或 RDMA 设备插件向 Pod 提供高速网络";

    // The conformance checklist.
    DraServed: "The API is served; no driver publishes devices", "API 已提供；没有驱动发布设备";
    DraPublished: "The API is served; devices are published by {drivers}", "API 已提供；{drivers} 发布设备";
    DraNotServed: "The API of dynamic resource allocation is not served", "未提供动态资源分配 API";
    DriversTold: "Nodes tell their driver’s version, but nothing that maintains it is seen", "节点报告驱动版本，但未发现维护驱动的组件";
    GpuShared: "Parts of accelerators may be asked for: {ways}", "可申请部分加速器：{ways}";
    GpuShareable: "Accelerators could be partitioned, but none is", "加速器支持切分，但均未切分";
    GpuNotShared: "Accelerators are given out whole alone", "加速器只能整块申请";
    GpuNotVirtual: "No node tells of virtual accelerators", "没有节点报告虚拟加速器";
    AccessMediated: "What hands out accelerators is seen; that nothing else gets at them takes a test workload", "可见加速器的分配组件；是否完全隔离需要测试工作负载";
    GatewayAccepted: "Gateway classes are accepted: {classes}", "已接受的 GatewayClass：{classes}";
    GatewayNoClass: "Gateway API is served, but no implementation accepted a class", "Gateway API 已提供，但没有实现接受 GatewayClass";
    GatewayNotServed: "Gateway API is not served", "未提供 Gateway API";
    InferencePools: "{count} inference {count?pool:pools} to route to", "{count} 个 InferencePool";
    InferenceNoPool: "The inference extension is served, but there is no pool", "推理扩展已提供，但没有 InferencePool";
    FabricUnmanaged: "Nodes have {names}, but nothing that manages it is seen", "节点具备 {names}，但未发现管理组件";
    Disaggregated: "Prefill and decode run apart", "Prefill 与 Decode 分离运行";
    DisaggregationServed: "Kinds for it are served, but nothing runs prefill and decode apart", "相关 CRD 已安装，但没有分离运行的服务";
    GangsServed: "Kubernetes’s own PodGroup is served; whether the scheduler heeds it is not told", "已提供 Kubernetes 自身的 PodGroup；无法得知调度器是否启用";
    NodeScalerUnseen: "No autoscaler of nodes is seen; a cloud may run one outside of the cluster", "未发现节点扩缩组件；云厂商可能在集群外运行";
    HpaCustom: "Pods may scale by metrics of their own: {apis}", "Pod 可按自定义指标扩缩：{apis}";
    HpaResource: "Pods scale by CPU and memory; no API of custom or external metrics answers", "Pod 可按 CPU 与内存扩缩；没有可用的自定义或外部指标 API";
    HpaNoMetrics: "The autoscaler of pods is served, but no API of metrics answers", "已提供 Pod 扩缩，但没有可用的指标 API";
    HpaNotServed: "The autoscaler of pods is not served", "未提供 Pod 扩缩";
    Sandboxed: "Runtime classes with a kernel of their own: {classes}", "具有独立内核的 RuntimeClass：{classes}";
    NotSandboxed: "No runtime class puts a kernel between workload and node", "没有隔离内核的 RuntimeClass";
    ActServeDra: "Turn on resource.k8s.io on the API server", "在 API Server 上启用 resource.k8s.io";
    ActManageDrivers: "Install the vendor’s operator, which keeps drivers and runtimes right", "安装厂商 Operator 以维护驱动与运行时";
    ActShare: "Turn on MIG, time-slicing, MPS or HAMi for some nodes", "在部分节点启用 MIG、time-slicing、MPS 或 HAMi";
    ActVirtualize: "Install vGPU or HAMi where accelerators are to be shared as virtual ones", "如需虚拟加速器，安装 vGPU 或 HAMi";
    ActRunTest: "Run the test workload on each kind of accelerator node", "在各类加速器节点上运行测试工作负载";
    ActGateway: "Install an implementation of Gateway API, such as Envoy Gateway, Istio or kgateway", "安装 Gateway API 实现，如 Envoy Gateway、Istio 或 kgateway";
    ActInferencePool: "Make an InferencePool of the engine’s pods", "为推理引擎的 Pod 创建 InferencePool";
    ActDisaggregate: "Serve a model by llm-d or Dynamo, with prefill and decode apart", "使用 llm-d 或 Dynamo 分离 Prefill 与 Decode";
    ActSandbox: "Install Kata Containers or gVisor, and make a runtime class of it", "安装 Kata Containers 或 gVisor 并创建 RuntimeClass";

    // Storage that is amiss.
    ClaimLost: "Its volume is gone", "其卷已丢失";
    ClaimUnbound: "A pod mounts it, but it has no volume", "Pod 已挂载，但尚未绑定卷";
    ClaimWaits: "It has no volume, and no pod mounts it", "未绑定卷，也没有 Pod 挂载";
    ClaimUnused: "No pod mounts it", "没有 Pod 挂载";
    VolumeFailed: "It could not be reclaimed", "回收失败";
    VolumeReleased: "Its claim is gone; the volume is kept", "PVC 已删除，卷仍保留";
    VolumeAvailable: "Nothing claims it", "没有 PVC 绑定";
    VolumeFull: "{available} of {capacity} left", "{capacity} 中仅剩 {available}";
    VolumeNearlyFull: "Nearly full: {available} of {capacity} left", "即将写满：{capacity} 中仅剩 {available}";
    VolumeUnattached: "It is not attached to node {node}: {message}", "未能挂接到节点 {node}：{message}";
    VolumeAttaching: "It is not attached to node {node} yet", "尚未挂接到节点 {node}";
    SnapshotFailed: "The snapshot could not be taken: {message}", "快照失败：{message}";

    // The stages of a model's life.
    StageRunning: "{count} running", "{count} 个运行";
    StageWaiting: "{count} waiting", "{count} 个等待";
    StageFailed: "{count} failed", "{count} 个失败";
    StageDone: "{count} done", "{count} 个完成";
    StagePaused: "{count} paused", "{count} 个已暂停";
    StageKept: "{count} stored", "{count} 个已存储";
    StageCaches: "{count} {count?dataset:datasets} held", "{count} 个数据集";

    // What keeps a model from getting on in the loop.
    ModelUnserved: "Stored, but nothing serves it", "已存储，但没有服务使用它";
    ModelUntaken: "Trained {ago} ago, but nothing serves it", "{ago}前训练完成，但没有服务使用它";
    ModelFailed: "Its training failed {ago} ago", "{ago}前训练失败";
    ModelWaits: "{name} waits and does not run", "{name} 等待中，尚未运行";
    ModelIll: "{name} is not well", "{name} 状态异常";
    ModelFetched: "{name} has it {fill}", "{name} 已取得 {fill}";
    ModelClaimUnbound: "Claim {name}, which holds it, has no volume", "存放它的 PVC {name} 未绑定卷";

    // How something that should run does.
    WhyReadyCount: "{ready} of {pods} {pods?pod:pods} ready", "{ready}/{pods} 个 Pod 就绪";
    WhyStartingCount: "Starting: {ready} of {pods} {pods?pod:pods} ready", "正在启动：{ready}/{pods} 个 Pod 就绪";
    WhyFailedCount: "Failed: {ready} of {pods} {pods?pod:pods} ended well", "已失败：{ready}/{pods} 个 Pod 正常结束";
    WhyHeld: "Held on purpose: {ready} of {pods} {pods?pod:pods} ready", "被有意暂停：{ready}/{pods} 个 Pod 就绪";
    WhyFinished: "It ended well", "已正常结束";
    WhyEnding: "It is being deleted", "正在删除";
    WhyRunsNothing: "It runs no pods", "它不运行任何 Pod";

    // Why it does not run: the object and its controller.
    WhySuspended: "{object} is suspended", "{object} 已被暂停";
    WhyScaledToZero: "{object} is scaled to 0 replicas", "{object} 的副本数为 0";
    WhyRolloutPaused: "The rollout of {object} is paused", "{object} 的滚动更新已暂停";
    WhyStuckDeleting: "Its deletion was asked for {waited} ago and waits for {finalizers}", "{waited} 前已请求删除，仍在等待 {finalizers}";
    WhyDeadline: "It ran longer than its deadline of {limit}", "运行时间超过了期限 {limit}";
    WhyBackoffLimit: "{failed} {failed?pod:pods} failed, more than the backoff limit of {limit}", "已有 {failed} 个 Pod 失败，超过重试上限 {limit}";
    WhyFailurePolicy: "Its pod failure policy ended it: {message}", "被 podFailurePolicy 终止：{message}";
    WhyRolloutStuck: "The rollout of {object} has not moved on for {limit}", "{object} 的滚动更新已 {limit} 无进展";
    WhySays: "{object} says {reason}", "{object} 状态为 {reason}";
    WhySaysWhy: "{object} says {reason}: {message}", "{object} 状态为 {reason}：{message}";
    WhyNoController: "Nothing has acted on this {kind} for {waited}: its controller does not run, or does not watch this namespace", "{kind} 已 {waited} 无人处理：其控制器未运行，或未监听此命名空间";
    WhyWebhookDenied: "Admission webhook {webhook} denies its pods: {message}", "准入 webhook {webhook} 拒绝了其 Pod：{message}";
    WhyWebhookUnreachable: "Admission webhook {webhook} does not answer, so no pod is let in: {message}", "准入 webhook {webhook} 无响应，Pod 无法创建：{message}";
    WhyCreationForbidden: "Its controller may not create what it needs: {message}", "其控制器没有创建所需对象的权限：{message}";
    WhyPodSecurity: "Pod security refuses its pods: {message}", "Pod 安全标准拒绝了其 Pod：{message}";
    WhyNamespaceEnding: "Its namespace is being deleted", "其命名空间正在删除";
    WhyPodRefused: "The API server refuses its pods: {message}", "API server 拒绝了其 Pod：{message}";
    WhyNotThere: "{kind} {name} is not there", "{kind} {name} 不存在";

    // Quotas and queues.
    WhyQuotaExceeded: "ResourceQuota {quota} is used up: it asks for {requested}, {used} of {limited} are used", "ResourceQuota {quota} 已用尽：申请 {requested}，已用 {used}，上限 {limited}";
    WhyQuotaWantsAmounts: "ResourceQuota {quota} takes only pods that state {amounts}", "ResourceQuota {quota} 要求 Pod 声明 {amounts}";
    WhyLimitRange: "The namespace's LimitRange forbids it: {message}", "命名空间的 LimitRange 不允许：{message}";
    WhyQueueInactive: "Its queue takes nothing in: {message}", "其队列不接收工作负载：{message}";
    WhyQueueShort: "ClusterQueue {queue} is short by {short} {resource} in flavor {flavor}", "ClusterQueue {queue} 的 flavor {flavor} 缺 {short} 个 {resource}";
    WhyQueueShortHeld: "ClusterQueue {queue} is short by {short} {resource} in flavor {flavor}; most is held by {holders}", "ClusterQueue {queue} 的 flavor {flavor} 缺 {short} 个 {resource}；主要占用者：{holders}";
    WhyQueueNeverFits: "It asks for more {resource} than ClusterQueue {queue} can ever give in flavor {flavor}: {message}", "申请的 {resource} 超过 ClusterQueue {queue} 的 flavor {flavor} 的上限：{message}";
    WhyQueueNoFlavor: "No flavor of its queue suits it: {message}", "队列中没有合适的 flavor：{message}";
    WhyQueuePreempts: "Its queue is making room for it: {message}", "队列正在为其腾出配额：{message}";
    WhyQueueTopology: "Its queue finds no place that keeps it together: {message}", "队列找不到满足拓扑要求的位置：{message}";
    WhyQueueBehind: "It waits behind {first} in the queue {queue}, which keeps its order, and that does not fit yet", "它在保持顺序的队列 {queue} 中排在 {first} 之后，而后者尚无法放行";
    WhyQueueNamespace: "The queue {queue} takes nothing in from its namespace", "队列 {queue} 不接收来自其命名空间的工作负载";
    WhyQueueWaits: "Its queue holds it: {message}", "队列尚未放行：{message}";
    WhyAdmissionCheck: "Admission check {check} is {state}: {message}", "准入检查 {check} 为 {state}：{message}";
    WhyWorkloadInactive: "Its workload is deactivated: {message}", "其 Workload 已被停用：{message}";

    // Gang and scheduling.
    WhyGang: "PodGroup {group} starts with {wanted} pods at once or not at all; {placed} {placed?has:have} a place", "PodGroup {group} 需要 {wanted} 个 Pod 同时启动，目前 {placed} 个有位置";
    WhyHalfPlaced: "{placed} of {total} pods have a place and hold it while the others wait", "{total} 个 Pod 中 {placed} 个已占用资源，其余仍在等待";
    WhyGated: "Scheduling gates hold it: {gates}", "被调度门控阻止：{gates}";
    WhyNoNodes: "The cluster has no node", "集群中没有节点";
    WhyWaitsForVictims: "It makes room on {node}: the pods that it preempted are still ending", "正在 {node} 上抢占：被抢占的 Pod 尚未结束";
    WhyExceedsEveryNode: "It asks for {asked} {resource}, and no node has more than {largest}: waiting cannot help", "申请 {asked} 个 {resource}，而单个节点最多 {largest}：等待无济于事";
    WhyExceedsTogether: "It asks for {asked} {resource}, and no node with enough {scarce} has more than {largest}: waiting cannot help", "申请 {asked} 个 {resource}，而 {scarce} 足够的节点最多 {largest}：等待无济于事";
    WhyResourceUnknown: "No node offers {resource}: waiting cannot help", "没有节点提供 {resource}：等待无济于事";
    WhyDevicePluginGone: "{nodes} {nodes?node:nodes} ({names}) should offer {resource} and {nodes?offers:offer} none: the device plugin does not report", "{nodes} 个节点（{names}）本应提供 {resource}，但目前为 0：device plugin 未上报";
    WhyDevicesUnhealthy: "{unhealthy} {resource} on {names} are unhealthy; with them its {asked} would fit", "{names} 上有 {unhealthy} 个 {resource} 异常；若恢复即可满足所需的 {asked} 个";
    WhyResourceShort: "Short by {short} {resource}: it asks for {asked}, and the {nodes} {nodes?node that suits:nodes that suit} it {nodes?has:have} at most {free} free on one", "缺 {short} 个 {resource}：申请 {asked}，合适的 {nodes} 个节点上单节点最多空闲 {free}";
    WhyResourceShortHeld: "Short by {short} {resource}: it asks for {asked}, and the {nodes} {nodes?node that suits:nodes that suit} it {nodes?has:have} at most {free} free on one. Most is held by {holders}", "缺 {short} 个 {resource}：申请 {asked}，合适的 {nodes} 个节点上单节点最多空闲 {free}。主要占用者：{holders}";
    WhyFragmented: "{total} {resource} are free on {nodes} nodes, but at most {free} on one, and it asks for {asked} on one", "{nodes} 个节点共空闲 {total} 个 {resource}，但单节点最多 {free}，而它需要单节点 {asked}";
    WhyFragmentedHeld: "{total} {resource} are free on {nodes} nodes, but at most {free} on one, and it asks for {asked} on one. Most is held by {holders}", "{nodes} 个节点共空闲 {total} 个 {resource}，但单节点最多 {free}，而它需要单节点 {asked}。主要占用者：{holders}";
    WhyTaint: "{nodes} {nodes?node:nodes} that could hold it ({names}) {nodes?has:have} the taint {taint}, which it does not tolerate", "{nodes} 个可用节点（{names}）带有它不容忍的污点 {taint}";
    WhyCordoned: "{nodes} {nodes?node:nodes} that could hold it ({names}) {nodes?is:are} cordoned", "{nodes} 个可用节点（{names}）已隔离";
    WhyNodesNotReady: "{nodes} {nodes?node:nodes} that could hold it ({names}) {nodes?is:are} not ready", "{nodes} 个可用节点（{names}）未就绪";
    WhyNodeAffinity: "None of the {nodes} {nodes?node:nodes} that could hold it matches {term}; there is {present}", "{nodes} 个可容纳的节点均不满足 {term}；现有值：{present}";
    WhyNodeAffinityKey: "None of the {nodes} {nodes?node:nodes} that could hold it matches {term}: none has the label {key}", "{nodes} 个可容纳的节点均不满足 {term}：没有节点带标签 {key}";
    WhyPodAffinity: "It must run beside pods with {labels} in one {key}, and no such pod is there", "必须与带 {labels} 的 Pod 位于同一 {key}，但没有这样的 Pod";
    WhyPodAntiAffinity: "It must not share a {key} with pods with {labels}, and all {nodes} suitable nodes have one", "不能与带 {labels} 的 Pod 共用 {key}，而 {nodes} 个合适节点上都已有";
    WhySpread: "Its spread over {key} allows a skew of {skew}, and each of {nodes} suitable nodes would go beyond it", "其在 {key} 上的分布偏差上限为 {skew}，{nodes} 个合适节点都会超出";
    WhyDevicesShort: "No device of class {class} is free for its claim of {asked}: {free} of {total} published are free", "类别 {class} 没有可用设备满足申请的 {asked} 个：共 {total} 个，空闲 {free} 个";

    // Node.
    WhyPreempted: "Pod {pod} was preempted: {message}", "Pod {pod} 被抢占：{message}";
    WhyPreemptedInQueue: "Its queue preempted it ({reason}): {message}", "被队列抢占（{reason}）：{message}";
    WhyEvictedFromQueue: "Its queue took its quota back ({reason}): {message}", "队列收回了配额（{reason}）：{message}";
    WhyEvictedByPressure: "{node} ran short and evicted it: {message}", "{node} 资源不足，将其驱逐：{message}";
    WhyEvictedByTaint: "A taint on {node} put it out: it does not tolerate it", "被 {node} 上它不容忍的污点驱逐";
    WhyEvictedByRequest: "It was evicted from {node} through the API, as a drain does", "通过 API 从 {node} 被驱逐（如排空节点）";
    WhyNodeShutdown: "{node} was shut down", "{node} 已关机";
    WhyNodeLost: "Its node {node} does not answer: {message}", "所在节点 {node} 无响应：{message}";
    WhyNodeRefused: "The kubelet of {node} refused it ({reason}): {message}", "{node} 的 kubelet 拒绝了它（{reason}）：{message}";
    WhySandbox: "The network of the pod cannot be set up: {message}", "无法建立 Pod 网络：{message}";

    // Volumes.
    WhyClaimUnbound: "Claim {claim} is not bound, and nobody makes a volume for it", "PVC {claim} 未绑定，且没有可用的卷供给";
    WhyClaimUnboundWhy: "Claim {claim} is not bound: {message}", "PVC {claim} 未绑定：{message}";
    WhyClaimLost: "The volume {volume} of claim {claim} is gone", "PVC {claim} 的卷 {volume} 已丢失";
    WhyStorageClassMissing: "Claim {claim} names StorageClass {class}, which is not there", "PVC {claim} 引用的 StorageClass {class} 不存在";
    WhyProvisioning: "No volume can be made for claim {claim}: {message}", "无法为 PVC {claim} 创建卷：{message}";
    WhyVolumeZone: "The volume of claim {claim} is at {place}, where none of the {nodes} {nodes?node:nodes} that it may use is", "PVC {claim} 的卷位于 {place}，而可用的 {nodes} 个节点均不在此处";
    WhyVolumeInUse: "Its volume is in use elsewhere: {message}", "卷正被其他节点或 Pod 使用：{message}";
    WhyAttach: "A volume cannot be attached: {message}", "无法挂接卷：{message}";
    WhyMount: "A volume cannot be mounted: {message}", "无法挂载卷：{message}";

    // Images and start-up.
    WhyImageName: "{image} is no name of an image: {message}", "{image} 不是合法的镜像名称：{message}";
    WhyImageMissing: "The registry has no image {image}", "镜像仓库中没有 {image}";
    WhyImageAuth: "The registry does not give out {image} without other credentials: {message}", "镜像仓库拒绝提供 {image}，需要有效凭据：{message}";
    WhyPullSecretMissing: "The registry does not give out {image}, and the pull secret {secret} is not there", "镜像仓库拒绝提供 {image}，且拉取凭据 {secret} 不存在";
    WhyRegistry: "The registry of {image} does not answer: {message}", "{image} 的镜像仓库无响应：{message}";
    WhyImageNeverPulled: "{image} may not be pulled (imagePullPolicy: Never) and is not on {node}", "{image} 不允许拉取（imagePullPolicy: Never），且 {node} 上没有";
    WhyConfigKeyMissing: "The key {key} is not in {place}", "{place} 中没有键 {key}";
    WhyCommandMissing: "The program of {container} cannot be executed: {message}", "容器 {container} 的程序无法执行：{message}";
    WhyInitFails: "Init container {container} fails with exit code {code}: {line}", "初始化容器 {container} 失败，退出码 {code}：{line}";
    WhyInitRuns: "Init container {container} has been running for {waited}", "初始化容器 {container} 已运行 {waited}，尚未结束";

    // Probes and the running program.
    WhyStartupProbe: "The startup probe of {container} fails, so it is killed, {restarts} {restarts?restart:restarts}: {message}", "容器 {container} 的启动探针失败而被终止，已重启 {restarts} 次：{message}";
    WhyStarting: "The startup probe of {container} has not passed for {waited}: {message}", "容器 {container} 的启动探针已 {waited} 未通过：{message}";
    WhyLivenessProbe: "The liveness probe of {container} fails, so it is killed, {restarts} {restarts?restart:restarts}: {message}", "容器 {container} 的存活探针失败而被终止，已重启 {restarts} 次：{message}";
    WhyReadinessProbe: "{container} runs, but its readiness probe has failed for {waited}: {message}", "容器 {container} 在运行，但就绪探针已失败 {waited}：{message}";
    WhyReadinessGate: "Its containers are ready, but the readiness gate {gate} is not passed", "容器已就绪，但就绪门控 {gate} 未通过";
    WhyOutOfMemory: "{container} was killed for using more memory than its limit of {limit} (OOMKilled), {restarts} {restarts?restart:restarts}", "容器 {container} 超出内存限制 {limit} 被终止（OOMKilled），已重启 {restarts} 次";
    WhyCudaOutOfMemory: "{container} ran out of GPU memory: {line}", "容器 {container} 显存不足：{line}";
    WhyGpuError: "A GPU of {container} failed: {line}", "容器 {container} 的 GPU 出错：{line}";
    WhyDns: "{container} cannot resolve a name: {line}", "容器 {container} 无法解析域名：{line}";
    WhyNccl: "{container} lost the other ranks (NCCL): {line}", "容器 {container} 与其他 rank 通信失败（NCCL）：{line}";
    WhyPython: "{container} raised an error: {line}", "容器 {container} 抛出异常：{line}";
    WhyCrash: "{container} ended with exit code {code}, {restarts} {restarts?restart:restarts}", "容器 {container} 以退出码 {code} 结束，已重启 {restarts} 次";
    WhyCrashSaid: "{container} ended with exit code {code}, {restarts} {restarts?restart:restarts}: {line}", "容器 {container} 以退出码 {code} 结束，已重启 {restarts} 次：{line}";
    WhySignal: "{container} was ended by {signal} (exit code {code}), {restarts} {restarts?restart:restarts}", "容器 {container} 被 {signal} 终止（退出码 {code}），已重启 {restarts} 次";
    WhySignalSaid: "{container} was ended by {signal} (exit code {code}), {restarts} {restarts?restart:restarts}: {line}", "容器 {container} 被 {signal} 终止（退出码 {code}），已重启 {restarts} 次：{line}";
    WhyExitsAtOnce: "{container} ends well again and again where it should run on, {restarts} {restarts?restart:restarts}", "容器 {container} 本应持续运行，却反复正常退出，已重启 {restarts} 次";
    WhyUnknown: "Nothing that was looked at tells why", "已检查的内容均未说明原因";

    // What logs and exit codes tell.
    LogCudaOutOfMemory: "{name} ran out of GPU memory", "{name} 显存不足";
    LogGpuError: "A GPU of {name} failed", "{name} 的 GPU 出错";
    LogDns: "{name} cannot resolve a name", "{name} 无法解析域名";
    LogNccl: "{name} lost the other ranks (NCCL)", "{name} 与其他 rank 通信失败（NCCL）";
    LogPython: "{name} raised an error", "{name} 抛出异常";
    LogRestarted: "{container} began anew, {restarts} {restarts?restart:restarts} so far", "容器 {container} 重新启动，累计 {restarts} 次";
    ExitWell: "exit {code}: it ended well", "退出码 {code}：正常结束";
    ExitOutOfMemory: "exit {code}: killed for using more memory than its limit (OOMKilled)", "退出码 {code}：超出内存限制被终止（OOMKilled）";
    ExitUsage: "exit {code}: mostly wrong arguments", "退出码 {code}：通常是参数错误";
    ExitNotExecutable: "exit {code}: the program may not be executed", "退出码 {code}：程序不可执行";
    ExitNotFound: "exit {code}: the program was not found", "退出码 {code}：找不到程序";
    ExitAborted: "exit {code}: it gave up by itself (SIGABRT), as NCCL’s watchdog and failed assertions do", "退出码 {code}：主动中止（SIGABRT），如 NCCL watchdog 或断言失败";
    ExitKilled: "exit {code}: killed (SIGKILL), as after the grace period, or by the kernel for memory of the node", "退出码 {code}：被强制终止（SIGKILL），如超过宽限期，或节点内存不足";
    ExitSegmentation: "exit {code}: native code touched memory that is not its own (SIGSEGV)", "退出码 {code}：本地代码访问非法内存（SIGSEGV）";
    ExitTerminated: "exit {code}: asked to end (SIGTERM)", "退出码 {code}：被要求结束（SIGTERM）";
    ExitSignal: "exit {code}: ended by {signal}", "退出码 {code}：被 {signal} 终止";
    ExitOwn: "exit {code}: the program’s own code for an error", "退出码 {code}：程序自定义的错误码";

    // What to do about it.
    ActActivate: "Set spec.active of the Workload to true, once its cause is gone", "排除原因后将 Workload 的 spec.active 设为 true";
    ActAddNode: "Add a node, or check the autoscaler", "增加节点，或检查自动扩缩容";
    ActAskLess: "Ask for less, or add what is larger", "减少申请量，或增加更大的节点或配额";
    ActAttach: "See which node holds the volume; end the pod there", "查看占用该卷的节点，结束其上的 Pod";
    ActBackoff: "Read why its pods failed; run it anew once that is gone", "查明 Pod 失败原因，解决后重新运行";
    ActCheck: "See what the admission check waits for", "查看准入检查在等待什么";
    ActCommand: "Check the command, its arguments and the image", "检查启动命令、参数与镜像";
    ActConfigKey: "Add the key {key}, or correct the reference", "补上键 {key}，或更正引用";
    ActController: "Check that the controller of {kind} runs", "检查 {kind} 的控制器是否运行";
    ActCreate: "Create {kind} {name}, or correct the reference", "创建 {kind} {name}，或更正引用";
    ActCudaMemory: "Use a smaller batch or context, shard over more GPUs, or take larger ones", "减小 batch 或上下文，使用更多 GPU 分片，或换用更大显存";
    ActDeadline: "Give it more time, or find what made it slow", "延长期限，或查明变慢的原因";
    ActDevicePlugin: "Check the device plugin that should offer {resource}, and its driver", "检查提供 {resource} 的 device plugin 与驱动";
    ActDns: "Check the name, the cluster's DNS and the network policies", "检查域名、集群 DNS 与网络策略";
    ActDrained: "Its controller makes another; a pod by itself must be made anew", "控制器会重建；独立的 Pod 需手动重建";
    ActFailurePolicy: "Read the log of the pod that failed; correct it, then run the job anew", "查看失败 Pod 的日志，修正后重新运行作业";
    ActGang: "Make room for all of its pods at once, or ask for fewer", "一次性为全部 Pod 腾出资源，或减少数量";
    ActGate: "See who opens it, and whether that runs", "查看由谁负责放行，以及其是否运行";
    ActGrant: "Give the controller's service account the permission", "为控制器的 ServiceAccount 授权";
    ActImageName: "Correct the image's name and tag", "更正镜像名称与标签";
    ActImageNeverPulled: "Load the image onto the node, or allow pulling", "将镜像导入节点，或允许拉取";
    ActLimitRange: "Keep within the range, or change it", "调整到允许范围内，或修改 LimitRange";
    ActMount: "Read the events of the pod and check the volume", "查看 Pod 事件并检查卷";
    ActNccl: "Find the rank that ended first; check the network between the nodes", "找出最先退出的 rank，检查节点间网络";
    ActNeighbours: "Make the rule a preference, run fewer, or add nodes", "改为软性规则、减少副本，或增加节点";
    ActPodNetwork: "Check the network plugin on the node", "检查节点上的网络插件";
    ActNodeAffinity: "Correct the selector or affinity, or label a node", "更正选择器或亲和性，或为节点打标签";
    ActNodeRefused: "Delete it so that it is placed anew; check the node's devices and room", "删除以重新调度，并检查节点的设备与资源";
    ActOtherNamespace: "Use another namespace", "使用其他命名空间";
    ActPodSecurity: "Change the pod's security context, or the namespace's level", "调整 Pod 的安全上下文，或命名空间的安全级别";
    ActPressureHere: "Request what it uses; find what fills the node", "按实际用量设置 requests，并找出占用节点的负载";
    ActPriority: "Raise its priority, or make room", "提高其优先级，或腾出资源";
    ActQuota: "Free some of ResourceQuota {quota}, or raise it", "释放 ResourceQuota {quota} 的用量，或提高上限";
    ActRegistry: "Check the registry's name and the way to it from the node", "检查镜像仓库地址及节点到仓库的网络";
    ActResume: "Resume it when it should run", "需要运行时恢复它";
    ActRollout: "See why its new pods do not become ready", "查看新 Pod 未就绪的原因";
    ActScale: "Scale it up when it should run", "需要运行时扩容";
    ActSpec: "Correct what the message names", "按提示更正配置";
    ActStateAmounts: "State requests and limits on each container", "为每个容器声明 requests 与 limits";
    ActStorage: "Check the storage class and its provisioner, or make a volume", "检查 StorageClass 及其供给器，或手动创建卷";
    ActTaint: "Tolerate {taint}, or take it off the nodes", "容忍污点 {taint}，或从节点上移除";
    ActVolume: "Restore the volume, or make the claim anew", "恢复卷，或重建 PVC";
    ActVolumeZone: "Add a node where the volume is, or move the data", "在卷所在位置增加节点，或迁移数据";
    ActWait: "Wait until they have ended", "等待其结束";
    ActWebhookDenied: "Do as {webhook} asks", "按 {webhook} 的要求修改";
    ActWebhookUnreachable: "Bring the service of {webhook} back, or take its configuration away", "恢复 {webhook} 的服务，或删除其配置";

    // Changing a cluster: what stands in the way.
    YamlBroken: "This is not valid YAML", "YAML 语法错误";
    ManifestEmpty: "There is no object here", "此处没有任何对象";
    ManifestNoObject: "This document is no object of Kubernetes", "此文档不是 Kubernetes 对象";
    ManifestLacks: "{field} is missing", "缺少 {field}";
    ManifestNoText: "{field} must be a text", "{field} 必须是文本";
    ManifestTooLong: "More than {most} is not read at once; apply it in parts", "一次最多读取 {most}，请分批应用";
    ManifestTwice: "{object} stands here twice", "{object} 在此出现了两次";
    KindNotServed: "The cluster serves no kind {kind}", "集群不提供 {kind} 类型";
    KindHasNoNamespace: "{kind} lies in no namespace; take metadata.namespace out", "{kind} 不属于任何命名空间，请删除 metadata.namespace";
    VersionNotServed: "The cluster serves {kind} in {versions}, not in {version}", "集群提供的 {kind} 版本为 {versions}，而非 {version}";
    PermissionMissing: "The permission is missing: {permission}", "缺少权限：{permission}";
    NamespaceNotThere: "The namespace {namespace} of {object} is not there; create it, or add it here", "{object} 所属的命名空间 {namespace} 不存在，请先创建或在此一并添加";
    PolicyDenies: "The policy {policy} does not let {object} through: {message}", "策略 {policy} 不允许 {object}：{message}";
    WebhookDenies: "The webhook {webhook} refuses {object}: {message}", "webhook {webhook} 拒绝了 {object}：{message}";
    WebhookSilent: "The webhook {webhook} has to be asked about {object} and does not answer: {message}", "{object} 须经 webhook {webhook} 审核，但其没有响应：{message}";
    PodSecurityDenies: "Pod Security {level} does not let {object} through: {message}", "Pod Security {level} 不允许 {object}：{message}";
    ServerForbids: "The API server does not allow it for {object}", "API 服务器不允许对 {object} 执行此操作";
    ServerRefuses: "The API server refuses {object}", "API 服务器拒绝了 {object}";
    ServerCannot: "The cluster cannot do this to {object}", "集群无法对 {object} 执行此操作";
    ObjectNotThere: "{object} is not there, or what it lies in", "{object} 或其所属的命名空间不存在";
    ObjectChangedMeanwhile: "{object} changed meanwhile; look at it again", "{object} 已被更改，请重新查看";
    NoAnswerAbout: "No answer came about {object}", "没有收到关于 {object} 的响应";
    MustBeReplaced: "{object} cannot be changed so; delete it and create it again", "{object} 无法这样更改，请删除后重建";
    FieldsOfOthers: "{count} {count?field:fields} of {object} {count?belongs:belong} to others; choose for each", "{object} 有 {count} 个字段归其他管理者所有，请逐一选择";
    BudgetHolds: "A disruption budget holds {object}", "{object} 受 PodDisruptionBudget 保护，暂不可驱逐";

    // Changing a cluster: what it does to what runs.
    ChangeRestartsPods: "{count} {count?pod is:pods are} restarted, a few at a time", "{count} 个 Pod 将分批重启";
    ChangeRecreatesPods: "{count} {count?pod is:pods are} restarted, all at once", "{count} 个 Pod 将同时重启";
    ChangeEndsPods: "{count} {count?pod ends:pods end}", "{count} 个 Pod 将终止";
    ChangeStartsPods: "{count} {count?pod starts:pods start}", "{count} 个 Pod 将启动";
    ChangeFreesGpus: "{count} {count?GPU becomes:GPUs become} free", "将释放 {count} 块 GPU";
    ChangeTakesGpus: "{count} {count?GPU is:GPUs are} asked for", "将申请 {count} 块 GPU";
    DeletionTakesAlong: "{count} {kind} {count?goes:go} along", "{count} 个 {kind} 将一并删除";
    DeletionEmptiesNamespace: "Everything in the namespace {namespace} is deleted too", "命名空间 {namespace} 中的所有对象也将被删除";
    DeletionOfDefinition: "Every {kind} of the cluster is deleted too", "集群中的所有 {kind} 也将被删除";
    DeletionWaitsForFinalizers: "It goes once its finalizers are done: {finalizers}", "待其 finalizer 完成后才会删除：{finalizers}";
    ContextProtected: "{context} is protected: type its name to unlock it", "{context} 受保护：输入其名称以解锁";
    JournalNotWritten: "The journal cannot be written, and nothing is changed without it", "无法写入操作日志，未记录的更改不会执行";
    JournalKeepsNoSecrets: "The journal keeps no secret values; apply {object} again from where they are", "操作日志不保存机密内容，请从其来源重新应用 {object}";
    ReleaseEditsGo: "Revision {revision} was edited by hand; what stands there and not in the values goes", "版本 {revision} 曾手动编辑，取值之外的修改将丢失";
    UndoLeavesFields: "{count} {count?field:fields} changed since and {count?stays:stay}: {fields}", "{count} 个字段此后已被更改，将保持不变：{fields}";
    BudgetHoldsNow: "A disruption budget holds it now; it is tried again", "目前受 PodDisruptionBudget 保护，将重试";

    // Actions on nodes and jobs.
    ActionNotOfKind: "{kind} has no such action", "{kind} 不支持此操作";
    ActionNotNode: "This is done to nodes alone", "此操作仅适用于节点";
    SuspendByScaling: "A {kind} is not suspended but scaled to 0", "{kind} 不能挂起，请缩容至 0";
    SuspendNeedsShutdown: "A RayJob can be suspended only with shutdownAfterJobFinishes and without clusterSelector", "RayJob 仅在启用 shutdownAfterJobFinishes 且未设置 clusterSelector 时可挂起";
    SuspendThroughQueue: "Kueue owns its suspension: its workload {workload} is what is changed", "其挂起状态由 Kueue 管理：更改的是工作负载 {workload}";
    ScaleFixedByTrainJob: "The size of a TrainJob cannot be changed; delete it and create it with another", "TrainJob 的规模不可更改，请删除后以新的规模重建";
    ScaleOfSeveral: "It has several groups ({groups}); scale the one that is meant in its YAML", "包含多个组（{groups}），请在 YAML 中调整目标组";
    QueueNeedsSuspension: "Its queue can be changed only while it is suspended; suspend it first", "仅在挂起状态下可更换队列，请先挂起";
    QueueNotOfKind: "No queue is named on {kind}", "{kind} 未指定队列";
    PriorityNotAddable: "A priority class cannot be added while it runs; suspend it first", "运行中无法添加优先级，请先挂起";
    RestartRecreates: "It is deleted and created again; what it computed is lost unless it saved it", "将删除并重新创建，未保存的计算结果会丢失";
    JobFinished: "It has ended", "已结束";
    ContainerMissing: "It has no container {container}; it has {containers}", "没有名为 {container} 的容器，现有 {containers}";
    EditKeepsIdentity: "{object} keeps its kind, name and namespace while it is edited; create another under its own name", "编辑时 {object} 的类型、名称和命名空间不可更改，请以新名称另行创建";
    EditNoSecret: "The values of a Secret are not shown here, so they are not edited here either", "此处不显示 Secret 的值，因此也不能在此编辑";
    EditOneObject: "What is edited is one object; this is several, or none", "编辑的对象应为一个，此处为多个或没有";
    DrainLocalData: "{pod} has data on the node that would be lost; allow that", "{pod} 在节点上有本地数据，驱逐后会丢失，请确认允许";
    DrainUnmanaged: "Nothing makes {pod} anew; allow that it is gone", "{pod} 没有控制器，驱逐后不会重建，请确认允许";
    DrainLeavesDaemons: "{count} {count?pod:pods} of DaemonSets {count?stays:stay}", "{count} 个 DaemonSet Pod 将保留";
    DrainGang: "The gang {gang} loses {count} {count?pod:pods}, and the rest of it waits or starts over", "成组任务 {gang} 将失去 {count} 个 Pod，其余成员会等待或重新开始";
    PodsEnd: "{count} {count?pod ends:pods end}", "{count} 个 Pod 将终止";
    CheckpointSaved: "It saved a checkpoint {age} ago, as the log of {pod} says; the {hours} GPU-hours since then are lost", "{pod} 的日志显示 {age}前保存过检查点；此后的 {hours} GPU 小时将丢失";
    CheckpointBegun: "It began to save a checkpoint {age} ago, as the log of {pod} says; if that was finished, the {hours} GPU-hours since then are lost", "{pod} 的日志显示 {age}前开始保存检查点；若已完成，此后的 {hours} GPU 小时将丢失";
    CheckpointUntold: "When it saved a checkpoint last is not known from here: its logs tell of none; at most the {hours} GPU-hours since it began are lost", "无法得知上次保存检查点的时间：日志中没有记录；最多丢失启动以来的 {hours} GPU 小时";
    CheckpointNotSince: "When it saved a checkpoint last is not known from here: the end of its logs, {reach} of them, tells of none; {least} to {hours} GPU-hours are lost", "无法得知上次保存检查点的时间：最近 {reach}的日志中没有记录；将丢失 {least} 至 {hours} GPU 小时";
    CheckpointUnread: "When it saved a checkpoint last is not known from here: {why}; at most the {hours} GPU-hours since it began are lost", "无法得知上次保存检查点的时间：{why}；最多丢失启动以来的 {hours} GPU 小时";
    TaintEvicts: "Pods that do not tolerate it are put out", "不容忍该污点的 Pod 将被驱逐";

    // Ending a process of this machine: what it is, what that does, why it cannot be.
    ProcessIs: "{user} runs it: {command}", "由 {user} 运行：{command}";
    ProcessFrees: "{memory} of GPU {index} becomes free", "将释放 GPU {index} 的 {memory} 显存";
    ProcessFreesUntold: "How much of GPU {index} becomes free is not told", "将释放 GPU {index} 的显存，数量未知";
    ProcessAsked: "It is asked to end (SIGTERM) and may finish what it does", "将请求其退出（SIGTERM），它可以先完成收尾";
    ProcessForced: "It ends at once (SIGKILL); what it has not saved is lost", "将立即结束（SIGKILL），未保存的内容会丢失";
    ProcessDraws: "It draws the desktop: the session on this screen ends with it", "它负责绘制桌面：结束它会终止当前图形会话";
    ProcessGone: "The process is gone", "进程已退出";
    ProcessLingers: "It was asked and is still there after {waited}: it may be saving its work, or not listen", "已请求退出，{waited} 后仍在运行：可能正在保存，或不响应请求";
    RestartedByPod: "It runs in pod {pod}: the kubelet starts its container again unless its restartPolicy is Never; to end it for good, scale or delete what owns the pod", "它运行在 Pod {pod} 中：除非 restartPolicy 为 Never，kubelet 会重新启动其容器；如需彻底停止，请缩容或删除 Pod 的所有者";
    RestartedByRuntime: "It runs in the container {container}, which is started again where its restart policy says so; to end it for good: {command}", "它运行在容器 {container} 中，会按其重启策略重新启动；如需彻底停止：{command}";
    RestartedBySlurm: "It belongs to the Slurm job {job}, which may be queued again; to end it for good: scancel {job}", "它属于 Slurm 作业 {job}，可能重新排队；如需彻底停止：scancel {job}";
    RestartedByUnit: "It belongs to the unit {unit}, which systemd starts again where its Restart= says so; to end it for good: {command}", "它属于单元 {unit}，systemd 会按 Restart= 重新启动；如需彻底停止：{command}";
    RestartedByNobody: "Nothing that Strata sees starts it again", "Strata 未发现会重新启动它的程序";
    ProcessOnNothing: "Process {pid} is on no accelerator of this machine, or its number belongs to another one by now", "进程 {pid} 不在本机的任何加速器上，或该进程号已属于其他进程";
    ProcessForeign: "Whose it is cannot be told: its number is not one that Strata sees", "无法得知其归属：该进程号不在 Strata 可见范围内";
    ProcessForeignAct: "Start the container that Strata runs in with --pid=host, or end it on the host", "以 --pid=host 启动 Strata 所在的容器，或在主机上结束它";
    ProcessFirst: "Everything else here runs under process 1 and would end with it", "其余进程都在 1 号进程之下，会随之结束";
    ProcessFirstAct: "Stop the container or the machine instead", "请改为停止容器或关机";
    ProcessStrata: "It is Strata, or a part of it", "它是 Strata 自身或其组成部分";
    ProcessStrataAct: "Close Strata instead", "请改为关闭 Strata";
    ProcessOfOther: "It belongs to {user}, and ending it takes an administrator", "它属于 {user}，结束它需要管理员权限";
    ProcessOfOtherAct: "Ask {user}, or: {command}", "请联系 {user}，或执行：{command}";
    ProcessNotEnded: "Process {pid} was not ended", "进程 {pid} 未能结束";
    ProcessNotUndone: "A process that was ended cannot be brought back", "已结束的进程无法恢复";

    // Setting a device of this machine: on trial, and what came of that.
    SettingForbidden: "Setting {device} takes an administrator: the driver lets CAP_SYS_ADMIN alone do it", "设置 {device} 需要管理员权限：驱动只允许具有 CAP_SYS_ADMIN 的进程";
    SettingForbiddenAct: "Start Strata as root, or: {command}", "以 root 身份启动 Strata，或执行：{command}";
    SettingAsleep: "It does not answer now", "当前没有响应";
    SettingAsleepAct: "See what is wrong with it first; one that sleeps wakes when something uses it", "请先排查其问题；休眠的设备在被使用时唤醒";
    SettingRefused: "{device} was not set", "{device} 未能设置";
    SettingTrialSpan: "A trial takes {least} to {most} seconds", "试用时长为 {least} 到 {most} 秒";
    SettingTrialOpen: "GPU {index} has this on trial already; keep that or take it back first", "GPU {index} 的此项设置正在试用，请先保留或恢复";
    SettingOnTrial: "It is taken back after {waited} unless it is kept, and when Strata ends before that", "{waited} 内未确认则自动恢复，Strata 提前退出时亦然";
    SettingForGood: "It stays until it is set again or the driver is loaded anew", "将一直生效，直到再次设置或重新加载驱动";
    SettingReadBack: "The device made {now} of the {asked} that were asked for", "请求 {asked}，设备实际为 {now}";
    SettingUntold: "The driver does not tell whether clocks are locked now; taking it back unlocks them", "驱动不提供当前是否锁定时钟，恢复即解除锁定";
    TrialKept: "GPU {index} keeps {now}", "GPU {index} 保留 {now}";
    TrialKeptFree: "The clocks of GPU {index} stay free", "GPU {index} 的时钟保持不锁定";
    TrialTakenBack: "GPU {index} has {now} again", "GPU {index} 已恢复为 {now}";
    TrialFreed: "The clocks of GPU {index} are free again", "GPU {index} 的时钟已解除锁定";
    TrialStuck: "GPU {index} could not be set back from {now}", "GPU {index} 无法从 {now} 恢复";
    TrialStuckWhy: "The driver says: {message}", "驱动报告：{message}";
    TrialStuckAct: "Set it by hand: {command}", "请手动设置：{command}";

    // What is wrong with a value of a recipe.
    FieldUnknown: "The recipe has no such parameter", "该配方没有此参数";
    FieldRequired: "A value is needed", "必填";
    FieldNotInteger: "Write a whole number", "请填写整数";
    FieldNotNumber: "Write a number", "请填写数字";
    FieldNotText: "Write text", "请填写文本";
    FieldNotBoolean: "Say true or false", "请填写 true 或 false";
    FieldNotList: "Give a list of texts", "请给出文本列表";
    FieldNotLabels: "Give labels as KEY=VALUE", "请以 KEY=VALUE 形式给出标签";
    FieldNotEnvironment: "Give variables as NAME=VALUE, or name a Secret and its key", "请以 NAME=VALUE 形式给出变量，或指定 Secret 及其键";
    FieldTooSmall: "At least {least}", "不得小于 {least}";
    FieldTooLarge: "At most {most}", "不得大于 {most}";
    FieldTooShort: "At least {count} {count?character:characters}", "至少 {count} 个字符";
    FieldTooLong: "At most {count} {count?character:characters}", "最多 {count} 个字符";
    FieldTooMany: "At most {count} {count?entry:entries}", "最多 {count} 项";
    FieldNotAnOption: "One of {options}", "可选值：{options}";
    FieldWrongForm: "It has to match {pattern}", "须匹配 {pattern}";
    FieldInvisible: "It has a character that cannot be seen: {letter}", "含有不可见字符：{letter}";
    FieldNotAName: "Lowercase letters, digits and hyphens, a letter or digit at both ends, at most {count} characters", "仅限小写字母、数字和连字符，首尾须为字母或数字，最多 {count} 个字符";
    FieldNotAQuantity: "Write an amount such as 16Gi, 500m or 4", "请填写数量，如 16Gi、500m 或 4";
    FieldNotAnImage: "Write an image reference such as registry.example/team/server:1.4", "请填写镜像引用，如 registry.example/team/server:1.4";
    FieldNotAModel: "Name the model as {examples}", "请按此形式填写模型：{examples}";
    FieldNotASecretKey: "Name a Secret of the namespace and a key in it", "请指定命名空间中的 Secret 及其键";
    FieldNotAVariable: "`{name}` is no name of an environment variable", "`{name}` 不是合法的环境变量名";
    FieldRepeated: "`{name}` is there twice", "`{name}` 重复";
    FieldSecretInPlain: "`{name}` looks like a secret: take it from a Secret of the namespace", "`{name}` 疑似机密：请引用命名空间中的 Secret";
    FieldNotALabel: "`{name}` and its value are no label", "`{name}` 及其值不是合法标签";
    ManifestUnreadable: "Line {line} is no YAML: {message}", "第 {line} 行不是合法 YAML：{message}";
    ManifestMissing: "There is no manifest", "没有清单";
    ManifestNotAMapping: "Line {line}: a manifest is a mapping with apiVersion, kind and metadata", "第 {line} 行：清单须为包含 apiVersion、kind 和 metadata 的映射";
    ManifestFieldMissing: "Line {line}: the manifest has no {field}", "第 {line} 行：清单缺少 {field}";
    ManifestFieldNotText: "Line {line}: {field} has to be text; put it in quotes", "第 {line} 行：{field} 须为文本，请加引号";
    ManifestGeneratedName: "Line {line}: write metadata.name instead of generateName, so that it can be found again", "第 {line} 行：请用 metadata.name 代替 generateName，以便再次找到该对象";
    ManifestList: "Line {line}: write each object as a document of its own, divided by ---", "第 {line} 行：请将每个对象写成独立文档，以 --- 分隔";
    ManifestSecret: "Line {line}: create the Secret by itself and refer to it; what is kept of a release holds none", "第 {line} 行：请单独创建 Secret 再引用；发布记录不保存机密";
    ManifestRepeated: "Line {line}: {object} is there twice", "第 {line} 行：{object} 重复";

    // The checks before a deployment.
    CheckUnread: "Not looked at: {why}", "未能检查：{why}";
    CheckKinds: "{count} {count?kind is:kinds are} served", "{count} 种类型均已提供";
    CheckKindsMissing: "The cluster does not serve {kinds}", "集群不提供 {kinds}";
    CheckKindsRemedy: "Have it installed, or take a recipe with plain kinds", "请安装相应组件，或改用基于内置类型的配方";
    CheckNamespace: "The namespace {namespace} is there", "命名空间 {namespace} 存在";
    CheckNamespaceMissing: "There is no namespace {namespace}", "命名空间 {namespace} 不存在";
    CheckNamespaceRemedy: "Create it, or choose another", "创建该命名空间，或选择其他命名空间";
    CheckImages: "{count} {count?image names:images name} a version", "{count} 个镜像均写明版本";
    CheckImageMoves: "What {images} is may change from one start to the next", "{images} 的内容可能随启动变化";
    CheckImageRemedy: "Name a version or a digest", "请写明版本或摘要";
    CheckQuota: "{count} {count?quota leaves:quotas leave} room", "{count} 个配额均有余量";
    CheckQuotaFull: "Quota {quota}: {resource} {used} of {hard} used, not enough is left", "配额 {quota}：{resource} 已用 {used}/{hard}，余量不足";
    CheckQuotaFullRemedy: "Wait until something ends, ask for less, or have the quota raised", "等待其他负载结束、减少申请，或提高配额";
    CheckQuotaTooSmall: "Quota {quota} allows {hard} {resource} in all, less than is asked for", "配额 {quota} 的 {resource} 上限为 {hard}，小于申请量";
    CheckQuotaRemedy: "Ask for less, or have the quota raised", "减少申请，或提高配额";
    CheckQueue: "Queue {queue} of {of}, {count} waiting", "队列 {queue}（{of}），{count} 个等待";
    CheckQueueMissing: "The namespace has no queue {queue}", "命名空间中没有队列 {queue}";
    CheckQueueRemedy: "Choose one of its queues, or none", "选择已有队列，或不使用队列";
    CheckQueueStopped: "Queue {queue} is stopped", "队列 {queue} 已停止";
    CheckQueueStoppedRemedy: "It waits until the queue is opened; choose another to start sooner", "将等待队列重新开放；如需尽快启动请选择其他队列";
    CheckNoKueue: "The cluster has no queues of Kueue, so {queue} is not there", "集群没有 Kueue 队列，{queue} 不存在";
    CheckNoKueueRemedy: "Leave the queue empty", "请将队列留空";
    CheckFitNothing: "Nothing runs", "不运行任何 Pod";
    CheckFitNow: "{count} {count?pod fits:pods fit} now, on {nodes} {nodes?node:nodes}", "{count} 个 Pod 现在可放入 {nodes} 个节点";
    CheckFitLater: "{count} of {pods} {pods?pod:pods} of {owner} wait until something else ends", "{owner} 的 {pods} 个 Pod 中有 {count} 个需等待其他负载结束";
    CheckFitLaterRemedy: "Start with fewer, wait, or take a queue", "减少数量、等待，或使用队列";
    CheckFitNoNode: "No ready node has the labels and tolerated taints that {owner} asks for", "没有就绪节点满足 {owner} 的标签与污点要求";
    CheckFitNoNodeRemedy: "Correct the labels, or tolerate the taint", "更正标签要求，或容忍相应污点";
    CheckFitTooLarge: "A pod asks for {wanted} {resource}; the largest node has {most}", "单个 Pod 申请 {wanted} {resource}，最大节点仅有 {most}";
    CheckFitTooLargeRemedy: "Ask for less, or split it over nodes", "减少申请，或拆分到多个节点";
    CheckFitTooMany: "{wanted} pods of {owner} would need more nodes: at most {most} fit even if nothing else ran", "{owner} 需要 {wanted} 个 Pod，即使集群空闲也最多容纳 {most} 个";
    CheckFitTooManyRemedy: "Run fewer, or add nodes", "减少数量，或增加节点";
    CheckStorage: "Volumes by {classes}", "由 {classes} 提供存储卷";
    CheckNoDefaultClass: "No storage class is the default", "集群没有默认存储类";
    CheckClassMissing: "There is no storage class {class}", "存储类 {class} 不存在";
    CheckStorageRemedy: "Choose one of the cluster's storage classes", "请选择集群中已有的存储类";
    CheckSecrets: "{count} {count?key:keys} of Secrets found", "已找到 {count} 个 Secret 键";
    CheckSecretMissing: "There is no Secret {secret}", "Secret {secret} 不存在";
    CheckSecretKeyMissing: "Secret {secret} has no key {key}", "Secret {secret} 没有键 {key}";
    CheckSecretRemedy: "Create it in the namespace, or name another", "在命名空间中创建它，或引用其他 Secret";
    CheckReferences: "{count} {count?object:objects} referred to found", "引用的 {count} 个对象均存在";
    CheckReferenceMissing: "There is no {object}", "{object} 不存在";
    CheckReferenceRemedy: "Create it, or name another", "创建它，或引用其他对象";
    CheckPermission: "You may apply all of it", "拥有全部所需权限";
    CheckPermissionMissing: "Permissions are missing: {permissions}", "缺少权限：{permissions}";
    CheckPermissionRemedy: "Ask for them, or deploy elsewhere", "申请权限，或部署到其他位置";
    FitOnNoSplit: "{model}: even over {count} {count?GPU:GPUs} each would hold {wanted} of {memory}", "{model}：即使切分到 {count} 块 GPU，每块仍需 {wanted}（共 {memory}）";
    FitOnNoSplitRemedy: "Take a smaller format, a shorter context, or larger GPUs", "改用更小的权重格式、更短的上下文或更大的 GPU";
    FitOnNoGpus: "No node has whole GPUs and says how much memory they have", "没有节点提供整块 GPU 并标明显存";
    LocalNoRuntime: "Neither Docker nor Podman answers on this machine, or not the one that is meant", "本机没有响应的 Docker 或 Podman，或指定的运行时不可用";
    LocalNoGpus: "Containers get no GPUs here: set up NVIDIA's container toolkit, or ask for none", "本机容器无法使用 GPU：请配置 NVIDIA Container Toolkit，或不申请 GPU";
    LocalNoPods: "The recipe {recipe} runs nothing by itself", "配方 {recipe} 本身不运行任何程序";
    LocalSeveralPods: "The recipe {recipe} is more than one container and needs a cluster", "配方 {recipe} 包含多个容器，需要集群";
    LocalNotOllama: "Ollama runs the recipe ollama alone, not {recipe}", "Ollama 仅能运行配方 ollama，而非 {recipe}";
    LocalVolume: "The volume {volume} lives in a cluster alone", "卷 {volume} 仅存在于集群中";
    LocalVariableLeftOut: "{name} comes from a Secret of a cluster and is left out", "{name} 取自集群的 Secret，此处略去";
    LocalOllamaOwn: "Ollama decides itself how many requests it computes and where", "并发数与放置位置由 Ollama 自行决定";
    LocalBusy: "{name} is on its way already", "{name} 正在启动中";
    StageLogSilent: "{engine} does not say when", "{engine} 未说明时间";
    StageLogUnread: "Its log cannot be read: {why}", "无法读取其日志：{why}";
    CheckPolicy: "Policies let its pods through", "策略允许其 Pod";
    CheckPolicyWarns: "Policies let its pods through, with {count} {count?warning:warnings}", "策略允许其 Pod，但有 {count} 条警告";
    CheckPolicyRemedy: "Change what it asks for, or talk to who keeps the policy", "修改所申请的内容，或联系策略维护者";
    CheckPolicyWarnsRemedy: "Read them: they may become a refusal", "请阅读警告，日后可能变为拒绝";
    CheckCost: "{cost} an hour for {count} {count?GPU:GPUs}: {models}", "{count} 块 GPU 每小时 {cost}：{models}";
    CheckCostUnpriced: "{count} {count?GPU:GPUs}; no price is set for {models}", "{count} 块 GPU；{models} 尚未设定价格";
    CheckCostUnknown: "{count} {count?GPU:GPUs}; which model they are is not known", "{count} 块 GPU；型号未知";
    CheckCostParts: "Parts of GPUs have no price", "GPU 分片没有价格";
    CheckCostRemedy: "Set the price of an hour in GPUs, Capacity", "请在「GPU · 容量」中设定每小时价格";
    // Why a model's memory cannot be planned.
    SizingUnknownModel: "The sizes of {model} are not known here", "此处不知 {model} 的尺寸";
    SizingUnreadable: "This config.json cannot be used: {message}", "无法使用此 config.json：{message}";
    SizingUnknownFormat: "The bits of the format {format} are not known", "不知格式 {format} 的位数";
}
