//! Accelerators as Kubernetes sees them: extended resources, node labels, models.

use serde::{Deserialize, Serialize};

use crate::node::Node;

/// What an extended resource stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AcceleratorResource {
    /// Who makes the device.
    pub vendor: Vendor,
    /// Which part of a device one unit is.
    pub unit: Unit,
}

/// Who makes a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Vendor {
    Nvidia,
    Amd,
    Intel,
    Huawei,
    Google,
    Aws,
    Cambricon,
    Hygon,
    Metax,
    MooreThreads,
    Iluvatar,
    Enflame,
    Kunlunxin,
}

/// Which part of a device one unit of a resource is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// A whole device.
    Device,
    /// A share of a device that others use too (time-slicing under its own name).
    Share,
    /// A partition of a device with the given profile, such as `1g.10gb`.
    Partition(String),
}

/// Classifies the name of an extended resource; `None` for what is no accelerator, and for amounts
/// of memory or cores of one.
///
/// Sources of the names: the device plugins' own documentation, collected in the catalogue's
/// reference (NVIDIA k8s-device-plugin, AMD GPU operator, Intel device plugins, Huawei Ascend,
/// GKE, AWS Neuron, HAMi).
pub fn classify(resource: &str) -> Option<AcceleratorResource> {
    let (domain, name) = resource.split_once('/')?;
    let device = |vendor| {
        Some(AcceleratorResource {
            vendor,
            unit: Unit::Device,
        })
    };
    match (domain, name) {
        ("nvidia.com", "gpu") => device(Vendor::Nvidia),
        ("nvidia.com", "gpu.shared") => Some(AcceleratorResource {
            vendor: Vendor::Nvidia,
            unit: Unit::Share,
        }),
        ("nvidia.com", mig) if mig.starts_with("mig-") => Some(AcceleratorResource {
            vendor: Vendor::Nvidia,
            unit: Unit::Partition(mig.trim_start_matches("mig-").to_owned()),
        }),
        ("amd.com", "gpu") => device(Vendor::Amd),
        ("amd.com", part)
            if ["spx_", "dpx_", "qpx_", "cpx_"]
                .iter()
                .any(|p| part.starts_with(p)) =>
        {
            Some(AcceleratorResource {
                vendor: Vendor::Amd,
                unit: Unit::Partition(part.to_owned()),
            })
        }
        ("gpu.intel.com", "i915" | "xe") | ("habana.ai", "gaudi") => device(Vendor::Intel),
        // Some of the AI cores of a chip: `Ascend910-16c`, `Ascend310P-2c.1cpu`.
        ("huawei.com", part) if ascend_cores(part).is_some() => Some(AcceleratorResource {
            vendor: Vendor::Huawei,
            unit: Unit::Partition(part.to_owned()),
        }),
        ("huawei.com", ascend)
            if ascend.starts_with("Ascend")
                && !ascend.ends_with("-memory")
                && !ascend.ends_with("-core") =>
        {
            device(Vendor::Huawei)
        }
        ("google.com", "tpu") => device(Vendor::Google),
        ("aws.amazon.com", "neuron" | "neurondevice") => device(Vendor::Aws),
        ("aws.amazon.com", "neuroncore") => Some(AcceleratorResource {
            vendor: Vendor::Aws,
            unit: Unit::Partition("neuroncore".to_owned()),
        }),
        ("cambricon.com", "mlu") => device(Vendor::Cambricon),
        ("hygon.com", "dcunum") => device(Vendor::Hygon),
        ("metax-tech.com", "gpu") => device(Vendor::Metax),
        ("mthreads.com", "vgpu") => device(Vendor::MooreThreads),
        ("iluvatar.ai", "MR-V100-vgpu") => device(Vendor::Iluvatar),
        ("enflame.com", "gcu") => device(Vendor::Enflame),
        ("kunlunxin.com", "xpu") => device(Vendor::Kunlunxin),
        _ => None,
    }
}

/// How many AI cores a virtual NPU has by its resource's name without the domain, such as
/// `Ascend910-16c`; `None` for a whole chip (Ascend Device Plugin, "static virtualization").
pub fn ascend_cores(name: &str) -> Option<u64> {
    let (_, template) = name.strip_prefix("Ascend")?.split_once('-')?;
    template.split('.').next()?.strip_suffix('c')?.parse().ok()
}

/// The model of a node's accelerators in the form that people say, such as `H100 80GB HBM3`.
///
/// Read from the labels that the vendors' feature discovery writes. Suffixes for sharing and MIG
/// are no part of the model.
pub fn model(node: &Node) -> Option<String> {
    model_of_labels(|key| node.metadata.labels.get(key))
}

/// The same, of a node whose labels `label` tells.
pub fn model_of_labels<'a>(label: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let raw = label("nvidia.com/gpu.product")
        .or_else(|| label("amd.com/gpu.product-name"))
        .or_else(|| label("cloud.google.com/gke-tpu-accelerator"))
        .or_else(|| label("cloud.google.com/gke-accelerator"))
        .or_else(|| label("node.kubernetes.io/npu.chip.name"))?;
    Some(model_of_product(raw))
}

/// The model in a product's name: `NVIDIA-H100-80GB-HBM3-SHARED` to `H100 80GB HBM3`.
pub fn model_of_product(product: &str) -> String {
    let product = product.split("-MIG-").next().unwrap_or(product);
    let product = product.strip_suffix("-SHARED").unwrap_or(product);
    let words: Vec<&str> = product
        .split(['-', '_', ' '])
        .filter(|word| {
            !word.is_empty()
                && !["nvidia", "amd", "instinct", "tesla"].contains(&word.to_lowercase().as_str())
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_shares_and_partitions_are_told_apart() {
        let unit = |name| classify(name).map(|resource| resource.unit);
        assert_eq!(unit("nvidia.com/gpu"), Some(Unit::Device));
        assert_eq!(unit("nvidia.com/gpu.shared"), Some(Unit::Share));
        assert_eq!(
            unit("nvidia.com/mig-1g.10gb"),
            Some(Unit::Partition("1g.10gb".to_owned()))
        );
        assert_eq!(
            unit("amd.com/cpx_nps4"),
            Some(Unit::Partition("cpx_nps4".to_owned()))
        );
        assert_eq!(unit("huawei.com/Ascend910"), Some(Unit::Device));
        assert_eq!(unit("huawei.com/Ascend910B-memory"), None);
        assert_eq!(
            unit("huawei.com/Ascend310P-2c.1cpu"),
            Some(Unit::Partition("Ascend310P-2c.1cpu".to_owned()))
        );
        assert_eq!(
            unit("aws.amazon.com/neuroncore"),
            Some(Unit::Partition("neuroncore".to_owned()))
        );
        assert_eq!(unit("rdma/rdma_shared_device_a"), None);
        assert_eq!(unit("cpu"), None);
    }

    #[test]
    fn every_maker_of_the_catalogue_is_known_by_its_resource_and_amounts_are_no_devices() {
        for (resource, vendor) in [
            ("nvidia.com/gpu", Vendor::Nvidia),
            ("amd.com/gpu", Vendor::Amd),
            ("gpu.intel.com/i915", Vendor::Intel),
            ("gpu.intel.com/xe", Vendor::Intel),
            ("habana.ai/gaudi", Vendor::Intel),
            ("huawei.com/Ascend310P", Vendor::Huawei),
            ("google.com/tpu", Vendor::Google),
            ("aws.amazon.com/neuron", Vendor::Aws),
            ("cambricon.com/mlu", Vendor::Cambricon),
            ("hygon.com/dcunum", Vendor::Hygon),
            ("metax-tech.com/gpu", Vendor::Metax),
            ("mthreads.com/vgpu", Vendor::MooreThreads),
            ("iluvatar.ai/MR-V100-vgpu", Vendor::Iluvatar),
            ("enflame.com/gcu", Vendor::Enflame),
            ("kunlunxin.com/xpu", Vendor::Kunlunxin),
        ] {
            let known = classify(resource).unwrap_or_else(|| panic!("{resource}"));
            assert_eq!(
                (known.vendor, known.unit),
                (vendor, Unit::Device),
                "{resource}"
            );
        }
        for amount in [
            "nvidia.com/gpumem",
            "nvidia.com/gpumem-percentage",
            "nvidia.com/gpucores",
            "amd.com/gpu-mem",
            "huawei.com/Ascend910B3-memory",
            "huawei.com/Ascend910B3-core",
            "cambricon.com/mlu.smlu.vmemory",
            "hygon.com/dcumem",
            "iluvatar.ai/MR-V100.vMem",
            "gpu.intel.com/i915_monitoring",
        ] {
            assert_eq!(classify(amount), None, "{amount}");
        }
    }

    #[test]
    fn models_read_as_people_say_them() {
        assert_eq!(model_of_product("NVIDIA-H100-80GB-HBM3"), "H100 80GB HBM3");
        assert_eq!(
            model_of_product("NVIDIA-A100-SXM4-40GB-MIG-1g.5gb"),
            "A100 SXM4 40GB"
        );
        assert_eq!(model_of_product("Tesla-T4-SHARED"), "T4");
        assert_eq!(model_of_product("AMD_Instinct_MI300X"), "MI300X");
    }
}
