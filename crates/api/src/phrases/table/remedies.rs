//! What to do about something that does not run.

macro_rules! remedies {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            ActActivate: "Set spec.active of the Workload to true, once its cause is gone", "排除原因后将 Workload 的 spec.active 设为 true";
            ActAddNode: "Add a node, or check the autoscaler", "增加节点，或检查自动扩缩容";
            ActAskLess: "Ask for less, or add what is larger", "减少申请量，或增加更大的节点或配额";
            ActAttach: "See which node holds the volume; end the pod there", "查看占用该卷的节点，结束其上的 Pod";
            ActBackoff: "Read why its pods failed; run it again once that is solved", "查明 Pod 失败原因，解决后重新运行";
            ActCheck: "See what the admission check waits for", "查看准入检查在等待什么";
            ActCommand: "Check the command, its arguments and the image", "检查启动命令、参数与镜像";
            ActConfigKey: "Add the key {key}, or correct the reference", "补上键 {key}，或更正引用";
            ActController: "Check that the controller of {kind} runs", "检查 {kind} 的控制器是否运行";
            ActCreate: "Create {kind} {name}, or correct the reference", "创建 {kind} {name}，或更正引用";
            ActCudaMemory: "Use a smaller batch or context, shard over more GPUs, or take larger ones", "减小 batch 或上下文，使用更多 GPU 分片，或换用更大显存";
            ActDeadline: "Give it more time, or find what made it slow", "延长期限，或查明变慢的原因";
            ActDevicePlugin: "Check the device plugin that should offer {resource}, and its driver", "检查提供 {resource} 的设备插件与驱动";
            ActDns: "Check the name, the cluster's DNS and the network policies", "检查域名、集群 DNS 与网络策略";
            ActDrained: "Its controller creates another; a pod without one has to be created again", "控制器会重建它；独立的 Pod 需手动重建";
            ActFailurePolicy: "Read the log of the pod that failed; correct it, then run the job again", "查看失败 Pod 的日志，修正后重新运行作业";
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
            ActNodeRefused: "Delete it so that it is scheduled again; check the node's devices and room", "删除以重新调度，并检查节点的设备与资源";
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
            ActVolume: "Restore the volume, or create the claim again", "恢复卷，或重建 PVC";
            ActVolumeZone: "Add a node where the volume is, or move the data", "在卷所在位置增加节点，或迁移数据";
            ActWait: "Wait until they have ended", "等待其结束";
            ActWebhookDenied: "Do as {webhook} asks", "按 {webhook} 的要求修改";
            ActWebhookUnreachable: "Bring the service of {webhook} back, or take its configuration away", "恢复 {webhook} 的服务，或删除其配置";
        ] $($after)* }
    };
}
