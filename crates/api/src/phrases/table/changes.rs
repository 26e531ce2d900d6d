//! Changing a cluster.

macro_rules! changes {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // What stands in the way.
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

            // What it does to what runs.
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
            ReleaseEditsGo: "Revision {revision} was edited by hand; what stands there and not in the values goes", "修订 {revision} 曾手动编辑，取值之外的修改将丢失";
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
        ] $($after)* }
    };
}
