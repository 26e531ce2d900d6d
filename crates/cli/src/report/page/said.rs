//! What the page says, in both languages.

strata_domain::words! {
    pub(super) TITLE: "GPUs of {cluster}", "{cluster} 的 GPU";
    pub(super) SPAN: "{from} to {until} UTC, {lasting} · made by Strata", "{from} 至 {until} UTC，{lasting} · 由 Strata 生成";
    pub(super) NOTHING_KEPT: "Nothing is kept of this time.", "这段时间没有记录。";
    pub(super) DRAWN_FROM: "drawn from {from} UTC on: of the time before, nothing is kept", "图从 {from} UTC 开始：此前没有记录";

    pub(super) WERE_HELD: "of the GPUs were held", "的 GPU 被占用";
    pub(super) WAS_USED: "of what was held and measured was used", "的已测量占用被实际使用";
    pub(super) NOT_USED_TIME: "of GPU time held and not used", "GPU 时间被占用但未使用";
    pub(super) COST_OF_PRICED: "is what those with a price cost", "为有价格部分的成本";
    pub(super) COST: "is what they cost", "为其成本";
    pub(super) IDLE_TIME: "of GPU time held idle: memory held, nothing ran", "GPU 时间占而不用：占着显存，没有运行";
    pub(super) UNHEALTHY_TIME: "of GPU time that could not be given out", "GPU 时间无法分配";

    pub(super) WASTE_BY_OWNER: "Waste by owner", "各所有者的浪费";
    pub(super) BY_OWNER: "By owner", "按所有者";
    pub(super) OWNER: "Owner", "所有者";
    pub(super) BY_NAMESPACE: "By namespace", "按命名空间";
    pub(super) NAMESPACE: "Namespace", "命名空间";
    pub(super) BY_QUEUE: "By queue", "按队列";
    pub(super) QUEUE: "Queue", "队列";
    pub(super) BY_MODEL: "By model", "按型号";
    pub(super) MODEL: "Model", "型号";
    pub(super) IN_ALL: "In all", "总数";
    pub(super) HELD: "Held", "占用";
    pub(super) USED: "Used", "已用";
    pub(super) NOT_USED: "Not used", "未使用";
    pub(super) COSTS: "That costs", "其成本";
    pub(super) HELD_IDLE: "Held idle", "占而不用";
    pub(super) NOT_MEASURED_HEAD: "Not measured", "未测量";
    pub(super) AN_HOUR: "An hour", "每小时";
    pub(super) GPU_TIME: "time of GPUs: 1 h is one GPU for an hour", "GPU 时间：1 小时即一块 GPU 用一小时";
    pub(super) NO_PRICE: "no price", "无价格";
    pub(super) UNPRICED: "and {time} without a price", "另有 {time}无价格";
    pub(super) PRICE_OF: "{price} an hour of {model}", "{model} 每小时 {price}";
    pub(super) NO_PRICES: "no prices are set", "未设置价格";
    pub(super) PRICED_AT: "priced at {prices}", "价格：{prices}";
    pub(super) PRICED_BUT: "priced at {prices}; without a price: {models}", "价格：{prices}；无价格：{models}";

    pub(super) NOT_MEASURED: "not measured", "未测量";
    pub(super) UNKNOWN: "unknown", "未知";
    pub(super) NOT_NAMED: "not named", "未命名";
    pub(super) SEVERAL: "several at once", "多方共用";
    pub(super) SECONDS: "{count} s", "{count} 秒";
    pub(super) MINUTES: "{count} min", "{count} 分";
    pub(super) HOURS: "{count} h", "{count} 小时";
    pub(super) DAYS: "{count} days", "{count} 天";

    pub(super) ATTENTION: "What needed attention", "需要关注的事项";
    pub(super) NO_ATTENTION: "Nothing that Strata saw.", "Strata 没有看到。";
    pub(super) SEVERITY: "Severity", "级别";
    pub(super) WHAT: "What", "事项";
    pub(super) SINCE: "Since", "开始于";
    pub(super) SEEN_LAST: "Seen last", "最后见于";
    pub(super) CRITICAL: "critical", "严重";
    pub(super) WARNING: "warning", "警告";
    pub(super) NOTICE: "notice", "提示";

    pub(super) SOURCES: "Where this comes from", "数据来源";
    pub(super) KUBERNETES: "Kubernetes, for what there is and who holds it: nodes, pods and claims, last seen on {at} UTC. Then there were {total} GPUs, of which {held} were held, {idle} of them idle, {free} free, {unhealthy} unhealthy, {unknown} unknown.", "Kubernetes：有哪些 GPU、被谁占用，来自节点、Pod 与 claim，最后见于 {at} UTC。当时共有 {total} 块 GPU，其中 {held} 块被占用（{idle} 块占而不用），{free} 块空闲，{unhealthy} 块不健康，{unknown} 块状态未知。";
    pub(super) NO_EXPORTERS: "Exporters, for what GPUs do: none was found.", "Exporter：GPU 在做什么。未发现任何 exporter。";
    pub(super) EXPORTERS: "Exporters, for what GPUs do, asked every 15 seconds while Strata is open: {live} of {asked} exporters answered when this was written.", "Exporter：GPU 在做什么，Strata 打开时每 15 秒读取一次。生成本报告时，{asked} 个 exporter 中 {live} 个有响应。";
    pub(super) OTHERS_SILENT: " The others did not: {why}.", "其余没有响应：{why}。";
    pub(super) OWN_RECORD_IN_MEMORY: "Strata's own record, in steps of half a minute; that of a demo cluster is kept in memory alone.", "Strata 自己的记录，每半分钟一次；演示集群的记录只保存在内存中。";
    pub(super) OWN_RECORD: "Strata's own record, in steps of half a minute: {file}, {size}.", "Strata 自己的记录，每半分钟一次：{file}，{size}。";

    pub(super) DOUBTS: "What this report does not know", "本报告不知道的";
    pub(super) KEPT_OF: "Of {span} something is kept of {known}: Strata records while it is open. What happened in the rest is in no sum, and stands as a hatched gap in the picture.", "在 {span}中有记录的是 {known}：Strata 只在打开时记录。其余时间不计入任何合计，在图中以斜线表示。";
    pub(super) UNMEASURED: "Of {time} of GPU time that was held it is not known what was done in it: the GPUs are shared, no exporter measured them, or theirs tells by another definition. It is in no sum of what was used or not used.", "有 {time}的占用 GPU 时间不知道做了什么：这些 GPU 被共享、没有 exporter 测量，或其 exporter 采用另一种定义。它不计入已用，也不计入未使用。";
    pub(super) USED_IS: "“Used” is a definition: {definition}. A GPU that waits for memory or for its network may be busy by one definition and idle by another.", "“已用”取决于定义：{definition}。等待显存或网络的 GPU，按一种定义是忙碌，按另一种定义可能是空闲。";
    pub(super) OWNERLESS: "Pods without a label that names an owner stand under “not named”.", "没有所有者标签的 Pod 列在“未命名”下。";
    pub(super) UNPRICED_HOURS: "Hours of models without a price are in no sum of money; prices are set in the view GPUs, under Capacity, or with --price.", "没有价格的型号不计入金额；价格在 GPU 视图的“容量”中设置，或用 --price 给出。";
    pub(super) OLDER_HOURS: "Of some hours it is not kept of which model they were, because an older Strata recorded them; they stand as hours without a price.", "有些小时未记录属于哪个型号，因为由旧版 Strata 记录；它们按无价格列出。";
    pub(super) UNREACHABLE: "The cluster did not answer when this was written: {why}", "生成本报告时集群没有响应：{why}";
    pub(super) NOT_RECORDED: "At that time nothing could be recorded: {why}.", "当时无法记录：{why}。";
    pub(super) SET_ASIDE: "A damaged file of history was set aside as {file}; what only it knew is not here.", "损坏的历史文件已移到 {file}；只有它记录的内容不在这里。";
}
