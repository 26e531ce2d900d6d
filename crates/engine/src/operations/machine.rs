//! Changing the machine that Strata runs on: the operations of `machine`.

use strata_api::{
    change::ChangeReport,
    error::ApiError,
    workstation::{DecideTrial, EndProcess, SetDevice, TrialVerdict},
};

use super::Operations;
use crate::machine;

pub(super) async fn end_process(
    operations: &Operations,
    request: EndProcess,
) -> Result<ChangeReport, ApiError> {
    machine::end_process(operations, request, None).await
}

pub(super) async fn set_device(
    operations: &Operations,
    request: SetDevice,
) -> Result<ChangeReport, ApiError> {
    machine::set_device(operations, request, None).await
}

pub(super) async fn decide_trial(
    operations: &Operations,
    request: DecideTrial,
) -> Result<TrialVerdict, ApiError> {
    machine::trials::decide_trial(operations, request).await
}
