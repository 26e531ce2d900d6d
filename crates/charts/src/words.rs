//! The words that pictures say, in both languages. What figures are called and mean is said by
//! [`strata_domain::reading::Figure`].

strata_domain::words! {
    pub AS_FAR: "as far as Strata was open", "限 Strata 打开期间";
    pub SPAN: "{note} · {from} to {until} UTC", "{note} · {from} 至 {until} UTC";
    pub GPUS_OF: "GPUs of {cluster}", "{cluster} 的 GPU";
    pub EARLIER: "the same time before", "之前的同样时长";

    pub BY_MODEL: "Held and used, by model", "占用与使用，按型号";
    pub BY_NAMESPACE: "Held and used, by namespace", "占用与使用，按命名空间";
    pub BY_QUEUE: "Held and used, by queue", "占用与使用，按队列";
    pub BY_WORKLOAD: "Held and used, by workload", "占用与使用，按工作负载";
    pub BY_OWNER: "Held and used, by owner", "占用与使用，按所有者";

    pub CAPACITY: "Capacity", "容量";
    pub PART_USED: "busy, part used", "在用但未用满";
    pub NOT_MEASURED: "not measured", "未测量";
    pub OTHERS: "others", "其他";
    pub FAULTY: "faulty or unknown", "异常或未知";
    pub PART_OF: "{part} of {whole} · {share} %", "{part} / {whole} · {share} %";
    pub USED_OF_HELD: "{used} used of {held}", "{held} 中已用 {used}";
    pub HELD_ONLY: "{held} held, not measured", "占用 {held}，未测量";
    pub NO_MODEL: "model not told", "型号未知";
    pub NO_QUEUE: "in no queue", "不在队列中";
    pub NO_OWNER: "no owner label", "未标注所有者";

    pub STATE: "State", "状态";
    pub STATE_DEFINITION: "what Kubernetes gave out, joined with what exporters measure", "Kubernetes 的分配与 exporter 的测量相结合";
    pub MEMORY_DEFINITION: "device memory in use of what there is", "已用显存占全部显存的比例";
    pub NO_NAME: "none", "无";
    pub FREE: "free", "空闲";
    pub ALLOCATED: "allocated", "已分配";
    pub HELD_IDLE: "held idle", "占而不用";
    pub UNHEALTHY: "unhealthy", "不健康";
    pub UNKNOWN: "unknown", "未知";
    pub NO_VALUE: "no value", "无数据";
    pub CRITICAL: "critical", "严重";
    pub WARNING: "warning", "警告";
    pub CORDONED: "cordoned", "已隔离";

    pub(crate) GPUS: "GPUs", "GPU 数";
    pub(crate) IN_ALL: "in all", "总数";
    pub(crate) HELD: "held", "占用";
    pub USED: "used", "已用";
    pub(crate) USED_BY: "used: {figure}, added up over those measured", "已用：{figure}，对有测量的 GPU 求和";
    pub(crate) NOTHING_MEASURED: "nothing is measured", "没有测量数据";
    pub(crate) GPU_TIME: "time of GPUs: the bar is what was held, its filled part what that did", "GPU 时间：整条为占用，填充部分为已用";
    pub NOT_NAMED: "not named", "未命名";
    pub SEVERAL: "several at once", "多方共用";
    pub(crate) USED_OF: "{used} of {held}", "{held}中已用 {used}";
    pub(crate) HELD_UNMEASURED: "{held}, not measured", "{held}，未测量";

    pub(crate) SECONDS: "{count} s", "{count} 秒";
    pub(crate) MINUTES: "{count} min", "{count} 分";
    pub(crate) HOURS: "{count} h", "{count} 小时";
}

#[cfg(test)]
mod tests {
    use strata_domain::{reading::Figure, tongue::Tongue};

    use super::ALL;
    use crate::font::has_glyphs;

    #[test]
    fn the_fonts_have_every_character_that_a_picture_says() {
        for tongue in Tongue::ALL {
            let words = ALL.iter().map(|words| words.say(tongue));
            let names = Figure::ALL.iter().map(|figure| figure.name(tongue));
            let definitions = Figure::ALL.iter().map(|figure| figure.definition(tongue));
            for said in words.chain(names).chain(definitions) {
                assert!(has_glyphs(said), "{said}");
            }
        }
    }
}
