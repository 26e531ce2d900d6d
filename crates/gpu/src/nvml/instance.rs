//! The numbers of a MIG instance, which the wrapper does not ask for.
#![expect(
    unsafe_code,
    reason = "nvml-wrapper has no call for these two; its raw library has"
)]

use nvml_wrapper::{Device, error::NvmlError, error::nvml_try};

/// The GPU instance and the compute instance that `device`, a MIG device, is.
pub(super) fn numbers(device: &Device<'_>) -> Result<(u32, u32), NvmlError> {
    let library = device.nvml().lib();
    let (Ok(gpu), Ok(compute)) = (
        &library.nvmlDeviceGetGpuInstanceId,
        &library.nvmlDeviceGetComputeInstanceId,
    ) else {
        return Err(NvmlError::FunctionNotFound);
    };
    let (mut in_gpu, mut in_compute) = (0, 0);
    // SAFETY: the handle is one that the library gave out and that `device` keeps valid; both calls
    // write one number to where they are told and keep no pointer.
    unsafe {
        nvml_try(gpu(device.handle(), &raw mut in_gpu))?;
        nvml_try(compute(device.handle(), &raw mut in_compute))?;
    }
    Ok((in_gpu, in_compute))
}
