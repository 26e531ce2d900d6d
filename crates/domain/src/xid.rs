//! XIDs: the numbers of the errors that NVIDIA's driver reports, what each is called, what sort of error it
//! is, and what NVIDIA says is to be done first.
//!
//! Names, numbers and actions: NVIDIA's "XID Errors" with its catalogue, and the error table of the DCGM
//! exporter. What follows from a sort is said by the engine's phrases. A number that is in neither is one
//! that came later, and is told to be.

mod table;

use table::XIDS;

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
    /// The device did not answer in time: what ran on it is lost.
    Timeout,
    /// Power, the bus or another part of the machine.
    Hardware,
    /// An engine of the device failed a program's work.
    Engine,
    /// Most likely a program's doing.
    Application,
    /// A program's work was ended, by itself or because of an earlier error.
    Stopped,
    /// The driver dealt with it.
    Passing,
    /// None of these, or not known.
    Other,
}

/// What is to be done first about an XID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum XidAction {
    /// Nothing.
    Nothing,
    /// Start the program anew that ran on the device.
    RestartProgram,
    /// Reset the device.
    Reset,
    /// Restart the machine.
    RestartMachine,
    /// Look at power cables and the seat.
    CheckPower,
    /// Update driver and firmware.
    Update,
    /// Read the log of the kernel, where other errors of the same time say more.
    ReadLog,
    /// Ask whoever made or sold the machine.
    AskSupport,
    /// Look the number up: it came after this was written.
    LookUp,
}

fn entry(xid: u32) -> Option<&'static (u32, XidSort, XidAction, &'static str)> {
    let place = XIDS.binary_search_by_key(&xid, |(number, ..)| *number);
    XIDS.get(place.ok()?)
}

/// What sort of error `xid` is.
pub fn sort(xid: u32) -> XidSort {
    entry(xid).map_or(XidSort::Other, |(_, sort, ..)| *sort)
}

/// What is to be done first about `xid`.
pub fn action(xid: u32) -> XidAction {
    entry(xid).map_or(XidAction::LookUp, |(_, _, action, _)| *action)
}

/// An XID's name as NVIDIA's list has it; empty for one that the list does not have.
pub fn name(xid: u32) -> &'static str {
    entry(xid).map_or("", |(.., name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xids_stand_in_order_and_each_has_a_name() {
        assert!(XIDS.is_sorted_by(|(one, ..), (next, ..)| one < next));
        assert!(XIDS.iter().all(|(.., name)| !name.is_empty()));
    }

    #[test]
    fn a_fallen_gpu_and_a_faulty_program_are_told_apart() {
        assert_eq!(sort(79), XidSort::OffBus);
        assert_eq!(action(79), XidAction::RestartMachine);
        assert_eq!(sort(31), XidSort::Application);
        assert_eq!(action(31), XidAction::RestartProgram);
        assert_eq!(name(79), "GPU has fallen off the bus");
    }

    #[test]
    fn contained_errors_cost_a_program_and_uncontained_ones_a_reset() {
        assert_eq!(action(94), XidAction::RestartProgram);
        assert_eq!(action(95), XidAction::Reset);
        assert_eq!(action(121), XidAction::Nothing);
    }

    #[test]
    fn an_xid_of_tomorrow_is_told_to_be_unknown() {
        for xid in [0, 5, 173, 999, 4_242, u32::MAX] {
            assert_eq!(
                (name(xid), sort(xid), action(xid)),
                ("", XidSort::Other, XidAction::LookUp)
            );
        }
    }
}
