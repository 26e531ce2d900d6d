//! A path through the layers: from an application to what carries it.

macro_rules! path {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

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
        ] $($after)* }
    };
}
