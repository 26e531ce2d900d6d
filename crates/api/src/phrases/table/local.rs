//! A recipe run on this machine, and the stages of its start.

macro_rules! local {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            LocalNoRuntime: "Neither Docker nor Podman answers on this machine, or not the one that is meant", "本机没有响应的 Docker 或 Podman，或指定的运行时不可用";
            LocalNoGpus: "Containers get no GPUs here: set up NVIDIA's container toolkit, or ask for none", "本机容器无法使用 GPU：请配置 NVIDIA Container Toolkit，或不申请 GPU";
            LocalNoPods: "The recipe {recipe} runs nothing by itself", "配方 {recipe} 本身不运行任何程序";
            LocalSeveralPods: "The recipe {recipe} is more than one container and needs a cluster", "配方 {recipe} 包含多个容器，需要集群";
            LocalNotOllama: "Ollama runs the recipe ollama alone, not {recipe}", "Ollama 仅能运行配方 ollama，而非 {recipe}";
            LocalVolume: "The volume {volume} lives in a cluster alone", "卷 {volume} 仅存在于集群中";
            LocalVariableLeftOut: "{name} comes from a Secret of a cluster and is left out", "{name} 取自集群的 Secret，此处略去";
            LocalOllamaOwn: "Ollama decides itself how many requests it computes and where", "并发数与放置位置由 Ollama 自行决定";
            LocalBusy: "{name} is on its way already", "{name} 正在启动中";
            LocalGpusUnread: "The accelerators of this machine did not tell of themselves in time", "未能及时读取本机加速器";
            LocalMemoryUntold: "The drivers of this machine do not tell how much memory its GPUs have free", "驱动未提供本机 GPU 的空闲显存";
            CheckRuntime: "{runtime} {version} answers at {place}", "{runtime} {version} 在 {place} 响应";
            CheckNameTaken: "There is a container {name} on this machine already", "本机已有名为 {name} 的容器";
            CheckNameRemedy: "Remove it, or choose another name", "删除它，或换一个名称";
            CheckImageHere: "{image} is here already", "{image} 已在本机";
            CheckImageFetched: "{image} is fetched first", "将先拉取 {image}";
            CheckPorts: "{count?Port:Ports} {ports} of this machine {count?is:are} free", "本机端口 {ports} 可用";
            CheckPortTaken: "Something answers at {count?port:ports} {ports} of this machine already", "本机端口 {ports} 已被占用";
            CheckPortRemedy: "End what listens there, or choose another port where the recipe lets you", "结束占用该端口的程序，或在配方允许时换一个端口";
            CheckGpuNone: "It asks for no GPU", "不申请 GPU";
            CheckGpuOwn: "Ollama takes the GPUs itself", "Ollama 自行使用 GPU";
            CheckGpuCdi: "{count} {count?GPU is:GPUs are} given by CDI (nvidia.com/gpu)", "通过 CDI（nvidia.com/gpu）提供 {count} 块 GPU";
            CheckGpuRequest: "{count} {count?GPU is:GPUs are} given by a device request", "通过设备请求提供 {count} 块 GPU";
            CheckGpuRemedy: "Install nvidia-container-toolkit, then run: sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml", "安装 nvidia-container-toolkit，然后运行：sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml";
            CheckGpuTooFew: "It asks for {wanted} {wanted?GPU:GPUs}; this machine has {count}", "申请 {wanted} 块 GPU，本机有 {count} 块";
            CheckGpuTooFewRemedy: "Ask for fewer, or deploy it to a cluster", "减少申请，或部署到集群";
            CheckHereFits: "Fits now: {wanted} of the {free} that are free on GPU {index}", "现在可放入：需 {wanted}，GPU {index} 空闲 {free}";
            CheckHereFull: "Each GPU would hold {wanted}; GPU {index} has {free} of {memory} free now", "每块 GPU 需 {wanted}，GPU {index} 现空闲 {free}（共 {memory}）";
            CheckHereFullRemedy: "End what is on it, or take a smaller format or a shorter context", "结束其上的进程，或改用更小的权重格式或更短的上下文";
            CheckHereNever: "Each GPU would hold {wanted}, more than may be used of the {memory} of GPU {index}", "每块 GPU 需 {wanted}，超过 GPU {index} 可用的显存（共 {memory}）";
            CheckHereTakes: "The engine takes {wanted} of each GPU at its start; GPU {index} has {free} of {memory} free now", "引擎启动时占用每块 GPU 的 {wanted}，GPU {index} 现空闲 {free}（共 {memory}）";
            CheckHereTakesRemedy: "Lower the part of the GPU's memory that it takes, or end what is on it", "调低引擎占用显存的比例，或结束其上的进程";
            CheckHereUnread: "The driver does not tell how much memory GPU {index} has free", "驱动未提供 GPU {index} 的空闲显存";
            CheckHereNoGpu: "This machine has no GPU that can be read", "本机没有可读取的 GPU";
            CheckDisk: "{free} free on {disk}, where images and volumes lie", "镜像与卷所在的 {disk} 空闲 {free}";
            CheckDiskShort: "{free} free on {disk}; the weights alone take about {wanted}", "{disk} 空闲 {free}，仅权重就约需 {wanted}";
            CheckDiskRemedy: "Make room there, or have the runtime keep its images elsewhere", "腾出空间，或更改运行时的存储位置";
            CheckDiskUnknown: "The runtime does not tell on which disk of this machine images lie", "运行时未说明镜像位于本机哪个磁盘";
            StageLogSilent: "{engine} does not say when", "{engine} 未说明时间";
            StageLogUnread: "Its log cannot be read: {why}", "无法读取其日志：{why}";
        ] $($after)* }
    };
}
