//! How history is kept, as it is told beside whatever is read of it, and by itself.

use std::{path::PathBuf, sync::Arc};

use strata_api::{
    error::ApiError,
    operations::{HistoryKeeping, Nothing},
    phrases::{Phrase, PhraseCode},
};
use strata_domain::ids::ClusterId;
use strata_ports::series::{Keeping, NotKept};

use super::Operations;

/// How the file does in which history of clusters and of this machine is kept; the demo has none.
pub(super) async fn read_keeping(
    operations: &Operations,
    _: Nothing,
) -> Result<HistoryKeeping, ApiError> {
    let series = Arc::clone(&operations.series);
    let keeping = operations
        .on_disk(move || Ok(series.keeping(&ClusterId::this_machine())))
        .await?;
    Ok(kept(&keeping))
}

/// Why nothing is written to `file`, and what to do.
fn words(problem: &NotKept, file: &str) -> Phrase {
    if problem.is_full {
        Phrase::new(PhraseCode::HistoryFull).with("file", file)
    } else {
        Phrase::new(PhraseCode::HistoryUnwritable)
            .with("file", file)
            .with("message", problem.message.as_str())
    }
}

/// How history is kept, as it crosses the wire.
pub(super) fn kept(keeping: &Keeping) -> HistoryKeeping {
    let shown = |path: &Option<PathBuf>| {
        path.as_ref()
            .map(|path| path.display().to_string())
            .unwrap_or_default()
    };
    HistoryKeeping {
        file: shown(&keeping.file),
        bytes: keeping.bytes.to_string(),
        problem: keeping
            .problem
            .as_ref()
            .map(|problem| words(problem, &shown(&keeping.file))),
        not_kept_since: keeping
            .problem
            .as_ref()
            .and_then(|problem| problem.since)
            .map(|since| since.to_string()),
        set_aside: shown(&keeping.set_aside),
        lost: keeping.lost.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_full_disk_is_told_with_the_file_and_what_to_do() {
        let told = kept(&Keeping {
            file: Some("/data/history.db".into()),
            problem: Some(NotKept {
                is_full: true,
                since: Some(Timestamp::UNIX_EPOCH),
                message: "database or disk is full".to_owned(),
            }),
            ..Keeping::default()
        });
        assert_eq!(
            told.problem.map(|problem| problem.english()).as_deref(),
            Some("No room is left on the disk of /data/history.db: free some")
        );
        assert_eq!(told.not_kept_since.as_deref(), Some("1970-01-01T00:00:00Z"));
    }
}
