//! How devices wear out: the errors that links count, and pages of memory that are out of use.

use strata_domain::{
    reading::{Absence, Figure, Said},
    workstation::LinkSample,
};
use strata_fake_nvml::Scenario;

use super::{last, said};

/// What a link counted, in the order of its readings.
fn counted(link: &LinkSample) -> Vec<(Figure, Said)> {
    link.readings
        .iter()
        .map(|one| (one.figure, one.said))
        .collect()
}

#[test]
fn errors_of_a_link_are_told_by_the_call_that_older_devices_have() {
    let sample = last(Scenario::Worn, 1);
    let links = &sample.devices[0].links;
    assert_eq!(
        counted(&links[2]),
        [
            (Figure::NvlinkReplays, Said::Value(12.0)),
            (Figure::NvlinkRecoveries, Said::Value(3.0)),
            (Figure::NvlinkCrcErrors, Said::Value(41.0)),
            (Figure::NvlinkDataCrcErrors, Said::Value(0.0)),
        ]
    );
    assert!(
        counted(&links[0])
            .iter()
            .all(|(_, said)| *said == Said::Value(0.0))
    );
    // One that is down is not asked.
    assert_eq!(counted(&links[3]), []);
}

#[test]
fn errors_of_a_link_are_told_as_fields_where_that_call_is_gone() {
    let sample = last(Scenario::Healthy, 1);
    assert_eq!(
        counted(&sample.devices[0].links[1]),
        [
            (Figure::NvlinkReplays, Said::Value(0.0)),
            (Figure::NvlinkRecoveries, Said::Value(0.0)),
            (Figure::NvlinkCrcErrors, Said::Value(5.0)),
            (
                Figure::NvlinkDataCrcErrors,
                Said::Absent(Absence::NotSupported)
            ),
        ]
    );
}

#[test]
fn a_link_that_counts_nothing_says_so() {
    let sample = last(Scenario::Future, 1);
    let counted = counted(&sample.devices[0].links[0]);
    assert_eq!(counted.len(), 4);
    assert!(
        counted
            .iter()
            .all(|(_, said)| *said == Said::Absent(Absence::NotSupported)),
        "{counted:?}"
    );
}

#[test]
fn retired_pages_are_counted_by_cause_and_later_devices_remap_rows() {
    let sample = last(Scenario::Worn, 1);
    let worn = &sample.devices[0];
    assert_eq!(worn.value(Figure::PagesRetiredCorrected), Some(2.0));
    assert_eq!(worn.value(Figure::PagesRetiredUncorrected), Some(1.0));
    assert_eq!(worn.value(Figure::PageRetirementPending), Some(1.0));
    assert_eq!(
        said(worn, Figure::RowsRemappedCorrected),
        Said::Absent(Absence::NotSupported)
    );
    let other = &sample.devices[1];
    assert_eq!(other.value(Figure::PagesRetiredCorrected), Some(0.0));
    assert_eq!(other.value(Figure::PageRetirementPending), Some(0.0));
    let later = last(Scenario::Healthy, 1);
    for figure in [
        Figure::PagesRetiredCorrected,
        Figure::PagesRetiredUncorrected,
        Figure::PageRetirementPending,
    ] {
        assert_eq!(
            said(&later.devices[0], figure),
            Said::Absent(Absence::NotSupported)
        );
    }
}
