//! What joins a device to the rest of the machine: PCIe and NVLink.

use nvml_wrapper::enum_wrappers::device::PcieUtilCounter;
use strata_domain::{reading::Figure, workstation::LinkSample};

use super::{Watched, link_counters::LinkCounters, short};
use crate::nvml::calls::Caller;

/// NVLinks that a device may have.
const LINKS: u32 = 18;

impl Watched<'_> {
    /// What goes over PCIe: the driver measures for 20 ms in each direction.
    pub(super) fn pcie(&mut self, caller: &mut Caller<'_>) {
        for (figure, counter) in [
            (Figure::PcieTx, PcieUtilCounter::Send),
            (Figure::PcieRx, PcieUtilCounter::Receive),
        ] {
            self.ask(
                figure,
                "nvmlDeviceGetPcieThroughput",
                caller,
                move |device| {
                    device
                        .pcie_throughput(counter)
                        .map(|kilobytes| f64::from(kilobytes) * 1e3)
                },
            );
        }
    }

    /// The generation and the width that PCIe has now.
    pub(super) fn pcie_link(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::PcieGeneration,
            "nvmlDeviceGetCurrPcieLinkGeneration",
            caller,
            |device| device.current_pcie_link_gen().map(f64::from),
        );
        self.ask(
            Figure::PcieWidth,
            "nvmlDeviceGetCurrPcieLinkWidth",
            caller,
            |device| device.current_pcie_link_width().map(f64::from),
        );
    }

    /// The NVLinks that there are.
    pub(super) fn links(&mut self, caller: &mut Caller<'_>) {
        self.sample.links.clear();
        let id = self.sample.id.clone();
        let mut counters = LinkCounters::default();
        for number in 0..LINKS {
            let link = self.device.link_wrapper_for(number);
            let Ok(is_active) = caller.call(&id, "nvmlDeviceGetNvLinkState", || link.is_active())
            else {
                // Links are numbered without gaps.
                return;
            };
            let version = caller.call(&id, "nvmlDeviceGetNvLinkVersion", || link.version());
            let peer = caller.call(&id, "nvmlDeviceGetNvLinkRemotePciInfo_v2", || {
                link.remote_pci_info()
            });
            let readings = if is_active {
                counters.read(&self.device, &id, number, caller)
            } else {
                Vec::new()
            };
            self.sample.links.push(LinkSample {
                number,
                is_active,
                readings,
                version: version.ok(),
                peer: peer.map(|peer| short(&peer.bus_id)).unwrap_or_default(),
            });
        }
    }
}
