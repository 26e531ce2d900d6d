//! The real desktop program on a display of its own, driven through WebDriver.
//!
//! [`Desk::open`] starts an X server without a screen, WebKit's driver and the program; dropping it
//! ends all three.

use std::{
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder, error::NewSessionError, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

mod display;

pub use display::Display;

/// How long anything may take before a test gives up. Never what a test measures.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// A window of the desktop program on the demo cluster, and what it needs.
pub struct Desk {
    /// The page in the window.
    pub page: Client,
    driver: Child,
    /// Kept for as long as the window is.
    _display: Display,
    _data: TempDir,
}

impl Desk {
    /// Opens the window and waits for its page.
    pub async fn open() -> Result<Self> {
        let display = Display::start()?;
        let data = tempfile::tempdir()?;
        let port = free_port()?;
        let mut driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", display.name())
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // As a desktop start may find it: the program sees to its locale itself.
            .env_remove("LANG")
            .env_remove("LC_ALL")
            .env("KUBECONFIG", data.path().join("no-kubeconfig"))
            // A Strata that the user has open is found over the session's bus: keep off it.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/dev/null")
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start WebKitWebDriver; `cargo xtask test` installs it")?;
        match connect(port, &desktop_program()?, &data).await {
            Ok(page) => Ok(Self {
                page,
                driver,
                _display: display,
                _data: data,
            }),
            Err(error) => {
                end(&mut driver);
                Err(error)
            }
        }
    }

    /// Waits until `condition`, a JavaScript expression, is true in the page.
    pub async fn wait_for(&self, condition: &str) -> Result<()> {
        let waiting = async {
            loop {
                let script = format!("return Boolean({condition})");
                // While a page reloads, a script has nothing to run in.
                if matches!(self.page.execute(&script, Vec::new()).await, Ok(value) if value == true)
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            let text = self
                .page
                .execute("return document.body.innerText", Vec::new())
                .await;
            bail!("`{condition}` did not come true; the page says: {text:?}");
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        end(&mut self.driver);
    }
}

async fn connect(port: u16, program: &std::path::Path, data: &TempDir) -> Result<Client> {
    let mut capabilities = Capabilities::new();
    let options = json!({
        "binary": program,
        "args": ["--demo", "--data", data.path()],
    });
    capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
    capabilities.insert("timeouts".to_owned(), json!({ "script": 60_000 }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{port}");
    let begun = tokio::time::timeout(PATIENCE, async {
        loop {
            match builder.connect(&address).await {
                // The driver does not listen yet.
                Err(NewSessionError::Failed(_) | NewSessionError::FailedC(_)) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                outcome => return outcome,
            }
        }
    });
    Ok(begun.await.context("WebKitWebDriver does not answer")??)
}

/// Where the built desktop program is: `STRATA_DESKTOP_PROGRAM`, else beside the tests.
pub fn desktop_program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os("STRATA_DESKTOP_PROGRAM") {
        return Ok(PathBuf::from(program));
    }
    let here = std::env::current_exe()?;
    let program = here
        .ancestors()
        .nth(2)
        .map(|folder| folder.join("strata-desktop"))
        .filter(|program| program.exists());
    program.context("the desktop program is not built; `cargo build --workspace --bins` builds it")
}

/// A port of loopback that nothing listens on.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Ends a child and what it started, by its process group.
fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    // It may have ended already; waiting collects it either way.
    Command::new("kill")
        .args(["-TERM", "--", &group])
        .stderr(Stdio::null())
        .status()
        .ok();
    child.wait().ok();
}
