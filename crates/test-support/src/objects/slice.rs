//! Builds resource slices.

use strata_domain::{
    object::Object,
    resource_slice::{Device, ResourceSlice},
    text::Text,
};

use super::{metadata, metadata_methods};

/// Builds a resource slice.
#[derive(Clone, Debug)]
pub struct SliceBuilder {
    object: ResourceSlice,
}

/// The only slice of the pool that `driver` publishes for `node`.
pub fn slice(driver: &str, node: &str) -> SliceBuilder {
    SliceBuilder {
        object: ResourceSlice {
            metadata: metadata("ResourceSlice", "", &format!("{node}-{driver}")),
            driver: Text::from(driver),
            node: Text::from(node),
            pool: Text::from(node),
            pool_generation: 1,
            pool_slices: 1,
            devices: Box::default(),
        },
    }
}

impl SliceBuilder {
    metadata_methods!();

    /// Adds `count` whole GPUs of 80 GiB.
    #[must_use]
    pub fn gpus(mut self, count: usize, product: &str) -> Self {
        for number in 0..count {
            let device = Device {
                name: Text::from(format!("gpu-{number}")),
                kind: Text::from("gpu"),
                uuid: Text::from(format!("GPU-{}-{number}", self.object.node)),
                product: Text::from(product),
                memory_bytes: Some(80 << 30),
                ..Device::default()
            };
            self = self.device(device);
        }
        self
    }

    /// Adds a device.
    #[must_use]
    pub fn device(mut self, device: Device) -> Self {
        let devices = self.object.devices.iter().cloned();
        self.object.devices = devices.chain([device]).collect();
        self
    }

    /// Sets the pool's generation, and how many slices it has.
    #[must_use]
    pub fn pool(mut self, generation: u64, slices: u64) -> Self {
        self.object.pool_generation = generation;
        self.object.pool_slices = slices;
        self
    }

    /// The slice.
    pub fn build(self) -> ResourceSlice {
        self.object
    }

    /// The slice as an object.
    pub fn object(self) -> Object {
        Object::ResourceSlice(Box::new(self.object))
    }
}
