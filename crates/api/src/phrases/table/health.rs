//! Why something does badly.

macro_rules! health {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

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
            PodSlowEnd: "Should have been gone {waited} ago", "本应在 {waited}前终止";

            // Why a node does badly.
            NodeNotReady: "The kubelet is not ready: {message}", "kubelet 未就绪：{message}";
            NodeSilent: "The kubelet has said nothing for {waited}", "kubelet 已 {waited} 无上报";
            NodeJoining: "Joined {waited} ago, not ready yet", "{waited}前加入，尚未就绪";
            NodeCondition: "{condition}: {message}", "{condition}：{message}";
            NodeUnhealthyDevices: "{unhealthy} of {total} {model} may not be allocated", "{model} 有 {unhealthy}/{total} 块不可分配";
            NodeCordoned: "Cordoned: takes no new pods", "已隔离：不接收新 Pod";

            // Why a model of the base does badly.
            ModelUnhealthy: "{unhealthy} of {total} may not be allocated", "{unhealthy}/{total} 块不可分配";
            ModelUnknown: "{unknown} of {total} are on nodes that do not answer", "{unknown}/{total} 块所在节点无响应";

            // Why a component does badly.
            ComponentNotSeen: "Its kinds are served, but nothing of it was seen running", "其 CRD 已安装，但未发现运行中的组件";
            ComponentStopped: "Scaled to zero", "已缩容至 0";
            ComponentStarting: "{workload} is starting: {ready} of {desired} {desired?pod:pods} ready", "{workload} 正在启动：{ready}/{desired} 个 Pod 就绪";
            ComponentShort: "{workload} has {ready} of {desired} {desired?pod:pods} ready", "{workload} 仅 {ready}/{desired} 个 Pod 就绪";
            ApiServiceUnavailable: "API {name} does not answer: {message}", "API {name} 不可用：{message}";
            ObjectSays: "{kind} {name} says {word}", "{kind} {name} 状态为 {word}";
            ObjectSaysWhy: "{kind} {name} says {word}: {message}", "{kind} {name} 状态为 {word}：{message}";
            VersionsByNodes: "Nodes by version: {versions}", "各版本节点数：{versions}";

            // Why an application does badly, or waits.
            ApplicationFailed: "It failed", "运行失败";
            ApplicationSays: "{reason}", "{reason}";
            ApplicationSaysWhy: "{reason}: {message}", "{reason}：{message}";
            ApplicationStarting: "Starting: {ready} of {desired} {desired?pod:pods} ready", "正在启动：{ready}/{desired} 个 Pod 就绪";
            ApplicationNotReady: "Not ready, and it does not say why", "未就绪，且未说明原因";
            QueuedShort: "Short by {amount} of {resource} in flavor {flavor}; waits {waited}", "flavor {flavor} 缺 {amount} 个 {resource}；已等待 {waited}";
            QueuedMessage: "Waits {waited}: {message}", "已等待 {waited}：{message}";
            JobScheduled: "Runs by its schedule, {schedule}", "按计划 {schedule} 运行";
            JobLastRunFailed: "The last run did not succeed; schedule {schedule}", "上次运行未成功；计划 {schedule}";
            JobStopping: "Being deleted", "正在删除";
            QueuedFor: "Waits {waited}; the queue has not said why", "已等待 {waited}；队列未说明原因";
        ] $($after)* }
    };
}
