//! The desktop shell: one window over the engine. Nothing here knows a noun of Kubernetes.

use std::process::ExitCode;

use strata_app::{Engine, Launch};
use tauri::{AppHandle, Manager, RunEvent};

mod arguments;
mod channel_sink;
mod commands;
mod linux;

/// Runs the program until its window is closed.
pub fn run() -> ExitCode {
    if let Some(role) = strata_app::ChildRole::of_this_process() {
        strata_app::start_logging();
        role.run();
        return ExitCode::SUCCESS;
    }
    let precautions = linux::take_precautions();
    strata_app::start_logging();
    for (variable, value, reason) in precautions {
        tracing::info!(variable, value, reason, "set for the web view");
    }
    let launch = match arguments::parse(std::env::args().skip(1)) {
        Ok(launch) => launch,
        Err(message) => return fail(&message),
    };
    match open(launch) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "before there is a window this is the only place to speak"
)]
fn fail(message: &str) -> ExitCode {
    eprintln!("strata-desktop: {message}");
    ExitCode::FAILURE
}

fn open(launch: Launch) -> anyhow::Result<()> {
    let engine = tauri::async_runtime::block_on(strata_app::start(launch))?;
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)))
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .manage(engine.clone())
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::subscribe,
            commands::acknowledge,
            commands::unsubscribe
        ])
        .build(tauri::generate_context!())?;
    app.run(move |_, event| {
        if matches!(event, RunEvent::Exit) {
            close(&engine);
        }
    });
    Ok(())
}

/// A second start shows the window of the first.
fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        for shown in [window.unminimize(), window.show(), window.set_focus()] {
            if let Err(error) = shown {
                tracing::warn!(%error, "the window could not be brought to the front");
            }
        }
    }
}

fn close(engine: &Engine) {
    tauri::async_runtime::block_on(engine.shutdown());
}
