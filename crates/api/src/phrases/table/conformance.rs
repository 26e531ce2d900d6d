//! The conformance checklist.

macro_rules! conformance {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            DraServed: "The API is served; no driver publishes devices", "API 已提供；没有驱动发布设备";
            DraPublished: "The API is served; devices are published by {drivers}", "API 已提供；{drivers} 发布设备";
            DraNotServed: "The API of dynamic resource allocation is not served", "未提供动态资源分配 API";
            DriversTold: "Nodes tell their driver’s version, but nothing that maintains it is seen", "节点报告驱动版本，但未发现维护驱动的组件";
            GpuShared: "Parts of accelerators may be asked for: {ways}", "可申请部分加速器：{ways}";
            GpuShareable: "Accelerators could be partitioned, but none is", "加速器支持切分，但均未切分";
            GpuNotShared: "Accelerators are given out whole alone", "加速器只能整块申请";
            GpuNotVirtual: "No node tells of virtual accelerators", "没有节点报告虚拟加速器";
            AccessMediated: "What hands out accelerators is seen; that nothing else gets at them takes a test workload", "可见加速器的分配组件；是否完全隔离需要测试工作负载";
            GatewayAccepted: "Gateway classes are accepted: {classes}", "已接受的 GatewayClass：{classes}";
            GatewayNoClass: "Gateway API is served, but no implementation accepted a class", "Gateway API 已提供，但没有实现接受 GatewayClass";
            GatewayNotServed: "Gateway API is not served", "未提供 Gateway API";
            InferencePools: "{count} inference {count?pool:pools} to route to", "{count} 个 InferencePool";
            InferenceNoPool: "The inference extension is served, but there is no pool", "推理扩展已提供，但没有 InferencePool";
            FabricUnmanaged: "Nodes have {names}, but nothing that manages it is seen", "节点具备 {names}，但未发现管理组件";
            Disaggregated: "Prefill and decode run apart", "Prefill 与 Decode 分离运行";
            DisaggregationServed: "Kinds for it are served, but nothing runs prefill and decode apart", "相关 CRD 已安装，但没有分离运行的服务";
            GangsServed: "Kubernetes’s own PodGroup is served; whether the scheduler heeds it is not told", "已提供 Kubernetes 自身的 PodGroup；无法得知调度器是否启用";
            NodeScalerUnseen: "No autoscaler of nodes is seen; a cloud may run one outside of the cluster", "未发现节点扩缩组件；云厂商可能在集群外运行";
            HpaCustom: "Pods may scale by metrics of their own: {apis}", "Pod 可按自定义指标扩缩：{apis}";
            HpaResource: "Pods scale by CPU and memory; no API of custom or external metrics answers", "Pod 可按 CPU 与内存扩缩；没有可用的自定义或外部指标 API";
            HpaNoMetrics: "The autoscaler of pods is served, but no API of metrics answers", "已提供 Pod 扩缩，但没有可用的指标 API";
            HpaNotServed: "The autoscaler of pods is not served", "未提供 Pod 扩缩";
            Sandboxed: "Runtime classes with a kernel of their own: {classes}", "具有独立内核的 RuntimeClass：{classes}";
            NotSandboxed: "No runtime class puts a kernel between workload and node", "没有隔离内核的 RuntimeClass";
            ActServeDra: "Turn on resource.k8s.io on the API server", "在 API 服务器上启用 resource.k8s.io";
            ActManageDrivers: "Install the vendor’s operator, which keeps drivers and runtimes right", "安装厂商 Operator 以维护驱动与运行时";
            ActShare: "Turn on MIG, time-slicing, MPS or HAMi for some nodes", "在部分节点启用 MIG、time-slicing、MPS 或 HAMi";
            ActVirtualize: "Install vGPU or HAMi where accelerators are to be shared as virtual ones", "如需虚拟加速器，安装 vGPU 或 HAMi";
            ActRunTest: "Run the test workload on each kind of accelerator node", "在各类加速器节点上运行测试工作负载";
            ActGateway: "Install an implementation of Gateway API, such as Envoy Gateway, Istio or kgateway", "安装 Gateway API 实现，如 Envoy Gateway、Istio 或 kgateway";
            ActInferencePool: "Make an InferencePool of the engine’s pods", "为推理引擎的 Pod 创建 InferencePool";
            ActDisaggregate: "Serve a model by llm-d or Dynamo, with prefill and decode apart", "使用 llm-d 或 Dynamo 分离 Prefill 与 Decode";
            ActSandbox: "Install Kata Containers or gVisor, and make a runtime class of it", "安装 Kata Containers 或 gVisor 并创建 RuntimeClass";
        ] $($after)* }
    };
}
