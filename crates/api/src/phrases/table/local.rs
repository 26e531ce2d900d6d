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
            StageLogSilent: "{engine} does not say when", "{engine} 未说明时间";
            StageLogUnread: "Its log cannot be read: {why}", "无法读取其日志：{why}";
        ] $($after)* }
    };
}
