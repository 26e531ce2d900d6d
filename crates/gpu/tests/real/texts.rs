//! What `nvidia-smi` says, after the format of its CSV: of several versions, and of the fake library's GPUs.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use tempfile::TempDir;

use crate::smi::Texts;

fn texts(fields: &[&str], gpus: &str, rows: &str) -> Texts {
    Texts {
        fields: fields.iter().copied().map(str::to_owned).collect(),
        gpus: gpus.to_owned(),
        rows: rows.to_owned(),
        processes: "gpu_uuid, pid, used_gpu_memory [MiB]\n".to_owned(),
        links: String::new(),
    }
}

/// A Tesla K80 under R470, the last driver for it: throttle reasons, no remapped rows.
pub(crate) fn of_470() -> Texts {
    texts(
        &[
            "utilization.gpu",
            "memory.used",
            "power.draw",
            "fan.speed",
            "clocks_throttle_reasons.active",
            "ecc.errors.corrected.volatile.total",
        ],
        "uuid, utilization.gpu [%], memory.used [MiB], power.draw [W], fan.speed [%], clocks_throttle_reasons.active, ecc.errors.corrected.volatile.total\n\
         GPU-470, 12 %, 3 MiB, 26.18 W, [N/A], 0x0000000000000001, 0\n",
        "",
    )
}

/// A V100 under R535, whose memory and links wear out.
pub(crate) fn of_535() -> Texts {
    Texts {
        links: "GPU 0: Tesla V100-SXM2-32GB (UUID: GPU-535)\n\
                \t Link 0: Replay Errors: 0\n\
                \t Link 0: Recovery Errors: 0\n\
                \t Link 0: CRC Flit Errors: 5\n\
                \t Link 0: CRC Data Errors: 0\n\n\
                \t Link 1: Replay Errors: 12\n\
                \t Link 1: Recovery Errors: N/A\n\
                GPU 1: Tesla V100-SXM2-32GB\n\
                \t Link 0: Replay Errors: 7\n"
            .to_owned(),
        ..texts(
            &[
                "retired_pages.single_bit_ecc.count",
                "retired_pages.double_bit.count",
                "retired_pages.pending",
            ],
            "uuid, retired_pages.single_bit_ecc.count, retired_pages.double_bit.count, retired_pages.pending\n\
             GPU-535, 2, 1, Yes\n",
            "",
        )
    }
}

/// Two H100 under R550, the second with MIG on.
pub(crate) fn of_550() -> Texts {
    texts(
        &[
            "utilization.gpu",
            "memory.used",
            "power.draw",
            "clocks.current.sm",
            "clocks_event_reasons.active",
        ],
        "uuid, utilization.gpu [%], memory.used [MiB], power.draw [W], clocks.current.sm [MHz], clocks_event_reasons.active\n\
         GPU-550-0, 97 %, 74531 MiB, 688.14 W, 1410 MHz, 0x0000000000000004\n\
         GPU-550-1, [N/A], 31 MiB, 71.90 W, 1980 MHz, 0x0000000000000000\n",
        "gpu_uuid, remapped_rows.correctable, remapped_rows.uncorrectable, remapped_rows.pending, remapped_rows.failure\n\
         GPU-550-0, 1, 0, No, No\n\
         GPU-550-1, 0, 2, Yes, No\n",
    )
}

/// A laptop's GPU under R580, whose driver does not know what it draws.
pub(crate) fn of_580() -> Texts {
    texts(
        &[
            "utilization.gpu",
            "utilization.encoder",
            "memory.reserved",
            "temperature.memory",
            "power.draw",
            "enforced.power.limit",
            "fan.speed",
        ],
        "uuid, utilization.gpu [%], utilization.encoder [%], memory.reserved [MiB], temperature.memory, power.draw [W], enforced.power.limit [W], fan.speed [%]\n\
         GPU-580, 4 %, 0 %, 347 MiB, N/A, [Unknown Error], [Not Supported], [N/A]\n",
        "gpu_uuid, remapped_rows.correctable, remapped_rows.uncorrectable, remapped_rows.pending, remapped_rows.failure\n\
         GPU-580, [N/A], [N/A], [N/A], [N/A]\n",
    )
}

/// Says of the fake library's two GPUs what is true of them, and does not know two fields of today.
const SCRIPT: &str = r#"#!/bin/sh
fields=${1#*=}
unknown() {
  echo "Field \"$1\" is not a valid field to query."
  exit 2
}
links() {
  echo "GPU $2: NVIDIA H100 80GB HBM3 (UUID: $1)"
  for link in 0 1 2; do
    crc=0
    [ "$link" = 1 ] && crc=5
    printf '\t Link %s: Replay Errors: 0\n\t Link %s: Recovery Errors: 0\n' "$link" "$link"
    printf '\t Link %s: CRC Errors: %s\n\n' "$link" "$crc"
  done
}
case $1 in
  *utilization.encoder*) unknown utilization.encoder ;;
  *clocks_event_reasons.active*) unknown clocks_event_reasons.active ;;
  nvlink)
    links GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01 0
    links GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a02 1
    exit
    ;;
  --query-compute-apps=*)
    echo "gpu_uuid, pid, used_gpu_memory [MiB]"
    echo "GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01, $PPID, 59904 MiB"
    exit
    ;;
esac
both() {
  case $1 in
    utilization.decoder) echo "0 %" ;;
    memory.total) echo "81920 MiB" ;;
    memory.reserved) echo "512 MiB" ;;
    enforced.power.limit) echo "700.00 W" ;;
    clocks.current.memory) echo "2619 MHz" ;;
    ecc.errors.corrected.volatile.total) echo 2 ;;
    ecc.errors.uncorrected.volatile.total) echo 0 ;;
    pcie.link.gen.current) echo 5 ;;
    pcie.link.width.current) echo 16 ;;
    remapped_rows.correctable) echo 1 ;;
    remapped_rows.uncorrectable) echo 0 ;;
    remapped_rows.*) echo No ;;
    *) echo "[N/A]" ;;
  esac
}
busy() {
  case $1 in
    uuid | gpu_uuid) echo GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a01 ;;
    utilization.gpu) echo "90 %" ;;
    utilization.memory) echo "41 %" ;;
    memory.used) echo "62720 MiB" ;;
    memory.free) echo "18688 MiB" ;;
    temperature.gpu) echo 64 ;;
    temperature.memory) echo 71 ;;
    power.draw) echo "618.00 W" ;;
    clocks.current.sm) echo "1755 MHz" ;;
    clocks_throttle_reasons.active) echo 0x0000000000000004 ;;
    *) both "$1" ;;
  esac
}
idle() {
  case $1 in
    uuid | gpu_uuid) echo GPU-5f0c1e3a-9b7d-4c26-8a10-77e2d1b40a02 ;;
    utilization.gpu | utilization.memory) echo "0 %" ;;
    memory.used) echo "128 MiB" ;;
    memory.free) echo "81280 MiB" ;;
    temperature.gpu) echo 38 ;;
    temperature.memory) echo 41 ;;
    power.draw) echo "71.00 W" ;;
    clocks.current.sm) echo "345 MHz" ;;
    clocks_throttle_reasons.active) echo 0x0000000000000001 ;;
    *) both "$1" ;;
  esac
}
line() {
  separator=
  for field in $(echo "$fields" | tr , ' '); do
    printf '%s%s' "$separator" "$($1 "$field")"
    separator=', '
  done
  echo
}
echo "$fields"
line busy
line idle
"#;

/// A program that says of the fake library's GPUs what `nvidia-smi` would.
pub(crate) struct Script {
    folder: TempDir,
}

impl Script {
    /// To be written before anything else is started: a program that is being written cannot be.
    pub(crate) fn write() -> Result<Self, String> {
        let written = || {
            let folder = tempfile::tempdir()?;
            let file = folder.path().join("nvidia-smi");
            fs::write(&file, SCRIPT)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
            Ok(Self { folder })
        };
        written().map_err(|error: std::io::Error| error.to_string())
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.folder.path().join("nvidia-smi")
    }
}
