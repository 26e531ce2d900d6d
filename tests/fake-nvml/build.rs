//! Compiles the library once for each scenario, so that a test loads one by its path.

use std::{env, error::Error, fs, path::PathBuf};

/// What the library is made of.
const SOURCES: [&str; 5] = [
    "machine.c",
    "readings.c",
    "settings.c",
    "parts.c",
    "running.c",
];

/// The scenarios, as `machine.h` calls them, and the name of the file: a real one has its version in it.
const SCENARIOS: [(&str, &str); 15] = [
    ("HEALTHY", "libnvidia-ml.so.1"),
    ("MIG", "libnvidia-ml.so.1"),
    ("HANG", "libnvidia-ml.so.1"),
    ("MISMATCH", "libnvidia-ml.so.580.95.05"),
    ("NO_PERMISSION", "libnvidia-ml.so.1"),
    ("NO_DRIVER", "libnvidia-ml.so.1"),
    ("GAPS", "libnvidia-ml.so.1"),
    ("XID", "libnvidia-ml.so.1"),
    ("LOST", "libnvidia-ml.so.1"),
    ("READ_ONLY", "libnvidia-ml.so.1"),
    ("STUBBORN", "libnvidia-ml.so.1"),
    ("FUTURE", "libnvidia-ml.so.1"),
    ("OLD", "libnvidia-ml.so.1"),
    ("SHARED", "libnvidia-ml.so.1"),
    ("WORN", "libnvidia-ml.so.1"),
];

fn main() -> Result<(), Box<dyn Error>> {
    for source in SOURCES.iter().chain(["machine.h"].iter()) {
        println!("cargo::rerun-if-changed={source}");
    }
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    let compiler = cc::Build::new()
        .pic(true)
        .warnings(true)
        .try_get_compiler()?;
    for (scenario, name) in SCENARIOS {
        let folder = folder.join(scenario.to_lowercase());
        fs::create_dir_all(&folder)?;
        let status = compiler
            .to_command()
            .args(["-shared", "-fvisibility=default", "-o"])
            .arg(folder.join(name))
            .arg(format!("-DSCENARIO={scenario}"))
            .args(SOURCES)
            .status()?;
        if !status.success() {
            return Err(format!("the scenario {scenario} does not compile").into());
        }
    }
    println!("cargo::rustc-env=FAKE_NVML={}", folder.display());
    Ok(())
}
