use std::time::Duration;

use strata_domain::reading::Source;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn report(index: u32, uuid: &str, figures: &[(Figure, f64)]) -> DeviceReport {
    DeviceReport {
        uuid: Text::from(uuid),
        index,
        node: Text::from("n1"),
        model: Text::default(),
        pci: Text::default(),
        driver: Text::default(),
        instance: None,
        holders: Vec::new(),
        is_shared: false,
        source: Source::Dcgm,
        at: None,
        figures: figures
            .iter()
            .map(|(figure, value)| (*figure, figure.judge(*value)))
            .collect(),
    }
}

fn answer(second: i64, told: Told) -> Answer {
    Answer {
        pod: ObjectKey::new("gpu-operator", "dcgm"),
        at: at(second),
        took: Duration::from_millis(20),
        bytes: 1000,
        outcome: Ok(told),
    }
}

fn device(telemetry: &Telemetry, index: u32) -> &Device {
    &telemetry.devices_on("n1").unwrap()[&index]
}

#[test]
fn what_was_not_measured_is_a_gap_and_not_zero() {
    let mut history = History::default();
    history.put(Series::Power, at(0), 300.0);
    history.put(Series::Power, at(90), 310.0);
    let values = history.values(Series::Power, at(120));
    assert_eq!(values.len(), STEPS);
    let tail = &values[STEPS - 5..];
    assert_eq!(tail, [Some(300.0), None, None, Some(310.0), None]);
    assert_eq!(history.at(Series::Temperature, at(0)), None);
}

#[test]
fn an_hour_later_nothing_of_the_hour_before_is_left() {
    let mut history = History::default();
    history.put(Series::Memory, at(0), 0.5);
    history.put(Series::Memory, at(3600), 0.25);
    assert_eq!(history.at(Series::Memory, at(0)), None);
    assert!(history.at(Series::Memory, at(3600)).is_some());
    // The past may come after the present: Prometheus is asked later.
    history.put(Series::Memory, at(60), 0.75);
    assert!(history.at(Series::Memory, at(60)).is_some());
}

#[test]
fn two_definitions_of_activity_are_never_in_one_series() {
    let mut telemetry = Telemetry::default();
    let busy = |figure| Told::Devices(vec![report(0, "a", &[(figure, 0.5)])]);
    telemetry.take(answer(0, busy(Figure::EngineActive)));
    telemetry.take(answer(30, busy(Figure::SmActive)));
    let device = device(&telemetry, 0);
    assert_eq!(device.history.activity_figure(), Some(Figure::SmActive));
    assert_eq!(device.history.at(Series::Activity, at(0)), None);
    assert!(device.history.at(Series::Activity, at(30)).is_some());
}

#[test]
fn prometheus_fills_the_hour_before_of_devices_known_and_to_come() {
    let mut telemetry = Telemetry::default();
    let past = |uuid: &str| PastSeries {
        uuid: Text::from(uuid),
        figure: Figure::SmActive,
        values: vec![(at(-600), 0.25)],
    };
    telemetry.take(answer(
        0,
        Told::Devices(vec![report(0, "a", &[(Figure::SmActive, 0.5)])]),
    ));
    telemetry.take(answer(1, Told::Past(vec![past("a"), past("b")])));
    telemetry.take(answer(
        2,
        Told::Devices(vec![
            report(0, "a", &[(Figure::SmActive, 0.5)]),
            report(1, "b", &[(Figure::SmActive, 0.5)]),
        ]),
    ));
    for index in [0, 1] {
        let before = device(&telemetry, index)
            .history
            .at(Series::Activity, at(-600));
        assert!(
            before.is_some_and(|value| (value - 0.25).abs() < 1e-4),
            "{index}"
        );
    }
}

#[test]
fn another_device_in_the_same_place_has_no_past() {
    let mut telemetry = Telemetry::default();
    telemetry.take(answer(
        0,
        Told::Devices(vec![report(0, "a", &[(Figure::Power, 300.0)])]),
    ));
    telemetry.take(answer(
        30,
        Told::Devices(vec![report(0, "b", &[(Figure::Power, 90.0)])]),
    ));
    let device = device(&telemetry, 0);
    assert_eq!(device.uuid, "b");
    assert_eq!(device.history.at(Series::Power, at(0)), None);
}

#[test]
fn a_figure_that_is_told_no_more_is_not_kept_as_if_it_were() {
    let mut telemetry = Telemetry::default();
    telemetry.take(answer(
        0,
        Told::Devices(vec![report(0, "a", &[(Figure::Power, 300.0)])]),
    ));
    telemetry.take(answer(
        15,
        Told::Devices(vec![report(0, "a", &[(Figure::LastXid, 79.0)])]),
    ));
    let device = device(&telemetry, 0);
    assert_eq!(device.value(Figure::Power), None);
    assert_eq!(device.value(Figure::LastXid), Some(79.0));
    assert!(!device.is_stale(at(60)) && device.is_stale(at(600)));
}

#[test]
fn a_failure_is_told_once_and_what_was_known_stays() {
    let mut telemetry = Telemetry::default();
    telemetry.take(answer(
        0,
        Told::Devices(vec![report(0, "a", &[(Figure::Power, 300.0)])]),
    ));
    let fail = || Answer {
        outcome: Err(Failure {
            kind: strata_ports::error::PortErrorKind::Timeout,
            message: "did not answer".to_owned(),
        }),
        ..answer(15, Told::Devices(Vec::new()))
    };
    assert!(telemetry.take(fail()));
    assert!(!telemetry.take(fail()));
    assert_eq!(device(&telemetry, 0).value(Figure::Power), Some(300.0));
    assert_eq!(telemetry.spent_in_a_minute(at(20)), (3000.0, 0.06));
}

/// What another exporter than that of [`answer`] told.
fn other(second: i64, source: Source, figure: Figure, value: f64) -> Answer {
    let report = DeviceReport {
        source,
        ..report(0, "a", &[(figure, value)])
    };
    Answer {
        pod: ObjectKey::new("other", "exporter"),
        ..answer(second, Told::Devices(vec![report]))
    }
}

#[test]
fn of_two_exporters_of_a_device_the_one_that_tells_more_is_kept_to() {
    let mut telemetry = Telemetry::default();
    let busy = || Told::Devices(vec![report(0, "a", &[(Figure::SmActive, 0.5)])]);
    telemetry.take(other(0, Source::Hami, Figure::Utilization, 0.9));
    telemetry.take(answer(1, busy()));
    telemetry.take(other(30, Source::Hami, Figure::Utilization, 0.9));
    let known = device(&telemetry, 0);
    assert_eq!(known.activity(), Some((Figure::SmActive, 0.5)));
    // Neither has it begun anew, by another definition.
    assert_eq!(known.history.activity_figure(), Some(Figure::SmActive));
    assert!(known.history.at(Series::Activity, at(1)).is_some());

    // Once nothing came for a while, the other's word is better than none.
    telemetry.take(other(120, Source::Hami, Figure::Utilization, 0.9));
    let known = device(&telemetry, 0);
    assert_eq!(known.activity(), Some((Figure::Utilization, 0.9)));
}

#[test]
fn where_an_exporter_fails_another_tells_at_once() {
    let mut telemetry = Telemetry::default();
    telemetry.take(answer(
        0,
        Told::Devices(vec![report(0, "a", &[(Figure::SmActive, 0.5)])]),
    ));
    telemetry.take(Answer {
        outcome: Err(Failure {
            kind: strata_ports::error::PortErrorKind::Timeout,
            message: "did not answer".to_owned(),
        }),
        ..answer(15, Told::Devices(Vec::new()))
    });
    telemetry.take(other(16, Source::Prometheus, Figure::SmActive, 0.25));
    let known = device(&telemetry, 0);
    assert_eq!(known.source, Source::Prometheus);
    assert_eq!(known.value(Figure::SmActive), Some(0.25));
}

#[test]
fn a_clock_that_goes_before_ours_makes_nothing_newer_than_its_answer() {
    let mut telemetry = Telemetry::default();
    let told_for = |moment| DeviceReport {
        at: Some(moment),
        ..report(0, "a", &[(Figure::Power, 300.0)])
    };
    telemetry.take(answer(0, Told::Devices(vec![told_for(at(900))])));
    assert_eq!(device(&telemetry, 0).at, at(0));
    // What an exporter keeps from an earlier time is as old as it says.
    telemetry.take(answer(600, Told::Devices(vec![told_for(at(30))])));
    assert!(device(&telemetry, 0).is_stale(at(600)));
}
