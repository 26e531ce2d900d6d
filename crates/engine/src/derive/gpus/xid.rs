//! XIDs in words: what each is, what it means, and what to do about it.

use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::xid::{XidAction, XidSort, action, name, sort};

/// What it is, in a few words.
pub(crate) fn title(xid: u32) -> Phrase {
    let name = name(xid);
    if name.is_empty() {
        return Phrase::new(PhraseCode::XidUntitled).with("xid", xid.to_string());
    }
    Phrase::new(PhraseCode::XidTitle)
        .with("xid", xid.to_string())
        .with("name", name)
}

/// The same of one that was before Strata was watching.
pub(crate) fn past_title(xid: u32) -> Phrase {
    let mut title = title(xid);
    title.code = match title.code {
        PhraseCode::XidUntitled => PhraseCode::XidPastUntitled,
        _ => PhraseCode::XidPastTitle,
    };
    title
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
        XidSort::Timeout => PhraseCode::XidTimeout,
        XidSort::Hardware => PhraseCode::XidHardware,
        XidSort::Engine => PhraseCode::XidEngine,
        XidSort::Application => PhraseCode::XidApplication,
        XidSort::Stopped => PhraseCode::XidStopped,
        XidSort::Passing => PhraseCode::XidPassing,
        XidSort::Other if name(xid).is_empty() => PhraseCode::XidUnknown,
        XidSort::Other => PhraseCode::XidOther,
    })
}

/// What to do about it, where no cluster is asked: the GPU `index` of this machine.
pub(crate) fn local_action(xid: u32, index: u32) -> Phrase {
    match action(xid) {
        XidAction::RestartMachine => Phrase::new(PhraseCode::LocalOffBus),
        XidAction::Reset => Phrase::new(PhraseCode::LocalReset).with("index", index),
        other => anywhere(other),
    }
}

/// What to do about it in a cluster: the GPU `index` of `node`.
pub(crate) fn cluster_action(xid: u32, node: &str, index: u32) -> Phrase {
    match action(xid) {
        XidAction::RestartMachine => Phrase::new(PhraseCode::ActResetNode).with("node", node),
        XidAction::Reset => Phrase::new(PhraseCode::ActResetGpu).with("index", index),
        other => anywhere(other),
    }
}

/// What is done alike wherever the GPU is.
fn anywhere(action: XidAction) -> Phrase {
    Phrase::new(match action {
        XidAction::Nothing => PhraseCode::ActXidNothing,
        XidAction::RestartProgram => PhraseCode::ActReadProgram,
        XidAction::CheckPower => PhraseCode::ActXidPower,
        XidAction::Update => PhraseCode::ActXidUpdate,
        XidAction::ReadLog => PhraseCode::ActXidLog,
        XidAction::AskSupport => PhraseCode::ActXidSupport,
        // The first two are told by who knows where the GPU is.
        XidAction::RestartMachine | XidAction::Reset | XidAction::LookUp => {
            PhraseCode::ActXidLookUp
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_xid_of_tomorrow_is_told_with_its_number_and_where_to_look() {
        assert_eq!(title(4_242).code, PhraseCode::XidUntitled);
        assert!(title(4_242).english().contains("4242"));
        assert_eq!(meaning(4_242).code, PhraseCode::XidUnknown);
        assert_eq!(local_action(4_242, 0).code, PhraseCode::ActXidLookUp);
        assert_eq!(cluster_action(4_242, "a", 0).code, PhraseCode::ActXidLookUp);
    }

    #[test]
    fn what_to_do_is_what_nvidia_says_where_the_gpu_is() {
        assert_eq!(local_action(119, 3).code, PhraseCode::LocalReset);
        assert_eq!(cluster_action(119, "a", 3).code, PhraseCode::ActResetGpu);
        assert_eq!(cluster_action(79, "a", 3).code, PhraseCode::ActResetNode);
        for (xid, code) in [
            (31, PhraseCode::ActReadProgram),
            (43, PhraseCode::ActXidNothing),
            (54, PhraseCode::ActXidPower),
            (154, PhraseCode::ActXidLog),
        ] {
            assert_eq!(local_action(xid, 0).code, code, "{xid}");
            assert_eq!(cluster_action(xid, "a", 0).code, code, "{xid}");
        }
    }
}
