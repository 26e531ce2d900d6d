//! XIDs: the numbers of the errors that NVIDIA's driver reports, what each is called, and what sort
//! of error it is.
//!
//! Names and numbers: NVIDIA's document "XID Errors" and the error table of the DCGM exporter. What
//! follows from a sort, and what to do about it, is said by the engine's phrases.

/// What sort of error an XID is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum XidSort {
    /// The device is gone from the bus: reset or power-cycle the machine.
    OffBus,
    /// Memory errors that could not be corrected: what runs there is lost, reset the device.
    Memory,
    /// A row of memory is being replaced: harmless by itself, done at the next reset.
    Remap,
    /// A row could not be replaced: the device is due for replacement.
    RemapFailed,
    /// The links between devices.
    Nvlink,
    /// The device's own processors or their firmware stopped.
    Firmware,
    /// Power, the bus or another part of the machine.
    Hardware,
    /// Most likely a program's doing.
    Application,
    /// A program's work was ended, by itself or because of an earlier error.
    Stopped,
    /// None of these.
    Other,
}

/// What sort of error `xid` is.
pub fn sort(xid: u32) -> XidSort {
    match xid {
        79 => XidSort::OffBus,
        48 | 57 | 58 | 92 | 94 | 95 | 140 => XidSort::Memory,
        63 => XidSort::Remap,
        64 => XidSort::RemapFailed,
        74 | 137 | 144..=150 | 155 => XidSort::Nvlink,
        37 | 38 | 61 | 62 | 119 | 120 | 122 | 143 => XidSort::Firmware,
        18 | 54 | 80 | 121 => XidSort::Hardware,
        13 | 31 | 32 | 42 | 44 | 60 | 65 | 68 | 69 | 73 | 82 | 109 => XidSort::Application,
        8 | 43 | 45 | 46 => XidSort::Stopped,
        _ => XidSort::Other,
    }
}

/// An XID's name as NVIDIA's list has it; empty for one that the list does not have.
pub fn name(xid: u32) -> &'static str {
    match xid {
        1 | 2 | 6 | 25 | 32 => "Invalid or corrupted push buffer stream",
        8 | 43 | 46 => "GPU stopped processing",
        13 => "Graphics Engine Exception",
        16 => "Display engine hung",
        18 => "Bus mastering disabled in PCI Config Space",
        24 => "GPU semaphore timeout",
        31 => "GPU memory page fault",
        37 | 38 => "Driver firmware error",
        42 | 60 | 65 | 68 => "Video processor exception",
        44 => "Graphics Engine fault during context switch",
        45 => "Preemptive cleanup",
        48 => "Double bit ECC error",
        54 => "Auxiliary power is not connected to the GPU board",
        56 => "Display Engine error",
        57 => "Error programming video memory interface",
        58 => "Unstable video memory interface detected",
        61 => "Internal micro-controller breakpoint",
        62 => "Internal micro-controller halt",
        63 => "Row remapping event",
        64 => "Row remapping failure",
        66 | 67 => "Illegal access by driver",
        69 => "Graphics engine class error",
        73 => "NVENC error",
        74 | 144..=150 => "NVLink error",
        79 => "GPU has fallen off the bus",
        80 => "Corrupted data sent to GPU",
        82 => "NVJPG error",
        92 => "High single-bit ECC error rate",
        93 => "Non-fatal violation of provisioned InfoROM wear limit",
        94 => "Contained ECC error",
        95 => "Uncontained ECC error",
        109 => "Context switch timeout",
        119 => "GSP RPC timeout",
        120 => "GSP error",
        121 => "C2C link error",
        122 => "SPI PMU RPC read failure",
        137 => "NVLink FLA privilege error",
        140 => "Unrecovered ECC error",
        143 => "GPU initialization failure",
        154 => "GPU recovery action changed",
        155 => "NVLink software defined error",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_xid_with_a_sort_has_a_name() {
        for xid in 0..256 {
            assert!(
                sort(xid) == XidSort::Other || !name(xid).is_empty(),
                "{xid}"
            );
        }
    }

    #[test]
    fn a_fallen_gpu_and_a_faulty_program_are_told_apart() {
        assert_eq!(sort(79), XidSort::OffBus);
        assert_eq!(sort(31), XidSort::Application);
        assert_eq!(name(79), "GPU has fallen off the bus");
        assert_eq!(name(3_000), "");
    }
}
