//! What containers write.

use strata_api::{
    error::ApiError,
    operations::{JobLogQuestion, LogText},
};

use super::Operations;
use crate::{engine::ask, inbox::Command};

/// All lines that are held of logs that somebody looks at.
pub(super) async fn read_job_logs(
    operations: &Operations,
    JobLogQuestion { of, pod, filter }: JobLogQuestion,
) -> Result<LogText, ApiError> {
    ask(&operations.commands, |reply| Command::ReadLogs {
        of,
        pod,
        filter,
        reply,
    })
    .await
}
