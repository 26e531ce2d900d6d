//! What the stack says: the bands, their headlines, the one number of a tile.

macro_rules! stack {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

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
            CountScaledObjects: "{count} {count?scaler:scalers}", "{count} 个扩缩器";
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
        ] $($after)* }
    };
}
