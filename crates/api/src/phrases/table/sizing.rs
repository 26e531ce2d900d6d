//! Where a model fits, and why its memory cannot be planned.

macro_rules! sizing {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // Where it fits.
            FitOnNoSplit: "{model}: even over {count} {count?GPU:GPUs} each would hold {wanted} of {memory}", "{model}：即使切分到 {count} 块 GPU，每块仍需 {wanted}（共 {memory}）";
            FitOnNoSplitRemedy: "Take a smaller format, a shorter context, or larger GPUs", "改用更小的权重格式、更短的上下文或更大的 GPU";
            FitOnNoGpus: "No node has whole GPUs and says how much memory they have", "没有节点提供整块 GPU 并标明显存";

            // Why a model's memory cannot be planned.
            SizingUnknownModel: "The sizes of {model} are not known here", "没有 {model} 的规格信息";
            SizingUnreadable: "This config.json cannot be used: {message}", "无法使用此 config.json：{message}";
            SizingUnknownFormat: "The bits of the format {format} are not known", "格式 {format} 的位宽未知";
        ] $($after)* }
    };
}
