//! `strata gpu --local --plot`: what the accelerators of this machine did, and the machine with them.

use std::{path::Path, time::Duration};

use strata_api::{
    operations::{
        MachineHistory, MachineHistoryQuestion, MachinePictureQuestion, NamedDevice, Picture, Span,
    },
    rows::workstation::AcceleratorState,
};
use tokio::time::Instant;

use super::Seen;
use crate::{
    arguments::Gpu,
    exit::remark,
    plot::{look, save, span_of, until_kept},
    session::Session,
};

/// How long the store may take to keep what was told first.
const PATIENCE: Duration = Duration::from_secs(5);

/// Draws what was `seen`, and what was kept of it before, into `file`.
pub(super) async fn draw(
    session: &Session,
    wanted: &Gpu,
    seen: &Seen,
    file: &Path,
) -> anyhow::Result<()> {
    let look = look(file, wanted)?;
    let span = span_of(wanted);
    let devices: Vec<NamedDevice> = seen
        .devices
        .iter()
        .take(MachinePictureQuestion::MOST)
        .map(|device| NamedDevice {
            device: device.device.clone(),
            name: format!("GPU {} · {}", device.index, device.model),
        })
        .collect();
    if devices.len() < seen.devices.len() {
        remark(&format!(
            "{} of {} accelerators are drawn",
            devices.len(),
            seen.devices.len()
        ));
    }
    wait_until_kept(session, &span, seen).await?;
    let request = MachinePictureQuestion {
        title: seen.machine.name.clone(),
        devices,
        with_machine: true,
        span,
        look,
    };
    let picture: Picture = session.call("draw_machine", &request).await?;
    save(&picture, file)
}

/// Waits until the store has kept what was told first of the machine and of each device that answers, for
/// as long as that may take.
async fn wait_until_kept(session: &Session, span: &Span, seen: &Seen) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let answering = seen.devices.iter();
    let answering = answering.filter(|device| device.state == AcceleratorState::Answers);
    let machine = std::iter::once("");
    for device in machine.chain(answering.map(|device| device.device.as_str())) {
        let request = MachineHistoryQuestion {
            device: device.to_owned(),
            span: span.clone(),
        };
        until_kept(deadline, async || {
            let told: MachineHistory = session.call("machine_history", &request).await?;
            Ok(!told.charts.is_empty())
        })
        .await?;
    }
    Ok(())
}
