//! How devices are by the newest scrapes that Prometheus made, where no exporter can be asked itself.
//!
//! One question for the samples of the last two minutes, as they were scraped: so each value has the
//! time at which it was measured, where a question for values "now" would answer with what may be
//! five minutes old as if it were now. What Prometheus scraped from one target is what an exporter
//! wrote on one page, so it is put together as that page and read by the same readers.

use std::{borrow::Cow, collections::BTreeMap};

use hashbrown::HashMap;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use strata_domain::{ids::ObjectKey, reading::Source, text::Text};
use strata_ports::telemetry::{DeviceReport, Dialect, Failure, Told};

use super::answer;
use crate::read;

/// How far back a scrape may lie: a target is scraped every 15 to 60 seconds.
const BACK: &str = "2m";

/// The names of what exporters tell of devices.
const NAMES: &str = "DCGM_FI_(DEV|PROF)_.+|npu_chip_info_.+|hami_host_gpu_.+|HostGPUMemoryUsage|\
                     HostCoreUtilization|hami_vgpu_memory_used_bytes|\
                     vGPU_device_memory_usage_in_bytes|(amd_)?gpu_(gfx_activity|umc_activity|prof_.+|\
                     used_vram|free_vram|total_vram|junction_temperature|edge_temperature|\
                     memory_temperature|package_power|average_package_power|power_usage|\
                     energy_consumed|ecc_correct_total|ecc_uncorrect_total|health|afid_errors)";

/// Labels that name a pod; which pod is another matter.
const POD_LABELS: [&str; 3] = ["namespace", "pod", "container"];

/// Where the pods of exporters run, as Strata knows it: what they are told of by.
pub type Places = HashMap<ObjectKey, Text>;

/// How devices are.
#[derive(Clone, Debug, PartialEq)]
pub struct Present {
    /// The devices.
    pub devices: Vec<DeviceReport>,
    /// What is said to be missing from the answer; empty where it is whole.
    pub missing: String,
}

/// Where Prometheus answers how devices are at `now`.
pub(crate) fn path(now: Timestamp) -> String {
    let query = format!("{{__name__=~\"{NAMES}\"}}[{BACK}]");
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("query", &query)
        .append_pair("time", &now.as_second().to_string())
        .finish();
    format!("/api/v1/query?{query}")
}

/// The devices in an answer of Prometheus. The node of one is empty where neither the exporter tells it
/// nor `exporters` has the exporter's.
pub fn devices(answer: &[u8], exporters: &Places) -> Result<Present, Failure> {
    let found = answer::read::<Scraped>(answer)?;
    let mut targets: BTreeMap<(Dialect, String), Target> = BTreeMap::new();
    for series in found.series {
        let Some((at, value)) = series.values.into_iter().next_back() else {
            continue;
        };
        let mut labels = series.metric;
        let Some(name) = labels.remove("__name__") else {
            continue;
        };
        let instance = labels.get("instance").cloned().unwrap_or_default();
        let target = targets.entry((dialect_of(&name), instance)).or_default();
        target.newest = target.newest.max(at);
        target.series.push(Series {
            name,
            labels,
            at,
            value,
        });
    }
    let told = targets
        .into_iter()
        .flat_map(|((dialect, _), target)| target.devices(dialect, exporters));
    Ok(Present {
        devices: told.collect(),
        missing: found.missing,
    })
}

fn dialect_of(name: &str) -> Dialect {
    if name.starts_with("DCGM_FI_") {
        Dialect::Dcgm
    } else if name.starts_with("npu_chip_info_") {
        Dialect::Ascend
    } else if ["hami_", "Host", "vGPU_"]
        .iter()
        .any(|start| name.starts_with(start))
    {
        Dialect::Hami
    } else {
        Dialect::Amd
    }
}

/// An exporter as Prometheus knows it.
#[derive(Default)]
struct Target {
    newest: f64,
    series: Vec<Series>,
}

struct Series {
    name: String,
    labels: BTreeMap<String, String>,
    at: f64,
    value: String,
}

impl Target {
    fn devices(self, dialect: Dialect, exporters: &Places) -> Vec<DeviceReport> {
        let at = SignedDuration::try_from_secs_f64(self.newest)
            .ok()
            .and_then(|since| Timestamp::from_duration(since).ok());
        // Where Prometheus keeps its own labels, `pod` is the exporter, and who holds a device stands
        // under `exported_pod`; where the exporter's win, `pod` is the holder, or else the exporter.
        let has_both = self
            .series
            .iter()
            .any(|series| series.labels.contains_key("exported_pod"));
        let mut node = None;
        let mut page = String::new();
        for series in &self.series {
            // A series that ended is not in the newest scrape: its holder is gone.
            if series.at < self.newest {
                continue;
            }
            let own = series.exporter();
            let is_exporter = own.as_ref().is_some_and(|pod| exporters.contains_key(pod));
            if is_exporter && node.is_none() {
                node = own.and_then(|pod| exporters.get(&pod).cloned());
            }
            series.write(&mut page, has_both || is_exporter);
        }
        let Told::Devices(mut devices) = read::page(dialect, &page) else {
            return Vec::new();
        };
        for device in &mut devices {
            device.at = at;
            device.source = Source::Prometheus;
            if let Some(node) = &node {
                device.node = node.clone();
            }
        }
        devices
    }
}

impl Series {
    /// The pod that the plain labels name.
    fn exporter(&self) -> Option<ObjectKey> {
        let of = |name: &str| self.labels.get(name).map(String::as_str);
        Some(ObjectKey::new(of("namespace")?, of("pod")?))
    }

    /// Writes itself as a line of an exporter's page, without the labels of the exporter's own pod.
    fn write(&self, page: &mut String, without_pod: bool) {
        page.push_str(&self.name);
        page.push('{');
        for (name, value) in &self.labels {
            if without_pod && POD_LABELS.contains(&name.as_str()) {
                continue;
            }
            page.push_str(name);
            page.push_str("=\"");
            page.push_str(&escaped(value));
            page.push_str("\",");
        }
        page.push_str("} ");
        page.push_str(&self.value);
        page.push('\n');
    }
}

fn escaped(value: &str) -> Cow<'_, str> {
    if !value.contains(['\\', '"', '\n']) {
        return Cow::Borrowed(value);
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(escaped.replace('\n', "\\n"))
}

#[derive(Deserialize)]
struct Scraped {
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}
