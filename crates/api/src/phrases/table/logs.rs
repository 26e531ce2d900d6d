//! What logs and exit codes tell.

macro_rules! logs {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            LogCudaOutOfMemory: "{name} ran out of GPU memory", "{name} 显存不足";
            LogGpuError: "A GPU of {name} failed", "{name} 的 GPU 出错";
            LogDns: "{name} cannot resolve a name", "{name} 无法解析域名";
            LogNccl: "{name} lost the other ranks (NCCL)", "{name} 与其他 rank 通信失败（NCCL）";
            LogPython: "{name} raised an error", "{name} 抛出异常";
            LogRestarted: "{container} began anew, {restarts} {restarts?restart:restarts} so far", "容器 {container} 重新启动，累计 {restarts} 次";
            ExitWell: "exit {code}: it ended well", "退出码 {code}：正常结束";
            ExitOutOfMemory: "exit {code}: killed for using more memory than its limit (OOMKilled)", "退出码 {code}：超出内存限制被终止（OOMKilled）";
            ExitUsage: "exit {code}: mostly wrong arguments", "退出码 {code}：通常是参数错误";
            ExitNotExecutable: "exit {code}: the program may not be executed", "退出码 {code}：程序不可执行";
            ExitNotFound: "exit {code}: the program was not found", "退出码 {code}：找不到程序";
            ExitAborted: "exit {code}: it gave up by itself (SIGABRT), as NCCL’s watchdog and failed assertions do", "退出码 {code}：主动中止（SIGABRT），如 NCCL watchdog 或断言失败";
            ExitKilled: "exit {code}: killed (SIGKILL), as after the grace period, or by the kernel for memory of the node", "退出码 {code}：被强制终止（SIGKILL），如超过宽限期，或节点内存不足";
            ExitSegmentation: "exit {code}: native code touched memory that is not its own (SIGSEGV)", "退出码 {code}：本地代码访问非法内存（SIGSEGV）";
            ExitTerminated: "exit {code}: asked to end (SIGTERM)", "退出码 {code}：被要求结束（SIGTERM）";
            ExitSignal: "exit {code}: ended by {signal}", "退出码 {code}：被 {signal} 终止";
            ExitOwn: "exit {code}: the program’s own code for an error", "退出码 {code}：程序自定义的错误码";
        ] $($after)* }
    };
}
