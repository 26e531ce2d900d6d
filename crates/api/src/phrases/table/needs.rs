//! The needs of AI, met or not.

macro_rules! needs {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            NeedAccelerators: "{count} {count?accelerator:accelerators}: {models}", "{count} 块加速器：{models}";
            NeedAcceleratorsMemory: "{count} {count?accelerator:accelerators} with {memory}: {models}", "{count} 块加速器，共 {memory}：{models}";
            NeedAcceleratorsIll: "{usable} of {count} accelerators can be used: {models}", "{count} 块加速器中 {usable} 块可用：{models}";
            NeedNoAccelerators: "No node has an accelerator", "没有节点带有加速器";
            NeedCores: "{cores} CPU cores; {nodes} {nodes?node:nodes} ready", "{cores} 个 CPU 核；{nodes} 个节点就绪";
            NeedTraining: "{operators} train; {gangs} start gangs as a whole", "{operators} 负责训练，{gangs} 负责成组启动";
            NeedNoTraining: "No training operator is healthy", "没有正常运行的训练 Operator";
            NeedNoGangs: "Nothing starts gangs as a whole", "没有组件支持成组启动";
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
            NeedNetwork: "{nodes} ready {nodes?node:nodes} connected by {names}", "{names} 连接 {nodes} 个就绪节点";
            NeedNetworkFast: "Fast networks are offered: {names}", "提供高速网络：{names}";
            NeedNetworkUntold: "No RDMA device, NVLink domain or further network is seen; the bandwidth of the nodes’ own network is not in the API", "未发现 RDMA 设备、NVLink 域或附加网络；API 不提供节点网络带宽";
            NeedNetworkUnseen: "{nodes} {nodes?node is:nodes are} ready, but no network plugin is recognised", "{nodes} 个节点就绪，但未识别出网络插件";
            ActAccelerators: "Add nodes with accelerators, and the device plugin or DRA driver that offers them", "添加带加速器的节点，并安装设备插件或 DRA 驱动";
            ActMendAccelerators: "See on the stack what is wrong with the accelerators", "在“层叠”中查看加速器的问题";
            ActTraining: "Install an operator that trains, such as Kubeflow Trainer or KubeRay", "安装训练 Operator，如 Kubeflow Trainer 或 KubeRay";
            ActGangs: "Install a scheduler or queue that starts gangs whole, such as Kueue or Volcano", "安装支持成组调度的调度器或队列，如 Kueue 或 Volcano";
            ActData: "Add an object store, a database or a cache of data sets", "添加对象存储、数据库或数据集缓存";
            ActShared: "Add a shared file system, an object store or a cache of data sets", "添加共享文件系统、对象存储或数据集缓存";
            ActStorageClass: "Install a CSI driver, and make a storage class of it", "安装 CSI 驱动并创建 StorageClass";
            ActScalePods: "Install KEDA or a metrics adapter, and scale by the engine’s own metrics", "安装 KEDA 或指标适配器，按引擎自身指标扩缩";
            ActScaleNodes: "Install Karpenter or the Cluster Autoscaler, or turn on the cloud’s own", "安装 Karpenter 或 Cluster Autoscaler，或启用云厂商的节点扩缩";
            ActBatch: "Install a queue such as Kueue, or KEDA", "安装 Kueue 等作业队列，或 KEDA";
            ActNetwork: "Offer the fast network to pods by DRANET, SR-IOV or an RDMA device plugin", "通过 DRANET、SR-IOV 或 RDMA 设备插件向 Pod 提供高速网络";
        ] $($after)* }
    };
}
