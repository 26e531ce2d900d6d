//! The interface is embedded; a checkout whose interface is not built yet still compiles.

use std::{fs, path::Path};

fn main() {
    let index = Path::new("../../ui/dist/index.html");
    if !index.exists() {
        let written = fs::create_dir_all("../../ui/dist").and_then(|()| {
            fs::write(
                index,
                "<!doctype html><title>Strata</title>Run `cargo xtask run`.\n",
            )
        });
        if let Err(error) = written {
            println!("cargo::error=cannot write ui/dist/index.html: {error}");
        }
    }
    println!("cargo::rerun-if-changed=../../ui/dist");
}
