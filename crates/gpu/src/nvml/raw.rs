//! Calls that the wrapper does not make, or of whose answers it keeps less than the driver tells.
//!
//! The numbers of a MIG instance; every bit of the clocks event reasons, those too that came after the
//! wrapper; numbered fields with their scope, without which NVLink's counters are those of link 0 alone;
//! and memory as drivers before R510 tell it.
#![expect(
    unsafe_code,
    reason = "the wrapper's raw library is the only way to these calls"
)]

use nvml_wrapper::{
    Device,
    error::{NvmlError, nvml_sym, nvml_try},
};
use nvml_wrapper_sys::bindings::{
    nvmlFieldValue_t, nvmlMemory_t, nvmlValueType_enum_NVML_VALUE_TYPE_DOUBLE as DOUBLE,
    nvmlValueType_enum_NVML_VALUE_TYPE_SIGNED_INT as SIGNED_INT,
    nvmlValueType_enum_NVML_VALUE_TYPE_SIGNED_LONG_LONG as SIGNED_LONG_LONG,
    nvmlValueType_enum_NVML_VALUE_TYPE_UNSIGNED_INT as UNSIGNED_INT,
    nvmlValueType_enum_NVML_VALUE_TYPE_UNSIGNED_LONG as UNSIGNED_LONG,
    nvmlValueType_enum_NVML_VALUE_TYPE_UNSIGNED_LONG_LONG as UNSIGNED_LONG_LONG,
    nvmlValueType_enum_NVML_VALUE_TYPE_UNSIGNED_SHORT as UNSIGNED_SHORT,
};

use crate::machine::float;

/// The scope of a numbered field that is about the whole device.
pub(super) const WHOLE: u32 = 0;
/// The scope of NVLink's counters that sums up all links.
pub(super) const ALL_LINKS: u32 = u32::MAX;

/// The GPU instance and the compute instance that `device`, a MIG device, is.
pub(super) fn numbers(device: &Device<'_>) -> Result<(u32, u32), NvmlError> {
    let library = device.nvml().lib();
    let gpu = nvml_sym(library.nvmlDeviceGetGpuInstanceId.as_ref())?;
    let compute = nvml_sym(library.nvmlDeviceGetComputeInstanceId.as_ref())?;
    let (mut in_gpu, mut in_compute) = (0, 0);
    // SAFETY: the handle is one that the library gave out and that `device` keeps valid; both calls
    // write one number to where they are told and keep no pointer.
    unsafe {
        nvml_try(gpu(device.handle(), &raw mut in_gpu))?;
        nvml_try(compute(device.handle(), &raw mut in_compute))?;
    }
    Ok((in_gpu, in_compute))
}

/// Why the clocks are lower than they could be, bit by bit, by the name of today (R535) or the older one.
pub(super) fn clocks_event_reasons(device: &Device<'_>) -> Result<u64, NvmlError> {
    let library = device.nvml().lib();
    let call = nvml_sym(library.nvmlDeviceGetCurrentClocksEventReasons.as_ref())
        .or_else(|_| nvml_sym(library.nvmlDeviceGetCurrentClocksThrottleReasons.as_ref()))?;
    let mut reasons = 0;
    // SAFETY: as above; both names have one signature.
    unsafe {
        nvml_try(call(device.handle(), &raw mut reasons))?;
    }
    Ok(reasons)
}

/// Memory in all, free and used, as drivers before R510 tell it: what they keep for themselves is among
/// what is used.
pub(super) fn memory(device: &Device<'_>) -> Result<[u64; 3], NvmlError> {
    let call = nvml_sym(device.nvml().lib().nvmlDeviceGetMemoryInfo.as_ref())?;
    let mut memory = nvmlMemory_t {
        total: 0,
        free: 0,
        used: 0,
    };
    // SAFETY: as above; the structure is the one of the first version, which never changed.
    unsafe {
        nvml_try(call(device.handle(), &raw mut memory))?;
    }
    Ok([memory.total, memory.free, memory.used])
}

/// The values of numbered fields, each asked for by its number and scope, in one call.
pub(super) fn fields<const N: usize>(
    device: &Device<'_>,
    asked: [(u32, u32); N],
) -> Result<[Result<f64, NvmlError>; N], NvmlError> {
    let call = nvml_sym(device.nvml().lib().nvmlDeviceGetFieldValues.as_ref())?;
    let mut fields = asked.map(|(number, scope)| {
        // SAFETY: the structure is made of plain numbers, and all of them may be 0.
        let mut field: nvmlFieldValue_t = unsafe { std::mem::zeroed() };
        field.fieldId = number;
        field.scopeId = scope;
        field
    });
    let count = i32::try_from(N).map_err(|_| NvmlError::InvalidArg)?;
    // SAFETY: as above; the call fills in as many structures as it is told, and keeps no pointer.
    unsafe {
        nvml_try(call(device.handle(), count, fields.as_mut_ptr()))?;
    }
    Ok(fields.map(|field| value(&field)))
}

/// The value of a field that was filled in.
fn value(field: &nvmlFieldValue_t) -> Result<f64, NvmlError> {
    nvml_try(field.nvmlReturn)?;
    let held = field.value;
    // SAFETY: every member is a plain number, all bytes were set before the call, and the type says
    // which member was written.
    let value = unsafe {
        match field.valueType {
            DOUBLE => held.dVal,
            UNSIGNED_INT => f64::from(held.uiVal),
            UNSIGNED_SHORT => f64::from(held.usVal),
            SIGNED_INT => f64::from(held.siVal),
            UNSIGNED_LONG | UNSIGNED_LONG_LONG => float(held.ullVal),
            SIGNED_LONG_LONG => signed(held.sllVal),
            other => return Err(NvmlError::UnexpectedVariant(other)),
        }
    };
    Ok(value)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counters of bytes and errors are far below 2^53"
)]
fn signed(value: i64) -> f64 {
    value as f64
}
