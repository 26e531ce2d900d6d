//! Storage that is amiss.

macro_rules! storage {
    ($then:ident [$($before:tt)*] $($after:tt)*) => {
        $then! { [
            $($before)*

            ClaimLost: "Its volume is gone", "其卷已丢失";
            ClaimUnbound: "A pod mounts it, but it has no volume", "Pod 已挂载，但尚未绑定卷";
            ClaimWaits: "It has no volume, and no pod mounts it", "未绑定卷，也没有 Pod 挂载";
            ClaimUnused: "No pod mounts it", "没有 Pod 挂载";
            VolumeFailed: "It could not be reclaimed", "回收失败";
            VolumeReleased: "Its claim is gone; the volume is kept", "PVC 已删除，卷仍保留";
            VolumeAvailable: "Nothing claims it", "没有 PVC 绑定";
            VolumeFull: "{available} of {capacity} left", "{capacity} 中仅剩 {available}";
            VolumeNearlyFull: "Nearly full: {available} of {capacity} left", "即将写满：{capacity} 中仅剩 {available}";
            VolumeUnattached: "It is not attached to node {node}: {message}", "未能挂接到节点 {node}：{message}";
            VolumeAttaching: "It is not attached to node {node} yet", "尚未挂接到节点 {node}";
            SnapshotFailed: "The snapshot could not be taken: {message}", "快照失败：{message}";
        ] $($after)* }
    };
}
