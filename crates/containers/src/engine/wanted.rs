//! What is wanted, as the Engine API takes it.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, DeviceRequest, HostConfig, Mount, MountType, PortBinding,
};
use serde_json::Value;
use strata_ports::{
    containers::{GpuAccess, Wanted},
    error::{PortError, PortErrorKind},
};

use super::{CDI, GPUS, RECIPE};

/// Ports are opened on this machine alone.
const LOOPBACK: &str = "127.0.0.1";

/// The body of the request that makes a container.
pub(super) fn body(wanted: &Wanted, access: GpuAccess) -> Result<ContainerCreateBody, PortError> {
    let some = |words: &[String]| (!words.is_empty()).then(|| words.to_vec());
    let variables = wanted.environment.iter();
    let gpus = wanted.gpus.to_string();
    let labels = [
        (RECIPE, wanted.recipe.as_str()),
        (GPUS, gpus.as_str()),
        ("strata.dev/release", wanted.name.as_str()),
        ("app.kubernetes.io/managed-by", "strata"),
    ];
    let size = |bytes: u64| i64::try_from(bytes).ok().filter(|bytes| *bytes > 0);
    let ports: Vec<String> = wanted
        .ports
        .iter()
        .map(|port| format!("{port}/tcp"))
        .collect();
    let bindings = wanted.ports.iter().map(|port| {
        let binding = PortBinding {
            host_ip: Some(LOOPBACK.to_owned()),
            host_port: Some(port.to_string()),
        };
        (format!("{port}/tcp"), Some(vec![binding]))
    });
    let mounts = wanted.volumes.iter().map(|(volume, path)| Mount {
        typ: Some(MountType::VOLUME),
        source: Some(volume.clone()),
        target: Some(path.clone()),
        ..Mount::default()
    });
    Ok(ContainerCreateBody {
        image: Some(wanted.image.clone()),
        entrypoint: some(&wanted.command),
        cmd: some(&wanted.arguments),
        env: Some(
            variables
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        ),
        labels: Some(
            labels
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        ),
        exposed_ports: Some(ports),
        host_config: Some(HostConfig {
            memory: size(wanted.memory_bytes),
            shm_size: size(wanted.shared_memory_bytes),
            port_bindings: Some(bindings.collect::<HashMap<_, _>>()),
            mounts: Some(mounts.collect()),
            device_requests: devices(wanted.gpus, access)?,
            ..HostConfig::default()
        }),
        ..ContainerCreateBody::default()
    })
}

/// The same as JSON: what is sent is what is shown.
pub(crate) fn request(wanted: &Wanted, access: GpuAccess) -> Result<Value, PortError> {
    serde_json::to_value(body(wanted, access)?).map_err(|error| {
        let message = format!("the container {} cannot be written as JSON", wanted.name);
        PortError::new(PortErrorKind::Internal, message).because(error)
    })
}

/// The request for GPUs; none where none are wanted.
fn devices(gpus: u32, access: GpuAccess) -> Result<Option<Vec<DeviceRequest>>, PortError> {
    if gpus == 0 {
        return Ok(None);
    }
    let request = match access {
        GpuAccess::Cdi => DeviceRequest {
            driver: Some("cdi".to_owned()),
            device_ids: Some((0..gpus).map(|gpu| format!("{CDI}={gpu}")).collect()),
            ..DeviceRequest::default()
        },
        GpuAccess::Request => DeviceRequest {
            driver: Some("nvidia".to_owned()),
            device_ids: Some((0..gpus).map(|gpu| gpu.to_string()).collect()),
            capabilities: Some(vec![vec!["gpu".to_owned()]]),
            ..DeviceRequest::default()
        },
        GpuAccess::None | GpuAccess::Own => {
            return Err(PortError::new(
                PortErrorKind::Unsupported,
                "containers get no GPUs here: set up NVIDIA's container toolkit \
                 (`nvidia-ctk cdi generate`), or ask for none",
            ));
        }
    };
    Ok(Some(vec![request]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gpus_are_asked_for_in_the_way_that_is_set_up() {
        let by_cdi = devices(2, GpuAccess::Cdi).unwrap().unwrap();
        assert_eq!(by_cdi[0].driver.as_deref(), Some("cdi"));
        assert_eq!(
            by_cdi[0].device_ids.as_deref().unwrap(),
            ["nvidia.com/gpu=0", "nvidia.com/gpu=1"]
        );
        let by_request = devices(1, GpuAccess::Request).unwrap().unwrap();
        assert_eq!(by_request[0].capabilities.as_ref().unwrap(), &[["gpu"]]);
        assert_eq!(devices(0, GpuAccess::None).unwrap(), None);
        let refused = devices(1, GpuAccess::None).unwrap_err();
        assert!(refused.message.contains("nvidia-ctk"), "{refused}");
    }

    #[test]
    fn ports_are_opened_on_this_machine_alone() {
        let wanted = Wanted {
            name: "qwen".to_owned(),
            image: "vllm/vllm-openai:v0.24.0".to_owned(),
            ports: vec![8000],
            volumes: vec![("qwen-cache".to_owned(), "/cache".to_owned())],
            shared_memory_bytes: 1 << 30,
            recipe: "vllm".to_owned(),
            ..Wanted::default()
        };
        let body = body(&wanted, GpuAccess::None).unwrap();
        assert_eq!(body.entrypoint, None, "the image's own program");
        let host = body.host_config.unwrap();
        let bindings = host.port_bindings.unwrap();
        let binding = &bindings["8000/tcp"].as_ref().unwrap()[0];
        assert_eq!(binding.host_ip.as_deref(), Some("127.0.0.1"));
        assert_eq!(host.shm_size, Some(1 << 30));
        assert_eq!(host.memory, None, "no limit was asked for");
        assert_eq!(host.mounts.unwrap()[0].target.as_deref(), Some("/cache"));
    }
}
