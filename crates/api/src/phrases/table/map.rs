//! What the map says of capabilities and relations.

macro_rules! map {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // Whether a capability is served, a need met, a requirement answered.
            SurveyServed: "{count} {count?component serves:components serve} it, all healthy", "{count} 个组件提供，均正常";
            SurveyAble: "Installed and healthy: {names}", "已安装且正常：{names}";
            SurveyClaimed: "The kinds of {name} are served, but nothing of it runs", "{name} 的 CRD 已安装，但没有组件在运行";
            SurveyStopped: "{name} is scaled to zero", "{name} 已缩容至 0";
            SurveyMissing: "Nothing in this cluster serves it", "集群中没有组件提供此能力";
            SurveyNoneOf: "None of these is installed: {names}", "以下组件均未安装：{names}";
            SurveyUnlisted: "What would tell was not read: {kinds}", "未能读取所需列表：{kinds}";
            ActInstallOneOf: "Install one of {names}", "安装其中之一：{names}";
            ActRunController: "Run the controller of {name}", "运行 {name} 的控制器";
            ActScaleUp: "Scale {name} up", "扩容 {name}";
            ActMend: "See on the stack what is wrong with {name}", "在“层叠”中查看 {name} 的问题";

            // The one figure of a capability, and what flows over a relation.
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
            MapEnginesTold: "{told} of {engines} engines report", "{told}/{engines} 个引擎上报指标";
            MapExportersTold: "{told} of {exporters} exporters report", "{told}/{exporters} 个 exporter 上报指标";
            MapNodes: "{ready} of {total} nodes ready", "{ready}/{total} 个节点就绪";
            MapGpusHeld: "{count} {count?GPU:GPUs} held", "占用 {count} 块 GPU";
            MapDatasets: "{bound} of {total} {total?dataset:datasets} bound", "{bound}/{total} 个数据集已绑定";
            MapTrials: "{running} of {total} trials running", "{running}/{total} 个试验运行";
            MapVolumesUsed: "{used} on {count} measured {count?volume:volumes}", "已测 {count} 个卷，共用 {used}";
            SourceComponents: "the controllers’ own status", "控制器自身状态";
            SourceClaims: "status of the claims and storage classes", "PVC 与 StorageClass 的状态";
            SourceCustom: "status of the {kind} objects", "{kind} 对象的状态";
            SourceEngines: "metrics of {count} serving {count?engine:engines}", "{count} 个推理引擎的指标";
            SourceExporters: "answers of the exporters", "exporter 的响应";
            SourceKubelets: "the kubelets’ volume statistics", "kubelet 卷统计";
        ] $($after)* }
    };
}
