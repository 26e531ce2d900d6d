//! Declares the four commands, so that the window may call these and no others.

use std::{fs, path::Path};

fn main() {
    // The interface is embedded when this crate is compiled; a checkout whose interface is not
    // built yet still compiles, and says so in its window.
    let index = Path::new("../ui/dist/index.html");
    if !index.exists() {
        let written = fs::create_dir_all("../ui/dist").and_then(|()| {
            fs::write(
                index,
                "<!doctype html><title>Strata</title>Run `cargo xtask run`.\n",
            )
        });
        if let Err(error) = written {
            println!("cargo::error=cannot write ui/dist/index.html: {error}");
        }
    }
    println!("cargo::rerun-if-changed=../ui/dist");
    let commands = &["call", "subscribe", "acknowledge", "unsubscribe"];
    let manifest = tauri_build::AppManifest::new().commands(commands);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
