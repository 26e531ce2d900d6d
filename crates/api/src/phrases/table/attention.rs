//! What needs attention, what that hurts, and what to do next.

macro_rules! attention {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // What needs attention: the title.
            NodeDown: "{node} is not ready", "{node} 未就绪";
            NodesDown: "{count} nodes in {place} are not ready", "{place} 有 {count} 个节点未就绪";
            NodeTroubled: "{node} reports a problem", "{node} 状态异常";
            NodeIsCordoned: "{node} is cordoned", "{node} 已隔离";
            NodesAreCordoned: "{count} nodes are cordoned", "{count} 个节点已隔离";
            DevicesBroken: "{count} unhealthy {count?GPU:GPUs} on {node}", "{node} 有 {count} 块 GPU 异常";
            DriversDiffer: "{count} driver versions on {model}", "{model} 存在 {count} 个驱动版本";
            ComponentSaysTitle: "{name}: {word}", "{name}：{word}";
            ComponentShortTitle: "{name}: {ready} of {desired} ready", "{name}：{ready}/{desired} 就绪";
            ComponentUnwell: "{name} is unhealthy", "{name} 状态异常";
            ApplicationFailedTitle: "{kind} {name} failed", "{kind} {name} 运行失败";
            ApplicationDownTitle: "{name} has no ready pod", "{name} 没有就绪的 Pod";
            ApplicationShortTitle: "{name}: {ready} of {desired} ready", "{name}：{ready}/{desired} 就绪";
            ApplicationUnwellTitle: "{name} is unhealthy", "{name} 状态异常";
            PodsFailTitle: "{name}: {faulty} of {pods} {pods?pod:pods} unhealthy", "{name}：{faulty}/{pods} 个 Pod 异常";
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
        ] $($after)* }
    };
}
