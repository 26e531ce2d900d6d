//! Resource slices.

use std::collections::BTreeMap;

use strata_domain::{
    object::Object,
    quantity::parse_count,
    resource_slice::{Device, ResourceSlice},
    text::{Interner, Text},
};

use super::{Mapping, Slim, metadata::metadata};
use crate::slim::{node::Taint, resource_slice as slim};

impl Slim for slim::ResourceSlice {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let names = &mut mapping.names;
        let spec = self.spec;
        Object::ResourceSlice(Box::new(ResourceSlice {
            metadata: metadata(self.metadata, names),
            driver: names.intern(&spec.driver),
            node: names.intern(&spec.node_name),
            pool: names.intern(&spec.pool.name),
            pool_generation: u64::try_from(spec.pool.generation).unwrap_or_default(),
            pool_slices: u64::try_from(spec.pool.resource_slice_count).unwrap_or_default(),
            devices: spec
                .devices
                .iter()
                .map(|each| device(each, names))
                .collect(),
        }))
    }
}

impl Slim for slim::BetaResourceSlice {
    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_object(self, mapping: &mut Mapping) -> Object {
        let spec = self.spec;
        let devices = spec
            .devices
            .into_iter()
            .map(|device| slim::Device {
                name: device.name,
                attributes: device.basic.attributes,
                capacity: device.basic.capacity,
                taints: device.basic.taints,
            })
            .collect();
        let spec = slim::SliceSpec {
            driver: spec.driver,
            pool: spec.pool,
            node_name: spec.node_name,
            devices,
        };
        slim::ResourceSlice {
            metadata: self.metadata,
            spec,
        }
        .into_object(mapping)
    }
}

fn device(device: &slim::Device, names: &mut Interner) -> Device {
    let text = |name: &str| -> &str {
        by_name(&device.attributes, name)
            .and_then(|attribute| attribute.string.as_deref())
            .unwrap_or_default()
    };
    Device {
        name: names.intern(&device.name),
        kind: names.intern(text("type")),
        uuid: Text::from(text("uuid")),
        parent_uuid: Text::from(text("parentUUID")),
        product: names.intern(text("productName")),
        memory_bytes: by_name(&device.capacity, "memory")
            .and_then(|capacity| parse_count(&capacity.value.text)),
        taints: device
            .taints
            .iter()
            .filter(|taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute"))
            .map(|taint| names.intern(&told(taint)))
            .collect(),
    }
}

/// A taint as kubectl writes one: `key=value:effect`, without the sign where there is no value.
fn told(taint: &Taint) -> String {
    let sign = if taint.value.is_empty() { "" } else { "=" };
    format!("{}{sign}{}:{}", taint.key, taint.value, taint.effect)
}

/// The entry under a name: without a domain it is the driver's own, else the driver may have
/// written the domain out (`gpu.nvidia.com/type`).
fn by_name<'a, T>(entries: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    entries.get(name).or_else(|| {
        entries
            .iter()
            .find(|(key, _)| key.rsplit_once('/').is_some_and(|(_, last)| last == name))
            .map(|(_, value)| value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(object: Object) -> ResourceSlice {
        match object {
            Object::ResourceSlice(slice) => *slice,
            other => panic!("not a slice: {other:?}"),
        }
    }

    const POOL: &str = r#""pool":{"name":"gpu-a","generation":2,"resourceSliceCount":1}"#;

    #[test]
    fn a_device_reads_alike_in_v1_and_v1beta1() {
        let device = r#""attributes":{"type":{"string":"gpu"},"gpu.nvidia.com/uuid":{"string":"GPU-1"},
              "productName":{"string":"NVIDIA H100 80GB HBM3"},"index":{"int":0}},
            "capacity":{"memory":{"value":"80Gi"}},
            "taints":[{"key":"unhealthy","effect":"NoSchedule"},
              {"key":"xid","value":"79","effect":"NoExecute"},{"key":"old","effect":"None"}]"#;
        let v1 = format!(
            r#"{{"spec":{{"driver":"gpu.nvidia.com","nodeName":"gpu-a",{POOL},
                "devices":[{{"name":"gpu-0",{device}}}]}}}}"#
        );
        let beta = format!(
            r#"{{"spec":{{"driver":"gpu.nvidia.com","nodeName":"gpu-a",{POOL},
                "devices":[{{"name":"gpu-0","basic":{{{device}}}}}]}}}}"#
        );
        let mut mapping = Mapping::default();
        let v1: slim::ResourceSlice = serde_json::from_str(&v1).unwrap();
        let beta: slim::BetaResourceSlice = serde_json::from_str(&beta).unwrap();
        let v1 = slice(v1.into_object(&mut mapping));
        assert_eq!(slice(beta.into_object(&mut mapping)), v1);

        let gpu = &v1.devices[0];
        assert_eq!((gpu.kind.as_str(), gpu.uuid.as_str()), ("gpu", "GPU-1"));
        assert_eq!(gpu.product, "NVIDIA H100 80GB HBM3");
        assert_eq!(gpu.memory_bytes, Some(80 << 30));
        let taints: Vec<&str> = gpu.taints.iter().map(Text::as_str).collect();
        assert_eq!(taints, ["unhealthy:NoSchedule", "xid=79:NoExecute"]);
        assert_eq!((v1.pool_generation, v1.pool_slices), (2, 1));
    }
}
