//! The table of what the demo cluster does otherwise than a real API server, with the reasons.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::expected::Mismatch;

/// One difference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The case that shows it, by its sentence.
    pub case: String,
    /// The places in that case where the demo cluster's answer is another, as a run reports them.
    pub at: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Difference {
    /// What is wrong with this line, when the case's run found `wrong`.
    pub fn check(&self, wrong: &[Mismatch]) -> Result<(), String> {
        let mut found: Vec<&str> = wrong.iter().map(|mismatch| mismatch.at.as_str()).collect();
        found.sort_unstable();
        let mut listed: Vec<&str> = self.at.iter().map(String::as_str).collect();
        listed.sort_unstable();
        if found == listed {
            return Ok(());
        }
        Err(if found.is_empty() {
            format!(
                "the demo cluster no longer differs: remove `{}` from differences.yaml",
                self.case
            )
        } else {
            format!("the demo cluster differs at {found:?}, and {listed:?} are listed")
        })
    }
}

/// Reads the table.
pub fn read(file: &Path) -> Result<Vec<Difference>> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(serde_saphyr::from_str(&text)?)
}

#[cfg(test)]
mod tests {
    use super::{Difference, Mismatch};

    #[test]
    fn a_difference_that_is_gone_or_elsewhere_is_reported() {
        let line = Difference {
            case: "some case".into(),
            at: vec!["2 /status".into()],
            reason: String::new(),
        };
        let wrong_at = |at: &str| Mismatch {
            at: at.into(),
            message: String::new(),
        };
        assert_eq!(line.check(&[wrong_at("2 /status")]), Ok(()));
        assert!(line.check(&[]).unwrap_err().contains("no longer differs"));
        assert!(line.check(&[wrong_at("1 status")]).is_err());
    }
}
