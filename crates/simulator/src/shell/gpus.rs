//! `nvidia-smi`, for the GPUs of the container.

use std::sync::Arc;

use super::{Outcome, inside::Inside};
use crate::telemetry;

/// A GPU as the driver tells of it.
struct Gpu {
    index: u64,
    uuid: String,
    bus: String,
    utilization: u64,
    memory_used_mib: u64,
    memory_total_mib: u64,
    temperature: u64,
    power_watts: u64,
    power_limit_watts: u64,
    sm_clock_mhz: u64,
}

impl Inside {
    /// The container's GPUs, as everything that measures them knows them.
    fn held(&self) -> Vec<Arc<telemetry::Gpu>> {
        if self.gpus() == 0 {
            return Vec::new();
        }
        self.gpus_of_pod()
    }

    /// The UUIDs of the container's GPUs.
    pub(super) fn gpu_ids(&self) -> Vec<String> {
        self.held().iter().map(|gpu| gpu.uuid.clone()).collect()
    }

    fn product(&self) -> String {
        let label = self.node_label("nvidia.com/gpu.product");
        // The label has dashes for spaces; the A100's name has dashes of its own.
        if label.contains("A100") {
            label.replacen('-', " ", 1)
        } else {
            label.replace('-', " ")
        }
    }

    fn driver(&self) -> &str {
        self.node_label("nvidia.com/cuda.driver-version.full")
    }

    fn gpu_states(&self) -> Vec<Gpu> {
        let now = telemetry::seconds(self.now());
        self.held()
            .iter()
            .zip(0_u64..)
            .filter(|(gpu, _)| gpu.is_present(now))
            .map(|(gpu, index)| Gpu {
                index,
                uuid: gpu.uuid.clone(),
                bus: gpu.product.pci_bus_id(gpu.index),
                utilization: whole(gpu.utilization(now)),
                memory_used_mib: whole(gpu.memory_used(now)),
                memory_total_mib: whole(gpu.memory_mib),
                temperature: whole(gpu.temperature(now)),
                power_watts: whole(gpu.power(now)),
                power_limit_watts: whole(gpu.product.power_limit),
                sm_clock_mhz: whole(gpu.sm_clock(now)),
            })
            .collect()
    }
}

/// A reading as the program prints it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no reading is negative, or so large"
)]
fn whole(reading: f64) -> u64 {
    reading.round() as u64
}

/// `nvidia-smi` with its arguments.
pub(super) fn nvidia_smi(inside: &Inside, arguments: &[&str]) -> Outcome {
    let query = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--query-gpu="));
    let format = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--format="))
        .unwrap_or_default();
    if let Some(fields) = query {
        return query_gpus(inside, fields, format);
    }
    match arguments {
        [] => Outcome::of(table(inside)),
        ["-L" | "--list-gpus"] => Outcome::of(inside.gpu_states().iter().fold(
            String::new(),
            |mut list, gpu| {
                let line = format!(
                    "GPU {}: {} (UUID: {})\n",
                    gpu.index,
                    inside.product(),
                    gpu.uuid
                );
                list.push_str(&line);
                list
            },
        )),
        [unknown, ..] => Outcome::failed(
            2,
            format!(
                "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\nunknown: {unknown}\n"
            ),
        ),
    }
}

fn query_gpus(inside: &Inside, fields: &str, format: &str) -> Outcome {
    if !format.split(',').any(|word| word == "csv") {
        return Outcome::failed(
            2,
            "\"--format=\" switch is missing. A format must be specified for the query.\n",
        );
    }
    let has_units = !format.split(',').any(|word| word == "nounits");
    let unit = |value: u64, unit: &str| {
        if has_units {
            format!("{value} {unit}")
        } else {
            value.to_string()
        }
    };
    let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
    let mut lines = Vec::new();
    let mut titles = Vec::new();
    for gpu in inside.gpu_states() {
        let mut values = Vec::new();
        titles.clear();
        for field in &fields {
            let (title, value) = match *field {
                "index" => ("index", gpu.index.to_string()),
                "name" | "gpu_name" => ("name", inside.product()),
                "uuid" | "gpu_uuid" => ("uuid", gpu.uuid.clone()),
                "driver_version" => ("driver_version", inside.driver().to_owned()),
                "pci.bus_id" | "gpu_bus_id" => ("pci.bus_id", gpu.bus.clone()),
                "utilization.gpu" => ("utilization.gpu [%]", unit(gpu.utilization, "%")),
                "utilization.memory" => (
                    "utilization.memory [%]",
                    unit(gpu.utilization * 6 / 10, "%"),
                ),
                "memory.total" => ("memory.total [MiB]", unit(gpu.memory_total_mib, "MiB")),
                "memory.used" => ("memory.used [MiB]", unit(gpu.memory_used_mib, "MiB")),
                "memory.free" => (
                    "memory.free [MiB]",
                    unit(
                        gpu.memory_total_mib.saturating_sub(gpu.memory_used_mib),
                        "MiB",
                    ),
                ),
                "temperature.gpu" => ("temperature.gpu", gpu.temperature.to_string()),
                "power.draw" => ("power.draw [W]", unit(gpu.power_watts, "W")),
                "power.limit" => ("power.limit [W]", unit(gpu.power_limit_watts, "W")),
                "clocks.sm" => ("clocks.current.sm [MHz]", unit(gpu.sm_clock_mhz, "MHz")),
                unknown => {
                    return Outcome::failed(
                        2,
                        format!("Field \"{unknown}\" is not a valid field to query.\n\n"),
                    );
                }
            };
            titles.push(title);
            values.push(value);
        }
        lines.push(values.join(", "));
    }
    if !format.split(',').any(|word| word == "noheader") {
        lines.insert(0, titles.join(", "));
    }
    Outcome::of(lines.join("\n") + "\n")
}

fn table(inside: &Inside) -> String {
    let version = inside.driver();
    let cuda = inside.node_label("nvidia.com/cuda.runtime-version.full");
    let edge = format!("+{}+", "-".repeat(89));
    let rule = |letter: &str| [41, 24, 22].map(|wide| letter.repeat(wide)).join("+");
    let mut lines = vec![
        inside.now().strftime("%a %b %e %H:%M:%S %Y").to_string(),
        edge.clone(),
        format!(
            "| NVIDIA-SMI {version:<22} Driver Version: {version:<14} CUDA Version: {cuda:<8} |"
        ),
        format!("|{}|", rule("-")),
        "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |"
            .to_owned(),
        "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |"
            .to_owned(),
        "|                                         |                        |               MIG M. |"
            .to_owned(),
        format!("|{}|", rule("=")),
    ];
    for gpu in inside.gpu_states() {
        let performance = if gpu.utilization > 5 { "P0" } else { "P8" };
        lines.push(format!(
            "| {:>3}  {:<26}     On  |   {} Off | {:>20} |",
            gpu.index,
            inside.product(),
            gpu.bus,
            0
        ));
        lines.push(format!(
            "| N/A  {:>3}C    {performance}  {:>14}W / {:>4}W | {:>7}MiB / {:>6}MiB | {:>7}%      Default |",
            gpu.temperature,
            gpu.power_watts,
            gpu.power_limit_watts,
            gpu.memory_used_mib,
            gpu.memory_total_mib,
            gpu.utilization
        ));
        lines.push(
            "|                                         |                        |             Disabled |"
                .to_owned(),
        );
        lines.push(format!("+{}+", rule("-")));
    }
    // In a container the driver does not see whose processes these are.
    lines.extend([
        String::new(),
        edge.clone(),
        format!("| {:<87} |", "Processes:"),
        format!(
            "| {:<87} |",
            " GPU   GI   CI              PID   Type   Process name                   GPU Memory"
        ),
        format!("|{}|", "=".repeat(89)),
        format!("| {:<87} |", " No running processes found"),
        edge,
    ]);
    lines.join("\n") + "\n"
}
