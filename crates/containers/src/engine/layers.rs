//! How far the pull of an image is: the sum of its layers.

use std::collections::BTreeMap;

use bollard::models::CreateImageInfo;
use strata_ports::{
    containers::PullStep,
    error::{PortError, PortErrorKind},
};

/// The layers of an image that is being fetched, each with what is here and what there is.
#[derive(Default)]
pub(super) struct Layers(BTreeMap<String, (u64, u64)>);

impl Layers {
    /// How far the pull is once `step` was told.
    pub(super) fn after(&mut self, step: CreateImageInfo) -> Result<PullStep, PortError> {
        if let Some(message) = step.error_detail.and_then(|detail| detail.message) {
            return Err(PortError::new(PortErrorKind::Unavailable, message));
        }
        let size = |bytes: Option<i64>| bytes.and_then(|bytes| u64::try_from(bytes).ok());
        let progress = step.progress_detail.unwrap_or_default();
        let status = step.status.unwrap_or_default();
        if let (Some(layer), Some(total)) = (step.id, size(progress.total)) {
            // Unpacking counts anew what was fetched.
            if status == "Downloading" {
                let done = size(progress.current).unwrap_or(0).min(total);
                self.0.insert(layer, (done, total));
            }
        } else if let Some(layer) = self.0.get_mut(&status) {
            layer.0 = layer.1;
        }
        Ok(PullStep {
            status,
            done_bytes: self.0.values().map(|(done, _)| done).sum(),
            total_bytes: self.0.values().map(|(_, total)| total).sum(),
        })
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::ProgressDetail;

    use super::*;

    #[test]
    fn a_pull_is_as_far_as_its_layers() {
        let mut layers = Layers::default();
        let mut after = |layer: &str, status: &str, current, total| {
            layers
                .after(CreateImageInfo {
                    id: Some(layer.to_owned()),
                    status: Some(status.to_owned()),
                    progress_detail: Some(ProgressDetail { current, total }),
                    ..CreateImageInfo::default()
                })
                .unwrap()
        };
        after("a", "Pulling fs layer", None, None);
        after("a", "Downloading", Some(10), Some(100));
        let step = after("b", "Downloading", Some(50), Some(50));
        assert_eq!((step.done_bytes, step.total_bytes), (60, 150));
        let step = after("a", "Extracting", Some(1), Some(100));
        assert_eq!((step.done_bytes, step.total_bytes), (60, 150));
    }
}
