//! GPU products: what their data sheets and their drivers say of them.

/// A product.
#[derive(Debug, PartialEq)]
pub(crate) struct Product {
    /// The name as the driver tells it, `modelName` of the DCGM exporter.
    pub(crate) name: &'static str,
    /// The power limit, in watts.
    pub(crate) power_limit: f64,
    /// What it draws with nothing to do, in watts.
    pub(crate) power_idle: f64,
    /// The SM clock under load and at rest, in MHz.
    pub(crate) sm_clock: f64,
    pub(crate) sm_clock_idle: f64,
    /// The memory clock, in MHz.
    pub(crate) memory_clock: f64,
    /// Bandwidth of one direction of PCIe, in bytes a second.
    pub(crate) pcie_bytes: f64,
    /// Bandwidth of NVLink in both directions, in bytes a second; 0 without NVLink.
    pub(crate) nvlink_bytes: f64,
    /// Whether the memory has a sensor of its own (HBM has).
    pub(crate) has_memory_sensor: bool,
    /// The buses that the GPUs of a machine are on, in the order of their indices.
    buses: &'static [u8],
}

/// Sources: NVIDIA's data sheets; `nvidia-smi -q` of DGX A100, DGX H100 and servers with L40S for
/// buses, clocks and power at rest.
const PRODUCTS: &[Product] = &[
    Product {
        name: "NVIDIA B200",
        power_limit: 1000.0,
        power_idle: 140.0,
        sm_clock: 1965.0,
        sm_clock_idle: 120.0,
        memory_clock: 3996.0,
        pcie_bytes: 63e9,
        nvlink_bytes: 1800e9,
        has_memory_sensor: true,
        buses: &[0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf],
    },
    Product {
        name: "NVIDIA H200",
        power_limit: 700.0,
        power_idle: 76.0,
        sm_clock: 1980.0,
        sm_clock_idle: 345.0,
        memory_clock: 3201.0,
        pcie_bytes: 63e9,
        nvlink_bytes: 900e9,
        has_memory_sensor: true,
        buses: &[0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf],
    },
    Product {
        name: "NVIDIA H100 80GB HBM3",
        power_limit: 700.0,
        power_idle: 70.0,
        sm_clock: 1980.0,
        sm_clock_idle: 345.0,
        memory_clock: 2619.0,
        pcie_bytes: 63e9,
        nvlink_bytes: 900e9,
        has_memory_sensor: true,
        buses: &[0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf],
    },
    Product {
        name: "NVIDIA A100-SXM4-80GB",
        power_limit: 400.0,
        power_idle: 62.0,
        sm_clock: 1410.0,
        sm_clock_idle: 210.0,
        memory_clock: 1593.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 600e9,
        has_memory_sensor: true,
        buses: &[0x07, 0x0f, 0x47, 0x4e, 0x87, 0x90, 0xb7, 0xbd],
    },
    Product {
        name: "NVIDIA A100-SXM4-40GB",
        power_limit: 400.0,
        power_idle: 50.0,
        sm_clock: 1410.0,
        sm_clock_idle: 210.0,
        memory_clock: 1215.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 600e9,
        has_memory_sensor: true,
        buses: &[0x07, 0x0f, 0x47, 0x4e, 0x87, 0x90, 0xb7, 0xbd],
    },
    Product {
        name: "NVIDIA L40S",
        power_limit: 350.0,
        power_idle: 34.0,
        sm_clock: 2520.0,
        sm_clock_idle: 210.0,
        memory_clock: 9001.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 0.0,
        has_memory_sensor: false,
        buses: &[0x4a, 0x61, 0xca, 0xe1, 0x17, 0x31, 0x98, 0xb1],
    },
    Product {
        name: "NVIDIA L4",
        power_limit: 72.0,
        power_idle: 12.0,
        sm_clock: 2040.0,
        sm_clock_idle: 210.0,
        memory_clock: 6251.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 0.0,
        has_memory_sensor: false,
        buses: &[0x31, 0x4b, 0xb1, 0xca],
    },
    Product {
        name: "NVIDIA GeForce RTX 5090",
        power_limit: 575.0,
        power_idle: 22.0,
        sm_clock: 2850.0,
        sm_clock_idle: 180.0,
        memory_clock: 14001.0,
        pcie_bytes: 63e9,
        nvlink_bytes: 0.0,
        has_memory_sensor: false,
        buses: &[0x01, 0x02],
    },
    Product {
        name: "NVIDIA GeForce RTX 4090",
        power_limit: 450.0,
        power_idle: 20.0,
        sm_clock: 2730.0,
        sm_clock_idle: 210.0,
        memory_clock: 10501.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 0.0,
        has_memory_sensor: false,
        buses: &[0x01, 0x02],
    },
    Product {
        name: "NVIDIA RTX 6000 Ada Generation",
        power_limit: 300.0,
        power_idle: 24.0,
        sm_clock: 2505.0,
        sm_clock_idle: 210.0,
        memory_clock: 10001.0,
        pcie_bytes: 31.5e9,
        nvlink_bytes: 0.0,
        has_memory_sensor: false,
        buses: &[0x01, 0x02, 0x41, 0x42],
    },
];

/// What is taken for a product that is not in the table.
static UNKNOWN: Product = Product {
    name: "NVIDIA Graphics Device",
    power_limit: 300.0,
    power_idle: 30.0,
    sm_clock: 1800.0,
    sm_clock_idle: 210.0,
    memory_clock: 5001.0,
    pcie_bytes: 31.5e9,
    nvlink_bytes: 0.0,
    has_memory_sensor: false,
    buses: &[0x1b, 0x43, 0x52, 0x61, 0x9d, 0xc3, 0xd1, 0xdf],
};

impl Product {
    /// The product that the label `nvidia.com/gpu.product` names: its name with dashes for blanks,
    /// perhaps with a suffix such as `-SHARED`.
    pub(crate) fn of_label(label: &str) -> &'static Self {
        PRODUCTS
            .iter()
            .filter(|product| label.starts_with(&product.name.replace(' ', "-")))
            .max_by_key(|product| product.name.len())
            .unwrap_or(&UNKNOWN)
    }

    /// The PCI address of the GPU `index`, as DCGM writes it.
    pub(crate) fn pci_bus_id(&self, index: usize) -> String {
        let bus = self
            .buses
            .get(index)
            .copied()
            .unwrap_or_else(|| u8::try_from(index).unwrap_or(u8::MAX).wrapping_add(0x20));
        format!("00000000:{bus:02X}:00.0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_its_product() {
        assert_eq!(
            Product::of_label("NVIDIA-H100-80GB-HBM3").name,
            "NVIDIA H100 80GB HBM3"
        );
        assert_eq!(Product::of_label("NVIDIA-L40S").name, "NVIDIA L40S");
        assert_eq!(Product::of_label("NVIDIA-L4-SHARED").name, "NVIDIA L4");
    }
}
