//! A model's life: its stages, and what keeps it from getting on.

macro_rules! models {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // The stages of a model's life.
            StageRunning: "{count} running", "{count} 个运行";
            StageWaiting: "{count} waiting", "{count} 个等待";
            StageFailed: "{count} failed", "{count} 个失败";
            StageDone: "{count} done", "{count} 个完成";
            StagePaused: "{count} paused", "{count} 个已暂停";
            StageKept: "{count} stored", "{count} 个已存储";
            StageCaches: "{count} {count?dataset:datasets} held", "{count} 个数据集";

            // What keeps a model from getting on in the loop.
            ModelUnserved: "Stored, but nothing serves it", "已存储，但没有服务使用它";
            ModelUntaken: "Trained {ago} ago, but nothing serves it", "{ago}前训练完成，但没有服务使用它";
            ModelFailed: "Its training failed {ago} ago", "{ago}前训练失败";
            ModelWaits: "{name} waits and does not run", "{name} 等待中，尚未运行";
            ModelIll: "{name} is unhealthy", "{name} 状态异常";
            ModelFetched: "{name} has it {fill}", "{name} 已取得 {fill}";
            ModelClaimUnbound: "Claim {name}, which holds it, has no volume", "存放它的 PVC {name} 未绑定卷";
        ] $($after)* }
    };
}
