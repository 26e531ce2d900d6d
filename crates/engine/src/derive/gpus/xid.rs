//! XIDs in words: what each is, what it means, and what to do about it on one's own machine.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::xid::{XidSort, name, sort};

/// What it is, in a few words.
pub(crate) fn title(xid: u32) -> Phrase {
    Phrase::new(PhraseCode::XidTitle)
        .with("xid", xid)
        .with("name", name(xid))
}

/// What it means.
pub(crate) fn meaning(xid: u32) -> Phrase {
    Phrase::new(match sort(xid) {
        XidSort::OffBus => PhraseCode::XidOffBus,
        XidSort::Memory => PhraseCode::XidMemory,
        XidSort::Remap => PhraseCode::XidRemap,
        XidSort::RemapFailed => PhraseCode::XidRemapFailed,
        XidSort::Nvlink => PhraseCode::XidNvlink,
        XidSort::Firmware => PhraseCode::XidFirmware,
        XidSort::Application => PhraseCode::XidApplication,
        XidSort::Stopped => PhraseCode::XidStopped,
        XidSort::Hardware | XidSort::Other => PhraseCode::XidOther,
    })
}

/// What to do about it, where no cluster is asked: the GPU `index` of this machine.
pub(crate) fn local_action(xid: u32, index: u32) -> Phrase {
    match sort(xid) {
        XidSort::OffBus | XidSort::Hardware => Phrase::new(PhraseCode::LocalOffBus),
        XidSort::RemapFailed => Phrase::new(PhraseCode::LocalReplace),
        XidSort::Application | XidSort::Stopped => Phrase::new(PhraseCode::ActReadProgram),
        _ => Phrase::new(PhraseCode::LocalReset).with("index", index),
    }
}
