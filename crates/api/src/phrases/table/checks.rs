//! The checks before a deployment.

macro_rules! checks {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            CheckUnread: "Not looked at: {why}", "未能检查：{why}";
            CheckKinds: "{count} {count?kind is:kinds are} served", "{count} 种类型均已提供";
            CheckKindsMissing: "The cluster does not serve {kinds}", "集群不提供 {kinds}";
            CheckKindsRemedy: "Have it installed, or choose a recipe of built-in kinds", "请安装相应组件，或改用基于内置类型的配方";
            CheckNamespace: "The namespace {namespace} is there", "命名空间 {namespace} 存在";
            CheckNamespaceMissing: "There is no namespace {namespace}", "命名空间 {namespace} 不存在";
            CheckNamespaceRemedy: "Create it, or choose another", "创建该命名空间，或选择其他命名空间";
            CheckImages: "{count} {count?image names:images name} a version", "{count} 个镜像均写明版本";
            CheckImageMoves: "What {images} is may change from one start to the next", "{images} 的内容可能随启动变化";
            CheckImageRemedy: "Name a version or a digest", "请写明版本或摘要";
            CheckQuota: "{count} {count?quota leaves:quotas leave} room", "{count} 个配额均有余量";
            CheckQuotaNone: "No quota limits this namespace", "此命名空间没有配额限制";
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
            CheckPolicy: "Policies let its pods through", "策略允许其 Pod";
            CheckPolicyWarns: "Policies let its pods through, with {count} {count?warning:warnings}", "策略允许其 Pod，但有 {count} 条警告";
            CheckPolicyRemedy: "Change what it asks for, or talk to who keeps the policy", "修改所申请的内容，或联系策略维护者";
            CheckPolicyWarnsRemedy: "Read them: they may become a refusal", "请阅读警告，日后可能变为拒绝";
            CheckCost: "{cost} an hour for {count} {count?GPU:GPUs}: {models}", "{count} 块 GPU 每小时 {cost}：{models}";
            CheckCostUnpriced: "{count} {count?GPU:GPUs}; no price is set for {models}", "{count} 块 GPU；{models} 尚未设定价格";
            CheckCostUnknown: "{count} {count?GPU:GPUs}; which model they are is not known", "{count} 块 GPU；型号未知";
            CheckCostParts: "Parts of GPUs have no price", "GPU 分片没有价格";
            CheckCostRemedy: "Set the price of an hour in GPUs, Capacity", "请在「GPU · 容量」中设定每小时价格";
        ] $($after)* }
    };
}
