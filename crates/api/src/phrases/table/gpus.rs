//! What is wrong with a GPU, why it is slow, why it cannot be used.

macro_rules! gpus {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // What is wrong with a GPU: what it is.
            XidTitle: "XID {xid}: {name}", "XID {xid}：{name}";
            XidUntitled: "XID {xid}, which is not known here", "XID {xid}（此版本未收录）";
            XidPastTitle: "XID {xid}, before Strata was watching: {name}", "XID {xid}（Strata 开始观察之前）：{name}";
            XidPastUntitled: "XID {xid}, before Strata was watching, which is not known here", "XID {xid}（Strata 开始观察之前，此版本未收录）";
            XidOnNode: "XID {xid} on {node}, GPU {index}: {name}", "{node} GPU {index} 出现 XID {xid}：{name}";
            GpuBroken: "GPU {index} of {node} is broken", "{node} 的 GPU {index} 已损坏";
            GpusHeldIdle: "{workload} holds {count} {count?GPU:GPUs} idle", "{workload} 占用 {count} 块 GPU 而闲置";
            GpusHeldIdleWhy: "{memory} of memory is held, and nothing has run for {waited}: others wait for it or pay for it", "占用 {memory} 显存，{waited} 无任务运行：其他任务在等待，或为其付费";
            GpuWithdrawn: "Kubernetes may not give it out", "Kubernetes 不可分配该设备";
            GpuRowRemapFailed: "A row of memory could not be remapped", "显存行重映射失败";
            GpuRowRemapPending: "A row of memory is remapped when the GPU is reset", "显存行将在 GPU 重置后重映射";
            GpuEccUncorrected: "{count} uncorrectable memory {count?error:errors}", "{count} 个不可纠正的显存错误";
            GpuSaysUnhealthy: "Its exporter calls it unhealthy", "其 exporter 报告设备不健康";
            GpuIdleHeld: "Held with {memory} of memory, and nothing has run for {waited}", "占用 {memory} 显存，但已 {waited} 无任务运行";

            // What that means.
            XidOffBus: "The driver lost the PCIe link: heat, power, a seating or riser fault. It does not come back until the node is reset", "驱动失去 PCIe 链路：过热、供电、插接或转接卡故障。节点重启前无法恢复";
            XidMemory: "Memory returned data that could not be corrected; what ran on it may have computed with it", "显存返回了无法纠正的数据；其上的任务可能已受影响";
            XidRemap: "Memory errors were met by remapping rows, which takes effect when the GPU is reset", "显存错误已通过行重映射处理，需重置 GPU 后生效";
            XidRemapFailed: "There is no spare row left to remap to: the GPU is to be replaced", "已无可用的备用行：应更换该 GPU";
            XidNvlink: "An NVLink failed; work over several GPUs stops or slows down", "NVLink 故障；多 GPU 任务会停止或变慢";
            XidFirmware: "The GPU's own firmware does not answer the driver", "GPU 固件未响应驱动";
            XidApplication: "A program did what the GPU does not allow; the GPU itself is well", "程序执行了 GPU 不允许的操作；GPU 本身正常";
            XidStopped: "A program was ended on the GPU, mostly after another error", "GPU 上的程序被终止，通常由其他错误引起";
            XidTimeout: "The GPU did not answer in time; what ran on it is lost", "GPU 未及时响应；其上的任务已丢失";
            XidHardware: "Power, the bus or another part of the machine fails the GPU", "供电、总线或机器其他部件出现故障，影响该 GPU";
            XidEngine: "An engine of the GPU failed a program's work; other programs go on", "GPU 的某个引擎处理任务失败；其他程序不受影响";
            XidPassing: "The driver dealt with it; what runs goes on", "驱动已自行处理；任务继续运行";
            XidUnknown: "It came after this version of Strata, and is told as the driver said it", "该错误号晚于此版本的 Strata，按驱动原样显示";
            XidOther: "NVIDIA's list of XIDs explains it", "详见 NVIDIA 的 XID 列表";
            GpuWithdrawnMeaning: "The device plugin counts {unhealthy} of {total} on this node as unhealthy, and does not say which", "设备插件将该节点 {total} 块中的 {unhealthy} 块标为异常，但未指明是哪一块";
            GpuIdleMeaning: "{workload} holds it; others wait or pay for what it does not use", "由 {workload} 占用；其他任务只能等待或承担其闲置成本";

            // What to do about a GPU.
            ActResetNode: "Cordon and drain {node}, then reset or restart it", "隔离并排空 {node}，然后重置或重启";
            ActResetGpu: "Drain what runs on it, then reset the GPU: nvidia-smi --gpu-reset -i {index}", "排空其上的任务后重置 GPU：nvidia-smi --gpu-reset -i {index}";
            ActReplaceGpu: "Cordon {node} and have the GPU replaced", "隔离 {node} 并更换该 GPU";
            ActReadProgram: "Read the log of the program that ran on it", "查看其上运行程序的日志";
            ActXidNothing: "Nothing has to be done unless it comes back often", "无需处理，除非频繁出现";
            ActXidPower: "Check the GPU's power cables and its seat", "检查 GPU 的供电线和插槽";
            ActXidUpdate: "Update driver and firmware to versions that go together", "将驱动与固件更新到相互匹配的版本";
            ActXidLog: "Read the kernel's log of that time (sudo dmesg | grep Xid): the errors beside it say what to do", "查看该时刻的内核日志（sudo dmesg | grep Xid）：同时出现的错误会说明如何处理";
            ActXidSupport: "If it comes back, ask whoever sold the machine, with the report of sudo nvidia-bug-report.sh", "若再次出现，附上 sudo nvidia-bug-report.sh 的报告联系供应商";
            ActXidLookUp: "Look it up in NVIDIA's list: docs.nvidia.com/deploy/xid-errors", "在 NVIDIA 的列表中查阅：docs.nvidia.com/deploy/xid-errors";
            ActAskHolder: "Ask whoever runs {workload}, or stop it", "联系 {workload} 的负责人，或停止它";

            // Why clocks are lower than they could be (NVML's clocks event reasons).
            ClockIdle: "idle: nothing runs", "空闲：无任务运行";
            ClockApplication: "set by application clocks", "受应用时钟设置限制";
            ClockPowerCap: "held to the power limit", "受功耗上限限制";
            ClockHardwareSlowdown: "slowed down by the hardware: heat or power", "硬件降频：过热或供电";
            ClockSync: "held in step with other GPUs", "与其他 GPU 同步升频";
            ClockThermalSoftware: "slowed down by the driver: heat", "驱动降频：过热";
            ClockThermalHardware: "slowed down by the hardware: heat", "硬件降频：过热";
            ClockPowerBrake: "slowed down by the power supply's brake signal", "供电制动信号触发降频";
            ClockDisplay: "held by the display's clocks", "受显示时钟限制";
            ClockUnknown: "for a reason that is not known here: {bits}", "未收录的原因：{bits}";

            // Why free GPUs cannot be used as they could be.
            StrandedPartial: "{free} of {total} are free: too few for a whole node's pod", "{total} 块中 {free} 块空闲：不足以运行整机 Pod";
            StrandedCordoned: "the node is cordoned", "节点已隔离";
            StrandedNotReady: "the node does not answer", "节点无响应";
            StrandedTainted: "only pods that tolerate {taint} are placed there", "仅容忍 {taint} 的 Pod 可调度到该节点";
            StrandedParted: "{free} {free?is:are} cut into parts: a pod gets parts, and no whole device", "{free} 块已切分：Pod 只能获得切片，而非整块设备";
            StrandedCpu: "the node has {cores} CPU {cores?core:cores} left for them", "节点仅剩 {cores} 个 CPU 核";
            StrandedMemory: "the node has {memory} of memory left for them", "节点仅剩 {memory} 内存";

            // Why a claim has no devices.
            DeviceClaimUnasked: "no pod asks for it: devices are given when one does", "没有 Pod 使用它：有 Pod 使用时才会分配设备";
            DeviceClaimPodWaits: "the pod {pod} was not placed yet", "Pod {pod} 尚未被调度";
            DeviceClaimPodUnplaced: "the pod {pod} cannot be placed: {message}", "Pod {pod} 无法调度：{message}";
        ] $($after)* }
    };
}
