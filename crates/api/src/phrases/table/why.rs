//! Why something does not run.

macro_rules! why {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // How something that should run does.
            WhyReadyCount: "{ready} of {pods} {pods?pod:pods} ready", "{ready}/{pods} 个 Pod 就绪";
            WhyStartingCount: "Starting: {ready} of {pods} {pods?pod:pods} ready", "正在启动：{ready}/{pods} 个 Pod 就绪";
            WhyFailedCount: "Failed: {ready} of {pods} {pods?pod:pods} ended well", "已失败：{ready}/{pods} 个 Pod 正常结束";
            WhyHeld: "Held on purpose: {ready} of {pods} {pods?pod:pods} ready", "被有意暂停：{ready}/{pods} 个 Pod 就绪";
            WhyFinished: "It ended well", "已正常结束";
            WhyEnding: "It is being deleted", "正在删除";
            WhyRunsNothing: "It runs no pods", "它不运行任何 Pod";

            // The object and its controller.
            WhySuspended: "{object} is suspended", "{object} 已挂起";
            WhyScaledToZero: "{object} is scaled to 0 replicas", "{object} 的副本数为 0";
            WhyRolloutPaused: "The rollout of {object} is paused", "{object} 的滚动更新已暂停";
            WhyStuckDeleting: "Its deletion was asked for {waited} ago and waits for {finalizers}", "{waited}前已请求删除，仍在等待 {finalizers}";
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
            WhyPodSecurity: "Pod security refuses its pods: {message}", "Pod 安全性标准拒绝了其 Pod：{message}";
            WhyNamespaceEnding: "Its namespace is being deleted", "其命名空间正在删除";
            WhyPodRefused: "The API server refuses its pods: {message}", "API 服务器拒绝了其 Pod：{message}";
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
            WhyDevicePluginGone: "{nodes} {nodes?node:nodes} ({names}) should offer {resource} and {nodes?offers:offer} none: the device plugin does not report", "{nodes} 个节点（{names}）本应提供 {resource}，但目前为 0：设备插件未上报";
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
        ] $($after)* }
    };
}
