//! A journal that takes nothing.

use jiff::Timestamp;
use strata_ports::{
    error::{PortError, PortErrorKind},
    journal::{Entry, Journal, Verdict},
};

/// A journal that takes nothing: for tests that change nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoJournal;

fn none<T>() -> Result<T, PortError> {
    let message = "there is no journal here";
    Err(PortError::new(PortErrorKind::Unsupported, message))
}

impl Journal for NoJournal {
    fn begin(&self, _: Timestamp, _: &str) -> Result<u32, PortError> {
        none()
    }

    fn note(&self, _: u32, _: Timestamp, _: &str, _: bool) -> Result<(), PortError> {
        none()
    }

    fn entries(&self, _: &[String], _: Option<u32>, _: u32) -> Result<Vec<Entry>, PortError> {
        none()
    }

    fn entry(&self, _: u32) -> Result<Option<Entry>, PortError> {
        none()
    }

    fn interrupted(&self) -> Result<Vec<Entry>, PortError> {
        none()
    }

    fn verify(&self) -> Result<Verdict, PortError> {
        none()
    }
}
