//! Changing this machine.

macro_rules! machine {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            // Ending a process of this machine: what it is, what that does, why it cannot be.
            ProcessIs: "{user} runs it: {command}", "由 {user} 运行：{command}";
            ProcessFrees: "{memory} of GPU {index} becomes free", "将释放 GPU {index} 的 {memory} 显存";
            ProcessFreesUntold: "How much of GPU {index} becomes free is not told", "将释放 GPU {index} 的显存，数量未知";
            ProcessAsked: "It is asked to end (SIGTERM) and may finish what it does", "将请求其退出（SIGTERM），它可以先完成收尾";
            ProcessForced: "It ends at once (SIGKILL); what it has not saved is lost", "将立即结束（SIGKILL），未保存的内容会丢失";
            ProcessDraws: "It draws the desktop: the session on this screen ends with it", "它负责绘制桌面：结束它会终止当前图形会话";
            ProcessGone: "The process is gone", "进程已退出";
            ProcessLingers: "It was asked and is still there after {waited}: it may be saving its work, or not listen", "已请求退出，{waited} 后仍在运行：可能正在保存，或不响应请求";
            RestartedByPod: "It runs in pod {pod}: the kubelet starts its container again unless its restartPolicy is Never; to end it for good, scale or delete what owns the pod", "它运行在 Pod {pod} 中：除非 restartPolicy 为 Never，kubelet 会重新启动其容器；如需彻底停止，请缩容或删除 Pod 的所有者";
            RestartedByRuntime: "It runs in the container {container}, which is started again where its restart policy says so; to end it for good: {command}", "它运行在容器 {container} 中，会按其重启策略重新启动；如需彻底停止：{command}";
            RestartedBySlurm: "It belongs to the Slurm job {job}, which may be queued again; to end it for good: scancel {job}", "它属于 Slurm 作业 {job}，可能重新排队；如需彻底停止：scancel {job}";
            RestartedByUnit: "It belongs to the unit {unit}, which systemd starts again where its Restart= says so; to end it for good: {command}", "它属于单元 {unit}，systemd 会按 Restart= 重新启动；如需彻底停止：{command}";
            RestartedByNobody: "Nothing that Strata sees starts it again", "Strata 未发现会重新启动它的程序";
            ProcessOnNothing: "Process {pid} is on no accelerator of this machine, or its number belongs to another one by now", "进程 {pid} 不在本机的任何加速器上，或该进程号已属于其他进程";
            ProcessForeign: "Whose it is cannot be told: its number is not one that Strata sees", "无法得知其归属：该进程号不在 Strata 可见范围内";
            ProcessForeignAct: "Start the container that Strata runs in with --pid=host, or end it on the host", "以 --pid=host 启动 Strata 所在的容器，或在主机上结束它";
            ProcessFirst: "Everything else here runs under process 1 and would end with it", "其余进程都在 1 号进程之下，会随之结束";
            ProcessFirstAct: "Stop the container or the machine instead", "请改为停止容器或关机";
            ProcessStrata: "It is Strata, or a part of it", "它是 Strata 自身或其组成部分";
            ProcessStrataAct: "Close Strata instead", "请改为关闭 Strata";
            ProcessOfOther: "It belongs to {user}, and ending it takes an administrator", "它属于 {user}，结束它需要管理员权限";
            ProcessOfOtherAct: "Ask {user}, or: {command}", "请联系 {user}，或执行：{command}";
            ProcessNotEnded: "Process {pid} was not ended", "进程 {pid} 未能结束";
            ProcessNotUndone: "A process that was ended cannot be brought back", "已结束的进程无法恢复";

            // Setting a device of this machine: on trial, and what came of that.
            SettingForbidden: "Setting {device} takes an administrator: the driver lets CAP_SYS_ADMIN alone do it", "设置 {device} 需要管理员权限：驱动只允许具有 CAP_SYS_ADMIN 的进程";
            SettingForbiddenAct: "Start Strata as root, or: {command}", "以 root 身份启动 Strata，或执行：{command}";
            SettingAsleep: "It does not answer now", "当前没有响应";
            SettingAsleepAct: "See what is wrong with it first; one that sleeps wakes when something uses it", "请先排查其问题；休眠的设备在被使用时唤醒";
            SettingRefused: "{device} was not set", "{device} 未能设置";
            SettingTrialSpan: "A trial takes {least} to {most} seconds", "试用时长为 {least} 到 {most} 秒";
            SettingTrialOpen: "GPU {index} has this on trial already; keep that or take it back first", "GPU {index} 的此项设置正在试用，请先保留或恢复";
            SettingOnTrial: "It is taken back after {waited} unless it is kept, and when Strata ends before that", "{waited} 内未确认则自动恢复，Strata 提前退出时亦然";
            SettingForGood: "It stays until it is set again or the driver is loaded anew", "将一直生效，直到再次设置或重新加载驱动";
            SettingReadBack: "The device made {now} of the {asked} that were asked for", "请求 {asked}，设备实际为 {now}";
            SettingUntold: "The driver does not tell whether clocks are locked now; taking it back unlocks them", "驱动不提供当前是否锁定时钟，恢复即解除锁定";
            TrialKept: "GPU {index} keeps {now}", "GPU {index} 保留 {now}";
            TrialKeptFree: "The clocks of GPU {index} stay free", "GPU {index} 的时钟保持不锁定";
            TrialTakenBack: "GPU {index} has {now} again", "GPU {index} 已恢复为 {now}";
            TrialFreed: "The clocks of GPU {index} are free again", "GPU {index} 的时钟已解除锁定";
            TrialStuck: "GPU {index} could not be set back from {now}", "GPU {index} 无法从 {now} 恢复";
            TrialStuckWhy: "The driver says: {message}", "驱动报告：{message}";
            TrialStuckAct: "Set it by hand: {command}", "请手动设置：{command}";
        ] $($after)* }
    };
}
