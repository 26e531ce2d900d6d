//! The desktop program in a real window, as a user meets it.

use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use strata_desktop_tests::{Desk, Display, PATIENCE, desktop_program};
use tokio::process::Command;

/// True once every watch is live and every band has its tiles.
const WHOLE: &str = r#"(() => {
    const bands = [...document.querySelectorAll('section[aria-labelledby^="layer-"]')];
    const status = document.querySelector('footer')?.innerText ?? '';
    return bands.length === 5
        && bands.every((band) => band.querySelector('[data-subject]') !== null)
        && /(\d+) of \1 watches live/.test(status);
})()"#;

/// True once a cell of the map of GPUs is painted, which a thread of its own does.
const PAINTED: &str = r"(() => {
    const cells = document.querySelector('[data-map] canvas:not(.under)');
    if (!cells?.width) return false;
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [cells.width, cells.height];
    const context = copy.getContext('2d');
    context.drawImage(cells, 0, 0);
    return context.getImageData(0, 0, copy.width, copy.height).data.some((value) => value > 0);
})()";

/// When the demo cluster was last heard of.
const HEARD: &str = "document.querySelector('nav[aria-label=\"Clusters\"] time')?.dateTime";

/// Waits until something is heard that was not when it was called.
async fn hears_on(desk: &Desk) -> Result<()> {
    let before = desk
        .page
        .execute(&format!("return {HEARD}"), Vec::new())
        .await?;
    ensure!(
        before.is_string(),
        "the chip of the demo cluster has no age"
    );
    desk.wait_for(&format!("{HEARD} && {HEARD} !== {before}"))
        .await
}

#[tokio::test]
async fn the_window_shows_the_five_layers_live_and_a_reload_brings_them_back() -> Result<()> {
    let desk = Desk::open().await?;
    desk.wait_for(WHOLE).await?;
    let names = desk
        .page
        .execute(
            "return [...document.querySelectorAll('main h2')].map((head) => head.innerText)",
            Vec::new(),
        )
        .await?;
    assert_eq!(
        names,
        json!([
            "Workloads",
            "Lifecycle",
            "Platform",
            "Infrastructure",
            "Hardware",
            "Needs attention"
        ])
    );
    hears_on(&desk).await?;

    // What is asked of the page before the reload is forgotten by it.
    desk.page
        .execute("window.isBefore = true", Vec::new())
        .await?;
    desk.page.refresh().await?;
    desk.wait_for(&format!("window.isBefore !== true && {WHOLE}"))
        .await?;
    hears_on(&desk).await
}

/// The web view of the window loads the painter's program by a scheme of its own.
#[tokio::test]
async fn the_map_of_gpus_is_painted_in_the_window() -> Result<()> {
    let desk = Desk::open().await?;
    desk.wait_for(WHOLE).await?;
    desk.page
        .execute(
            "[...document.querySelectorAll('nav[aria-label=\"Views\"] button')]
                .find((button) => button.innerText.includes('GPUs')).click()",
            vec![],
        )
        .await?;
    desk.wait_for(PAINTED).await
}

/// The harness takes `LANG` and `LC_ALL` away, which is a locale of C.
#[tokio::test]
async fn a_locale_of_c_does_not_leave_the_page_blank() -> Result<()> {
    let desk = Desk::open().await?;
    desk.wait_for(WHOLE).await?;
    let language = desk
        .page
        .execute(
            "return new Intl.NumberFormat(navigator.language).resolvedOptions().locale",
            vec![],
        )
        .await?;
    assert_eq!(language, "en-US");
    Ok(())
}

#[tokio::test]
async fn closing_the_window_ends_the_program_and_all_that_it_started() -> Result<()> {
    let display = Display::start()?;
    let data = tempfile::tempdir()?;
    let mut program = Command::new(desktop_program()?)
        .args(["--demo", "--data"])
        .arg(data.path())
        .env("DISPLAY", display.name())
        .env("KUBECONFIG", data.path().join("no-kubeconfig"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/dev/null")
        .stdout(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let group = program.id().context("the program ended at once")?;

    // Its page is drawn by a process of its own, and its network is another's.
    until(|| {
        Ok(names_of(group)?
            .iter()
            .any(|name| name.starts_with("WebKitWebProc")))
    })
    .await?;
    until(|| Ok(display.close_windows()? == 1)).await?;
    let ended = tokio::time::timeout(PATIENCE, program.wait()).await;
    let status = ended.context("the program goes on without its window")??;
    assert!(status.success(), "it ended with {status}");
    until(|| Ok(names_of(group)?.is_empty())).await
}

/// Waits until `condition` holds.
async fn until(condition: impl Fn() -> Result<bool>) -> Result<()> {
    let waiting = async {
        while !condition()? {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .context("it did not come true")?
}

/// The names of the processes of a group that have not ended, as proc(5) tells them.
fn names_of(group: u32) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        // What is no process has no such file, and what ends meanwhile has none any more.
        let Ok(text) = std::fs::read_to_string(entry?.path().join("stat")) else {
            continue;
        };
        // `PID (NAME) STATE PARENT GROUP ...`
        let (before, after) = text.rsplit_once(") ").context("no process name")?;
        let mut fields = after.split(' ');
        let (state, of) = (fields.next(), fields.nth(1));
        if of == Some(&group.to_string()) && state != Some("Z") {
            names.extend(before.split_once('(').map(|(_, name)| name.to_owned()));
        }
    }
    Ok(names)
}
