//! What the figures are called, and what they mean: the definition, since when it counts, and of errors what is
//! to be done. The words of both languages stand here alone, for every shell, for pictures and for reports.

use super::Figure;
use crate::tongue::Tongue;

macro_rules! figures {
    ($(
        $figure:ident:
        $name:literal, $chinese_name:literal;
        $definition:literal, $chinese_definition:literal;
    )*) => {
        impl Figure {
            /// What it is called in `tongue`.
            pub fn name(self, tongue: Tongue) -> &'static str {
                match self {
                    $(Self::$figure => tongue.of($name, $chinese_name),)*
                }
            }

            /// What it means, in a few words of `tongue`.
            pub fn definition(self, tongue: Tongue) -> &'static str {
                match self {
                    $(Self::$figure => tongue.of($definition, $chinese_definition),)*
                }
            }
        }
    };
}

figures! {
    Utilization:
        "GPU utilization", "GPU 利用率";
        "share of time in which any kernel ran, were it on one multiprocessor alone: 100 % may be little work",
        "有任一内核运行的时间占比；哪怕只用到一个多处理器，所以 100 % 也可能只是很少的工作";
    EngineActive:
        "Engine active", "Engine active";
        "share of time in which the graphics or compute engine was active",
        "图形或计算引擎工作的时间占比";
    SmActive:
        "SM active", "SM active";
        "share of cycles in which a multiprocessor had a warp, mean of all multiprocessors",
        "多处理器上有线程束的周期占比，取全部多处理器的平均";
    AiCoreUtilization:
        "AI Core utilization", "AI Core 利用率";
        "share of cycles in which the AI Cores of an NPU worked, mean of all of them; comparable with no other",
        "NPU 的 AI Core 工作的周期占比，取全部核心的平均；与其他指标不可比";
    SmOccupancy:
        "SM occupancy", "SM occupancy";
        "resident warps of what the multiprocessors can hold",
        "驻留线程束占多处理器可容纳数的比例";
    TensorActive:
        "Tensor active", "Tensor active";
        "share of cycles in which the tensor cores worked",
        "Tensor Core 工作的周期占比";
    DramActive:
        "DRAM active", "DRAM active";
        "share of cycles in which the memory interface moved data",
        "显存接口传输数据的周期占比";
    MemoryUtilization:
        "Memory utilization", "显存利用率";
        "share of time in which device memory was read or written; not how full it is",
        "读写显存的时间占比；不是显存占用率";
    EncoderUtilization:
        "Encoder", "编码器";
        "share of time in which the video encoder worked",
        "视频编码器工作的时间占比";
    DecoderUtilization:
        "Decoder", "解码器";
        "share of time in which the video decoder worked",
        "视频解码器工作的时间占比";
    MemoryUsed:
        "Framebuffer used", "已用显存";
        "device memory in use, the driver’s own reserve left out",
        "已用显存，不含驱动自身保留的部分";
    MemoryFree:
        "Framebuffer free", "空闲显存";
        "device memory that is free",
        "空闲显存";
    MemoryReserved:
        "Framebuffer reserved", "保留显存";
        "device memory that the driver keeps for itself",
        "驱动自身保留的显存";
    MemoryTotal:
        "Framebuffer total", "显存总量";
        "device memory in all",
        "显存总量";
    Temperature:
        "Temperature", "温度";
        "temperature of the chip",
        "芯片温度";
    MemoryTemperature:
        "Temperature, memory", "显存温度";
        "temperature of the memory",
        "显存温度";
    Power:
        "Power", "功率";
        "power drawn",
        "功耗";
    PowerLimit:
        "Power limit", "功率上限";
        "the limit that power is held to: clocks go down before it is passed",
        "功率上限：接近时会先降低时钟";
    Energy:
        "Energy", "能耗";
        "energy drawn since the driver was loaded",
        "自驱动加载以来消耗的能量";
    SmClock:
        "SM clock", "SM 时钟";
        "clock of the multiprocessors",
        "多处理器的时钟";
    MemoryClock:
        "Memory clock", "显存时钟";
        "clock of the memory",
        "显存的时钟";
    ClocksEventReasons:
        "Clocks event reasons", "时钟事件原因";
        "why clocks are lower than they could be, as NVML’s bits; in words below",
        "时钟低于可达值的原因（NVML 位），下方有文字说明";
    ThermalViolation:
        "Lost to heat", "因过热损失";
        "time lost to heat since the driver was loaded: cooling is short where it grows",
        "自驱动加载以来因过热损失的时间：持续增长说明散热不足";
    PowerViolation:
        "Lost to the power limit", "因功率上限损失";
        "time lost to the power limit since the driver was loaded",
        "自驱动加载以来因功率上限损失的时间";
    LastXid:
        "Last XID", "最近的 XID";
        "the last error that the driver reported since it was loaded; it stays when the GPU has recovered",
        "驱动加载以来报告的最后一个错误；GPU 恢复后该值仍会保留";
    ErrorCode:
        "Error code", "错误码";
        "the last error code of the device; 0 for none",
        "设备最近的错误码；0 表示没有";
    Health:
        "Health", "健康状态";
        "whether the exporter takes the device for well",
        "Exporter 是否认为设备正常";
    EccCorrected:
        "ECC, corrected", "ECC 已纠正";
        "memory errors corrected since the driver was loaded: nothing was lost; watch whether they grow",
        "自驱动加载以来已纠正的显存错误：没有数据损失；请关注是否增长";
    EccUncorrected:
        "ECC, uncorrected", "ECC 未纠正";
        "memory errors that could not be corrected since the driver was loaded: what ran was ended; reset the GPU",
        "自驱动加载以来未能纠正的显存错误：当时运行的程序已被终止；请重置该 GPU";
    RowsRemappedCorrected:
        "Rows remapped, corrected", "行重映射（已纠正）";
        "rows of memory replaced by spare ones after corrected errors",
        "因已纠正错误而换用备用行的显存行数";
    RowsRemappedUncorrected:
        "Rows remapped, uncorrected", "行重映射（未纠正）";
        "rows of memory replaced by spare ones after uncorrected errors: a bank has few, then the card is to be replaced",
        "因未纠正错误而换用备用行的显存行数：每个存储体的备用行很少，用完需换卡";
    RowRemapFailure:
        "Row remap failed", "行重映射失败";
        "a row found no spare one: have the card replaced",
        "某一行已没有备用行：请更换该卡";
    PagesRetiredCorrected:
        "Pages retired, corrected", "已停用页（可纠正错误）";
        "pages of memory taken out of use after several corrected errors each; GPUs since Ampere remap rows instead",
        "因多次可纠正错误而停用的显存页；Ampere 及之后的 GPU 改用行重映射";
    PagesRetiredUncorrected:
        "Pages retired, uncorrected", "已停用页（不可纠正错误）";
        "pages of memory taken out of use after an uncorrected error each: watch whether they grow, then have the card replaced",
        "因不可纠正错误而停用的显存页：若持续增加，请更换该卡";
    PageRetirementPending:
        "Page retirement pending", "页停用待生效";
        "a page waits to be taken out of use: drain the node and reset the GPU",
        "有一页等待停用：请排空节点并重置该 GPU";
    PcieTx:
        "PCIe sent", "PCIe 发送";
        "data sent over PCIe",
        "经 PCIe 发送的数据";
    PcieRx:
        "PCIe received", "PCIe 接收";
        "data received over PCIe",
        "经 PCIe 接收的数据";
    PcieReplays:
        "PCIe replays", "PCIe 重传";
        "packets that PCIe had to send again since the driver was loaded: seat or riser where it grows",
        "自驱动加载以来 PCIe 重传的数据包：持续增长请检查插槽或转接卡";
    NvlinkTx:
        "NVLink sent", "NVLink 发送";
        "data sent over NVLink, all links together",
        "经 NVLink 发送的数据，所有链路合计";
    NvlinkRx:
        "NVLink received", "NVLink 接收";
        "data received over NVLink, all links together",
        "经 NVLink 接收的数据，所有链路合计";
    NvlinkReplays:
        "NVLink replays", "NVLink 重传";
        "packets that the link had to send again: bridge, cable or seat where they grow",
        "链路需要重传的数据包：若增加，检查桥接器、线缆或插接";
    NvlinkRecoveries:
        "NVLink recoveries", "NVLink 恢复";
        "how often the link had to be trained anew: what runs over it waits meanwhile; bridge, cable or seat",
        "链路重新训练的次数：期间其上的任务会等待；检查桥接器、线缆或插接";
    NvlinkCrcErrors:
        "NVLink CRC errors", "NVLink CRC 错误";
        "checksum errors of flow control digits received, of all that it carries since Hopper: few are normal, what grows is not",
        "收到的流控单元校验错误，Hopper 起为全部校验错误：少量属正常，持续增加则不正常";
    NvlinkDataCrcErrors:
        "NVLink CRC errors, data", "NVLink 数据 CRC 错误";
        "checksum errors of data received; counted apart up to Ampere",
        "收到的数据校验错误；仅 Ampere 及之前单独计数";
    RowRemapPending:
        "Row remap pending", "行重映射待生效";
        "a row waits to be remapped: drain the node and reset the GPU",
        "有一行等待重映射：请排空节点并重置该 GPU";
    FanSpeed:
        "Fan", "风扇";
        "speed of the fan, of its highest",
        "风扇转速占最高转速的比例";
    PcieGeneration:
        "PCIe generation", "PCIe 代次";
        "the generation at which the link runs now; it goes down at rest",
        "链路当前运行的代次；空闲时会降低";
    PcieWidth:
        "PCIe lanes", "PCIe 通道数";
        "the lanes over which the link runs now",
        "链路当前使用的通道数";
    CpuUtilization:
        "CPU utilization", "CPU 利用率";
        "share of time in which the machine’s processors worked",
        "处理器工作的时间占比";
    HostMemoryUsed:
        "Memory used", "已用内存";
        "memory that is not available to a program that starts",
        "新启动的程序无法使用的内存";
    HostMemoryTotal:
        "Memory total", "内存总量";
        "the machine’s memory in all",
        "内存总量";
    SwapUsed:
        "Swap used", "已用交换空间";
        "memory that was moved to disk",
        "被移到磁盘的内存";
    DiskUsed:
        "Disk used", "已用磁盘";
        "room in use on the disk",
        "磁盘已用空间";
    DiskTotal:
        "Disk total", "磁盘总量";
        "room on the disk in all",
        "磁盘总空间";
    DiskRead:
        "Disk read", "磁盘读取";
        "data read from disks",
        "从磁盘读取的数据";
    DiskWritten:
        "Disk written", "磁盘写入";
        "data written to disks",
        "写入磁盘的数据";
    NetworkReceived:
        "Network received", "网络接收";
        "data received from networks",
        "从网络接收的数据";
    NetworkSent:
        "Network sent", "网络发送";
        "data sent to networks",
        "向网络发送的数据";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_a_name_of_its_own_and_a_definition_in_both_languages() {
        for tongue in Tongue::ALL {
            let names: BTreeSet<&str> = Figure::ALL.iter().map(|one| one.name(tongue)).collect();
            assert_eq!(names.len(), Figure::ALL.len());
            for figure in Figure::ALL {
                assert!(!figure.definition(tongue).is_empty(), "{figure:?}");
            }
        }
    }
}
