//! What Prometheus tells of devices, now and in the past.

use strata_domain::reading::{Figure, Source};
use strata_metrics::prometheus::{past, present};
use strata_ports::telemetry::Dialect;

/// Two scrapes of one exporter before noon, as Prometheus answers them: its own labels kept, a holder
/// that is gone in the older one alone.
const SCRAPES: &str = include_str!("fixtures/prometheus-scrapes.json");

/// What Prometheus answers for a range: one device, three steps, the second of them not measured.
fn range(labels: &str, values: [&str; 3]) -> String {
    let [first, second, third] = values;
    format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{{labels}}},
        "values":[[1772366340,"{first}"],[1772366370,"{second}"],[1772366400.5,"{third}"]]}}]}}}}"#
    )
}

#[test]
fn what_was_scraped_last_is_told_with_its_time_and_its_holder_and_not_with_the_exporter_as_one() {
    let places = present::Places::default();
    let present = present::devices(SCRAPES.as_bytes(), &places).unwrap();
    assert_eq!(present.missing, "");
    let devices = present.devices;
    assert_eq!(devices.len(), 2);
    let held = &devices[0];
    assert_eq!((held.node.as_str(), held.index), ("gpu-1", 0));
    assert_eq!(held.source, Source::Prometheus);
    assert_eq!(held.at.unwrap().to_string(), "2026-03-01T11:59:45.5Z");
    let holders: Vec<String> = held
        .holders
        .iter()
        .map(|holder| holder.pod.to_string())
        .collect();
    assert_eq!(holders, ["llm/vllm-0"], "the one before has ended");
    let busy = held
        .figures
        .iter()
        .find(|(figure, _)| *figure == Figure::Utilization);
    assert_eq!(busy.unwrap().1.value(), Some(0.99));
    assert_eq!(devices[1].holders, [], "the exporter holds nothing");
}

#[test]
fn the_past_of_every_maker_is_told_by_the_name_and_in_the_unit_of_the_present() {
    let mebibyte = 1_048_576.0;
    for (dialect, name, labels, uuid, figure, raw, value) in [
        (
            Dialect::Dcgm,
            "DCGM_FI_PROF_SM_ACTIVE",
            r#""UUID":"GPU-1""#,
            "GPU-1",
            Figure::SmActive,
            "0.87",
            0.87,
        ),
        (
            Dialect::Amd,
            "gpu_gfx_activity",
            r#""gpu_uuid":"ccff74a1","serial_number":"692409005408""#,
            "ccff74a1",
            Figure::Utilization,
            "87",
            0.87,
        ),
        (
            Dialect::Amd,
            "gpu_used_vram",
            r#""serial_number":"SN0""#,
            "SN0",
            Figure::MemoryUsed,
            "171203",
            171_203.0 * mebibyte,
        ),
        (
            Dialect::Ascend,
            "npu_chip_info_utilization",
            r#""vdie_id":"2B4A1C2A 20C07462""#,
            "2B4A1C2A 20C07462",
            Figure::AiCoreUtilization,
            "36",
            0.36,
        ),
        (
            Dialect::Ascend,
            "npu_chip_info_power",
            r#""uuid":"uuid0""#,
            "uuid0",
            Figure::Power,
            "188",
            188.0,
        ),
    ] {
        let metric = past::METRICS
            .into_iter()
            .find(|metric| (metric.dialect, metric.name) == (dialect, name))
            .unwrap();
        let answer = range(labels, [raw, "NaN", raw]);
        let told = past::series(metric, answer.as_bytes()).unwrap();
        assert_eq!(told.len(), 1, "{name}");
        let series = &told[0];
        assert_eq!(
            (series.uuid.as_str(), series.figure),
            (uuid, figure),
            "{name}"
        );
        let values: Vec<f64> = series.values.iter().map(|(_, value)| *value).collect();
        assert_eq!(values.len(), 2, "{name}: a gap is a gap");
        for told in values {
            assert!((told - value).abs() < 1e-9 * value, "{name}: {told}");
        }
    }
    let unnamed = range(r#""job":"node""#, ["1", "2", "3"]);
    for metric in past::METRICS {
        let told = past::series(metric, unnamed.as_bytes()).unwrap();
        assert_eq!(told, [], "what names no device is told of none");
        let nothing = br#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
        assert_eq!(past::series(metric, nothing).unwrap(), []);
    }
}
