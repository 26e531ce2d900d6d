//! What is wrong with this machine's accelerators and their drivers.

macro_rules! drivers {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // What to do about an accelerator of this machine.
            LocalOffBus: "Save your work and restart the machine; if it comes back, check its power cable and seat", "保存工作并重启机器；若再次出现，检查供电与插槽";
            LocalReset: "End what runs on it and close every monitor of it, Strata's too, then reset it: sudo nvidia-smi --gpu-reset -i {index}", "结束其上的任务，关闭所有监控程序（包括 Strata），再重置：sudo nvidia-smi --gpu-reset -i {index}";
            LocalReplace: "Have the GPU replaced", "更换该 GPU";

            // What is wrong with it: what it is, why, what to do.
            DeviceLost: "The GPU has fallen off the bus", "GPU 已从总线上丢失";
            DeviceFellOff: "The GPU at {pci} has fallen off the bus and is not there any more", "位于 {pci} 的 GPU 已从总线上丢失，不再可见";
            DeviceFellOffWhy: "The kernel's log has XID {xid} of it, and the driver does not list it now: heat, power, a seating or riser fault", "内核日志中有它的 XID {xid}，驱动目前未列出该设备：可能是过热、供电、插接或转接卡故障";
            DeviceNeedsReset: "The GPU must be reset before it works again", "GPU 需要重置后才能工作";
            DeviceNeedsResetWhy: "Its driver refuses to use it after an error", "发生错误后驱动拒绝使用它";
            GpuPagesPending: "Pages of memory are taken out of use when the GPU is reset", "部分显存页将在 GPU 重置后停用";
            GpuPagesPendingWhy: "Errors of memory are met by retiring its page, which takes effect when the GPU is reset or its driver loaded anew", "显存错误通过停用所在页处理，重置 GPU 或重新加载驱动后生效";
            NvlinkRecovered: "NVLink {link} had to be trained anew {count} {count?time:times}", "NVLink {link} 已重新训练 {count} 次";
            NvlinkRecoveredWhy: "The link failed and came back; while it is away, work over several GPUs waits", "链路曾中断后恢复；中断期间多 GPU 任务会等待";
            NvlinkRecoveredAct: "If the count grows, check the bridge or the seat, at the switch the cable: nvidia-smi nvlink -e -i {index}", "若次数增加，检查桥接器、插接或交换机线缆：nvidia-smi nvlink -e -i {index}";
            DriverLibraryMissing: "NVIDIA's library is not where it should be", "未找到 NVIDIA 驱动库";
            DriverLibraryMissingWhy: "There is a GPU of NVIDIA's, but none of {tried} can be loaded", "存在 NVIDIA GPU，但无法加载 {tried}";
            DriverLibraryMissingAct: "Install the driver's library (libnvidia-compute, nvidia-utils), or name it with STRATA_NVML_LIBRARY", "安装驱动库（libnvidia-compute、nvidia-utils），或用 STRATA_NVML_LIBRARY 指定路径";
            DriverLibraryUnusable: "The library that was named cannot be loaded", "指定的驱动库无法加载";
            DriverLibraryUnusableWhy: "{path}: {message}", "{path}：{message}";
            DriverLibraryUnusableAct: "Correct STRATA_NVML_LIBRARY, or leave it out", "更正或去掉 STRATA_NVML_LIBRARY";
            DriverMismatch: "Driver and library are of different versions", "驱动与库版本不一致";
            DriverMismatchWhy: "The driver was updated while its old module is loaded: library {library}, module {module}", "驱动已更新，但仍加载着旧模块：库 {library}，模块 {module}";
            DriverMismatchUntold: "The driver was updated while its old module is loaded", "驱动已更新，但仍加载着旧模块";
            DriverMismatchAct: "Restart the machine, or unload and load the module nvidia once nothing uses it", "重启机器，或在无程序使用时重新加载 nvidia 模块";
            DriverNotLoaded: "NVIDIA's kernel module is not loaded", "NVIDIA 内核模块未加载";
            DriverNotLoadedWhy: "The library is there, but no driver answers it", "驱动库存在，但没有驱动响应";
            DriverNotLoadedAct: "Load it: sudo modprobe nvidia; dmesg says why where that fails", "加载模块：sudo modprobe nvidia；失败原因见 dmesg";
            DriverForbidden: "This user may not open the GPUs", "当前用户无权打开 GPU";
            DriverForbiddenWhy: "{path} cannot be opened", "无法打开 {path}";
            DriverForbiddenAct: "Join the group that owns {path}, or give a container the device (--gpus all)", "加入 {path} 所属的组，或为容器提供设备（--gpus all）";
            DriverWsl: "WSL 2 has no NVIDIA library", "WSL 2 中没有 NVIDIA 驱动库";
            DriverWslWhy: "Under WSL 2 the library comes with the driver of Windows, in /usr/lib/wsl/lib", "WSL 2 的驱动库随 Windows 驱动提供，位于 /usr/lib/wsl/lib";
            DriverWslAct: "Install NVIDIA's driver in Windows (512.15 or later), then wsl --shutdown", "在 Windows 中安装 NVIDIA 驱动（512.15 或更高），然后执行 wsl --shutdown";
            DriverHangs: "The driver has not answered for {waited}", "驱动已 {waited} 未响应";
            DriverHangsWhy: "The call {call} to {device} has not come back; all figures of accelerators are as old as that", "对 {device} 的调用 {call} 未返回；加速器的所有数据停在此前";
            DriverHangsAct: "Read the kernel log for an XID: sudo dmesg --level=err,warn; what hangs is asked in a process of its own, which is ended and started anew", "查看内核日志中的 XID：sudo dmesg --level=err,warn；采样在独立进程中进行，将被结束并重新启动";
            DriverStuck: "The process that asks the driver hangs in the kernel", "采样进程卡在内核中";
            DriverStuckWhy: "Process {pid} cannot be ended; another one would come to hang beside it", "进程 {pid} 无法结束；再启动一个也会卡住";
            DriverStuckAct: "Save your work and restart the machine", "保存工作并重启机器";
            SamplerEnded: "The process that asks the drivers ended", "采样进程已退出";
            SamplerEndedWhy: "{how}; it is started again in {waited}", "{how}；{waited} 后重新启动";
            SamplerEndedAct: "Nothing, unless it happens again: then report it with the log (STRATA_LOG=debug)", "无需处理；若反复出现，请附日志报告（STRATA_LOG=debug）";
            DriverSays: "NVIDIA's driver says: {message}", "NVIDIA 驱动报告：{message}";
            DriverSaysWhy: "It answers, but not as it should", "驱动有响应，但不正常";
            DriverSaysAct: "Read the kernel log: sudo dmesg --level=err,warn", "查看内核日志：sudo dmesg --level=err,warn";

            // Why its errors of before are not known.
            XidLogForbidden: "Errors of before Strata was watching are not known: this user may read neither the kernel's log (kernel.dmesg_restrict) nor the journal of it", "无法得知 Strata 开始观察之前的错误：当前用户既不能读取内核日志（kernel.dmesg_restrict），也不能读取其 journal";
            XidLogForbiddenAct: "Look for them: sudo dmesg | grep 'NVRM: Xid'; or join a group that may read the journal and log in anew: sudo usermod -aG systemd-journal $USER (on Debian and Ubuntu adm, too)", "自行查看：sudo dmesg | grep 'NVRM: Xid'；或加入可读取 journal 的组后重新登录：sudo usermod -aG systemd-journal $USER（Debian、Ubuntu 也可用 adm）";
            XidLogMissing: "Errors of before Strata was watching are not known: there is no kernel log here, as in a container", "无法得知 Strata 开始观察之前的错误：此处没有内核日志（例如在容器中）";
            XidLogMissingAct: "Look for them on the host: sudo dmesg | grep 'NVRM: Xid'; or give the container the log: --device /dev/kmsg --cap-add SYSLOG", "在主机上查看：sudo dmesg | grep 'NVRM: Xid'；或为容器提供日志：--device /dev/kmsg --cap-add SYSLOG";

            // What is to be known of its figures.
            RemarkWsl: "WSL 2: many figures are not there, and processes have no names", "WSL 2：许多数据不可用，进程没有名称";
            RemarkForeign: "The processes on it have numbers of the host: Strata runs in a container with numbers of its own; start that with --pid=host", "其上的进程使用主机的进程号，而 Strata 在独立的 PID 命名空间中运行；请以 --pid=host 启动";
            RemarkMigOn: "MIG is on: the driver tells no utilization of the whole GPU, nor of its processes", "MIG 已启用：驱动不提供整块 GPU 及其进程的利用率";
            RemarkMps: "Programs share it by MPS: its utilization is that of all together, and none is attributed to one", "多个程序通过 MPS 共享该 GPU：利用率为合计值，无法归属到单个程序";
            RemarkMigPending: "MIG is switched after the next reset", "MIG 将在下次重置后切换";
            RemarkUnified: "It shares the machine's memory, so it has none of its own to tell", "与主机共享内存，没有独立显存";
            RemarkSuspended: "It sleeps to save power; asking it would wake it", "处于节能休眠；查询会将其唤醒";
            RemarkOwnProcesses: "Only your own processes are seen here; an administrator sees all", "此处只能看到自己的进程；管理员可看到全部";
            RemarkNoPersistence: "Persistence mode is off: what is set is lost when nothing uses the GPU", "持久模式未启用：GPU 空闲时所作设置会丢失";
        ] $($after)* }
    };
}
